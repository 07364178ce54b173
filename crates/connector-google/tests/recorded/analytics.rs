//! Analytics: an empty report, properties, and rows whose headers were put into them.

use chrono::NaiveDate;
use connector_core::Endpoint as _;
use connector_google::api::{DateRange, Named, Report, RunReport};
use connector_google::map::{self, TRAFFIC_METRICS, Traffic};
use serde_json::{Value, json};

use crate::shelf::{records, response, text};

pub(crate) fn is_read(file: &str) -> bool {
    file.starts_with("ga4-records/")
        || file.starts_with("ga4/admin/")
        || file == "ga4/reports/run-report.json"
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

#[test]
fn the_recorded_report_without_data_is_a_report() {
    let Some(body) = text("ga4/reports/run-report.json") else {
        return;
    };
    let ask = RunReport {
        property: "properties/535258304".to_owned(),
        date_ranges: vec![DateRange {
            start_date: "2026-05-01".to_owned(),
            end_date: "2026-05-25".to_owned(),
        }],
        dimensions: Named::all(&["country"]),
        metrics: Named::all(&["activeUsers"]),
        limit: "10".to_owned(),
        offset: "0".to_owned(),
        order_bys: Vec::new(),
        return_property_quota: true,
    };
    let report = ask.parse(&response(&body)).unwrap();
    assert_eq!((report.rows.len(), report.row_count), (0, 0));
    assert_eq!(report.metadata.currency_code.as_deref(), Some("USD"));
}

/// A report of the one row that a record was made of: texts split it, numbers are its numbers.
fn report(record: &Value) -> Report {
    let fields = record.as_object().unwrap();
    let of = |wanted: fn(&Value) -> bool| {
        let fields = fields.iter().filter(move |(name, value)| {
            !matches!(name.as_str(), "stream" | "property_id") && wanted(value)
        });
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        fields
            .map(|(name, value)| (json!({"name": name}), json!({"value": text(value)})))
            .unzip::<_, _, Vec<_>, Vec<_>>()
    };
    let (dimensions, dimension_values) = of(Value::is_string);
    let (metrics, metric_values) = of(Value::is_number);
    let report = json!({
        "dimensionHeaders": dimensions, "metricHeaders": metrics,
        "rows": [{"dimensionValues": dimension_values, "metricValues": metric_values}],
        "rowCount": 1, "metadata": {"currencyCode": "USD", "timeZone": "Europe/Warsaw"},
    });
    serde_json::from_value(report).unwrap()
}

#[test]
fn every_recorded_row_gives_the_numbers_that_are_known() {
    let Some(records) = records("ga4-records/runReport-rows.jsonl") else {
        return;
    };
    let mut numbers = 0;
    for record in &records {
        let known = TRAFFIC_METRICS
            .iter()
            .filter(|(name, _, _)| record.get(name).is_some());
        let report = report(record);
        let of = Traffic::of("properties/320370985", &report, today());
        let mapped = map::traffic_row(report.rows[0].value().unwrap(), &of);
        assert_eq!(mapped.len(), known.count(), "{record}");
        for mapped in mapped {
            let id = mapped.unwrap().external_id;
            assert!(id.starts_with("properties/320370985/2023-04-2"), "{id}");
            numbers += 1;
        }
    }
    println!("{} rows, {numbers} numbers", records.len());
    assert_eq!(records.len(), 27);
    assert!(numbers > 60, "{numbers}");
}

#[test]
fn the_recorded_properties_are_named_as_sources_are() {
    let Some(body) = text("ga4/admin/properties.p2.json") else {
        return;
    };
    let body: Value = serde_json::from_str(&body).unwrap();
    let properties = body["properties"].as_array().unwrap();
    for property in properties {
        let ask = RunReport {
            property: property["name"].as_str().unwrap().to_owned(),
            date_ranges: Vec::new(),
            dimensions: Vec::new(),
            metrics: Vec::new(),
            limit: "1".to_owned(),
            offset: "0".to_owned(),
            order_bys: Vec::new(),
            return_property_quota: false,
        };
        let uri = ask.request().unwrap().uri().to_string();
        assert!(uri.contains("/v1beta/properties/"), "{uri}");
    }
    assert!(properties.len() > 1);
}
