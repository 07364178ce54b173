//! The audit log: who did what to what, and when.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::error::Result;
use crate::store::ProjectStore;

/// One line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// Who: `admin`, `cli`, `platform`.
    pub actor: String,
    /// What: `connection.erased`.
    pub action: String,
    /// To what: an id.
    pub subject: String,
    /// What else a person should know; never a secret.
    pub detail: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

impl ProjectStore {
    /// Writes a line.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when there is no such project.
    pub async fn audit(&self, _entry: &AuditEntry) -> Result<()> {
        Err(super::unbuilt())
    }

    /// The last lines, the newest first; at most 1,000.
    ///
    /// # Errors
    /// [`Other`](crate::StoreError::Other).
    pub async fn audit_log(&self, _limit: u32) -> Result<Vec<AuditEntry>> {
        Err(super::unbuilt())
    }
}
