//! Where the recordings lie.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use connector_core::Response;
use serde_json::Value;

/// A file or folder beside the repository; `None`, with a word, where it isn't.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared")
        .join(path);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: there is nothing at {}", path.display());
    None
}

/// All files of a folder, by their paths within it.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            let inner = files(&path).into_iter();
            found.extend(inner.map(|(file, text)| (format!("{name}/{file}"), text)));
        } else {
            found.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
    found
}

/// A file's text; `None`, with a word, where there is none.
pub(crate) fn text(path: &str) -> Option<String> {
    let path = shared(&format!("fixtures/google/{path}"))?;
    Some(fs::read_to_string(path).unwrap())
}

/// The lines of a file of records.
pub(crate) fn records(path: &str) -> Option<Vec<Value>> {
    let read = |line| serde_json::from_str(line).unwrap();
    Some(text(path)?.lines().map(read).collect())
}

/// An answer of Google's.
pub(crate) fn response(body: &str) -> Response {
    http::Response::builder()
        .status(200)
        .body(body.to_owned().into())
        .unwrap()
}
