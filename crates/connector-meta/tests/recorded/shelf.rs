//! Where the recordings lie, and what is on them.

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

/// All recorded bodies of a folder, by their paths within it: without what was sent for them, and what
/// others made of them.
pub(crate) fn bodies(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            let inner = bodies(&path).into_iter();
            found.extend(inner.map(|(file, text)| (format!("{name}/{file}"), text)));
        } else if !name.ends_with(".http.json") && !name.ends_with(".expected.json") {
            found.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
    found
}

/// An answer of Meta's.
pub(crate) fn response(status: u16, body: &str) -> Response {
    http::Response::builder()
        .status(status)
        .body(body.to_owned().into())
        .unwrap()
}

/// The objects of a reply: of a page of a list, of several by id, of one.
pub(crate) fn items(text: &str) -> Vec<Value> {
    let value: Value = serde_json::from_str(text).unwrap();
    match value {
        Value::Object(mut object) => match object.remove("data") {
            Some(Value::Array(items)) => items,
            _ if object.values().all(|it| it.get("id").is_some()) => {
                object.into_iter().map(|(_, value)| value).collect()
            }
            _ => vec![Value::Object(object)],
        },
        other => panic!("{other}"),
    }
}
