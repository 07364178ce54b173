//! A row of a traffic report → one metric per column.

use chrono::NaiveDate;
use connector_core::model::{CommonMetric, Measurement, Metric, MetricUnit};
use connector_core::{Model, Record, Skipped};
use serde_json::Value;

use crate::api;
use crate::marketplace::Marketplace;

/// Where eBay's days begin.
const ZONE: &str = "America/Los_Angeles";

/// The day of a row.
#[must_use]
pub fn day(row: &api::TrafficRecord) -> Option<NaiveDate> {
    let text = match &row.dimension_values.first()?.value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let date = text.get(..10).unwrap_or(&text);
    NaiveDate::parse_from_str(&text, "%Y%m%d")
        .or_else(|_| NaiveDate::parse_from_str(date, "%Y-%m-%d"))
        .ok()
}

/// The numbers of one day on one site. What eBay can't work out is left out: it is not zero.
///
/// `provisional` is whether eBay is still counting the day.
///
/// # Errors
/// [`Skipped`] when the row doesn't say which day it is.
pub fn traffic(
    site: Marketplace,
    header: &api::ReportHeader,
    row: &api::TrafficRecord,
    provisional: bool,
) -> Result<Vec<Record>, Skipped> {
    let date = day(row).ok_or_else(|| Skipped {
        external_id: None,
        reason: "the row says no day".to_owned(),
    })?;
    let columns = header.metrics.iter().zip(&row.metric_values);
    Ok(columns
        .filter(|(_, cell)| cell.applicable != Some(false))
        .filter_map(|(column, cell)| Some((column, number(&cell.value)?)))
        .map(|(column, value)| {
            let (common, unit) = meaning(&column.key);
            let measurement = Measurement {
                time_zone: Some(ZONE.to_owned()),
                common,
                unit,
                provisional,
                ..Measurement::count(date, column.key.clone(), value)
            };
            let id = measurement.external_id(site.id());
            let metric = Metric {
                subject_external_id: Some(site.id().to_owned()),
                measurement,
            };
            Record::upsert(id, None, Model::Metric(Box::new(metric)))
        })
        .collect())
}

/// What a column means. `TRANSACTION` counts sold lines and not orders, and the conversion rate
/// divides by views and not by visits, so neither has a common name.
fn meaning(key: &str) -> (Option<CommonMetric>, MetricUnit) {
    match key {
        "TOTAL_IMPRESSION_TOTAL" => (Some(CommonMetric::Impressions), MetricUnit::Count),
        "LISTING_VIEWS_TOTAL" => (Some(CommonMetric::PageViews), MetricUnit::Count),
        "CLICK_THROUGH_RATE" => (Some(CommonMetric::ClickThroughRate), MetricUnit::Ratio),
        "SALES_CONVERSION_RATE" => (None, MetricUnit::Ratio),
        _ => (None, MetricUnit::Count),
    }
}

fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use connector_core::Change;
    use serde_json::json;

    fn row(day: &Value, cells: &Value) -> api::TrafficRecord {
        serde_json::from_value(json!({
            "dimensionValues": [{"value": day, "applicable": true}], "metricValues": cells,
        }))
        .unwrap()
    }

    #[test]
    fn each_column_is_a_metric_of_the_day_and_what_is_unknown_is_none() {
        let header = serde_json::from_value(json!({"metrics": [
            {"key": "LISTING_VIEWS_TOTAL"}, {"key": "CLICK_THROUGH_RATE"}, {"key": "NEW_METRIC"},
        ]}))
        .unwrap();
        let cells = json!([
            {"value": 41, "applicable": true}, {"value": 0, "applicable": false}, {"value": "2.5"},
        ]);
        let site = Marketplace::known("EBAY_GB").unwrap();
        let records = traffic(site, &header, &row(&json!("20260501"), &cells), true).unwrap();
        let ids: Vec<&str> = records.iter().map(|record| &*record.external_id).collect();
        assert_eq!(
            ids,
            [
                "EBAY_GB/2026-05-01/LISTING_VIEWS_TOTAL",
                "EBAY_GB/2026-05-01/NEW_METRIC"
            ]
        );
        let Change::Upsert(Model::Metric(views)) = &records[0].change else {
            panic!("no metric")
        };
        assert_eq!(views.measurement.common, Some(CommonMetric::PageViews));
        assert!(views.measurement.provisional);
    }

    #[test]
    fn a_day_comes_in_several_forms() {
        let expected = NaiveDate::from_ymd_opt(2026, 5, 1);
        for form in [
            json!("20260501"),
            json!(20_260_501),
            json!("2026-05-01"),
            json!("2026-05-01T00:00:00.000-07:00"),
        ] {
            assert_eq!(day(&row(&form, &json!([]))), expected, "{form}");
        }
        for odd in [
            json!("May"),
            json!(null),
            json!("2026-13-01"),
            json!("äöüäöüäöü"),
        ] {
            assert_eq!(day(&row(&odd, &json!([]))), None, "{odd}");
        }
    }
}
