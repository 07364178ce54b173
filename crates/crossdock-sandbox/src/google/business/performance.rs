//! What people did with a location on Search and Maps, day by day.
//!
//! A value is absent when it is 0, data reach back eighteen months, and the days nearest to today
//! are missing. (Business Profile Performance API v1, `TimeSeries`.)

use chrono::{DateTime, Datelike as _, Months, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};

use super::Location;
use crate::google::params::{PACIFIC, put, query_number, today};
use crate::google::refusal::{Outcome, Refusal};
use crate::google::series::{days, level};
use crate::platform::Call;
use crate::world::World;

/// The metrics, and how strong each is against an impression, in thousandths.
static METRICS: &[(&str, u64)] = &[
    ("BUSINESS_IMPRESSIONS_DESKTOP_MAPS", 300),
    ("BUSINESS_IMPRESSIONS_DESKTOP_SEARCH", 900),
    ("BUSINESS_IMPRESSIONS_MOBILE_MAPS", 1_000),
    ("BUSINESS_IMPRESSIONS_MOBILE_SEARCH", 1_400),
    ("BUSINESS_CONVERSATIONS", 5),
    ("BUSINESS_DIRECTION_REQUESTS", 60),
    ("CALL_CLICKS", 40),
    ("WEBSITE_CLICKS", 90),
    ("MESSAGING_CLICKS", 5),
    ("BUSINESS_BOOKINGS", 25),
    ("BUSINESS_FOOD_ORDERS", 0),
    ("BUSINESS_FOOD_MENU_CLICKS", 0),
];

/// The range of days that is asked for.
struct Range(NaiveDate, NaiveDate);

fn range(call: &Call<'_>) -> Outcome<Range> {
    let day = |which: &str| {
        let part = |part: &str| query_number(call, &format!("dailyRange.{which}.{part}"));
        let (year, month, day) = (part("year")?, part("month")?, part("day")?);
        let read = || {
            let year = i32::try_from(year?).ok()?;
            let (month, day) = (u32::try_from(month?).ok()?, u32::try_from(day?).ok()?);
            NaiveDate::from_ymd_opt(year, month, day)
        };
        read().ok_or_else(|| Refusal::invalid(format!("daily_range.{which} must be a whole date.")))
    };
    let range = Range(day("startDate")?, day("endDate")?);
    if range.0 > range.1 {
        return Err(Refusal::invalid(
            "The start date must not be after the end date.",
        ));
    }
    Ok(range)
}

fn known(metric: &str) -> Outcome<u64> {
    let found = METRICS.iter().find(|(name, _)| *name == metric);
    found
        .map(|(_, share)| *share)
        .ok_or_else(|| Refusal::invalid(format!("Invalid value at 'daily_metrics': \"{metric}\"")))
}

/// `fetchMultiDailyMetricsTimeSeries`.
pub(super) fn multi(
    call: &Call<'_>,
    id: &str,
    location: &Location,
    world: &World,
) -> Outcome<Value> {
    let range = range(call)?;
    let mut metrics: Vec<&str> = Vec::new();
    for metric in call.query_all("dailyMetrics") {
        known(metric)?;
        if !metrics.contains(&metric) {
            metrics.push(metric);
        }
    }
    if metrics.is_empty() {
        return Err(Refusal::invalid("daily_metrics is required."));
    }
    let series: Vec<Value> = metrics
        .iter()
        .map(|metric| {
            let values = values(metric, &range, id, location, world);
            let mut series = json!({"dailyMetric": metric, "timeSeries": {}});
            if let Some(times) = series.get_mut("timeSeries") {
                put(times, "datedValues", (!values.is_empty()).then_some(values));
            }
            series
        })
        .collect();
    Ok(json!({"multiDailyMetricTimeSeries": [{"dailyMetricTimeSeries": series}]}))
}

/// `getDailyMetricsTimeSeries`.
pub(super) fn one(call: &Call<'_>, id: &str, location: &Location, world: &World) -> Outcome<Value> {
    let range = range(call)?;
    let metric = call.query("dailyMetric").unwrap_or_default();
    known(metric)?;
    let values = values(metric, &range, id, location, world);
    let mut times = json!({});
    put(
        &mut times,
        "datedValues",
        (!values.is_empty()).then_some(values),
    );
    Ok(json!({ "timeSeries": times }))
}

/// The last day that there are numbers for: three days ago, or four for what people ask of a place.
fn newest(metric: &str, now: DateTime<Utc>) -> NaiveDate {
    let slow = metric.ends_with("_REQUESTS") || metric.ends_with("_BOOKINGS");
    today(PACIFIC, now) - TimeDelta::days(if slow { 4 } else { 3 })
}

fn values(metric: &str, range: &Range, id: &str, location: &Location, world: &World) -> Vec<Value> {
    let now = world.now;
    let share = known(metric).unwrap_or(0);
    let oldest = today(PACIFIC, now) - Months::new(18);
    let (first, last) = (range.0.max(oldest), range.1.min(newest(metric, now)));
    days(first, last)
        .map(|day| {
            let typical = location.weight * share;
            let value = level(world.seed, day, &["gbp", id, metric], typical) / 1_000;
            let mut dated = json!({
                "date": {"year": day.year(), "month": day.month(), "day": day.day()},
            });
            put(&mut dated, "value", (value > 0).then(|| value.to_string()));
            dated
        })
        .collect()
}
