//! The webhook inbox: stored durably before it is answered, once per event, and kept for replay.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use sea_orm::QueryResult;
use serde::Serialize;

use crate::db::{Ask as _, Durability, get, id, json, parsed, text, text_or_null, time, to_json};
use crate::error::{Result, StoreError};
use crate::ids::{ConnectionId, WebhookId};
use crate::store::ProjectStore;
use crate::words::words;

/// How many deliveries one call gives at most.
const MOST_WEBHOOKS: u32 = 1_000;

words! {
    /// Where a delivery stands.
    pub enum WebhookStatus {
        /// It is to be dealt with.
        Pending = "pending",
        /// It was.
        Processed = "processed",
        /// Dealing with it failed.
        Failed = "failed",
    }
}

/// A verified delivery to keep.
#[derive(Clone)]
pub struct NewWebhook {
    /// For which connection.
    pub connection: ConnectionId,
    /// The platform's id of the event, the same on every redelivery.
    pub event_id: String,
    /// What it is about, in the platform's words.
    pub topic: String,
    /// The account that it names.
    pub account: Option<String>,
    /// The headers that a replay needs, lower case; never one that holds a signature or a secret.
    pub headers: BTreeMap<String, String>,
    /// The raw body.
    pub body: Vec<u8>,
    /// When it came.
    pub received_at: DateTime<Utc>,
}

/// What receiving a delivery did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// It is new, and on disk.
    Stored(WebhookId),
    /// The event was here before.
    Duplicate(WebhookId),
}

/// A delivery as the inbox has it.
#[derive(Clone, Serialize)]
pub struct StoredWebhook {
    /// Its id.
    pub id: WebhookId,
    /// For which connection.
    pub connection: ConnectionId,
    /// The platform's id.
    pub platform: String,
    /// The platform's id of the event.
    pub event_id: String,
    /// What it is about.
    pub topic: String,
    /// The account that it names.
    pub account: Option<String>,
    /// The headers that were kept.
    pub headers: BTreeMap<String, String>,
    /// The raw body.
    #[serde(skip)]
    pub body: Vec<u8>,
    /// When it came first.
    pub received_at: DateTime<Utc>,
    /// Where it stands.
    pub status: WebhookStatus,
    /// How often it was dealt with, or tried to be.
    pub attempts: u32,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// When it was last dealt with, or tried to be.
    pub processed_at: Option<DateTime<Utc>>,
}

impl ProjectStore {
    /// Stores a verified delivery, once per event. On disk when it returns, power loss included.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when the connection isn't this project's.
    pub async fn receive_webhook(&self, new: NewWebhook) -> Result<Received> {
        self.owns(Some(new.connection)).await?;
        let webhook = WebhookId::new();
        let sql = "INSERT INTO webhook_inbox (id, project_id, connection_id, event_id, topic, \
                   account, headers, body, received_at, status, attempts) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'pending', 0) \
                   ON CONFLICT (connection_id, event_id) DO NOTHING";
        let values = vec![
            webhook.into(),
            self.own(),
            new.connection.into(),
            text(&new.event_id),
            text(new.topic),
            text_or_null(new.account),
            to_json(&new.headers)?,
            new.body.into(),
            time(new.received_at),
        ];
        let tx = self.db.write(Durability::Power).await?;
        if tx.run(sql, values).await? == 1 {
            tx.commit().await?;
            return Ok(Received::Stored(webhook));
        }
        let sql = "SELECT id FROM webhook_inbox WHERE connection_id = $1 AND event_id = $2";
        let key = vec![new.connection.into(), text(&new.event_id)];
        let row = tx.one(sql, key).await?.ok_or(NO_WEBHOOK)?;
        Ok(Received::Duplicate(id(&row, "id")?))
    }

    /// Deliveries that are to be dealt with, the oldest first; at most 1,000.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when there is no such project.
    pub async fn pending_webhooks(&self, limit: u32) -> Result<Vec<StoredWebhook>> {
        self.exists().await?;
        let sql = format!("{SELECT} AND w.status = 'pending' ORDER BY w.id LIMIT $2");
        let limit = i64::from(limit.min(MOST_WEBHOOKS));
        let rows = self.db.all(&sql, vec![self.own(), limit.into()]).await?;
        rows.iter().map(stored).collect()
    }

    /// One delivery, for a replay.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn webhook(&self, id: WebhookId) -> Result<StoredWebhook> {
        let sql = format!("{SELECT} AND w.id = $2");
        let row = self.db.one(&sql, vec![self.own(), id.into()]).await?;
        row.as_ref().map(stored).transpose()?.ok_or(NO_WEBHOOK)
    }

    /// Marks a delivery as dealt with.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn mark_webhook_processed(&self, id: WebhookId, now: DateTime<Utc>) -> Result<()> {
        self.mark(id, WebhookStatus::Processed, None, now).await
    }

    /// Marks that dealing with a delivery failed, and why.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn mark_webhook_failed(
        &self,
        id: WebhookId,
        error: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.mark(id, WebhookStatus::Failed, Some(error), now).await
    }

    async fn mark(
        &self,
        id: WebhookId,
        status: WebhookStatus,
        error: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let sql = "UPDATE webhook_inbox SET status = $3, attempts = attempts + 1, error = $4, \
                   processed_at = $5 WHERE id = $1 AND project_id = $2";
        let values = vec![
            id.into(),
            self.own(),
            text(status.as_str()),
            text_or_null(error),
            time(now),
        ];
        let tx = self.db.write(Durability::Process).await?;
        if tx.run(sql, values).await? == 0 {
            return Err(NO_WEBHOOK);
        }
        tx.commit().await
    }
}

impl fmt::Debug for NewWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewWebhook")
            .field("connection", &self.connection)
            .field("event_id", &self.event_id)
            .field("topic", &self.topic)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for StoredWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredWebhook")
            .field("id", &self.id)
            .field("connection", &self.connection)
            .field("event_id", &self.event_id)
            .field("topic", &self.topic)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

const NO_WEBHOOK: StoreError = StoreError::NotFound { what: "webhook" };

const SELECT: &str = "SELECT w.*, c.platform FROM webhook_inbox w \
    JOIN platform_connections c ON c.id = w.connection_id WHERE w.project_id = $1";

fn stored(row: &QueryResult) -> Result<StoredWebhook> {
    let attempts: i64 = get(row, "attempts")?;
    Ok(StoredWebhook {
        id: id(row, "id")?,
        connection: id(row, "connection_id")?,
        platform: get(row, "platform")?,
        event_id: get(row, "event_id")?,
        topic: get(row, "topic")?,
        account: get(row, "account")?,
        headers: json(row, "headers")?,
        body: get(row, "body")?,
        received_at: get(row, "received_at")?,
        status: parsed(row, "status", WebhookStatus::from_word)?,
        attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
        error: get(row, "error")?,
        processed_at: get(row, "processed_at")?,
    })
}
