//! What each field of each object is.

mod inventory;
mod line;
mod movement;
mod order;
mod parts;
mod payments;
mod product;
mod root;
mod shop;
mod tables;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::bulk::BulkOperation;
use super::graphql::{Cursor, Field, GraphqlError, Resolved, SortKey, page};
use super::oauth::Grant;
use super::objects::{
    Amount, Bag, BalanceTransaction, Currency, Fulfillment, Image, InventoryItem, Level, LineItem,
    Location, Order, Payout, Product, ProductOption, Refund, RefundLine, Transaction, Variant,
};
use super::shop::Shop;
use super::webhooks::Subscription;

/// What a field resolves to, or why it can't.
pub(crate) type Answer<'a> = Result<Resolved<'a>, GraphqlError>;

/// What every resolver may look at.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) shop: &'a Shop,
    pub(crate) grant: &'a Grant,
    pub(crate) now: DateTime<Utc>,
    /// Whether the app may read protected customer data.
    pub(crate) customer_data: bool,
    /// Whether connections are read whole, as in bulk.
    pub(crate) unlimited: bool,
}

/// Payloads of mutations that were carried out, by response key.
pub(crate) type Payloads = HashMap<String, Result<Value, GraphqlError>>;

/// An object, as far as a resolver needs to know it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Object<'a> {
    Query,
    Mutation(&'a Payloads),
    Shop,
    Product(&'a Product),
    Variant(&'a Product, usize, &'a Variant),
    Option(&'a Product, &'a ProductOption, usize),
    Image(&'a Image),
    Media(&'a Product, &'a Image),
    Item(&'a InventoryItem),
    Level(&'a Level),
    Location(&'a Location),
    Order(&'a Order),
    Line(&'a Order, &'a LineItem),
    Refund(&'a Order, &'a Refund),
    RefundLine(&'a Order, &'a RefundLine),
    Transaction(&'a Order, &'a Transaction),
    Fulfillment(&'a Order, &'a Fulfillment),
    FulfillmentLine(&'a Order, &'a LineItem, i64),
    Bag(Bag, Currency, Currency),
    Money(Amount, Currency),
    Payments,
    Payout(&'a Payout),
    Balance(&'a BalanceTransaction),
    Bulk(&'a BulkOperation),
    Subscription(&'a Subscription),
    /// Made up of JSON: the type, and the fields.
    Made(&'static str, &'a Value),
}

impl<'a> Object<'a> {
    /// The object's type.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Query => "QueryRoot",
            Self::Mutation(_) => "Mutation",
            Self::Shop => "Shop",
            Self::Product(_) => "Product",
            Self::Variant(..) => "ProductVariant",
            Self::Option(..) => "ProductOption",
            Self::Image(_) => "Image",
            Self::Media(..) => "MediaImage",
            Self::Item(_) => "InventoryItem",
            Self::Level(_) => "InventoryLevel",
            Self::Location(_) => "Location",
            Self::Order(_) => "Order",
            Self::Line(..) => "LineItem",
            Self::Refund(..) => "Refund",
            Self::RefundLine(..) => "RefundLineItem",
            Self::Transaction(..) => "OrderTransaction",
            Self::Fulfillment(..) => "Fulfillment",
            Self::FulfillmentLine(..) => "FulfillmentLineItem",
            Self::Bag(..) => "MoneyBag",
            Self::Money(..) => "MoneyV2",
            Self::Payments => "ShopifyPaymentsAccount",
            Self::Payout(_) => "ShopifyPaymentsPayout",
            Self::Balance(_) => "ShopifyPaymentsBalanceTransaction",
            Self::Bulk(_) => "BulkOperation",
            Self::Subscription(_) => "WebhookSubscription",
            Self::Made(name, _) => name,
        }
    }

    /// The value of one of the object's fields.
    ///
    /// # Errors
    /// What the platform would say, without the place, which the caller knows.
    pub(crate) fn resolve(self, field: &Field, cx: &'a Context<'a>) -> Answer<'a> {
        match self {
            Self::Query => root::query(field, cx),
            Self::Mutation(payloads) => match payloads.get(&field.key) {
                Some(Ok(payload)) => Ok(Resolved::Json(std::borrow::Cow::Borrowed(payload))),
                Some(Err(error)) => Err(error.clone()),
                None => Ok(Resolved::Null),
            },
            Self::Shop => Ok(shop::shop(field, cx)),
            Self::Product(product) => product::product(product, field, cx),
            Self::Variant(product, position, variant) => {
                product::variant(product, position, variant, field, cx)
            }
            Self::Option(product, option, position) => {
                Ok(product::option(product, option, position, field))
            }
            Self::Image(image) => Ok(product::image(image, field)),
            Self::Media(product, image) => Ok(product::media(product, image, field)),
            Self::Item(item) => inventory::item(item, field, cx),
            Self::Level(level) => inventory::level(level, field, cx),
            Self::Location(location) => inventory::location(location, field, cx),
            Self::Order(order) => order::order(order, field, cx),
            Self::Line(order, line) => Ok(line::line(order, line, field, cx)),
            Self::Refund(order, refund) => movement::refund(order, refund, field, cx),
            Self::RefundLine(order, line) => Ok(line::refund_line(order, line, field, cx)),
            Self::Transaction(order, transaction) => {
                Ok(movement::transaction(order, transaction, field))
            }
            Self::Fulfillment(order, fulfillment) => {
                movement::fulfillment(order, fulfillment, field, cx)
            }
            Self::FulfillmentLine(order, line, quantity) => {
                Ok(line::fulfillment_line(order, line, quantity, field))
            }
            Self::Bag(bag, shop, presentment) => Ok(match field.name {
                "shopMoney" => Resolved::Object(Object::Money(bag.shop, shop)),
                _ => Resolved::Object(Object::Money(bag.presentment, presentment)),
            }),
            Self::Money(amount, currency) => Ok(match field.name {
                "amount" => Resolved::Decimal(amount),
                _ => Resolved::Str(currency.as_str().to_owned().into()),
            }),
            Self::Payments => payments::account(field, cx),
            Self::Payout(payout) => Ok(payments::payout(payout, field)),
            Self::Balance(transaction) => Ok(payments::balance(transaction, field, cx)),
            Self::Bulk(operation) => Ok(shop::bulk_operation(operation, field)),
            Self::Subscription(subscription) => Ok(shop::subscription(subscription, field)),
            Self::Made(_, value) => Ok(value.get(field.name).map_or(Resolved::Null, |value| {
                Resolved::Json(std::borrow::Cow::Borrowed(value))
            })),
        }
    }

    /// The object's gid, where it has one that children can refer to.
    pub(crate) fn gid(&self) -> Option<String> {
        let id = match self {
            Self::Product(product) => product.id,
            Self::Variant(_, _, variant) => variant.id,
            Self::Item(item) => item.id,
            Self::Level(level) => return Some(level.gid()),
            Self::Location(location) => location.id,
            Self::Order(order) => order.id,
            Self::Line(_, line) => line.id,
            Self::Refund(_, refund) => refund.id,
            Self::Transaction(_, transaction) => transaction.id,
            Self::Fulfillment(_, fulfillment) => fulfillment.id,
            Self::Payout(payout) => payout.id,
            Self::Balance(transaction) => transaction.id,
            Self::Image(image) => return Some(format!("gid://shopify/ProductImage/{}", image.id)),
            Self::Media(_, image) => image.id,
            Self::Made(_, value) => return Some(value.get("id")?.as_str()?.to_owned()),
            _ => return None,
        };
        Some(format!("gid://shopify/{}/{id}", self.type_name()))
    }

    /// The object that a gid names.
    pub(crate) fn by_gid(gid: &str, cx: &'a Context<'a>) -> Option<Self> {
        let (ty, rest) = gid.strip_prefix("gid://shopify/")?.split_once('/')?;
        let (id, query) = rest.split_once('?').unwrap_or((rest, ""));
        let id: u64 = id.parse().ok()?;
        let store = &cx.shop.store;
        match ty {
            "Shop" => (id == store.info.id).then_some(Self::Shop),
            "Product" => store.products().get(&id).map(Self::Product),
            "ProductVariant" => store
                .variant(id)
                .map(|(product, at, variant)| Self::Variant(product, at, variant)),
            "InventoryItem" => store.items.get(&id).map(Self::Item),
            "InventoryLevel" => {
                let item = query.strip_prefix("inventory_item_id=")?.parse().ok()?;
                store.level(id, item).map(Self::Level)
            }
            "Location" => store.locations.get(&id).map(Self::Location),
            "Order" => tables::visible_order(cx, id).map(Self::Order),
            "ShopifyPaymentsAccount" => (!store.payouts.is_empty()).then_some(Self::Payments),
            "ShopifyPaymentsPayout" => store.payouts.get(&id).map(Self::Payout),
            "ShopifyPaymentsBalanceTransaction" => store.balance.get(&id).map(Self::Balance),
            "BulkOperation" => cx
                .shop
                .bulk
                .get(id)
                .filter(|op| op.app == cx.grant.app)
                .map(Self::Bulk),
            "WebhookSubscription" => cx
                .shop
                .webhooks
                .get(id)
                .filter(|subscription| subscription.app == cx.grant.app)
                .map(Self::Subscription),
            _ => None,
        }
    }
}

impl Context<'_> {
    /// Why a field is closed to the app, if it is.
    pub(crate) fn denied(&self, field: &Field) -> Option<GraphqlError> {
        const DOCUMENTATION: &str = "https://shopify.dev/api/usage/access-scopes";
        if !field.access.is_empty() && !field.access.iter().any(|scope| self.grant.allows(scope)) {
            let scopes: Vec<String> = field
                .access
                .iter()
                .map(|scope| format!("`{scope}` access scope"))
                .collect();
            let required = scopes.join(" or ");
            return Some(
                GraphqlError::new(
                    "ACCESS_DENIED",
                    format!(
                        "Access denied for {} field. Required access: {required}.",
                        field.name
                    ),
                )
                .with("documentation", DOCUMENTATION)
                .with("requiredAccess", format!("{required}.")),
            );
        }
        (field.protected && !self.customer_data).then(|| {
            GraphqlError::new(
                "ACCESS_DENIED",
                format!(
                    "This app is not approved to use the {} field. See https://shopify.dev/docs/apps/launch/protected-customer-data for more details.",
                    field.name
                ),
            )
            .with("documentation", DOCUMENTATION)
        })
    }
}

/// A page of a short list that is in order already: cursors count its places.
fn nested<'a, T: Copy>(
    field: &Field,
    cx: &Context<'_>,
    items: impl Iterator<Item = (u64, T)>,
    object: impl Fn(T) -> Object<'a>,
) -> Answer<'a> {
    let items = items.enumerate().map(|(index, (id, item))| {
        let place = i64::try_from(index).unwrap_or(i64::MAX);
        (
            Cursor {
                key: SortKey::Number(place),
                id,
            },
            item,
        )
    });
    page(&field.args, cx.unlimited, items, object).map(Resolved::Connection)
}

/// The first so many of a plain list (`first` is optional there).
fn head<T>(field: &Field, items: impl Iterator<Item = T>) -> Vec<T> {
    let first = field
        .args
        .int("first")
        .and_then(|first| usize::try_from(first).ok());
    items.take(first.unwrap_or(usize::MAX)).collect()
}
