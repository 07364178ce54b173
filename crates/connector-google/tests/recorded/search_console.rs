//! Search Console: rows whose keys were put into them, and a site.

use connector_core::model::Model;
use connector_core::{Change, Endpoint as _};
use connector_google::api::{ListSites, SearchRow};
use connector_google::map::{self, Split};
use serde_json::json;

use crate::shelf::{records, response, text};

pub(crate) fn is_read(file: &str) -> bool {
    file.starts_with("search-console-records/") && !file.contains("sitemaps")
}

#[test]
fn every_recorded_row_gives_four_numbers() {
    const SPLITS: [(&str, Split, Option<&str>); 7] = [
        ("search_analytics_by_date", Split::Whole, None),
        ("search_analytics_by_country", Split::Whole, None),
        ("search_analytics_by_device", Split::Whole, None),
        ("search_analytics_by_query", Split::Query, Some("query")),
        ("search_analytics_by_page", Split::Page, Some("page")),
        ("search_analytics_page_report", Split::Page, Some("page")),
        ("search_analytics_site_report_by_page", Split::Whole, None),
    ];
    let mut numbers = 0;
    for (file, split, key) in SPLITS {
        let Some(records) = records(&format!("search-console-records/{file}.jsonl")) else {
            return;
        };
        for mut record in records {
            let mut keys = vec![record["date"].clone()];
            keys.extend(key.map(|key| record[key].clone()));
            record["keys"] = json!(keys);
            let site = record["site_url"].as_str().unwrap().to_owned();
            let clicks = record["clicks"].as_f64().unwrap();
            let row: SearchRow = serde_json::from_value(record).unwrap();
            let mapped = map::search_row(&row, &site, split, |_| false);
            assert_eq!(mapped.len(), 4);
            let Change::Upsert(Model::Metric(first)) = &mapped[0].as_ref().unwrap().change else {
                unreachable!()
            };
            assert!((first.measurement.value - clicks).abs() < f64::EPSILON);
            assert_eq!(
                first.measurement.dimensions.len(),
                usize::from(key.is_some())
            );
            numbers += mapped.len();
        }
    }
    println!("{numbers} numbers");
    assert_eq!(numbers, 56);
}

#[test]
fn the_recorded_site_is_one_that_has_numbers() {
    let Some(site) = text("search-console-records/sites.jsonl") else {
        return;
    };
    let answer = ListSites.parse(&response(&format!("{{\"siteEntry\":[{}]}}", site.trim())));
    let sites = answer.unwrap().site_entry;
    assert_eq!(sites.len(), 1);
    assert!(sites[0].is_verified());
}
