//! Receiving webhooks: verified, stored before they are answered, and acted upon afterwards.

use crossdock_persistence::{ProjectId, WebhookId};
use http::HeaderMap;
use serde::Serialize;

use crate::engine::Engine;
use crate::error::Result;

/// What became of a verified delivery. All of them are to be answered with a success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Receipt {
    /// It is new, and stored. [`Engine::process_webhooks`](crate::Engine::process_webhooks) acts
    /// upon it.
    Accepted,
    /// The same event was stored before.
    Duplicate,
    /// It names an account that nobody has connected, so there is nowhere to keep it.
    Unmatched,
}

/// What [`Engine::process_webhooks`](crate::Engine::process_webhooks) did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct WebhooksProcessed {
    /// Deliveries that were acted upon.
    pub processed: u64,
    /// Deliveries that could not be acted upon; they are tried again.
    pub failed: u64,
}

impl Engine {
    /// Verifies a delivery over its raw body and stores it, before it is answered.
    ///
    /// # Errors
    /// [`PermissionDenied`](connector_core::ErrorKind::PermissionDenied) when it isn't from the
    /// platform; [`ContractBroken`](connector_core::ErrorKind::ContractBroken) when it can't be
    /// read; [`Unsupported`](connector_core::ErrorKind::Unsupported) when this platform sends none;
    /// [`NotFound`](connector_core::ErrorKind::NotFound) for an unknown platform; the store's.
    pub async fn receive_webhook(
        &self,
        platform: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Receipt> {
        todo!()
    }

    /// Acts upon what a project's inbox holds that was not acted upon yet, the oldest first: syncs
    /// streams that have news, removes what is gone, notes that a grant was taken back.
    ///
    /// # Errors
    /// The store's. A delivery that fails is marked as failed, and doesn't end it.
    pub async fn process_webhooks(&self, project: ProjectId) -> Result<WebhooksProcessed> {
        todo!()
    }

    /// Acts upon one delivery once more, whatever became of it.
    ///
    /// # Errors
    /// The store's, and what comes of acting upon it.
    pub async fn replay_webhook(&self, project: ProjectId, webhook: WebhookId) -> Result<()> {
        todo!()
    }
}
