//! What the benchmark runs against: a sandbox in a process of its own, and the databases that there
//! are.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The sandbox, ended when it is dropped.
pub(crate) struct Sandbox {
    child: Child,
    address: String,
}

impl Sandbox {
    pub(crate) fn start(products: u32) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_crossdock"))
            .args([
                "sandbox",
                "--listen",
                "127.0.0.1:0",
                "--json",
                "--orders",
                "10",
                "--products",
            ])
            .arg(products.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        Self {
            child,
            address: told
                .get("address")
                .and_then(Value::as_str)
                .unwrap()
                .to_owned(),
        }
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// A database server, with a fresh database for each way of reading.
pub(crate) enum Database {
    Sqlite(TempDir),
    /// The server's address, without a database.
    Postgres(String),
}

impl Database {
    pub(crate) fn available() -> Vec<Self> {
        let mut databases = vec![Self::Sqlite(tempfile::tempdir().unwrap())];
        if let Some(url) = std::env::vars()
            .find_map(|(name, value)| (name == "CROSSDOCK_TEST_POSTGRES").then_some(value))
        {
            databases.push(Self::Postgres(url));
        }
        databases
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// A new database for this way of reading.
    pub(crate) fn url(&self, way: &str) -> String {
        match self {
            Self::Sqlite(dir) => format!("sqlite:{}/{way}.sqlite", dir.path().display()),
            Self::Postgres(server) => {
                let name = database_name(way);
                administer(
                    server,
                    &[&drop_if_exists(&name), &format!("CREATE DATABASE {name}")],
                );
                let (address, _) = server.rsplit_once('/').unwrap();
                format!("{address}/{name}")
            }
        }
    }

    pub(crate) fn remove(&self) {
        if let Self::Postgres(server) = self {
            for way in ["bare", "engine"] {
                administer(server, &[&drop_if_exists(&database_name(way))]);
            }
        }
    }
}

fn database_name(way: &str) -> String {
    format!("crossdock_bench_{way}")
}

fn drop_if_exists(name: &str) -> String {
    format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")
}

fn administer(server: &str, statements: &[&str]) {
    use sqlx::Connection as _;

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut connection = sqlx::PgConnection::connect(server).await.unwrap();
        for statement in statements {
            let statement = sqlx::AssertSqlSafe((*statement).to_owned());
            sqlx::raw_sql(statement)
                .execute(&mut connection)
                .await
                .unwrap();
        }
    });
}

/// The largest resident set of this process up to now; 0 where the system doesn't tell.
pub(crate) fn peak_mebibytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kibibytes: f64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or_default();
    kibibytes / 1024.0
}
