//! `productUpdate` and `productSet`.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::super::graphql::Field;
use super::super::objects::{
    Amount, InventoryItem, Level, Product, ProductOption, Quantities, Variant,
};
use super::super::rest;
use super::{Mutation, number, user_error};

/// The product that the arguments name.
fn find(identifier: Option<&Value>, mutation: &Mutation<'_>) -> Option<u64> {
    let identifier = identifier?;
    let products = mutation.shop.store.products();
    let part = |name: &str| identifier.get(name).and_then(Value::as_str);
    if let Some(gid) = part("id") {
        return number(gid).filter(|id| products.contains_key(id));
    }
    let handle = part("handle")?;
    products
        .values()
        .find(|product| product.handle == handle)
        .map(|product| product.id)
}

pub(super) fn update(field: &Field, mutation: &mut Mutation<'_>, now: DateTime<Utc>) -> Value {
    let input = field.args.get("product").cloned().unwrap_or_default();
    let id = find(field.args.get("identifier"), mutation).or_else(|| find(Some(&input), mutation));
    let Some(mut product) = id.and_then(|id| mutation.shop.store.products().get(&id).cloned())
    else {
        let error = user_error(&["id"], None, "Product does not exist");
        return json!({ "product": null, "userErrors": [error] });
    };
    if input
        .get("title")
        .and_then(Value::as_str)
        .is_some_and(|title| title.trim().is_empty())
    {
        let error = user_error(&["title"], None, "Title can't be blank");
        return json!({ "product": null, "userErrors": [error] });
    }
    apply(&input, &mut product);
    product.updated_at = now;
    save(product, "PRODUCTS_UPDATE", mutation, now)
}

/// Takes over what the input says about the product itself.
pub(crate) fn apply(input: &Value, product: &mut Product) {
    let text = |name: &str| input.get(name).and_then(Value::as_str);
    if let Some(title) = text("title") {
        title.clone_into(&mut product.title);
    }
    if let Some(handle) = text("handle") {
        handle.clone_into(&mut product.handle);
    }
    if let Some(html) = text("descriptionHtml") {
        html.clone_into(&mut product.description_html);
    }
    if let Some(vendor) = text("vendor") {
        product.vendor = vendor.into();
    }
    if let Some(kind) = text("productType") {
        product.product_type = kind.into();
    }
    if let Some(status) = text("status") {
        product.status = status.into();
    }
    if let Some(tags) = input.get("tags").and_then(Value::as_array) {
        product.tags = tags
            .iter()
            .filter_map(Value::as_str)
            .map(Arc::from)
            .collect();
    }
}

fn save(product: Product, topic: &str, mutation: &mut Mutation<'_>, now: DateTime<Utc>) -> Value {
    let id = product.id;
    mutation.shop.store.put_product(product);
    let store = &mutation.shop.store;
    if let Some(product) = store.products().get(&id) {
        let body = rest::product(store, product);
        let domain = store.info.domain.clone();
        mutation
            .shop
            .webhooks
            .publish(&domain, topic, &body, now, mutation.world);
    }
    json!({ "product": format!("gid://shopify/Product/{id}"), "userErrors": [] })
}

pub(super) fn set(field: &Field, mutation: &mut Mutation<'_>, now: DateTime<Utc>) -> Value {
    let refuse = |path: &[&str], code: &str, message: &str| {
        json!({
            "product": null,
            "productSetOperation": null,
            "userErrors": [user_error(path, Some(code), message)],
        })
    };
    let input = field.args.get("input").cloned().unwrap_or_default();
    let identifier = field.args.get("identifier");
    let found = find(identifier, mutation);
    if identifier.is_some_and(|by| by.get("id").is_some()) && found.is_none() {
        return refuse(
            &["identifier"],
            "PRODUCT_DOES_NOT_EXIST",
            "Product does not exist",
        );
    }
    let known = found.and_then(|id| mutation.shop.store.products().get(&id).cloned());
    let is_new = known.is_none();
    let mut product = match known {
        Some(product) => product,
        None => match blank(&input, mutation, now) {
            Some(product) => product,
            None => return refuse(&["input", "title"], "INVALID_INPUT", "Title can't be blank"),
        },
    };
    apply(&input, &mut product);
    product.updated_at = now;
    if let Some(options) = input.get("productOptions").and_then(Value::as_array) {
        if input.get("variants").is_none() {
            return refuse(
                &["input", "variants"],
                "VARIANTS_INPUT_MISSING",
                "Variants input is required when updating product options",
            );
        }
        product.options = options
            .iter()
            .map(|option| read_option(option, mutation))
            .collect();
    }
    if let Some(variants) = input.get("variants").and_then(Value::as_array) {
        let before = std::mem::take(&mut product.variants);
        for (index, input) in variants.iter().enumerate() {
            match read_variant(input, &before, &product, mutation, now) {
                Ok(variant) => product.variants.push(variant),
                Err(message) => {
                    let place = index.to_string();
                    return refuse(&["input", "variants", &place], "INVALID_VARIANT", &message);
                }
            }
        }
        // The list replaces what was there: what it leaves out is gone, with its stock.
        for variant in &before {
            if !product.variants.iter().any(|kept| kept.id == variant.id) {
                mutation.shop.store.items.remove(&variant.inventory_item);
            }
        }
        for variant in &product.variants {
            if let Some(item) = mutation.shop.store.items.get_mut(&variant.inventory_item) {
                item.variant = Some((product.id, variant.id));
            }
        }
    }
    let topic = if is_new {
        "PRODUCTS_CREATE"
    } else {
        "PRODUCTS_UPDATE"
    };
    save(product, topic, mutation, now)
}

fn fresh(mutation: &mut Mutation<'_>) -> u64 {
    super::new_id(mutation.world)
}

fn blank(input: &Value, mutation: &mut Mutation<'_>, now: DateTime<Utc>) -> Option<Product> {
    let title = input
        .get("title")
        .and_then(Value::as_str)
        .filter(|title| !title.trim().is_empty())?;
    let handle: Vec<String> = title
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    Some(Product {
        id: fresh(mutation),
        title: title.to_owned(),
        handle: handle.join("-"),
        description_html: String::new(),
        vendor: mutation.shop.store.info.name.as_str().into(),
        product_type: "".into(),
        status: "ACTIVE".into(),
        tags: vec![],
        template_suffix: None,
        is_gift_card: false,
        created_at: now,
        updated_at: now,
        published_at: Some(now),
        options: vec![],
        images: vec![],
        variants: vec![],
    })
}

fn read_option(input: &Value, mutation: &mut Mutation<'_>) -> ProductOption {
    let text = |name: &str| input.get(name).and_then(Value::as_str);
    let values = input.get("values").and_then(Value::as_array);
    ProductOption {
        id: text("id")
            .and_then(number)
            .unwrap_or_else(|| fresh(mutation)),
        name: text("name").unwrap_or("Title").into(),
        values: values
            .into_iter()
            .flatten()
            .filter_map(|value| value.get("name").and_then(Value::as_str))
            .map(Arc::from)
            .collect(),
    }
}

fn read_variant(
    input: &Value,
    before: &[Variant],
    product: &Product,
    mutation: &mut Mutation<'_>,
    now: DateTime<Utc>,
) -> Result<Variant, String> {
    let text = |name: &str| input.get(name).and_then(Value::as_str);
    let mut options: Vec<Arc<str>> = vec![];
    for value in input
        .get("optionValues")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let name = value.get("name").and_then(Value::as_str);
        options.push(name.ok_or("Option value name can't be blank")?.into());
    }
    if options.len() != product.options.len() {
        return Err("The variant must have a value for every option of the product".to_owned());
    }
    let known = match text("id") {
        Some(gid) => Some(
            before
                .iter()
                .find(|variant| Some(variant.id) == number(gid))
                .ok_or("Product variant does not exist")?,
        ),
        None => before.iter().find(|variant| variant.options == options),
    };
    let mut variant = known.cloned().unwrap_or_else(|| {
        let (id, item) = (fresh(mutation), fresh(mutation));
        mutation.shop.store.items.insert(item, new_item(item, now));
        Variant {
            id,
            title: String::new(),
            options: vec![],
            sku: None,
            barcode: None,
            price: Amount::ZERO,
            compare_at_price: None,
            taxable: true,
            oversell: false,
            stated_quantity: Some(0),
            stated_available: None,
            inventory_item: item,
            image: None,
            created_at: now,
            updated_at: now,
        }
    });
    let title: Vec<&str> = options.iter().map(|value| &**value).collect();
    variant.title = if title.is_empty() {
        "Default Title".to_owned()
    } else {
        title.join(" / ")
    };
    variant.options = options;
    variant.updated_at = now;
    if let Some(sku) = text("sku") {
        variant.sku = Some(sku.to_owned());
        if let Some(item) = mutation.shop.store.items.get_mut(&variant.inventory_item) {
            item.sku = Some(sku.to_owned());
        }
    }
    if let Some(barcode) = text("barcode") {
        variant.barcode = Some(barcode.to_owned());
    }
    if let Some(price) = input.get("price") {
        variant.price = Amount::from_json(price).ok_or("Price is not a number")?;
    }
    if let Some(price) = input.get("compareAtPrice") {
        variant.compare_at_price = Amount::from_json(price);
    }
    if let Some(policy) = text("inventoryPolicy") {
        variant.oversell = policy == "CONTINUE";
    }
    if let Some(taxable) = input.get("taxable").and_then(Value::as_bool) {
        variant.taxable = taxable;
    }
    stock(input, variant.inventory_item, mutation, now)?;
    Ok(variant)
}

fn new_item(id: u64, now: DateTime<Utc>) -> InventoryItem {
    InventoryItem {
        id,
        variant: None,
        sku: None,
        tracked: true,
        requires_shipping: true,
        unit_cost: None,
        country_of_origin: None,
        harmonized_system_code: None,
        weight: None,
        created_at: now,
        updated_at: now,
        levels: vec![],
    }
}

/// Sets the quantities that a variant's input names.
fn stock(
    input: &Value,
    item: u64,
    mutation: &mut Mutation<'_>,
    now: DateTime<Utc>,
) -> Result<(), String> {
    let quantities = input.get("inventoryQuantities").and_then(Value::as_array);
    for entry in quantities.into_iter().flatten() {
        let location = entry
            .get("locationId")
            .and_then(Value::as_str)
            .and_then(number);
        let location = location
            .filter(|id| mutation.shop.store.locations.contains_key(id))
            .ok_or("Location does not exist")?;
        let name = entry
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or("available");
        let quantity = entry.get("quantity").and_then(Value::as_i64).unwrap_or(0);
        let id = fresh(mutation);
        let Some(item) = mutation.shop.store.items.get_mut(&item) else {
            continue;
        };
        if item.level(location).is_none() {
            item.levels.push(Level {
                id,
                item: item.id,
                location,
                quantities: Quantities::default(),
                created_at: now,
                updated_at: now,
            });
        }
        for level in item
            .levels
            .iter_mut()
            .filter(|level| level.location == location)
        {
            level.updated_at = now;
            if !level.quantities.set(name, quantity) {
                return Err(format!("The quantity name '{name}' is not valid"));
            }
        }
    }
    Ok(())
}
