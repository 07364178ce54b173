//! Opening: what SQLite is told, and what is said when a database can't be opened.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sea_orm::sqlx::{ConnectOptions as _, Executor as _};
use sea_orm::{SqlxPostgresConnector, SqlxSqliteConnector};
use tokio::sync::Mutex;

use super::failure::from_sqlx;
use super::{Backend, Db, Durability};
use crate::error::{Result, StoreError};

/// How long a writer waits for another process before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// How long to wait for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(15);

/// SQLite's page cache for the connection that commits pages, in KiB; the others keep its default.
const PAGES_CACHE_KIB: u32 = 16 * 1024;

/// SQLite copies the log into the file after so many pages of 4 KiB.
const LOG_PAGES: &str = "4000";

/// How many bytes of values one PostgreSQL statement holds, on a connection that is not encrypted.
const PLAIN_BYTES: usize = 256 * 1024;

/// The same, where it may be encrypted: what fits into one TLS record of 16 KiB.
///
/// The driver writes each record by itself and leaves Nagle's algorithm on (sqlx 0.9 sets no
/// `TCP_NODELAY`), so that a second record waits some 40 ms for the delayed acknowledgement of the
/// first: without this limit, 500 products a second.
const ENCRYPTED_BYTES: usize = 12 * 1024;

/// Every query here has its index. PostgreSQL's planner doesn't know that of a table that was just
/// made and has no statistics yet: it would keep plans that read whole tables, page after page.
const PLANNER: &str = "SET enable_seqscan = off; SET jit = off";

impl Db {
    pub(crate) async fn open(url: &str, max_connections: u32) -> Result<Self> {
        let db = if let Some(rest) = url.strip_prefix("sqlite:") {
            open_sqlite(rest, max_connections).await?
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            open_postgres(url, max_connections).await?
        } else {
            return Err(cannot_open(
                "the address must be sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE",
            ));
        };
        // A file that may not be written shows it here and not in the middle of a sync.
        drop(db.write(Durability::Power).await?);
        Ok(db)
    }
}

async fn open_sqlite(rest: &str, max_connections: u32) -> Result<Db> {
    let writer = Arc::new(Mutex::new(()));
    let base = SqliteConnectOptions::new()
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        .disable_statement_logging();
    if rest == ":memory:" {
        // Each connection to memory is a database of its own, so there is one.
        let pool = sqlite_pool(base.in_memory(true), 1).await?;
        let connection = SqlxSqliteConnector::from_sqlx_sqlite_pool(pool);
        return Ok(Db {
            backend: Backend::Sqlite,
            readers: connection.clone(),
            pages: connection.clone(),
            durable: connection,
            statement_bytes: PLAIN_BYTES,
            writer,
        });
    }
    let path = sqlite_path(rest)?;
    let base = base
        .filename(&path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .pragma("wal_autocheckpoint", LOG_PAGES);
    let durable = base
        .clone()
        .synchronous(SqliteSynchronous::Full)
        .pragma("secure_delete", "FAST");
    let pages = base
        .clone()
        .synchronous(SqliteSynchronous::Normal)
        .pragma("cache_size", format!("-{PAGES_CACHE_KIB}"));
    let readers = base.synchronous(SqliteSynchronous::Normal);
    Ok(Db {
        backend: Backend::Sqlite,
        durable: SqlxSqliteConnector::from_sqlx_sqlite_pool(sqlite_pool(durable, 1).await?),
        pages: SqlxSqliteConnector::from_sqlx_sqlite_pool(sqlite_pool(pages, 1).await?),
        readers: SqlxSqliteConnector::from_sqlx_sqlite_pool(
            sqlite_pool(readers, max_connections.max(2)).await?,
        ),
        statement_bytes: PLAIN_BYTES,
        writer,
    })
}

async fn sqlite_pool(options: SqliteConnectOptions, max_connections: u32) -> Result<SqlitePool> {
    SqlitePoolOptions::new()
        .max_connections(max_connections)
        .min_connections(u32::from(max_connections == 1))
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options)
        .await
        .map_err(|cause| opening(&cause))
}

/// The file of `sqlite:PATH`, whose folder must be there.
fn sqlite_path(rest: &str) -> Result<PathBuf> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.is_empty() {
        return Err(cannot_open("the address names no file: sqlite:PATH"));
    }
    let path = Path::new(path);
    if path.is_dir() {
        return Err(cannot_open(format!(
            "{} is a folder; name a file in it",
            path.display()
        )));
    }
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
            Err(cannot_open(format!(
                "the folder {} does not exist; make it first",
                folder.display()
            )))
        }
        _ => Ok(path.to_owned()),
    }
}

async fn open_postgres(url: &str, max_connections: u32) -> Result<Db> {
    // The driver's error may quote the address, and with it the password: it is left out.
    let options = PgConnectOptions::from_str(url).map_err(|_cause| {
        cannot_open("the address must be postgres://USER:PASSWORD@HOST/DATABASE, URL-encoded")
    })?;
    let options = without_idle_encryption(options, url)
        .application_name("crossdock")
        .disable_statement_logging();
    let statement_bytes = match options.get_ssl_mode() {
        PgSslMode::Disable => PLAIN_BYTES,
        _ => ENCRYPTED_BYTES,
    };
    let pool = PgPoolOptions::new()
        .max_connections(max_connections.max(2))
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .after_connect(|connection, _| {
            Box::pin(async move {
                connection.execute(PLANNER).await?;
                Ok(())
            })
        })
        .connect_with(options)
        .await
        .map_err(|cause| opening(&cause))?;
    let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
    Ok(Db {
        backend: Backend::Postgres,
        readers: connection.clone(),
        pages: connection.clone(),
        durable: connection,
        statement_bytes,
        writer: Arc::new(Mutex::new(())),
    })
}

/// Encryption on the way to one's own machine protects from nobody and costs much: it is left out,
/// unless the address asks for it.
fn without_idle_encryption(options: PgConnectOptions, url: &str) -> PgConnectOptions {
    let host = options.get_host();
    let own = host == "localhost"
        || host.starts_with('/')
        || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    if own && !url.contains("sslmode=") && !url.contains("ssl-mode=") {
        options.ssl_mode(PgSslMode::Disable)
    } else {
        options
    }
}

fn opening(error: &sea_orm::sqlx::Error) -> StoreError {
    match from_sqlx("opening the database", error) {
        StoreError::Other { message, source } => {
            let message = match &source {
                Some(source) => format!("{message}: {source}"),
                None => message,
            };
            StoreError::CannotOpen { message, source }
        }
        other => other,
    }
}

fn cannot_open(message: impl Into<String>) -> StoreError {
    StoreError::CannotOpen {
        message: message.into(),
        source: None,
    }
}
