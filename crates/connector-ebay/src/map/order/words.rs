//! Where an order stands, from eBay's words for it.

use connector_core::model::{FulfillmentStatus, OrderStatus, PaymentStatus};

use crate::api;

/// Where an order stands.
pub(super) fn status(
    order: &api::Order,
    cancel: &api::CancelStatus,
    fulfillment: FulfillmentStatus,
) -> OrderStatus {
    if cancel.cancel_state.as_deref() == Some("CANCELED") {
        return OrderStatus::Cancelled;
    }
    let payment = order.order_payment_status.as_deref();
    match (fulfillment, payment) {
        (_, Some("FULLY_REFUNDED")) => OrderStatus::Completed,
        (FulfillmentStatus::Fulfilled, Some("PAID" | "PARTIALLY_REFUNDED")) => {
            OrderStatus::Completed
        }
        (FulfillmentStatus::Unknown, _) => OrderStatus::Unknown,
        _ => OrderStatus::Open,
    }
}

/// Whether it is sent.
pub(super) fn fulfillment(word: Option<&str>) -> FulfillmentStatus {
    match word {
        Some("NOT_STARTED") => FulfillmentStatus::Unfulfilled,
        Some("IN_PROGRESS") => FulfillmentStatus::Partial,
        Some("FULFILLED") => FulfillmentStatus::Fulfilled,
        _ => FulfillmentStatus::Unknown,
    }
}

/// Whether it is paid.
pub(super) fn payment_status(word: Option<&str>) -> PaymentStatus {
    match word {
        // A payment that failed can be made again.
        Some("PENDING" | "FAILED") => PaymentStatus::Pending,
        Some("PAID") => PaymentStatus::Paid,
        Some("PARTIALLY_REFUNDED") => PaymentStatus::PartiallyRefunded,
        Some("FULLY_REFUNDED") => PaymentStatus::Refunded,
        _ => PaymentStatus::Unknown,
    }
}

/// eBay's words: for sending, for paying, and for cancelling where that was asked for.
pub(super) fn platform_status(order: &api::Order, cancel: &api::CancelStatus) -> Option<String> {
    let cancel = cancel
        .cancel_state
        .as_deref()
        .filter(|state| *state != "NONE_REQUESTED");
    let words: Vec<&str> = [
        order.order_fulfillment_status.as_deref(),
        order.order_payment_status.as_deref(),
        cancel,
    ]
    .into_iter()
    .flatten()
    .collect();
    (!words.is_empty()).then(|| words.join("/"))
}
