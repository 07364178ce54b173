//! Orders with their lines, refunds, transactions and fees.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Currency, Money, Origin};

/// What somebody bought.
///
/// All totals are in [`Order::currency`], the merchant's; what the buyer saw may be another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// What merchant and buyer call it: `#1001`.
    pub number: Option<String>,
    /// Where it stands.
    pub status: OrderStatus,
    /// Whether it is paid.
    pub payment_status: PaymentStatus,
    /// Whether it is sent.
    pub fulfillment_status: FulfillmentStatus,
    /// The platform's own words for where it stands, as they came: `ORDER_STATUS_IN_TRANSIT`.
    pub platform_status: Option<String>,
    /// The currency of all totals.
    pub currency: Currency,
    /// The goods, after discounts, without tax and shipping.
    pub subtotal: Option<Money>,
    /// What was taken off.
    pub discount_total: Option<Money>,
    /// Tax.
    pub tax_total: Option<Money>,
    /// Shipping.
    pub shipping_total: Option<Money>,
    /// What the buyer was to pay in all.
    pub total: Option<Money>,
    /// What went back.
    pub refunded_total: Option<Money>,
    /// What the platform keeps, as a positive amount.
    pub fee_total: Option<Money>,
    /// What remains for the merchant, where the platform says so.
    pub net_total: Option<Money>,
    /// What the buyer was to pay in the buyer's own currency, where that is another.
    pub presentment_total: Option<Money>,
    /// Where it was bought: `web`, `GOAT`.
    pub channel: Option<String>,
    /// What led the buyer there, as far as the platform says.
    pub origin: Option<Origin>,
    /// The platform's id of the buyer. No name and no address: what isn't stored can't leak.
    pub customer_id: Option<String>,
    /// The country that it goes to, ISO 3166-1 alpha-2, upper case.
    pub buyer_country: Option<String>,
    /// Where it goes to, without name and street.
    pub ship_to: Option<Address>,
    /// Whether it is a trial of the shop's own.
    pub test: bool,
    /// A note of the merchant's or buyer's tags.
    pub tags: Vec<String>,
    /// When it was bought.
    pub placed_at: Option<DateTime<Utc>>,
    /// When the platform made the record.
    pub created_at: Option<DateTime<Utc>>,
    /// When the platform last changed it.
    pub updated_at: Option<DateTime<Utc>>,
    /// When it was cancelled.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Why it was cancelled, in the platform's words.
    pub cancel_reason: Option<String>,
    /// When the merchant must have acted, where the platform sets a deadline.
    pub act_by: Option<DateTime<Utc>>,
    /// The number under which the parcel can be followed.
    pub tracking_number: Option<String>,
    /// Who carries it.
    pub tracking_carrier: Option<String>,
    /// In the platform's order.
    pub lines: Vec<OrderLine>,
    /// What was given back.
    pub refunds: Vec<Refund>,
    /// What was paid, and how.
    pub transactions: Vec<OrderTransaction>,
    /// What the platform keeps, one by one.
    pub fees: Vec<PlatformFee>,
}

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OrderStatus {
    /// Something is still to be done.
    Open,
    /// Done.
    Completed,
    /// It will not happen.
    Cancelled,
    /// The platform says something else.
    Unknown,
}

/// Whether an order is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PaymentStatus {
    /// Not yet.
    Pending,
    /// The buyer's bank agreed; the money hasn't moved.
    Authorized,
    /// In part.
    PartiallyPaid,
    /// In full.
    Paid,
    /// Some of it went back.
    PartiallyRefunded,
    /// All of it went back.
    Refunded,
    /// It was called off before it moved.
    Voided,
    /// The platform doesn't say, or says something else.
    Unknown,
}

/// Whether an order is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FulfillmentStatus {
    /// Nothing yet.
    Unfulfilled,
    /// In part.
    Partial,
    /// Everything.
    Fulfilled,
    /// It has arrived.
    Delivered,
    /// It came back.
    Returned,
    /// The platform doesn't say, or says something else.
    Unknown,
}

/// Where an order goes to, as far as taxes and statistics need it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Town.
    pub city: Option<String>,
    /// State, province or region.
    pub region: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2, upper case.
    pub country_code: Option<String>,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderLine {
    /// The platform's id of the line, unique within the order.
    pub external_id: String,
    /// As the buyer read it.
    pub title: String,
    /// The variant as the buyer read it.
    pub variant_title: Option<String>,
    /// The merchant's code.
    pub sku: Option<String>,
    /// The platform's id of the product, where it still exists.
    pub product_external_id: Option<String>,
    /// The platform's id of the variant, where it still exists.
    pub variant_external_id: Option<String>,
    /// The platform's id of the listing that was bought.
    pub listing_external_id: Option<String>,
    /// Pieces; negative on what is booked back.
    pub quantity: i64,
    /// Pieces after refunds and removals.
    pub current_quantity: Option<i64>,
    /// One piece, before discounts.
    pub unit_price: Option<Money>,
    /// What was taken off the line.
    pub discount: Option<Money>,
    /// The line's tax.
    pub tax: Option<Money>,
    /// The line after discounts.
    pub total: Option<Money>,
}

/// Money or goods that went back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refund {
    /// The platform's id.
    pub external_id: String,
    /// How much.
    pub amount: Option<Money>,
    /// Why, in the merchant's words.
    pub note: Option<String>,
    /// When.
    pub created_at: Option<DateTime<Utc>>,
}

/// One movement of money for an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderTransaction {
    /// The platform's id.
    pub external_id: String,
    /// What it was, in the platform's words, lower case: `sale`, `refund`.
    pub kind: String,
    /// How it went, in the platform's words, lower case: `success`.
    pub status: String,
    /// Who handled it.
    pub gateway: Option<String>,
    /// How much, with the platform's sign.
    pub amount: Option<Money>,
    /// When.
    pub processed_at: Option<DateTime<Utc>>,
}

/// Something that the platform keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformFee {
    /// What for, in the platform's words, lower case: `commission`.
    pub kind: String,
    /// How much, as a positive amount.
    pub amount: Money,
}
