//! Numbers of pages and posts, and of what is on Instagram, as measurements.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use connector_core::model::{CommonMetric, ContentMetric, Measurement, Metric, MetricUnit};
use connector_core::{Model, Record, Skipped};
use serde_json::Value;

use super::Mapped;
use crate::api::{Insight, PostWithMetrics};
use crate::pacific;

/// For how long Facebook still counts a day.
const SETTLES_IN: TimeDelta = TimeDelta::days(3);

/// For how long Instagram does: its numbers lag by up to two days.
const LAGS: TimeDelta = TimeDelta::days(2);

/// What of Instagram is in milliseconds.
const MILLISECONDS: [&str; 2] = ["ig_reels_avg_watch_time", "ig_reels_video_view_total_time"];

/// What the numbers mean elsewhere, where that is the same: `*_media_view`, and `views` on Instagram,
/// count how often something was shown or played, `*_media_view_unique` and `reach` to how many.
/// `follower_count` of a day is of those who began to follow.
fn common(name: &str) -> Option<CommonMetric> {
    Some(match name {
        "page_media_view" | "post_media_view" | "views" => CommonMetric::Impressions,
        "page_total_media_view_unique" | "post_total_media_view_unique" | "reach" => {
            CommonMetric::Reach
        }
        "page_follows" => CommonMetric::Followers,
        "page_daily_follows_unique" | "follower_count" => CommonMetric::NewFollowers,
        "page_video_views" | "post_video_views" => CommonMetric::Views,
        "post_clicks" => CommonMetric::Clicks,
        "website_clicks" => CommonMetric::LinkClicks,
        "likes" => CommonMetric::Likes,
        "comments" => CommonMetric::Comments,
        "shares" => CommonMetric::Shares,
        "saved" | "saves" => CommonMetric::Saves,
        "ig_reels_video_view_total_time" => CommonMetric::WatchTime,
        _ => return None,
    })
}

/// The days of one of a page's numbers. `now` says which of them are still counted.
#[must_use]
pub fn page_metrics(page: &str, insight: Insight, now: DateTime<Utc>) -> Vec<Mapped> {
    days(page, insight, now, SETTLES_IN)
}

/// One of the numbers of an account of Instagram: the days of a series, or the total that is of `day`.
/// `now` says which of them are still counted.
#[must_use]
pub fn account_metrics(
    account: &str,
    insight: Insight,
    day: NaiveDate,
    now: DateTime<Utc>,
) -> Vec<Mapped> {
    let Some(total) = insight.total_value else {
        return days(account, insight, now, LAGS);
    };
    let end = pacific::begin(day + TimeDelta::days(1));
    of_day(account, &insight.name, day, total.value, now - end < LAGS)
}

/// The days of a series.
fn days(subject: &str, insight: Insight, now: DateTime<Utc>, settles: TimeDelta) -> Vec<Mapped> {
    let name = insight.name;
    let day = |value: crate::api::InsightValue| {
        let Some(end) = value.end_time else {
            return vec![Err(skipped(subject, &name, "a value of it has no day"))];
        };
        // The end of a day is midnight in Los Angeles, which is in the morning of the next day here.
        let date = end.date_naive() - TimeDelta::days(1);
        of_day(subject, &name, date, value.value, now - end < settles)
    };
    insight.values.into_iter().flat_map(day).collect()
}

/// What was counted on a day in Los Angeles.
fn of_day(
    subject: &str,
    name: &str,
    date: NaiveDate,
    value: Value,
    provisional: bool,
) -> Vec<Mapped> {
    measurements(subject, name, date, value)
        .into_iter()
        .map(|measured| {
            let mut measurement = measured?;
            measurement.time_zone = Some(pacific::ZONE.to_owned());
            measurement.provisional = provisional;
            let id = measurement.external_id(subject);
            let metric = Metric {
                subject_external_id: Some(subject.to_owned()),
                measurement,
            };
            Ok(Record::upsert(id, None, Model::Metric(Box::new(metric))))
        })
        .collect()
}

/// The numbers of a post over its life, as of the day on which they are read.
#[must_use]
pub fn post_metrics(post: PostWithMetrics, read_on: NaiveDate) -> Vec<Mapped> {
    let insights = post.insights.into_iter().flat_map(|insights| insights.data);
    insights
        .flat_map(|insight| medium_metrics(&post.id, insight, read_on))
        .collect()
}

/// One of the numbers of something that was published, over its life, as of the day on which it is
/// read.
#[must_use]
pub fn medium_metrics(content: &str, insight: Insight, read_on: NaiveDate) -> Vec<Mapped> {
    let name = insight.name;
    let values = insight.values.into_iter();
    let measured = values.flat_map(|value| measurements(content, &name, read_on, value.value));
    measured
        .map(|measured| {
            let mut measurement = measured?;
            measurement.time_zone = Some("UTC".to_owned());
            let id = measurement.external_id(content);
            let metric = ContentMetric {
                content_external_id: content.to_owned(),
                measurement,
            };
            Ok(Record::upsert(
                id,
                None,
                Model::ContentMetric(Box::new(metric)),
            ))
        })
        .collect()
}

/// One value: a number, or several by what they were split by. Null is no measurement.
fn measurements(
    subject: &str,
    name: &str,
    date: NaiveDate,
    value: Value,
) -> Vec<Result<Measurement, Skipped>> {
    let count = |value: &Value| {
        let number = value.as_f64().filter(|number| number.is_finite());
        let number = number.ok_or_else(|| skipped(subject, name, "a value of it is no number"))?;
        let mut measurement = Measurement::count(date, name, number);
        measurement.common = common(name);
        if MILLISECONDS.contains(&name) {
            measurement.unit = MetricUnit::Seconds;
            measurement.value /= 1_000.0;
        }
        Ok(measurement)
    };
    match value {
        Value::Null => Vec::new(),
        Value::Object(parts) => parts
            .iter()
            .map(|(part, value)| {
                let mut measurement = count(value)?;
                // A part is not the whole that the common name means.
                measurement.common = None;
                measurement
                    .dimensions
                    .insert("type".to_owned(), part.clone());
                Ok(measurement)
            })
            .collect(),
        value => vec![count(&value)],
    }
}

fn skipped(subject: &str, name: &str, reason: &str) -> Skipped {
    Skipped {
        external_id: Some(format!("{subject}/{name}")),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use connector_core::Change;

    use super::*;

    fn days(json: &str) -> Vec<Record> {
        let now = "2026-11-04T12:00:00Z".parse().unwrap();
        let mapped = page_metrics("1", serde_json::from_str(json).unwrap(), now);
        mapped.into_iter().map(Result::unwrap).collect()
    }

    fn measurement(record: &Record) -> &Measurement {
        match &record.change {
            Change::Upsert(Model::Metric(metric)) => &metric.measurement,
            Change::Upsert(Model::ContentMetric(metric)) => &metric.measurement,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_end_of_a_day_is_not_the_day() {
        // In winter time and in summer time.
        let records = days(
            r#"{"name":"page_media_view","period":"day","values":[{"value":12,"end_time":"2026-11-02T08:00:00+0000"},{"value":9,"end_time":"2026-10-31T07:00:00+0000"},{"value":null,"end_time":"2026-10-30T07:00:00+0000"}]}"#,
        );
        let ids: Vec<&str> = records.iter().map(|it| it.external_id.as_str()).collect();
        assert_eq!(
            ids,
            [
                "1/2026-11-01/page_media_view",
                "1/2026-10-30/page_media_view"
            ]
        );
        let provisional: Vec<bool> = records
            .iter()
            .map(|it| measurement(it).provisional)
            .collect();
        assert_eq!(provisional, [true, false]);
        assert_eq!(
            measurement(&records[0]).common,
            Some(CommonMetric::Impressions)
        );
    }

    #[test]
    fn numbers_by_type_are_several_and_none_of_them_is_the_whole() {
        let post: PostWithMetrics = serde_json::from_str(r#"{"id":"1_2","insights":{"data":[{"name":"post_reactions_by_type_total","period":"lifetime","values":[{"value":{"like":4,"love":1}}]},{"name":"post_clicks","values":[{"value":"x"}]}]}}"#).unwrap();
        let date = NaiveDate::from_ymd_opt(2026, 11, 4).unwrap();
        let mapped = post_metrics(post, date);
        let good: Vec<&Record> = mapped.iter().filter_map(|it| it.as_ref().ok()).collect();
        assert_eq!(good.len(), 2);
        assert_eq!(
            good[0].external_id,
            "1_2/2026-11-04/post_reactions_by_type_total/type=like"
        );
        assert_eq!(measurement(good[0]).common, None);
        let odd = mapped[2].as_ref().unwrap_err();
        assert_eq!(odd.external_id.as_deref(), Some("1_2/post_clicks"));
    }

    #[test]
    fn the_total_of_a_day_is_of_the_day_that_was_asked_for() {
        let day: NaiveDate = "2026-11-01".parse().unwrap();
        let total = |json: &str, now: &str| {
            let insight = serde_json::from_str(json).unwrap();
            account_metrics("9", insight, day, now.parse().unwrap())
        };
        let reach = r#"{"name":"reach","period":"day","total_value":{"value":40}}"#;
        // The day ends at eight on the 2nd, as clocks changed on it.
        let young = total(reach, "2026-11-04T07:59:59Z");
        let record = young[0].as_ref().unwrap();
        assert_eq!(record.external_id, "9/2026-11-01/reach");
        assert!(measurement(record).provisional);
        assert_eq!(measurement(record).common, Some(CommonMetric::Reach));
        let old = total(reach, "2026-11-04T08:00:00Z");
        assert!(!measurement(old[0].as_ref().unwrap()).provisional);
        let series = r#"{"name":"follower_count","values":[{"value":3,"end_time":"2026-10-31T07:00:00+0000"}]}"#;
        let series = total(series, "2026-11-04T08:00:00Z");
        let record = series[0].as_ref().unwrap();
        assert_eq!(record.external_id, "9/2026-10-30/follower_count");
        assert_eq!(measurement(record).common, Some(CommonMetric::NewFollowers));
    }

    #[test]
    fn time_that_was_watched_is_in_seconds() {
        let insight = r#"{"name":"ig_reels_video_view_total_time","period":"lifetime","values":[{"value":61500}]}"#;
        let day: NaiveDate = "2026-11-04".parse().unwrap();
        let mapped = medium_metrics("18", serde_json::from_str(insight).unwrap(), day);
        let watched = measurement(mapped[0].as_ref().unwrap());
        assert_eq!(watched.unit, MetricUnit::Seconds);
        assert_eq!(watched.common, Some(CommonMetric::WatchTime));
        assert!((watched.value - 61.5).abs() < f64::EPSILON);
    }
}
