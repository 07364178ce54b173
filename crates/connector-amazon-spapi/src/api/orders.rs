//! Orders API 2026-01-01: what buyers bought.
//!
//! The answer of version 0 is deprecated and ends on 27 March 2027. This one needs no restricted data
//! token: data about buyers comes by `includedData`, to applications that have a role for it.

use chrono::{DateTime, Utc};
use connector_core::{Operation, Request, Result};
use serde::Deserialize;

use super::amount::Amount;
use super::call::{Call, Route};
use crate::region::Server;
use connector_core::Entry;

/// `searchOrders`: orders that were updated, or made, from an instant on. 100 at once, at the most.
///
/// Orders older than two years are not given (in Singapore, Japan and Australia: made before 2016).
#[derive(Clone, Debug, Default)]
pub struct SearchOrders {
    /// At this instant or after it. Exactly one of this and [`SearchOrders::created_after`].
    pub last_updated_after: Option<DateTime<Utc>>,
    /// At this instant or before it; two minutes ago, at the latest.
    pub last_updated_before: Option<DateTime<Utc>>,
    /// At this instant or after it.
    pub created_after: Option<DateTime<Utc>>,
    /// At this instant or before it; two minutes ago, at the latest.
    pub created_before: Option<DateTime<Utc>>,
    /// Where they were placed; all of the region if empty. 50 at the most.
    pub marketplace_ids: Vec<String>,
    /// What is to come with them.
    pub included_data: Vec<IncludedData>,
    /// From the page before: good for 24 hours, with the same other values but
    /// [`SearchOrders::included_data`].
    pub pagination_token: Option<String>,
}

impl Call for SearchOrders {
    const OPERATION: Operation = Operation::read("searchOrders");
    type Response = OrderPage;

    fn request(&self, server: Server) -> Result<Request> {
        Route::get(server, &["orders", "2026-01-01", "orders"])
            .at("createdAfter", self.created_after)
            .at("createdBefore", self.created_before)
            .at("lastUpdatedAfter", self.last_updated_after)
            .at("lastUpdatedBefore", self.last_updated_before)
            .list("marketplaceIds", &self.marketplace_ids)
            .list("includedData", &self.included_data)
            .maybe("paginationToken", self.pagination_token.as_deref())
            .request()
    }
}

/// `getOrder`: one order.
#[derive(Clone, Debug)]
pub struct GetOrder {
    /// Amazon's id of it: `123-1234567-1234567`.
    pub order_id: String,
    /// What is to come with it.
    pub included_data: Vec<IncludedData>,
}

impl Call for GetOrder {
    const OPERATION: Operation = Operation::read("getOrder");
    type Response = OrderAnswer;

    fn request(&self, server: Server) -> Result<Request> {
        Route::get(server, &["orders", "2026-01-01", "orders", &self.order_id])
            .list("includedData", &self.included_data)
            .request()
    }
}

/// What comes with an order only if it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IncludedData {
    /// Name and mail address; needs a restricted role.
    Buyer,
    /// Where it goes to; needs a restricted role.
    Recipient,
    /// What the seller gets.
    Proceeds,
    /// What the seller gives: points.
    Expense,
    /// Which promotions applied.
    Promotion,
    /// Who cancelled, and why.
    Cancellation,
    /// Which pieces were sent.
    Fulfillment,
    /// The parcels of what the seller sends.
    Packages,
    /// Who collects which tax.
    Tax,
    /// How it was paid.
    Payment,
}

impl AsRef<str> for IncludedData {
    fn as_ref(&self) -> &str {
        match self {
            Self::Buyer => "BUYER",
            Self::Recipient => "RECIPIENT",
            Self::Proceeds => "PROCEEDS",
            Self::Expense => "EXPENSE",
            Self::Promotion => "PROMOTION",
            Self::Cancellation => "CANCELLATION",
            Self::Fulfillment => "FULFILLMENT",
            Self::Packages => "PACKAGES",
            Self::Tax => "TAX",
            Self::Payment => "PAYMENT",
        }
    }
}

/// A page of orders.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderPage {
    /// The orders.
    pub orders: Vec<Entry<Order>>,
    /// Where there is more.
    #[serde(default)]
    pub pagination: Option<Pagination>,
    /// Up to when updates were looked at: where the next search can begin.
    #[serde(default)]
    pub last_updated_before: Option<DateTime<Utc>>,
}

/// Where there is more.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pagination {
    /// The next page; none on the last.
    #[serde(default)]
    pub next_token: Option<String>,
}

impl Pagination {
    /// The token of the next page, of an answer that may have none.
    pub(crate) fn next(pagination: Option<Self>) -> Option<String> {
        pagination
            .and_then(|pagination| pagination.next_token)
            .filter(|token| !token.is_empty())
    }
}

/// One order, alone.
#[derive(Debug, Deserialize)]
pub struct OrderAnswer {
    /// The order.
    pub order: Entry<Order>,
}

/// What somebody bought.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// `123-1234567-1234567`.
    pub order_id: String,
    /// When it was placed.
    pub created_time: DateTime<Utc>,
    /// When anything of it last changed.
    pub last_updated_time: DateTime<Utc>,
    /// `PRIME`, `AMAZON_BUSINESS`, …
    #[serde(default)]
    pub programs: Vec<String>,
    /// Where it was placed.
    #[serde(default)]
    pub sales_channel: Option<SalesChannel>,
    /// Who bought it.
    #[serde(default)]
    pub buyer: Option<Buyer>,
    /// Where it goes to.
    #[serde(default)]
    pub recipient: Option<Recipient>,
    /// What the seller gets.
    #[serde(default)]
    pub proceeds: Option<OrderProceeds>,
    /// Where it stands.
    #[serde(default)]
    pub fulfillment: Option<Fulfillment>,
    /// Its lines.
    #[serde(default)]
    pub order_items: Vec<OrderItem>,
    /// The parcels of what the seller sends.
    #[serde(default)]
    pub packages: Vec<OrderPackage>,
}

/// Where an order was placed.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SalesChannel {
    /// `AMAZON` or `NON_AMAZON`.
    #[serde(default)]
    pub channel_name: Option<String>,
    /// `ATVPDKIKX0DER`.
    #[serde(default)]
    pub marketplace_id: Option<String>,
    /// `Amazon.com`.
    #[serde(default)]
    pub marketplace_name: Option<String>,
}

/// Who bought something, as far as a restricted role shows it. Nothing here stores it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Buyer {
    /// The name.
    #[serde(default)]
    pub buyer_name: Option<String>,
    /// An address of Amazon's that forwards to the buyer.
    #[serde(default)]
    pub buyer_email: Option<String>,
}

/// Where an order goes to, as far as a restricted role shows it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recipient {
    /// The address.
    #[serde(default)]
    pub delivery_address: Option<DeliveryAddress>,
}

/// The parts of an address that taxes and statistics need. Name, street and telephone are not even
/// read.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryAddress {
    /// Town.
    #[serde(default)]
    pub city: Option<String>,
    /// State, province or region.
    #[serde(default)]
    pub state_or_region: Option<String>,
    /// Postal code.
    #[serde(default)]
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(default)]
    pub country_code: Option<String>,
}

/// What the seller gets for an order.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderProceeds {
    /// In all.
    #[serde(default)]
    pub grand_total: Option<Amount>,
    /// For what.
    #[serde(default)]
    pub breakdowns: Vec<OrderBreakdown>,
}

/// A part of what the seller gets for an order.
#[derive(Clone, Debug, Deserialize)]
pub struct OrderBreakdown {
    /// `ITEM`, `SHIPPING`, `GIFT_WRAP`, `COD_FEE`, `TAX`, `DISCOUNT`, `DELIVERY_TIP`, `OTHER`.
    #[serde(rename = "type")]
    pub kind: String,
    /// How much.
    pub subtotal: Amount,
}

/// Where an order stands.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fulfillment {
    /// `PENDING_AVAILABILITY`, `PENDING`, `UNSHIPPED`, `PARTIALLY_SHIPPED`, `SHIPPED`, `CANCELLED`,
    /// `UNFULFILLABLE`.
    pub fulfillment_status: String,
    /// `AMAZON` or `MERCHANT`.
    #[serde(default)]
    pub fulfilled_by: Option<String>,
    /// When it has to be sent.
    #[serde(default)]
    pub ship_by_window: Option<DateTimeRange>,
}

/// From when to when.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DateTimeRange {
    /// From.
    #[serde(default)]
    pub earliest_date_time: Option<DateTime<Utc>>,
    /// To.
    #[serde(default)]
    pub latest_date_time: Option<DateTime<Utc>>,
}

/// One line of an order.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderItem {
    /// Amazon's id of the line.
    pub order_item_id: String,
    /// Pieces.
    pub quantity_ordered: i64,
    /// What was bought.
    pub product: Product,
    /// What the seller gets for it.
    #[serde(default)]
    pub proceeds: Option<ItemProceeds>,
    /// What the seller gives for it.
    #[serde(default)]
    pub expense: Option<ItemExpense>,
    /// Who cancelled it, and why.
    #[serde(default)]
    pub cancellation: Option<Cancellation>,
}

/// What was bought.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    /// Amazon's id of the product.
    #[serde(default)]
    pub asin: Option<String>,
    /// As the buyer read it.
    #[serde(default)]
    pub title: Option<String>,
    /// The seller's code.
    #[serde(default)]
    pub seller_sku: Option<String>,
    /// What one piece costs.
    #[serde(default)]
    pub price: Option<ItemPrice>,
}

/// What one piece costs.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemPrice {
    /// The price.
    #[serde(default)]
    pub unit_price: Option<Amount>,
}

/// What the seller gets for a line.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemProceeds {
    /// In all.
    #[serde(default)]
    pub proceeds_total: Option<Amount>,
    /// For what.
    #[serde(default)]
    pub breakdowns: Vec<ItemBreakdown>,
}

/// A part of what the seller gets for a line.
#[derive(Clone, Debug, Deserialize)]
pub struct ItemBreakdown {
    /// As for an order, without `DELIVERY_TIP`.
    #[serde(rename = "type")]
    pub kind: String,
    /// How much.
    pub subtotal: Amount,
}

/// What the seller gives for a line.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemExpense {
    /// Points for the buyer, in Japan.
    #[serde(default)]
    pub points_cost: Option<PointsCost>,
}

/// Points that the seller pays for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PointsCost {
    /// The points.
    #[serde(default)]
    pub points_granted: Option<PointsGranted>,
}

/// How many points, and what they cost.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PointsGranted {
    /// What they cost.
    #[serde(default)]
    pub points_monetary_value: Option<Amount>,
}

/// Why a line is not sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cancellation {
    /// What somebody asked for.
    #[serde(default)]
    pub cancellation_request: Option<CancellationWords>,
    /// What was done.
    #[serde(default)]
    pub cancellation_execution: Option<CancellationWords>,
}

/// The reason for a cancellation.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CancellationWords {
    /// In Amazon's words.
    #[serde(default)]
    pub cancel_reason: Option<String>,
}

/// A parcel.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderPackage {
    /// Where it is.
    #[serde(default)]
    pub package_status: Option<PackageStatus>,
    /// Who carries it.
    #[serde(default)]
    pub carrier: Option<String>,
    /// The number under which it can be followed.
    #[serde(default)]
    pub tracking_number: Option<String>,
}

/// Where a parcel is.
#[derive(Clone, Debug, Deserialize)]
pub struct PackageStatus {
    /// `PENDING`, `IN_TRANSIT`, `SHIPPED`, `DELIVERED`, `CANCELLED`, `UNDELIVERABLE`.
    pub status: String,
}
