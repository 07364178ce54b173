//! The rows of the report `GET_SALES_AND_TRAFFIC_REPORT` (schema `sellerSalesAndTrafficReport.json`).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;

/// Figures by Amazon's names for them: a number, or an amount of money with its currency.
pub type Figures = BTreeMap<String, Value>;

/// What was sold and seen on a day, over all of a marketplace's items.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SalesAndTrafficByDate {
    /// The day, as Amazon cuts days; the first one of a longer period.
    pub date: NaiveDate,
    /// What was sold.
    #[serde(default)]
    pub sales_by_date: Figures,
    /// What was seen.
    #[serde(default)]
    pub traffic_by_date: Figures,
}

/// What was sold and seen of an item, over all of a report's days.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SalesAndTrafficByAsin {
    /// The item of which it is a variation, or itself.
    pub parent_asin: String,
    /// The item, where the report tells items apart that can be bought.
    #[serde(default)]
    pub child_asin: Option<String>,
    /// What was sold.
    #[serde(default)]
    pub sales_by_asin: Figures,
    /// What was seen.
    #[serde(default)]
    pub traffic_by_asin: Figures,
}
