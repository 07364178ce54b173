//! Finds objects in GraphQL replies: everything with a gid of a known type, wherever it lies.

use serde_json::Value;

use super::raw::number;
use super::{Kind, Loader, Raw};

/// What an object lies in: the nearest product, variant, item and order around it.
#[derive(Clone, Copy, Default)]
struct Around {
    product: Option<u64>,
    variant: Option<u64>,
    item: Option<u64>,
    order: Option<u64>,
}

impl Loader {
    /// Takes what a reply, a record or a list of records holds.
    pub(super) fn graphql(&mut self, value: &Value) {
        self.visit(value, Around::default(), "");
    }

    fn visit(&mut self, value: &Value, around: Around, key: &str) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.visit(item, around, key)),
            Value::Object(object) => {
                let around = self.object(object, around, key);
                for (key, value) in object {
                    self.visit(value, around, key);
                }
            }
            _ => {}
        }
    }

    /// Takes the object, if it is of a known type; what its parts lie in.
    fn object(&mut self, object: &Raw, around: Around, key: &str) -> Around {
        let Some(gid) = object.get("id").and_then(Value::as_str) else {
            return around;
        };
        let Some((ty, _)) = gid
            .strip_prefix("gid://shopify/")
            .and_then(|rest| rest.split_once('/'))
        else {
            return around;
        };
        let Some(id) = object.get("id").and_then(number) else {
            return around;
        };
        if let ("Refund" | "Fulfillment" | "OrderTransaction", Some(order)) = (ty, around.order) {
            self.attach(order, ty, object);
            return around;
        }
        let Some(kind) = Kind::of_gid(ty) else {
            return match ty {
                // What the line of an order names is related to the order's other parts by the
                // line alone.
                "LineItem" => Around {
                    product: None,
                    variant: None,
                    ..around
                },
                _ => around,
            };
        };
        let mut said = object.clone();
        match kind {
            Kind::Level => {
                let item = gid
                    .split_once("inventory_item_id=")
                    .and_then(|(_, item)| item.parse().ok())
                    .or(around.item);
                if let Some(item) = item {
                    said.insert("levelId".to_owned(), id.into());
                    self.add_level(item, id.to_string(), said);
                }
                return around;
            }
            Kind::Variant => {
                if let Some(product) = around.product {
                    said.entry("productId").or_insert(product.into());
                }
            }
            Kind::Item => {
                if let Some(variant) = around.variant {
                    said.entry("variantId").or_insert(variant.into());
                }
            }
            Kind::Order if key == "order" && around.order.is_some() => return around,
            Kind::Product | Kind::Location | Kind::Order | Kind::Payout => {}
        }
        self.add(kind, id, said);
        match kind {
            Kind::Product => Around {
                product: Some(id),
                ..around
            },
            Kind::Variant => Around {
                variant: Some(id),
                ..around
            },
            Kind::Item => Around {
                item: Some(id),
                ..around
            },
            Kind::Order => Around {
                order: Some(id),
                ..Around::default()
            },
            Kind::Level | Kind::Location | Kind::Payout => around,
        }
    }

    /// Adds a part to an order's list of such parts.
    fn attach(&mut self, order: u64, ty: &str, part: &Raw) {
        let list = match ty {
            "Refund" => "refunds",
            "Fulfillment" => "fulfillments",
            _ => "transactions",
        };
        let mut said = Raw::new();
        said.insert(
            list.to_owned(),
            Value::Array(vec![Value::Object(part.clone())]),
        );
        self.add(Kind::Order, order, said);
    }
}
