//! `YouTube` Analytics v2: `reports.query`.
//!
//! A report ends with the last day on which all of its metrics exist: two days ago, and three for
//! subscribers. (The data model, in the guide to the Analytics API.)

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Video, YouTube};
use crate::google::params::{PACIFIC, date, put, query_number, today};
use crate::google::refusal::{Outcome, Refusal};
use crate::google::series::{days, level, permille, ratio};
use crate::platform::Call;
use crate::world::World;

/// What was counted of a video.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) views: u64,
    seconds: u64,
    /// Seconds that there would have been if everybody had watched to the end.
    possible: u64,
    pub(super) likes: u64,
    pub(super) comments: u64,
    shares: u64,
    gained: u64,
    lost: u64,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.views += other.views;
        self.seconds += other.seconds;
        self.possible += other.possible;
        self.likes += other.likes;
        self.comments += other.comments;
        self.shares += other.shares;
        self.gained += other.gained;
        self.lost += other.lost;
    }

    fn metric(&self, name: &str) -> Option<Value> {
        Some(match name {
            "views" => self.views.into(),
            "estimatedMinutesWatched" => (self.seconds / 60).into(),
            "averageViewDuration" => self.seconds.checked_div(self.views).unwrap_or(0).into(),
            "averageViewPercentage" => (ratio(self.seconds, self.possible) * 100.0).into(),
            "likes" => self.likes.into(),
            "dislikes" => (self.likes / 30).into(),
            "comments" => self.comments.into(),
            "shares" => self.shares.into(),
            "subscribersGained" => self.gained.into(),
            "subscribersLost" => self.lost.into(),
            _ => return None,
        })
    }
}

/// A video's numbers on a day.
fn counts(id: &str, video: &Video, day: NaiveDate, seed: u64) -> Counts {
    let age = (day - video.published.date_naive()).num_days();
    if age < 0 {
        return Counts::default();
    }
    // Most views come in the first days.
    let fresh = match age {
        0..=3 => 8,
        4..=14 => 3,
        _ => 1,
    };
    let views = level(seed, day, &["youtube", id], video.weight) * fresh;
    let draw = permille(seed, day, &["youtube", id]);
    Counts {
        views,
        seconds: views * (40 + draw / 10),
        possible: views * 220,
        likes: views * (20 + draw / 20) / 1_000,
        comments: views * (draw / 100) / 1_000,
        shares: views * (draw / 80) / 1_000,
        gained: views * (draw / 60) / 1_000,
        lost: views * (draw / 200) / 1_000,
    }
}

/// A video's numbers since it was published.
pub(super) fn lifetime(id: &str, video: &Video, world: &World) -> Counts {
    let mut sum = Counts::default();
    for day in days(video.published.date_naive(), world.now.date_naive()) {
        sum.add(counts(id, video, day, world.seed));
    }
    sum
}

fn bad(message: impl Into<String>) -> Refusal {
    Refusal::invalid(message).because("badRequest")
}

/// What a report is asked to be.
struct Asked {
    dimensions: Vec<String>,
    metrics: Vec<String>,
    first: NaiveDate,
    last: NaiveDate,
    videos: Option<Vec<String>>,
    limit: Option<usize>,
    start: usize,
}

fn list(call: &Call<'_>, name: &str) -> Vec<String> {
    let text = call.query(name).unwrap_or_default();
    let parts = text.split(',').map(str::trim);
    parts
        .filter(|it| !it.is_empty())
        .map(str::to_owned)
        .collect()
}

impl Asked {
    fn read(call: &Call<'_>, now: DateTime<Utc>) -> Outcome<Self> {
        let day = |name: &str| {
            let day = call.query(name).and_then(date);
            day.ok_or_else(|| bad(format!("The {name} must be a date as YYYY-MM-DD.")))
        };
        let (dimensions, metrics) = (list(call, "dimensions"), list(call, "metrics"));
        if metrics.is_empty() {
            return Err(bad("Required parameter: metrics"));
        }
        let unknown = metrics
            .iter()
            .find(|name| Counts::default().metric(name).is_none());
        if let Some(name) = unknown {
            return Err(bad(format!(
                "Unknown identifier ({name}) given in field parameters.metrics."
            )));
        }
        let names: Vec<&str> = dimensions.iter().map(String::as_str).collect();
        if !matches!(names.as_slice(), [] | ["day" | "month" | "video"]) {
            return Err(bad("The query is not supported."));
        }
        let mut videos = None;
        for filter in call.query("filters").unwrap_or_default().split(';') {
            match filter.split_once("==") {
                Some(("video", ids)) => {
                    videos = Some(ids.split(',').map(str::to_owned).collect::<Vec<_>>());
                }
                None if filter.is_empty() => {}
                _ => return Err(bad("The query is not supported.")),
            }
        }
        if videos.as_ref().is_some_and(|videos| videos.len() > 500) {
            return Err(bad("A filter may name 500 videos at most."));
        }
        let number = |name: &str| {
            let number = query_number(call, name)?;
            Ok(number.and_then(|number| usize::try_from(number).ok()))
        };
        let limit = number("maxResults")?;
        // A list of videos is a list of the best ones: it needs an order and an end.
        let best = names == ["video"] && videos.is_none();
        if best && (limit.is_none_or(|limit| limit > 200) || call.query("sort").is_none()) {
            return Err(bad(
                "The query is not supported. A report by video needs sort, and maxResults up to 200.",
            ));
        }
        let slow = metrics.iter().any(|name| name.starts_with("subscribers"));
        let newest = today(PACIFIC, now) - TimeDelta::days(if slow { 3 } else { 2 });
        let (first, last) = (day("startDate")?, day("endDate")?);
        if first > last {
            return Err(bad("The startDate must not be after the endDate."));
        }
        Ok(Self {
            first,
            last: last.min(newest),
            dimensions,
            metrics,
            videos,
            limit,
            start: number("startIndex")?.unwrap_or(1).max(1) - 1,
        })
    }
}

/// `reports.query`.
pub(in crate::google) fn report(
    youtube: &YouTube,
    call: &Call<'_>,
    world: &World,
) -> Outcome<Value> {
    if (call.method.as_str(), call.path) != ("GET", "/v2/reports") {
        return Err(Refusal::not_found("Method not found."));
    }
    let ids = call.query("ids").unwrap_or_default();
    let own = youtube.channel.as_ref().map(|id| format!("channel=={id}"));
    if ids != "channel==MINE" && own.as_deref() != Some(ids) {
        return Err(Refusal::forbidden("Forbidden"));
    }
    let asked = Asked::read(call, world.now)?;
    let mut sums: BTreeMap<String, Counts> = BTreeMap::new();
    for (id, video) in &youtube.videos {
        let wanted = asked.videos.as_ref();
        if wanted.is_some_and(|wanted| !wanted.contains(id)) {
            continue;
        }
        for day in days(asked.first.max(video.published.date_naive()), asked.last) {
            let key = match asked.dimensions.first().map(String::as_str) {
                Some("day") => day.to_string(),
                Some("month") => day.format("%Y-%m").to_string(),
                Some("video") => id.clone(),
                _ => String::new(),
            };
            let counted = counts(id, video, day, world.seed);
            sums.entry(key).or_default().add(counted);
        }
    }
    let mut rows: Vec<(String, Counts)> = sums.into_iter().collect();
    if let Some(sort) = call.query("sort") {
        let (name, down) = sort
            .strip_prefix('-')
            .map_or((sort, false), |name| (name, true));
        if asked.metrics.iter().any(|metric| metric == name) {
            let number = |row: &(String, Counts)| {
                let value = row.1.metric(name).and_then(|value| value.as_f64());
                value.unwrap_or(0.0)
            };
            rows.sort_by(|one, two| number(one).total_cmp(&number(two)));
        } else if !asked.dimensions.iter().any(|dimension| dimension == name) {
            return Err(bad(format!("The sort field {name} isn't in the report.")));
        }
        if down {
            rows.reverse();
        }
    }
    Ok(answer(&asked, &rows))
}

fn answer(asked: &Asked, rows: &[(String, Counts)]) -> Value {
    let mut headers: Vec<Value> = asked
        .dimensions
        .iter()
        .map(|name| json!({"name": name, "columnType": "DIMENSION", "dataType": "STRING"}))
        .collect();
    headers.extend(asked.metrics.iter().map(|name| {
        let kind = if name == "averageViewPercentage" {
            "FLOAT"
        } else {
            "INTEGER"
        };
        json!({"name": name, "columnType": "METRIC", "dataType": kind})
    }));
    let rows: Vec<Value> = rows
        .iter()
        .skip(asked.start)
        .take(asked.limit.unwrap_or(usize::MAX))
        .map(|(key, counts)| {
            let dimensions = asked.dimensions.iter().map(|_| Value::from(key.as_str()));
            let metrics = asked.metrics.iter().filter_map(|name| counts.metric(name));
            dimensions.chain(metrics).collect()
        })
        .collect();
    let mut body = json!({"kind": "youtubeAnalytics#resultTable", "columnHeaders": headers});
    put(&mut body, "rows", (!rows.is_empty()).then_some(rows));
    body
}
