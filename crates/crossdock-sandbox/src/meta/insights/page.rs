//! Insights of pages and of their posts.
//!
//! A day's value carries the *end* of the day in Pacific time. The addresses of the pages before and
//! after are windows of time, and never end. A name that is no metric fails the whole request.
//! (Page Insights reference; the impressions went in 2025-11, the unique reach in 2026-06.)

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};

use super::super::error::{GraphError, Outcome};
use super::super::graph::Node;
use super::super::paging::Place;
use super::super::read::Reader;
use super::super::wire;
use super::{calendar, metrics, number, parameter, time, title};

/// The longest range of one request.
const LONGEST: TimeDelta = TimeDelta::days(90);

/// A page's metrics by day, each with the greatest value of a day.
const PAGE: &[(&str, u64)] = &[
    ("page_actions_post_reactions_like_total", 40),
    ("page_actions_post_reactions_total", 60),
    ("page_daily_follows", 12),
    ("page_daily_follows_unique", 11),
    ("page_daily_unfollows_unique", 4),
    ("page_follows", 3_000),
    ("page_media_view", 4_000),
    ("page_post_engagements", 300),
    ("page_total_actions", 25),
    ("page_total_media_view_unique", 2_200),
    ("page_video_views", 900),
    ("page_views_total", 180),
];

/// A post's metrics over its life.
const POST: &[(&str, u64)] = &[
    ("post_activity_by_action_type", 80),
    ("post_clicks", 160),
    ("post_clicks_by_type", 160),
    ("post_media_view", 5_000),
    ("post_reactions_by_type_total", 120),
    ("post_reactions_like_total", 90),
    ("post_reactions_love_total", 30),
    ("post_total_media_view_unique", 3_500),
    ("post_video_views", 1_200),
];

/// The periods that a page's metrics can be asked for.
const PERIODS: &[&str] = &[
    "day",
    "week",
    "days_28",
    "month",
    "lifetime",
    "total_over_range",
];

/// The range of days that is asked for.
struct Window {
    since: DateTime<Utc>,
    until: DateTime<Utc>,
}

/// `GET /{page}/insights`.
pub(super) fn read(reader: &Reader<'_>, node: &Node, place: Place<'_>) -> Outcome<Value> {
    let asked = known(place, PAGE)?;
    let period = parameter(place, "period").unwrap_or("day");
    if !PERIODS.contains(&period) {
        return Err(GraphError::parameter(format!(
            "Param period must be one of {{{}}} - got \"{period}\".",
            PERIODS.join(", ")
        )));
    }
    let window = window(reader, place)?;
    let split = parameter(place, "breakdown") == Some("is_from_ads");
    let data: Vec<Value> = asked
        .iter()
        .filter_map(|(metric, most)| {
            let values = values(reader, node, metric, *most, period, split, &window)?;
            Some(json!({
                "name": metric,
                "period": period,
                "values": values,
                "title": title(metric),
                "description": format!("{} of the Page.", title(metric)),
                "id": format!("{}/insights/{metric}/{period}", node.id),
            }))
        })
        .collect();
    Ok(json!({ "data": data, "paging": neighbours(place, &window) }))
}

/// The values of a metric; `None` where it isn't counted by this period.
fn values(
    reader: &Reader<'_>,
    node: &Node,
    metric: &str,
    most: u64,
    period: &str,
    split: bool,
    window: &Window,
) -> Option<Vec<Value>> {
    let length = match period {
        "day" => 1,
        "week" => 7,
        "days_28" => 28,
        "total_over_range" => 0,
        _ => return None,
    };
    let days = days(window, reader.now());
    if length == 0 {
        let sum: u64 = days
            .iter()
            .map(|day| value(reader, node, metric, most, *day))
            .sum();
        return Some(vec![json!({ "value": sum })]);
    }
    let mut values = Vec::new();
    for day in days {
        let end = wire::time(calendar::begin(day + TimeDelta::days(1)));
        // Followers are a level, the others a sum of days.
        let sum: u64 = if metric == "page_follows" {
            value(reader, node, metric, most, day)
        } else {
            (0..length)
                .map(|back| value(reader, node, metric, most, day - TimeDelta::days(back)))
                .sum()
        };
        if split && metric == "page_media_view" {
            let paid = sum / 5;
            values.push(json!({ "value": sum - paid, "end_time": end, "is_from_ads": "0" }));
            values.push(json!({ "value": paid, "end_time": end, "is_from_ads": "1" }));
        } else {
            values.push(json!({ "value": sum, "end_time": end }));
        }
    }
    Some(values)
}

/// A day's value. For two days it is still being counted.
fn value(reader: &Reader<'_>, node: &Node, metric: &str, most: u64, day: NaiveDate) -> u64 {
    let seed = reader.world.seed;
    let text = day.to_string();
    if metric == "page_follows" {
        let since = day.signed_duration_since(NaiveDate::default()).num_days();
        return most
            + u64::try_from(since).unwrap_or(0) / 10
            + number(seed, &[&node.id, metric], 0, 500);
    }
    let whole = number(seed, &[&node.id, metric, &text], 0, most);
    let age = reader.now() - calendar::begin(day + TimeDelta::days(1));
    if age < TimeDelta::days(2) {
        whole - whole / 10
    } else {
        whole
    }
}

/// The days of a window that have ended.
fn days(window: &Window, now: DateTime<Utc>) -> Vec<NaiveDate> {
    let first = calendar::day_of(window.since);
    first
        .iter_days()
        .take_while(|day| {
            let end = calendar::begin(*day + TimeDelta::days(1));
            end <= window.until && end <= now
        })
        .collect()
}

fn window(reader: &Reader<'_>, place: Place<'_>) -> Outcome<Window> {
    let pacific = |name: &str| -> Outcome<Option<DateTime<Utc>>> {
        // A date means its beginning in Pacific time; seconds mean themselves.
        let date = parameter(place, name).and_then(|text| text.parse::<NaiveDate>().ok());
        match date {
            Some(date) => Ok(Some(calendar::begin(date))),
            None => time(place, name),
        }
    };
    let today = calendar::begin(calendar::day_of(reader.now()));
    let until = pacific("until")?.unwrap_or(today);
    let since = pacific("since")?.unwrap_or(until - TimeDelta::days(2));
    if since > until {
        return Err(GraphError::parameter(
            "since param is not a date before until",
        ));
    }
    // A range over the change of the clocks has an hour more.
    if until - since > LONGEST + TimeDelta::hours(1) {
        return Err(GraphError::parameter(format!(
            "There cannot be more than 90 days ({} s) between since and until",
            LONGEST.num_seconds()
        )));
    }
    Ok(Window { since, until })
}

/// The windows before and after, whether anything is in them or not.
fn neighbours(place: Place<'_>, window: &Window) -> Value {
    let length = (window.until - window.since).max(TimeDelta::days(1));
    let address = |since: DateTime<Utc>, until: DateTime<Utc>| {
        place.address(&[
            ("since", &since.timestamp().to_string()),
            ("until", &until.timestamp().to_string()),
        ])
    };
    json!({
        "previous": address(window.since - length, window.since),
        "next": address(window.until, window.until + length),
    })
}

/// The metrics that are asked for, all of which must exist.
fn known(place: Place<'_>, all: &'static [(&str, u64)]) -> Outcome<Vec<(&'static str, u64)>> {
    let asked = metrics(place);
    if asked.is_empty() {
        return Err(GraphError::parameter("The parameter metric is required"));
    }
    asked
        .iter()
        .map(|name| {
            all.iter()
                .find(|(known, _)| known == name)
                .copied()
                .ok_or_else(|| GraphError::parameter("The value must be a valid insights metric"))
        })
        .collect()
}

/// `GET /{post}/insights`: values over the post's life, which grow for a month.
pub(super) fn post(reader: &Reader<'_>, node: &Node, place: Place<'_>) -> Outcome<Value> {
    let asked = known(place, POST)?;
    let period = parameter(place, "period").unwrap_or("lifetime");
    let data: Vec<Value> = asked
        .iter()
        .filter(|_| period == "lifetime")
        .map(|(metric, most)| {
            let whole = number(reader.world.seed, &[&node.id, metric], 0, *most);
            let total = grown(whole, node.time("created_time"), reader.now());
            let value = match *metric {
                "post_reactions_by_type_total" => {
                    json!({ "like": total - total / 3, "love": total / 3 })
                }
                "post_clicks_by_type" => {
                    json!({ "link clicks": total / 2, "other clicks": total - total / 2 })
                }
                "post_activity_by_action_type" => {
                    json!({ "like": total / 2, "share": total / 10, "comment": total / 8 })
                }
                _ => total.into(),
            };
            json!({
                "name": metric,
                "period": "lifetime",
                "values": [{ "value": value }],
                "title": title(metric),
                "description": format!("Lifetime: {} of the post.", title(metric)),
                "id": format!("{}/insights/{metric}/lifetime", node.id),
            })
        })
        .collect();
    Ok(json!({ "data": data }))
}

/// How much of a total there is at an age: most of it on the first day, all after a month. It grows at
/// midnight UTC, as every other number does, so that a sync that is repeated finds nothing new.
pub(super) fn grown(whole: u64, since: Option<DateTime<Utc>>, now: DateTime<Utc>) -> u64 {
    const MONTH: u64 = 30;
    let Some(since) = since else {
        return whole;
    };
    let days = (now.date_naive() - since.date_naive()).num_days();
    let days = u64::try_from(days).unwrap_or(0);
    whole.saturating_mul(days.min(MONTH) + MONTH) / (2 * MONTH)
}
