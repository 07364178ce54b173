//! The recorded replies beside the workspace, where they are: what is taken is found again.

use std::path::Path;

use crossdock_sandbox::{Options, Sandbox};

use crate::{Meta, TOKEN};

#[test]
fn what_was_recorded_is_found_by_a_sync() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures");
    if !dir.join("meta").is_dir() {
        println!("skipped: no recorded replies at {}", dir.display());
        return;
    }
    // Only this platform's folder, so that the others' needn't be read.
    let only = tempfile::tempdir().unwrap();
    copy(&dir.join("meta"), &only.path().join("meta"));
    let now = "2026-11-20T12:00:00Z".parse().unwrap();
    let mut meta = Meta {
        sandbox: Sandbox::new(Options::new(now)),
        now,
    };
    let report = meta.sandbox.load_dir(only.path()).unwrap();
    assert!(report.unwanted.is_empty(), "{:?}", report.unwanted);
    let census = &report.census["meta"];
    let (pages, _) = meta.walk(
        TOKEN,
        "/me/accounts",
        &[("fields", "access_token,instagram_business_account")],
    );
    let (mut posts, mut media, mut threads, mut ratings) = (0, 0, 0, 0);
    for page in &pages {
        let token = page["access_token"].as_str().unwrap();
        let id = page["id"].as_str().unwrap();
        let count = |meta: &mut Meta, edge: &str| {
            let found = meta
                .walk(token, &format!("/{id}/{edge}"), &[("limit", "100")])
                .0;
            u64::try_from(found.len()).unwrap()
        };
        posts += count(&mut meta, "published_posts");
        threads += count(&mut meta, "conversations");
        ratings += count(&mut meta, "ratings");
        if let Some(account) = page["instagram_business_account"]["id"].as_str() {
            let path = format!("/{account}/media");
            media += u64::try_from(meta.walk(TOKEN, &path, &[]).0.len()).unwrap();
        }
    }
    let mut campaigns = 0;
    for account in meta.walk(TOKEN, "/me/adaccounts", &[]).0 {
        let path = format!("/{}/campaigns", account["id"].as_str().unwrap());
        campaigns += u64::try_from(meta.walk(TOKEN, &path, &[]).0.len()).unwrap();
    }
    assert_eq!(census["page_posts"], posts);
    assert_eq!(census["instagram_media"], media);
    assert_eq!(census["conversations"], threads);
    assert_eq!(census["reviews"], ratings);
    assert_eq!(census["ad_campaigns"], campaigns);
    assert!(posts > 10 && media > 90 && campaigns > 1 && ratings == 1 && threads == 1);
    // A number that was recorded takes the place of one worked out.
    let reach = meta.get("/35076616084176123/insights", &[("metric", "reach")]);
    assert_eq!(reach["data"][0]["values"][0]["value"], 8000);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}
