//! The Analytics API's traffic report: how often listings were seen, opened and bought.
//!
//! Figures follow from the seed, the listing and the day, so that every report says the same of a
//! day. But for the two youngest days: those are still being counted, and grow until they are done.
//! Days are those of Los Angeles; the contract's other form of dates, with an offset, is read for
//! its day alone.

mod days;
mod figures;
mod query;

use bytes::Bytes;
use chrono::NaiveDate;
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::answer;
use crate::platform::Call;

use self::figures::Figures;
use self::query::{Dimension, Metric, Query};
use super::refusal::{Outcome, Refusal};
use super::state::{State, text};

/// The domain of the API's refusals.
const DOMAIN: &str = "API_ANALYTICS";

/// How many listings a report has when none are asked for.
const MOST_LISTINGS: usize = 200;

/// A listing that can be reported on.
struct Listing<'s> {
    id: &'s str,
    title: &'s str,
}

/// Runs an operation; `path` is that below the API's root.
pub(super) fn answer(
    state: &State,
    call: &Call<'_>,
    path: &[&str],
    seed: u64,
) -> Outcome<Response<Bytes>> {
    if *call.method != Method::GET || path != ["traffic_report"] {
        return Err(Refusal::no_such_resource());
    }
    let query = Query::read(call)?;
    let listings = listings(state, &query)?;
    let now = call.now;
    let of = |listing: &str, day: NaiveDate| Figures::of(seed, listing, day, now);
    let mut records: Vec<(String, Figures)> = match query.dimension {
        Dimension::Day => query
            .days()
            .map(|day| {
                let sum = listings.iter().map(|listing| of(listing.id, day)).sum();
                (day.format("%Y%m%d").to_string(), sum)
            })
            .collect(),
        Dimension::Listing => listings
            .iter()
            .map(|listing| {
                let sum = query.days().map(|day| of(listing.id, day)).sum();
                (listing.id.to_owned(), sum)
            })
            .collect(),
    };
    if let Some((metric, descending)) = query.sort {
        records.sort_by(|(_, one), (_, other)| {
            let order = metric.number(one).total_cmp(&metric.number(other));
            if descending { order.reverse() } else { order }
        });
    }
    let report = json!({
        "header": {
            "dimensionKeys": [query.dimension.definition()],
            "metrics": query.metrics.iter().map(|metric| metric.definition()).collect::<Vec<_>>(),
        },
        "records": records
            .iter()
            .map(|(key, figures)| record(key, figures, &query.metrics))
            .collect::<Vec<_>>(),
        "dimensionMetadata": metadata(query.dimension, &listings),
        "startDate": days::written(query.from, false),
        "endDate": days::written(query.to, true),
        "lastUpdatedDate": days::written(days::last_counted(now), true),
    });
    Ok(answer::json(StatusCode::OK, &report))
}

fn record(key: &str, figures: &Figures, metrics: &[Metric]) -> Value {
    let values: Vec<Value> = metrics.iter().map(|metric| metric.value(figures)).collect();
    json!({
        "dimensionValues": [{"value": key, "applicable": true}],
        "metricValues": values,
    })
}

/// The listings that a report covers.
fn listings<'s>(state: &'s State, query: &Query) -> Outcome<Vec<Listing<'s>>> {
    let all: Vec<Listing<'s>> = state
        .offers
        .values()
        .filter(|offer| {
            query
                .marketplace
                .as_ref()
                .is_none_or(|wanted| wanted == text(offer, "marketplaceId"))
        })
        .filter_map(|offer| {
            let title = state
                .items
                .get(text(offer, "sku"))
                .and_then(|item| item.pointer("/product/title"))
                .and_then(Value::as_str);
            Some(Listing {
                id: offer.pointer("/listing/listingId")?.as_str()?,
                title: title.unwrap_or_default(),
            })
        })
        .collect();
    if query.listings.is_empty() {
        let most = match query.dimension {
            Dimension::Listing => MOST_LISTINGS,
            Dimension::Day => usize::MAX,
        };
        return Ok(all.into_iter().take(most).collect());
    }
    let unknown = query
        .listings
        .iter()
        .find(|wanted| !all.iter().any(|known| known.id == wanted.as_str()));
    if let Some(unknown) = unknown {
        let message = "There is no data for a listing.";
        return Err(Refusal::bad(50030, DOMAIN, message).with("listingId", unknown));
    }
    Ok(all
        .into_iter()
        .filter(|known| query.listings.iter().any(|wanted| wanted == known.id))
        .collect())
}

/// What the keys of the records mean: the titles of listings. Days explain themselves.
fn metadata(dimension: Dimension, listings: &[Listing<'_>]) -> Value {
    if dimension == Dimension::Day {
        return json!([]);
    }
    let records: Vec<Value> = listings
        .iter()
        .map(|listing| {
            json!({
                "value": {"value": listing.id, "applicable": true},
                "metadataValues": [{"value": listing.title, "applicable": true}],
            })
        })
        .collect();
    json!([{
        "metadataHeader": {
            "key": "LISTING_ID",
            "metadataKeys": [{
                "key": "LISTING_TITLE",
                "localizedName": "Listing title",
                "dataType": "STRING",
            }],
        },
        "metadataRecords": records,
    }])
}
