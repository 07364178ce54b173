//! Orders, without anybody's name or street.

use connector_core::model::{
    Address, Currency, FulfillmentStatus, Model, Money, Order, OrderLine, OrderStatus,
    PaymentStatus, PlatformFee,
};
use connector_core::{Error, Record, Result};

use super::{Mapped, Skipped, listing_id, text};
use crate::api::{self, Amount};
use crate::marketplace;

/// An order of Amazon's.
///
/// Its currency is that of what the seller gets, or of the marketplace while Amazon names no amount,
/// which it doesn't before the payment is authorised. Fees and refunds are in the payouts.
pub fn order(order: api::Order) -> Mapped {
    let id = order.order_id.clone();
    match read(order) {
        Ok(model) => {
            let updated_at = model.updated_at;
            Ok(Record::upsert(
                id,
                updated_at,
                Model::Order(Box::new(model)),
            ))
        }
        Err(error) => Err(Skipped::new(&id, error.message())),
    }
}

fn read(order: api::Order) -> Result<Order> {
    let currency = currency_of(&order)?;
    let marketplace = order
        .sales_channel
        .as_ref()
        .and_then(|channel| channel.marketplace_id.clone());
    let status = order
        .fulfillment
        .as_ref()
        .map(|fulfillment| fulfillment.fulfillment_status.clone());
    let (stands, payment, fulfillment) = standing(status.as_deref().unwrap_or_default());
    let parts = parts_of(&order, currency)?;
    let total = order
        .proceeds
        .as_ref()
        .and_then(|proceeds| proceeds.grand_total.as_ref());
    let fees = points(&order.order_items, currency)?;
    let parcel = order
        .packages
        .iter()
        .find(|parcel| parcel.tracking_number.is_some());
    let is_open = stands == OrderStatus::Open;
    let address = order
        .recipient
        .and_then(|recipient| recipient.delivery_address);
    Ok(Order {
        number: Some(order.order_id),
        status: stands,
        payment_status: payment,
        fulfillment_status: if is_delivered(fulfillment, &order.packages) {
            FulfillmentStatus::Delivered
        } else {
            fulfillment
        },
        platform_status: status,
        currency,
        subtotal: parts.goods(),
        discount_total: parts.discount,
        tax_total: parts.tax,
        shipping_total: parts.shipping,
        total: total.map(|total| money(total, currency)).transpose()?,
        refunded_total: None,
        fee_total: sum(fees.iter().map(|fee| fee.amount), currency)?,
        net_total: None,
        presentment_total: None,
        channel: order
            .sales_channel
            .and_then(|channel| text(channel.marketplace_name).or(channel.channel_name)),
        origin: None,
        customer_id: None,
        buyer_country: address
            .as_ref()
            .and_then(|address| text(address.country_code.clone()))
            .map(|code| code.to_ascii_uppercase()),
        ship_to: address.map(|address| Address {
            city: text(address.city),
            region: text(address.state_or_region),
            postal_code: text(address.postal_code),
            country_code: text(address.country_code).map(|code| code.to_ascii_uppercase()),
        }),
        test: false,
        tags: order.programs,
        placed_at: Some(order.created_time),
        created_at: Some(order.created_time),
        updated_at: Some(order.last_updated_time),
        cancelled_at: None,
        cancel_reason: order
            .order_items
            .iter()
            .find_map(|item| cancel_reason(item.cancellation.as_ref()?)),
        act_by: order
            .fulfillment
            .filter(|fulfillment| is_open && fulfillment.fulfilled_by.as_deref() != Some("AMAZON"))
            .and_then(|fulfillment| fulfillment.ship_by_window?.latest_date_time),
        tracking_number: parcel.and_then(|parcel| parcel.tracking_number.clone()),
        tracking_carrier: parcel.and_then(|parcel| parcel.carrier.clone()),
        lines: order
            .order_items
            .into_iter()
            .map(|item| line(item, marketplace.as_deref(), currency))
            .collect::<Result<_>>()?,
        refunds: Vec::new(),
        transactions: Vec::new(),
        fees,
    })
}

/// What the seller gets is broken down for the order, for its lines, or for both.
fn parts_of(order: &api::Order, currency: Currency) -> Result<Parts> {
    let of_order = order.proceeds.iter().flat_map(|proceeds| {
        let parts = proceeds.breakdowns.iter();
        parts.map(|part| (part.kind.as_str(), &part.subtotal))
    });
    let parts = Parts::of(of_order, currency)?;
    if parts.items.is_some() {
        return Ok(parts);
    }
    let items = order.order_items.iter();
    Parts::of(items.flat_map(parts_of_item), currency)
}

fn parts_of_item(item: &api::OrderItem) -> impl Iterator<Item = (&str, &Amount)> {
    item.proceeds.iter().flat_map(|proceeds| {
        let parts = proceeds.breakdowns.iter();
        parts.map(|part| (part.kind.as_str(), &part.subtotal))
    })
}

fn currency_of(order: &api::Order) -> Result<Currency> {
    let named = order
        .proceeds
        .as_ref()
        .and_then(|proceeds| proceeds.grand_total.as_ref())
        .or_else(|| {
            order
                .order_items
                .iter()
                .find_map(|item| item.product.price.as_ref()?.unit_price.as_ref())
        });
    if let Some(amount) = named {
        return Currency::from_code(&amount.currency_code);
    }
    let id = order
        .sales_channel
        .as_ref()
        .and_then(|channel| channel.marketplace_id.as_deref());
    match id.and_then(marketplace::find) {
        Some(found) => Currency::from_code(found.currency),
        None => Err(Error::contract(
            "it has no amount, and its marketplace is not known",
        )),
    }
}

/// Where an order stands. Payment is authorised before an order can be shipped, and taken when it is
/// (developer-docs.amazon.com, "Orders API", order statuses).
fn standing(status: &str) -> (OrderStatus, PaymentStatus, FulfillmentStatus) {
    match status {
        "PENDING" | "PENDING_AVAILABILITY" => (
            OrderStatus::Open,
            PaymentStatus::Pending,
            FulfillmentStatus::Unfulfilled,
        ),
        "UNSHIPPED" => (
            OrderStatus::Open,
            PaymentStatus::Authorized,
            FulfillmentStatus::Unfulfilled,
        ),
        "PARTIALLY_SHIPPED" => (
            OrderStatus::Open,
            PaymentStatus::PartiallyPaid,
            FulfillmentStatus::Partial,
        ),
        "SHIPPED" => (
            OrderStatus::Completed,
            PaymentStatus::Paid,
            FulfillmentStatus::Fulfilled,
        ),
        "CANCELLED" | "UNFULFILLABLE" => (
            OrderStatus::Cancelled,
            PaymentStatus::Unknown,
            FulfillmentStatus::Unfulfilled,
        ),
        _ => (
            OrderStatus::Unknown,
            PaymentStatus::Unknown,
            FulfillmentStatus::Unknown,
        ),
    }
}

fn is_delivered(fulfillment: FulfillmentStatus, parcels: &[api::OrderPackage]) -> bool {
    let arrived = |parcel: &api::OrderPackage| {
        parcel
            .package_status
            .as_ref()
            .is_some_and(|status| status.status == "DELIVERED")
    };
    fulfillment == FulfillmentStatus::Fulfilled
        && !parcels.is_empty()
        && parcels.iter().all(arrived)
}

fn cancel_reason(cancellation: &api::Cancellation) -> Option<String> {
    let words = [
        &cancellation.cancellation_execution,
        &cancellation.cancellation_request,
    ];
    words
        .into_iter()
        .flatten()
        .find_map(|words| text(words.cancel_reason.clone()))
}

fn line(item: api::OrderItem, marketplace: Option<&str>, currency: Currency) -> Result<OrderLine> {
    let parts = Parts::of(parts_of_item(&item), currency)?;
    let sku = text(item.product.seller_sku);
    let price = item.product.price.and_then(|price| price.unit_price);
    Ok(OrderLine {
        external_id: item.order_item_id,
        title: item.product.title.unwrap_or_default(),
        variant_title: None,
        listing_external_id: marketplace
            .zip(sku.as_deref())
            .map(|(marketplace, sku)| listing_id(marketplace, sku)),
        sku,
        product_external_id: text(item.product.asin),
        variant_external_id: None,
        quantity: item.quantity_ordered,
        current_quantity: None,
        unit_price: price
            .as_ref()
            .map(|price| money(price, currency))
            .transpose()?,
        discount: parts.discount,
        tax: parts.tax,
        total: parts.goods(),
    })
}

/// Points that the seller pays for: what Amazon shows of its fees before they are settled.
fn points(items: &[api::OrderItem], currency: Currency) -> Result<Vec<PlatformFee>> {
    items
        .iter()
        .filter_map(|item| {
            let granted = item.expense.as_ref()?.points_cost.as_ref()?;
            granted
                .points_granted
                .as_ref()?
                .points_monetary_value
                .as_ref()
        })
        .map(|amount| {
            Ok(PlatformFee {
                kind: "points".to_owned(),
                amount: positive(money(amount, currency)?),
            })
        })
        .collect()
}

/// The parts of what a seller gets, each summed up.
#[derive(Debug, Default)]
struct Parts {
    items: Option<Money>,
    discount: Option<Money>,
    tax: Option<Money>,
    shipping: Option<Money>,
}

impl Parts {
    fn of<'a>(
        parts: impl Iterator<Item = (&'a str, &'a Amount)>,
        currency: Currency,
    ) -> Result<Self> {
        let mut sums = Self::default();
        for (kind, amount) in parts {
            let amount = money(amount, currency)?;
            let (sum, amount) = match kind {
                "ITEM" => (&mut sums.items, amount),
                // Whether a discount is negative is not documented; what it means is.
                "DISCOUNT" => (&mut sums.discount, positive(amount)),
                "TAX" => (&mut sums.tax, amount),
                "SHIPPING" => (&mut sums.shipping, amount),
                _ => continue,
            };
            let so_far = sum.map_or(0, |sum| sum.minor);
            let minor = so_far.checked_add(amount.minor).ok_or_else(too_much)?;
            *sum = Some(Money::new(minor, currency));
        }
        Ok(sums)
    }

    /// The goods after discounts.
    fn goods(&self) -> Option<Money> {
        let items = self.items?;
        let discount = self.discount.map_or(0, |discount| discount.minor);
        Some(Money::new(
            items.minor.checked_sub(discount)?,
            items.currency,
        ))
    }
}

fn sum(amounts: impl Iterator<Item = Money>, currency: Currency) -> Result<Option<Money>> {
    let mut sum: Option<i64> = None;
    for amount in amounts {
        let so_far = sum.unwrap_or(0);
        sum = Some(so_far.checked_add(amount.minor).ok_or_else(too_much)?);
    }
    Ok(sum.map(|minor| Money::new(minor, currency)))
}

fn money(amount: &Amount, currency: Currency) -> Result<Money> {
    let money = amount.money()?;
    if money.currency == currency {
        Ok(money)
    } else {
        Err(Error::contract("its amounts are in several currencies"))
    }
}

fn positive(amount: Money) -> Money {
    Money::new(amount.minor.saturating_abs(), amount.currency)
}

fn too_much() -> Error {
    Error::contract("its amounts are too large to add up")
}

#[cfg(test)]
mod tests;
