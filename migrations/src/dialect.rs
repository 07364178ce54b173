//! One text of SQL for both databases: what differs is a word in braces.

use sea_orm_migration::SchemaManager;
use sea_orm_migration::sea_orm::{ConnectionTrait as _, DatabaseBackend, DbErr};

/// The words, for PostgreSQL and for SQLite.
///
/// `{key}` is text that is compared and sorted byte by byte, so that both databases page in the
/// same order. `{time}` is RFC 3339 in UTC on SQLite, which sorts as text. `{raw}` is JSON kept as
/// it came, letter by letter. `{strict}` and `{clustered}` end a table: SQLite then checks types,
/// and in the second case stores the rows in the primary key itself.
const WORDS: &[(&str, &str, &str)] = &[
    ("{key}", "text COLLATE \"C\"", "TEXT"),
    ("{text}", "text", "TEXT"),
    ("{int}", "bigint", "INTEGER"),
    ("{real}", "double precision", "REAL"),
    ("{bool}", "boolean", "INTEGER"),
    ("{time}", "timestamptz", "TEXT"),
    ("{date}", "date", "TEXT"),
    ("{json}", "jsonb", "TEXT"),
    ("{raw}", "json", "TEXT"),
    ("{bytes}", "bytea", "BLOB"),
    ("{strict}", "", " STRICT"),
    ("{clustered}", "", " STRICT, WITHOUT ROWID"),
];

/// The SQL for one database.
pub(crate) fn translate(sql: &str, backend: DatabaseBackend) -> String {
    WORDS
        .iter()
        .fold(sql.to_owned(), |sql, (word, postgres, sqlite)| {
            let meaning = if backend == DatabaseBackend::Postgres {
                postgres
            } else {
                sqlite
            };
            sql.replace(word, meaning)
        })
}

/// Runs statements that are separated by semicolons.
pub(crate) async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let sql = translate(sql, manager.get_database_backend());
    manager.get_connection().execute_unprepared(&sql).await?;
    Ok(())
}

/// Drops tables, in the order given.
pub(crate) async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    for table in tables {
        manager
            .get_connection()
            .execute_unprepared(&format!("DROP TABLE {table}"))
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_left_untranslated() {
        for sql in [
            include_str!("sql/control_tables.sql"),
            include_str!("sql/record_tables.sql"),
            include_str!("sql/marketing_tables.sql"),
            include_str!("sql/attribution_tables.sql"),
        ] {
            for backend in [DatabaseBackend::Postgres, DatabaseBackend::Sqlite] {
                let translated = translate(sql, backend);
                assert!(!translated.contains('{'), "{backend:?}: {translated}");
            }
        }
    }
}
