//! One order: a sale, and its way to the buyer.
//!
//! Five states are documented. The one before them, in which the seller has yet to confirm, is named
//! in no copy of the documentation: its name here is inferred.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::catalog::CatalogItem;
use super::size::Size;
use super::status::{Outcome, Refusal};
use super::time::time;

/// Where an order is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OrderStatus {
    /// Sold; the seller is to confirm before `cancels_at`.
    NeedsConfirmation,
    /// The seller will send it.
    Confirmed,
    /// It can be sent.
    LabelGenerated,
    /// It is on its way: first in the seller's words, then in the carrier's.
    InTransit,
    /// It arrived, and the seller is paid.
    Completed,
    /// It will not be sent.
    Canceled,
}

impl OrderStatus {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::NeedsConfirmation => "ORDER_STATUS_NEEDS_CONFIRMATION",
            Self::Confirmed => "ORDER_STATUS_CONFIRMED",
            Self::LabelGenerated => "ORDER_STATUS_LABEL_GENERATED",
            Self::InTransit => "ORDER_STATUS_IN_TRANSIT",
            Self::Completed => "ORDER_STATUS_COMPLETED",
            Self::Canceled => "ORDER_STATUS_CANCELED",
        }
    }
}

/// Where the parcel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fulfillment {
    None,
    SellerShipped,
    InTransit,
    Delivered,
}

impl Fulfillment {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::None => "FULFILLMENT_STATUS_INVALID",
            Self::SellerShipped => "FULFILLMENT_STATUS_SELLER_SHIPPED",
            Self::InTransit => "FULFILLMENT_STATUS_IN_TRANSIT",
            Self::Delivered => "FULFILLMENT_STATUS_DELIVERED",
        }
    }
}

/// A label to stick on the parcel.
#[derive(Clone, Debug)]
pub(super) struct Label {
    pub(super) kind: &'static str,
    pub(super) tracking: String,
    pub(super) generated_at: DateTime<Utc>,
}

/// One order.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) id: String,
    pub(super) status: OrderStatus,
    pub(super) fulfillment: Fulfillment,
    pub(super) catalog_id: String,
    pub(super) name: String,
    brand: String,
    pub(super) sku: String,
    size: Size,
    price_cents: i64,
    channel: &'static str,
    pub(super) purchase_order: String,
    listing_id: String,
    label: Option<Label>,
    pub(super) sold_at: DateTime<Utc>,
    in_transit_at: Option<DateTime<Utc>>,
    updated_at: DateTime<Utc>,
}

/// What was sold.
#[derive(Debug)]
pub(super) struct Sale<'a> {
    pub(super) item: &'a CatalogItem,
    pub(super) listing_id: String,
    pub(super) size: Size,
    pub(super) price_cents: i64,
    pub(super) channel: &'static str,
    pub(super) purchase_order: String,
}

impl Order {
    pub(super) fn new(id: String, sale: Sale<'_>, now: DateTime<Utc>) -> Self {
        Self {
            id,
            status: OrderStatus::NeedsConfirmation,
            fulfillment: Fulfillment::None,
            catalog_id: sale.item.id.clone(),
            name: sale.item.text("name").to_owned(),
            brand: sale.item.text("brand").to_owned(),
            sku: sale.item.text("sku").to_owned(),
            size: sale.size,
            price_cents: sale.price_cents,
            channel: sale.channel,
            purchase_order: sale.purchase_order,
            listing_id: sale.listing_id,
            label: None,
            sold_at: now,
            in_transit_at: None,
            updated_at: now,
        }
    }

    pub(super) fn confirm(&mut self, now: DateTime<Utc>) -> Outcome<()> {
        self.step(
            &[OrderStatus::NeedsConfirmation],
            OrderStatus::Confirmed,
            now,
        )
    }

    /// Makes the first label, or another one in its place.
    pub(super) fn label(&mut self, label: Label) -> Outcome<()> {
        let from = match self.label {
            None => OrderStatus::Confirmed,
            Some(_) => OrderStatus::LabelGenerated,
        };
        self.step(&[from], OrderStatus::LabelGenerated, label.generated_at)?;
        self.label = Some(label);
        Ok(())
    }

    /// The kind of the label that there is.
    pub(super) fn label_kind(&self) -> Option<&'static str> {
        self.label.as_ref().map(|label| label.kind)
    }

    pub(super) fn ship(&mut self, now: DateTime<Utc>) -> Outcome<()> {
        self.step(&[OrderStatus::LabelGenerated], OrderStatus::InTransit, now)?;
        self.fulfillment = Fulfillment::SellerShipped;
        self.in_transit_at = Some(now);
        Ok(())
    }

    pub(super) fn cancel(&mut self, now: DateTime<Utc>) -> Outcome<()> {
        let from = [
            OrderStatus::NeedsConfirmation,
            OrderStatus::Confirmed,
            OrderStatus::LabelGenerated,
        ];
        self.step(&from, OrderStatus::Canceled, now)
    }

    /// The carrier takes the parcel one step on; the last one completes the order.
    pub(super) fn carry(&mut self, now: DateTime<Utc>) -> Outcome<()> {
        self.step(&[OrderStatus::InTransit], OrderStatus::InTransit, now)?;
        self.fulfillment = match self.fulfillment {
            Fulfillment::None | Fulfillment::SellerShipped => Fulfillment::InTransit,
            Fulfillment::InTransit => Fulfillment::Delivered,
            Fulfillment::Delivered => {
                self.status = OrderStatus::Completed;
                Fulfillment::Delivered
            }
        };
        Ok(())
    }

    fn step(&mut self, from: &[OrderStatus], to: OrderStatus, now: DateTime<Utc>) -> Outcome<()> {
        if !from.contains(&self.status) {
            let message = format!("the order is {}", self.status.word());
            return Err(Refusal::state(message));
        }
        self.status = to;
        self.updated_at = now;
        Ok(())
    }

    /// The order as it is sent. Points in time that have not come are left out; so is the customs
    /// declaration of an order without a label.
    pub(super) fn json(&self) -> Value {
        let url = |folder: &str| {
            self.label.as_ref().map_or_else(String::new, |label| {
                format!(
                    "https://example.com/{folder}/{}-{}.pdf",
                    self.id, label.tracking
                )
            })
        };
        let mut order = json!({
            "id": self.id,
            "status": self.status.word(),
            "fulfillment_status": self.fulfillment.word(),
            "catalog_id": self.catalog_id,
            "catalog_name": self.name,
            "catalog_brand": self.brand,
            "catalog_sku": self.sku,
            "size": self.size.to_json(),
            "price_cents": self.price_cents.to_string(),
            "price_cents_after_take": after_take(self.price_cents).to_string(),
            "sales_channel": self.channel,
            "purchase_order_number": self.purchase_order,
            "listing_id": self.listing_id,
            "label_type": self.label_kind().unwrap_or("LABEL_TYPE_INVALID"),
            "label_url": url("labels"),
            "label_tracking_number":
                self.label.as_ref().map_or("", |label| label.tracking.as_str()),
            "label_courier": if self.label.is_some() { "UPS" } else { "" },
            "sold_at": time(self.sold_at),
            "updated_at": time(self.updated_at),
            "cancels_at": time(self.sold_at + TimeDelta::days(7)),
        });
        if let Some(fields) = order.as_object_mut() {
            if let Some(label) = &self.label {
                fields.insert(
                    "label_generated_at".to_owned(),
                    time(label.generated_at).into(),
                );
                let customs = json!({
                    "commercial_invoice_url": url("invoices"),
                    "declared_customs_value_cents": self.price_cents.to_string(),
                });
                fields.insert("customs_declaration".to_owned(), customs);
            }
            if let Some(at) = self.in_transit_at {
                fields.insert("in_transit_at".to_owned(), time(at).into());
            }
        }
        order
    }
}

/// What is left for the seller: a commission of 9.5 % at the best rating, to the cent.
fn after_take(price_cents: i64) -> i64 {
    price_cents - price_cents * 95 / 1000
}
