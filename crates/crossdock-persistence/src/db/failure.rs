//! The drivers' failures in the caller's words.

use std::fmt;

use sea_orm::sqlx::Error as SqlxError;
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};

use crate::error::{Cause, StoreError};

/// A driver's code and message. Details are left out: they may quote a row.
#[derive(Debug)]
struct Driver {
    code: Option<String>,
    message: String,
}

impl fmt::Display for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{} (code {code})", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for Driver {}

/// What a driver's code means to us, on either database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Full,
    Busy,
    Damaged,
    NoDatabase,
    ReadOnly,
    CannotOpen,
    Unique,
    Else,
}

impl Meaning {
    /// SQLite's primary result code is the low byte: <https://sqlite.org/rescode.html>; PostgreSQL's
    /// codes are five letters: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
    fn of(code: &str) -> Self {
        if code.len() == 5 {
            return match code {
                "53100" => Self::Full,
                "XX001" | "XX002" => Self::Damaged,
                "25006" => Self::ReadOnly,
                "23505" => Self::Unique,
                "3D000" | "28P01" | "28000" => Self::CannotOpen,
                _ => Self::Else,
            };
        }
        match code.parse::<u32>() {
            Ok(2067 | 1555) => Self::Unique,
            Ok(code) => match code & 0xff {
                13 => Self::Full,
                5 | 6 => Self::Busy,
                11 => Self::Damaged,
                26 => Self::NoDatabase,
                8 => Self::ReadOnly,
                14 => Self::CannotOpen,
                _ => Self::Else,
            },
            Err(_) => Self::Else,
        }
    }
}

/// A failure, while doing something.
pub(crate) fn failed(doing: &'static str, error: DbErr) -> StoreError {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => from_sqlx(doing, &cause),
        DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => StoreError::Other {
            message: format!("{doing}: no connection to the database became free"),
            source: None,
        },
        other => StoreError::Other {
            message: doing.to_owned(),
            source: Some(Box::new(other)),
        },
    }
}

/// The same, for a driver's error that came by itself.
pub(crate) fn from_sqlx(doing: &'static str, error: &SqlxError) -> StoreError {
    let SqlxError::Database(database) = error else {
        let damaged = matches!(error, SqlxError::ColumnDecode { .. } | SqlxError::Decode(_));
        let message = doing.to_owned();
        let source = Some(driver(None, error.to_string()));
        return if damaged {
            StoreError::Corrupt { message, source }
        } else {
            StoreError::Other { message, source }
        };
    };
    let code = database.code().map(std::borrow::Cow::into_owned);
    let meaning = code.as_deref().map_or(Meaning::Else, Meaning::of);
    let source = driver(code, database.message().to_owned());
    let cannot_open = |message: &str, source| StoreError::CannotOpen {
        message: message.to_owned(),
        source: Some(source),
    };
    match meaning {
        Meaning::Full => StoreError::StorageFull { source },
        Meaning::Damaged => StoreError::Corrupt {
            message: doing.to_owned(),
            source: Some(source),
        },
        Meaning::NoDatabase => cannot_open("the file is not an SQLite database", source),
        Meaning::ReadOnly => cannot_open(
            "it is read-only; make the file, and its folder, writable for this user",
            source,
        ),
        Meaning::CannotOpen => cannot_open("the database refused or can't be reached", source),
        Meaning::Busy => StoreError::Other {
            message: format!("{doing}: another process has been writing for too long"),
            source: Some(source),
        },
        Meaning::Unique | Meaning::Else => StoreError::Other {
            message: doing.to_owned(),
            source: Some(source),
        },
    }
}

/// A value that can't be what was written.
pub(crate) fn unreadable(column: &str, error: DbErr) -> StoreError {
    StoreError::Corrupt {
        message: format!("the column {column} can't be read"),
        source: Some(Box::new(error)),
    }
}

/// Whether a write failed because there is such a row already.
pub(crate) fn is_unique_violation(error: &StoreError) -> bool {
    let StoreError::Other {
        source: Some(source),
        ..
    } = error
    else {
        return false;
    };
    source
        .downcast_ref::<Driver>()
        .and_then(|driver| driver.code.as_deref())
        .is_some_and(|code| Meaning::of(code) == Meaning::Unique)
}

fn driver(code: Option<String>, message: String) -> Cause {
    Box::new(Driver { code, message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_databases_mean_the_same() {
        let table = [
            ("13", "53100", Meaning::Full),
            ("2067", "23505", Meaning::Unique),
            ("11", "XX001", Meaning::Damaged),
            ("1032", "25006", Meaning::ReadOnly),
            ("14", "3D000", Meaning::CannotOpen),
            ("1", "42601", Meaning::Else),
        ];
        for (sqlite, postgres, meaning) in table {
            assert_eq!(Meaning::of(sqlite), meaning, "{sqlite}");
            assert_eq!(Meaning::of(postgres), meaning, "{postgres}");
        }
        assert_eq!(Meaning::of("517"), Meaning::Busy);
        assert_eq!(Meaning::of("26"), Meaning::NoDatabase);
    }

    /// SQLite's limit of pages per connection stands for a disk that is full.
    #[tokio::test]
    async fn a_full_disk_is_named_and_nothing_of_the_transaction_stays() {
        use crate::db::{Ask as _, Db, Durability, text};

        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("full.db").display());
        let db = Db::open(&url, 2).await.unwrap();
        let tx = db.write(Durability::Process).await.unwrap();
        tx.run("CREATE TABLE t (x TEXT)", Vec::new()).await.unwrap();
        tx.run("PRAGMA max_page_count = 20", Vec::new())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let tx = db.write(Durability::Process).await.unwrap();
        let mut last = Ok(0);
        for _ in 0..40 {
            last = tx
                .run("INSERT INTO t VALUES ($1)", vec![text("x".repeat(4_096))])
                .await;
            if last.is_err() {
                break;
            }
        }
        assert!(
            matches!(last, Err(StoreError::StorageFull { .. })),
            "{last:?}"
        );
        drop(tx);
        let row = db.one("SELECT x FROM t", Vec::new()).await.unwrap();
        assert!(row.is_none());
        let tx = db.write(Durability::Process).await.unwrap();
        tx.run("INSERT INTO t VALUES ('small')", Vec::new())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}
