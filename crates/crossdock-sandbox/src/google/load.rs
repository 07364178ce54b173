//! Recorded replies: campaigns and their numbers, reports of Analytics and of Search Console.
//!
//! Some were recorded as they came, others as a connector wrote them down, a row to a line. What is
//! about accounts, properties and sites is in no stream, and kept: without it nothing could be
//! asked for.

mod ads;
mod reports;

use serde_json::Value;

use crate::platform::{SeedFile, SeedOutcome};

use super::Data;

pub(super) use ads::settle;

/// What a file came to.
enum Taken {
    Streams(Vec<(&'static str, usize)>),
    Nothing(&'static str),
}

/// Takes what a file holds.
pub(super) fn load(data: &mut Data, file: &SeedFile<'_>) -> SeedOutcome {
    let Some(path) = file.path.strip_prefix("google/") else {
        return SeedOutcome::NotMine;
    };
    let taken = if path.ends_with(".expected.json") {
        Taken::Nothing("It is what another program made of a reply, and no reply.")
    } else if path.ends_with(".jsonl") {
        lines(data, path, &records(file.bytes))
    } else {
        let body: Value = serde_json::from_slice(file.bytes).unwrap_or_default();
        let exchange = file.exchange.unwrap_or_default();
        let exchange: Value = serde_json::from_slice(exchange).unwrap_or_default();
        reply(data, path, &body, &exchange)
    };
    match taken {
        Taken::Streams(streams) => SeedOutcome::Taken {
            streams: streams
                .into_iter()
                .map(|(stream, count)| (stream.to_owned(), u64::try_from(count).unwrap_or(0)))
                .collect(),
        },
        Taken::Nothing(reason) => SeedOutcome::Passed {
            reason: reason.to_owned(),
        },
    }
}

/// The objects of a file with one to a line.
fn records(bytes: &[u8]) -> Vec<Value> {
    let lines = bytes.split(|byte| *byte == b'\n');
    let lines = lines.filter(|line| !line.is_empty());
    lines
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect()
}

fn lines(data: &mut Data, path: &str, records: &[Value]) -> Taken {
    let (folder, file) = path.split_once('/').unwrap_or(("", path));
    let name = file.strip_suffix(".jsonl").unwrap_or(file);
    match (folder, name) {
        ("ads-records", "campaign" | "click-campaign") => {
            let (campaigns, numbers) = ads::campaign_records(&mut data.ads, records);
            Taken::Streams(vec![("ad_campaigns", campaigns), ("ad_metrics", numbers)])
        }
        ("ads-records", "customer" | "click-customer") => {
            ads::customer_records(&mut data.ads, records);
            Taken::Nothing("An account is in no stream; its currency and time zone are kept.")
        }
        ("ads-records", "account_performance_report") => {
            Taken::Nothing("It counts a whole account; the stream of ad metrics is by campaign.")
        }
        ("ads-records", _) => {
            Taken::Nothing("The streams of ads are campaigns and their metrics, not this resource.")
        }
        ("ga4-records", _) => {
            let count = reports::analytics_records(&mut data.analytics, records);
            Taken::Streams(vec![("analytics_daily", count)])
        }
        ("search-console-records", "sites") => {
            reports::site_records(&mut data.search, records);
            Taken::Nothing("A site is in no stream; it is kept to be asked for.")
        }
        ("search-console-records", name) if name.starts_with("search_analytics") => {
            let count = reports::search_records(&mut data.search, name, records);
            Taken::Streams(vec![("search_performance", count)])
        }
        _ => Taken::Nothing("Nothing of this kind is in a stream."),
    }
}

fn reply(data: &mut Data, path: &str, body: &Value, exchange: &Value) -> Taken {
    let asked = exchange
        .pointer("/request/path")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if path.starts_with("ads/") {
        ads::relation(&mut data.ads, exchange);
    }
    match path {
        "ads/customers/list-accessible-customers.json" => {
            ads::accessible(&mut data.ads, body);
            Taken::Nothing("Which accounts a user reaches is in no stream; it is kept.")
        }
        "ads/gla-products.json" => {
            Taken::Nothing("It is a shop system's own summary, and no answer of Google's.")
        }
        "content-api/products-custombatch-insert-request.json" => {
            Taken::Nothing("It is a request of the Content API, which was shut in August 2026.")
        }
        "ga4/reports/run-report.json" => {
            reports::empty_report(&mut data.analytics, body, asked);
            Taken::Nothing("The report is empty; its property is kept, and as empty.")
        }
        _ if path.starts_with("ga4/admin/") => {
            reports::admin(&mut data.analytics, body);
            Taken::Nothing("Accounts and properties are in no stream; they are kept.")
        }
        _ if asked.contains("/googleAds:search") => match ads::rows(&mut data.ads, body, asked) {
            0 => Taken::Nothing("The rows are of no resource that is in a stream."),
            count => Taken::Streams(vec![("ad_campaigns", count)]),
        },
        _ if asked.ends_with(":mutate") => {
            Taken::Nothing("It is the answer to a change, and names what was changed alone.")
        }
        _ => Taken::Nothing("Nothing of this kind is in a stream."),
    }
}
