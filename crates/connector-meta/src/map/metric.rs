//! Numbers of pages and posts as measurements.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use connector_core::model::{CommonMetric, ContentMetric, Measurement, Metric};
use connector_core::{Model, Record, Skipped};
use serde_json::Value;

use super::Mapped;
use crate::api::{Insight, PostWithMetrics};

/// Where the days of a page begin (developers.facebook.com, "Page insights").
const PACIFIC: &str = "America/Los_Angeles";

/// For how long Facebook still counts a day.
const SETTLES_IN: TimeDelta = TimeDelta::days(3);

/// What the numbers of pages and posts mean elsewhere, where that is the same: `*_media_view` counts
/// how often something was shown or played, `*_media_view_unique` to how many.
fn common(name: &str) -> Option<CommonMetric> {
    Some(match name {
        "page_media_view" | "post_media_view" => CommonMetric::Impressions,
        "page_total_media_view_unique" | "post_total_media_view_unique" => CommonMetric::Reach,
        "page_follows" => CommonMetric::Followers,
        "page_daily_follows_unique" => CommonMetric::NewFollowers,
        "page_video_views" | "post_video_views" => CommonMetric::Views,
        "post_clicks" => CommonMetric::Clicks,
        _ => return None,
    })
}

/// The days of one of a page's numbers. `now` says which of them are still counted.
#[must_use]
pub fn page_metrics(page: &str, insight: Insight, now: DateTime<Utc>) -> Vec<Mapped> {
    let name = insight.name;
    let day = |value: crate::api::InsightValue| {
        let Some(end) = value.end_time else {
            return vec![Err(skipped(page, &name, "a value of it has no day"))];
        };
        // The end of a day is midnight in Los Angeles, which is in the morning of the next day here.
        let date = end.date_naive() - TimeDelta::days(1);
        let provisional = now - end < SETTLES_IN;
        measurements(page, &name, date, value.value)
            .into_iter()
            .map(|measured| {
                let mut measurement = measured?;
                measurement.time_zone = Some(PACIFIC.to_owned());
                measurement.provisional = provisional;
                let id = measurement.external_id(page);
                let metric = Metric {
                    subject_external_id: Some(page.to_owned()),
                    measurement,
                };
                Ok(Record::upsert(id, None, Model::Metric(Box::new(metric))))
            })
            .collect()
    };
    insight.values.into_iter().flat_map(day).collect()
}

/// The numbers of a post over its life, as of the day on which they are read.
#[must_use]
pub fn post_metrics(post: PostWithMetrics, read_on: NaiveDate) -> Vec<Mapped> {
    let id = post.id;
    let insights = post.insights.map(|insights| insights.data);
    let of = |insight: Insight| {
        let name = insight.name;
        let values = insight.values.into_iter();
        values
            .flat_map(|value| measurements(&id, &name, read_on, value.value))
            .collect::<Vec<_>>()
    };
    let measured = insights.into_iter().flatten().flat_map(of);
    measured
        .map(|measured| {
            let mut measurement = measured?;
            measurement.time_zone = Some("UTC".to_owned());
            let metric = ContentMetric {
                content_external_id: id.clone(),
                measurement,
            };
            let id = metric.measurement.external_id(&id);
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
}
