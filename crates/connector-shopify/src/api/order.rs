//! Orders with lines, refunds, transactions and fulfilments.

use chrono::{DateTime, Utc};
use connector_core::Operation;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::admin::connection_cost;
use super::{Connection, Gid, MoneyBag, MoneyV2, Query, Ref};

/// The cost of an order with all that is selected of it but its lines.
const ORDER_COST: f64 = 29.0;

/// The cost of a line with all that is selected of it.
const LINE_COST: f64 = 12.0;

/// All orders with all lines, for a bulk operation.
pub const ORDERS_BULK: &str = concat!(
    include_str!("graphql/orders_bulk.graphql"),
    include_str!("graphql/order.graphql"),
    include_str!("graphql/order_buyer.graphql"),
    include_str!("graphql/line_item.graphql"),
    include_str!("graphql/line_item_catalog.graphql"),
);

/// The same without buyers and products, for apps that may not read them.
pub const ORDERS_BULK_PLAIN: &str = concat!(
    include_str!("graphql/orders_bulk_plain.graphql"),
    include_str!("graphql/order.graphql"),
    include_str!("graphql/line_item.graphql"),
);

/// Orders that match a search, by the time of their last change.
#[derive(Clone, Debug, Serialize)]
pub struct OrdersChanged {
    /// How many, at most 250.
    pub first: u32,
    /// How many lines of each. [`OrderLineItems`] reads the rest.
    pub lines: u32,
    /// The end of the page before.
    pub after: Option<String>,
    /// The search; times in it must be in single quotes.
    pub query: String,
}

impl Query for OrdersChanged {
    const OPERATION: Operation = Operation::read("orders");
    const DOCUMENT: &'static str = concat!(
        include_str!("graphql/orders_changed.graphql"),
        include_str!("graphql/order.graphql"),
        include_str!("graphql/order_buyer.graphql"),
        include_str!("graphql/line_item.graphql"),
        include_str!("graphql/line_item_catalog.graphql"),
    );
    type Data = OrdersPage;

    fn cost(&self) -> f64 {
        connection_cost(
            self.first,
            ORDER_COST + connection_cost(self.lines, LINE_COST),
        )
    }
}

/// A page of orders.
#[derive(Debug, Deserialize)]
pub struct OrdersPage {
    /// The orders, each to be read as an [`Order`]: one that is odd doesn't spoil the others.
    pub orders: Connection<Box<RawValue>>,
}

/// More of an order's lines.
#[derive(Clone, Debug, Serialize)]
pub struct OrderLineItems {
    /// The order.
    pub id: Gid,
    /// How many, at most 250.
    pub first: u32,
    /// The end of the page before.
    pub after: Option<String>,
}

impl Query for OrderLineItems {
    const OPERATION: Operation = Operation::read("order");
    const DOCUMENT: &'static str = concat!(
        include_str!("graphql/order_line_items.graphql"),
        include_str!("graphql/line_item.graphql"),
        include_str!("graphql/line_item_catalog.graphql"),
    );
    type Data = OrderLines;

    fn cost(&self) -> f64 {
        1.0 + connection_cost(self.first, LINE_COST)
    }
}

/// The answer to [`OrderLineItems`].
#[derive(Debug, Deserialize)]
pub struct OrderLines {
    /// `None` when the order is gone.
    pub order: Option<LinesOfOrder>,
}

/// A page of an order's lines.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinesOfOrder {
    /// The lines.
    pub line_items: Connection<LineItem>,
}

/// One order.
#[derive(Clone, Debug, Serialize)]
pub struct OrderQuery {
    /// The order.
    pub id: Gid,
    /// How many of its lines, at most 250. [`OrderLineItems`] reads the rest.
    pub lines: u32,
}

impl Query for OrderQuery {
    const OPERATION: Operation = Operation::read("order");
    const DOCUMENT: &'static str = concat!(
        include_str!("graphql/order_by_id.graphql"),
        include_str!("graphql/order.graphql"),
        include_str!("graphql/order_buyer.graphql"),
        include_str!("graphql/line_item.graphql"),
        include_str!("graphql/line_item_catalog.graphql"),
    );
    type Data = OrderData;

    fn cost(&self) -> f64 {
        ORDER_COST + connection_cost(self.lines, LINE_COST)
    }
}

/// The answer to an [`OrderQuery`].
#[derive(Debug, Deserialize)]
pub struct OrderData {
    /// `None` when there is none, and when it is older than the app may read: without
    /// `read_all_orders` 60 days.
    pub order: Option<Order>,
}

/// An order.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// Its id.
    pub id: Gid,
    /// `#1001`.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was bought, which is earlier than made for imported ones.
    pub processed_at: DateTime<Utc>,
    /// When it was cancelled.
    #[serde(default)]
    pub cancelled_at: Option<DateTime<Utc>>,
    /// `CUSTOMER`, `FRAUD`.
    #[serde(default)]
    pub cancel_reason: Option<String>,
    /// Whether nothing is left to be done.
    pub closed: bool,
    /// The shop's currency when it was bought, ISO 4217.
    pub currency_code: String,
    /// The buyer's currency, ISO 4217.
    pub presentment_currency_code: String,
    /// `PAID`, `PARTIALLY_REFUNDED`.
    pub display_financial_status: Option<String>,
    /// `FULFILLED`, `IN_PROGRESS`.
    pub display_fulfillment_status: String,
    /// Where it was bought: `web`, `pos`.
    #[serde(default)]
    pub source_name: Option<String>,
    /// What is known of how the buyer came; `None` for orders that were not made in a shop's pages.
    #[serde(default)]
    pub customer_journey_summary: Option<CustomerJourneySummary>,
    /// Whether it is a trial of the merchant's.
    pub test: bool,
    /// Free words.
    pub tags: Vec<String>,
    /// The goods after discounts, before returns.
    pub subtotal_price_set: Option<MoneyBag>,
    /// Discounts.
    pub total_discounts_set: Option<MoneyBag>,
    /// Tax.
    pub total_tax_set: Option<MoneyBag>,
    /// Shipping.
    pub total_shipping_price_set: MoneyBag,
    /// All of it, before returns.
    pub total_price_set: MoneyBag,
    /// What went back.
    pub total_refunded_set: MoneyBag,
    /// What went back, one by one.
    pub refunds: Vec<Refund>,
    /// What was paid.
    pub transactions: Vec<OrderTransaction>,
    /// What was sent.
    pub fulfillments: Vec<Fulfillment>,
    /// Who bought; `None` without the scope and the approval, too.
    #[serde(default)]
    pub customer: Option<Ref>,
    /// Where it goes; `None` without the approval, too.
    #[serde(default)]
    pub shipping_address: Option<MailingAddress>,
    /// Its lines. In a bulk file they follow on lines of their own.
    #[serde(default)]
    pub line_items: Connection<LineItem>,
}

/// How a buyer came to an order.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerJourneySummary {
    /// The last visit before the order, where one was seen in the 30 days before it.
    #[serde(default)]
    pub last_visit: Option<CustomerVisit>,
}

/// A visit to the shop's pages.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerVisit {
    /// The page that was seen first.
    #[serde(default)]
    pub landing_page: Option<String>,
    /// The page whose link was followed.
    #[serde(default)]
    pub referrer_url: Option<String>,
    /// What the link's address carried.
    #[serde(default)]
    pub utm_parameters: Option<UtmParameters>,
}

/// What a link's address says of itself.
#[derive(Clone, Debug, Deserialize)]
pub struct UtmParameters {
    /// `utm_source`.
    #[serde(default)]
    pub source: Option<String>,
    /// `utm_medium`.
    #[serde(default)]
    pub medium: Option<String>,
    /// `utm_campaign`.
    #[serde(default)]
    pub campaign: Option<String>,
    /// `utm_term`.
    #[serde(default)]
    pub term: Option<String>,
    /// `utm_content`.
    #[serde(default)]
    pub content: Option<String>,
}

/// Where an order goes, without name and street.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MailingAddress {
    /// Town.
    #[serde(default)]
    pub city: Option<String>,
    /// The short form of state, province or region.
    #[serde(default)]
    pub province_code: Option<String>,
    /// Postal code.
    #[serde(default)]
    pub zip: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(default)]
    pub country_code_v2: Option<String>,
}

/// What went back.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refund {
    /// Its id.
    pub id: Gid,
    /// Why, in the merchant's words.
    #[serde(default)]
    pub note: Option<String>,
    /// When.
    pub created_at: Option<DateTime<Utc>>,
    /// How much.
    pub total_refunded_set: MoneyBag,
}

/// A movement of money.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderTransaction {
    /// Its id.
    pub id: Gid,
    /// `SALE`, `REFUND`.
    pub kind: String,
    /// `SUCCESS`, `FAILURE`.
    pub status: String,
    /// Who handled it.
    #[serde(default)]
    pub gateway: Option<String>,
    /// When.
    pub processed_at: Option<DateTime<Utc>>,
    /// How much.
    pub amount_set: MoneyBag,
    /// What Shopify Payments keeps of it.
    #[serde(default)]
    pub fees: Vec<TransactionFee>,
}

/// What Shopify Payments keeps.
#[derive(Clone, Debug, Deserialize)]
pub struct TransactionFee {
    /// `processing_fee`.
    #[serde(rename = "type")]
    pub kind: String,
    /// How much.
    pub amount: MoneyV2,
}

/// What was sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fulfillment {
    /// When it arrived.
    #[serde(default)]
    pub delivered_at: Option<DateTime<Utc>>,
    /// How it can be followed.
    #[serde(default)]
    pub tracking_info: Vec<TrackingInfo>,
}

/// How a parcel can be followed.
#[derive(Clone, Debug, Deserialize)]
pub struct TrackingInfo {
    /// Who carries it.
    pub company: Option<String>,
    /// Its number there.
    pub number: Option<String>,
}

/// One line of an order.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineItem {
    /// Its id.
    pub id: Gid,
    /// The order's, on a line of a bulk file.
    #[serde(rename = "__parentId", default)]
    pub parent_id: Option<Gid>,
    /// The product as the buyer read it.
    pub title: String,
    /// The variant as the buyer read it.
    #[serde(default)]
    pub variant_title: Option<String>,
    /// The merchant's code.
    #[serde(default)]
    pub sku: Option<String>,
    /// Pieces that were bought.
    pub quantity: i64,
    /// Pieces after refunds and removals.
    pub current_quantity: i64,
    /// One piece before discounts.
    pub original_unit_price_set: MoneyBag,
    /// The line after discounts, those by code included.
    pub discounted_total_set: MoneyBag,
    /// What was taken off the line.
    pub total_discount_set: MoneyBag,
    /// Taxes.
    #[serde(default)]
    pub tax_lines: Vec<TaxLine>,
    /// The product, where it still exists and the app may read it.
    #[serde(default)]
    pub product: Option<Ref>,
    /// The variant, where it still exists and the app may read it.
    #[serde(default)]
    pub variant: Option<Ref>,
}

/// A tax.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaxLine {
    /// How much.
    pub price_set: MoneyBag,
}
