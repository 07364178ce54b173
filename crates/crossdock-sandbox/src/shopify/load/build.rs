//! Builds products, stock, places and payouts from what was collected.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::raw::{
    amount, currency, flag, get, id, int, list, location, number, owned, text, texts, time,
};
use super::{Kind, Raw, orders};
use crate::shopify::objects::{
    Address, Amount, Currency, Image, InventoryItem, Level, Location, Payout, Product,
    ProductOption, Quantities, Variant,
};
use crate::shopify::store::Store;

const CREATED: [&str; 2] = ["createdAt", "created_at"];
const UPDATED: [&str; 2] = ["updatedAt", "updated_at"];

/// All objects, by kind and number.
type Objects = BTreeMap<(Kind, u64), Raw>;

/// Fills an empty shop.
pub(super) fn fill(store: &mut Store, objects: &Objects) {
    let of = |kind: Kind| {
        objects
            .iter()
            .filter(move |((k, _), _)| *k == kind)
            .map(|((_, id), raw)| (*id, raw))
    };
    for (id, raw) in of(Kind::Location) {
        store.locations.insert(id, build_location(id, raw));
    }
    for (id, raw) in of(Kind::Item) {
        store.items.insert(id, build_item(id, raw));
    }
    levels(store, of(Kind::Level));
    let mut variants: BTreeMap<u64, Vec<(i64, Variant)>> = BTreeMap::new();
    for (number, raw) in of(Kind::Variant) {
        let Some(product) = id(raw, &["productId", "product_id", "product"]) else {
            continue;
        };
        let position = int(raw, &["position"]).unwrap_or(i64::MAX);
        let variant = build_variant(store, number, product, raw);
        variants
            .entry(product)
            .or_default()
            .push((position, variant));
    }
    for (id, raw) in of(Kind::Product) {
        let mut variants = variants.remove(&id).unwrap_or_default();
        variants.sort_by_key(|(position, variant)| (*position, variant.id));
        let variants = variants.into_iter().map(|(_, variant)| variant).collect();
        store.put_product(build_product(id, raw, variants));
    }
    // A product that only its variants name is a product too.
    for (id, variants) in variants {
        let variants = variants.into_iter().map(|(_, variant)| variant).collect();
        store.put_product(build_product(id, &Raw::new(), variants));
    }
    for (id, raw) in of(Kind::Payout) {
        store.payouts.insert(id, build_payout(id, raw));
    }
    for (id, raw) in of(Kind::Order) {
        let order = orders::build(id, raw);
        store.orders.insert(id, order);
    }
}

/// When an object was made and changed: what is not said is taken from what is.
pub(super) fn times(raw: &Raw) -> (DateTime<Utc>, DateTime<Utc>) {
    let (created, updated) = (time(raw, &CREATED), time(raw, &UPDATED));
    let created = created.or(updated).unwrap_or(DateTime::UNIX_EPOCH);
    (created, updated.unwrap_or(created))
}

fn build_location(id: u64, raw: &Raw) -> Location {
    let (created_at, updated_at) = times(raw);
    let inner = get(raw, &["address"]).and_then(Value::as_object);
    Location {
        id,
        name: owned(raw, &["name"]).unwrap_or_else(|| format!("Location {id}")),
        is_active: flag(raw, &["isActive", "active"]).unwrap_or(true),
        is_primary: flag(raw, &["isPrimary"]).unwrap_or(false),
        fulfills_online_orders: flag(raw, &["fulfillsOnlineOrders"]).unwrap_or(true),
        is_fulfillment_service: flag(raw, &["isFulfillmentService"]).unwrap_or(false),
        address: build_address(inner.unwrap_or(raw)),
        created_at,
        updated_at,
    }
}

/// An address; of a location in REST, the location itself.
pub(super) fn build_address(raw: &Raw) -> Address {
    Address {
        id: id(raw, &["id"]).unwrap_or(0),
        first_name: owned(raw, &["firstName", "first_name"]),
        last_name: owned(raw, &["lastName", "last_name"]),
        company: owned(raw, &["company"]),
        address1: owned(raw, &["address1"]),
        address2: owned(raw, &["address2"]),
        city: owned(raw, &["city"]),
        province: owned(raw, &["province"]),
        province_code: owned(raw, &["provinceCode", "province_code"]),
        country: owned(raw, &["country", "country_name"]),
        country_code: owned(raw, &["countryCodeV2", "countryCode", "country_code"]),
        zip: owned(raw, &["zip"]),
        phone: owned(raw, &["phone"]),
    }
}

fn build_item(number: u64, raw: &Raw) -> InventoryItem {
    let (created_at, updated_at) = times(raw);
    let variant = id(raw, &["variantId", "variant"]);
    let product = get(raw, &["variant"])
        .and_then(|variant| variant.get("product"))
        .and_then(|product| product.get("id"))
        .and_then(super::raw::number);
    InventoryItem {
        id: number,
        variant: product.zip(variant),
        sku: owned(raw, &["sku"]),
        tracked: flag(raw, &["tracked"]).unwrap_or(true),
        requires_shipping: flag(raw, &["requiresShipping", "requires_shipping"]).unwrap_or(true),
        unit_cost: amount(raw, &["unitCost", "cost"]),
        country_of_origin: owned(raw, &["countryCodeOfOrigin", "country_code_of_origin"]),
        harmonized_system_code: owned(raw, &["harmonizedSystemCode", "harmonized_system_code"]),
        weight: None,
        created_at,
        updated_at,
        levels: vec![],
    }
}

/// Puts levels into their items. A level always names its item; the place may have to be found
/// out from another level with the same number, since a number belongs to a place.
fn levels<'r>(store: &mut Store, raws: impl Iterator<Item = (u64, &'r Raw)>) {
    let raws: Vec<&Raw> = raws.map(|(_, raw)| raw).collect();
    let places: BTreeMap<u64, u64> = raws
        .iter()
        .filter_map(|raw| Some((id(raw, &["levelId"])?, location(raw)?)))
        .collect();
    for raw in raws {
        let Some(item) = id(raw, &["itemId"]) else {
            continue;
        };
        let level_id = id(raw, &["levelId"]);
        let place = location(raw).or_else(|| places.get(&level_id?).copied());
        // Nothing says where it is: the level's own number stands for the place.
        let Some(place) = place.or(level_id) else {
            continue;
        };
        let number = places
            .iter()
            .find(|(_, at)| **at == place)
            .map(|(number, _)| *number);
        let (created_at, updated_at) = times(raw);
        let level = Level {
            id: level_id.or(number).unwrap_or(place),
            item,
            location: place,
            quantities: build_quantities(raw),
            created_at,
            updated_at,
        };
        let known = store
            .items
            .entry(item)
            .or_insert_with(|| build_item(item, &Raw::new()));
        if known.level(place).is_none() {
            known.levels.push(level);
        }
        store
            .locations
            .entry(place)
            .or_insert_with(|| build_location(place, &Raw::new()));
    }
}

fn build_quantities(raw: &Raw) -> Quantities {
    let mut quantities = Quantities {
        available: int(raw, &["available"]).unwrap_or(0),
        ..Quantities::default()
    };
    for entry in list(raw, &["quantities"]) {
        // What is on hand follows from the others.
        if let (Some(name), Some(quantity)) = (text(entry, &["name"]), int(entry, &["quantity"]))
            && name != "on_hand"
        {
            quantities.set(name, quantity);
        }
    }
    quantities
}

fn build_variant(store: &mut Store, number: u64, product: u64, raw: &Raw) -> Variant {
    let (created_at, updated_at) = times(raw);
    // A feed tells nothing of inventory items: the variant's own number stands for its item's.
    let item = id(raw, &["inventoryItem", "inventory_item_id"]).unwrap_or_else(|| {
        store
            .items
            .values()
            .find(|item| item.variant.is_some_and(|(_, variant)| variant == number))
            .map_or(number, |item| item.id)
    });
    let sku = owned(raw, &["sku"]);
    let known = store.items.entry(item).or_insert_with(|| InventoryItem {
        sku: sku.clone(),
        requires_shipping: flag(raw, &["requires_shipping"]).unwrap_or(true),
        created_at,
        updated_at,
        ..build_item(item, &Raw::new())
    });
    known.variant = Some((product, number));
    known.weight = known
        .weight
        .or_else(|| raw.get("grams").and_then(Value::as_f64));
    let selected = list(raw, &["selectedOptions"]);
    let options: Vec<Arc<str>> = if selected.is_empty() {
        [["option1"], ["option2"], ["option3"]]
            .iter()
            .filter_map(|name| text(raw, name).map(Arc::from))
            .collect()
    } else {
        selected
            .iter()
            .filter_map(|option| text(option, &["value"]).map(Arc::from))
            .collect()
    };
    Variant {
        id: number,
        title: owned(raw, &["title"]).unwrap_or_else(|| "Default Title".to_owned()),
        options,
        sku,
        barcode: owned(raw, &["barcode"]),
        price: amount(raw, &["price"]).unwrap_or_default(),
        compare_at_price: amount(raw, &["compareAtPrice", "compare_at_price"])
            .filter(|price| *price != Amount::ZERO),
        taxable: flag(raw, &["taxable"]).unwrap_or(true),
        oversell: text(raw, &["inventoryPolicy", "inventory_policy"])
            .is_some_and(|policy| policy.eq_ignore_ascii_case("continue")),
        stated_quantity: int(raw, &["inventoryQuantity", "inventory_quantity"]),
        stated_available: flag(raw, &["available", "availableForSale"]),
        inventory_item: item,
        image: id(raw, &["image_id", "featured_image"]),
        created_at,
        updated_at,
    }
}

fn build_product(number: u64, raw: &Raw, variants: Vec<Variant>) -> Product {
    let (created_at, updated_at) = times(raw);
    let status = text(raw, &["status"]).unwrap_or("ACTIVE").to_uppercase();
    let known = ["ACTIVE", "ARCHIVED", "DRAFT", "UNLISTED"].contains(&status.as_str());
    let html = owned(
        raw,
        &["descriptionHtml", "body_html", "bodyHtml", "description"],
    );
    Product {
        id: number,
        title: owned(raw, &["title"]).unwrap_or_else(|| format!("Product {number}")),
        handle: owned(raw, &["handle"]).unwrap_or_else(|| format!("product-{number}")),
        description_html: html.unwrap_or_default(),
        vendor: text(raw, &["vendor"]).unwrap_or_default().into(),
        product_type: text(raw, &["productType", "product_type"])
            .unwrap_or_default()
            .into(),
        status: if known {
            status.into()
        } else {
            "ACTIVE".into()
        },
        tags: texts(raw, &["tags"]).into_iter().map(Arc::from).collect(),
        template_suffix: owned(raw, &["templateSuffix", "template_suffix"]),
        is_gift_card: flag(raw, &["isGiftCard"]).unwrap_or(false),
        created_at,
        updated_at,
        published_at: time(raw, &["publishedAt", "published_at"]),
        options: options(number, raw, &variants),
        images: images(raw),
        variants,
    }
}

/// The options that are said, or else one for each value that the first variant has.
fn options(product: u64, raw: &Raw, variants: &[Variant]) -> Vec<ProductOption> {
    let said = list(raw, &["options"]);
    let count = said
        .len()
        .max(variants.iter().map(|v| v.options.len()).max().unwrap_or(0));
    (0..count)
        .zip(1u64..)
        .map(|(place, position)| {
            let option = said.get(place);
            let mut values: Vec<Arc<str>> = option
                .map(|option| texts(option, &["values"]))
                .unwrap_or_default()
                .into_iter()
                .map(Arc::from)
                .collect();
            for value in variants
                .iter()
                .filter_map(|variant| variant.options.get(place))
            {
                if !values.contains(value) {
                    values.push(Arc::clone(value));
                }
            }
            ProductOption {
                id: option
                    .and_then(|option| id(option, &["id"]))
                    .unwrap_or(product.wrapping_mul(10).wrapping_add(position)),
                name: option
                    .and_then(|option| text(option, &["name"]))
                    .unwrap_or("Title")
                    .into(),
                values,
            }
        })
        .collect()
}

fn images(raw: &Raw) -> Vec<Image> {
    list(raw, &["images"])
        .into_iter()
        .zip(1..)
        .filter_map(|(image, place)| {
            let size = |names: &[&str]| int(image, names).and_then(|size| u32::try_from(size).ok());
            Some(Image {
                id: id(image, &["id"]).unwrap_or(place),
                url: owned(image, &["url", "src", "originalSrc"])?,
                alt: owned(image, &["altText", "alt"]),
                width: size(&["width"]),
                height: size(&["height"]),
                variants: get(image, &["variant_ids"])
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .filter_map(number)
                    .collect(),
            })
        })
        .collect()
}

fn build_payout(id: u64, raw: &Raw) -> Payout {
    let summary = get(raw, &["summary"])
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let part = |names: [&str; 2]| amount(&summary, &names).unwrap_or_default();
    let status = text(raw, &["status"]).unwrap_or("PAID").to_uppercase();
    let net = get(raw, &["net"]).and_then(Value::as_object);
    Payout {
        id,
        status: match status.as_str() {
            "CANCELED" | "FAILED" | "IN_TRANSIT" | "SCHEDULED" => status.into(),
            _ => "PAID".into(),
        },
        issued_at: time(raw, &["issuedAt", "date"]).unwrap_or(DateTime::UNIX_EPOCH),
        currency: currency(raw, &["currency"])
            .or_else(|| net.and_then(|net| currency(net, &["currencyCode"])))
            .unwrap_or(Currency::USD),
        net: amount(raw, &["net", "amount"]).unwrap_or_default(),
        charges_gross: part(["chargesGross", "charges_gross_amount"]),
        charges_fee: part(["chargesFee", "charges_fee_amount"]),
        refunds_gross: part(["refundsFeeGross", "refunds_gross_amount"]),
        refunds_fee: part(["refundsFee", "refunds_fee_amount"]),
        adjustments_gross: part(["adjustmentsGross", "adjustments_gross_amount"]),
        adjustments_fee: part(["adjustmentsFee", "adjustments_fee_amount"]),
        reserved_gross: part(["reservedFundsGross", "reserved_funds_gross_amount"]),
        reserved_fee: part(["reservedFundsFee", "reserved_funds_fee_amount"]),
        retried_gross: part(["retriedPayoutsGross", "retried_payouts_gross_amount"]),
        retried_fee: part(["retriedPayoutsFee", "retried_payouts_fee_amount"]),
    }
}
