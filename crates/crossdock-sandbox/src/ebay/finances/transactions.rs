//! `GET transaction`: what moved the seller's money.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Response;
use serde_json::Value;

use crate::platform::Call;

use super::super::filter::Filter;
use super::super::refusal::Outcome;
use super::super::state::{State, text};
use super::{Range, ascending, bad, choice, criteria, paged};

const TYPES: [&str; 11] = [
    "SALE",
    "REFUND",
    "CREDIT",
    "DISPUTE",
    "SHIPPING_LABEL",
    "TRANSFER",
    "NON_SALE_CHARGE",
    "ADJUSTMENT",
    "WITHDRAWAL",
    "LOAN_REPAYMENT",
    "PURCHASE",
];

const STATUSES: [&str; 6] = [
    "FUNDS_ON_HOLD",
    "FUNDS_PROCESSING",
    "FUNDS_AVAILABLE_FOR_PAYOUT",
    "PAYOUT",
    "COMPLETED",
    "FAILED",
];

/// How many a page may have.
const MOST: usize = 1_000;

/// Answers the call.
pub(super) fn list(state: &State, call: &Call<'_>) -> Outcome<Response<Bytes>> {
    let filter = criteria(call, 135_008)?;
    let mut found = matching(state, &filter, call.now)?;
    if !ascending(call, &["transactionDate"])? {
        found.reverse();
    }
    paged(call, "transactions", MOST, &found)
}

/// The transactions that a filter asks for, oldest first.
pub(super) fn matching<'s>(
    state: &'s State,
    filter: &Filter,
    now: DateTime<Utc>,
) -> Outcome<Vec<&'s Value>> {
    let range = Range::read(filter, "transactionDate", 135_008, now)?;
    let kind = choice(filter, "transactionType", &TYPES, 135_006)?;
    let status = choice(filter, "transactionStatus", &STATUSES, 135_007)?;
    if filter.get("transactionId").is_some() && kind.is_none() {
        return Err(bad(135_009, "The transaction type is missing."));
    }
    let is = |wanted: Option<&str>, value: &str| wanted.is_none_or(|wanted| wanted == value);
    let field = |known: &Value, name: &str| is(filter.value(name), text(known, name));
    let buyer = |known: &Value| {
        let name = known.pointer("/buyer/username").and_then(Value::as_str);
        is(filter.value("buyerUsername"), name.unwrap_or_default())
    };
    Ok(state
        .transactions
        .iter()
        .filter(|known| {
            range.holds(known, "transactionDate")
                && is(kind, text(known, "transactionType"))
                && is(status, text(known, "transactionStatus"))
                && ["payoutId", "orderId", "transactionId"]
                    .iter()
                    .all(|name| field(known, name))
                && buyer(known)
        })
        .collect())
}
