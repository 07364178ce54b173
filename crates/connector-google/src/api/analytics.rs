//! Analytics: properties (Admin API v1beta) and reports (Data API v1beta).

use connector_core::{Endpoint, Operation, Request, Result};
use serde::{Deserialize, Serialize};

use super::route::{Route, parts};
use connector_core::Entry;

/// `accountSummaries.list`: accounts with their properties, two hundred to a page.
#[derive(Clone, Debug, Default)]
pub struct ListAccountSummaries {
    /// The page; the first where there is none.
    pub page_token: Option<String>,
}

impl Endpoint for ListAccountSummaries {
    const OPERATION: Operation = Operation::read("analyticsadmin.accountSummaries.list");
    type Response = AccountSummaryPage;

    fn request(&self) -> Result<Request> {
        Route::get(
            "analyticsadmin.googleapis.com",
            &["v1beta", "accountSummaries"],
        )
        .with("pageSize", 200)
        .maybe("pageToken", self.page_token.as_deref())
        .request()
    }
}

/// A page of accounts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AccountSummaryPage {
    /// The accounts.
    pub account_summaries: Vec<AccountSummary>,
    /// The next page's token.
    pub next_page_token: Option<String>,
}

/// An account.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AccountSummary {
    /// `accounts/1`.
    pub account: String,
    /// What it is called.
    pub display_name: Option<String>,
    /// Its properties.
    pub property_summaries: Vec<PropertySummary>,
}

/// A property.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PropertySummary {
    /// `properties/1`.
    pub property: String,
    /// What it is called.
    pub display_name: Option<String>,
}

/// `properties.runReport`: a POST that only reads.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunReport {
    /// `properties/1`.
    #[serde(skip)]
    pub property: String,
    /// Which days, in the property's time zone.
    pub date_ranges: Vec<DateRange>,
    /// What to split by.
    pub dimensions: Vec<Named>,
    /// What to count: ten at the most.
    pub metrics: Vec<Named>,
    /// How many rows, as text: 250,000 at the most.
    pub limit: String,
    /// How many rows to leave out, as text.
    pub offset: String,
    /// In which order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub order_bys: Vec<serde_json::Value>,
    /// Whether to tell what is left of the property's quota.
    pub return_property_quota: bool,
}

impl Endpoint for RunReport {
    const OPERATION: Operation = Operation::read("analyticsdata.properties.runReport");
    type Response = Report;

    fn request(&self) -> Result<Request> {
        let mut path = vec!["v1beta"];
        path.extend(parts(&self.property));
        Route::post("analyticsdata.googleapis.com", &path)
            .verb("runReport")
            .json(self)
    }
}

/// Days from one to another, both included, as `YYYY-MM-DD`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DateRange {
    /// The first.
    pub start_date: String,
    /// The last.
    pub end_date: String,
}

/// A dimension or a metric by its name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Named {
    /// The name.
    pub name: String,
}

impl Named {
    /// These names.
    #[must_use]
    pub fn all(names: &[&str]) -> Vec<Self> {
        let named = |name: &&str| Self {
            name: (*name).to_owned(),
        };
        names.iter().map(named).collect()
    }
}

/// A report. One without data has neither `rows` nor `rowCount`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Report {
    /// What the rows' first values are.
    pub dimension_headers: Vec<Named>,
    /// What their numbers are.
    pub metric_headers: Vec<MetricHeader>,
    /// The rows of this page.
    pub rows: Vec<Entry<ReportRow>>,
    /// How many rows there are in all.
    pub row_count: u64,
    /// What to know of the report.
    pub metadata: ReportMetadata,
    /// What is left of the property's quota, where it was asked for.
    pub property_quota: Option<PropertyQuota>,
}

/// A metric's name and form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct MetricHeader {
    /// Its name.
    pub name: String,
    /// `TYPE_INTEGER`, `TYPE_CURRENCY`, …
    #[serde(rename = "type")]
    pub kind: String,
}

/// A row.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReportRow {
    /// In the order of the dimensions' headers.
    pub dimension_values: Vec<Value>,
    /// In the order of the metrics' headers.
    pub metric_values: Vec<Value>,
}

/// A value, always text.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Value {
    /// The text.
    pub value: String,
}

/// What to know of a report.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReportMetadata {
    /// The property's currency.
    pub currency_code: Option<String>,
    /// The property's time zone.
    pub time_zone: Option<String>,
    /// Rare values were put together.
    pub data_loss_from_other_row: bool,
    /// Small numbers may be withheld.
    pub subject_to_thresholding: bool,
    /// How it was sampled, for each range of days; empty where it wasn't.
    pub sampling_metadatas: Vec<serde_json::Value>,
}

/// What is left of a property's quota.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PropertyQuota {
    /// Tokens of the day.
    pub tokens_per_day: QuotaStatus,
    /// Tokens of the hour, of all projects.
    pub tokens_per_hour: QuotaStatus,
    /// Tokens of the hour, of this project.
    pub tokens_per_project_per_hour: QuotaStatus,
}

/// One budget.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct QuotaStatus {
    /// What this report took.
    pub consumed: u64,
    /// What is left.
    pub remaining: u64,
}
