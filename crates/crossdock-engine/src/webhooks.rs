//! Receiving webhooks: verified, stored before they are answered, and acted upon afterwards.

mod effects;

use std::collections::BTreeMap;

use connector_core::{
    AnyConnector, ChallengeAnswer, Delivery, ErrorKind, Form, WebhookEffect, WebhookEvent, Webhooks,
};
use crossdock_persistence::{NewWebhook, ProjectId, Received, StoredWebhook, WebhookId};
use serde::Serialize;

use crate::engine::Engine;
use crate::error::{Error, Result};
use effects::{Act, Todo};

/// How many deliveries are acted upon together, so that many of them make one sync.
const BATCH: u32 = 200;

/// Under which name the inbox keeps what the connector read from a delivery. What it was read from
/// can't be verified a second time, as signatures are not stored.
const EVENT: &str = "crossdock-event";

/// What became of a verified delivery. All of them are to be answered with a success.
///
/// Of several events in one delivery, what became of the one that became of most: the order here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Receipt {
    /// It names an account that nobody has connected, so there is nowhere to keep it.
    Unmatched,
    /// The same event was stored before.
    Duplicate,
    /// It is new, and stored. [`Engine::process_webhooks`](crate::Engine::process_webhooks) acts
    /// upon it.
    Accepted,
}

/// What [`Engine::process_webhooks`](crate::Engine::process_webhooks) did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct WebhooksProcessed {
    /// Deliveries that were acted upon.
    pub processed: u64,
    /// Deliveries that could not be acted upon, and that somebody must look at.
    pub failed: u64,
    /// Deliveries that stay in the inbox for the next time: the platform is down, or another run
    /// of the stream was under way.
    pub postponed: u64,
}

impl Engine {
    /// Answers a platform that asks whether this address is ours. `address` is the one under which
    /// the platform knows it, byte for byte.
    ///
    /// # Errors
    /// [`PermissionDenied`](ErrorKind::PermissionDenied) when it isn't the platform that asks;
    /// [`ConfigInvalid`](ErrorKind::ConfigInvalid) when the operator hasn't set up what the answer
    /// is made of; [`Unsupported`](ErrorKind::Unsupported) when this platform asks nothing, or sends
    /// no webhooks; [`NotFound`](ErrorKind::NotFound) for an unknown platform.
    pub fn answer_challenge(
        &self,
        platform: &str,
        address: &str,
        query: &Form,
    ) -> Result<ChallengeAnswer> {
        let connector = self.registry().get(platform)?;
        match webhooks_of(connector)?.challenge(address, query) {
            Some(answer) => {
                Ok(answer.map_err(|error| error.with("platform", connector.descriptor().id))?)
            }
            None => Err(Error::refused(
                ErrorKind::Unsupported,
                "this platform doesn't ask whose address it is",
            )),
        }
    }

    /// Verifies a delivery over its raw body and stores it, before it is answered.
    ///
    /// # Errors
    /// [`PermissionDenied`](ErrorKind::PermissionDenied) when it isn't from the platform;
    /// [`ContractBroken`](ErrorKind::ContractBroken) when it can't be read; a retryable one when it
    /// can't be verified just now, so that the platform has to send it again;
    /// [`Unsupported`](ErrorKind::Unsupported) when this platform sends none;
    /// [`NotFound`](ErrorKind::NotFound) for an unknown platform; the store's.
    pub async fn receive_webhook(
        &self,
        platform: &str,
        delivery: &Delivery<'_>,
    ) -> Result<Receipt> {
        let connector = self.registry().get(platform)?;
        let events = webhooks_of(connector)?
            .receive(self.context(), delivery)
            .await
            .map_err(|error| error.with("platform", connector.descriptor().id))?;
        let mut receipt = Receipt::Unmatched;
        for event in &events {
            receipt = receipt.max(self.store_webhook(platform, event, delivery.body).await?);
        }
        Ok(receipt)
    }

    /// Stores one event of a delivery for everyone who connected its account. One that names none and
    /// asks for somebody's data to be erased is for everyone on the platform: whoever is meant may
    /// have bought from any of them.
    async fn store_webhook(
        &self,
        platform: &str,
        event: &WebhookEvent,
        body: &[u8],
    ) -> Result<Receipt> {
        let system = self.store().system();
        let is_privacy = |effect: &WebhookEffect| matches!(effect, WebhookEffect::Privacy { .. });
        let connections = match &event.account {
            Some(account) => system.connections_of_account(platform, account).await?,
            None if event.effects.iter().any(is_privacy) => {
                system.connections_of_platform(platform).await?
            }
            None => Vec::new(),
        };
        if connections.is_empty() {
            tracing::warn!(
                platform,
                topic = event.topic,
                "a webhook for an account that nobody connected"
            );
            return Ok(Receipt::Unmatched);
        }
        let kept = BTreeMap::from([(EVENT.to_owned(), write(event)?)]);
        let mut receipt = Receipt::Duplicate;
        for found in connections {
            let new = NewWebhook {
                connection: found.connection,
                event_id: event.id.clone(),
                topic: event.topic.clone(),
                account: event.account.clone(),
                headers: kept.clone(),
                body: body.to_vec(),
                received_at: self.now(),
            };
            let store = self.store().project(found.project);
            if let Received::Stored(_) = store.receive_webhook(new).await? {
                receipt = Receipt::Accepted;
            }
        }
        Ok(receipt)
    }

    /// Acts upon what a project's inbox holds that was not acted upon yet, the oldest first: syncs
    /// streams that have news, removes what is gone, notes that a grant was taken back, writes what
    /// privacy asks into the audit log. Deliveries that ask for the same make one sync.
    ///
    /// # Errors
    /// The store's. A delivery that fails is marked as failed, and doesn't end it.
    pub async fn process_webhooks(&self, project: ProjectId) -> Result<WebhooksProcessed> {
        let store = self.store().project(project);
        let mut processed = WebhooksProcessed::default();
        loop {
            let batch = store.pending_webhooks(BATCH).await?;
            if batch.is_empty() {
                return Ok(processed);
            }
            for (webhook, act) in self.act_upon(project, &batch).await {
                match act {
                    Act::Done => {
                        store.mark_webhook_processed(webhook, self.now()).await?;
                        processed.processed += 1;
                    }
                    Act::Failed(error) => {
                        store
                            .mark_webhook_failed(webhook, &error, self.now())
                            .await?;
                        processed.failed += 1;
                    }
                    Act::Postponed(_) => processed.postponed += 1,
                }
            }
            // What was postponed would come again at once.
            if processed.postponed > 0 {
                return Ok(processed);
            }
        }
    }

    /// Acts upon one delivery once more, whatever became of it.
    ///
    /// # Errors
    /// The store's; [`Rejected`](ErrorKind::Rejected) when it fails again, and
    /// [`Unavailable`](ErrorKind::Unavailable) when it has to wait.
    pub async fn replay_webhook(&self, project: ProjectId, webhook: WebhookId) -> Result<()> {
        let store = self.store().project(project);
        let stored = store.webhook(webhook).await?;
        let acts = self.act_upon(project, std::slice::from_ref(&stored)).await;
        let failed = |kind, message: &'static str, reason: String| {
            connector_core::Error::new(kind, message).with("reason", reason)
        };
        for (_, act) in acts {
            match act {
                Act::Done => store.mark_webhook_processed(webhook, self.now()).await?,
                Act::Failed(reason) => {
                    store
                        .mark_webhook_failed(webhook, &reason, self.now())
                        .await?;
                    let message = "the webhook could not be acted upon";
                    return Err(failed(ErrorKind::Rejected, message, reason).into());
                }
                Act::Postponed(reason) => {
                    let message = "the webhook can't be acted upon just now";
                    return Err(failed(ErrorKind::Unavailable, message, reason).into());
                }
            }
        }
        Ok(())
    }

    /// What came of each of these deliveries.
    async fn act_upon(
        &self,
        project: ProjectId,
        deliveries: &[StoredWebhook],
    ) -> Vec<(WebhookId, Act)> {
        let mut todo = Todo::default();
        let mut acts = Vec::new();
        for delivery in deliveries {
            match read(delivery) {
                Ok(event) => {
                    let act = self.apply(project, delivery, &event, &mut todo).await;
                    acts.push((delivery, act));
                }
                Err(error) => acts.push((delivery, Act::Failed(error.to_string()))),
            }
        }
        let synced = self.sync_streams(project, &todo).await;
        acts.into_iter()
            .map(|(delivery, act)| (delivery.id, act.and(synced.of(delivery))))
            .collect()
    }
}

fn webhooks_of(connector: &AnyConnector) -> Result<&dyn Webhooks> {
    connector
        .webhooks()
        .ok_or_else(|| Error::refused(ErrorKind::Unsupported, "this platform sends no webhooks"))
}

fn write(event: &WebhookEvent) -> Result<String> {
    serde_json::to_string(event).map_err(|cause| {
        connector_core::Error::new(
            ErrorKind::Unexpected,
            "the webhook can't be written as JSON",
        )
        .with_source(cause)
        .into()
    })
}

fn read(delivery: &StoredWebhook) -> Result<WebhookEvent> {
    let event = delivery.headers.get(EVENT).map(String::as_str);
    serde_json::from_str(event.unwrap_or_default()).map_err(|cause| {
        connector_core::Error::new(
            ErrorKind::Unexpected,
            "the webhook was stored by another version",
        )
        .with_source(cause)
        .into()
    })
}
