//! What was sold. A seller confirms an order, has a label made, and ships.

use chrono::{DateTime, Utc};
use connector_core::{Endpoint, Operation, Request, Result};
use serde::Deserialize;

use super::call::Call;
use super::{Entry, FulfillmentStatus, LabelType, OrderStatus, wire};

/// Searches the seller's orders, the newest first. There is no filter by date.
#[derive(Clone, Debug, Default)]
pub struct SearchOrders {
    /// Full text.
    pub query: Option<String>,
    /// `status:ORDER_STATUS_CONFIRMED` or `fulfillment_status:FULFILLMENT_STATUS_DELIVERED`; one kind
    /// of them per request.
    pub facet_filters: Vec<String>,
    /// Orders per page: 25 where left out, at most 50.
    pub page_size: Option<u32>,
    /// From the page before.
    pub pagination_token: Option<String>,
}

/// The answer of [`SearchOrders`].
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct OrderPage {
    /// What was found.
    #[serde(default, deserialize_with = "wire::list")]
    pub results: Vec<Entry<Order>>,
    /// How to go on.
    #[serde(default)]
    pub pagination: OrderPagination,
}

/// How a search of orders goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OrderPagination {
    /// For the next page; empty on the last.
    pub next_page_token: Option<String>,
}

/// Asks for one order.
#[derive(Clone, Debug)]
pub struct GetOrder {
    /// The order.
    pub id: String,
}

/// Calls an order off.
#[derive(Clone, Debug)]
pub struct CancelOrder {
    /// The order.
    pub id: String,
}

/// Promises to ship. What is not confirmed by [`Order::cancels_at`] may be called off.
#[derive(Clone, Debug)]
pub struct ConfirmOrder {
    /// The order.
    pub id: String,
}

/// Has a label made.
#[derive(Clone, Debug)]
pub struct GenerateLabel {
    /// The order.
    pub id: String,
    /// `LABEL_TYPE_SHIPPING` where left out.
    pub label_type: Option<LabelType>,
}

/// Has another label made.
#[derive(Clone, Debug)]
pub struct RegenerateLabel {
    /// The order.
    pub id: String,
    /// The kind of the label before where left out.
    pub label_type: Option<LabelType>,
}

/// Tells that the parcel is on its way.
#[derive(Clone, Debug)]
pub struct ShipOrder {
    /// The order.
    pub id: String,
}

/// The answer of every call that gives one order.
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct OrderAnswer {
    /// The order.
    pub order: Entry<Order>,
}

/// One sold item.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Order {
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub status: Option<OrderStatus>,
    /// Where the parcel is.
    pub fulfillment_status: Option<FulfillmentStatus>,
    /// What was sold.
    pub catalog_id: Option<String>,
    /// Its name.
    pub catalog_name: Option<String>,
    /// Its brand.
    pub catalog_brand: Option<String>,
    /// Its style code, with a space.
    pub catalog_sku: Option<String>,
    /// The size.
    #[serde(default, deserialize_with = "wire::size")]
    pub size: Option<f64>,
    /// The price in US cents.
    #[serde(default, deserialize_with = "wire::price")]
    pub price_cents: Option<i64>,
    /// What remains for the seller, in US cents.
    #[serde(default, deserialize_with = "wire::price")]
    pub price_cents_after_take: Option<i64>,
    /// `GOAT`, `Alias`.
    pub sales_channel: Option<String>,
    /// The number that seller and alias call it by.
    pub purchase_order_number: Option<String>,
    /// The listing that was bought.
    pub listing_id: Option<String>,
    /// How the parcel is handed over.
    pub label_type: Option<LabelType>,
    /// The label.
    pub label_url: Option<String>,
    /// The number under which the parcel can be followed.
    pub label_tracking_number: Option<String>,
    /// Who carries it.
    pub label_courier: Option<String>,
    /// When it was sold.
    #[serde(default, deserialize_with = "wire::time")]
    pub sold_at: Option<DateTime<Utc>>,
    /// When the label was made.
    #[serde(default, deserialize_with = "wire::time")]
    pub label_generated_at: Option<DateTime<Utc>>,
    /// When the parcel left.
    #[serde(default, deserialize_with = "wire::time")]
    pub in_transit_at: Option<DateTime<Utc>>,
    /// When the order last changed.
    #[serde(default, deserialize_with = "wire::time")]
    pub updated_at: Option<DateTime<Utc>>,
    /// By when the seller must have acted.
    #[serde(default, deserialize_with = "wire::time")]
    pub cancels_at: Option<DateTime<Utc>>,
    /// For parcels that cross a border.
    pub customs_declaration: Option<CustomsDeclaration>,
}

/// What customs are told.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CustomsDeclaration {
    /// The invoice.
    pub commercial_invoice_url: Option<String>,
    /// The value in US cents.
    #[serde(default, deserialize_with = "wire::price")]
    pub declared_customs_value_cents: Option<i64>,
}

impl Endpoint for SearchOrders {
    const OPERATION: Operation = Operation::read("SearchOrders");
    type Response = OrderPage;

    fn request(&self) -> Result<Request> {
        Call::get(&["orders"])
            .maybe("query", self.query.as_deref())
            .each("facet_filters", &self.facet_filters)
            .maybe("page_size", self.page_size)
            .maybe("pagination_token", self.pagination_token.as_deref())
            .request()
    }
}

impl Endpoint for GetOrder {
    const OPERATION: Operation = Operation::read("GetOrder");
    type Response = OrderAnswer;

    fn request(&self) -> Result<Request> {
        Call::get(&["orders", &self.id]).request()
    }
}

impl Endpoint for CancelOrder {
    const OPERATION: Operation = Operation::write("CancelOrder");
    type Response = OrderAnswer;

    fn request(&self) -> Result<Request> {
        Call::post(&["orders", &self.id, "cancel"]).request()
    }
}

impl Endpoint for ConfirmOrder {
    const OPERATION: Operation = Operation::write("ConfirmOrder");
    type Response = OrderAnswer;

    fn request(&self) -> Result<Request> {
        Call::post(&["orders", &self.id, "confirm"]).request()
    }
}

impl Endpoint for GenerateLabel {
    const OPERATION: Operation = Operation::write("GenerateLabel");
    type Response = OrderAnswer;

    fn request(&self) -> Result<Request> {
        Call::post(&["orders", &self.id, "generate_label"])
            .maybe("label_type", self.label_type.as_ref())
            .request()
    }
}

impl Endpoint for RegenerateLabel {
    const OPERATION: Operation = Operation::write("RegenerateLabel");
    type Response = OrderAnswer;

    fn request(&self) -> Result<Request> {
        Call::post(&["orders", &self.id, "regenerate_label"])
            .maybe("label_type", self.label_type.as_ref())
            .request()
    }
}

impl Endpoint for ShipOrder {
    const OPERATION: Operation = Operation::write("ShipOrder");
    type Response = OrderAnswer;

    fn request(&self) -> Result<Request> {
        Call::post(&["orders", &self.id, "ship"]).request()
    }
}
