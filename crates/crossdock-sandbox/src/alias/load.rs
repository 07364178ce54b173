//! Recorded replies: the catalogue, what searches found, and prices.

use std::str;

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::platform::{SeedFile, SeedOutcome};

use super::State;
use super::catalog::CatalogItem;
use super::market::{Kind, Scope};
use super::size::Size;
use super::words::{self, PACKAGING_CONDITIONS, PRODUCT_CONDITIONS};

/// The paths that replies are known by: the recordings name no host.
const PATHS: &[&str] = &[
    "catalog",
    "pricing_insights",
    "listings",
    "orders",
    "pictures",
    "test",
];

/// A request and the status of its reply, beside a file or at the head of a line.
#[derive(Deserialize)]
struct Exchange {
    request: Request,
    #[serde(default)]
    response: Option<Status>,
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    body: Value,
}

#[derive(Deserialize)]
struct Request {
    path: String,
}

#[derive(Deserialize)]
struct Status {
    status: u16,
}

/// What one reply held.
enum Taken {
    Stream(&'static str, usize),
    Kept(&'static str),
    Nothing(&'static str),
}

/// Takes what a file holds: one reply, with its exchange beside it, or a log of them in lines.
pub(super) fn load(state: &mut State, file: &SeedFile<'_>) -> SeedOutcome {
    if file.path.ends_with(".jsonl") {
        return load_lines(state, file.bytes);
    }
    let Ok(body) = serde_json::from_slice::<Value>(file.bytes) else {
        return SeedOutcome::NotMine;
    };
    let exchange = file
        .exchange
        .and_then(|bytes| serde_json::from_slice::<Exchange>(bytes).ok());
    let Some(mut exchange) = exchange.filter(is_mine) else {
        return SeedOutcome::NotMine;
    };
    exchange.body = body;
    match take(state, &exchange) {
        Taken::Stream(stream, count) => taken(stream, count),
        Taken::Kept(reason) | Taken::Nothing(reason) => SeedOutcome::Passed {
            reason: reason.to_owned(),
        },
    }
}

fn load_lines(state: &mut State, bytes: &[u8]) -> SeedOutcome {
    let lines = bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty());
    let exchanges: Result<Vec<Exchange>, _> = lines.map(serde_json::from_slice).collect();
    let Ok(exchanges) = exchanges else {
        return SeedOutcome::NotMine;
    };
    if exchanges.is_empty() || !exchanges.iter().all(is_mine) {
        return SeedOutcome::NotMine;
    }
    let mut counts = std::collections::BTreeMap::new();
    for exchange in &exchanges {
        if let Taken::Stream(stream, count) = take(state, exchange) {
            *counts.entry(stream.to_owned()).or_insert(0) += u64::try_from(count).unwrap_or(0);
        }
    }
    if counts.is_empty() {
        return SeedOutcome::Passed {
            reason: "no line holds an object of a stream".to_owned(),
        };
    }
    SeedOutcome::Taken {
        streams: counts.into_iter().collect(),
    }
}

/// Takes one reply.
fn take(state: &mut State, exchange: &Exchange) -> Taken {
    let status = exchange
        .response
        .as_ref()
        .map(|response| response.status)
        .or(exchange.status);
    if status.is_some_and(|status| status >= 400) {
        return Taken::Nothing("a recorded refusal: the sandbox words its own");
    }
    let Some(url) = url(&exchange.request.path) else {
        return Taken::Nothing("the path of the request cannot be read");
    };
    let query = |name: &str| {
        url.query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    let list = |field: &str| exchange.body.get(field).and_then(Value::as_array);
    let segments: Vec<&str> = url
        .path()
        .trim_start_matches("/api/v1/")
        .split('/')
        .collect();
    match segments.as_slice() {
        ["catalog"] => {
            let items = list("catalog_items").into_iter().flatten().cloned();
            let mut count = 0;
            for item in items.filter_map(CatalogItem::new) {
                if let Some(query) = query("query") {
                    state.catalog.found(&query, &item.id);
                }
                state.catalog.add(item);
                count += 1;
            }
            Taken::Stream("catalog", count)
        }
        ["catalog", _] => {
            match exchange
                .body
                .get("catalog_item")
                .cloned()
                .and_then(CatalogItem::new)
            {
                Some(item) => {
                    state.catalog.add(item);
                    Taken::Stream("catalog", 1)
                }
                None => Taken::Nothing("the reply holds no catalog item"),
            }
        }
        ["pricing_insights", "availabilities", id] => {
            let variants = list("variants").cloned().unwrap_or_default();
            let scope = Scope {
                region: query("region_id"),
                consigned: query("consigned").and_then(|consigned| consigned.parse().ok()),
            };
            let (whole, count) = (scope == Scope::default(), variants.len());
            state.market.record_availabilities(id, scope, variants);
            if whole {
                Taken::Stream("market_snapshots", count)
            } else {
                Taken::Kept(
                    "prices of one region or one way to sell: answered when they are asked for, \
                     but the stream reads those of all",
                )
            }
        }
        ["pricing_insights", "offer_histogram"] => {
            let kind = kind(
                query("size"),
                query("product_condition"),
                query("packaging_condition"),
            );
            let histogram = exchange.body.get("offer_histogram").cloned();
            match (query("catalog_id"), kind, histogram) {
                (Some(id), Some(kind), Some(histogram)) => {
                    let region = query("region_id");
                    state
                        .market
                        .record_histogram(&id, region.as_deref(), kind, histogram);
                    Taken::Kept(
                        "offers: answered when they are asked for, which a stream does for what is listed; recordings list nothing",
                    )
                }
                _ => Taken::Nothing("the request does not say which offers these are"),
            }
        }
        ["pricing_insights", "recent_sales"] => match query("catalog_id") {
            Some(id) => {
                state
                    .market
                    .record_sales(&id, list("recent_sales").map_or(&[], Vec::as_slice));
                Taken::Kept(
                    "sales: answered when they are asked for, which a stream does for what is listed; recordings list nothing",
                )
            }
            None => Taken::Nothing("the request does not say whose sales these are"),
        },
        _ => Taken::Nothing("only replies about the catalogue and prices are taken"),
    }
}

fn taken(stream: &str, count: usize) -> SeedOutcome {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    SeedOutcome::Taken {
        streams: vec![(stream.to_owned(), count)],
    }
}

fn kind(
    size: Option<String>,
    condition: Option<String>,
    packaging: Option<String>,
) -> Option<Kind> {
    Some(Kind {
        size: Size::parse(&size?)?,
        condition: words::member(PRODUCT_CONDITIONS, &condition?)?,
        packaging: words::member(PACKAGING_CONDITIONS, &packaging?)?,
    })
}

fn is_mine(exchange: &Exchange) -> bool {
    let path = exchange.request.path.strip_prefix("/api/v1/");
    path.and_then(|path| path.split(['/', '?']).next())
        .is_some_and(|first| PATHS.contains(&first))
}

fn url(path: &str) -> Option<Url> {
    Url::parse(&format!("https://{}", super::HOST))
        .ok()?
        .join(path)
        .ok()
}
