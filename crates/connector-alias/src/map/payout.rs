//! Order → payout, as alias has no payouts to read.

use connector_core::Model;
use connector_core::model::{OrderStatus, Payout, PayoutStatus, PayoutTransaction};

use super::order::{status, take};
use super::{Mapped, skipped, upsert, usd};
use crate::api;

/// What one order brings. It says when the money was credited to the seller's balance on alias, not
/// when it reached a bank: cash-outs, and the fee on them, are not in the API.
pub(crate) fn payout(order: api::Order) -> Mapped {
    let Some(net) = usd(order.price_cents_after_take) else {
        return Err(skipped(order.id, "the order has no price after take"));
    };
    let status = match status(order.status.as_ref()) {
        OrderStatus::Completed => PayoutStatus::Paid,
        OrderStatus::Cancelled => PayoutStatus::Cancelled,
        OrderStatus::Open => PayoutStatus::Scheduled,
        _ => PayoutStatus::Unknown,
    };
    let (gross, fees) = (usd(order.price_cents), usd(take(&order)));
    // Alias doesn't say when an order was completed; its last change is the nearest that it tells.
    let issued_at = order.updated_at.filter(|_| status == PayoutStatus::Paid);
    let model = Payout {
        status,
        platform_status: order.status.as_ref().map(ToString::to_string),
        net,
        gross,
        fees,
        issued_on: issued_at.map(|at| at.date_naive()),
        issued_at,
        derived: true,
        transactions: vec![PayoutTransaction {
            external_id: order.id.clone(),
            kind: "sale".to_owned(),
            order_external_id: Some(order.id.clone()),
            amount: gross.unwrap_or(net),
            fee: fees,
            net: Some(net),
            processed_at: order.sold_at,
        }],
    };
    upsert(order.id, order.updated_at, Model::Payout(Box::new(model)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(json: serde_json::Value) -> Mapped {
        payout(serde_json::from_value(json).unwrap())
    }

    fn model(json: serde_json::Value) -> Payout {
        match read(json).unwrap().change {
            connector_core::Change::Upsert(Model::Payout(payout)) => *payout,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_order_pays_what_remains_after_the_take() {
        let payout = model(json!({
            "id": "o-1", "status": "ORDER_STATUS_COMPLETED", "price_cents": 22000,
            "price_cents_after_take": 20000, "updated_at": "2025-08-01T00:30:00Z",
        }));
        assert!(payout.derived);
        assert_eq!(
            (payout.net.minor, payout.fees.unwrap().minor),
            (20_000, 2_000)
        );
        assert_eq!(payout.status, PayoutStatus::Paid);
        assert_eq!(payout.issued_on.unwrap().to_string(), "2025-08-01");
    }

    #[test]
    fn an_unfinished_order_has_no_day_and_one_without_a_price_no_payout() {
        let payout = model(json!({
            "id": "o-1", "status": "ORDER_STATUS_CONFIRMED", "price_cents_after_take": 1,
            "updated_at": "2025-08-01T00:30:00Z",
        }));
        assert_eq!(
            (payout.status, payout.issued_at),
            (PayoutStatus::Scheduled, None)
        );
        let skipped = read(json!({"id": "o-2", "price_cents_after_take": "0"})).unwrap_err();
        assert_eq!(skipped.external_id.as_deref(), Some("o-2"));
    }
}
