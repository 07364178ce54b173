//! Orders of version 0 as 2026-01-01 tells them. What an order does not say stays unsaid.

use serde_json::{Map, Value, json};

use super::super::params::text;

/// Collects fields that are there.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn put(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value.filter(|value| !value.is_null()) {
            self.0.insert(name.to_owned(), value);
        }
    }

    /// Copies texts under other names.
    fn copy(&mut self, from: &Value, names: &[(&str, &str)]) {
        for (old, new) in names {
            let value = text(from, old).filter(|value| !value.is_empty());
            self.put(new, value.map(Value::from));
        }
    }

    /// An object, unless it would be empty.
    fn some(self) -> Option<Value> {
        (!self.0.is_empty()).then_some(Value::Object(self.0))
    }
}

/// One order with its items.
pub(super) fn order(old: &Value, items: &[Value]) -> Value {
    let channel = text(old, "/SalesChannel").unwrap_or_default();
    let mut order = Fields::default();
    order.copy(
        old,
        &[
            ("/AmazonOrderId", "orderId"),
            ("/PurchaseDate", "createdTime"),
            ("/LastUpdateDate", "lastUpdatedTime"),
        ],
    );
    let alias =
        text(old, "/SellerOrderId").filter(|alias| text(old, "/AmazonOrderId") != Some(alias));
    let alias = alias.map(|alias| json!([{"aliasId": alias, "aliasType": "SELLER_ORDER_ID"}]));
    order.put("orderAliases", alias);
    let programs: Vec<&str> = [("IsPrime", "PRIME"), ("IsBusinessOrder", "AMAZON_BUSINESS")]
        .into_iter()
        .filter(|(flag, _)| old.get(flag) == Some(&Value::Bool(true)))
        .map(|(_, program)| program)
        .collect();
    order.put("programs", Some(json!(programs)));
    let mut sold = Fields::default();
    let by_amazon = channel.starts_with("Amazon.");
    let name = if by_amazon { "AMAZON" } else { "NON_AMAZON" };
    sold.put("channelName", Some(name.into()));
    sold.copy(
        old,
        &[
            ("/MarketplaceId", "marketplaceId"),
            ("/SalesChannel", "marketplaceName"),
        ],
    );
    order.put("salesChannel", sold.some());
    let mut buyer = Fields::default();
    buyer.copy(
        old,
        &[
            ("/BuyerInfo/BuyerName", "buyerName"),
            ("/BuyerInfo/BuyerEmail", "buyerEmail"),
        ],
    );
    order.put("buyer", buyer.some());
    let mut address = Fields::default();
    address.copy(
        old,
        &[
            ("/ShippingAddress/Name", "name"),
            ("/ShippingAddress/AddressLine1", "addressLine1"),
            ("/ShippingAddress/City", "city"),
            ("/ShippingAddress/StateOrRegion", "stateOrRegion"),
            ("/ShippingAddress/PostalCode", "postalCode"),
            ("/ShippingAddress/CountryCode", "countryCode"),
        ],
    );
    let address = address.some();
    order.put(
        "recipient",
        address.map(|address| json!({"deliveryAddress": address})),
    );
    let total = money(old, "/OrderTotal");
    order.put("proceeds", total.map(|total| json!({"grandTotal": total})));
    order.put("fulfillment", Some(fulfillment(old)));
    let items: Vec<Value> = items.iter().map(item).collect();
    order.put("orderItems", Some(items.into()));
    Value::Object(order.0)
}

fn fulfillment(old: &Value) -> Value {
    let mut fulfillment = Fields::default();
    let status = match text(old, "/OrderStatus").unwrap_or_default() {
        "PendingAvailability" => "PENDING_AVAILABILITY",
        "Pending" => "PENDING",
        "PartiallyShipped" => "PARTIALLY_SHIPPED",
        "Shipped" | "InvoiceUnconfirmed" => "SHIPPED",
        "Canceled" => "CANCELLED",
        "Unfulfillable" => "UNFULFILLABLE",
        _ => "UNSHIPPED",
    };
    fulfillment.put("fulfillmentStatus", Some(status.into()));
    let by = match text(old, "/FulfillmentChannel") {
        Some("AFN") => Some("AMAZON"),
        Some("MFN") => Some("MERCHANT"),
        _ => None,
    };
    fulfillment.put("fulfilledBy", by.map(Value::from));
    let level = text(old, "/ShipmentServiceLevelCategory").map(str::to_uppercase);
    fulfillment.put("fulfillmentServiceLevel", level.map(Value::from));
    for (name, earliest, latest) in [
        ("shipByWindow", "/EarliestShipDate", "/LatestShipDate"),
        (
            "deliverByWindow",
            "/EarliestDeliveryDate",
            "/LatestDeliveryDate",
        ),
    ] {
        let mut window = Fields::default();
        window.copy(
            old,
            &[(earliest, "earliestDateTime"), (latest, "latestDateTime")],
        );
        fulfillment.put(name, window.some());
    }
    Value::Object(fulfillment.0)
}

/// One item. A price of version 0 is that of all units, so the unit's is told for one unit only.
fn item(old: &Value) -> Value {
    let number = |name: &str| old.get(name).and_then(Value::as_i64).unwrap_or(0);
    let (ordered, shipped) = (number("QuantityOrdered"), number("QuantityShipped"));
    let mut product = Fields::default();
    product.copy(
        old,
        &[
            ("/ASIN", "asin"),
            ("/Title", "title"),
            ("/SellerSKU", "sellerSku"),
        ],
    );
    let mut condition = Fields::default();
    for (name, new) in [
        ("/ConditionId", "conditionType"),
        ("/ConditionSubtypeId", "conditionSubtype"),
    ] {
        let value = text(old, name).map(str::to_uppercase);
        condition.put(new, value.map(Value::from));
    }
    product.put("condition", condition.some());
    let unit = money(old, "/ItemPrice").filter(|_| ordered == 1);
    product.put("price", unit.map(|unit| json!({"unitPrice": unit})));
    let breakdowns: Vec<Value> = [
        ("ITEM", "/ItemPrice"),
        ("SHIPPING", "/ShippingPrice"),
        ("TAX", "/ItemTax"),
    ]
    .into_iter()
    .filter_map(|(kind, pointer)| Some(json!({"type": kind, "subtotal": money(old, pointer)?})))
    .collect();
    let mut item = Fields::default();
    item.copy(old, &[("/OrderItemId", "orderItemId")]);
    item.put("quantityOrdered", Some(ordered.into()));
    item.put("product", product.some().or_else(|| Some(json!({}))));
    let told = !breakdowns.is_empty();
    item.put("proceeds", told.then(|| json!({"breakdowns": breakdowns})));
    let left = (ordered - shipped).max(0);
    let units = json!({"quantityFulfilled": shipped, "quantityUnfulfilled": left});
    item.put("fulfillment", Some(units));
    let tax = old.get("TaxCollection").and_then(|of| {
        let mut collection = Fields::default();
        collection.copy(
            of,
            &[
                ("/Model", "model"),
                ("/ResponsibleParty", "responsibleParty"),
            ],
        );
        Some(json!({"taxCollections": [collection.some()?]}))
    });
    item.put("tax", tax);
    if text(old, "/BuyerRequestedCancel/IsBuyerRequestedCancel") == Some("true") {
        let mut request = Fields::default();
        request.put("requester", Some("BUYER".into()));
        request.copy(
            old,
            &[("/BuyerRequestedCancel/BuyerCancelReason", "cancelReason")],
        );
        let request = request.some();
        item.put(
            "cancellation",
            request.map(|it| json!({"cancellationRequest": it})),
        );
    }
    Value::Object(item.0)
}

fn money(old: &Value, pointer: &str) -> Option<Value> {
    let money = old.pointer(pointer)?;
    Some(json!({
        "amount": text(money, "/Amount")?,
        "currencyCode": text(money, "/CurrencyCode")?,
    }))
}
