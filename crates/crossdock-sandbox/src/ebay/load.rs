//! Recorded replies: orders, transactions, and the payouts that transactions name.
//!
//! Orders can't be read for longer than two years, so a recorded one that is older is moved on by
//! whole years of 52 weeks, with everything that is dated in it and in its transactions, until it
//! can be.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::platform::{SeedFile, SeedOutcome};

use super::ledger;
use super::state::{State, instant, text, written};

/// How old a recorded order may be and stay where it is. A little less than the two years, so that
/// a sandbox can run for a while.
const YOUNG: TimeDelta = TimeDelta::days(700);

/// How far an older one is moved at a time.
const YEAR: TimeDelta = TimeDelta::weeks(52);

/// What was recorded.
#[derive(Debug, Default)]
pub(super) struct Loader {
    /// By number.
    orders: BTreeMap<String, Value>,
    /// By type and number.
    transactions: BTreeMap<(String, String), Value>,
}

impl Loader {
    /// Takes what a file holds.
    pub(super) fn load(&mut self, file: &SeedFile<'_>) -> SeedOutcome {
        let (named, inside) = match file.path.strip_prefix("ebay/") {
            Some(inside) => (true, inside),
            None => (false, file.path),
        };
        let Some((folder, _)) = inside.split_once('/') else {
            return SeedOutcome::NotMine;
        };
        let Ok(body) = serde_json::from_slice::<Value>(file.bytes) else {
            return SeedOutcome::NotMine;
        };
        match folder {
            "sell-fulfillment" => self.take_orders(&body),
            "sell-finances" => self.take_transactions(&body),
            "buy-browse" => passed("The Browse API is for buyers; no stream reads it."),
            "oauth" if named || is_token(&body) => passed("The sandbox issues tokens of its own."),
            "errors" if named || is_error(&body) => passed("The sandbox words refusals itself."),
            "notifications" if named || is_notification(&body) => {
                passed("The sandbox sends and signs notifications of its own.")
            }
            _ => SeedOutcome::NotMine,
        }
    }

    fn take_orders(&mut self, body: &Value) -> SeedOutcome {
        let orders = objects(body, "orders", "orderId");
        let count = orders.len();
        for order in orders {
            let id = text(order, "orderId").to_owned();
            self.orders.insert(id, order.clone());
        }
        taken("orders", count)
    }

    fn take_transactions(&mut self, body: &Value) -> SeedOutcome {
        let mut payouts = BTreeSet::new();
        for transaction in objects(body, "transactions", "transactionId") {
            let payout = text(transaction, "payoutId");
            if !payout.is_empty() {
                payouts.insert(payout);
            }
            let key = ["transactionType", "transactionId"].map(|name| text(transaction, name));
            let [kind, id] = key.map(str::to_owned);
            self.transactions.insert((kind, id), transaction.clone());
        }
        if payouts.is_empty() {
            return passed("Its transactions are served, but no payout has them yet.");
        }
        taken("payouts", payouts.len())
    }

    /// Puts everything that was recorded into the state.
    pub(super) fn settle(&self, state: &mut State, now: DateTime<Utc>) {
        let mut moves: BTreeMap<&str, TimeDelta> = BTreeMap::new();
        for (id, order) in &self.orders {
            let by =
                instant(order, "creationDate").map_or(TimeDelta::zero(), |at| move_of(at, now));
            moves.insert(id, by);
            let mut order = order.clone();
            move_on(&mut order, by);
            state.orders.insert(id.clone(), order);
        }
        for transaction in self.transactions.values() {
            let by = order_of(transaction).and_then(|id| moves.get(id));
            let mut transaction = transaction.clone();
            move_on(&mut transaction, by.copied().unwrap_or_default());
            state.book(transaction);
        }
        ledger::payouts_of_recordings(state);
    }
}

/// The objects of a list's reply, or the one of a single read.
fn objects<'b>(body: &'b Value, list: &str, id: &str) -> Vec<&'b Value> {
    match body.get(list).and_then(Value::as_array) {
        Some(objects) => objects
            .iter()
            .filter(|it| !text(it, id).is_empty())
            .collect(),
        None if !text(body, id).is_empty() => vec![body],
        None => Vec::new(),
    }
}

/// How far an order from a point in time is moved.
fn move_of(at: DateTime<Utc>, now: DateTime<Utc>) -> TimeDelta {
    let mut by = TimeDelta::zero();
    while at + by < now - YOUNG {
        by += YEAR;
    }
    by
}

/// Moves everything that is dated in a document.
fn move_on(document: &mut Value, by: TimeDelta) {
    match document {
        Value::String(dated) if dated.len() == 24 => {
            if let Ok(at) = DateTime::parse_from_rfc3339(dated) {
                *dated = written(at.to_utc() + by);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| move_on(item, by)),
        Value::Object(fields) => fields.values_mut().for_each(|value| move_on(value, by)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The order that a transaction belongs to.
fn order_of(transaction: &Value) -> Option<&str> {
    let referred = || {
        let references = transaction.get("references").and_then(Value::as_array);
        references
            .into_iter()
            .flatten()
            .find(|reference| text(reference, "referenceType") == "ORDER_ID")
            .map(|reference| text(reference, "referenceId"))
    };
    Some(text(transaction, "orderId"))
        .filter(|id| !id.is_empty())
        .or_else(referred)
}

fn is_token(body: &Value) -> bool {
    text(body, "token_type").ends_with("Access Token")
}

fn is_error(body: &Value) -> bool {
    !text(body, "error_description").is_empty() || body.pointer("/Errors/ErrorCode").is_some()
}

fn is_notification(body: &Value) -> bool {
    ["/metadata/topic", "/message/metadata/topic"]
        .iter()
        .any(|topic| body.pointer(topic).is_some())
        || text(body, "key").starts_with("-----BEGIN PUBLIC KEY")
}

fn taken(stream: &str, count: usize) -> SeedOutcome {
    if count == 0 {
        return passed("Nothing in it is an object of a stream.");
    }
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    SeedOutcome::Taken {
        streams: vec![(stream.to_owned(), count)],
    }
}

fn passed(reason: &str) -> SeedOutcome {
    SeedOutcome::Passed {
        reason: reason.to_owned(),
    }
}
