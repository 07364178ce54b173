//! Reports: jobs that are asked for, waited for, and fetched by a link.
//!
//! A job reaches 914 days back and 186 wide. What it made is kept for an hour; its link lives for five
//! minutes, is on another host, and takes no `Authorization` header. The same question asked again may
//! be answered at once. (API v5, `analytics/create_report` and `analytics/get_report`; recorded
//! answers.)

use std::collections::BTreeMap;

use connector_core::{Endpoint, Entry, Error, Operation, Request, Result, endpoint};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::analytics::Days;
use super::route::Route;

/// What a report's file is fetched as. It is no operation of the API.
pub const REPORT_FILE: Operation = Operation::read("report_file");

/// How many days back a report may begin.
pub const FARTHEST_DAYS: i64 = 914;

/// `POST /ad_accounts/{ad_account_id}/reports`: numbers of each campaign by day, in UTC. Asking again
/// changes nothing: the same question is answered with the same job.
#[derive(Clone, Debug)]
pub struct CreateReport {
    /// The ad account's id.
    pub account: String,
    /// Which days.
    pub days: Days,
    /// Which numbers.
    pub columns: &'static [&'static str],
    /// Which actions count as caused by an advertisement.
    pub windows: Windows,
}

/// For how many days after it an action counts as caused by an advertisement: 0, 1, 7, 14, 30 or 60.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// After a click.
    pub click: u8,
    /// After an engagement, such as a save.
    pub engagement: u8,
    /// After a view.
    pub view: u8,
}

/// `GET /ad_accounts/{ad_account_id}/reports`: what became of a job.
#[derive(Clone, Debug)]
pub struct GetReport {
    /// The ad account's id.
    pub account: String,
    /// What names the job.
    pub token: String,
}

/// What was asked for.
#[derive(Clone, Debug, Deserialize)]
pub struct Ordered {
    /// Where the job stands.
    #[serde(default)]
    pub report_status: ReportStatus,
    /// What names it.
    #[serde(default)]
    pub token: Option<String>,
}

/// What became of a job.
#[derive(Clone, Deserialize)]
pub struct Report {
    /// Where it stands.
    #[serde(default)]
    pub report_status: ReportStatus,
    /// The link, where it is finished. Whoever has it can read the report.
    #[serde(default)]
    pub url: Option<String>,
    /// How many bytes there are to fetch.
    #[serde(default)]
    pub size: Option<f64>,
}

// The link opens the report to whoever has it.
impl std::fmt::Debug for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Report")
            .field("report_status", &self.report_status)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReportStatus {
    /// It is being made.
    InProgress,
    /// It can be fetched.
    Finished,
    /// It was made, and is kept no more.
    Expired,
    /// Nobody asked for it.
    DoesNotExist,
    /// It failed.
    Failed,
    /// Somebody ended it.
    Cancelled,
    /// A word that is newer than this.
    #[default]
    #[serde(other)]
    Unknown,
}

/// A report: lists of rows, by what they are about.
pub type ReportRows = BTreeMap<String, Entry<Vec<Entry<ReportRow>>>>;

/// A row: columns by their upper-case name. A column without a value is absent.
pub type ReportRow = BTreeMap<String, Value>;

#[derive(Serialize)]
struct Question<'a> {
    start_date: String,
    end_date: String,
    granularity: &'static str,
    level: &'static str,
    report_format: &'static str,
    columns: &'a [&'static str],
    click_window_days: u8,
    engagement_window_days: u8,
    view_window_days: u8,
    conversion_report_time: &'static str,
}

impl Endpoint for CreateReport {
    const OPERATION: Operation = Operation::write("analytics/create_report").idempotent();
    type Response = Ordered;

    fn request(&self) -> Result<Request> {
        let url = Route::to(&["ad_accounts", &self.account, "reports"]).url()?;
        let question = Question {
            start_date: self.days.first.to_string(),
            end_date: self.days.last.to_string(),
            granularity: "DAY",
            level: "CAMPAIGN",
            report_format: "JSON",
            columns: self.columns,
            click_window_days: self.windows.click,
            engagement_window_days: self.windows.engagement,
            view_window_days: self.windows.view,
            conversion_report_time: "TIME_OF_AD_ACTION",
        };
        endpoint::send_json(Method::POST, url, &question)
    }
}

impl Endpoint for GetReport {
    const OPERATION: Operation = Operation::read("analytics/get_report");
    type Response = Report;

    fn request(&self) -> Result<Request> {
        Route::to(&["ad_accounts", &self.account, "reports"])
            .with("token", &self.token)
            .get()
    }
}

/// The request for what a link names, without anything that proves who asks.
///
/// # Errors
/// [`ContractBroken`](connector_core::ErrorKind::ContractBroken) for a link that isn't encrypted.
pub fn report_file(link: &str) -> Result<Request> {
    let odd = || Error::contract("the link to a report is no address of the web");
    let url = Url::parse(link).map_err(|_cause| odd())?;
    if url.scheme() != "https" || url.host_str().is_none() {
        return Err(odd());
    }
    endpoint::get(url.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_asked_for_by_campaign_and_day() {
        let day = |text: &str| text.parse().unwrap();
        let report = CreateReport {
            account: "549755885175".to_owned(),
            days: Days {
                first: day("2026-10-01"),
                last: day("2026-10-31"),
            },
            columns: &["SPEND_IN_MICRO_DOLLAR"],
            windows: Windows {
                click: 30,
                engagement: 30,
                view: 1,
            },
        };
        let request = report.request().unwrap();
        assert_eq!(request.method(), Method::POST);
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        assert_eq!(body["start_date"], "2026-10-01");
        assert_eq!(body["level"], "CAMPAIGN");
        assert_eq!(body["click_window_days"], 30);
        assert_eq!(body["columns"][0], "SPEND_IN_MICRO_DOLLAR");
    }

    #[test]
    fn a_link_is_encrypted_and_never_shown() {
        assert!(report_file("https://files.example/r.txt?X-Amz-Signature=made-up").is_ok());
        for odd in [
            "http://files.example/r.txt",
            "file:///etc/hosts",
            "",
            "r.txt",
        ] {
            assert!(report_file(odd).is_err(), "{odd}");
        }
        let json = r#"{"report_status":"FINISHED","url":"https://x.example/?made-up","size":2}"#;
        let report: Report = serde_json::from_str(json).unwrap();
        assert!(!format!("{report:?}").contains("made-up"));
        assert_eq!(report.report_status, ReportStatus::Finished);
    }

    #[test]
    fn a_new_word_for_a_job_is_no_failure() {
        let report: Report = serde_json::from_str(r#"{"report_status":"PAUSED"}"#).unwrap();
        assert_eq!(report.report_status, ReportStatus::Unknown);
    }
}
