//! Refunds that the seller issues. They are worked off a little later, as the contract says:
//! until then they are pending.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::answer;
use crate::platform::Call;
use crate::world::World;

use super::super::refusal::{Outcome, Refusal};
use super::super::state::{State, instant, text, written};
use super::super::{ledger, money, request};
use super::{DOMAIN, bad};

/// How long a refund is pending.
const DELAY: TimeDelta = TimeDelta::minutes(1);

/// `POST order/{id}/issue_refund`.
pub(super) fn issue(
    state: &mut State,
    call: &Call<'_>,
    id: &str,
    world: &mut World,
) -> Outcome<Response<Bytes>> {
    let body = request::body(call)?;
    if text(&body, "reasonForRefund").is_empty() {
        return Err(bad(34903, "The reason is missing."));
    }
    let order = state.orders.get(id).ok_or_else(|| {
        let message = "The order was not found.";
        Refusal::new(StatusCode::NOT_FOUND, 34913, DOMAIN, message)
    })?;
    let total = order.pointer("/pricingSummary/total").cloned();
    let total = total.unwrap_or(Value::Null);
    let currency = money::currency(&total);
    let (cents, lines) = asked(&body, order, currency)?;
    let known = refunds(order);
    if known
        .iter()
        .any(|refund| text(refund, "refundStatus") == "PENDING")
    {
        return Err(bad(34922, "A refund is still pending."));
    }
    let given: i64 = known
        .iter()
        .filter_map(|refund| money::cents(refund.get("amount")?))
        .sum();
    let left = money::cents(&total).unwrap_or(0) - given;
    if left <= 0 {
        return Err(bad(34917, "The order is refunded already."));
    }
    if cents > left {
        return Err(bad(34915, "The amount exceeds that of the order."));
    }
    let refund = format!("5{:09}", world.serial());
    note(
        state,
        id,
        &refund,
        money::amount(cents, currency),
        &lines,
        world.now,
    );
    let body = json!({"refundId": refund, "refundStatus": "PENDING"});
    Ok(answer::json(StatusCode::OK, &body))
}

/// How much is to be refunded in all, and how much for which lines.
fn asked(body: &Value, order: &Value, currency: &str) -> Outcome<(i64, Vec<(String, Value)>)> {
    let read = |amount: &Value| {
        let cents = match amount.get("value").and_then(Value::as_str) {
            None => return Err(bad(34906, "The amount has no value.")),
            Some(value) => money::parse(value),
        };
        let cents = cents
            .filter(|cents| *cents > 0)
            .ok_or_else(|| bad(34907, "The amount must be positive."))?;
        match money::currency(amount) {
            "" => Err(bad(34908, "The amount has no currency.")),
            named if named == currency => Ok(cents),
            _ => Err(bad(34909, "The amount's currency is another.")),
        }
    };
    if let Some(amount) = body.get("orderLevelRefundAmount") {
        return Ok((read(amount)?, Vec::new()));
    }
    let items = body
        .get("refundItems")
        .and_then(Value::as_array)
        .filter(|items| !items.is_empty())
        .ok_or_else(|| bad(34905, "No amount is given."))?;
    let mut sum = 0;
    let mut lines = Vec::new();
    for item in items {
        let line = text(item, "lineItemId");
        if line.is_empty() {
            return Err(bad(34910, "The line is missing."));
        }
        let known = order
            .get("lineItems")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .any(|known| text(known, "lineItemId") == line);
        if !known {
            return Err(bad(34914, "The order has no such line."));
        }
        let amount = item.get("refundAmount").cloned().unwrap_or(Value::Null);
        sum += read(&amount)?;
        lines.push((line.to_owned(), amount));
    }
    Ok((sum, lines))
}

fn refunds(order: &Value) -> Vec<Value> {
    let refunds = order.pointer("/paymentSummary/refunds");
    refunds
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default()
}

/// Writes a pending refund into an order.
fn note(
    state: &mut State,
    id: &str,
    refund: &str,
    amount: Value,
    lines: &[(String, Value)],
    now: DateTime<Utc>,
) {
    let Some(order) = state.orders.get_mut(id) else {
        return;
    };
    let entry = |amount: Value| {
        json!({
            "refundId": refund,
            "refundReferenceId": refund,
            "refundDate": written(now),
            "amount": amount,
        })
    };
    for line in order
        .get_mut("lineItems")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        let amount = lines.iter().find(|(id, _)| id == text(line, "lineItemId"));
        if let Some(((_, amount), refunds)) = amount.zip(line.get_mut("refunds"))
            && let Some(refunds) = refunds.as_array_mut()
        {
            refunds.push(entry(amount.clone()));
        }
    }
    if let Some(refunds) = order
        .pointer_mut("/paymentSummary/refunds")
        .and_then(Value::as_array_mut)
    {
        let mut whole = entry(amount);
        if let Value::Object(fields) = &mut whole {
            fields.insert("refundStatus".to_owned(), json!("PENDING"));
        }
        refunds.push(whole);
    }
    touch(order, now);
}

/// Works off the refunds that were pending long enough.
pub(crate) fn settle(state: &mut State, now: DateTime<Utc>) {
    let mut due = Vec::new();
    for (id, order) in &mut state.orders {
        let pending = order
            .pointer_mut("/paymentSummary/refunds")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
            .filter(|refund| text(refund, "refundStatus") == "PENDING");
        for refund in pending {
            let Some(at) = instant(refund, "refundDate").map(|at| at + DELAY) else {
                continue;
            };
            if at <= now {
                let cents = refund.get("amount").and_then(money::cents).unwrap_or(0);
                due.push((id.clone(), text(refund, "refundId").to_owned(), cents, at));
                if let Value::Object(fields) = refund {
                    fields.insert("refundStatus".to_owned(), json!("REFUNDED"));
                }
            }
        }
    }
    for (id, refund, cents, at) in due {
        let back = ledger::book_refund(state, &id, &refund, cents, at);
        if let Some(order) = state.orders.get_mut(&id) {
            balance(order, cents - back);
            touch(order, at);
        }
    }
}

/// Brings an order's payment status up to its refunds, and takes a refund out of what its seller
/// is due.
fn balance(order: &mut Value, cents: i64) {
    let total = order
        .pointer("/pricingSummary/total")
        .and_then(money::cents);
    let given: i64 = refunds(order)
        .iter()
        .filter_map(|refund| money::cents(refund.get("amount")?))
        .sum();
    let status = if given >= total.unwrap_or(0) {
        "FULLY_REFUNDED"
    } else {
        "PARTIALLY_REFUNDED"
    };
    if let Value::Object(fields) = order {
        fields.insert("orderPaymentStatus".to_owned(), json!(status));
    }
    if let Some(due) = order.pointer_mut("/paymentSummary/totalDueSeller")
        && let Some(before) = money::cents(due)
    {
        *due = money::amount(before - cents, money::currency(due));
    }
}

/// Refunds an order at once, as of a time.
pub(crate) fn refund(state: &mut State, id: &str, refund: &str, amount: Value, at: DateTime<Utc>) {
    note(state, id, refund, amount, &[], at - DELAY);
    settle(state, at);
}

fn touch(order: &mut Value, at: DateTime<Utc>) {
    if let Value::Object(fields) = order {
        fields.insert("lastModifiedDate".to_owned(), json!(written(at)));
    }
}
