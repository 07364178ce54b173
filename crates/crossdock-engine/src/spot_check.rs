//! Spot checks: samples of what is stored, looked up at the platform one by one, and compared.

use connector_core::{AnySession, Change, ErrorKind, Record};
use crossdock_persistence::{
    ConnectionId, ProjectId, RecordQuery, RecordRow, RecordSet, StoreError,
};
use serde::Serialize;

use crate::engine::Engine;
use crate::error::Result;

/// What a spot check of one stream found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SpotCheck {
    /// The stream.
    pub stream: String,
    /// Records that were looked up.
    pub looked_up: u64,
    /// Records that the platform has as they are stored.
    pub equal: u64,
    /// The ids of those that it has otherwise, or no longer: the next sync brings them.
    pub different: Vec<String>,
    /// Why there was nothing to compare, or why it ended early.
    pub note: Option<String>,
}

impl Engine {
    /// Looks up to `per_stream` records of every stream up at the platform, and compares them with
    /// what is stored. It changes nothing.
    ///
    /// # Errors
    /// Those of opening the connection. What goes wrong with one stream is in its
    /// [`SpotCheck::note`].
    pub async fn spot_check(
        &self,
        project: ProjectId,
        connection: ConnectionId,
        per_stream: u32,
    ) -> Result<Vec<SpotCheck>> {
        let store = self.store().project(project);
        let connection = store.connection(connection).await?;
        let session = self.session(&store, &connection).await?;
        let streams = self
            .registry()
            .get(&connection.platform)?
            .descriptor()
            .streams;
        let mut checks = Vec::with_capacity(streams.len());
        for stream in streams {
            let query = RecordQuery {
                connection: Some(connection.id),
                limit: per_stream.max(1),
                ..RecordQuery::default()
            };
            let set = RecordSet::Stream(stream.id.to_owned());
            let rows = match store.records(&set, &query).await {
                Ok(page) => page.items,
                // A stream that never brought a record.
                Err(StoreError::NotFound { .. }) => Vec::new(),
                Err(error) => return Err(error.into()),
            };
            checks.push(check(&session, stream.id, &rows).await);
        }
        Ok(checks)
    }
}

async fn check(session: &AnySession, stream: &str, rows: &[RecordRow]) -> SpotCheck {
    let mut check = SpotCheck {
        stream: stream.to_owned(),
        ..SpotCheck::default()
    };
    for row in rows {
        match session.lookup(stream, &row.external_id).await {
            Ok(record) => {
                check.looked_up += 1;
                if is_equal(row, &record) {
                    check.equal += 1;
                } else {
                    check.different.push(row.external_id.clone());
                }
            }
            Err(error) if error.kind() == ErrorKind::Unsupported => {
                check.note = Some("can't be looked up one by one".to_owned());
                break;
            }
            Err(error) => {
                // One record that can't be read hides no other; a platform that is down does.
                let is_down = error.is_retryable();
                check.note = Some(error.to_string());
                if is_down {
                    break;
                }
            }
        }
    }
    check
}

fn is_equal(row: &RecordRow, record: &Record) -> bool {
    match &record.change {
        // A model is stored as its content alone: which model it is, the row says.
        Change::Upsert(model) => {
            serde_json::to_value(model).is_ok_and(|found| found.get("value") == Some(&row.value))
        }
        Change::Gone => row.gone_at.is_some(),
    }
}
