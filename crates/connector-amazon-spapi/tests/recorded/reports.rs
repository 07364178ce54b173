//! Reports: how they are asked for and told of, and the rows of the one on sales and traffic.
//!
//! Of returns no document was recorded; tables of other types are read where tables are.

use std::fs;
use std::path::Path;

use connector_amazon_spapi::api::{
    CreateReport, Entry, GetReport, GetReportDocument, GetReports, SalesAndTrafficByAsin,
    SalesAndTrafficByDate,
};
use connector_amazon_spapi::map;
use connector_core::ExposeSecret as _;
use serde::Deserialize;
use serde_json::Value;

use crate::files::{Recorded, folder, replies};

/// One repository keeps its replies inside of an object with their status.
fn unwrapped(recorded: Recorded) -> Recorded {
    let value: Value = serde_json::from_slice(&recorded.body).unwrap();
    match value.get("json") {
        Some(inner) if value.get("status").is_some() => Recorded {
            body: inner.to_string().into(),
            ..recorded
        },
        _ => recorded,
    }
}

fn all(names: &[&str]) -> Vec<Recorded> {
    let found = names.iter().flat_map(|name| replies("", name));
    found.map(unwrapped).collect()
}

#[test]
fn every_recorded_answer_about_reports_is_read() {
    if folder().is_none() {
        return;
    }
    let mut created = 0;
    for recorded in all(&["reports/create_report.json", "frappe-create_report_200"]) {
        assert!(!recorded.read(&CreateReport::default()).report_id.is_empty());
        created += 1;
    }
    let one = GetReport {
        report_id: "any".to_owned(),
    };
    let mut told = 0;
    for recorded in all(&[
        "get_report.json",
        "get_report_200",
        "reports-getReport.json",
    ]) {
        let report = recorded.read(&one);
        assert!(report.created_time.is_some(), "{}", recorded.name);
        told += 1;
    }
    let mut listed = 0;
    for recorded in all(&["get_reports.json"]) {
        let page = recorded.read(&GetReports::default());
        assert!(page.next_token.is_some());
        listed += page
            .reports
            .iter()
            .map(Entry::value)
            .filter(Result::is_ok)
            .count();
    }
    let document = GetReportDocument {
        report_document_id: "any".to_owned(),
    };
    let mut documents = 0;
    for recorded in all(&[
        "get_report_document.json",
        "get_report_document_200",
        "download_report_document_with_document_id.1.json",
        "reports-getReportDocument.json",
    ]) {
        let document = recorded.read(&document);
        assert!(document.url.expose_secret().starts_with("http"));
        documents += 1;
    }
    println!("{created} asked for, {told} told of, {listed} listed, {documents} documents");
    assert_eq!((created, told, listed, documents), (2, 4, 2, 4));
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    sales_and_traffic_by_date: Vec<SalesAndTrafficByDate>,
    sales_and_traffic_by_asin: Vec<SalesAndTrafficByAsin>,
}

/// The example in Amazon's schema of the report, which stands beside the recordings.
#[test]
fn every_row_of_amazon_s_own_example_is_mapped() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(
        "../../../shared/specs/amazon-spapi/schemas/reports/sellerSalesAndTrafficReport.json",
    );
    let Ok(schema) = fs::read(&path) else {
        println!("skipped: there is nothing at {}", path.display());
        return;
    };
    let schema: Value = serde_json::from_slice(&schema).unwrap();
    let (mut days, mut items, mut figures, mut unknown) = (0, 0, 0, 0);
    for example in schema["examples"].as_array().unwrap() {
        let example: Document = serde_json::from_value(example.clone()).unwrap();
        let date = example.sales_and_traffic_by_date[0].date;
        for row in example.sales_and_traffic_by_date {
            let known = row.sales_by_date.len() + row.traffic_by_date.len();
            let mapped = map::sales_by_date(row, "ATVPDKIKX0DER", false);
            unknown += known - mapped.len();
            figures += mapped.iter().filter(|one| one.is_ok()).count();
            days += 1;
        }
        for row in example.sales_and_traffic_by_asin {
            let known = row.sales_by_asin.len() + row.traffic_by_asin.len();
            let mapped = map::sales_by_item(row, date, "ATVPDKIKX0DER", false);
            unknown += known - mapped.len();
            figures += mapped.iter().filter(|one| one.is_ok()).count();
            items += 1;
        }
    }
    println!("{days} days, {items} items, {figures} figures");
    // Amazon's example misspells one name.
    assert_eq!((days, items, figures, unknown), (7, 9, 341, 1));
}
