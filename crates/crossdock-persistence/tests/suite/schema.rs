//! The tables: up, down and up again, as the snapshots have them, and what can't be opened.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use crossdock_migrations::{Migrator, MigratorTrait as _};
use crossdock_persistence::{Store, StoreError, StoreOptions};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};

use crate::on_both;

/// Tables with their columns, and indexes, one per line, sorted.
async fn schema(database: &DatabaseConnection) -> String {
    let sql = match database.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT m.name AS owner, p.name || ' ' || p.type \
             || CASE p.\"notnull\" WHEN 1 THEN ' not null' ELSE '' END \
             || CASE WHEN p.pk > 0 THEN ' key ' || p.pk ELSE '' END AS line \
             FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' \
             AND m.name NOT IN ('seaql_migrations', 'sqlite_sequence') \
             UNION ALL SELECT 'index ' || name, COALESCE(sql, 'implied') FROM sqlite_master \
             WHERE type = 'index' AND tbl_name <> 'seaql_migrations'"
        }
        _ => {
            "SELECT table_name AS owner, column_name || ' ' || data_type \
             || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END \
             || COALESCE(' collate ' || collation_name, '') AS line \
             FROM information_schema.columns WHERE table_schema = current_schema() \
             AND table_name <> 'seaql_migrations' \
             UNION ALL SELECT 'index ' || indexname, replace(indexdef, current_schema() || '.', '') \
             FROM pg_indexes WHERE schemaname = current_schema() AND tablename <> 'seaql_migrations'"
        }
    };
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let mut owners: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in database.query_all_raw(statement).await.unwrap() {
        let owner: String = row.try_get("", "owner").unwrap();
        owners
            .entry(owner)
            .or_default()
            .push(row.try_get("", "line").unwrap());
    }
    let mut text = String::new();
    for (owner, mut lines) in owners {
        lines.sort();
        writeln!(text, "{owner}").unwrap();
        for line in lines {
            writeln!(text, "    {line}").unwrap();
        }
    }
    text
}

on_both! {
    async fn up_down_up_gives_the_same_tables(database: Database) {
        let raw = database.raw().await;
        let up = schema(&raw).await;
        Migrator::down(&raw, None).await.unwrap();
        assert_eq!(schema(&raw).await, "");
        Migrator::up(&raw, None).await.unwrap();
        assert_eq!(schema(&raw).await, up);
        raw.close().await.unwrap();
    }

    /// A migration that was released never changes: this shows it when one did.
    /// `CROSSDOCK_BLESS=1` writes the files anew.
    async fn the_tables_are_as_the_snapshot_has_them(database: Database) {
        let raw = database.raw().await;
        let name = match raw.get_database_backend() {
            DbBackend::Sqlite => "schema.sqlite.txt",
            _ => "schema.postgres.txt",
        };
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite").join(name);
        let found = schema(&raw).await;
        raw.close().await.unwrap();
        let bless = std::env::var_os("CROSSDOCK_BLESS").is_some();
        if bless {
            std::fs::write(&file, &found).unwrap();
        }
        assert_eq!(found, std::fs::read_to_string(&file).unwrap());
    }

    async fn a_database_of_a_newer_version_is_refused(database: Database) {
        let raw = database.raw().await;
        let sql = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_later', 0)";
        raw.execute_unprepared(sql).await.unwrap();
        raw.close().await.unwrap();
        let refused = [
            Store::open(StoreOptions::new(&database.url)).await.map(drop),
            database.store.health().await,
            database.store.migrate().await.map(drop),
        ];
        for result in refused {
            let expected = matches!(&result, Err(StoreError::DatabaseNewer { found, .. }) if found == "m29990101_000001_later");
            assert!(expected, "{result:?}");
        }
    }
}

async fn refusal(url: &str) -> String {
    match Store::open(StoreOptions::new(url)).await {
        Err(error @ StoreError::CannotOpen { .. }) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_cannot_be_opened_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    assert!(
        refusal(&path("missing/store.db"))
            .await
            .contains("does not exist")
    );
    assert!(refusal(&path("")).await.contains("is a folder"));
    std::fs::write(
        folder.path().join("notes.txt"),
        "not a database, but long enough to be one".repeat(99),
    )
    .unwrap();
    assert!(
        refusal(&path("notes.txt"))
            .await
            .contains("not an SQLite database")
    );
    assert!(refusal("mysql://u:p@h/d").await.contains("sqlite:PATH"));
    assert!(refusal("sqlite:").await.contains("names no file"));
    for url in [
        "postgres://u:hidden-word@127.0.0.1:1/d",
        "postgres://u:hidden-word@[/d",
    ] {
        let message = refusal(url).await;
        assert!(!message.contains("hidden-word"), "{message}");
    }
}

#[tokio::test]
async fn an_empty_database_asks_to_be_migrated() {
    let store = Store::open(StoreOptions::new("sqlite::memory:"))
        .await
        .unwrap();
    let all = crossdock_migrations::names().len();
    let health = store.health().await;
    assert!(
        matches!(health, Err(StoreError::NotMigrated { missing }) if missing == all),
        "{health:?}"
    );
    assert_eq!(store.migrate().await.unwrap(), all);
    assert_eq!(store.migrate().await.unwrap(), 0);
    store.health().await.unwrap();
    assert_eq!(store.backend_name(), "SQLite");
    store.close().await.unwrap();
}
