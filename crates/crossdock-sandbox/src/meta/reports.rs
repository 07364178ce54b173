//! Reports in the background: `POST /{object}/insights`, then waiting.
//!
//! A report takes simulated time. It can stand at a hundred percent and still be running, and what
//! is too big fails: it must be split. (Insights API, asynchronous jobs; code 2601 as seen in issues
//! of the official clients.)

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::error::{GraphError, Outcome};

/// How long a report can be read.
const KEPT: TimeDelta = TimeDelta::days(30);

/// A report.
#[derive(Clone, Debug)]
pub(super) struct Report {
    /// The object that it is about, and its account.
    pub(super) node: String,
    pub(super) account: String,
    pub(super) parameters: Vec<(String, String)>,
    pub(super) created_at: DateTime<Utc>,
    /// How long it takes in all.
    pub(super) length: TimeDelta,
    /// Whether it is too big to ever be complete.
    pub(super) fails: bool,
    /// Whether its rows got lost, though it says that it is complete.
    pub(super) lost: bool,
}

/// How far a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    NotStarted,
    Started,
    Running(i64),
    Completed,
    Failed,
}

/// All reports, by id.
#[derive(Debug, Default)]
pub(super) struct Reports(pub(super) BTreeMap<String, Report>);

impl Report {
    fn progress(&self, now: DateTime<Utc>) -> Progress {
        let seconds = (now - self.created_at).num_seconds();
        let length = self.length.num_seconds().max(1);
        let done = self.created_at + self.length;
        match seconds {
            _ if self.fails && seconds * 2 >= length => Progress::Failed,
            _ if now >= done => Progress::Completed,
            0 => Progress::NotStarted,
            1 => Progress::Started,
            // The last seconds are at a hundred percent, and not done.
            _ => Progress::Running((seconds * 100 / (length - 2).max(1)).min(100)),
        }
    }
}

impl Reports {
    /// The report behind an id, where it is complete and its rows are there.
    pub(super) fn complete(&self, id: &str, now: DateTime<Utc>) -> Outcome<&Report> {
        let report = self
            .0
            .get(id)
            .ok_or_else(|| GraphError::no_object("GET", id))?;
        if now - report.created_at >= KEPT {
            return Err(GraphError::no_object("GET", id));
        }
        if report.progress(now) == Progress::Completed && !report.lost {
            return Ok(report);
        }
        Err(GraphError {
            transient: true,
            user: Some((
                "Loading Async Ads Report Failed",
                "Sorry, the report cannot be loaded successfully. Please try again later.",
            )),
            ..GraphError::new(2601, "Error accessing adreport job.").subcode(1_815_107)
        })
    }

    /// A field of a report.
    pub(super) fn field(&self, id: &str, name: &str, now: DateTime<Utc>) -> Option<Value> {
        let report = self.0.get(id)?;
        let progress = report.progress(now);
        let (status, percent) = match progress {
            Progress::NotStarted => ("Job Not Started", 0),
            Progress::Started => ("Job Started", 0),
            Progress::Running(percent) => ("Job Running", percent),
            Progress::Completed => ("Job Completed", 100),
            Progress::Failed => ("Job Failed", 50),
        };
        let range = || {
            let (_, text) = report
                .parameters
                .iter()
                .find(|(name, _)| name == "time_range")?;
            serde_json::from_str::<Value>(text).ok()
        };
        match name {
            "account_id" => Some(report.account.trim_start_matches("act_").into()),
            "async_status" => Some(status.into()),
            "async_percent_completion" => Some(percent.into()),
            "is_running" => Some(matches!(progress, Progress::Running(_)).into()),
            "time_ref" => Some(report.created_at.timestamp().into()),
            "time_completed" if progress == Progress::Completed => {
                Some((report.created_at + report.length).timestamp().into())
            }
            "date_start" => range()?.get("since").cloned(),
            "date_stop" => range()?.get("until").cloned(),
            "error_code" if progress == Progress::Failed => Some(json!(2)),
            "error_message" if progress == Progress::Failed => {
                Some("An unexpected error has occurred. Please reduce the amount of data.".into())
            }
            _ => None,
        }
    }
}
