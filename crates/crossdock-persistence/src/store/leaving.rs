//! The two ways for a connection to end: disconnecting keeps what it brought, erasing does not.

use chrono::{DateTime, Utc};

use super::NO_CONNECTION;
use crate::db::{Ask as _, Durability, text_or_null, time};
use crate::error::Result;
use crate::ids::ConnectionId;
use crate::store::ProjectStore;
use crate::tables::Table;

impl ProjectStore {
    /// Disconnects: destroys the credential, ends its runs, keeps all records and their history.
    /// Disconnecting twice is no error.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn disconnect(
        &self,
        id: ConnectionId,
        reason: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db.write(Durability::Power).await?;
        let sql = "UPDATE platform_connections \
                   SET status = 'disconnected', status_reason = $3, updated_at = $4 \
                   WHERE id = $1 AND project_id = $2";
        let values = vec![id.into(), self.own(), text_or_null(reason), time(now)];
        if tx.run(sql, values).await? == 0 {
            return Err(NO_CONNECTION);
        }
        let sql = "UPDATE connection_credentials SET sealed = NULL, expires_at = NULL, \
                   reconnect_by = NULL, intent_owner = NULL, intent_at = NULL, lease_owner = NULL, \
                   lease_until = NULL, lease_fence = lease_fence + 1, updated_at = $2 \
                   WHERE connection_id = $1";
        tx.run(sql, vec![id.into(), time(now)]).await?;
        let sql = "UPDATE sync_checkpoints SET run_id = NULL, lease_owner = NULL, \
                   lease_until = NULL, lease_fence = lease_fence + 1 WHERE connection_id = $1";
        tx.run(sql, vec![id.into()]).await?;
        let sql = "UPDATE sync_log SET status = 'cancelled', finished_at = $2 \
                   WHERE connection_id = $1 AND status = 'running'";
        tx.run(sql, vec![id.into(), time(now)]).await?;
        tx.commit().await
    }

    /// Erases a connection and every row that came through it, its lines of the feed included: its
    /// numbers are missing from the feed then, and are not given again. What was asked stays in the
    /// audit log.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn erase(&self, id: ConnectionId) -> Result<()> {
        self.owns(Some(id)).await?;
        let tx = self.db.write(Durability::Power).await?;
        // Fences out whoever is committing a page: on PostgreSQL it waits here for its turn.
        let sql = "UPDATE sync_checkpoints SET lease_fence = lease_fence + 1 \
                   WHERE connection_id = $1";
        tx.run(sql, vec![id.into()]).await?;
        for table in Table::all() {
            if let Some(children) = table.children {
                let sql = format!(
                    "DELETE FROM {} WHERE {} IN (SELECT id FROM {} WHERE connection_id = $1)",
                    children.name, children.parent, table.name
                );
                tx.run(&sql, vec![id.into()]).await?;
            }
            let sql = format!("DELETE FROM {} WHERE connection_id = $1", table.name);
            tx.run(&sql, vec![id.into()]).await?;
        }
        let sql = "DELETE FROM attribution WHERE connection_id = $1";
        tx.run(sql, vec![id.into()]).await?;
        // What was joined to its campaigns is joined anew.
        let sql = "DELETE FROM attribution_progress WHERE project_id = $1";
        tx.run(sql, vec![self.own()]).await?;
        let sql = "DELETE FROM changes WHERE project_id = $1 AND connection_id = $2";
        tx.run(sql, vec![self.own(), id.into()]).await?;
        let sql = "DELETE FROM pending_connects WHERE project_id = $1 AND connection_id = $2";
        tx.run(sql, vec![self.own(), id.into()]).await?;
        // What else belongs to it goes with it, by reference.
        let sql = "DELETE FROM platform_connections WHERE id = $1 AND project_id = $2";
        if tx.run(sql, vec![id.into(), self.own()]).await? == 0 {
            return Err(NO_CONNECTION);
        }
        tx.commit().await
    }
}
