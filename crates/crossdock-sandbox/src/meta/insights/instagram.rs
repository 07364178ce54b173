//! Insights of Instagram accounts: by day, or as one total with breakdowns.
//!
//! Thirty days at most in one request; `follower_count` reaches back thirty days and needs a
//! hundred followers. (Instagram user insights reference, read 2026-11.)

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};

use super::super::error::{GraphError, Outcome};
use super::super::graph::Node;
use super::super::paging::Place;
use super::super::read::Reader;
use super::super::wire;
use super::{calendar, metrics, number, parameter, time, title};

/// The longest range of one request.
const LONGEST: TimeDelta = TimeDelta::days(30);

/// Metrics of a day, with the greatest value, and whether they come as a series too.
const DAILY: &[(&str, u64, bool)] = &[
    ("accounts_engaged", 90, false),
    ("comments", 30, false),
    ("follower_count", 20, true),
    ("follows_and_unfollows", 20, false),
    ("likes", 300, false),
    ("profile_links_taps", 12, false),
    ("profile_views", 120, false),
    ("reach", 1_500, true),
    ("replies", 8, false),
    ("reposts", 6, false),
    ("saves", 40, false),
    ("shares", 35, false),
    ("total_interactions", 400, false),
    ("views", 4_000, false),
    ("website_clicks", 15, false),
];

/// Metrics of all followers: one total by a breakdown.
const DEMOGRAPHICS: &[&str] = &[
    "engaged_audience_demographics",
    "follower_demographics",
    "reached_audience_demographics",
];

/// `GET /{ig-user}/insights`.
pub(super) fn read(reader: &Reader<'_>, node: &Node, place: Place<'_>) -> Outcome<Value> {
    let asked = metrics(place);
    if asked.is_empty() {
        return Err(GraphError::parameter("The parameter metric is required"));
    }
    for (index, name) in asked.iter().enumerate() {
        let known = DAILY.iter().any(|(known, _, _)| known == name);
        if !known && !DEMOGRAPHICS.contains(&name.as_str()) {
            let all: Vec<&str> = DAILY.iter().map(|(known, _, _)| *known).collect();
            return Err(GraphError::parameter(format!(
                "metric[{index}] must be one of the following values: {}, {}",
                all.join(", "),
                DEMOGRAPHICS.join(", ")
            )));
        }
    }
    let Some(period) = parameter(place, "period") else {
        return Err(GraphError::parameter("The parameter period is required"));
    };
    let total = parameter(place, "metric_type") == Some("total_value");
    let (since, until) = range(reader, place)?;
    let mut data = Vec::new();
    for name in &asked {
        let Some((metric, most, series)) = DAILY.iter().find(|(known, _, _)| known == name) else {
            data.extend(demographics(reader, node, name, period, total, place)?);
            continue;
        };
        if !total && !series {
            return Err(GraphError::parameter(format!(
                "The following metrics ({metric}) should be specified with parameter metric_type=total_value"
            )));
        }
        if period != "day" {
            return Err(GraphError::parameter(format!(
                "Incompatible metrics ({metric}) with period ({period})"
            )));
        }
        if *metric == "follower_count" && !followed(reader, node, since)? {
            continue;
        }
        let mut result = json!({
            "name": metric,
            "period": period,
            "title": title(metric),
            "description": format!("{} of the account.", title(metric)),
            "id": format!("{}/insights/{metric}/{period}", node.id),
        });
        let days = days(since, until, reader.now());
        let value = |day: &NaiveDate| value(reader, node, metric, *most, *day);
        if let Value::Object(result) = &mut result {
            if total {
                let sum: u64 = days.iter().map(value).sum();
                result.insert("total_value".to_owned(), broken_down(sum, place));
            } else {
                let values: Vec<Value> = days
                    .iter()
                    .map(|day| {
                        let end = calendar::begin(*day + TimeDelta::days(1));
                        json!({ "value": value(day), "end_time": wire::time(end) })
                    })
                    .collect();
                result.insert("values".to_owned(), values.into());
            }
        }
        data.push(result);
    }
    let length = (until - since).max(TimeDelta::days(1));
    let address = |since: DateTime<Utc>, until: DateTime<Utc>| {
        place.address(&[
            ("since", &since.timestamp().to_string()),
            ("until", &until.timestamp().to_string()),
        ])
    };
    Ok(json!({
        "data": data,
        "paging": {
            "previous": address(since - length, since),
            "next": address(until, until + length),
        },
    }))
}

/// Whether new followers are counted: not for small accounts, and not further back than a month.
fn followed(reader: &Reader<'_>, node: &Node, since: DateTime<Utc>) -> Outcome<bool> {
    if since < reader.now() - LONGEST - TimeDelta::days(1) {
        return Err(GraphError::parameter(
            "(follower_count) metric only supports querying data for the last 30 days excluding the current day",
        ));
    }
    let followers = node.fields.get("followers_count").and_then(Value::as_u64);
    Ok(followers.is_some_and(|followers| followers >= 100))
}

fn range(reader: &Reader<'_>, place: Place<'_>) -> Outcome<(DateTime<Utc>, DateTime<Utc>)> {
    let until = time(place, "until")?.unwrap_or_else(|| reader.now());
    let since = time(place, "since")?.unwrap_or(until - TimeDelta::days(2));
    if since > until {
        return Err(GraphError::parameter(
            "since param is not a date before until",
        ));
    }
    if until - since > LONGEST {
        return Err(GraphError::parameter(format!(
            "There cannot be more than 30 days ({} s) between since and until",
            LONGEST.num_seconds()
        )));
    }
    Ok((since, until))
}

/// The days whose end lies in the range and is past.
fn days(since: DateTime<Utc>, until: DateTime<Utc>, now: DateTime<Utc>) -> Vec<NaiveDate> {
    calendar::day_of(since)
        .iter_days()
        .map(|day| (day, calendar::begin(day + TimeDelta::days(1))))
        .skip_while(|(_, end)| *end <= since)
        .take_while(|(_, end)| *end <= until && *end <= now)
        .map(|(day, _)| day)
        .collect()
}

fn value(reader: &Reader<'_>, node: &Node, metric: &str, most: u64, day: NaiveDate) -> u64 {
    let text = day.to_string();
    let whole = number(
        reader.world.seed,
        &[&node.id, metric, &text],
        most / 30,
        most,
    );
    // The numbers of the last two days are still growing.
    let age = reader.now() - calendar::begin(day + TimeDelta::days(1));
    if age < TimeDelta::days(2) {
        whole - whole / 8
    } else {
        whole
    }
}

/// A total, with the breakdown that was asked for.
fn broken_down(sum: u64, place: Place<'_>) -> Value {
    let parts: &[(&str, u64)] = match parameter(place, "breakdown") {
        Some("media_product_type") => &[("POST", 40), ("REEL", 35), ("STORY", 20), ("AD", 5)],
        Some("follow_type") => &[("FOLLOWER", 60), ("NON_FOLLOWER", 38), ("UNKNOWN", 2)],
        Some("contact_button_type") => &[("EMAIL", 70), ("CALL", 30)],
        _ => return json!({ "value": sum }),
    };
    let results: Vec<Value> = parts
        .iter()
        .map(|(name, percent)| json!({ "dimension_values": [name], "value": sum * percent / 100 }))
        .collect();
    let keys = [parameter(place, "breakdown").unwrap_or_default()];
    json!({ "value": sum, "breakdowns": [{ "dimension_keys": keys, "results": results }] })
}

fn demographics(
    reader: &Reader<'_>,
    node: &Node,
    metric: &str,
    period: &str,
    total: bool,
    place: Place<'_>,
) -> Outcome<Option<Value>> {
    if period != "lifetime" || !total {
        return Err(GraphError::parameter(format!(
            "The following metrics ({metric}) should be specified with parameters period=lifetime and metric_type=total_value"
        )));
    }
    let names: &[&str] = match parameter(place, "breakdown") {
        Some("age") => &["18-24", "25-34", "35-44", "45-54"],
        Some("gender") => &["F", "M", "U"],
        Some("city") => &[
            "Reykjavík, Capital Region",
            "Akureyri, Northeast",
            "København, Hovedstaden",
        ],
        Some("country") => &["IS", "DK", "DE", "JP"],
        _ => {
            return Err(GraphError::parameter(
                "breakdown must be one of the following values: age, city, country, gender",
            ));
        }
    };
    let results: Vec<Value> = names
        .iter()
        .map(|name| {
            let value = number(reader.world.seed, &[&node.id, metric, name], 20, 600);
            json!({ "dimension_values": [name], "value": value })
        })
        .collect();
    let keys = [parameter(place, "breakdown").unwrap_or_default()];
    Ok(Some(json!({
        "name": metric,
        "period": "lifetime",
        "title": title(metric),
        "description": format!("{} of the account.", title(metric)),
        "total_value": { "breakdowns": [{ "dimension_keys": keys, "results": results }] },
        "id": format!("{}/insights/{metric}/lifetime", node.id),
    })))
}
