//! Rows of `YouTube`'s reports as numbers of videos.

use chrono::{NaiveDate, TimeDelta};
use connector_core::Record;
use connector_core::model::{CommonMetric, ContentMetric, Measurement, MetricUnit, Model};
use serde_json::Value;

use super::{Mapped, Skipped};
use crate::api::ColumnHeader;

/// What is asked of `YouTube`: its name there, its unit, what one of it is in that unit, and what it is
/// called elsewhere. (Analytics API v2, "Metrics", read in November 2026.)
pub const METRICS: &[(&str, MetricUnit, f64, Option<CommonMetric>)] = &[
    ("views", MetricUnit::Count, 1.0, Some(CommonMetric::Views)),
    (
        "estimatedMinutesWatched",
        MetricUnit::Seconds,
        60.0,
        Some(CommonMetric::WatchTime),
    ),
    ("averageViewDuration", MetricUnit::Seconds, 1.0, None),
    // In percent.
    ("averageViewPercentage", MetricUnit::Ratio, 0.01, None),
    ("likes", MetricUnit::Count, 1.0, Some(CommonMetric::Likes)),
    (
        "comments",
        MetricUnit::Count,
        1.0,
        Some(CommonMetric::Comments),
    ),
    ("shares", MetricUnit::Count, 1.0, Some(CommonMetric::Shares)),
    (
        "subscribersGained",
        MetricUnit::Count,
        1.0,
        Some(CommonMetric::NewFollowers),
    ),
    ("subscribersLost", MetricUnit::Count, 1.0, None),
];

/// Where `YouTube`'s days begin.
const ZONE: &str = "America/Los_Angeles";

/// For how long a day's numbers still move.
const SETTLED: TimeDelta = TimeDelta::days(3);

/// A video's numbers of a day. What the row doesn't have is left out.
#[must_use]
pub fn video_row(
    row: &[Value],
    columns: &[ColumnHeader],
    day: NaiveDate,
    today: NaiveDate,
) -> Vec<Mapped> {
    let cell = |name: &str| {
        let at = columns.iter().position(|column| column.name == name)?;
        row.get(at)
    };
    let Some(video) = cell("video")
        .and_then(Value::as_str)
        .filter(|id| !id.is_empty())
    else {
        return vec![Err(Skipped::new(
            "",
            "a row that doesn't say which video it is of",
        ))];
    };
    METRICS
        .iter()
        .filter_map(|(name, unit, factor, common)| {
            let value = cell(name).filter(|value| !value.is_null())?;
            let Some(value) = value.as_f64() else {
                return Some(Err(Skipped::new(
                    video,
                    format_args!("{name} is no number"),
                )));
            };
            let measurement = Measurement {
                time_zone: Some(ZONE.to_owned()),
                common: *common,
                unit: *unit,
                provisional: today - day <= SETTLED,
                ..Measurement::count(day, *name, value * factor)
            };
            Some(Ok(Record::upsert(
                measurement.external_id(video),
                None,
                Model::ContentMetric(Box::new(ContentMetric {
                    content_external_id: video.to_owned(),
                    measurement,
                })),
            )))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use connector_core::Change;
    use serde_json::json;

    use super::*;

    fn columns(names: &[&str]) -> Vec<ColumnHeader> {
        let column = |name: &&str| ColumnHeader {
            name: (*name).to_owned(),
        };
        names.iter().map(column).collect()
    }

    #[test]
    fn columns_are_found_by_name_and_minutes_become_seconds() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 16).unwrap();
        let row = [json!(2), json!("v"), json!(50.0), json!("many"), json!(7)];
        let columns = columns(&[
            "estimatedMinutesWatched",
            "video",
            "averageViewPercentage",
            "likes",
            "new",
        ]);
        let mapped = video_row(&row, &columns, day, day + TimeDelta::days(4));
        assert_eq!(mapped.len(), 3);
        let of = |at: usize| match mapped[at].clone().unwrap().change {
            Change::Upsert(Model::ContentMetric(metric)) => metric.measurement,
            other => panic!("{other:?}"),
        };
        let watched = of(0);
        assert!((watched.value - 120.0).abs() < 1e-9 && !watched.provisional);
        assert_eq!(
            (watched.unit, watched.common),
            (MetricUnit::Seconds, Some(CommonMetric::WatchTime))
        );
        assert!((of(1).value - 0.5).abs() < 1e-9);
        assert!(mapped[2].as_ref().unwrap_err().reason.contains("likes"));
        assert!(video_row(&row[..1], &columns, day, day)[0].is_err());
    }
}
