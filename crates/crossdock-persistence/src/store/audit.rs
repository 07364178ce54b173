//! The audit log: who did what to what, and when.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::db::{Ask as _, Durability, get, text, text_or_null, time};
use crate::error::Result;
use crate::store::ProjectStore;

/// How many lines one call gives at most.
const MOST_LINES: u32 = 1_000;

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
    pub async fn audit(&self, entry: &AuditEntry) -> Result<()> {
        self.exists().await?;
        let sql = "INSERT INTO audit_log (id, project_id, actor, action, subject, detail, at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let values = vec![
            text(Uuid::now_v7().to_string()),
            self.own(),
            text(&entry.actor),
            text(&entry.action),
            text(&entry.subject),
            text_or_null(entry.detail.as_deref()),
            time(entry.at),
        ];
        let tx = self.db.write(Durability::Power).await?;
        tx.run(sql, values).await?;
        tx.commit().await
    }

    /// The last lines, the newest first; at most 1,000.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when there is no such project.
    pub async fn audit_log(&self, limit: u32) -> Result<Vec<AuditEntry>> {
        self.exists().await?;
        let sql = "SELECT actor, action, subject, detail, at FROM audit_log \
                   WHERE project_id = $1 ORDER BY id DESC LIMIT $2";
        let limit = i64::from(limit.min(MOST_LINES));
        let rows = self.db.all(sql, vec![self.own(), limit.into()]).await?;
        rows.iter()
            .map(|row| {
                Ok(AuditEntry {
                    actor: get(row, "actor")?,
                    action: get(row, "action")?,
                    subject: get(row, "subject")?,
                    detail: get(row, "detail")?,
                    at: get(row, "at")?,
                })
            })
            .collect()
    }
}
