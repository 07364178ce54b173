//! Google Ads: streamed answers of v21, and rows of v17 that lie there field by field.
use std::collections::BTreeSet;

use chrono::NaiveDate;
use connector_core::model::{AdCampaignStatus, Model};
use connector_core::{Change, Endpoint as _, Record};
use connector_google::api::{AdsRow, ListAccessibleCustomers, SearchStream};
use connector_google::map;
use connector_testkit::recorded::{files, shared};
use serde_json::{Map, Value, json};

use crate::shelf::{records, response, text};

pub(crate) fn is_read(file: &str) -> bool {
    file.starts_with("ads-records/")
        || [
            "ads/campaigns/campaigns.json",
            "ads/campaigns/campaign-budgets.json",
            "ads/customers/list-accessible-customers.json",
            "ads/misc/search-google-ads.json",
        ]
        .contains(&file)
}

fn stream() -> SearchStream {
    SearchStream {
        customer: "1".to_owned(),
        login: None,
        query: String::new(),
    }
}

/// The rows of a streamed answer.
fn rows(body: &str) -> Vec<AdsRow> {
    let chunks = stream().parse(&response(body)).unwrap();
    let entries = chunks.into_iter().flat_map(|chunk| chunk.results);
    entries.map(|entry| entry.into_parts().0.unwrap()).collect()
}

#[test]
fn every_recorded_campaign_is_read_and_mapped() {
    let Some(streamed) = text("ads/campaigns/campaigns.json") else {
        return;
    };
    let expected: Value =
        serde_json::from_str(&text("ads/campaigns/campaigns.expected.json").unwrap()).unwrap();
    let mut ids = BTreeSet::new();
    for row in rows(&streamed) {
        let record = map::campaign(row, "1781900691").unwrap();
        let Change::Upsert(Model::AdCampaign(campaign)) = &record.change else {
            unreachable!()
        };
        assert_ne!(campaign.status, AdCampaignStatus::Unknown);
        assert_eq!(campaign.ends_at, None, "2037 is no end");
        ids.insert(record.external_id);
    }
    println!("{} campaigns", ids.len());
    assert!(!ids.is_empty());
    let expected = expected.to_string();
    for id in &ids {
        let number = id.rsplit('/').next().unwrap();
        assert!(expected.contains(number), "{id}");
    }
    // The same row, where an answer comes in pages.
    let page = text("ads/misc/search-google-ads.json").unwrap();
    for row in rows(&format!("[{page}]")) {
        let record = map::campaign(row, "1781900691").unwrap();
        assert!(ids.contains(&record.external_id));
    }
}

#[test]
fn a_recorded_budget_that_is_shared_is_none_of_one_campaigns() {
    let Some(streamed) = text("ads/campaigns/campaign-budgets.json") else {
        return;
    };
    let rows = rows(&streamed);
    assert!(rows.len() > 2);
    for mut row in rows {
        assert!(row.campaign_budget.amount_micros.is_some());
        row.campaign.resource_name = "customers/1/campaigns/2".to_owned();
        row.customer.currency_code = Some("USD".to_owned());
        let is_shared = row.campaign_budget.explicitly_shared;
        let record = map::campaign(row, "1").unwrap();
        let Change::Upsert(Model::AdCampaign(campaign)) = record.change else {
            unreachable!()
        };
        assert_eq!(campaign.daily_budget.is_some(), !is_shared);
    }
}

#[test]
fn the_recorded_accounts_are_read() {
    let Some(body) = text("ads/customers/list-accessible-customers.json") else {
        return;
    };
    let answer = ListAccessibleCustomers.parse(&response(&body)).unwrap();
    assert_eq!(answer.resource_names.len(), 2);
}

/// A record that lies there field by field, as the row that it came in: `segments.date` is
/// `{"segments": {"date": …}}`.
fn row(record: &Value) -> AdsRow {
    let mut row = json!({});
    for (path, value) in record.as_object().unwrap() {
        let mut at = &mut row;
        let names: Vec<String> = path.split('.').map(camel).collect();
        let (last, inner) = names.split_last().unwrap();
        for name in inner {
            let object = at.as_object_mut().unwrap();
            at = object
                .entry(name.clone())
                .or_insert_with(|| Map::new().into());
        }
        // A number and what lies below it have one name now and then.
        if let Some(object) = at.as_object_mut() {
            object.insert(last.clone(), value.clone());
        }
    }
    serde_json::from_value(row).unwrap()
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap().to_owned();
    words.fold(first, |name, word| {
        let (initial, rest) = word.split_at(1);
        name + &initial.to_uppercase() + rest
    })
}

fn numbers(row: &AdsRow) -> Vec<Record> {
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let mapped = map::campaign_day(row, "4651612872", today).into_iter();
    mapped.map(Result::unwrap).collect()
}

#[test]
fn every_recorded_row_of_a_campaigns_day_gives_its_numbers() {
    let Some(customers) = records("ads-records/customer.jsonl") else {
        return;
    };
    let account = row(&customers[0]).customer;
    let zone = account.time_zone.clone();
    let (mut rows, mut told) = (0, 0);
    for file in ["campaign", "click-campaign"] {
        for record in records(&format!("ads-records/{file}.jsonl")).unwrap() {
            let mut row = row(&record);
            row.customer = account.clone();
            let impressions = record["metrics.impressions"].as_f64().unwrap();
            let numbers = numbers(&row);
            let Change::Upsert(Model::AdMetric(first)) = &numbers[0].change else {
                unreachable!()
            };
            assert_eq!(first.measurement.name, "impressions");
            assert!((first.measurement.value - impressions).abs() < f64::EPSILON);
            assert_eq!(first.measurement.time_zone, zone);
            assert!(!first.measurement.provisional);
            assert!(map::campaign(row, "4651612872").is_ok());
            rows += 1;
            told += numbers.len();
        }
    }
    println!("{rows} rows, {told} numbers");
    assert_eq!(rows, 3);
    assert!(told >= 5 * rows, "{told}");
}

#[test]
fn no_recorded_row_is_too_odd_to_be_read() {
    let Some(folder) = shared("fixtures/google/ads-records") else {
        return;
    };
    let mut read = 0;
    for (file, lines) in files(&folder).unwrap() {
        for line in lines.lines() {
            let row = row(&serde_json::from_str(line).unwrap());
            // What is of no campaign, or of no day, is told and not lost.
            let mapped = map::campaign_day(&row, "1", NaiveDate::MAX);
            assert!(row.segments.date.is_some() || mapped[0].is_err(), "{file}");
            read += 1;
        }
    }
    println!("{read} rows of all resources are read");
    assert!(read > 30, "{read}");
}
