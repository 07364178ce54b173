//! Recorded reports: of Analytics, and of Search Console.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde_json::Value;

use crate::google::analytics::{Analytics, Property, RecordedRow};
use crate::google::search::{Hit, Search, Site};

fn text<'a>(record: &'a Value, name: &str) -> &'a str {
    record.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The property with a number.
fn property<'a>(analytics: &'a mut Analytics, id: &str) -> &'a mut Property {
    if analytics.accounts.is_empty() {
        let name = "Recorded".to_owned();
        analytics.accounts.insert("100000001".to_owned(), name);
    }
    let account = analytics
        .accounts
        .keys()
        .next()
        .cloned()
        .unwrap_or_default();
    analytics
        .properties
        .entry(id.to_owned())
        .or_insert_with(|| Property {
            account,
            name: format!("Recorded {id}"),
            zone: Tz::UTC,
            currency: "USD".to_owned(),
            visits: 0,
            recorded: Some(Vec::new()),
        })
}

/// Lines of reports; texts are dimensions, numbers are metrics.
pub(super) fn analytics_records(analytics: &mut Analytics, records: &[Value]) -> usize {
    let mut count = 0;
    for record in records {
        let mut row = RecordedRow {
            report: text(record, "stream").to_owned(),
            ..RecordedRow::default()
        };
        for (name, value) in record.as_object().into_iter().flatten() {
            match (name.as_str(), value) {
                ("stream" | "property_id", _) => {}
                (name, Value::String(value)) => {
                    row.dimensions.insert(name.to_owned(), value.clone());
                }
                (name, value) => {
                    let number = value.as_f64().unwrap_or(0.0);
                    row.metrics.insert(name.to_owned(), number);
                }
            }
        }
        let property = property(analytics, text(record, "property_id"));
        property.recorded.get_or_insert_default().push(row);
        count += 1;
    }
    count
}

/// A report without rows: what it says of its property.
pub(super) fn empty_report(analytics: &mut Analytics, body: &Value, asked: &str) {
    let id = asked
        .rsplit('/')
        .next()
        .and_then(|last| last.split(':').next());
    let property = property(analytics, id.unwrap_or_default());
    let meta = |name: &str| {
        body.pointer(&format!("/metadata/{name}"))
            .and_then(Value::as_str)
    };
    property.zone = meta("timeZone")
        .and_then(|zone| zone.parse().ok())
        .unwrap_or(Tz::UTC);
    if let Some(currency) = meta("currencyCode") {
        currency.clone_into(&mut property.currency);
    }
}

/// Answers of the Admin API: accounts, properties, a property that was made.
pub(super) fn admin(analytics: &mut Analytics, body: &Value) {
    let list = |name: &str| {
        body.get(name)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    for account in list("accounts") {
        let id = text(&account, "name").trim_start_matches("accounts/");
        let name = text(&account, "displayName").to_owned();
        analytics.accounts.insert(id.to_owned(), name);
    }
    for known in list("properties") {
        let id = text(&known, "name")
            .trim_start_matches("properties/")
            .to_owned();
        let parent = text(&known, "parent").trim_start_matches("accounts/");
        let property = property(analytics, &id);
        parent.clone_into(&mut property.account);
        text(&known, "displayName").clone_into(&mut property.name);
        property.zone = text(&known, "timeZone").parse().unwrap_or(Tz::UTC);
        text(&known, "currencyCode").clone_into(&mut property.currency);
    }
}

fn site<'a>(search: &'a mut Search, url: &str) -> &'a mut Site {
    search.sites.entry(url.to_owned()).or_insert_with(|| Site {
        permission: "siteOwner".to_owned(),
        weight: 0,
        recorded: Some(Vec::new()),
    })
}

/// Lines of sites.
pub(super) fn site_records(search: &mut Search, records: &[Value]) {
    for record in records {
        let site = site(search, text(record, "siteUrl"));
        text(record, "permissionLevel").clone_into(&mut site.permission);
    }
}

/// Lines of a report of Search Console.
pub(super) fn search_records(search: &mut Search, report: &str, records: &[Value]) -> usize {
    for record in records {
        let number = |name: &str| record.get(name).and_then(Value::as_f64).unwrap_or(0.0);
        let dimensions: BTreeMap<String, String> = ["date", "query", "page", "country", "device"]
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), record.get(*name)?.as_str()?.to_owned())))
            .collect();
        let hit = Hit {
            dimensions,
            clicks: number("clicks"),
            impressions: number("impressions"),
            positions: number("position") * number("impressions"),
            report: report.to_owned(),
        };
        let site = site(search, text(record, "site_url"));
        site.recorded.get_or_insert_default().push(hit);
    }
    records.len()
}
