//! Insights: numbers that are worked out when they are asked for, and are the same each time.
//!
//! A number follows from the seed, the thing, the metric and the day, and from how long ago the day
//! was: recent ones are still being corrected, as on the platform.

pub(super) mod ads;
pub(super) mod calendar;
pub(super) mod instagram;
pub(super) mod media;
pub(super) mod page;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::error::{GraphError, Outcome};
use super::graph::{Kind, Node};
use super::paging::Place;
use super::read::Reader;
use super::wire;
use crate::random::Random;

/// Reads the insights of a node.
pub(super) fn read(reader: &Reader<'_>, node: &Node, place: Place<'_>) -> Outcome<Value> {
    match node.kind {
        Kind::Page => page::read(reader, node, place),
        Kind::Post => page::post(reader, node, place),
        Kind::InstagramUser => instagram::read(reader, node, place),
        Kind::Media => media::read(reader, node, place),
        Kind::AdAccount | Kind::Campaign | Kind::AdSet | Kind::Ad => ads::read(reader, node, place),
        Kind::ReportRun => ads::of_report(reader, node, place),
        _ => Err(GraphError::no_field("insights", node.kind.name())),
    }
}

/// The metrics that are asked for: a list in commas, or a JSON array.
fn metrics(place: Place<'_>) -> Vec<String> {
    let text = parameter(place, "metric").unwrap_or_default();
    text.trim_matches(['[', ']'])
        .split(',')
        .map(|name| name.trim().trim_matches('"').to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

fn parameter<'p>(place: Place<'p>, name: &str) -> Option<&'p str> {
    place
        .parameters
        .iter()
        .find(|(key, value)| key == name && !value.is_empty())
        .map(|(_, value)| value.as_str())
}

fn time(place: Place<'_>, name: &str) -> Outcome<Option<DateTime<Utc>>> {
    parameter(place, name)
        .map(|text| {
            wire::read_time(text)
                .ok_or_else(|| GraphError::parameter(format!("Param {name} must be a valid date")))
        })
        .transpose()
}

/// A number from `low` to `high` that belongs to these things.
fn number(seed: u64, parts: &[&str], low: u64, high: u64) -> u64 {
    let mut random = Random::for_thing(seed, parts);
    random.next();
    random.between(low, high)
}

/// A metric's name as a title: `page_media_view` is `Page media view`.
fn title(metric: &str) -> String {
    let mut title = metric.replace('_', " ");
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    title
}
