//! Reading records back, in the unified models' words.

use chrono::{DateTime, Utc};
use connector_core::ModelKind;
use serde::Serialize;

use crate::error::Result;
use crate::ids::ConnectionId;
use crate::store::ProjectStore;

/// Which records to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordSet {
    /// Those of a stream, over all connections that have one by this name.
    Stream(String),
    /// Those of a unified model, whatever their streams are called.
    Model(ModelKind),
}

/// What to read of them.
#[derive(Clone, Debug, Default)]
pub struct RecordQuery {
    /// Only this connection's.
    pub connection: Option<ConnectionId>,
    /// Only this platform's.
    pub platform: Option<String>,
    /// Only the one with this id on its platform.
    pub external_id: Option<String>,
    /// Only those that the platform changed at this time or after it; where the platform doesn't
    /// tell, those that were stored then.
    pub updated_since: Option<DateTime<Utc>>,
    /// Also those that are gone.
    pub include_gone: bool,
    /// Also the JSON as the platform sent it, where it was kept.
    pub include_raw: bool,
    /// [`RecordPage::next`] of the page before.
    pub after: Option<String>,
    /// How many at most: 1 to 1,000; 0 means 100.
    pub limit: u32,
}

/// A page of records, in an order that does not change while they are read.
#[derive(Clone, Debug, Serialize)]
pub struct RecordPage {
    /// The records.
    pub items: Vec<RecordRow>,
    /// For [`RecordQuery::after`]; `None` at the end.
    pub next: Option<String>,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecordRow {
    /// Through which connection it came.
    pub connection: ConnectionId,
    /// The connection's platform.
    pub platform: String,
    /// In which stream.
    pub stream: String,
    /// The platform's id.
    pub external_id: String,
    /// What it is.
    pub model: ModelKind,
    /// Its content, as the unified model serialises.
    pub value: serde_json::Value,
    /// The JSON as the platform sent it, where it was kept and asked for.
    pub raw: Option<serde_json::Value>,
    /// When the platform last changed it, where it told.
    pub updated_at: Option<DateTime<Utc>>,
    /// When it was first stored.
    pub first_seen_at: DateTime<Utc>,
    /// When its content was last stored, which is when it last changed.
    pub synced_at: DateTime<Utc>,
    /// When it was found to be gone.
    pub gone_at: Option<DateTime<Utc>>,
    /// Its last line in the feed.
    pub sequence: i64,
}

/// How many records a stream holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordCount {
    /// Through which connection they came.
    pub connection: ConnectionId,
    /// The connection's platform.
    pub platform: String,
    /// In which stream.
    pub stream: String,
    /// What they are.
    pub model: ModelKind,
    /// How many are there.
    pub present: u64,
    /// How many are gone.
    pub gone: u64,
}

impl ProjectStore {
    /// Reads records, page by page.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when no stream has this name, or the connection is
    /// another project's; [`Conflict`](crate::StoreError::Conflict) when `after` is none of ours.
    pub async fn records(&self, _set: &RecordSet, _query: &RecordQuery) -> Result<RecordPage> {
        Err(super::unbuilt())
    }

    /// How many records each stream holds.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when there is no such project.
    pub async fn record_counts(&self) -> Result<Vec<RecordCount>> {
        Err(super::unbuilt())
    }
}
