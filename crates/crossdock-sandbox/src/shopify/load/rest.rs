//! Finds objects in REST replies, in records of connectors, in webhooks and in public feeds.

use serde_json::Value;

use super::raw::{id, number};
use super::{Kind, Loader, Raw};

/// The names under which REST puts objects, and what they are.
const NAMES: [(&str, Kind); 14] = [
    ("product", Kind::Product),
    ("products", Kind::Product),
    ("variant", Kind::Variant),
    ("variants", Kind::Variant),
    ("inventory_item", Kind::Item),
    ("inventory_items", Kind::Item),
    ("inventory_level", Kind::Level),
    ("inventory_levels", Kind::Level),
    ("location", Kind::Location),
    ("locations", Kind::Location),
    ("order", Kind::Order),
    ("orders", Kind::Order),
    ("payout", Kind::Payout),
    ("payouts", Kind::Payout),
];

/// Parts of orders that have replies of their own, and the order's list of them.
const PARTS: [(&str, &str); 6] = [
    ("transaction", "transactions"),
    ("transactions", "transactions"),
    ("refund", "refunds"),
    ("refunds", "refunds"),
    ("fulfillment", "fulfillments"),
    ("fulfillments", "fulfillments"),
];

/// Objects that have no wrapper: what the file's name begins with, in records and in webhooks.
const FILES: [(&str, Kind); 9] = [
    ("products_update", Kind::Product),
    ("products.", Kind::Product),
    ("product_variants", Kind::Variant),
    ("inventory_items", Kind::Item),
    ("inventory_levels", Kind::Level),
    ("locations", Kind::Location),
    ("orders_create", Kind::Order),
    ("orders.", Kind::Order),
    ("frappe-", Kind::Product),
];

impl Loader {
    /// Takes what a reply holds, or a single object without a wrapper.
    pub(super) fn rest(&mut self, value: &Value, path: &str) {
        let Some(object) = value.as_object() else {
            return;
        };
        let mut wrapped = false;
        for (key, value) in object {
            let objects = || match value {
                Value::Array(items) => items.iter().filter_map(Value::as_object).collect(),
                value => value.as_object().into_iter().collect::<Vec<_>>(),
            };
            if let Some((_, kind)) = NAMES.iter().find(|(name, _)| name == key)
                && !object.contains_key("id")
            {
                wrapped = true;
                let storefront = path.starts_with("storefront-");
                objects()
                    .into_iter()
                    .for_each(|object| self.rest_object(*kind, object, storefront));
            }
            if let Some((_, list)) = PARTS.iter().find(|(name, _)| name == key)
                && !object.contains_key("id")
            {
                wrapped = true;
                for part in objects() {
                    let Some(order) = id(part, &["order_id"]) else {
                        continue;
                    };
                    let mut said = Raw::new();
                    let part = Value::Array(vec![Value::Object(part.clone())]);
                    said.insert((*list).to_owned(), part);
                    self.add(Kind::Order, order, said);
                }
            }
        }
        let file = path.rsplit('/').next().unwrap_or(path);
        if !wrapped && let Some((_, kind)) = FILES.iter().find(|(name, _)| file.starts_with(name)) {
            self.rest_object(*kind, object, false);
        }
    }

    fn rest_object(&mut self, kind: Kind, object: &Raw, storefront: bool) {
        let mut said = object.clone();
        if kind == Kind::Level {
            let item = id(object, &["inventory_item_id"]);
            let location = id(object, &["location_id"]);
            let (Some(item), Some(location)) = (item, location) else {
                return;
            };
            let gid = object.get("admin_graphql_api_id").and_then(Value::as_str);
            let place = match gid.and_then(|gid| number(&Value::String(gid.to_owned()))) {
                Some(id) => {
                    said.insert("levelId".to_owned(), id.into());
                    id.to_string()
                }
                None => format!("at {location}"),
            };
            self.add_level(item, place, said);
            return;
        }
        let Some(number) = object.get("id").and_then(number) else {
            return;
        };
        if kind == Kind::Product {
            said.remove("variants");
            if storefront {
                // A feed shows what visitors see, and all of it: an older word on a variant that
                // it no longer lists is out of date.
                said.insert("status".to_owned(), "ACTIVE".into());
                self.objects.retain(|(kind, _), variant| {
                    *kind != Kind::Variant || id(variant, &["product_id"]) != Some(number)
                });
            }
            let variants = object.get("variants").and_then(Value::as_array);
            for variant in variants.into_iter().flatten().filter_map(Value::as_object) {
                let mut variant = variant.clone();
                variant.entry("product_id").or_insert(number.into());
                self.rest_object(Kind::Variant, &variant, storefront);
            }
        }
        self.add(kind, number, said);
    }
}
