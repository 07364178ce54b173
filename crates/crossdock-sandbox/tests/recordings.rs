//! The recorded replies beside the workspace, where they are: everything in them must be answered
//! again as it was recorded.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests fail by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use chrono::DateTime;
use crossdock_sandbox::{Options, Sandbox};
use http::Request;
use serde_json::Value;

fn fixtures() -> Option<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/alias");
    if dir.is_dir() {
        return Some(dir);
    }
    println!("skipped: no recorded replies at {}", dir.display());
    None
}

fn get(sandbox: &mut Sandbox, path: &str) -> (u16, Value) {
    let request = Request::get(format!("https://api.alias.org{path}"))
        .header("authorization", "Bearer sbx_pat_demo")
        .body(Bytes::new())
        .unwrap();
    let response = sandbox
        .handle(request, DateTime::UNIX_EPOCH)
        .answer()
        .unwrap();
    (
        response.status().as_u16(),
        serde_json::from_slice(response.body()).unwrap(),
    )
}

fn loaded(dir: &Path) -> Sandbox {
    let mut sandbox = Sandbox::new(Options::new(DateTime::UNIX_EPOCH));
    let report = sandbox.load_dir(dir).unwrap();
    assert!(report.unwanted.is_empty(), "{:?}", report.unwanted);
    sandbox
}

/// Answers without what a page of the sandbox says of other pages: the recorded searches asked for
/// one item at a time.
fn without_paging(mut body: Value) -> Value {
    if let Some(fields) = body.as_object_mut() {
        fields.remove("has_more");
        fields.remove("next_pagination_token");
    }
    body
}

#[test]
fn recorded_requests_are_answered_as_recorded() {
    let Some(dir) = fixtures() else { return };
    let mut sandbox = loaded(&dir);
    let mut compared = 0;
    for folder in ["catalog", "pricing-insights"] {
        for entry in fs::read_dir(dir.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let Some(stem) = path.to_str().unwrap().strip_suffix(".http.json") else {
                continue;
            };
            let exchange: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            let body: Value =
                serde_json::from_slice(&fs::read(format!("{stem}.json")).unwrap()).unwrap();
            let (status, answer) = get(&mut sandbox, exchange["request"]["path"].as_str().unwrap());
            assert_eq!(
                u64::from(status),
                exchange["response"]["status"].as_u64().unwrap()
            );
            assert_eq!(without_paging(answer), without_paging(body), "{stem}");
            compared += 1;
        }
    }
    assert!(compared >= 9, "only {compared} recordings were compared");
}

#[test]
fn recorded_searches_find_the_same_items_and_one_word_finds_all() {
    let Some(dir) = fixtures() else { return };
    let mut sandbox = loaded(&dir);
    let log = fs::read_to_string(dir.join("catalog/catalog-search-by-style-id-a.jsonl")).unwrap();
    let mut items = std::collections::BTreeSet::new();
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let (_, found) = get(&mut sandbox, line["request"]["path"].as_str().unwrap());
        assert_eq!(found["catalog_items"], line["body"]["catalog_items"]);
        items.insert(
            line["body"]["catalog_items"][0]["catalog_id"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    assert_eq!(
        sandbox.census()["alias"]["catalog"],
        u64::try_from(items.len()).unwrap()
    );

    let mut token = String::new();
    loop {
        let path = format!("/api/v1/catalog?query=sneakers&pagination_token={token}");
        let (_, page) = get(&mut sandbox, &path);
        for item in page["catalog_items"].as_array().unwrap() {
            assert!(items.remove(item["catalog_id"].as_str().unwrap()));
        }
        page["next_pagination_token"]
            .as_str()
            .unwrap()
            .clone_into(&mut token);
        if token.is_empty() {
            break;
        }
    }
    assert!(items.is_empty(), "not found: {items:?}");
}
