//! Order → order.

use connector_core::Model;
use connector_core::model::{
    Currency, FulfillmentStatus, Order, OrderLine, OrderStatus, PaymentStatus, PlatformFee,
};

use super::{Mapped, size, text, upsert, usd, variant_id};
use crate::api;

/// One sale, of one item. What a buyer pays on top (shipping, duty) alias doesn't tell a seller.
pub(crate) fn order(order: api::Order) -> Mapped {
    let status = status(order.status.as_ref());
    let price = usd(order.price_cents);
    let fee = usd(take(&order));
    let (tracking_number, tracking_carrier) = (
        text(order.label_tracking_number.clone()),
        text(order.label_courier.clone()),
    );
    let model = Order {
        number: text(order.purchase_order_number.clone()),
        status,
        // The buyer pays alias; the seller is told nothing of it.
        payment_status: PaymentStatus::Unknown,
        fulfillment_status: fulfillment(&order),
        platform_status: order.status.as_ref().map(ToString::to_string),
        currency: Currency::USD,
        subtotal: price,
        discount_total: None,
        tax_total: None,
        shipping_total: None,
        total: price,
        refunded_total: None,
        fee_total: fee,
        net_total: usd(order.price_cents_after_take),
        presentment_total: None,
        channel: text(order.sales_channel.clone()),
        origin: None,
        customer_id: None,
        buyer_country: None,
        ship_to: None,
        test: false,
        tags: Vec::new(),
        placed_at: order.sold_at,
        created_at: None,
        updated_at: order.updated_at,
        cancelled_at: None,
        cancel_reason: None,
        act_by: order.cancels_at,
        tracking_number,
        tracking_carrier,
        refunds: Vec::new(),
        transactions: Vec::new(),
        fees: fee
            .map(|amount| PlatformFee {
                kind: "take".to_owned(),
                amount,
            })
            .into_iter()
            .collect(),
        lines: vec![line(&order, status)],
    };
    upsert(order.id, order.updated_at, Model::Order(Box::new(model)))
}

/// Whether an order will not change any more. A word that nobody knows may.
pub(crate) fn is_final(order: &api::Order) -> bool {
    matches!(
        status(order.status.as_ref()),
        OrderStatus::Completed | OrderStatus::Cancelled
    )
}

/// What alias keeps, in US cents, where both prices are there and it keeps something.
pub(super) fn take(order: &api::Order) -> Option<i64> {
    let kept = order
        .price_cents?
        .checked_sub(order.price_cents_after_take?)?;
    (kept >= 0).then_some(kept)
}

pub(super) fn status(status: Option<&api::OrderStatus>) -> OrderStatus {
    let Some(status) = status else {
        return OrderStatus::Unknown;
    };
    [
        (api::OrderStatus::CONFIRMED, OrderStatus::Open),
        (api::OrderStatus::LABEL_GENERATED, OrderStatus::Open),
        (api::OrderStatus::IN_TRANSIT, OrderStatus::Open),
        (api::OrderStatus::COMPLETED, OrderStatus::Completed),
        (api::OrderStatus::CANCELED, OrderStatus::Cancelled),
    ]
    .into_iter()
    .find(|(word, _)| word == status)
    .map_or(OrderStatus::Unknown, |(_, status)| status)
}

fn fulfillment(order: &api::Order) -> FulfillmentStatus {
    use api::{FulfillmentStatus as Parcel, OrderStatus as Status};
    let parcel = order.fulfillment_status.as_ref();
    match (
        parcel.filter(|parcel| parcel.short().is_some()),
        &order.status,
    ) {
        (Some(parcel), _) if *parcel == Parcel::DELIVERED => FulfillmentStatus::Delivered,
        (Some(parcel), _) if [Parcel::SELLER_SHIPPED, Parcel::IN_TRANSIT].contains(parcel) => {
            FulfillmentStatus::Fulfilled
        }
        // A word that nobody knows says something, just not what.
        (Some(_), _) => FulfillmentStatus::Unknown,
        (_, Some(status)) if [Status::CONFIRMED, Status::LABEL_GENERATED].contains(status) => {
            FulfillmentStatus::Unfulfilled
        }
        (_, Some(status)) if [Status::IN_TRANSIT, Status::COMPLETED].contains(status) => {
            FulfillmentStatus::Fulfilled
        }
        _ => FulfillmentStatus::Unknown,
    }
}

fn line(order: &api::Order, status: OrderStatus) -> OrderLine {
    let catalog_id = text(order.catalog_id.clone());
    let title = text(order.catalog_name.clone())
        .or_else(|| text(order.catalog_sku.clone()))
        .or_else(|| catalog_id.clone());
    OrderLine {
        external_id: order.id.clone(),
        title: title.unwrap_or_default(),
        variant_title: order.size.map(size),
        sku: text(order.catalog_sku.clone()),
        variant_external_id: catalog_id
            .as_deref()
            .zip(order.size)
            .map(|(catalog_id, size)| variant_id(catalog_id, size)),
        product_external_id: catalog_id,
        listing_external_id: text(order.listing_id.clone()),
        quantity: 1,
        current_quantity: Some(i64::from(status != OrderStatus::Cancelled)),
        unit_price: usd(order.price_cents),
        discount: None,
        tax: None,
        total: usd(order.price_cents),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(json: serde_json::Value) -> Order {
        let record = order(serde_json::from_value(json).unwrap()).unwrap();
        match record.change {
            connector_core::Change::Upsert(Model::Order(order)) => *order,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_order_is_mapped() {
        let order = read(json!({
            "id": "o-1", "status": "ORDER_STATUS_IN_TRANSIT",
            "fulfillment_status": "FULFILLMENT_STATUS_IN_TRANSIT", "catalog_id": "shoe-1",
            "catalog_name": "Shoe", "catalog_sku": "AB1234 100", "size": 10.5,
            "price_cents": 22000, "price_cents_after_take": "20000", "sales_channel": "GOAT",
            "purchase_order_number": "PO-1", "listing_id": "l-1", "label_courier": "UPS",
            "label_tracking_number": "1Z", "sold_at": "2025-07-28T10:30:00Z",
            "updated_at": "2025-07-29T09:00:00Z", "cancels_at": "2025-08-04T10:30:00Z",
            "customs_declaration": {"declared_customs_value_cents": 22000},
        }));
        assert_eq!(order.status, OrderStatus::Open);
        assert_eq!(order.fulfillment_status, FulfillmentStatus::Fulfilled);
        assert_eq!(order.total.unwrap().minor, 22_000);
        assert_eq!(order.net_total.unwrap().minor, 20_000);
        assert_eq!(
            order.fees.iter().map(|fee| fee.amount.minor).sum::<i64>(),
            2_000
        );
        assert_eq!(
            order.act_by.unwrap().to_rfc3339(),
            "2025-08-04T10:30:00+00:00"
        );
        let line = &order.lines[0];
        assert_eq!(line.variant_external_id.as_deref(), Some("shoe-1/10.5"));
        assert_eq!(line.listing_external_id.as_deref(), Some("l-1"));
    }

    #[test]
    fn no_price_is_none_and_not_zero() {
        let order = read(json!({"id": "o-1", "price_cents": "0", "price_cents_after_take": 0}));
        assert_eq!(
            (order.total, order.net_total, order.fee_total),
            (None, None, None)
        );
        assert!(order.fees.is_empty());
    }

    #[test]
    fn unknown_words_stay_and_count_as_unfinished() {
        let json = json!({"id": "o-1", "status": "ORDER_STATUS_X", "fulfillment_status": "Y"});
        assert!(!is_final(&serde_json::from_value(json.clone()).unwrap()));
        let order = read(json);
        assert_eq!(order.status, OrderStatus::Unknown);
        assert_eq!(order.fulfillment_status, FulfillmentStatus::Unknown);
        assert_eq!(order.platform_status.as_deref(), Some("ORDER_STATUS_X"));
    }
}
