//! Rows of Analytics' reports as metrics.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use connector_core::Record;
use connector_core::model::{
    Caveat, CommonMetric, Currency, Measurement, Metric, MetricUnit, Model,
};

use super::{Mapped, Skipped};
use crate::api::{Report, ReportRow};

/// What is asked of Analytics, and what it is called elsewhere.
///
/// (Data API v1, "Dimensions & metrics", read in November 2026.) `activeUsers` are those who did more than open a page, `purchaseRevenue` is
/// less what was refunded, and purchases are what the site's tag reports, so none of them is what
/// other platforms call users, revenue or orders.
pub const METRICS: &[(&str, MetricUnit, Option<CommonMetric>)] = &[
    ("sessions", MetricUnit::Count, Some(CommonMetric::Sessions)),
    (
        "engagedSessions",
        MetricUnit::Count,
        Some(CommonMetric::EngagedSessions),
    ),
    ("totalUsers", MetricUnit::Count, Some(CommonMetric::Users)),
    ("activeUsers", MetricUnit::Count, None),
    ("newUsers", MetricUnit::Count, Some(CommonMetric::NewUsers)),
    (
        "screenPageViews",
        MetricUnit::Count,
        Some(CommonMetric::PageViews),
    ),
    ("userEngagementDuration", MetricUnit::Seconds, None),
    (
        KEY_EVENTS,
        MetricUnit::Count,
        Some(CommonMetric::Conversions),
    ),
    ("ecommercePurchases", MetricUnit::Count, None),
    ("purchaseRevenue", MetricUnit::Money, None),
];

const KEY_EVENTS: &str = "keyEvents";

/// Processing takes up to two days (support.google.com/analytics/answer/11198161).
const SETTLED: TimeDelta = TimeDelta::days(3);

/// Key events are credited to channels for up to thirty days (`AttributionSettings`).
const CREDITED: TimeDelta = TimeDelta::days(30);

/// What all rows of a report have in common.
#[derive(Clone, Debug)]
pub struct Traffic {
    property: String,
    dimensions: Vec<String>,
    metrics: Vec<String>,
    currency: Option<Currency>,
    time_zone: Option<String>,
    caveats: Vec<Caveat>,
    today: NaiveDate,
}

impl Traffic {
    /// Of a property's report, read on this day.
    #[must_use]
    pub fn of(property: &str, report: &Report, today: NaiveDate) -> Self {
        let metadata = &report.metadata;
        let code = metadata.currency_code.as_deref();
        let caveats = [
            (!metadata.sampling_metadatas.is_empty(), Caveat::Sampled),
            (metadata.subject_to_thresholding, Caveat::Thresholded),
            (metadata.data_loss_from_other_row, Caveat::OtherRow),
        ];
        Self {
            property: property.to_owned(),
            dimensions: report
                .dimension_headers
                .iter()
                .map(|header| header.name.clone())
                .collect(),
            metrics: report
                .metric_headers
                .iter()
                .map(|header| header.name.clone())
                .collect(),
            currency: code.and_then(|code| Currency::from_code(code).ok()),
            time_zone: super::text(metadata.time_zone.clone()),
            caveats: caveats
                .into_iter()
                .filter_map(|(holds, caveat)| holds.then_some(caveat))
                .collect(),
            today,
        }
    }
}

/// The numbers of a row.
#[must_use]
pub fn traffic_row(row: &ReportRow, of: &Traffic) -> Vec<Mapped> {
    let mut dimensions: BTreeMap<String, String> = of
        .dimensions
        .iter()
        .zip(&row.dimension_values)
        .map(|(name, value)| (name.clone(), value.value.clone()))
        .collect();
    let day = dimensions.remove("date");
    let date = day.and_then(|day| NaiveDate::parse_from_str(&day, "%Y%m%d").ok());
    let Some(date) = date else {
        return vec![Err(Skipped::new(
            &of.property,
            "the row's day can't be read",
        ))];
    };
    of.metrics
        .iter()
        .zip(&row.metric_values)
        .filter_map(|(name, value)| {
            let (_, unit, common) = METRICS.iter().find(|(known, _, _)| known == name)?;
            Some(number(
                name,
                &value.value,
                *unit,
                *common,
                date,
                of,
                &dimensions,
            ))
        })
        .collect()
}

fn number(
    name: &str,
    value: &str,
    unit: MetricUnit,
    common: Option<CommonMetric>,
    date: NaiveDate,
    of: &Traffic,
    dimensions: &BTreeMap<String, String>,
) -> Mapped {
    let failed = |reason| Skipped::new(&format!("{}/{date}/{name}", of.property), reason);
    let value: f64 = value
        .trim()
        .parse()
        .ok()
        .filter(|value: &f64| value.is_finite())
        .ok_or_else(|| failed("the value is no number"))?;
    let currency = match unit {
        MetricUnit::Money => Some(
            of.currency
                .ok_or_else(|| failed("money in no known currency"))?,
        ),
        _ => None,
    };
    let moves = if name == KEY_EVENTS {
        CREDITED
    } else {
        SETTLED
    };
    let measurement = Measurement {
        time_zone: of.time_zone.clone(),
        common,
        unit,
        currency,
        dimensions: dimensions.clone(),
        provisional: of.today - date < moves,
        caveats: of.caveats.clone(),
        ..Measurement::count(date, name, value)
    };
    Ok(Record::upsert(
        measurement.external_id(&of.property),
        None,
        Model::Metric(Box::new(Metric {
            subject_external_id: Some(of.property.clone()),
            measurement,
        })),
    ))
}

#[cfg(test)]
mod tests {
    use connector_core::Change;
    use serde_json::json;

    use super::*;

    fn report(value: serde_json::Value) -> Report {
        serde_json::from_value(value).unwrap()
    }

    fn numbers(report: &Report) -> Vec<Mapped> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 10).unwrap();
        let of = Traffic::of("properties/1", report, today);
        report
            .rows
            .iter()
            .flat_map(|row| traffic_row(row.value().unwrap(), &of))
            .collect()
    }

    #[test]
    fn a_row_gives_a_number_of_each_known_metric() {
        let mapped = numbers(&report(json!({
            "dimensionHeaders": [{"name": "date"}, {"name": "sessionDefaultChannelGroup"}],
            "metricHeaders": [{"name": "sessions", "type": "TYPE_INTEGER"}, {"name": "keyEvents"},
                {"name": "purchaseRevenue", "type": "TYPE_CURRENCY"}, {"name": "unheardOf"}],
            "rows": [{"dimensionValues": [{"value": "20261105"}, {"value": "Paid Search"}],
                      "metricValues": [{"value": "12"}, {"value": "3"}, {"value": "0.1234"}, {"value": "9"}]}],
            "rowCount": 1,
            "metadata": {"currencyCode": "EUR", "timeZone": "Europe/Copenhagen",
                         "subjectToThresholding": true, "samplingMetadatas": [{"samplesReadCount": "1"}]},
        })));
        let metrics: Vec<Metric> = mapped
            .into_iter()
            .map(|mapped| match mapped.unwrap().change {
                Change::Upsert(Model::Metric(metric)) => *metric,
                other => panic!("{other:?}"),
            })
            .collect();
        let [sessions, key_events, revenue] = &metrics[..] else {
            panic!("{metrics:?}");
        };
        let sessions = &sessions.measurement;
        assert_eq!(
            sessions.external_id("properties/1"),
            "properties/1/2026-11-05/sessions/sessionDefaultChannelGroup=Paid Search"
        );
        assert_eq!(sessions.common, Some(CommonMetric::Sessions));
        assert_eq!(sessions.caveats, [Caveat::Sampled, Caveat::Thresholded]);
        assert_eq!(sessions.time_zone.as_deref(), Some("Europe/Copenhagen"));
        // After five days visits are settled, and key events still move.
        assert!(!sessions.provisional && key_events.measurement.provisional);
        let revenue = &revenue.measurement;
        assert_eq!(revenue.currency, Currency::from_code("EUR").ok());
        assert!((revenue.value - 0.1234).abs() < f64::EPSILON);
    }

    #[test]
    fn a_report_without_data_has_no_rows_and_an_odd_row_is_told() {
        let empty =
            report(json!({"metadata": {"currencyCode": "EUR"}, "kind": "analyticsData#runReport"}));
        assert_eq!(empty.row_count, 0);
        assert!(numbers(&empty).is_empty());
        let odd = numbers(&report(json!({
            "dimensionHeaders": [{"name": "date"}], "metricHeaders": [{"name": "sessions"}],
            "rows": [{"dimensionValues": [{"value": "(other)"}], "metricValues": [{"value": "1"}]},
                     {"dimensionValues": [{"value": "20261105"}], "metricValues": [{"value": "many"}]}],
        })));
        assert!(odd.iter().all(Result::is_err) && odd.len() == 2, "{odd:?}");
    }
}
