//! What becomes of an order once it was placed: packages, refunds, cancellations, and what they
//! cost.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::random::Random;

use super::super::orders::{self as api, Package};
use super::super::state::{State, written};
use super::super::{ledger, money};
use super::lines::Line;

/// What becomes of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Unpaid,
    PaymentFailed,
    New,
    PartlyShipped,
    Shipped,
    PartlyRefunded,
    Returned,
    Cancelled,
    CancelRequested,
}

/// The fate of an order after which `left` younger ones come.
pub(super) fn fate(left: u32, random: &mut Random) -> Fate {
    match left {
        // The youngest show each state that doesn't last.
        1 | 4 | 7 => Fate::Unpaid,
        2 | 5 => Fate::PartlyShipped,
        3 => Fate::CancelRequested,
        0 | 6 | 8 => Fate::New,
        _ => match left % 16 {
            9 => Fate::Cancelled,
            10 => Fate::PartlyRefunded,
            11 => Fate::Returned,
            _ if random.chance(3) => Fate::PaymentFailed,
            _ => Fate::Shipped,
        },
    }
}

/// Fees and labels that some orders come with.
pub(super) fn charges(
    state: &mut State,
    id: &str,
    lines: &[Line],
    number: u32,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) {
    let order = json!({"referenceId": id, "referenceType": "ORDER_ID"});
    if number % 3 == 1 {
        let item = lines
            .first()
            .and_then(|line| line.offer.pointer("/listing/listingId"));
        let more = json!({
            "feeType": "AD_FEE",
            "references": [{"referenceId": item, "referenceType": "ITEM_ID"}, order],
        });
        let fee = 45 + i64::from(number % 100);
        let name = format!("FEE-62{number:011}_11");
        ledger::book_other(state, "NON_SALE_CHARGE", &name, (false, fee), at, more);
    }
    let later = at + TimeDelta::hours(20);
    if number % 4 == 2 && later < now {
        let more = json!({
            "orderId": id,
            "transactionMemo": "Shipping label",
            "references": [order],
        });
        let name = format!("18{number:09}");
        ledger::book_other(state, "SHIPPING_LABEL", &name, (false, 345), later, more);
    }
    if number % 19 == 5 {
        let more = json!({"transactionMemo": "Goodwill", "orderId": id});
        let name = format!("19{number:09}");
        ledger::book_other(state, "CREDIT", &name, (true, 250), later.min(now), more);
    }
    if number % 30 == 9 {
        let more = json!({"feeType": "OTHER_FEES", "transactionMemo": "Store subscription"});
        let name = format!("INVOICE-62{number:09}_11");
        ledger::book_other(
            state,
            "NON_SALE_CHARGE",
            &name,
            (false, 1_999),
            later.min(now),
            more,
        );
    }
}

/// What happens to an order after it was paid.
pub(super) fn happen(
    state: &mut State,
    id: &str,
    fate: Fate,
    (total, currency): (i64, &str),
    created: DateTime<Utc>,
    now: DateTime<Utc>,
) {
    let at = |hours: i64| (created + TimeDelta::hours(hours)).min(now - TimeDelta::minutes(5));
    match fate {
        Fate::Unpaid | Fate::PaymentFailed | Fate::New => {}
        Fate::PartlyShipped => {
            let first = state
                .orders
                .get(id)
                .and_then(|order| order.pointer("/lineItems/0/lineItemId"))
                .and_then(Value::as_str)
                .map(|line| vec![(line.to_owned(), 1)]);
            ship(state, id, first, at(24));
        }
        Fate::Shipped => ship(state, id, None, at(26)),
        Fate::PartlyRefunded => {
            ship(state, id, None, at(26));
            refund(state, id, (total / 4).max(1), currency, at(200));
        }
        Fate::Returned => {
            ship(state, id, None, at(26));
            refund(state, id, total, currency, at(300));
        }
        Fate::Cancelled => {
            cancel(state, id, "CANCELED", at(5));
            refund(state, id, total, currency, at(6));
        }
        Fate::CancelRequested => cancel(state, id, "IN_PROGRESS", at(2)),
    }
}

fn ship(state: &mut State, id: &str, lines: Option<Vec<(String, u64)>>, at: DateTime<Utc>) {
    let number = format!("SBX{}GB", id.replace('-', ""));
    let package = Package {
        id: number.clone(),
        tracking: Some((&number, "RoyalMail")),
        shipped: at,
    };
    let sent = api::ship(state, id, lines, package, at);
    debug_assert!(sent.is_ok(), "the order and its lines are there: {sent:?}");
}

fn refund(state: &mut State, id: &str, cents: i64, currency: &str, at: DateTime<Utc>) {
    let number = format!("5{}", id.replace('-', ""));
    api::refund(state, id, &number, money::amount(cents, currency), at);
}

fn cancel(state: &mut State, id: &str, to: &str, at: DateTime<Utc>) {
    let Some(Value::Object(order)) = state.orders.get_mut(id) else {
        return;
    };
    let done = to == "CANCELED";
    let mut request = json!({
        "cancelRequestId": format!("50{}", id.replace('-', "")),
        "cancelInitiator": "BUYER",
        "cancelReason": "ORDER_MISTAKE",
        "cancelRequestedDate": written(at - TimeDelta::hours(1)),
        "cancelRequestState": if done { "COMPLETED" } else { "REQUESTED" },
    });
    let mut status = json!({"cancelState": to});
    if let (true, Value::Object(request), Value::Object(status)) = (done, &mut request, &mut status)
    {
        request.insert("cancelCompletedDate".to_owned(), json!(written(at)));
        status.insert("cancelledDate".to_owned(), json!(written(at)));
    }
    if let Value::Object(status) = &mut status {
        status.insert("cancelRequests".to_owned(), json!([request]));
    }
    order.insert("cancelStatus".to_owned(), status);
    order.insert("lastModifiedDate".to_owned(), json!(written(at)));
}
