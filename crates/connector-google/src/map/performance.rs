//! Business Profile's daily numbers as metrics.

use chrono::{NaiveDate, TimeDelta};
use connector_core::Record;
use connector_core::model::{CommonMetric, Measurement, Metric, Model};

use super::{Mapped, Skipped};
use crate::api::DatedValue;

/// What is asked of a location, and what it is called elsewhere.
///
/// (Business Profile Performance API v1, `DailyMetric`.) Of those who saw a profile each is counted once a day, so that these impressions
/// are not what other platforms call so; and a food order may be one of several providers.
pub const METRICS: &[(&str, Option<CommonMetric>)] = &[
    ("BUSINESS_IMPRESSIONS_DESKTOP_MAPS", None),
    ("BUSINESS_IMPRESSIONS_DESKTOP_SEARCH", None),
    ("BUSINESS_IMPRESSIONS_MOBILE_MAPS", None),
    ("BUSINESS_IMPRESSIONS_MOBILE_SEARCH", None),
    ("BUSINESS_CONVERSATIONS", Some(CommonMetric::Conversations)),
    (
        "BUSINESS_DIRECTION_REQUESTS",
        Some(CommonMetric::DirectionRequests),
    ),
    ("CALL_CLICKS", Some(CommonMetric::CallClicks)),
    ("WEBSITE_CLICKS", Some(CommonMetric::LinkClicks)),
    ("BUSINESS_BOOKINGS", Some(CommonMetric::Bookings)),
    ("BUSINESS_FOOD_ORDERS", None),
    ("BUSINESS_FOOD_MENU_CLICKS", None),
];

/// How many days it takes until Google has published a day for certain.
const PUBLISHED: TimeDelta = TimeDelta::days(10);

/// One day's number of a location; `None` where there is none yet.
///
/// A value is absent when it is 0, and when it isn't known yet: of the newest days it is left out, and
/// only later it is 0.
#[must_use]
pub fn performance(
    value: DatedValue,
    metric: &str,
    location: &str,
    today: NaiveDate,
) -> Option<Mapped> {
    let Some(date) = value.date.day() else {
        return Some(Err(Skipped::new(location, "the value's day can't be read")));
    };
    let is_new = today - date <= PUBLISHED;
    let count = match value.value {
        Some(count) => count.0,
        None if is_new => return None,
        None => 0,
    };
    let (_, common) = METRICS.iter().find(|(known, _)| *known == metric)?;
    let Ok(count) = u32::try_from(count) else {
        return Some(Err(Skipped::new(location, "the value is no count")));
    };
    let measurement = Measurement {
        common: *common,
        provisional: is_new,
        ..Measurement::count(date, metric, f64::from(count))
    };
    Some(Ok(Record::upsert(
        measurement.external_id(location),
        None,
        Model::Metric(Box::new(Metric {
            subject_external_id: Some(location.to_owned()),
            measurement,
        })),
    )))
}

#[cfg(test)]
mod tests {
    use connector_core::Change;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_absent_value_is_nothing_while_it_is_new_and_zero_later() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let of = |day: u32, value: serde_json::Value| {
            let mut dated = json!({"date": {"year": 2026, "month": 11, "day": day}});
            dated["value"] = value;
            performance(
                serde_json::from_value(dated).unwrap(),
                "CALL_CLICKS",
                "locations/2",
                today,
            )
        };
        assert!(of(15, json!(null)).is_none());
        let number = |mapped: Option<Mapped>| match mapped.unwrap().unwrap().change {
            Change::Upsert(Model::Metric(metric)) => metric.measurement,
            other => panic!("{other:?}"),
        };
        let zero = number(of(9, json!(null)));
        assert!(zero.value.abs() < f64::EPSILON && !zero.provisional);
        let new = number(of(15, json!("7")));
        assert!((new.value - 7.0).abs() < f64::EPSILON && new.provisional);
        assert_eq!(new.common, Some(CommonMetric::CallClicks));
        assert!(of(31, json!("7")).unwrap().is_err());
        assert!(of(9, json!("-7")).unwrap().is_err());
    }
}
