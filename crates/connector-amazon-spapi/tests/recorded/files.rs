//! Where the recorded replies are, and how one is read.

use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use connector_amazon_spapi::api::Call;
use connector_core::Response;
use serde_json::Value;

/// Amazon's folder of recorded replies; `None`, with a word, where it isn't.
pub(crate) fn folder() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/amazon-spapi");
    if path.exists() {
        return Some(path);
    }
    println!("skipped: there is nothing at {}", path.display());
    None
}

/// One recorded reply.
#[derive(Debug)]
pub(crate) struct Recorded {
    /// `sandbox-static/orders/orders_2026-01-01.getOrder.200.json`.
    pub(crate) name: String,
    pub(crate) status: u16,
    pub(crate) body: Bytes,
}

impl Recorded {
    /// Reads it as the answer to a call.
    pub(crate) fn read<C: Call>(&self, call: &C) -> C::Response {
        call.parse(&self.response())
            .unwrap_or_else(|error| panic!("{}: {error:?}", self.name))
    }

    pub(crate) fn response(&self) -> Response {
        http::Response::builder()
            .status(self.status)
            .body(self.body.clone())
            .unwrap()
    }
}

/// Every recorded body below a part of the folder whose name has this in it, in the order of their
/// names. Its status stands beside it, or in its name; where in neither, it was a success.
pub(crate) fn replies(part: &str, has: &str) -> Vec<Recorded> {
    let Some(folder) = folder() else {
        return Vec::new();
    };
    let mut paths = Vec::new();
    walk(&folder.join(part), &mut paths);
    paths.sort();
    let mut replies = Vec::new();
    for path in paths {
        let name = path.strip_prefix(&folder).unwrap().to_str().unwrap();
        if name.ends_with(".json") && !name.ends_with(".http.json") && name.contains(has) {
            replies.push(Recorded {
                name: name.to_owned(),
                status: status(&path),
                body: fs::read(&path).unwrap().into(),
            });
        }
    }
    replies
}

fn status(path: &Path) -> u16 {
    let beside = path.with_extension("http.json");
    let Ok(text) = fs::read_to_string(beside) else {
        return 200;
    };
    let exchange: Value = serde_json::from_str(&text).unwrap();
    let status = exchange.pointer("/response/status");
    status
        .and_then(Value::as_u64)
        .unwrap_or(200)
        .try_into()
        .unwrap()
}

fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, into);
        } else {
            into.push(path);
        }
    }
}
