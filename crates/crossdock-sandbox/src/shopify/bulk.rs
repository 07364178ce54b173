//! Bulk operations: a query run over everything, fetched later as lines of JSON.
//!
//! The file is written when the operation is accepted, from the data of that instant; the states
//! follow from simulated time. Where a later operation gives the same bytes, both share them.

mod run;

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};

pub(crate) use run::{Written, check, run};

/// The host that serves the files.
pub(crate) const HOST: &str = "storage.googleapis.com";

/// What the path of every file begins with.
pub(crate) const PREFIX: &str = "/shopify-sandbox-bulk/";

/// How many operations of one app may run in a shop at once (since API version 2026-01).
pub(crate) const CONCURRENT: usize = 5;

/// How long a file is kept.
const KEPT: TimeDelta = TimeDelta::days(7);

/// How many objects are written in a simulated second.
const PACE: u64 = 5_000;

/// A state of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Accepted.
    Created,
    /// Being written.
    Running,
    /// Done; the file is there if anything was found.
    Completed,
    /// Given up, for a reason.
    Failed,
    /// Stopped by the app.
    Canceled,
    /// The file is gone.
    Expired,
}

impl Status {
    /// The platform's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Running => "RUNNING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Canceled => "CANCELED",
            Self::Expired => "EXPIRED",
        }
    }

    /// Whether the operation still runs.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Created | Self::Running)
    }
}

/// One operation.
#[derive(Clone, Debug)]
pub(crate) struct BulkOperation {
    pub(crate) id: u64,
    /// The app that asked.
    pub(crate) app: String,
    pub(crate) query: String,
    pub(crate) status: Status,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) completed_at: Option<DateTime<Utc>>,
    pub(crate) error_code: Option<&'static str>,
    /// How many lines are written so far.
    pub(crate) objects: u64,
    /// How many of them have no parent.
    pub(crate) roots: u64,
    pub(crate) file: Bytes,
    /// When it ends unless it is stopped, and with how many objects.
    ends_at: DateTime<Utc>,
    total: (u64, u64),
}

impl BulkOperation {
    /// An operation that was accepted now.
    pub(crate) fn new(
        id: u64,
        app: String,
        query: String,
        written: Written,
        now: DateTime<Utc>,
        delay: Option<TimeDelta>,
    ) -> Self {
        let seconds = i64::try_from(written.objects.div_ceil(PACE).max(1)).unwrap_or(i64::MAX);
        Self {
            id,
            app,
            query,
            status: Status::Created,
            created_at: now,
            completed_at: None,
            error_code: written.error_code,
            objects: 0,
            roots: 0,
            file: written.file,
            ends_at: now + delay.unwrap_or(TimeDelta::seconds(seconds)),
            total: (written.objects, written.roots),
        }
    }

    /// When the operation ends unless it is stopped.
    pub(crate) fn ends_at(&self) -> DateTime<Utc> {
        self.ends_at
    }

    /// How it ends unless it is stopped.
    pub(crate) fn outcome(&self) -> Status {
        if self.error_code.is_some() {
            Status::Failed
        } else {
            Status::Completed
        }
    }

    /// Where the file can be fetched, once it is there; `None` where nothing was found.
    pub(crate) fn url(&self) -> Option<String> {
        (self.status == Status::Completed && !self.file.is_empty()).then(|| self.address())
    }

    /// Where the part can be fetched that a failed or stopped operation had written.
    pub(crate) fn partial_url(&self) -> Option<String> {
        (matches!(self.status, Status::Failed | Status::Canceled) && !self.file.is_empty())
            .then(|| self.address())
    }

    fn address(&self) -> String {
        format!("https://{HOST}{PREFIX}{}.jsonl", self.id)
    }

    fn advance(&mut self, now: DateTime<Utc>) {
        match self.status {
            Status::Created | Status::Running if now >= self.ends_at => {
                self.status = self.outcome();
                self.completed_at = Some(self.ends_at);
                (self.objects, self.roots) = self.total;
            }
            Status::Created | Status::Running if now > self.created_at => {
                self.status = Status::Running;
                let part = |whole: u64| {
                    let done = (now - self.created_at).num_milliseconds();
                    let all = (self.ends_at - self.created_at).num_milliseconds().max(1);
                    let whole = i64::try_from(whole).unwrap_or(i64::MAX);
                    u64::try_from(whole.saturating_mul(done) / all).unwrap_or(0)
                };
                (self.objects, self.roots) = (part(self.total.0), part(self.total.1));
            }
            Status::Completed | Status::Failed | Status::Canceled => {
                if self.completed_at.is_some_and(|end| now >= end + KEPT) {
                    self.file = Bytes::new();
                    if self.status == Status::Completed {
                        self.status = Status::Expired;
                    }
                }
            }
            Status::Created | Status::Running | Status::Expired => {}
        }
    }
}

/// All operations of a shop.
#[derive(Debug, Default)]
pub(crate) struct BulkOperations(BTreeMap<u64, BulkOperation>);

impl BulkOperations {
    /// The operation with this id.
    pub(crate) fn get(&self, id: u64) -> Option<&BulkOperation> {
        self.0.get(&id)
    }

    /// An app's operations, the oldest first.
    pub(crate) fn of_app<'s>(
        &'s self,
        app: &'s str,
    ) -> impl DoubleEndedIterator<Item = &'s BulkOperation> {
        self.0
            .values()
            .filter(move |operation| operation.app == app)
    }

    /// Takes a new operation in.
    pub(crate) fn add(&mut self, mut operation: BulkOperation) {
        if let Some(twin) = self.0.values().find(|twin| twin.file == operation.file) {
            operation.file = twin.file.clone();
        }
        self.0.insert(operation.id, operation);
    }

    /// Stops an operation that still runs.
    pub(crate) fn cancel(&mut self, id: u64, now: DateTime<Utc>) -> bool {
        let Some(operation) = self.0.get_mut(&id) else {
            return false;
        };
        let open = operation.status.is_open();
        if open {
            operation.status = Status::Canceled;
            operation.completed_at = Some(now);
            operation.file = Bytes::new();
        }
        open
    }

    /// Lets time pass.
    pub(crate) fn advance(&mut self, now: DateTime<Utc>) {
        for operation in self.0.values_mut() {
            operation.advance(now);
        }
    }
}
