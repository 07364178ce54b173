//! Days of the account and of pins as measurements.
//!
//! Names are Pinterest's own, in upper case. What they mean: help.pinterest.com, "Pinterest Analytics
//! definitions", and the descriptions of API v5, read in November 2026.

use connector_core::model::{Caveat, CommonMetric, ContentMetric, Measurement, Metric, MetricUnit};
use connector_core::{Model, Record, Skipped};
use serde_json::Value;

use super::Mapped;
use crate::api::Day;

/// What a number means elsewhere, where that is the same: a pin click is one of any kind, an outbound
/// click leads away, a pin click rate is pin clicks by impressions.
fn common(name: &str) -> Option<CommonMetric> {
    Some(match name {
        "IMPRESSION" => CommonMetric::Impressions,
        "PIN_CLICK" => CommonMetric::Clicks,
        "OUTBOUND_CLICK" => CommonMetric::LinkClicks,
        "PIN_CLICK_RATE" => CommonMetric::ClickThroughRate,
        "SAVE" => CommonMetric::Saves,
        _ => return None,
    })
}

/// What a number is a number of. Rates are parts of 1; the unit of watch times isn't documented.
fn unit(name: &str) -> MetricUnit {
    match name {
        "IMPRESSION"
        | "PIN_CLICK"
        | "OUTBOUND_CLICK"
        | "SAVE"
        | "ENGAGEMENT"
        | "VIDEO_START"
        | "VIDEO_MRC_VIEW"
        | "VIDEO_10S_VIEW"
        | "QUARTILE_95_PERCENT_VIEW"
        | "TOTAL_COMMENTS"
        | "TOTAL_REACTIONS"
        | "USER_FOLLOW"
        | "PROFILE_VISIT" => MetricUnit::Count,
        rate if rate.ends_with("_RATE") => MetricUnit::Ratio,
        _ => MetricUnit::Other,
    }
}

/// A day of the account.
#[must_use]
pub fn account_day(day: &Day) -> Vec<Mapped> {
    records("account", day, |measurement| {
        Model::Metric(Box::new(Metric {
            subject_external_id: None,
            measurement,
        }))
    })
}

/// A day of a pin.
#[must_use]
pub fn pin_day(pin: &str, day: &Day) -> Vec<Mapped> {
    records(pin, day, |measurement| {
        Model::ContentMetric(Box::new(ContentMetric {
            content_external_id: pin.to_owned(),
            measurement,
        }))
    })
}

fn records(subject: &str, day: &Day, model: impl Fn(Measurement) -> Model) -> Vec<Mapped> {
    let provisional = day.is_provisional();
    let estimated = day.data_status.as_deref() == Some("ESTIMATE");
    let numbers = day.metrics.iter().filter(|(_, value)| !value.is_null());
    numbers
        .map(|(name, value)| {
            let value = number(value).ok_or_else(|| {
                let id = format!("{subject}/{}/{name}", day.date);
                Skipped::new(&id, "its value is no number")
            })?;
            let mut measurement = Measurement::count(day.date, name, value);
            measurement.time_zone = Some("UTC".to_owned());
            measurement.common = common(name);
            measurement.unit = unit(name);
            measurement.provisional = provisional;
            measurement
                .caveats
                .extend(estimated.then_some(Caveat::Estimated));
            let id = measurement.external_id(subject);
            Ok(Record::upsert(id, None, model(measurement)))
        })
        .collect()
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use connector_core::Change;

    use super::*;

    fn day(json: &str) -> Vec<Mapped> {
        account_day(&serde_json::from_str(json).unwrap())
    }

    fn measurement(mapped: &Mapped) -> &Measurement {
        match mapped.as_ref().map(|record| &record.change) {
            Ok(Change::Upsert(Model::Metric(metric))) => &metric.measurement,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_day_keeps_its_names_and_says_how_far_it_is_to_be_trusted() {
        let estimate = day(
            r#"{"date":"2026-11-01","data_status":"ESTIMATE","metrics":{"IMPRESSION":584.0,"SAVE_RATE":0.01,"VIDEO_AVG_WATCH_TIME":0.0}}"#,
        );
        let ids: Vec<&str> = estimate
            .iter()
            .map(|mapped| mapped.as_ref().unwrap().external_id.as_str())
            .collect();
        assert_eq!(
            ids,
            [
                "account/2026-11-01/IMPRESSION",
                "account/2026-11-01/SAVE_RATE",
                "account/2026-11-01/VIDEO_AVG_WATCH_TIME"
            ]
        );
        let first = measurement(&estimate[0]);
        assert_eq!(first.common, Some(CommonMetric::Impressions));
        assert_eq!(first.time_zone.as_deref(), Some("UTC"));
        assert!(first.provisional && first.caveats == [Caveat::Estimated]);
        let units: Vec<MetricUnit> = estimate.iter().map(|it| measurement(it).unit).collect();
        let expected = [MetricUnit::Count, MetricUnit::Ratio, MetricUnit::Other];
        assert_eq!(units, expected);
    }

    #[test]
    fn words_that_are_not_known_are_final_and_odd_values_are_named() {
        let odd = day(
            r#"{"date":"2026-11-01","data_status":"BEFORE_NEW_THING","metrics":{"IMPRESSION":"many","PIN_CLICK":3,"SAVE":null}}"#,
        );
        assert_eq!(odd.len(), 2);
        let skipped = odd[0].as_ref().unwrap_err();
        assert_eq!(
            skipped.external_id.as_deref(),
            Some("account/2026-11-01/IMPRESSION")
        );
        assert!(!measurement(&odd[1]).provisional);
        assert!(day(r#"{"date":"2026-11-01","data_status":"PROCESSING","metrics":{}}"#).is_empty());
    }
}
