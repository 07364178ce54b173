//! The fields of the query root.

use serde_json::json;

use super::super::graphql::{Field, GraphqlError, Resolved, Search};
use super::tables;
use super::{Answer, Context, Object};

/// The API versions that the sandbox answers for.
pub(in crate::shopify) const VERSIONS: [&str; 3] = ["2026-04", "2026-07", "2026-10"];

/// How exact a count is: above the limit it is cut off.
const COUNT_LIMIT: i64 = 10_000;

pub(super) fn query<'a>(field: &Field, cx: &'a Context<'a>) -> Answer<'a> {
    let store = &cx.shop.store;
    Ok(match field.name {
        "shop" => Resolved::Object(Object::Shop),
        "node" => by_id(field, cx, None)?,
        "nodes" => {
            let ids = field.args.get("ids").and_then(|ids| ids.as_array()).into_iter().flatten();
            Resolved::List(
                ids.map(|id| {
                    let gid = id.as_str().unwrap_or_default();
                    Resolved::opt_object(Object::by_gid(gid, cx).filter(|o| open(*o, cx)))
                })
                .collect(),
            )
        }
        "product" => by_id(field, cx, Some("Product"))?,
        "productByIdentifier" => {
            let identifier = field.args.get("identifier");
            let part = |name| {
                identifier.and_then(|identifier| identifier.get(name)).and_then(|v| v.as_str())
            };
            let product = match (part("id"), part("handle")) {
                (Some(gid), _) => Object::by_gid(gid, cx),
                (None, Some(handle)) => store
                    .products()
                    .values()
                    .find(|product| product.handle == handle)
                    .map(Object::Product),
                (None, None) => None,
            };
            Resolved::opt_object(product)
        }
        "productVariant" => by_id(field, cx, Some("ProductVariant"))?,
        "inventoryItem" => by_id(field, cx, Some("InventoryItem"))?,
        "inventoryLevel" => by_id(field, cx, Some("InventoryLevel"))?,
        "order" => by_id(field, cx, Some("Order"))?,
        "bulkOperation" => by_id(field, cx, Some("BulkOperation"))?,
        "webhookSubscription" => by_id(field, cx, Some("WebhookSubscription"))?,
        "location" if field.args.get("id").is_some() => by_id(field, cx, Some("Location"))?,
        "location" => {
            let primary = store.locations.values().find(|location| location.is_primary);
            Resolved::opt_object(primary.or(store.locations.values().next()).map(Object::Location))
        }
        "products" => tables::products(field, cx)?,
        "productVariants" => tables::variants(field, cx)?,
        "inventoryItems" => tables::items(field, cx)?,
        "locations" => tables::locations(field, cx)?,
        "orders" => tables::orders(field, cx)?,
        "bulkOperations" => tables::bulk_operations(field, cx)?,
        "webhookSubscriptions" => tables::subscriptions(field, cx)?,
        "currentBulkOperation" => {
            Resolved::opt_object(cx.shop.bulk.of_app(&cx.grant.app).last().map(Object::Bulk))
        }
        "productsCount" => count(field, |search| tables::count_products(search, cx)),
        "ordersCount" => count(field, |search| tables::count_orders(search, cx)),
        "locationsCount" => count(field, |search| tables::count_locations(search, cx)),
        "currentAppInstallation" => Resolved::json(cx.grant.installation()),
        "shopifyPaymentsAccount" if store.payouts.is_empty() => Resolved::Null,
        "shopifyPaymentsAccount" => Resolved::Object(Object::Payments),
        _ => Resolved::json(
            VERSIONS
                .iter()
                .map(|version| {
                    json!({ "handle": version, "displayName": version, "supported": true })
                })
                .collect(),
        ),
    })
}

fn by_id<'a>(field: &Field, cx: &'a Context<'a>, ty: Option<&str>) -> Answer<'a> {
    let gid = field.args.str("id").unwrap_or_default();
    let well_formed = gid
        .strip_prefix("gid://shopify/")
        .and_then(|rest| rest.split_once('/'))
        .is_some_and(|(name, id)| ty.is_none_or(|ty| ty == name) && !id.is_empty());
    if !well_formed {
        return Err(GraphqlError::new(
            "RESOURCE_NOT_FOUND",
            format!("Invalid id: {gid}"),
        ));
    }
    Ok(Resolved::opt_object(
        Object::by_gid(gid, cx).filter(|object| open(*object, cx)),
    ))
}

/// `node` must not open what the object's own field would refuse.
fn open(object: Object<'_>, cx: &Context<'_>) -> bool {
    let any = |scopes: &[&str]| scopes.iter().any(|scope| cx.grant.allows(scope));
    match object {
        Object::Product(_) | Object::Variant(..) => any(&["read_products"]),
        Object::Item(_) => any(&["read_inventory", "read_products"]),
        Object::Level(_) => any(&["read_inventory"]),
        Object::Location(_) => any(&["read_locations", "read_inventory"]),
        Object::Order(_) => any(&["read_orders"]),
        Object::Payments | Object::Payout(_) | Object::Balance(_) => {
            any(&["read_shopify_payments_payouts", "read_shopify_payments"])
        }
        _ => true,
    }
}

fn count<'a>(field: &Field, matching: impl Fn(&Search) -> usize) -> Resolved<'a> {
    let search = Search::parse(field.args.str("query").unwrap_or_default());
    let limit = field.args.int("limit").unwrap_or(COUNT_LIMIT);
    let count = i64::try_from(matching(&search)).unwrap_or(i64::MAX);
    let precision = if count > limit { "AT_LEAST" } else { "EXACT" };
    Resolved::json(json!({ "count": count.min(limit), "precision": precision }))
}
