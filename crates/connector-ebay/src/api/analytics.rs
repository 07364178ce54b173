//! How often listings were shown, opened and bought: the Analytics API's traffic report.

use chrono::{DateTime, NaiveDate, Utc};
use connector_core::{Endpoint, Operation, Request, Response, Result, endpoint};
use serde::Deserialize;

use super::call::object;
use super::link::Link;
use crate::environment::{Environment, Server};
use crate::marketplace::Marketplace;
use connector_core::Entry;

/// The numbers that a report can have, all of them.
const METRICS: &str = "CLICK_THROUGH_RATE,LISTING_IMPRESSION_SEARCH_RESULTS_PAGE,\
    LISTING_IMPRESSION_STORE,LISTING_IMPRESSION_TOTAL,LISTING_VIEWS_SOURCE_DIRECT,\
    LISTING_VIEWS_SOURCE_OFF_EBAY,LISTING_VIEWS_SOURCE_OTHER_EBAY,\
    LISTING_VIEWS_SOURCE_SEARCH_RESULTS_PAGE,LISTING_VIEWS_SOURCE_STORE,LISTING_VIEWS_TOTAL,\
    SALES_CONVERSION_RATE,TOTAL_IMPRESSION_TOTAL,TRANSACTION";

/// The traffic of all listings on one site, day by day.
///
/// At most 90 days from the first to the last, none earlier than 730 days ago. Days are those of
/// Los Angeles, and a last day that has no data yet is cut off.
#[derive(Clone, Copy, Debug)]
pub struct GetTrafficReport {
    /// Where the account lives.
    pub environment: Environment,
    /// The site.
    pub marketplace: Marketplace,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

/// A report: a head that says what the columns are, and a row per day.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct TrafficReport {
    /// What the columns are.
    pub header: ReportHeader,
    /// The rows.
    pub records: Vec<Entry<TrafficRecord>>,
    /// Until when eBay has counted.
    pub last_updated_date: Option<DateTime<Utc>>,
}

/// What a report's columns are.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ReportHeader {
    /// The numbers, in the order of each row's.
    pub metrics: Vec<Definition>,
}

/// What a column is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Definition {
    /// `LISTING_VIEWS_TOTAL`.
    pub key: String,
    /// `NUMBER`.
    pub data_type: Option<String>,
}

/// A row.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct TrafficRecord {
    /// The day.
    pub dimension_values: Vec<ReportValue>,
    /// The numbers.
    pub metric_values: Vec<ReportValue>,
}

/// A cell.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ReportValue {
    /// A text or a number.
    pub value: serde_json::Value,
    /// Whether the number could be worked out.
    pub applicable: Option<bool>,
}

impl Endpoint for GetTrafficReport {
    const OPERATION: Operation = Operation::read("getTrafficReport");
    type Response = TrafficReport;

    fn request(&self) -> Result<Request> {
        let day = |day: NaiveDate| day.format("%Y%m%d");
        let filter = format!(
            "marketplace_ids:{{{}}},date_range:[{}..{}]",
            self.marketplace,
            day(self.from),
            day(self.to)
        );
        let query = [
            ("dimension", "DAY"),
            ("filter", &*filter),
            ("metric", METRICS),
        ];
        let path = "/sell/analytics/v1/traffic_report";
        endpoint::get(Link::first(self.environment, Server::Api, path, &query)?.as_str())
    }

    fn parse(&self, response: &Response) -> Result<TrafficReport> {
        object(response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_eight_digits_and_the_filter_is_encoded() {
        let report = GetTrafficReport {
            environment: Environment::Production,
            marketplace: Marketplace::known("EBAY_US").unwrap(),
            from: NaiveDate::from_ymd_opt(2026, 1, 2).unwrap(),
            to: NaiveDate::from_ymd_opt(2026, 3, 31).unwrap(),
        };
        let request = report.request().unwrap();
        let query = request.uri().query().unwrap();
        assert!(
            query.contains(
                "marketplace_ids%3A%7BEBAY_US%7D%2Cdate_range%3A%5B20260102..20260331%5D"
            ),
            "{query}"
        );
    }
}
