//! Insights of Instagram media, by what sort of medium it is.
//!
//! Which metrics there are depends on the sort; too small an audience and media from before the
//! account became a professional one are refused, each with a code of its own; a story's numbers
//! are there for a day. (Instagram media insights reference, read 2026-11.)

use chrono::TimeDelta;
use http::StatusCode;
use serde_json::{Value, json};

use super::super::error::{GraphError, Outcome};
use super::super::graph::Node;
use super::super::paging::Place;
use super::super::read::Reader;
use super::page::grown;
use super::{metrics, number, title};
use crate::random::Random;
use crate::world::World;

/// Every metric, with the greatest value.
const ALL: &[(&str, u64)] = &[
    ("comments", 40),
    ("follows", 15),
    ("ig_reels_avg_watch_time", 14_000),
    ("ig_reels_video_view_total_time", 9_000_000),
    ("likes", 600),
    ("navigation", 300),
    ("profile_activity", 20),
    ("profile_visits", 80),
    ("reach", 4_000),
    ("replies", 12),
    ("saved", 60),
    ("shares", 50),
    ("total_interactions", 700),
    ("views", 6_000),
];

const EVERYWHERE: &[&str] = &["reach", "shares", "total_interactions", "views"];
const FEED: &[&str] = &[
    "comments",
    "follows",
    "likes",
    "profile_activity",
    "profile_visits",
    "saved",
];
const REELS: &[&str] = &[
    "comments",
    "ig_reels_avg_watch_time",
    "ig_reels_video_view_total_time",
    "likes",
    "saved",
];
const STORY: &[&str] = &[
    "follows",
    "navigation",
    "profile_activity",
    "profile_visits",
    "replies",
];

/// Marks a medium that too few have seen, among its fields. Never shown.
pub(in super::super) const FEW_VIEWERS: &str = "_few_viewers";

/// Marks a medium from before the account became a professional one. Never shown.
pub(in super::super) const OLD: &str = "_before_conversion";

/// Numbers that were recorded, among a medium's fields: they take the place of those worked out.
pub(in super::super) const RECORDED: &str = "_recorded_insights";

/// Whether a metric of media still exists.
pub(in super::super) fn is_metric(name: &str) -> bool {
    ALL.iter().any(|(known, _)| *known == name)
}

/// `GET /{media}/insights`.
pub(super) fn read(reader: &Reader<'_>, node: &Node, place: Place<'_>) -> Outcome<Value> {
    let sort = node.text("media_product_type");
    let own = match sort {
        "REELS" => REELS,
        "STORY" => STORY,
        _ => FEED,
    };
    let asked = metrics(place);
    if asked.is_empty() {
        return Err(GraphError::parameter("The parameter metric is required"));
    }
    let mut wanted = Vec::new();
    for (index, name) in asked.iter().enumerate() {
        let Some((metric, most)) = ALL.iter().find(|(known, _)| known == name) else {
            let all: Vec<&str> = ALL.iter().map(|(known, _)| *known).collect();
            return Err(GraphError::parameter(format!(
                "metric[{index}] must be one of the following values: {}",
                all.join(", ")
            )));
        };
        if !own.contains(metric) && !EVERYWHERE.contains(metric) {
            return Err(GraphError::parameter(format!(
                "The Media Insights API does not support the {metric} metric for this media product type."
            )));
        }
        wanted.push((*metric, *most));
    }
    if node.fields.contains_key(OLD) {
        return Err(GraphError {
            user: Some((
                "Media posted before business account conversion",
                "The media was posted before the most recent time that the account was converted to a business account.",
            )),
            ..GraphError::new(100, "Invalid parameter").subcode(2_108_006)
        });
    }
    if node.fields.contains_key(FEW_VIEWERS) {
        let mut error =
            GraphError::permission(10, "Not enough viewers for the media to show insights");
        error.status = StatusCode::BAD_REQUEST;
        return Err(error);
    }
    let posted = node.time("timestamp");
    let age = posted.map(|at| reader.now() - at);
    // Nothing is known of the first hour, nor of a story that is over: an empty set, not zeroes.
    let none = age.is_some_and(|age| {
        age < TimeDelta::hours(1) || (sort == "STORY" && age >= TimeDelta::hours(24))
    });
    let data: Vec<Value> = wanted
        .into_iter()
        .filter(|_| !none)
        .map(|(metric, most)| {
            let whole = number(reader.world.seed, &[&node.id, metric], most / 20, most);
            let recorded = node.fields.get(RECORDED).and_then(|all| all.get(metric));
            let value = if let Some(recorded) = recorded.and_then(Value::as_u64) {
                recorded
            } else if metric == "ig_reels_avg_watch_time" {
                whole
            } else {
                grown(whole, posted, reader.now())
            };
            json!({
                "name": metric,
                "period": "lifetime",
                "values": [{ "value": value }],
                "title": title(metric),
                "description": format!("{} of the media object.", title(metric)),
                "id": format!("{}/insights/{metric}/lifetime", node.id),
            })
        })
        .collect();
    Ok(json!({ "data": data }))
}

/// The fields that differ with each read: addresses of pictures, signed for some days.
pub(in super::super) fn shown(node: &Node, name: &str, world: &World) -> Option<Value> {
    if !matches!(name, "media_url" | "thumbnail_url") {
        return None;
    }
    let address = node.fields.get(name)?.as_str()?;
    let plain = address.split('?').next().unwrap_or(address);
    let second = world.now.timestamp().to_string();
    let signature = Random::for_thing(world.seed, &[&node.id, &second]).next();
    let end = (world.now + TimeDelta::days(3)).timestamp();
    Some(format!("{plain}?_nc_sid=18de74&oh=00_{signature:016x}&oe={end:X}").into())
}
