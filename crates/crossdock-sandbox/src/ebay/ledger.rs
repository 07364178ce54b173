//! The seller's money: sales, fees, refunds and charges as transactions, and payouts of them.
//!
//! The seller is paid in pounds. What was sold in another currency is converted at a fixed rate,
//! each fee by itself, so that the pounds of a transaction are the sum of the pounds of its parts,
//! and the original amounts stand beside them. In each currency, a sale is its basis less its fees;
//! a refund is what the buyer gets less the fees that come back; a payout is the sum of its
//! transactions, credits less debits.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::money;
use super::state::{State, text, written};

/// The currency that the seller is paid in.
pub(super) const HOME: &str = "GBP";

/// The fees of one line of an order, in hundredths of the order's currency.
#[derive(Clone, Debug)]
pub(super) struct LineFees {
    pub(super) line: String,
    /// What the fees are a part of: the line with its taxes.
    pub(super) basis: i64,
    pub(super) fees: Vec<(String, i64)>,
}

/// A sale that was paid, in hundredths of its currency.
#[derive(Debug)]
pub(super) struct Sale<'a> {
    pub(super) order: &'a str,
    pub(super) buyer: &'a str,
    pub(super) at: DateTime<Utc>,
    pub(super) currency: &'a str,
    /// What the buyer paid without the taxes that eBay collects.
    pub(super) basis: i64,
    pub(super) collected_tax: i64,
    pub(super) lines: &'a [LineFees],
}

/// How many thousandths of a pound a unit of a currency is worth.
fn rate(currency: &str) -> i64 {
    match currency {
        "USD" => 790,
        "EUR" => 860,
        _ => 1_000,
    }
}

/// Hundredths of a currency in pence, rounded half up.
pub(super) fn home(cents: i64, currency: &str) -> i64 {
    (cents * rate(currency) + 500).div_euclid(1_000)
}

/// An amount in pounds, with what it was before it was converted.
fn converted(pence: i64, cents: i64, currency: &str) -> Value {
    if currency == HOME {
        return money::amount(pence, HOME);
    }
    let rate = rate(currency);
    json!({
        "value": money::text(pence),
        "currency": HOME,
        "convertedFromValue": money::text(cents),
        "convertedFromCurrency": currency,
        "exchangeRate": format!("0.{rate}"),
    })
}

fn amount(cents: i64, currency: &str) -> Value {
    converted(home(cents, currency), cents, currency)
}

/// Fees line by line, as transactions carry them, with their sum in pence and hundredths.
fn fees(lines: &[LineFees], currency: &str) -> (Value, i64, i64) {
    let (mut pence, mut cents) = (0, 0);
    let mut listed = Vec::new();
    for line in lines {
        let mut marketplace = Vec::new();
        for (kind, fee) in &line.fees {
            pence += home(*fee, currency);
            cents += fee;
            marketplace.push(json!({"feeType": kind, "amount": amount(*fee, currency)}));
        }
        listed.push(json!({
            "lineItemId": line.line,
            "feeBasisAmount": amount(line.basis, currency),
            "marketplaceFees": marketplace,
        }));
    }
    (Value::Array(listed), pence, cents)
}

/// A movement of money that isn't paid out yet.
fn transaction(kind: &str, id: &str, credit: bool, amount: &Value, at: DateTime<Utc>) -> Value {
    json!({
        "transactionId": id,
        "transactionType": kind,
        "amount": amount,
        "bookingEntry": if credit { "CREDIT" } else { "DEBIT" },
        "transactionDate": written(at),
        "transactionStatus": "FUNDS_AVAILABLE_FOR_PAYOUT",
        "salesRecordReference": "0",
        "paymentsEntity": "eBay Commerce UK Ltd",
    })
}

fn extend(document: &mut Value, members: Value) {
    if let (Value::Object(fields), Value::Object(members)) = (document, members) {
        fields.extend(members);
    }
}

/// Books a sale.
pub(super) fn book_sale(state: &mut State, sale: &Sale<'_>) {
    let (lines, fee_pence, fee_cents) = fees(sale.lines, sale.currency);
    let pence = home(sale.basis, sale.currency) - fee_pence;
    let net = converted(pence, sale.basis - fee_cents, sale.currency);
    let mut booked = transaction("SALE", sale.order, true, &net, sale.at);
    extend(
        &mut booked,
        json!({
            "orderId": sale.order,
            "buyer": {"username": sale.buyer},
            "totalFeeBasisAmount": amount(sale.basis, sale.currency),
            "totalFeeAmount": converted(fee_pence, fee_cents, sale.currency),
            "orderLineItems": lines,
        }),
    );
    if sale.collected_tax > 0 {
        let tax = amount(sale.collected_tax, sale.currency);
        extend(&mut booked, json!({"ebayCollectedTaxAmount": tax}));
    }
    state.book(booked);
}

/// Books a refund to a buyer, and gives the fees that come back in hundredths: the same part of
/// each variable fee as of the sale.
pub(super) fn book_refund(
    state: &mut State,
    order: &str,
    id: &str,
    cents: i64,
    at: DateTime<Utc>,
) -> i64 {
    let sale = state
        .transactions
        .iter()
        .find(|known| text(known, "orderId") == order && text(known, "transactionType") == "SALE");
    let Some(sale) = sale.cloned() else {
        return 0;
    };
    let original = |amount: &Value| {
        let before = amount.get("convertedFromValue").and_then(Value::as_str);
        before
            .and_then(money::parse)
            .or_else(|| money::cents(amount))
            .unwrap_or(0)
    };
    let basis = sale.get("totalFeeBasisAmount").map_or(0, original).max(1);
    let currency = sale
        .pointer("/amount/convertedFromCurrency")
        .or_else(|| sale.pointer("/amount/currency"))
        .and_then(Value::as_str)
        .unwrap_or(HOME)
        .to_owned();
    let part = |fee: i64| fee * cents / basis;
    let lines: Vec<LineFees> = sale
        .get("orderLineItems")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|line| {
            let fees = line.get("marketplaceFees").and_then(Value::as_array);
            LineFees {
                line: text(line, "lineItemId").to_owned(),
                basis: part(line.get("feeBasisAmount").map_or(0, original)),
                fees: fees
                    .into_iter()
                    .flatten()
                    .filter(|fee| text(fee, "feeType") == "FINAL_VALUE_FEE")
                    .map(|fee| {
                        let back = part(fee.get("amount").map_or(0, original));
                        (text(fee, "feeType").to_owned(), back)
                    })
                    .collect(),
            }
        })
        .collect();
    let (lines, back_pence, back_cents) = fees(&lines, &currency);
    let net = converted(
        home(cents, &currency) - back_pence,
        cents - back_cents,
        &currency,
    );
    let mut booked = transaction("REFUND", id, false, &net, at);
    extend(
        &mut booked,
        json!({
            "orderId": order,
            "buyer": sale.get("buyer"),
            "totalFeeBasisAmount": amount(cents, &currency),
            "totalFeeAmount": converted(back_pence, back_cents, &currency),
            "orderLineItems": lines,
            "references": [{"referenceId": id, "referenceType": "REFUND_ID"}],
        }),
    );
    state.book(booked);
    back_cents
}

/// Books something in pounds that is neither a sale nor a refund.
pub(super) fn book_other(
    state: &mut State,
    kind: &str,
    id: &str,
    (credit, pence): (bool, i64),
    at: DateTime<Utc>,
    more: Value,
) {
    let net = money::amount(pence, HOME);
    let mut booked = transaction(kind, id, credit, &net, at);
    extend(&mut booked, more);
    state.book(booked);
}

/// What a transaction is to the seller in pence: less than nothing for a debit.
pub(super) fn signed(transaction: &Value) -> i64 {
    let pence = transaction
        .get("amount")
        .and_then(money::cents)
        .unwrap_or(0);
    if text(transaction, "bookingEntry") == "DEBIT" {
        -pence
    } else {
        pence
    }
}

/// Pays out everything up to a point in time that isn't paid out yet; `false` where that would
/// come to nothing, or less.
pub(super) fn pay_out(
    state: &mut State,
    id: &str,
    status: &str,
    up_to: DateTime<Utc>,
    at: DateTime<Utc>,
) -> bool {
    let end = written(up_to);
    let is_due = |known: &Value| {
        known.get("payoutId").is_none()
            && text(known, "transactionStatus") == "FUNDS_AVAILABLE_FOR_PAYOUT"
            && text(known, "transactionDate") < end.as_str()
    };
    let due: Vec<i64> = state
        .transactions
        .iter()
        .filter(|known| is_due(known))
        .map(signed)
        .collect();
    let sum: i64 = due.iter().sum();
    if sum <= 0 {
        return false;
    }
    for known in state.transactions.iter_mut().filter(|known| is_due(known)) {
        extend(
            known,
            json!({"payoutId": id, "transactionStatus": "PAYOUT"}),
        );
    }
    let payout = payout(id, status, &money::amount(sum, HOME), due.len(), at);
    state.payouts.insert(id.to_owned(), payout);
    true
}

fn payout(id: &str, status: &str, amount: &Value, count: usize, at: DateTime<Utc>) -> Value {
    let mut payout = json!({
        "payoutId": id,
        "amount": amount,
        "payoutDate": written(at),
        "transactionCount": count,
        "payoutInstrument": {
            "instrumentType": "BANK",
            "nickname": "Sandbox Bank",
            "accountLastFourDigits": "0042",
        },
    });
    restate(&mut payout, status);
    payout
}

/// Changes how far a payout has come.
pub(super) fn restate(payout: &mut Value, status: &str) {
    let description = match status {
        "INITIATED" => "Preparing to send",
        "SUCCEEDED" => "Funds sent",
        _ => "Waiting to retry",
    };
    let (at, id) = (text(payout, "payoutDate"), text(payout, "payoutId"));
    let more = match status {
        "RETRYABLE_FAILED" => json!({"lastAttemptedPayoutDate": at}),
        "SUCCEEDED" => json!({"bankReference": format!("EBAY {id}")}),
        _ => json!({}),
    };
    if let Value::Object(fields) = payout {
        fields.retain(|name, _| name != "lastAttemptedPayoutDate" && name != "bankReference");
    }
    extend(payout, more);
    let told = json!({"payoutStatus": status, "payoutStatusDescription": description});
    extend(payout, told);
}

/// Makes the payouts that recorded transactions name, of which nothing else is known: each is the
/// sum of what was recorded of it.
pub(super) fn payouts_of_recordings(state: &mut State) {
    let mut found: BTreeMap<String, (i64, usize, String, String)> = BTreeMap::new();
    for known in &state.transactions {
        let id = text(known, "payoutId");
        if id.is_empty() || state.payouts.contains_key(id) {
            continue;
        }
        let currency = known.get("amount").map_or(HOME, money::currency);
        let (sum, count, last, _) = found
            .entry(id.to_owned())
            .or_insert_with(|| (0, 0, String::new(), currency.to_owned()));
        *sum += signed(known);
        *count += 1;
        text(known, "transactionDate").clone_into(last);
    }
    for (id, (sum, count, last, currency)) in found {
        let Ok(at) = DateTime::parse_from_rfc3339(&last) else {
            continue;
        };
        let amount = money::amount(sum, &currency);
        let made = payout(&id, "SUCCEEDED", &amount, count, at.to_utc());
        state.payouts.insert(id, made);
    }
}
