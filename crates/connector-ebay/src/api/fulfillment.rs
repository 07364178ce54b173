//! Orders: the Fulfillment API.
//!
//! Taxes are always asked for in detail, as the totals leave out those that eBay collects otherwise.
//! Names, streets, telephone numbers and e-mail addresses are not read, though eBay sends them.

use chrono::{DateTime, Utc};
use connector_core::{Endpoint, Operation, Request, Response, Result, endpoint};
use serde::Deserialize;

use super::amount::Amount;
use super::call::{instant, object};
use super::link::{Link, encoded};
use crate::environment::{Environment, Server};
use connector_core::Entry;

const ORDER: &str = "/sell/fulfillment/v1/order";

/// A page of orders.
#[derive(Clone, Debug)]
pub struct GetOrders {
    /// Which page.
    pub page: Link,
}

impl GetOrders {
    /// The orders that changed at or after this time, which may lie two years back.
    ///
    /// Without an end, so that nothing leaves the list while its pages are read.
    ///
    /// # Errors
    /// Those of [`Link::first`].
    pub fn changed_since(
        environment: Environment,
        from: DateTime<Utc>,
        limit: u32,
    ) -> Result<Self> {
        let filter = format!("lastmodifieddate:[{}..]", instant(from));
        let limit = limit.to_string();
        let query = [
            ("filter", &*filter),
            ("fieldGroups", "TAX_BREAKDOWN"),
            ("limit", &limit),
        ];
        let page = Link::first(environment, Server::Api, ORDER, &query)?;
        Ok(Self { page })
    }
}

impl Endpoint for GetOrders {
    const OPERATION: Operation = Operation::read("getOrders");
    type Response = OrderPage;

    fn request(&self) -> Result<Request> {
        endpoint::get(self.page.as_str())
    }

    fn parse(&self, response: &Response) -> Result<OrderPage> {
        object(response)
    }
}

/// One order, with what a list leaves out: the requests to cancel it.
#[derive(Clone, Debug)]
pub struct GetOrder {
    /// Where the account lives.
    pub environment: Environment,
    /// eBay's id.
    pub id: String,
}

impl Endpoint for GetOrder {
    const OPERATION: Operation = Operation::read("getOrder");
    type Response = Entry<Order>;

    fn request(&self) -> Result<Request> {
        let root = self.environment.root(Server::Api);
        let id = encoded(&self.id);
        endpoint::get(format!("{root}{ORDER}/{id}?fieldGroups=TAX_BREAKDOWN"))
    }

    fn parse(&self, response: &Response) -> Result<Entry<Order>> {
        object(response)
    }
}

/// Orders.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrderPage {
    /// How many there are on all pages.
    pub total: Option<u64>,
    /// Where the next page is.
    pub next: Option<String>,
    /// The orders.
    #[serde(default)]
    pub orders: Vec<Entry<Order>>,
}

/// What somebody bought.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Order {
    /// eBay's id.
    pub order_id: String,
    /// When it was made.
    pub creation_date: Option<DateTime<Utc>>,
    /// When it last changed.
    pub last_modified_date: Option<DateTime<Utc>>,
    /// `NOT_STARTED`, `IN_PROGRESS`, `FULFILLED`.
    pub order_fulfillment_status: Option<String>,
    /// `PAID`, `PENDING`, `FULLY_REFUNDED`.
    pub order_payment_status: Option<String>,
    /// Who bought it.
    pub buyer: Option<Buyer>,
    /// What the buyer pays.
    pub pricing_summary: Option<PricingSummary>,
    /// What the seller gets.
    pub payment_summary: Option<PaymentSummary>,
    /// Whether it is to be cancelled.
    pub cancel_status: Option<CancelStatus>,
    /// Where it goes to.
    #[serde(default)]
    pub fulfillment_start_instructions: Vec<Instructions>,
    /// What was bought.
    #[serde(default)]
    pub line_items: Vec<LineItem>,
    /// What fees are worked out from.
    pub total_fee_basis_amount: Option<Amount>,
    /// What eBay keeps.
    pub total_marketplace_fee: Option<Amount>,
}

/// Who bought it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Buyer {
    /// The name that the buyer chose, or, for some developers, the id that never changes.
    pub username: Option<String>,
    /// Where taxes are worked out for.
    pub tax_address: Option<ContactAddress>,
}

/// What the buyer pays. Discounts are less than nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PricingSummary {
    /// The goods, before discounts.
    pub price_subtotal: Option<Amount>,
    /// What is taken off them.
    pub price_discount: Option<Amount>,
    /// What was added to or taken off the goods afterwards.
    pub adjustment: Option<Amount>,
    /// Delivery, before discounts.
    pub delivery_cost: Option<Amount>,
    /// What is taken off it.
    pub delivery_discount: Option<Amount>,
    /// Special fees, such as for recycling.
    pub fee: Option<Amount>,
    /// Taxes.
    pub tax: Option<Amount>,
    /// All of it.
    pub total: Option<Amount>,
}

/// What the seller gets.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PaymentSummary {
    /// What remains for the seller.
    pub total_due_seller: Option<Amount>,
    /// What was paid.
    pub payments: Vec<Payment>,
    /// What went back.
    pub refunds: Vec<OrderRefund>,
}

/// A payment.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Payment {
    /// `EBAY`.
    pub payment_method: Option<String>,
    /// eBay's id of it; the same for many orders.
    pub payment_reference_id: Option<String>,
    /// When.
    pub payment_date: Option<DateTime<Utc>>,
    /// How much.
    pub amount: Option<Amount>,
    /// `PAID`, `PENDING`, `FAILED`.
    pub payment_status: Option<String>,
}

/// Money that went back.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct OrderRefund {
    /// eBay's id, for refunds made by the API.
    pub refund_id: Option<String>,
    /// eBay's id, once it is done.
    pub refund_reference_id: Option<String>,
    /// When.
    pub refund_date: Option<DateTime<Utc>>,
    /// How much, without the tax that eBay collected.
    pub amount: Option<Amount>,
    /// `REFUNDED`, `PENDING`, `FAILED`.
    pub refund_status: Option<String>,
}

/// Whether an order is to be cancelled.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct CancelStatus {
    /// `NONE_REQUESTED`, `IN_PROGRESS`, `CANCELED`.
    pub cancel_state: Option<String>,
    /// When it was.
    pub cancelled_date: Option<DateTime<Utc>>,
    /// Who asked for it and why; always empty in a list.
    pub cancel_requests: Vec<CancelRequest>,
}

/// A request to cancel.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct CancelRequest {
    /// `ORDER_MISTAKE`.
    pub cancel_reason: Option<String>,
    /// `BUYER`.
    pub cancel_initiator: Option<String>,
}

/// Where a part of an order goes to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Instructions {
    /// By whom, and where to.
    pub shipping_step: Option<ShippingStep>,
    /// Where it ends where eBay forwards it.
    pub final_destination_address: Option<ContactAddress>,
}

/// How a part of an order is sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ShippingStep {
    /// Where to.
    pub ship_to: Option<ShippingTo>,
    /// Who carries it.
    pub shipping_carrier_code: Option<String>,
}

/// Who gets it, without who that is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ShippingTo {
    /// Where.
    pub contact_address: Option<ContactAddress>,
}

/// An address, without the street.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ContactAddress {
    /// Town.
    pub city: Option<String>,
    /// State, province or region.
    pub state_or_province: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country_code: Option<String>,
}

/// A line of an order.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LineItem {
    /// eBay's id of the line.
    pub line_item_id: String,
    /// The listing that was bought from.
    pub legacy_item_id: Option<String>,
    /// The variation that was bought.
    pub legacy_variation_id: Option<String>,
    /// The seller's code.
    pub sku: Option<String>,
    /// The listing's title.
    pub title: Option<String>,
    /// Pieces.
    pub quantity: Option<i64>,
    /// All pieces, before discounts.
    pub line_item_cost: Option<Amount>,
    /// All pieces, after discounts, where there were any.
    pub discounted_line_item_cost: Option<Amount>,
    /// What the buyer pays for the line.
    pub total: Option<Amount>,
    /// Taxes.
    #[serde(default)]
    pub taxes: Vec<Tax>,
    /// Taxes that eBay collects and pays to the state.
    #[serde(default)]
    pub ebay_collect_and_remit_taxes: Vec<CollectedTax>,
    /// What was taken off.
    #[serde(default)]
    pub applied_promotions: Vec<Promotion>,
    /// What the variation that was bought differs in.
    #[serde(default)]
    pub variation_aspects: Vec<VariationAspect>,
    /// The site where it was bought.
    pub purchase_marketplace_id: Option<String>,
    /// Until when it must be sent.
    pub line_item_fulfillment_instructions: Option<LineItemInstructions>,
}

/// A tax.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Tax {
    /// How much.
    pub amount: Option<Amount>,
    /// `STATE_SALES_TAX`.
    pub tax_type: Option<String>,
}

/// A tax that eBay collects.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct CollectedTax {
    /// How much.
    pub amount: Option<Amount>,
    /// `STATE_SALES_TAX`.
    pub tax_type: Option<String>,
}

/// What was taken off a line.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Promotion {
    /// How much.
    pub discount_amount: Option<Amount>,
}

/// What a variation differs in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct VariationAspect {
    /// `Size`.
    pub name: Option<String>,
    /// `M`.
    pub value: Option<String>,
}

/// Until when a line must be sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct LineItemInstructions {
    /// The last moment.
    pub ship_by_date: Option<DateTime<Utc>>,
}
