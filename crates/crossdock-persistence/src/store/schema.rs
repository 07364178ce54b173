//! Which migrations the database has, and bringing it up to this version.

use crossdock_migrations::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectionTrait as _, DbBackend};

use crate::db::{Ask, Backend, Db, Durability, failed, get};
use crate::error::{Result, StoreError};

/// A number that means this program's migrations, for PostgreSQL's advisory locks.
const LOCK: i64 = 0x6372_6f73_7364_6f63;

/// How many migrations of this version the database lacks.
pub(super) async fn refuse_newer(db: &Db) -> Result<usize> {
    missing(db).await
}

/// Runs what is missing in one transaction, and says how many that were.
pub(super) async fn migrate(db: &Db) -> Result<usize> {
    if missing(db).await? == 0 {
        return Ok(0);
    }
    let tx = db.write(Durability::Power).await?;
    if tx.backend() == Backend::Postgres {
        tx.run("SELECT pg_advisory_xact_lock($1)", vec![LOCK.into()])
            .await?;
    }
    // Another process may have been first.
    let missing = missing(&tx).await?;
    if missing > 0 {
        Migrator::up(tx.inner(), None)
            .await
            .map_err(|cause| failed("migrating", cause))?;
    }
    tx.commit().await?;
    Ok(missing)
}

async fn missing(ask: &impl Ask) -> Result<usize> {
    let known = crossdock_migrations::names();
    let applied = applied(ask).await?;
    if let Some(found) = applied.iter().rfind(|name| !known.contains(name)) {
        return Err(StoreError::DatabaseNewer {
            found: found.clone(),
            known: known.last().cloned().unwrap_or_default(),
        });
    }
    Ok(known.len().saturating_sub(applied.len()))
}

async fn applied(ask: &impl Ask) -> Result<Vec<String>> {
    let exists = match ask.connection().get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'"
        }
        _ => {
            "SELECT table_name FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_name = 'seaql_migrations'"
        }
    };
    if ask.one(exists, Vec::new()).await?.is_none() {
        return Ok(Vec::new());
    }
    let sql = "SELECT version FROM seaql_migrations ORDER BY version";
    ask.all(sql, Vec::new())
        .await?
        .iter()
        .map(|row| get(row, "version"))
        .collect()
}
