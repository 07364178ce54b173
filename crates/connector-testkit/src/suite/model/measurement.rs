//! What a number of a day must be.

use chrono::NaiveDate;
use connector_core::model::{
    AdMetric, CommonMetric, ContentMetric, Measurement, Metric, MetricUnit,
};

use super::{Horizon, id, id_or_none};
use crate::outcome::{Failure, ensure};

pub(super) fn metric_is_valid(metric: &Metric, horizon: Horizon) -> Result<(), Failure> {
    id_or_none("subject", metric.subject_external_id.as_deref())?;
    measurement_is_valid(&metric.measurement, horizon)
}

pub(super) fn content_metric_is_valid(
    metric: &ContentMetric,
    horizon: Horizon,
) -> Result<(), Failure> {
    id("content", &metric.content_external_id)?;
    measurement_is_valid(&metric.measurement, horizon)
}

pub(super) fn ad_metric_is_valid(metric: &AdMetric, horizon: Horizon) -> Result<(), Failure> {
    id("advertising account", &metric.account_external_id)?;
    id_or_none("campaign", metric.campaign_external_id.as_deref())?;
    id_or_none("ad group", metric.ad_group_external_id.as_deref())?;
    id_or_none("advertisement", metric.ad_external_id.as_deref())?;
    measurement_is_valid(&metric.measurement, horizon)
}

fn measurement_is_valid(measurement: &Measurement, horizon: Horizon) -> Result<(), Failure> {
    let Measurement {
        date,
        value,
        unit,
        currency,
        ..
    } = measurement;
    id("measurement's name", &measurement.name)?;
    ensure!(value.is_finite(), "the value is {value}");
    ensure!(
        (*unit == MetricUnit::Money) == currency.is_some(),
        "the unit is {unit:?} and the currency {currency:?}"
    );
    ensure!(
        *unit != MetricUnit::Position || *value >= 1.0,
        "a place of {value}: places count from 1"
    );
    if let Some(common) = measurement.common {
        let meant = unit_of(common);
        ensure!(*unit == meant, "{common:?} in {unit:?}: it is {meant:?}");
    }
    let earliest = NaiveDate::from_ymd_opt(1990, 1, 1);
    ensure!(
        Some(*date) >= earliest && *date <= horizon.counted,
        "the day is {date}"
    );
    let zone = measurement.time_zone.as_deref();
    let is_name = |zone: &str| {
        zone.starts_with(|letter: char| letter.is_ascii_alphabetic()) && !zone.contains(' ')
    };
    ensure!(zone.is_none_or(is_name), "{zone:?} is no zone's name");
    for name in measurement.dimensions.keys() {
        id("dimension's name", name)?;
    }
    id_or_none(
        "attribution window",
        measurement.attribution_window.as_deref(),
    )
}

/// What a common name is a number of, wherever it comes from.
fn unit_of(common: CommonMetric) -> MetricUnit {
    match common {
        CommonMetric::Spend | CommonMetric::Revenue | CommonMetric::ConversionValue => {
            MetricUnit::Money
        }
        CommonMetric::ClickThroughRate | CommonMetric::ConversionRate => MetricUnit::Ratio,
        CommonMetric::AveragePosition => MetricUnit::Position,
        CommonMetric::WatchTime => MetricUnit::Seconds,
        _ => MetricUnit::Count,
    }
}
