//! Credentials, and the three things that keep a rotating one from being spent twice or lost: a
//! lease with a fence, an intent that is written before the exchange, and a compare-and-swap after.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{QueryResult, Value};

use crate::db::{Ask as _, Durability, get, micros, text, time, time_or_null};
use crate::error::{Result, StoreError};
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
    pub async fn credential(&self, connection: ConnectionId) -> Result<StoredCredential> {
        let sql = format!(
            "SELECT sealed, version, expires_at, reconnect_by, intent_owner, intent_at, \
             lease_owner, lease_until, lease_fence FROM connection_credentials \
             WHERE connection_id = $1 AND {OWN} AND sealed IS NOT NULL"
        );
        let row = self
            .db
            .one(&sql, vec![connection.into(), self.own()])
            .await?;
        let row = row.ok_or(NO_CREDENTIAL)?;
        Ok(StoredCredential {
            sealed: get(&row, "sealed")?,
            version: get(&row, "version")?,
            expires_at: get(&row, "expires_at")?,
            reconnect_by: get(&row, "reconnect_by")?,
            intent: pair(&row, "intent_owner", "intent_at")?
                .map(|(owner, started_at)| RenewalIntent { owner, started_at }),
            lease: lease(&row, connection)?,
        })
    }

    /// Asks for the right to renew a credential. A lease that has run out is taken over; one that
    /// has not is busy, even for its own owner.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn take_renewal_lease(
        &self,
        connection: ConnectionId,
        owner: &str,
        now: DateTime<Utc>,
        ttl: Duration,
    ) -> Result<LeaseOutcome> {
        self.take(connection, None, owner, now, ttl).await
    }

    /// The same, taking over at once what `dead_owner` holds: for a caller who knows that it is
    /// gone, because its own process file lock says so, say.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn take_over_renewal_lease(
        &self,
        connection: ConnectionId,
        dead_owner: &str,
        owner: &str,
        now: DateTime<Utc>,
        ttl: Duration,
    ) -> Result<LeaseOutcome> {
        self.take(connection, Some(dead_owner), owner, now, ttl)
            .await
    }

    async fn take(
        &self,
        connection: ConnectionId,
        dead_owner: Option<&str>,
        owner: &str,
        now: DateTime<Utc>,
        ttl: Duration,
    ) -> Result<LeaseOutcome> {
        let until = micros(now + ttl);
        let sql = format!(
            "UPDATE connection_credentials \
             SET lease_owner = $3, lease_until = $4, lease_fence = lease_fence + 1 \
             WHERE connection_id = $1 AND {OWN} AND sealed IS NOT NULL \
             AND (lease_owner IS NULL OR lease_until <= $5 OR lease_owner = $6) \
             RETURNING lease_fence"
        );
        let tx = self.db.write(Durability::Process).await?;
        let values = vec![
            connection.into(),
            self.own(),
            text(owner),
            time(until),
            time(now),
            Value::String(dead_owner.map(str::to_owned)),
        ];
        if let Some(row) = tx.one(&sql, values).await? {
            let fence = get(&row, "lease_fence")?;
            tx.commit().await?;
            return Ok(LeaseOutcome::Taken(Lease {
                connection,
                owner: owner.to_owned(),
                fence,
                until,
            }));
        }
        let sql = format!(
            "SELECT lease_owner, lease_until, lease_fence FROM connection_credentials \
             WHERE connection_id = $1 AND {OWN} AND sealed IS NOT NULL"
        );
        let row = tx.one(&sql, vec![connection.into(), self.own()]).await?;
        let row = row.ok_or(NO_CREDENTIAL)?;
        Ok(match lease(&row, connection)? {
            Some(held) => LeaseOutcome::Busy {
                owner: held.owner,
                until: held.until,
            },
            // Given back in between: to be asked for again at once.
            None => LeaseOutcome::Busy {
                owner: String::new(),
                until: now,
            },
        })
    }

    /// Remembers that this version of the credential is about to be traded in. On disk when it
    /// returns, power loss included.
    ///
    /// # Errors
    /// [`Fenced`](crate::StoreError::Fenced) when the lease is lost or the version isn't current;
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn record_intent(
        &self,
        lease: &Lease,
        version: i64,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let set = "intent_owner = $4, intent_at = $5";
        let values = vec![text(&lease.owner), time(now), version.into()];
        self.under_lease(lease, set, " AND version = $6", values)
            .await
    }

    /// Stores the renewed credential, clears the intent and gives its version, all or nothing. On
    /// disk when it returns, power loss included. The connection's status stays as it is: whether
    /// the credential works is for the caller to find out.
    ///
    /// # Errors
    /// [`Fenced`](crate::StoreError::Fenced) when the lease is lost or the version isn't current;
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn swap_credential(
        &self,
        lease: &Lease,
        expected_version: i64,
        credential: NewCredential,
        now: DateTime<Utc>,
    ) -> Result<i64> {
        let set = "sealed = $4, version = version + 1, expires_at = $5, reconnect_by = $6, \
                   intent_owner = NULL, intent_at = NULL, updated_at = $7";
        let values = vec![
            text(credential.sealed),
            time_or_null(credential.expires_at),
            time_or_null(credential.reconnect_by),
            time(now),
            expected_version.into(),
        ];
        self.under_lease(lease, set, " AND version = $8", values)
            .await?;
        Ok(expected_version + 1)
    }

    /// Forgets the intent: the exchange was not carried out, as is known for sure.
    ///
    /// # Errors
    /// [`Fenced`](crate::StoreError::Fenced) when the lease is lost;
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn clear_intent(&self, lease: &Lease) -> Result<()> {
        let set = "intent_owner = NULL, intent_at = NULL";
        self.under_lease(lease, set, "", Vec::new()).await
    }

    /// Prolongs a lease.
    ///
    /// # Errors
    /// [`Fenced`](crate::StoreError::Fenced) when it is lost;
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn extend_lease(
        &self,
        lease: &Lease,
        now: DateTime<Utc>,
        ttl: Duration,
    ) -> Result<Lease> {
        let until = micros(now + ttl);
        self.under_lease(lease, "lease_until = $4", "", vec![time(until)])
            .await?;
        Ok(Lease {
            until,
            ..lease.clone()
        })
    }

    /// Gives a lease back. One that was lost already is no error.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn release(&self, lease: &Lease) -> Result<()> {
        let set = "lease_owner = NULL, lease_until = NULL";
        match self.under_lease(lease, set, "", Vec::new()).await {
            Err(StoreError::Fenced { .. }) => Ok(()),
            other => other,
        }
    }

    /// Changes a credential's row, if the lease still holds; `values` are `$4` and on.
    async fn under_lease(
        &self,
        lease: &Lease,
        set: &str,
        condition: &str,
        values: Vec<Value>,
    ) -> Result<()> {
        let sql = format!(
            "UPDATE connection_credentials SET {set} \
             WHERE connection_id = $1 AND {OWN} AND sealed IS NOT NULL \
             AND lease_owner IS NOT NULL AND lease_fence = $3{condition}"
        );
        let mut all = vec![lease.connection.into(), self.own(), lease.fence.into()];
        all.extend(values);
        let tx = self.db.write(Durability::Power).await?;
        if tx.run(&sql, all).await? == 1 {
            return tx.commit().await;
        }
        drop(tx);
        self.owns(Some(lease.connection)).await?;
        Err(StoreError::Fenced {
            what: "the credential's renewal",
        })
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

const NO_CREDENTIAL: StoreError = StoreError::NotFound { what: "credential" };

/// That the credential in question is this project's: `$2` is the project.
const OWN: &str = "EXISTS (SELECT 1 FROM platform_connections c \
    WHERE c.id = connection_credentials.connection_id AND c.project_id = $2)";

fn pair(row: &QueryResult, owner: &str, at: &str) -> Result<Option<(String, DateTime<Utc>)>> {
    let owner: Option<String> = get(row, owner)?;
    let at: Option<DateTime<Utc>> = get(row, at)?;
    Ok(owner.zip(at))
}

fn lease(row: &QueryResult, connection: ConnectionId) -> Result<Option<Lease>> {
    let fence = get(row, "lease_fence")?;
    Ok(
        pair(row, "lease_owner", "lease_until")?.map(|(owner, until)| Lease {
            connection,
            owner,
            fence,
            until,
        }),
    )
}
