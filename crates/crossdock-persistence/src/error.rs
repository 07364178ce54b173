//! The one error of this crate: a kind for the caller to act on, a message that says what to do.

use std::error::Error as StdError;

use chrono::{DateTime, Utc};

use crate::ids::ConnectionId;

/// The result of everything in this crate.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// The cause of a failure, for logs.
pub type Cause = Box<dyn StdError + Send + Sync>;

/// Why the store did not do it. Safe to show and to log: it never holds a secret or a row's data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such thing, or it is another project's.
    #[error("there is no such {what} in this project")]
    NotFound {
        /// What was looked for: `connection`.
        what: &'static str,
    },
    /// A platform's name stands for several connections; one must be named by its id.
    #[error("{} connections match; name one by its id", candidates.len())]
    Ambiguous {
        /// Those that match: id and the account's name.
        candidates: Vec<(ConnectionId, String)>,
    },
    /// Another owner holds it.
    #[error("{what} is held by another owner until {until}; wait, or end that owner first")]
    Busy {
        /// What is held.
        what: &'static str,
        /// Until when, unless it is prolonged.
        until: DateTime<Utc>,
    },
    /// The caller held it, and somebody else has taken it over since. What it was about to write
    /// was not written.
    #[error("{what} was taken over by another owner; nothing was written")]
    Fenced {
        /// What was held.
        what: &'static str,
    },
    /// The write contradicts what is stored.
    #[error("{0}")]
    Conflict(&'static str),
    /// The database was written by a newer version.
    #[error(
        "the database was written by a newer version of this program (it has {found}, this one \
         knows up to {known}); use that version, or restore a backup from before the upgrade"
    )]
    DatabaseNewer {
        /// The newest migration in the database.
        found: String,
        /// The newest migration that this version knows.
        known: String,
    },
    /// The database is older than this version: it must be migrated first.
    #[error("the database lacks {missing} migrations of this version; run the migrations first")]
    NotMigrated {
        /// How many.
        missing: usize,
    },
    /// The database can't be opened: a wrong address, a missing folder, no permission, no database.
    #[error("the database can't be opened: {message}")]
    CannotOpen {
        /// What is wrong and what to do. Never the address's password.
        message: String,
        /// The driver's error.
        #[source]
        source: Option<Cause>,
    },
    /// The disk, or the database's share of it, is full. Nothing was written by the call.
    #[error("the storage is full: make room, then go on; nothing was lost")]
    StorageFull {
        /// The driver's error.
        #[source]
        source: Cause,
    },
    /// What is stored can't be read: the file is damaged, or a value is none that was ever written.
    #[error("the database is damaged: {message}; restore a backup")]
    Corrupt {
        /// What can't be read.
        message: String,
        /// The cause.
        #[source]
        source: Option<Cause>,
    },
    /// The database did not write as many rows as it was given; the page was rolled back.
    #[error("{written} of {given} {what} were written; the page was rolled back")]
    CountMismatch {
        /// What was written: `records`.
        what: &'static str,
        /// How many were given.
        given: u64,
        /// How many were written.
        written: u64,
    },
    /// The records of a page contradict what the run was begun with, or each other.
    #[error("the page can't be stored: {0}")]
    PageInvalid(&'static str),
    /// The connection to the database broke, or the database refused.
    #[error("the database failed: {message}")]
    Other {
        /// What was being done.
        message: String,
        /// The driver's error.
        #[source]
        source: Option<Cause>,
    },
}
