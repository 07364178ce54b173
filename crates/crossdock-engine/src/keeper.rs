//! Keeping a stored credential fresh: one renewal per connection at a time, across processes.
//!
//! A lease makes sure that nobody else renews; the intent, written before the exchange, tells
//! whoever comes after a crash that the refresh token may have been spent; the compare-and-swap
//! afterwards makes sure that the new pair is stored before it is used. The whole runs as a task of
//! its own, so that a caller who goes away (a closed browser, a dropped sync) doesn't tear it in the
//! middle.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use connector_core::{
    Context, CredentialKeeper, Error, ErrorKind, Exchange, LostReply, OpaqueCredential, Result,
    Retry, VersionedCredential,
};
use crossdock_persistence::{
    ConnectionId, ConnectionStatus, Lease, LeaseOutcome, NewCredential, ProjectStore, StoreError,
    StoredCredential,
};
use futures::future::Either;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use crate::instance::{Claim, Instance};
use crate::seal::Seals;

/// How long a renewal may take before another process may take it over.
const LEASE: Duration = Duration::from_mins(2);

/// How long one exchange may take; within the lease, so that its answer is never fenced out.
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(45);

/// How often a renewal is sent again whose reply was lost.
const EXCHANGES: u32 = 2;

/// How often the store is asked whether somebody else's renewal is done.
const POLL: Duration = Duration::from_millis(200);

/// How often a new pair is tried to be stored. The old one may be spent, so this is worth some
/// patience.
const STORE_ATTEMPTS: u32 = 5;

/// Between these attempts.
const STORE_PAUSE: Duration = Duration::from_secs(2);

/// What a keeper needs of the engine.
#[derive(Clone)]
pub(crate) struct Keeping {
    pub(crate) seals: Seals,
    pub(crate) context: Context,
    pub(crate) instance: Instance,
    pub(crate) tasks: TaskTracker,
}

/// The keeper of one connection's credential, in the store.
pub(crate) struct StoreKeeper {
    renewal: Renewal,
    /// The version that the session holds: the one it was opened with, or the last one handed out.
    handed_out: AtomicI64,
}

impl StoreKeeper {
    pub(crate) fn new(
        keeping: Keeping,
        store: ProjectStore,
        connection: ConnectionId,
        exchange: Arc<dyn Exchange>,
        version: i64,
    ) -> Self {
        Self {
            renewal: Renewal {
                keeping,
                store,
                connection,
                exchange,
            },
            handed_out: AtomicI64::new(version),
        }
    }

    /// The version that the session holds.
    pub(crate) fn version(&self) -> i64 {
        self.handed_out.load(Ordering::Acquire)
    }
}

#[async_trait]
impl CredentialKeeper for StoreKeeper {
    /// The `exchange` that a session hands in is the one that this keeper was made with, where the
    /// task can hold on to it.
    async fn renew(
        &self,
        stale: &VersionedCredential,
        _exchange: &dyn Exchange,
    ) -> Result<VersionedCredential> {
        let renewal = self.renewal.clone();
        let stale = stale.version;
        let task = async move { renewal.run(stale).await }.in_current_span();
        let tasks = &self.renewal.keeping.tasks;
        let renewed = tasks.spawn(task).await.map_err(|cause| {
            Error::new(ErrorKind::Unavailable, "the renewal was interrupted").with_source(cause)
        })??;
        self.handed_out.fetch_max(renewed.version, Ordering::AcqRel);
        Ok(renewed)
    }
}

impl fmt::Debug for StoreKeeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreKeeper")
            .field("connection", &self.renewal.connection)
            .field("version", &self.handed_out)
            .finish_non_exhaustive()
    }
}

/// One renewal, from the lease to its release.
#[derive(Clone)]
struct Renewal {
    keeping: Keeping,
    store: ProjectStore,
    connection: ConnectionId,
    exchange: Arc<dyn Exchange>,
}

/// Whether a new credential was found or has to be got.
enum Turn {
    Adopted(VersionedCredential),
    Ours(Lease, Claim),
}

impl Renewal {
    async fn run(self, stale: i64) -> Result<VersionedCredential> {
        let (lease, _claim) = match self.wait_for_turn(stale).await? {
            Turn::Adopted(credential) => return Ok(credential),
            Turn::Ours(lease, claim) => (lease, claim),
        };
        let result = self.renew(&lease, stale).await;
        // What isn't released runs out by itself, and its owner counts as dead from here on.
        if let Err(error) = self.store.release(&lease).await {
            tracing::warn!(
                connection.id = %self.connection,
                %error,
                "a renewal lease stays until it runs out"
            );
        }
        result
    }

    /// Takes the lease, or waits for whoever has it and adopts what they stored.
    async fn wait_for_turn(&self, stale: i64) -> Result<Turn> {
        let claim = self.keeping.instance.claim();
        loop {
            let stored = self.read().await?;
            if stored.version > stale {
                return self.open(&stored).map(Turn::Adopted);
            }
            let now = self.keeping.context.now();
            let taken = self
                .store
                .take_renewal_lease(self.connection, claim.owner(), now, LEASE)
                .await
                .map_err(store_error)?;
            match taken {
                LeaseOutcome::Taken(lease) => return Ok(Turn::Ours(lease, claim)),
                LeaseOutcome::Busy { owner, .. } if self.keeping.instance.is_dead(&owner) => {
                    let taken = self
                        .store
                        .take_over_renewal_lease(self.connection, &owner, claim.owner(), now, LEASE)
                        .await
                        .map_err(store_error)?;
                    if let LeaseOutcome::Taken(lease) = taken {
                        return Ok(Turn::Ours(lease, claim));
                    }
                }
                LeaseOutcome::Busy { .. } => self.keeping.context.clock.sleep(POLL).await,
            }
        }
    }

    async fn renew(&self, lease: &Lease, stale: i64) -> Result<VersionedCredential> {
        // Read again: it may have been renewed between the first look and the lease.
        let stored = self.read().await?;
        if stored.version > stale {
            return self.open(&stored);
        }
        if let Some(intent) = &stored.intent {
            tracing::warn!(
                connection.id = %self.connection,
                begun_at = %intent.started_at,
                "a renewal was begun and its end is not known"
            );
            if self.exchange.lost_reply() == LostReply::Reconnect {
                return Err(self.give_up(lease, LOST_IN_A_CRASH).await);
            }
        }
        let old = self.open(&stored)?.credential;
        self.store
            .record_intent(lease, stored.version, self.keeping.context.now())
            .await
            .map_err(store_error)?;
        match self.exchange_until_answered(&old).await {
            Ok(renewed) => self.store_renewed(lease, stored.version, renewed).await,
            Err(error) => Err(self.settle(lease, error).await),
        }
    }

    /// Asks the platform; again, where it allows that, if the reply is lost.
    async fn exchange_until_answered(&self, old: &OpaqueCredential) -> Result<OpaqueCredential> {
        let mut attempt = 1;
        loop {
            let exchanging = self.exchange.exchange(old);
            let timeout = self.keeping.context.clock.sleep(EXCHANGE_TIMEOUT);
            let result = match futures::future::select(exchanging, timeout).await {
                Either::Left((result, _)) => result,
                Either::Right(((), _)) => Err(Error::new(
                    ErrorKind::Unavailable,
                    "the platform took too long to renew the credential",
                )
                .maybe_arrived()),
            };
            match result {
                Err(error)
                    if may_have_been_spent(&error)
                        && self.exchange.lost_reply() == LostReply::Retry
                        && attempt < EXCHANGES =>
                {
                    tracing::debug!(error.kind = %error.kind(), "the reply was lost: asking again");
                    attempt += 1;
                }
                other => return other,
            }
        }
    }

    /// Stores the new pair before anybody uses it.
    async fn store_renewed(
        &self,
        lease: &Lease,
        version: i64,
        renewed: OpaqueCredential,
    ) -> Result<VersionedCredential> {
        let sealed = self
            .keeping
            .seals
            .seal_credential(self.store.project_id(), self.connection, &renewed)
            .map_err(vault_error)?;
        let mut attempt = 1;
        loop {
            let new = NewCredential {
                sealed: sealed.clone(),
                expires_at: renewed.expires_at(),
                reconnect_by: renewed.reconnect_by(),
            };
            let swapped = self
                .store
                .swap_credential(lease, version, new, self.keeping.context.now())
                .await;
            match swapped {
                Ok(version) => {
                    tracing::info!(connection.id = %self.connection, version, "credential renewed");
                    return Ok(VersionedCredential {
                        credential: renewed,
                        version,
                    });
                }
                // Somebody took over, or a person connected again: theirs is what counts.
                Err(StoreError::Fenced { .. }) => return self.adopt_newer(version).await,
                Err(error) if attempt == STORE_ATTEMPTS => {
                    tracing::error!(
                        connection.id = %self.connection,
                        %error,
                        "a renewed credential could not be stored"
                    );
                    return Err(store_error(error));
                }
                Err(error) => {
                    tracing::warn!(
                        connection.id = %self.connection,
                        %error,
                        attempt,
                        "storing a renewed credential again"
                    );
                    attempt += 1;
                    self.keeping.context.clock.sleep(STORE_PAUSE).await;
                }
            }
        }
    }

    async fn adopt_newer(&self, version: i64) -> Result<VersionedCredential> {
        let stored = self.read().await?;
        if stored.version > version {
            return self.open(&stored);
        }
        Err(Error::new(
            ErrorKind::Unavailable,
            "another process took this renewal over and is not done",
        ))
    }

    /// Leaves behind what is true after a failed exchange, and says what the caller must know.
    async fn settle(&self, lease: &Lease, error: Error) -> Error {
        if error.kind() == ErrorKind::ReconnectRequired {
            let reason = error.message().to_owned();
            return self.give_up_with(lease, &reason, error).await;
        }
        if !may_have_been_spent(&error) {
            if let Err(store) = self.store.clear_intent(lease).await {
                tracing::warn!(
                    connection.id = %self.connection,
                    error = %store,
                    "an intent stays that was not carried out"
                );
            }
            return error;
        }
        match self.exchange.lost_reply() {
            // The intent stays: whoever renews next knows that this one may have been spent.
            LostReply::Retry => error.spent(EXCHANGES),
            LostReply::Reconnect => self.give_up(lease, LOST).await,
        }
    }

    async fn give_up(&self, lease: &Lease, reason: &'static str) -> Error {
        let error = Error::new(ErrorKind::ReconnectRequired, reason);
        self.give_up_with(lease, reason, error).await
    }

    /// Only a person can help: says so in the connection's status.
    async fn give_up_with(&self, lease: &Lease, reason: &str, error: Error) -> Error {
        let stored = self
            .store
            .set_status(
                self.connection,
                ConnectionStatus::ReconnectRequired,
                Some(reason),
                self.keeping.context.now(),
            )
            .await;
        if let Err(store) = stored {
            // The intent stays, so the next renewal comes to the same end.
            return store_error(store);
        }
        if let Err(store) = self.store.clear_intent(lease).await {
            tracing::warn!(
                connection.id = %self.connection,
                error = %store,
                "an intent stays that is settled"
            );
        }
        error
    }

    async fn read(&self) -> Result<StoredCredential> {
        self.store
            .credential(self.connection)
            .await
            .map_err(store_error)
    }

    fn open(&self, stored: &StoredCredential) -> Result<VersionedCredential> {
        self.keeping
            .seals
            .open_credential(self.store.project_id(), self.connection, stored)
            .map_err(vault_error)
    }
}

const LOST: &str = "the platform's reply to a renewal was lost, and it takes no refresh token twice: \
                    connect again";

const LOST_IN_A_CRASH: &str = "a renewal was cut off before its result was stored, and the platform \
                               takes no refresh token twice: connect again";

/// Whether the platform may have taken the refresh token although no usable answer came.
fn may_have_been_spent(error: &Error) -> bool {
    match error.kind() {
        // It answered, and what it answered is lost on us.
        ErrorKind::ContractBroken => true,
        ErrorKind::Unavailable => matches!(error.retry(), Retry::IfIdempotent | Retry::Spent),
        _ => error.retry() == Retry::IfIdempotent,
    }
}

/// A failure of the store, as a session and its callers speak of failures.
pub(crate) fn store_error(error: StoreError) -> Error {
    let kind = match &error {
        StoreError::NotFound { .. } => ErrorKind::NotFound,
        _ => ErrorKind::Unavailable,
    };
    Error::new(kind, "the credential can't be read or written in the store").with_source(error)
}

fn vault_error(error: crossdock_vault::Error) -> Error {
    Error::new(
        ErrorKind::ConfigInvalid,
        "the stored credential can't be opened or sealed with the configured keys",
    )
    .with_source(error)
}
