//! Reports as jobs: asked for, looked after, and fetched by a link that is good for five minutes.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{Error, ErrorKind, Next, Result, endpoint};
use serde::{Deserialize, Serialize};

use crate::api::{
    CreateReport, Entry, GetReport, REPORT_FILE, ReportRow, ReportRows, ReportStatus, report_file,
};
use crate::dialect::code_of;
use crate::reader::Reader;

/// The most bytes of a report that are fetched: a larger one is asked for in parts.
const LARGEST: f64 = 32.0 * 1024.0 * 1024.0;

/// The code of a report that is kept no more, or that nobody asked for.
const NO_SUCH_REPORT: i64 = 1104;

/// The first wait for a report. Each is twice as long as the one before it.
const FIRST_PAUSE: Duration = Duration::from_secs(2);

/// The longest wait for a report.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// After how long a report that isn't there is given up. What was made is kept for an hour.
const GIVEN_UP: TimeDelta = TimeDelta::hours(6);

/// A report that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Job {
    token: String,
    asked_at: DateTime<Utc>,
    /// How often it was looked after.
    looks: u32,
}

impl Job {
    /// How long to wait before it is looked after again.
    pub(super) fn pause(&self) -> Duration {
        let doubled = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(self.looks));
        doubled.min(LONGEST_PAUSE)
    }

    /// The same, after one look more.
    pub(super) fn looked_after(mut self) -> Self {
        self.looks = self.looks.saturating_add(1);
        self
    }
}

/// A report's rows with what each is about, in an order that is the same each time.
pub(super) type Rows = Vec<(String, Entry<ReportRow>)>;

/// Where a report stands.
pub(super) enum State {
    /// It is being made.
    InProgress,
    /// It is here.
    Ready(Arc<Rows>),
    /// Its file is larger than what is read.
    TooLarge,
    /// It isn't kept any more, or never was: it has to be asked for anew.
    Lost,
    /// It failed, or was ended.
    Failed,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InProgress => "in progress",
            Self::Ready(_) => "ready",
            Self::TooLarge => "too large",
            Self::Lost => "lost",
            Self::Failed => "failed",
        })
    }
}

/// The report that was fetched last, so that its pages needn't fetch it again.
#[derive(Debug, Default)]
pub(super) struct Fetched(Mutex<Option<(String, Arc<Rows>)>>);

impl Fetched {
    fn get(&self, token: &str) -> Option<Arc<Rows>> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = last.as_ref().filter(|(known, _)| known == token);
        last.map(|(_, rows)| Arc::clone(rows))
    }

    fn put(&self, token: &str, rows: &Arc<Rows>) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some((token.to_owned(), Arc::clone(rows)));
    }
}

/// Asks for a report, and says when to look after it: at once where it was made before.
///
/// # Errors
/// Those of the call.
pub(super) async fn ask(reader: &Reader, report: &CreateReport) -> Result<(Job, Next)> {
    let ordered = reader.call(report).await?;
    let token = ordered.token.filter(|token| !token.is_empty());
    let job = Job {
        token: token.ok_or_else(|| Error::contract("a report that was asked for has no token"))?,
        asked_at: reader.now(),
        looks: 0,
    };
    let next = match ordered.report_status {
        ReportStatus::Finished => Next::More,
        _ => Next::After(job.pause()),
    };
    Ok((job, next))
}

/// Looks after a report, and fetches it where it is there.
///
/// # Errors
/// Those of the calls, and of a file that is no report.
pub(super) async fn look(
    reader: &Reader,
    fetched: &Fetched,
    account: &str,
    job: &Job,
) -> Result<State> {
    if let Some(rows) = fetched.get(&job.token) {
        return Ok(State::Ready(rows));
    }
    let question = GetReport {
        account: account.to_owned(),
        token: job.token.clone(),
    };
    let report = match reader.call(&question).await {
        Err(error) if code_of(&error) == Some(NO_SUCH_REPORT) => return Ok(State::Lost),
        report => report?,
    };
    let is_finished = report.report_status == ReportStatus::Finished;
    let Some(link) = report.url.filter(|_| is_finished) else {
        return Ok(job.unfinished(report.report_status, reader.now()));
    };
    if report.size.is_some_and(|size| size > LARGEST) {
        return Ok(State::TooLarge);
    }
    match reader.fetch(REPORT_FILE, report_file(&link)?).await {
        Ok(file) => {
            let rows = Arc::new(rows(endpoint::json(&file)?));
            fetched.put(&job.token, &rows);
            Ok(State::Ready(rows))
        }
        // The link ended before it was used: the next look brings another.
        Err(error) if is_refused(&error) => Ok(State::InProgress),
        Err(error) => Err(error),
    }
}

/// The rows of a report one after the other. What is no list is a row that can't be mapped, so that it
/// is told.
fn rows(report: ReportRows) -> Rows {
    let of_one = |(subject, rows): (String, Entry<Vec<_>>)| {
        let (rows, raw) = rows.into_parts();
        let rows =
            rows.or_else(|_no_list| endpoint::json(raw.get().as_bytes()).map(|row| vec![row]));
        let rows = rows.unwrap_or_default().into_iter();
        rows.map(move |row| (subject.clone(), row))
    };
    report.into_iter().flat_map(of_one).collect()
}

/// Whether the host of the file doesn't take the link.
fn is_refused(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied
            | ErrorKind::NotFound
            | ErrorKind::Rejected
            | ErrorKind::ReconnectRequired
    )
}

impl Job {
    /// Where a report stands that can't be fetched.
    fn unfinished(&self, status: ReportStatus, now: DateTime<Utc>) -> State {
        match status {
            ReportStatus::Failed | ReportStatus::Cancelled => State::Failed,
            ReportStatus::InProgress | ReportStatus::Unknown if now - self.asked_at < GIVEN_UP => {
                State::InProgress
            }
            _ => State::Lost,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(looks: u32) -> Job {
        Job {
            token: "made-up".to_owned(),
            asked_at: DateTime::UNIX_EPOCH,
            looks,
        }
    }

    #[test]
    fn a_report_is_looked_after_soon_and_then_ever_more_rarely() {
        let pauses = (0..7).map(|looks| job(looks).pause().as_secs());
        assert_eq!(pauses.collect::<Vec<_>>(), [2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(job(u32::MAX).pause(), LONGEST_PAUSE);
        assert_eq!(job(0).looked_after(), job(1));
    }

    #[test]
    fn a_report_that_never_comes_is_given_up() {
        let soon = DateTime::UNIX_EPOCH + TimeDelta::hours(1);
        let late = DateTime::UNIX_EPOCH + GIVEN_UP;
        let stands = |status, now| format!("{:?}", job(3).unfinished(status, now));
        assert_eq!(stands(ReportStatus::InProgress, soon), "in progress");
        assert_eq!(stands(ReportStatus::Unknown, soon), "in progress");
        assert_eq!(stands(ReportStatus::InProgress, late), "lost");
        assert_eq!(stands(ReportStatus::Expired, soon), "lost");
        assert_eq!(stands(ReportStatus::Cancelled, soon), "failed");
        // Finished, and without a link.
        assert_eq!(stands(ReportStatus::Finished, soon), "lost");
    }

    #[test]
    fn what_is_no_list_of_rows_costs_no_other_row() {
        let report = r#"{"1":[{"DATE":"2026-11-01"},7],"2":"?","3":[],"4":[{}]}"#;
        let rows = rows(serde_json::from_str(report).unwrap());
        let told = rows
            .iter()
            .map(|(id, row)| (id.as_str(), row.value().is_ok()));
        let expected = [("1", true), ("1", false), ("2", false), ("4", true)];
        assert_eq!(told.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn only_the_report_that_was_fetched_last_is_kept() {
        let fetched = Fetched::default();
        let rows = Arc::new(Rows::new());
        fetched.put("1", &rows);
        assert!(fetched.get("1").is_some());
        fetched.put("2", &rows);
        assert!(fetched.get("1").is_none());
    }
}
