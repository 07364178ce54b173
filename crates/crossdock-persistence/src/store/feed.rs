//! The change feed: one line per real change, numbered without gaps in the order of commits.

use chrono::{DateTime, Utc};
use connector_core::ModelKind;
use serde::Serialize;

use crate::error::Result;
use crate::ids::ConnectionId;
use crate::store::ProjectStore;
use crate::words::words;

words! {
    /// What happened to a record.
    pub enum ChangeKind {
        /// It was not there, or had been gone.
        Added = "added",
        /// It became another.
        Updated = "updated",
        /// It is gone.
        Removed = "removed",
    }
}

/// Which changes to read.
#[derive(Clone, Debug, Default)]
pub struct ChangeFilter {
    /// Only this connection's.
    pub connection: Option<ConnectionId>,
    /// Only this stream's.
    pub stream: Option<String>,
}

/// One line of the feed. The record as it is now is read by its stream and id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeRow {
    /// Its number: 1 for the project's first, without gaps.
    pub sequence: i64,
    /// Through which connection it came.
    pub connection: ConnectionId,
    /// The connection's platform.
    pub platform: String,
    /// In which stream.
    pub stream: String,
    /// The record's id.
    pub external_id: String,
    /// What happened.
    pub kind: ChangeKind,
    /// What the record is.
    pub model: ModelKind,
    /// When it was stored.
    pub at: DateTime<Utc>,
}

impl ProjectStore {
    /// The changes after a number, in order; at most 10,000. A reader that stores the last number
    /// it has dealt with misses nothing and sees nothing twice, however many write at the same time.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when the filter names another project's connection.
    pub async fn changes(
        &self,
        _after: i64,
        _limit: u32,
        _filter: &ChangeFilter,
    ) -> Result<Vec<ChangeRow>> {
        Err(super::unbuilt())
    }

    /// The feed's last number; 0 before the first change.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when there is no such project.
    pub async fn last_sequence(&self) -> Result<i64> {
        Err(super::unbuilt())
    }
}
