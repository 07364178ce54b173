//! The recorded replies beside the workspace, where they are.

use std::path::Path;

use chrono::{DateTime, SecondsFormat, TimeDelta};
use crossdock_sandbox::{Options, Sandbox};

use super::{Ebay, encoded};

#[test]
fn recorded_orders_and_payouts_are_read_back() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/ebay");
    if !dir.is_dir() {
        println!("skipped: no recorded replies at {}", dir.display());
        return;
    }
    let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
    let mut sandbox = Sandbox::new(Options::new(now));
    let report = sandbox.load_dir(&dir).unwrap();
    assert!(report.unwanted.is_empty(), "{:?}", report.unwanted);
    assert!(report.passed.iter().all(|file| !file.reason.is_empty()));
    let mut ebay = Ebay::of(sandbox, now);
    assert!(ebay.count("orders") >= 5 && ebay.count("payouts") >= 2);
    assert_eq!(ebay.count("inventory_items"), 0);

    let from = (now - TimeDelta::days(729)).to_rfc3339_opts(SecondsFormat::Millis, true);
    let filter = encoded(&format!("lastmodifieddate:[{from}..]"));
    let path = format!("api.ebay.com/sell/fulfillment/v1/order?filter={filter}");
    let (orders, _) = ebay.pages(&path, "orders");
    assert_eq!(orders.len(), ebay.count("orders"));
    ebay.control("seller/domicile", &serde_json::json!({"country": "JP"}));
    let (payouts, _) = ebay.pages("apiz.ebay.com/sell/finances/v1/payout", "payouts");
    assert_eq!(payouts.len(), ebay.count("payouts"));
}
