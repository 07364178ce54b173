//! Recorded replies: orders, listings, event groups, and what stands beside them.
//!
//! Orders cannot be read for longer than two years, and money only by windows, so what is older is
//! moved on by whole years of 52 weeks, with everything that is dated in it, until it can be. Orders
//! of version 0 are told as 2026-01-01 tells them, where their items were recorded too; nothing is
//! added to them.

mod transpose;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::platform::{SeedFile, SeedOutcome};

use super::account::Account;
use super::listings::Listing;
use super::orders::Order;
use super::params::{entries, instant, text, timestamp};

/// How old a thing may be and stay where it is. A little less than two years, so that a sandbox can
/// run for a while.
const YOUNG: TimeDelta = TimeDelta::days(700);

/// How far an older one is moved at a time.
const YEAR: TimeDelta = TimeDelta::weeks(52);

/// The folders that are this platform's by their names alone.
const FOLDERS: &[&str] = &["sandbox-static/", "sp-api/", "vendor-samples/"];

/// What only older versions of the catalogue say.
const OLD_CATALOG: &[&str] = &[
    "/summaries/0/brandName",
    "/salesRanks/0/ranks",
    "/vendorDetails/0/categoryCode",
];

/// The status of a recorded reply, beside its body.
#[derive(Deserialize)]
struct Exchange {
    response: Status,
}

#[derive(Deserialize)]
struct Status {
    status: u16,
}

/// What was recorded.
#[derive(Debug, Default)]
pub(super) struct Loader {
    /// Orders by id.
    orders: BTreeMap<String, Value>,
    /// Orders of version 0 by id, and their items.
    old_orders: BTreeMap<String, Value>,
    old_items: BTreeMap<String, Vec<Value>>,
    /// By SKU.
    listings: BTreeMap<String, Value>,
    /// By ASIN.
    catalog: BTreeMap<String, Value>,
    /// By ASIN and marketplace.
    markets: BTreeMap<(String, String), Value>,
    /// By id.
    groups: BTreeMap<String, Value>,
    payouts: BTreeMap<String, Value>,
    transactions: Vec<Value>,
}

impl Loader {
    /// Takes what a file holds.
    pub(super) fn load(&mut self, file: &SeedFile<'_>) -> SeedOutcome {
        let inside = file.path.strip_prefix("amazon-spapi/");
        let path = inside.unwrap_or(file.path);
        if inside.is_none() && !FOLDERS.iter().any(|folder| path.starts_with(folder)) {
            return SeedOutcome::NotMine;
        }
        let exchange = file
            .exchange
            .and_then(|bytes| serde_json::from_slice::<Exchange>(bytes).ok());
        if exchange.is_some_and(|exchange| exchange.response.status >= 400) {
            return passed("A recorded refusal: the sandbox words its own.");
        }
        let bodies: Vec<Value> = if path.ends_with(".jsonl") {
            serde_json::Deserializer::from_slice(file.bytes)
                .into_iter()
                .map_while(Result::ok)
                .collect()
        } else {
            serde_json::from_slice(file.bytes).into_iter().collect()
        };
        let mut counts: BTreeMap<&'static str, u64> = BTreeMap::new();
        let mut reason = None;
        for body in &bodies {
            match self.take(body) {
                Taken::Objects(stream, count) if count > 0 => {
                    *counts.entry(stream).or_default() += count;
                }
                Taken::Objects(..) => {}
                Taken::Kept(why) => reason = Some(why),
            }
        }
        if counts.is_empty() {
            return passed(reason.unwrap_or_else(|| other(path)));
        }
        SeedOutcome::Taken {
            streams: counts
                .into_iter()
                .map(|(stream, count)| (stream.to_owned(), count))
                .collect(),
        }
    }

    /// Takes one reply, or one line.
    fn take(&mut self, body: &Value) -> Taken {
        let mut count = 0;
        for order in entries(body, "/orders").chain(body.get("order")) {
            if let Some(order) = Order::new(order.clone()) {
                self.orders.insert(order.id.clone(), order.json);
                count += 1;
            }
        }
        let sku = body.get("sku").is_some();
        for item in entries(body, "/items").chain(sku.then_some(body)) {
            if let Some(sku) = text(item, "/sku").filter(|_| item.get("status").is_none()) {
                let dated = |summary: &&Value| text(summary, "/lastUpdatedDate").is_some();
                let summaries = entries(item, "/summaries").filter(dated).count();
                if summaries == 0 || summaries != entries(item, "/summaries").count() {
                    return Taken::Kept(
                        "A listing without its summaries, or without their dates, which say where it is listed and since when.",
                    );
                }
                self.listings.insert(sku.to_owned(), item.clone());
                return Taken::Objects("listings", u64::try_from(summaries).unwrap_or(0));
            }
        }
        if count > 0 {
            return Taken::Objects("orders", count);
        }
        self.take_old_orders(body)
            .or_else(|| self.take_money(body))
            .or_else(|| self.take_catalog(body))
            .unwrap_or(Taken::Objects("", 0))
    }

    /// Orders of version 0, and their items: an order counts in the file that completes it, and in
    /// those that come after.
    fn take_old_orders(&mut self, body: &Value) -> Option<Taken> {
        let payload = body.get("payload").unwrap_or(body);
        let orders: Vec<&Value> = entries(payload, "/Orders")
            .chain(Some(payload).filter(|it| it.get("OrderStatus").is_some()))
            .collect();
        let item = Some(payload).filter(|it| it.get("OrderItemId").is_some());
        let items: Vec<&Value> = entries(payload, "/OrderItems").chain(item).collect();
        let id = |json: &Value| text(json, "/AmazonOrderId").map(str::to_owned);
        let mut touched = BTreeSet::new();
        for order in &orders {
            let id = id(order)?;
            self.old_orders.insert(id.clone(), (*order).clone());
            touched.insert(id);
        }
        if !items.is_empty() {
            let id = id(payload)?;
            let known = self.old_items.entry(id.clone()).or_default();
            for item in items {
                if !known
                    .iter()
                    .any(|it| it.get("OrderItemId") == item.get("OrderItemId"))
                {
                    known.push(item.clone());
                }
            }
            touched.insert(id);
        }
        if touched.is_empty() {
            return None;
        }
        let whole = touched
            .iter()
            .filter(|id| self.old_orders.contains_key(*id) && self.old_items.contains_key(*id))
            .count();
        Some(match u64::try_from(whole).unwrap_or(0) {
            0 => Taken::Kept(
                "Half of a version 0 order: it becomes an order with the file that holds the other half, if there is one.",
            ),
            count => Taken::Objects("orders", count),
        })
    }

    fn take_money(&mut self, body: &Value) -> Option<Taken> {
        let payload = body.get("payload").unwrap_or(body);
        let single = Some(body).filter(|it| it.get("FinancialEventGroupId").is_some());
        let mut count = 0;
        for group in entries(payload, "/FinancialEventGroupList").chain(single) {
            let id = text(group, "/FinancialEventGroupId")?;
            self.groups.insert(id.to_owned(), group.clone());
            count += 1;
        }
        if count > 0 {
            return Some(Taken::Objects("payouts", count));
        }
        let mut kept = None;
        for transaction in entries(payload, "/transactions") {
            self.transactions.push(transaction.clone());
            kept =
                Some("Transactions: listTransactions answers them, but the stream counts groups.");
        }
        for payout in entries(body, "/payouts") {
            self.payouts
                .insert(text(payout, "/id")?.to_owned(), payout.clone());
            kept = Some(
                "Payouts by transfer: listPayouts answers them, but the stream counts groups.",
            );
        }
        kept.map(Taken::Kept)
    }

    fn take_catalog(&mut self, body: &Value) -> Option<Taken> {
        let mut kept = None;
        let single = Some(body).filter(|it| it.get("asin").is_some());
        for item in entries(body, "/items").chain(single) {
            let Some(asin) = text(item, "/asin") else {
                continue;
            };
            if OLD_CATALOG
                .iter()
                .any(|place| item.pointer(place).is_some())
            {
                return Some(Taken::Kept("Catalogue items of an older version."));
            }
            self.catalog.insert(asin.to_owned(), item.clone());
            kept = Some(
                "Catalogue items: answered when they are asked for, which the stream does for what is listed.",
            );
        }
        for response in entries(body, "/responses") {
            let market = response.get("body").unwrap_or(response);
            let key = text(market, "/asin").zip(text(market, "/marketplaceId"));
            let Some((asin, marketplace)) = key else {
                continue;
            };
            let good = response
                .pointer("/status/statusCode")
                .and_then(Value::as_u64)
                == Some(200);
            if good {
                let key = (asin.to_owned(), marketplace.to_owned());
                self.markets.insert(key, market.clone());
                kept = Some(
                    "Offers: answered when they are asked for, which the stream does for what is listed; recordings do not list these.",
                );
            }
        }
        kept.map(Taken::Kept)
    }

    /// Puts what was recorded into an account, as of a time.
    pub(super) fn settle(&mut self, account: &mut Account, now: DateTime<Utc>) {
        for (id, order) in &self.old_orders {
            let items = self.old_items.get(id).map_or(&[][..], Vec::as_slice);
            if !items.is_empty() && !self.orders.contains_key(id) {
                let order = transpose::order(order, items);
                self.orders.insert(id.clone(), order);
            }
        }
        for (id, mut json) in std::mem::take(&mut self.orders) {
            renew(&mut json, "/lastUpdatedTime", now);
            if let Some(order) = Order::new(json) {
                account.join(order.marketplace());
                account.orders.insert(id, order);
            }
        }
        for (sku, json) in std::mem::take(&mut self.listings) {
            for summary in entries(&json, "/summaries") {
                account.join(text(summary, "/marketplaceId").unwrap_or_default());
            }
            account.listings.insert(sku, Listing::new(json));
        }
        account.catalog.append(&mut self.catalog);
        for (key, market) in std::mem::take(&mut self.markets) {
            account.join(&key.1);
            account.markets.insert(key, market);
        }
        let ledger = &mut account.ledger;
        let times = [
            (
                std::mem::take(&mut self.groups),
                "/FinancialEventGroupStart",
            ),
            (std::mem::take(&mut self.payouts), "/creationDate"),
        ];
        for ((list, time), target) in times
            .into_iter()
            .zip([&mut ledger.groups, &mut ledger.payouts])
        {
            for mut json in list.into_values() {
                renew(&mut json, time, now);
                target.push(json);
            }
        }
        for mut json in std::mem::take(&mut self.transactions) {
            renew(&mut json, "/postedDate", now);
            ledger.transactions.push(json);
        }
    }
}

/// What one reply held.
enum Taken {
    Objects(&'static str, u64),
    Kept(&'static str),
}

fn passed(reason: &str) -> SeedOutcome {
    SeedOutcome::Passed {
        reason: reason.to_owned(),
    }
}

/// Why nothing was taken from a file whose body is none of those that a stream reads.
fn other(path: &str) -> &'static str {
    let begins = |folder: &str| path.starts_with(folder);
    match () {
        () if begins("notifications/") => "The sandbox composes notifications of its own.",
        () if begins("records/reports/") || begins("reports/") => {
            "Rows of a report that no stream reads."
        }
        () if begins("vendor/") => "Vendors are not sellers: no stream reads their operations.",
        () if path.contains("finances") => {
            "Events, balances or invoices: the stream reads groups, and these name none of them."
        }
        () if path.contains("pricing") => "Prices of an older version, which no stream reads.",
        () if path.contains("orders") => {
            "An order of version 0 without its items, or a part of one: nothing is added to it."
        }
        () if path.contains("sellers") => "Where another account sells; no stream reads it.",
        () if path.contains("report") => "A report of another account: reports are made anew.",
        () if path.contains("token") => "The sandbox issues tokens of its own.",
        () if path.contains("listings") => {
            "The answer to a submission, or restrictions: no listing."
        }
        () => "An operation that no stream reads.",
    }
}

/// Moves a thing on, with every time in it, until it is young enough.
fn renew(json: &mut Value, pointer: &str, now: DateTime<Utc>) {
    let Some(time) = text(json, pointer).and_then(instant) else {
        return;
    };
    let mut by = TimeDelta::zero();
    while time + by < now - YOUNG {
        by += YEAR;
    }
    if by > TimeDelta::zero() {
        shift(json, by);
    }
}

fn shift(json: &mut Value, by: TimeDelta) {
    match json {
        Value::String(written) => {
            let time = DateTime::parse_from_rfc3339(written).ok();
            if let Some(time) = time {
                *written = timestamp(time.with_timezone(&Utc) + by);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|entry| shift(entry, by)),
        Value::Object(fields) => fields.values_mut().for_each(|entry| shift(entry, by)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
