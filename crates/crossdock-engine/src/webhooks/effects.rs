//! What follows from webhooks: the effects that a connector read from them, carried out.

use std::collections::{BTreeMap, BTreeSet};

use connector_core::{ErrorKind, PrivacyRequest, WebhookEffect, WebhookEvent};
use crossdock_persistence::{
    AuditEntry, ConnectionId, ConnectionStatus, ProjectId, RunMode, StoredWebhook, WebhookId,
};

use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::sync::{Removals, StreamStatus, SyncOrder};

/// What came of acting upon a delivery.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Done,
    /// Nobody but a person can help.
    Failed(String),
    /// It may go well later.
    Postponed(String),
}

impl Act {
    /// Both of them: done only if both are.
    pub(super) fn and(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::Failed(_), _) | (Self::Postponed(_), Self::Done | Self::Postponed(_)) => self,
            _ => other,
        }
    }

    fn failed_by(error: &Error) -> Self {
        let is_retryable = match error {
            Error::Connector(error) => error.is_retryable(),
            Error::Store(_) => true,
            Error::Vault(_) => false,
        };
        if is_retryable {
            Self::Postponed(error.to_string())
        } else {
            Self::Failed(error.to_string())
        }
    }
}

/// What is to be synced for a batch of deliveries: each stream once.
#[derive(Debug, Default)]
pub(super) struct Todo {
    removals: BTreeMap<ConnectionId, Removals>,
    asked_by: BTreeMap<WebhookId, BTreeSet<String>>,
}

impl Todo {
    fn sync(&mut self, delivery: &StoredWebhook, stream: &str, gone: Option<&str>) {
        let streams = self.removals.entry(delivery.connection).or_default();
        let ids = streams.entry(stream.to_owned()).or_default();
        ids.extend(gone.map(ToOwned::to_owned));
        let asked = self.asked_by.entry(delivery.id).or_default();
        asked.insert(stream.to_owned());
    }
}

/// What came of the syncs of a batch.
#[derive(Debug)]
pub(super) struct Synced<'a> {
    todo: &'a Todo,
    acts: BTreeMap<(ConnectionId, String), Act>,
}

impl Synced<'_> {
    /// What came of the streams that this delivery asked for.
    pub(super) fn of(&self, delivery: &StoredWebhook) -> Act {
        let asked = self.todo.asked_by.get(&delivery.id);
        asked
            .into_iter()
            .flatten()
            .filter_map(|stream| self.acts.get(&(delivery.connection, stream.clone())))
            .fold(Act::Done, |all, act| all.and(act.clone()))
    }
}

impl Engine {
    /// Carries out a delivery's effects, and notes the streams that are to be synced for it.
    pub(super) async fn apply(
        &self,
        project: ProjectId,
        delivery: &StoredWebhook,
        event: &WebhookEvent,
        todo: &mut Todo,
    ) -> Act {
        let mut act = Act::Done;
        for effect in &event.effects {
            let result = match effect {
                WebhookEffect::Sync { stream } => {
                    todo.sync(delivery, stream, None);
                    Ok(())
                }
                WebhookEffect::Gone {
                    stream,
                    external_id,
                } => {
                    todo.sync(delivery, stream, Some(external_id));
                    Ok(())
                }
                WebhookEffect::Disconnected => {
                    self.disconnect_if_refused(project, delivery.connection)
                        .await
                }
                WebhookEffect::Privacy {
                    request,
                    customer_id,
                    orders,
                } => {
                    let detail = privacy_detail(delivery, customer_id.as_deref(), orders);
                    self.audit_privacy(project, delivery.connection, *request, detail)
                        .await
                }
                WebhookEffect::Nothing => Ok(()),
                _ => Err(Error::refused(
                    ErrorKind::Unsupported,
                    "the webhook has an effect that this version doesn't know",
                )),
            };
            if let Err(error) = result {
                act = act.and(Act::failed_by(&error));
            }
        }
        act
    }

    /// Syncs each stream that has news, once.
    pub(super) async fn sync_streams<'a>(&self, project: ProjectId, todo: &'a Todo) -> Synced<'a> {
        let mut acts = BTreeMap::new();
        for (connection, removals) in &todo.removals {
            let order = SyncOrder {
                connection: *connection,
                streams: Some(removals.keys().cloned().collect()),
                mode: RunMode::Incremental,
                patience: SyncOrder::PATIENCE,
            };
            let synced = self
                .sync_and_remove(project, order, removals, &|_event| {})
                .await;
            match synced {
                Ok(reports) => acts.extend(reports.into_iter().map(|report| {
                    let act = outcome(&report.status);
                    ((*connection, report.stream), act)
                })),
                Err(error) => acts.extend(removals.keys().map(|stream| {
                    let act = Act::failed_by(&error);
                    ((*connection, stream.clone()), act)
                })),
            }
        }
        Synced { todo, acts }
    }

    /// A webhook may be late: the account may have been connected again since. So the platform is
    /// asked, and its answer counts.
    async fn disconnect_if_refused(
        &self,
        project: ProjectId,
        connection: ConnectionId,
    ) -> Result<()> {
        let store = self.store().project(project);
        if store.connection(connection).await?.status == ConnectionStatus::Disconnected {
            return Ok(());
        }
        match self.test(project, connection).await {
            Err(Error::Connector(error)) if error.kind() == ErrorKind::ReconnectRequired => {}
            Ok(_account) => return Ok(()),
            Err(error) => return Err(error),
        }
        self.sessions().forget(connection);
        let reason = "the account's owner disconnected it on the platform";
        Ok(store
            .disconnect(connection, Some(reason), self.now())
            .await?)
    }

    /// What is stored of a person is for the operator to look up and to erase: the request is put
    /// where they look.
    async fn audit_privacy(
        &self,
        project: ProjectId,
        connection: ConnectionId,
        request: PrivacyRequest,
        detail: String,
    ) -> Result<()> {
        let action = match request {
            PrivacyRequest::CustomerData => "privacy.customer_data_requested",
            PrivacyRequest::CustomerErasure => "privacy.customer_erasure_requested",
            PrivacyRequest::AccountErasure => "privacy.account_erasure_requested",
        };
        let entry = AuditEntry {
            actor: "platform".to_owned(),
            action: action.to_owned(),
            subject: connection.to_string(),
            detail: Some(detail),
            at: self.now(),
        };
        Ok(self.store().project(project).audit(&entry).await?)
    }
}

fn privacy_detail(delivery: &StoredWebhook, customer: Option<&str>, orders: &[String]) -> String {
    let mut detail = format!("webhook {}", delivery.id);
    if let Some(customer) = customer {
        detail.push_str(", customer ");
        detail.push_str(customer);
    }
    if !orders.is_empty() {
        detail.push_str(", orders ");
        detail.push_str(&orders.join(" "));
    }
    detail
}

fn outcome(status: &StreamStatus) -> Act {
    match status {
        StreamStatus::Completed => Act::Done,
        StreamStatus::Failed { error } if error.retry_at.is_none() => {
            Act::Failed(error.message.clone())
        }
        StreamStatus::Failed { error } => Act::Postponed(error.message.clone()),
        StreamStatus::Waiting { .. } | StreamStatus::Busy { .. } | StreamStatus::Cancelled => {
            Act::Postponed("the stream could not be read to its end".to_owned())
        }
    }
}
