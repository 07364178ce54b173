//! One report on its way, as a cursor remembers it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// What was asked for longer ago is asked for again, whatever became of it.
const STALE: TimeDelta = TimeDelta::hours(24);

/// A report on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Job<T> {
    /// What it is to hold.
    pub(super) wanted: T,
    pub(super) state: State,
    /// How often Amazon failed.
    #[serde(default)]
    pub(super) failures: u8,
}

/// Where it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// It is to be asked for, not before this instant.
    Todo(Option<DateTime<Utc>>),
    /// It was asked for at this instant, and the reply was lost.
    Unsure(DateTime<Utc>),
    /// It is being made.
    Asked { id: String, at: DateTime<Utc> },
    /// Its document is being read.
    Reading {
        document: String,
        /// When it was asked for.
        at: DateTime<Utc>,
        /// How many rows were read.
        row: u64,
    },
}

impl<T> Job<T> {
    pub(super) fn new(wanted: T) -> Self {
        Self {
            wanted,
            state: State::Todo(None),
            failures: 0,
        }
    }

    /// Whether it is to be asked for now.
    pub(super) fn is_due(&self, now: DateTime<Utc>) -> bool {
        match self.state {
            State::Todo(from) => from.is_none_or(|from| from <= now),
            State::Unsure(_) => true,
            State::Asked { .. } | State::Reading { .. } => false,
        }
    }

    /// Has it asked for anew where that was too long ago.
    pub(super) fn forget_stale(&mut self, now: DateTime<Utc>) {
        if let State::Unsure(at) | State::Asked { at, .. } = self.state
            && now - at >= STALE
        {
            self.state = State::Todo(None);
            self.failures = 0;
        }
    }
}
