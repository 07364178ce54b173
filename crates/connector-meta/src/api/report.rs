//! Insights of ads by day, as reports that Meta makes in the background: ordered, asked after, read.
//!
//! Source: developers.facebook.com/docs/marketing-api/insights, v26.0, with its best practices.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use connector_core::{Endpoint, Operation, Request, Response, Result};
use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::list::{Continuation, List};
use super::number;
use super::route::Route;

/// What a row has.
const FIELDS: &str = "account_id,account_currency,campaign_id,adset_id,ad_id,impressions,reach,\
                      clicks,inline_link_clicks,spend,actions,action_values";

/// In which windows actions are counted, besides the default. Those of 7 and 28 days after a view
/// ended in 2026-01.
pub const WINDOWS: [&str; 3] = ["1d_click", "7d_click", "1d_view"];

/// Every state of an ad: without asking for them, rows of archived and deleted ones are left out.
const STATES: [&str; 12] = [
    "ACTIVE",
    "PAUSED",
    "ARCHIVED",
    "DELETED",
    "ADSET_PAUSED",
    "CAMPAIGN_PAUSED",
    "DISAPPROVED",
    "IN_PROCESS",
    "PENDING_BILLING_INFO",
    "PENDING_REVIEW",
    "PREAPPROVED",
    "WITH_ISSUES",
];

/// `POST /{ad account or campaign}/insights`: orders a report of its ads by day.
///
/// Ordering one twice makes two of the same, and changes nothing.
#[derive(Clone, Debug)]
pub struct OrderReport {
    /// What it is about: an ad account (`act_` and digits) or a campaign.
    pub object: String,
    /// The first day, in the account's time zone.
    pub since: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
}

/// A report that was ordered.
#[derive(Clone, Debug, Deserialize)]
pub struct OrderedReport {
    /// Its id.
    pub report_run_id: String,
}

impl Endpoint for OrderReport {
    const OPERATION: Operation = Operation::write("ad_account/insights").idempotent();
    type Response = OrderedReport;

    fn request(&self) -> Result<Request> {
        let range = json!({ "since": self.since, "until": self.until });
        let states = json!([{ "field": "ad.effective_status", "operator": "IN", "value": STATES }]);
        Route::new(Method::POST, &[&self.object, "insights"])
            .with("level", "ad")
            .with("time_increment", 1)
            .with("time_range", range)
            .with("fields", FIELDS)
            .with("filtering", states)
            .with("action_attribution_windows", json!(WINDOWS))
            // Said, as purchases are known to be missing where it is left to the default.
            .with("action_breakdowns", json!(["action_type"]))
            .form()
    }
}

/// `GET /{report}`: how far a report is.
#[derive(Clone, Debug)]
pub struct GetReport {
    /// Its id.
    pub id: String,
}

/// How far a report is.
#[derive(Clone, Debug, Deserialize)]
pub struct Report {
    /// `Job Not Started`, `Job Started`, `Job Running`, `Job Completed`, `Job Failed`, `Job Skipped`.
    ///
    /// A hundred percent say nothing: only `Job Completed` has rows.
    #[serde(default)]
    pub async_status: Option<String>,
    /// What went wrong, where it failed.
    #[serde(default)]
    pub error_message: Option<String>,
}

impl Endpoint for GetReport {
    const OPERATION: Operation = Operation::read("report");
    type Response = Report;

    fn request(&self) -> Result<Request> {
        Route::get(&[&self.id])
            .with(
                "fields",
                "async_status,async_percent_completion,error_code,error_message",
            )
            .request()
    }
}

/// `GET /{report}/insights`: the rows of a report that is complete.
#[derive(Clone, Debug)]
pub struct ReportRows {
    /// The report's id.
    pub id: String,
    /// How many at the most.
    pub limit: u32,
    /// Where to go on.
    pub from: Option<Continuation>,
}

impl Endpoint for ReportRows {
    const OPERATION: Operation = Operation::read("report/insights");
    type Response = List<AdInsight>;

    fn request(&self) -> Result<Request> {
        Route::get(&[&self.id, "insights"])
            .with("limit", self.limit)
            .from(self.from.as_ref())
            .request()
    }

    fn parse(&self, response: &Response) -> Result<List<AdInsight>> {
        List::read(response)
    }
}

/// What an ad delivered on a day.
#[derive(Clone, Debug, Deserialize)]
pub struct AdInsight {
    /// The first day.
    pub date_start: NaiveDate,
    /// The last day: the same one, where days are asked for.
    pub date_stop: NaiveDate,
    /// The account, without `act_`.
    #[serde(default)]
    pub account_id: Option<String>,
    /// What `spend` and values are in.
    #[serde(default)]
    pub account_currency: Option<String>,
    /// The campaign.
    #[serde(default)]
    pub campaign_id: Option<String>,
    /// The ad set.
    #[serde(default)]
    pub adset_id: Option<String>,
    /// The ad.
    #[serde(default)]
    pub ad_id: Option<String>,
    /// How often it was shown.
    #[serde(default, deserialize_with = "number::maybe")]
    pub impressions: Option<f64>,
    /// How many people saw it.
    #[serde(default, deserialize_with = "number::maybe")]
    pub reach: Option<f64>,
    /// Clicks of any kind.
    #[serde(default, deserialize_with = "number::maybe")]
    pub clicks: Option<f64>,
    /// Clicks on links in it.
    #[serde(default, deserialize_with = "number::maybe")]
    pub inline_link_clicks: Option<f64>,
    /// What it cost, in the main unit of the account's currency.
    #[serde(default, deserialize_with = "number::maybe")]
    pub spend: Option<f64>,
    /// What people did.
    #[serde(default)]
    pub actions: Option<Vec<ActionCount>>,
    /// What that was worth.
    #[serde(default)]
    pub action_values: Option<Vec<ActionCount>>,
}

/// How often people did one thing, or what that was worth.
#[derive(Clone, Debug, Deserialize)]
pub struct ActionCount {
    /// What they did: `link_click`.
    pub action_type: String,
    /// `value`, which counts in the default window, and one number for each window that was asked
    /// for; one without actions is absent.
    #[serde(flatten)]
    pub numbers: BTreeMap<String, Value>,
}
