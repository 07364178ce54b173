//! The webhook inbox: stored durably before it is answered, once per event, and kept for replay.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::error::Result;
use crate::ids::{ConnectionId, WebhookId};
use crate::store::ProjectStore;
use crate::words::words;

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
    /// When it was dealt with.
    pub processed_at: Option<DateTime<Utc>>,
}

impl ProjectStore {
    /// Stores a verified delivery, once per event. On disk when it returns, power loss included.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when the connection isn't this project's.
    pub async fn receive_webhook(&self, _new: NewWebhook) -> Result<Received> {
        Err(super::unbuilt())
    }

    /// Deliveries that are to be dealt with, the oldest first; at most 1,000.
    ///
    /// # Errors
    /// [`Other`](crate::StoreError::Other).
    pub async fn pending_webhooks(&self, _limit: u32) -> Result<Vec<StoredWebhook>> {
        Err(super::unbuilt())
    }

    /// One delivery, for a replay.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn webhook(&self, _id: WebhookId) -> Result<StoredWebhook> {
        Err(super::unbuilt())
    }

    /// Marks a delivery as dealt with.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn mark_webhook_processed(&self, _id: WebhookId, _now: DateTime<Utc>) -> Result<()> {
        Err(super::unbuilt())
    }

    /// Marks that dealing with a delivery failed, and why.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn mark_webhook_failed(
        &self,
        _id: WebhookId,
        _error: &str,
        _now: DateTime<Utc>,
    ) -> Result<()> {
        Err(super::unbuilt())
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
