//! Credentials, and the three things that keep a rotating one from being spent twice or lost: a
//! lease with a fence, an intent that is written before the exchange, and a compare-and-swap after.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::error::Result;
use crate::ids::ConnectionId;
use crate::store::{NewCredential, ProjectStore};

/// A credential as it is stored: sealed.
#[derive(Clone)]
pub struct StoredCredential {
    /// The vault's text.
    pub sealed: String,
    /// Counts up with each credential that is stored.
    pub version: i64,
    /// When it stops working unless renewed.
    pub expires_at: Option<DateTime<Utc>>,
    /// When a person must connect again.
    pub reconnect_by: Option<DateTime<Utc>>,
    /// A renewal that was begun with this version and has not ended, as far as is known.
    pub intent: Option<RenewalIntent>,
    /// Who may renew it now.
    pub lease: Option<Lease>,
}

/// Somebody was about to trade the credential in: if its owner is gone, the reply was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenewalIntent {
    /// Who.
    pub owner: String,
    /// Since when.
    pub started_at: DateTime<Utc>,
}

/// The right to renew one connection's credential, until a time, or until somebody takes it over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Whose credential.
    pub connection: ConnectionId,
    /// Who holds it.
    pub owner: String,
    /// Counts up each time that it is taken; a holder with a lower one is fenced out.
    pub fence: i64,
    /// Until when, unless it is released before.
    pub until: DateTime<Utc>,
}

/// What asking for a lease gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeaseOutcome {
    /// It is the caller's.
    Taken(Lease),
    /// It is another's.
    Busy {
        /// Whose.
        owner: String,
        /// Until when, unless it is released before.
        until: DateTime<Utc>,
    },
}

impl ProjectStore {
    /// A connection's credential.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound), also when the connection is disconnected.
    pub async fn credential(&self, _connection: ConnectionId) -> Result<StoredCredential> {
        Err(super::unbuilt())
    }

    /// Asks for the right to renew a credential. A lease that has run out is taken over; one that
    /// has not is busy, even for its own owner.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn take_renewal_lease(
        &self,
        _connection: ConnectionId,
        _owner: &str,
        _now: DateTime<Utc>,
        _ttl: Duration,
    ) -> Result<LeaseOutcome> {
        Err(super::unbuilt())
    }

    /// The same, taking over at once what `dead_owner` holds: for a caller who knows that it is
    /// gone, because its own process file lock says so, say.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn take_over_renewal_lease(
        &self,
        _connection: ConnectionId,
        _dead_owner: &str,
        _owner: &str,
        _now: DateTime<Utc>,
        _ttl: Duration,
    ) -> Result<LeaseOutcome> {
        Err(super::unbuilt())
    }

    /// Remembers that this version of the credential is about to be traded in. On disk when it
    /// returns, power loss included.
    ///
    /// # Errors
    /// [`Fenced`](crate::StoreError::Fenced) when the lease is lost or the version isn't current.
    pub async fn record_intent(
        &self,
        _lease: &Lease,
        _version: i64,
        _now: DateTime<Utc>,
    ) -> Result<()> {
        Err(super::unbuilt())
    }

    /// Stores the renewed credential, clears the intent and gives its version, all or nothing. On
    /// disk when it returns, power loss included. A connection whose status was
    /// `reconnect_required` stays so: a successful call says otherwise.
    ///
    /// # Errors
    /// [`Fenced`](crate::StoreError::Fenced) when the lease is lost or the version isn't current.
    pub async fn swap_credential(
        &self,
        _lease: &Lease,
        _expected_version: i64,
        _credential: NewCredential,
        _now: DateTime<Utc>,
    ) -> Result<i64> {
        Err(super::unbuilt())
    }

    /// Forgets the intent: the exchange was not carried out, as is known for sure.
    ///
    /// # Errors
    /// [`Fenced`](crate::StoreError::Fenced) when the lease is lost.
    pub async fn clear_intent(&self, _lease: &Lease) -> Result<()> {
        Err(super::unbuilt())
    }

    /// Prolongs a lease.
    ///
    /// # Errors
    /// [`Fenced`](crate::StoreError::Fenced) when it is lost.
    pub async fn extend_lease(
        &self,
        _lease: &Lease,
        _now: DateTime<Utc>,
        _ttl: Duration,
    ) -> Result<Lease> {
        Err(super::unbuilt())
    }

    /// Gives a lease back. One that was lost already is no error.
    ///
    /// # Errors
    /// [`Other`](crate::StoreError::Other).
    pub async fn release(&self, _lease: &Lease) -> Result<()> {
        Err(super::unbuilt())
    }
}

impl fmt::Debug for StoredCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredCredential")
            .field("version", &self.version)
            .field("expires_at", &self.expires_at)
            .field("reconnect_by", &self.reconnect_by)
            .field("intent", &self.intent)
            .field("lease", &self.lease)
            .finish_non_exhaustive()
    }
}
