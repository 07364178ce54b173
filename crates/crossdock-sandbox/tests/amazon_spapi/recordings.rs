//! The recorded replies beside the workspace, where they are: what was taken is read back.

#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{Amazon, texts};

/// Loads the recordings from a folder in which nothing else is.
fn loaded() -> Option<(Amazon, Value)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/amazon-spapi");
    if !dir.is_dir() {
        println!("skipped: no recorded replies at {}", dir.display());
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    copy(&dir, &folder.path().join("amazon-spapi"));
    let mut amazon = Amazon::new();
    let report = amazon.sandbox.load_dir(folder.path()).unwrap();
    assert!(report.unwanted.is_empty(), "{:?}", report.unwanted);
    amazon.log_in("sbx_lwa_refresh_demo");
    let report = serde_json::to_value(report).unwrap();
    Some((amazon.unlimited(), report))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn what_was_taken_is_read_back() {
    let Some((mut amazon, report)) = loaded() else {
        return;
    };
    println!(
        "taken {} census {} passed {}",
        report["taken"]["amazon-spapi"],
        report["census"]["amazon-spapi"],
        report["passed"].as_array().unwrap().len()
    );
    let path = "/orders/2026-01-01/orders?lastUpdatedAfter=2024-10-01T00:00:00Z&includedData=PROCEEDS,FULFILLMENT,BUYER";
    let orders = amazon
        .pages(path, "/orders", "/pagination/nextToken", "paginationToken")
        .concat();
    let ids: BTreeSet<&str> = texts(&orders, "/orderId").into_iter().collect();
    assert_eq!(ids.len(), amazon.count("orders"));
    assert!(ids.len() >= 10, "{ids:?}");
    // An order of version 0, whose items were recorded apart.
    assert!(ids.contains("111-1225255-7785053"));

    let participations = amazon.get("/sellers/v1/marketplaceParticipations");
    let mut listings = 0;
    for entry in participations["payload"].as_array().unwrap() {
        if entry["participation"]["isParticipating"] == true {
            let id = entry["marketplace"]["id"].as_str().unwrap();
            let path = format!("/listings/2021-08-01/items/A0SANDBOXSELLER?marketplaceIds={id}");
            listings += amazon
                .pages(&path, "/items", "/pagination/nextToken", "pageToken")
                .concat()
                .len();
        }
    }
    assert_eq!(listings, amazon.count("listings"));
    assert!(listings >= 2);
    assert!(amazon.count("payouts") >= 2);
}

#[test]
fn every_file_is_judged() {
    let Some((_, report)) = loaded() else {
        return;
    };
    for passed in report["passed"].as_array().unwrap() {
        let reason = passed["reason"].as_str().unwrap();
        assert!(reason.ends_with('.') && reason.len() > 20, "{passed}");
    }
    let taken = &report["taken"]["amazon-spapi"];
    for stream in ["orders", "listings", "payouts"] {
        assert!(taken[stream].as_u64().unwrap() > 0, "{stream}");
    }
}
