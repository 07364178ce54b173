//! The database: one writer on SQLite, a pool on PostgreSQL, and one way to ask either.

mod failure;
mod open;

use std::sync::Arc;

use chrono::{DateTime, SubsecRound as _, Utc};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait as _, TryGetable, Value,
};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::error::{Result, StoreError};
use crate::tables::storable;

pub(crate) use failure::{failed, is_unique_violation};

/// Which of the two it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backend {
    Sqlite,
    Postgres,
}

impl Backend {
    const fn sea_orm(self) -> DbBackend {
        match self {
            Self::Sqlite => DbBackend::Sqlite,
            Self::Postgres => DbBackend::Postgres,
        }
    }

    /// What locks the rows of a select until the transaction ends. On SQLite a write transaction
    /// is alone from its beginning.
    pub(crate) const fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE",
        }
    }

    /// A condition that a column is one of the strings in parameter `n`, made by [`Backend::set`].
    pub(crate) fn in_set(self, column: &str, n: usize) -> String {
        match self {
            Self::Sqlite => format!("{column} IN (SELECT value FROM json_each(${n}))"),
            Self::Postgres => format!("{column} = ANY(CAST(${n} AS text[]))"),
        }
    }

    /// Strings as one parameter for [`Backend::in_set`].
    pub(crate) fn set<'a>(self, strings: impl IntoIterator<Item = &'a str>) -> Value {
        match self {
            Self::Sqlite => {
                let strings: Vec<&str> = strings.into_iter().collect();
                Value::from(serde_json::json!(strings).to_string())
            }
            Self::Postgres => {
                let mut array = crate::rows::ArrayLiteral::default();
                for string in strings {
                    array.push_text(string);
                }
                Value::from(array.finish())
            }
        }
    }
}

/// What a write must outlive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// The end of the process, however sudden. Should the power fail, SQLite may come back without
    /// the last pages, and without their checkpoints too: they are read again.
    Process,
    /// A power failure too. For what can't be had again: credentials, webhooks, settings.
    Power,
}

/// One database.
#[derive(Clone, Debug)]
pub(crate) struct Db {
    backend: Backend,
    readers: DatabaseConnection,
    pages: DatabaseConnection,
    durable: DatabaseConnection,
    /// After how many bytes of values a statement on PostgreSQL is sent.
    statement_bytes: usize,
    /// Writers of this process queue here, in order, instead of trying and sleeping in SQLite.
    writer: Arc<Mutex<()>>,
}

impl Db {
    pub(crate) const fn backend(&self) -> Backend {
        self.backend
    }

    /// Begins a write transaction. Dropped without [`Tx::commit`], it leaves nothing.
    pub(crate) async fn write(&self, durability: Durability) -> Result<Tx> {
        let turn = match self.backend {
            Backend::Sqlite => Some(Arc::clone(&self.writer).lock_owned().await),
            Backend::Postgres => None,
        };
        let connection = match durability {
            Durability::Process => &self.pages,
            Durability::Power => &self.durable,
        };
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let inner = connection
            .begin_with_options(options)
            .await
            .map_err(|cause| failed("beginning a transaction", cause))?;
        Ok(Tx {
            backend: self.backend,
            inner,
            statement_bytes: self.statement_bytes,
            _turn: turn,
        })
    }

    pub(crate) async fn close(self) -> Result<()> {
        for connection in [self.pages, self.durable, self.readers] {
            connection
                .close()
                .await
                .map_err(|cause| failed("closing", cause))?;
        }
        Ok(())
    }
}

/// A write transaction.
pub(crate) struct Tx {
    backend: Backend,
    inner: DatabaseTransaction,
    statement_bytes: usize,
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Tx {
    pub(crate) async fn commit(self) -> Result<()> {
        self.inner
            .commit()
            .await
            .map_err(|cause| failed("committing", cause))
    }

    /// After how many bytes of values a statement on PostgreSQL is sent.
    pub(crate) const fn statement_bytes(&self) -> usize {
        self.statement_bytes
    }

    /// For the migrations, which run inside of it.
    pub(crate) const fn inner(&self) -> &DatabaseTransaction {
        &self.inner
    }
}

/// Asking, in a transaction or outside of one.
pub(crate) trait Ask {
    type Connection: ConnectionTrait;

    fn connection(&self) -> &Self::Connection;

    fn backend(&self) -> Backend;

    fn statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.backend().sea_orm(), sql, values)
    }

    /// All rows.
    async fn all(&self, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>> {
        self.connection()
            .query_all_raw(self.statement(sql, values))
            .await
            .map_err(|cause| failed("reading", cause))
    }

    /// The first row.
    async fn one(&self, sql: &str, values: Vec<Value>) -> Result<Option<QueryResult>> {
        self.connection()
            .query_one_raw(self.statement(sql, values))
            .await
            .map_err(|cause| failed("reading", cause))
    }

    /// How many rows it touched.
    async fn run(&self, sql: &str, values: Vec<Value>) -> Result<u64> {
        self.connection()
            .execute_raw(self.statement(sql, values))
            .await
            .map(|done| done.rows_affected())
            .map_err(|cause| failed("writing", cause))
    }
}

impl Ask for Db {
    type Connection = DatabaseConnection;

    fn connection(&self) -> &DatabaseConnection {
        &self.readers
    }

    fn backend(&self) -> Backend {
        self.backend
    }
}

impl Ask for Tx {
    type Connection = DatabaseTransaction;

    fn connection(&self) -> &DatabaseTransaction {
        &self.inner
    }

    fn backend(&self) -> Backend {
        self.backend
    }
}

/// A column's value.
pub(crate) fn get<T: TryGetable>(row: &QueryResult, column: &str) -> Result<T> {
    row.try_get("", column)
        .map_err(|cause| failure::unreadable(column, cause))
}

/// A column that holds one of our words or ids.
pub(crate) fn parsed<T>(
    row: &QueryResult,
    column: &str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T> {
    let text: String = get(row, column)?;
    parse(&text).ok_or_else(|| StoreError::Corrupt {
        message: format!("the column {column} holds a word that this version doesn't know"),
        source: None,
    })
}

/// A column that holds an id of ours.
pub(crate) fn id<T: std::str::FromStr>(row: &QueryResult, column: &str) -> Result<T> {
    parsed(row, column, |text| text.parse().ok())
}

/// A column that holds a count.
pub(crate) fn count(row: &QueryResult, column: &str) -> Result<u64> {
    let number: i64 = get(row, column)?;
    Ok(u64::try_from(number).unwrap_or(0))
}

/// A count as a column holds it.
pub(crate) fn int(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A column that holds JSON.
pub(crate) fn json<T: serde::de::DeserializeOwned>(row: &QueryResult, column: &str) -> Result<T> {
    let value: serde_json::Value = get(row, column)?;
    serde_json::from_value(value).map_err(|cause| StoreError::Corrupt {
        message: format!("the column {column} holds other JSON than was written"),
        source: Some(Box::new(cause)),
    })
}

/// JSON as a column holds it.
pub(crate) fn to_json(value: &impl serde::Serialize) -> Result<Value> {
    serde_json::to_value(value)
        .map(Value::from)
        .map_err(|cause| StoreError::Other {
            message: "a value can't be written as JSON".to_owned(),
            source: Some(Box::new(cause)),
        })
}

/// An instant as a column holds it: to the microsecond, on both databases.
pub(crate) fn time(instant: DateTime<Utc>) -> Value {
    Value::ChronoDateTimeUtc(Some(micros(instant)))
}

/// The same, or nothing.
pub(crate) fn time_or_null(instant: Option<DateTime<Utc>>) -> Value {
    Value::ChronoDateTimeUtc(instant.map(micros))
}

/// An instant without what a column can't hold.
pub(crate) fn micros(instant: DateTime<Utc>) -> DateTime<Utc> {
    instant.trunc_subsecs(6)
}

/// Text as a column holds it.
pub(crate) fn text(text: impl Into<String>) -> Value {
    Value::String(Some(storable(text.into())))
}

/// The same, or nothing.
pub(crate) fn text_or_null(text: Option<impl Into<String>>) -> Value {
    Value::String(text.map(|text| storable(text.into())))
}
