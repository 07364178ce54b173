//! Rows of the report on sales and traffic → one metric per figure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use connector_core::Record;
use connector_core::model::{CommonMetric, Currency, Measurement, Metric, MetricUnit, Model};
use serde_json::Value;

use super::Mapped;
use crate::api::{Figures, SalesAndTrafficByAsin, SalesAndTrafficByDate};

/// The dimension of figures of one item.
const ITEM: &str = "childAsin";

/// What Amazon appends to figures of business customers alone.
const BUSINESS: &str = "B2B";

/// The figures of a day in a marketplace, over all items. `provisional` is whether Amazon is still
/// counting.
#[must_use]
pub fn sales_by_date(
    row: SalesAndTrafficByDate,
    marketplace_id: &str,
    provisional: bool,
) -> Vec<Mapped> {
    let figures = [row.sales_by_date, row.traffic_by_date];
    records(figures, row.date, marketplace_id, None, provisional)
}

/// The figures of an item on the one day that a report is over.
#[must_use]
pub fn sales_by_item(
    row: SalesAndTrafficByAsin,
    date: NaiveDate,
    marketplace_id: &str,
    provisional: bool,
) -> Vec<Mapped> {
    let figures = [row.sales_by_asin, row.traffic_by_asin];
    let item = row.child_asin.unwrap_or(row.parent_asin);
    records(figures, date, marketplace_id, Some(item), provisional)
}

fn records(
    figures: [Figures; 2],
    date: NaiveDate,
    marketplace_id: &str,
    item: Option<String>,
    provisional: bool,
) -> Vec<Mapped> {
    let dimensions: BTreeMap<_, _> = item
        .into_iter()
        .map(|item| (ITEM.to_owned(), item))
        .collect();
    let figures = figures.into_iter().flatten();
    let measured = figures.filter_map(|(name, value)| {
        let (kind, common) = meaning(&name)?;
        let (value, unit, currency) = kind.read(&value)?;
        Some(Measurement {
            common,
            unit,
            currency,
            dimensions: dimensions.clone(),
            provisional,
            ..Measurement::count(date, name, value)
        })
    });
    measured
        .map(|measurement| {
            let id = measurement.external_id(marketplace_id);
            let metric = Metric {
                subject_external_id: Some(marketplace_id.to_owned()),
                measurement,
            };
            Ok(Record::upsert(id, None, Model::Metric(Box::new(metric))))
        })
        .collect()
}

/// How Amazon writes a figure.
#[derive(Clone, Copy)]
enum Kind {
    Count,
    Money,
    /// Hundredths of a whole.
    Percent,
    Other,
}

impl Kind {
    /// The number in its unit; `None` where Amazon gives none, which is not zero.
    fn read(self, value: &Value) -> Option<(f64, MetricUnit, Option<Currency>)> {
        let number = |value: &Value| value.as_f64().filter(|number| number.is_finite());
        Some(match self {
            Self::Count => (number(value)?, MetricUnit::Count, None),
            Self::Other => (number(value)?, MetricUnit::Other, None),
            Self::Percent => (number(value)? / 100.0, MetricUnit::Ratio, None),
            Self::Money => {
                let currency = Currency::from_code(value.get("currencyCode")?.as_str()?).ok()?;
                let amount = number(value.get("amount")?)?;
                (amount, MetricUnit::Money, Some(currency))
            }
        })
    }
}

/// What a figure is, by Amazon's name; `None` for one that isn't known here.
///
/// `totalOrderItems` counts lines and not orders, and `ordersShipped` is about shipping, so neither has
/// a common name; nor has what is about business customers alone, a part of the whole.
fn meaning(name: &str) -> Option<(Kind, Option<CommonMetric>)> {
    if let Some(whole) = name.strip_suffix(BUSINESS) {
        return meaning(whole).map(|(kind, _)| (kind, None));
    }
    Some(match name {
        "orderedProductSales" => (Kind::Money, Some(CommonMetric::Revenue)),
        "averageSalesPerOrderItem"
        | "averageSellingPrice"
        | "claimsAmount"
        | "shippedProductSales" => (Kind::Money, None),
        "unitsOrdered" => (Kind::Count, Some(CommonMetric::UnitsOrdered)),
        "pageViews" => (Kind::Count, Some(CommonMetric::PageViews)),
        "sessions" => (Kind::Count, Some(CommonMetric::Sessions)),
        "totalOrderItems"
        | "unitsRefunded"
        | "claimsGranted"
        | "unitsShipped"
        | "ordersShipped"
        | "browserPageViews"
        | "mobileAppPageViews"
        | "browserSessions"
        | "mobileAppSessions"
        | "averageOfferCount"
        | "averageParentItems"
        | "feedbackReceived"
        | "negativeFeedbackReceived" => (Kind::Count, None),
        "unitSessionPercentage" => (Kind::Percent, Some(CommonMetric::ConversionRate)),
        "refundRate"
        | "buyBoxPercentage"
        | "orderItemSessionPercentage"
        | "receivedNegativeFeedbackRate"
        | "browserSessionPercentage"
        | "mobileAppSessionPercentage"
        | "sessionPercentage"
        | "browserPageViewsPercentage"
        | "mobileAppPageViewsPercentage"
        | "pageViewsPercentage" => (Kind::Percent, None),
        "averageUnitsPerOrderItem" => (Kind::Other, None),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use connector_core::Change;
    use serde_json::json;

    use super::*;

    fn metrics(mapped: Vec<Mapped>) -> BTreeMap<String, Measurement> {
        let metric = |mapped: Mapped| {
            let record = mapped.unwrap();
            match record.change {
                Change::Upsert(Model::Metric(metric)) => (record.external_id, metric.measurement),
                other => panic!("{other:?}"),
            }
        };
        mapped.into_iter().map(metric).collect()
    }

    #[test]
    fn each_figure_of_a_day_is_a_metric_in_its_unit() {
        let row = json!({
            "date": "2026-05-01",
            "salesByDate": {
                "orderedProductSales": {"amount": 238.44, "currencyCode": "USD"},
                "orderedProductSalesB2B": {"amount": 10, "currencyCode": "USD"},
                "unitsOrdered": 23, "averageUnitsPerOrderItem": 1.15,
                "claimsAmount": {"amount": 1, "currencyCode": "???"}, "newFigure": 7,
            },
            "trafficByDate": {"sessions": 1000, "unitSessionPercentage": 2.5, "pageViews": null},
        });
        let row = serde_json::from_value(row).unwrap();
        let found = metrics(sales_by_date(row, "M", true));
        let ids: Vec<&str> = found.keys().map(String::as_str).collect();
        assert_eq!(
            ids,
            [
                "M/2026-05-01/averageUnitsPerOrderItem",
                "M/2026-05-01/orderedProductSales",
                "M/2026-05-01/orderedProductSalesB2B",
                "M/2026-05-01/sessions",
                "M/2026-05-01/unitSessionPercentage",
                "M/2026-05-01/unitsOrdered",
            ]
        );
        let sales = &found["M/2026-05-01/orderedProductSales"];
        assert_eq!(
            (sales.value, sales.common, sales.currency),
            (238.44, Some(CommonMetric::Revenue), Some(Currency::USD))
        );
        assert!(sales.provisional);
        let business = &found["M/2026-05-01/orderedProductSalesB2B"];
        assert_eq!((business.unit, business.common), (MetricUnit::Money, None));
        let rate = &found["M/2026-05-01/unitSessionPercentage"];
        assert_eq!((rate.value, rate.unit), (0.025, MetricUnit::Ratio));
    }

    #[test]
    fn an_item_is_a_dimension_and_part_of_the_id() {
        let row = json!({
            "parentAsin": "B000PARENT", "childAsin": "B000MADEUP",
            "salesByAsin": {"unitsOrdered": 2}, "trafficByAsin": {"sessions": 9},
        });
        let date = NaiveDate::from_ymd_opt(2026, 5, 1).unwrap();
        let row: SalesAndTrafficByAsin = serde_json::from_value(row).unwrap();
        let found = metrics(sales_by_item(row.clone(), date, "M", false));
        let units = &found["M/2026-05-01/unitsOrdered/childAsin=B000MADEUP"];
        assert_eq!((units.value, units.provisional), (2.0, false));
        let whole = SalesAndTrafficByAsin {
            child_asin: None,
            ..row
        };
        let found = metrics(sales_by_item(whole, date, "M", false));
        assert!(found.contains_key("M/2026-05-01/sessions/childAsin=B000PARENT"));
    }
}
