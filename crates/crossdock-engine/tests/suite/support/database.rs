//! A database of its own for each test: an SQLite file, or a schema on a PostgreSQL server.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use crossdock_persistence::{ConnectionId, Store, StoreOptions};
use sea_orm::ConnectionTrait as _;
use tempfile::TempDir;

/// Where a PostgreSQL server answers.
const POSTGRES: &str = "CROSSDOCK_TEST_POSTGRES";

/// Runs a test on both databases.
macro_rules! on_both {
    ($($(#[$doc:meta])* $($keyword:ident)+ () $body:block)+) => {
        $(on_both! { @one $(#[$doc])* $($keyword)+ $body })+
    };
    (@one $(#[$doc:meta])* async fn $name:ident $body:block) => {
        on_both! {
            @one $(#[$doc])* fn $name {
                async fn check() $body
                $crate::support::database::run(check());
            }
        }
    };
    (@one $(#[$doc:meta])* fn $name:ident $body:block) => {
        mod $name {
            use super::*;

            $(#[$doc])*
            fn check() $body

            #[test]
            fn sqlite() {
                check();
            }

            #[test]
            fn postgres() {
                $crate::support::database::on_postgres(check);
            }
        }
    };
}

pub(crate) use on_both;

thread_local! {
    /// The schemas of the test that this thread runs; `None` where it runs on SQLite.
    static SCHEMAS: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Runs a future on a runtime of its own, which ends with it: what the future spawned is then cut
/// off wherever it is, as in a process that is killed.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// Runs a test on PostgreSQL, or says that it was skipped.
pub(crate) fn on_postgres(check: impl FnOnce()) {
    let Some(server) = server() else {
        println!("skipped: {POSTGRES} is not set");
        return;
    };
    SCHEMAS.set(Some(Vec::new()));
    check();
    let schemas = SCHEMAS.take().unwrap_or_default();
    run(async {
        for schema in schemas {
            execute(&server, &format!("DROP SCHEMA {schema} CASCADE")).await;
        }
    });
}

pub(crate) struct Database {
    dir: TempDir,
    url: String,
}

impl Database {
    pub(crate) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let is_on_postgres = SCHEMAS.with_borrow(Option::is_some);
        let url = match server().filter(|_| is_on_postgres) {
            None => format!("sqlite:{}", dir.path().join("crossdock.db").display()),
            Some(server) => {
                let schema = format!("t{}", ConnectionId::new().as_uuid().simple());
                execute(&server, &format!("CREATE SCHEMA {schema}")).await;
                let sign = if server.contains('?') { '&' } else { '?' };
                let url = format!("{server}{sign}options[search_path]={schema}");
                SCHEMAS.with_borrow_mut(|schemas| schemas.as_mut().unwrap().push(schema));
                url
            }
        };
        Self { dir, url }
    }

    pub(crate) async fn open(&self) -> Store {
        Store::open(StoreOptions::new(&self.url)).await.unwrap()
    }

    /// Runs SQL past the store, in the words of whichever database it is.
    pub(crate) async fn execute(&self, sqlite: &str, postgres: &str) {
        let is_sqlite = self.url.starts_with("sqlite:");
        execute(&self.url, if is_sqlite { sqlite } else { postgres }).await;
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The files that hold the data.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.dir.path()).unwrap();
        entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .collect()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told by the environment where a server is"
)]
fn server() -> Option<String> {
    std::env::var(POSTGRES).ok()
}

async fn execute(server: &str, sql: &str) {
    let connection = sea_orm::Database::connect(server).await.unwrap();
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}
