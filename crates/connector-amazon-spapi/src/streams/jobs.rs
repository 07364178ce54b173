//! Reports as jobs: asked for, waited for, and read row by row.
//!
//! A run asks for all that it wants before it waits, as Amazon makes several at once. The cursor
//! remembers each as soon as it is asked for, so that a run that is cut asks for nothing twice. Where
//! the reply to a question is lost, Amazon's list of reports tells whether it arrived.

mod job;
mod shelf;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{Error, ErrorKind, Result};
use http::HeaderMap;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::api::{CreateReport, Entry, GetReport, GetReports, Report};
use crate::report::Unpacked;
use crate::seller::Seller;
use job::{Job, State};
use shelf::{Opened, reason};

pub(super) use shelf::Shelf;

/// How many are made at once: as many as may be asked for without a pause.
const MOST_AT_ONCE: usize = 15;

/// The first wait, and the shortest one.
const SOON: Duration = Duration::from_secs(2);

/// The longest wait between two looks.
const LATE: Duration = Duration::from_secs(5 * 60);

/// How long after a failure a report is asked for again: sooner, Amazon lets the same one fail again
/// without trying (no documentation says how long; others' clients wait for half an hour).
const COOLING: TimeDelta = TimeDelta::minutes(30);

/// How often one may fail before its stream does.
const MOST_FAILURES: u8 = 3;

/// What one report is to hold.
pub(super) trait Wanted: Clone + Serialize + DeserializeOwned + Send + Sync {
    /// What reads its rows.
    type Rows: Rows;

    /// The question.
    fn question(&self) -> CreateReport;

    /// The role that its type needs.
    fn role(&self) -> &'static str;

    /// The same in two parts, where it is over a long time: Amazon fails at too much.
    fn halves(&self) -> Option<[Self; 2]>;

    /// Reads its document.
    fn rows(&self, headers: &HeaderMap, document: Unpacked) -> Self::Rows;
}

/// The rows of a document.
pub(super) trait Rows: Send {
    /// One of them.
    type Row: Send;

    /// The next one; `None` at the end.
    fn next(&mut self) -> impl Future<Output = Result<Option<Self::Row>>> + Send;
}

/// Jobs that are to be done, in the order in which they are asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Jobs<T>(Vec<Job<T>>);

/// What a step brought.
pub(super) enum Step<T: Wanted> {
    /// It went on: there is another step.
    Moved,
    /// There is nothing to do for so long.
    Wait(Duration),
    /// Rows of a report, and when it was asked for.
    Rows {
        wanted: T,
        at: DateTime<Utc>,
        rows: Vec<<T::Rows as Rows>::Row>,
    },
    /// All is done.
    Done,
}

impl<T: Wanted> Jobs<T> {
    pub(super) fn new(wanted: impl IntoIterator<Item = T>) -> Self {
        Self(wanted.into_iter().map(Job::new).collect())
    }

    /// Does the next thing: asks for one report, looks after one, or reads some rows of one. What a
    /// person should know goes into `notes`.
    ///
    /// # Errors
    /// Those of the calls, where waiting doesn't help.
    pub(super) async fn step(
        &mut self,
        seller: &Seller,
        shelf: &Shelf<T::Rows>,
        most_rows: usize,
        notes: &mut Vec<String>,
    ) -> Result<Step<T>> {
        let now = seller.now();
        for job in &mut self.0 {
            job.forget_stale(now);
        }
        if let Some(index) = self.find(|job| matches!(job.state, State::Reading { .. })) {
            return waiting(self.read(index, seller, shelf, most_rows).await);
        }
        let asked = self.find(|job| matches!(job.state, State::Asked { .. }));
        let due = self.find(|job| job.is_due(now));
        let made = self.0.iter();
        let made = made.filter(|job| matches!(job.state, State::Asked { .. }));
        if let Some(index) = due.filter(|_| made.count() < MOST_AT_ONCE) {
            match waiting(self.ask(index, seller).await)? {
                // While no more can be asked for, those that were are looked after.
                Step::Wait(_) if asked.is_some() => {}
                step => return Ok(step),
            }
        }
        if let Some(index) = asked {
            return self.look(index, seller, notes).await;
        }
        let next = self.0.iter().filter_map(|job| match job.state {
            State::Todo(from) => from,
            _ => None,
        });
        Ok(match next.min() {
            Some(from) => Step::Wait((from - now).to_std().unwrap_or(SOON).max(SOON)),
            None => Step::Done,
        })
    }

    fn find(&self, is: impl Fn(&Job<T>) -> bool) -> Option<usize> {
        self.0.iter().position(is)
    }

    fn set(&mut self, index: usize, state: State) {
        if let Some(job) = self.0.get_mut(index) {
            job.state = state;
        }
    }

    async fn ask(&mut self, index: usize, seller: &Seller) -> Result<Step<T>> {
        let Some(job) = self.0.get(index).cloned() else {
            return Ok(Step::Moved);
        };
        let now = seller.now();
        let state = match job.state {
            State::Unsure(since) => match self.found(&job.wanted, since, seller).await? {
                Some(id) => State::Asked { id, at: since },
                None => State::Todo(None),
            },
            _ => match seller.call(job.wanted.question()).await {
                Ok(created) => State::Asked {
                    id: created.report_id,
                    at: now,
                },
                Err(error) if error.context("delivery") == Some("unknown") => {
                    self.set(index, State::Unsure(now));
                    return Ok(Step::Wait(SOON));
                }
                Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                    return Err(error.with("role", job.wanted.role()));
                }
                Err(error) => return Err(error),
            },
        };
        self.set(index, state);
        Ok(Step::Moved)
    }

    /// The report that a question led to whose reply was lost; `None` where it never arrived.
    async fn found(
        &self,
        wanted: &T,
        since: DateTime<Utc>,
        seller: &Seller,
    ) -> Result<Option<String>> {
        let question = wanted.question();
        let search = GetReports {
            report_types: vec![question.report_type.clone()],
            created_since: Some(since - TimeDelta::minutes(1)),
            page_size: Some(100),
            ..GetReports::default()
        };
        let page = seller.call(search).await?;
        let known = |id: &str| {
            self.0
                .iter()
                .any(|job| matches!(&job.state, State::Asked { id: other, .. } if other == id))
        };
        let reports = page.reports.iter().filter_map(|one| Entry::value(one).ok());
        Ok(reports
            .filter(|report| answers(report, &question) && !known(&report.report_id))
            .map(|report| report.report_id.clone())
            .next())
    }

    async fn look(
        &mut self,
        index: usize,
        seller: &Seller,
        notes: &mut Vec<String>,
    ) -> Result<Step<T>> {
        let Some((job, id, at)) = self.0.get(index).and_then(|job| match &job.state {
            State::Asked { id, at } => Some((job.clone(), id.clone(), *at)),
            _ => None,
        }) else {
            return Ok(Step::Moved);
        };
        let age = (seller.now() - at).to_std().unwrap_or_default();
        if age < SOON {
            return Ok(Step::Wait(SOON));
        }
        let report = match seller.call(GetReport { report_id: id }).await {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.failed(index, error, None)?;
                return Ok(Step::Moved);
            }
            report => report?,
        };
        match report.processing_status.as_str() {
            "DONE" => match report.report_document_id {
                Some(document) => self.set(
                    index,
                    State::Reading {
                        document,
                        at,
                        row: 0,
                    },
                ),
                None => self.drop_job(index),
            },
            // Without data there is no report; that is no failure.
            "CANCELLED" => self.drop_job(index),
            "FATAL" => {
                let question = job.wanted.question();
                let reason = reason(seller, &report).await;
                notes.push(format!(
                    "Amazon couldn't make a report of the type {}: {reason}. It is asked for again.",
                    question.report_type,
                ));
                match job.wanted.halves() {
                    Some(halves) => {
                        self.0.splice(index..=index, halves.map(Job::new));
                    }
                    None => self.failed(
                        index,
                        Error::new(ErrorKind::Unavailable, "Amazon can't make a report")
                            .with("report_type", question.report_type)
                            .with("reason", reason)
                            .retry_in(COOLING.to_std().unwrap_or(LATE)),
                        Some(seller.now() + COOLING),
                    )?,
                }
            }
            _ => return Ok(Step::Wait(pause(age))),
        }
        Ok(Step::Moved)
    }

    /// Counts a failure: a few are overcome by asking again, from an instant on.
    fn failed(&mut self, index: usize, error: Error, from: Option<DateTime<Utc>>) -> Result<()> {
        match self.0.get_mut(index) {
            Some(job) if job.failures + 1 < MOST_FAILURES => {
                job.failures += 1;
                job.state = State::Todo(from);
                Ok(())
            }
            _ => Err(error),
        }
    }

    fn drop_job(&mut self, index: usize) {
        if index < self.0.len() {
            self.0.remove(index);
        }
    }

    async fn read(
        &mut self,
        index: usize,
        seller: &Seller,
        shelf: &Shelf<T::Rows>,
        most: usize,
    ) -> Result<Step<T>> {
        let Some((wanted, document, at, row)) =
            self.0.get(index).and_then(|job| match &job.state {
                State::Reading { document, at, row } => {
                    Some((job.wanted.clone(), document.clone(), *at, *row))
                }
                _ => None,
            })
        else {
            return Ok(Step::Moved);
        };
        let held = shelf
            .take()
            .filter(|open| open.document == document && open.row == row);
        let mut open = match held {
            Some(open) => open,
            None => match Opened::at(seller, &wanted, &document, row).await {
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    self.failed(index, error, None)?;
                    return Ok(Step::Moved);
                }
                open => open?,
            },
        };
        let mut rows = Vec::new();
        let mut ended = false;
        while rows.len() < most && !ended {
            match open.rows.next().await? {
                Some(row) => rows.push(row),
                None => ended = true,
            }
        }
        if ended {
            self.drop_job(index);
        } else {
            open.row += u64::try_from(rows.len()).unwrap_or(u64::MAX);
            let row = open.row;
            self.set(index, State::Reading { document, at, row });
            shelf.put(open);
        }
        Ok(Step::Rows { wanted, at, rows })
    }
}

/// Whether a report is what was asked for. What else it was told is not in Amazon's list.
fn answers(report: &Report, question: &CreateReport) -> bool {
    let mut marketplaces = report.marketplace_ids.clone().unwrap_or_default();
    let mut wanted = question.marketplace_ids.clone();
    marketplaces.sort();
    wanted.sort();
    report.report_type == question.report_type
        && marketplaces == wanted
        && report.data_start_time == question.data_start_time
        && report.data_end_time == question.data_end_time
}

/// A quota that is spent is waited for, as a report is.
fn waiting<T: Wanted>(step: Result<Step<T>>) -> Result<Step<T>> {
    match step {
        Err(error) if error.kind() == ErrorKind::RateLimited => match error.retry_after() {
            Some(wait) => Ok(Step::Wait(wait)),
            None => Err(error),
        },
        step => step,
    }
}

/// How long until the next look at a report of this age: soon at first, then ever later.
fn pause(age: Duration) -> Duration {
    (age / 2).clamp(SOON, LATE)
}

#[cfg(test)]
mod tests;
