//! A database of its own for each test: an SQLite file.

use std::path::{Path, PathBuf};

use crossdock_persistence::{Store, StoreOptions};
use tempfile::TempDir;

pub(crate) struct Database {
    dir: TempDir,
    url: String,
}

impl Database {
    #[expect(
        clippy::unused_async,
        reason = "PostgreSQL has to be asked for a database"
    )]
    pub(crate) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", dir.path().join("crossdock.db").display());
        Self { dir, url }
    }

    pub(crate) async fn open(&self) -> Store {
        Store::open(StoreOptions::new(&self.url)).await.unwrap()
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
