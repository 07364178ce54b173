//! Fields of products and variants.

use std::borrow::Cow;

use serde_json::json;

use super::super::graphql::{Field, Resolved};
use super::super::objects::{Image, Product, ProductOption, Variant};
use super::{Answer, Context, Object, head, nested};

/// The position of an option's value in ids: far enough apart that no two options meet.
const VALUE_STRIDE: u64 = 1_000;

pub(super) fn product<'a>(product: &'a Product, field: &Field, cx: &'a Context<'a>) -> Answer<'a> {
    let store = &cx.shop.store;
    let currency = store.info.currency;
    Ok(match field.name {
        "id" => Resolved::Gid("Product", product.id),
        "legacyResourceId" => Resolved::Digits(product.id),
        "title" => Resolved::str(&product.title),
        "handle" => Resolved::str(&product.handle),
        "vendor" => Resolved::str(&product.vendor),
        "productType" => Resolved::str(&product.product_type),
        "status" => Resolved::str(&product.status),
        "tags" => Resolved::List(product.tags.iter().map(|tag| Resolved::str(tag)).collect()),
        "description" => {
            let mut text = product.description();
            if let Some(limit) = field.args.int("truncateAt") {
                text = text
                    .chars()
                    .take(usize::try_from(limit).unwrap_or(0))
                    .collect();
            }
            Resolved::Str(Cow::Owned(text))
        }
        "descriptionHtml" => Resolved::str(&product.description_html),
        "templateSuffix" => Resolved::opt(product.template_suffix.as_deref()),
        "isGiftCard" => Resolved::Bool(product.is_gift_card),
        "requiresSellingPlan" => Resolved::Bool(false),
        "createdAt" => Resolved::Time(product.created_at),
        "updatedAt" => Resolved::Time(product.updated_at),
        "publishedAt" => Resolved::opt_time(product.published_at),
        "onlineStoreUrl" if product.is_published() => Resolved::Str(Cow::Owned(format!(
            "https://{}/products/{}",
            store.info.domain, product.handle
        ))),
        "hasOnlyDefaultVariant" => Resolved::Bool(
            product.variants.len() <= 1
                && product
                    .variants
                    .iter()
                    .all(|variant| variant.title == "Default Title"),
        ),
        "hasOutOfStockVariants" => Resolved::Bool(
            product
                .variants
                .iter()
                .any(|variant| !store.is_available(variant)),
        ),
        "totalInventory" => Resolved::Int(
            product
                .variants
                .iter()
                .filter_map(|variant| store.quantity(variant))
                .sum(),
        ),
        "tracksInventory" => Resolved::Bool(product.variants.iter().any(|variant| {
            store
                .items
                .get(&variant.inventory_item)
                .is_some_and(|item| item.tracked)
        })),
        "variantsCount" => {
            Resolved::json(json!({ "count": product.variants.len(), "precision": "EXACT" }))
        }
        "mediaCount" => {
            Resolved::json(json!({ "count": product.images.len(), "precision": "EXACT" }))
        }
        "seo" => Resolved::json(json!({ "title": null, "description": null })),
        "priceRangeV2" => {
            let (low, high) = product.price_range();
            Resolved::json(json!({
                "minVariantPrice": money(low.decimal(), currency.as_str()),
                "maxVariantPrice": money(high.decimal(), currency.as_str()),
            }))
        }
        "compareAtPriceRange" => {
            let prices = || product.variants.iter().filter_map(|v| v.compare_at_price);
            match (prices().min(), prices().max()) {
                (Some(low), Some(high)) => Resolved::json(json!({
                    "minVariantCompareAtPrice": money(low.decimal(), currency.as_str()),
                    "maxVariantCompareAtPrice": money(high.decimal(), currency.as_str()),
                })),
                _ => Resolved::Null,
            }
        }
        "options" => {
            let options = product.options.iter().enumerate();
            Resolved::List(
                head(field, options)
                    .into_iter()
                    .map(|(i, option)| Resolved::Object(Object::Option(product, option, i + 1)))
                    .collect(),
            )
        }
        "featuredImage" => Resolved::opt_object(product.images.first().map(Object::Image)),
        "featuredMedia" => {
            Resolved::opt_object(product.images.first().map(|i| Object::Media(product, i)))
        }
        "images" => nested(
            field,
            cx,
            product.images.iter().map(|i| (i.id, i)),
            Object::Image,
        )?,
        "media" => nested(
            field,
            cx,
            product.images.iter().map(|i| (i.id, i)),
            |image| Object::Media(product, image),
        )?,
        "variants" => nested(
            field,
            cx,
            product
                .variants
                .iter()
                .enumerate()
                .map(|(at, variant)| (variant.id, (at, variant))),
            |(at, variant)| Object::Variant(product, at + 1, variant),
        )?,
        _ => Resolved::Null,
    })
}

fn money(amount: impl std::fmt::Display, currency: &str) -> serde_json::Value {
    json!({ "amount": amount.to_string(), "currencyCode": currency })
}

pub(super) fn variant<'a>(
    product: &'a Product,
    position: usize,
    variant: &'a Variant,
    field: &Field,
    cx: &'a Context<'a>,
) -> Answer<'a> {
    let store = &cx.shop.store;
    let images = || {
        product
            .images
            .iter()
            .filter(|image| Some(image.id) == variant.image)
    };
    Ok(match field.name {
        "id" => Resolved::Gid("ProductVariant", variant.id),
        "legacyResourceId" => Resolved::Digits(variant.id),
        "title" => Resolved::str(&variant.title),
        "displayName" => {
            Resolved::Str(Cow::Owned(format!("{} - {}", product.title, variant.title)))
        }
        "sku" => Resolved::opt(variant.sku.as_deref()),
        "barcode" => Resolved::opt(variant.barcode.as_deref()),
        "price" => Resolved::Price(variant.price),
        "compareAtPrice" => variant
            .compare_at_price
            .map_or(Resolved::Null, Resolved::Price),
        "position" => Resolved::Int(i64::try_from(position).unwrap_or(i64::MAX)),
        "taxable" => Resolved::Bool(variant.taxable),
        "availableForSale" => Resolved::Bool(store.is_available(variant)),
        "inventoryPolicy" => Resolved::str(if variant.oversell { "CONTINUE" } else { "DENY" }),
        "inventoryQuantity" => store
            .quantity(variant)
            .map_or(Resolved::Null, Resolved::Int),
        "sellableOnlineQuantity" => Resolved::Int(store.quantity(variant).unwrap_or(0)),
        "createdAt" => Resolved::Time(variant.created_at),
        "updatedAt" => Resolved::Time(variant.updated_at),
        "product" => Resolved::Object(Object::Product(product)),
        "inventoryItem" => {
            Resolved::opt_object(store.items.get(&variant.inventory_item).map(Object::Item))
        }
        "image" => Resolved::opt_object(images().next().map(Object::Image)),
        "media" => nested(field, cx, images().map(|i| (i.id, i)), |i| {
            Object::Media(product, i)
        })?,
        _ => Resolved::json(
            product
                .options
                .iter()
                .zip(&variant.options)
                .map(|(option, value)| {
                    let place = option.values.iter().position(|known| known == value);
                    json!({
                        "name": option.name,
                        "value": value,
                        "optionValue": option_value(option, place.unwrap_or(0), value),
                    })
                })
                .collect(),
        ),
    })
}

fn option_value(option: &ProductOption, place: usize, name: &str) -> serde_json::Value {
    let place = u64::try_from(place).unwrap_or(0);
    let id = option.id.wrapping_mul(VALUE_STRIDE).wrapping_add(place);
    json!({
        "id": format!("gid://shopify/ProductOptionValue/{id}"),
        "name": name,
        "hasVariants": true,
    })
}

pub(super) fn option<'a>(
    product: &'a Product,
    option: &'a ProductOption,
    position: usize,
    field: &Field,
) -> Resolved<'a> {
    match field.name {
        "id" => Resolved::Gid("ProductOption", option.id),
        "name" => Resolved::str(&option.name),
        "position" => Resolved::Int(i64::try_from(position).unwrap_or(i64::MAX)),
        "values" => {
            let used = |value: &&std::sync::Arc<str>| {
                product
                    .variants
                    .iter()
                    .any(|variant| variant.options.contains(value))
            };
            let values = option.values.iter().filter(used);
            Resolved::List(values.map(|value| Resolved::str(value)).collect())
        }
        _ => Resolved::json(
            option
                .values
                .iter()
                .enumerate()
                .map(|(place, value)| option_value(option, place, value))
                .collect(),
        ),
    }
}

pub(super) fn image<'a>(image: &'a Image, field: &Field) -> Resolved<'a> {
    match field.name {
        "id" => Resolved::Gid("ProductImage", image.id),
        "url" => Resolved::str(&image.url),
        "altText" => Resolved::opt(image.alt.as_deref()),
        "width" => image
            .width
            .map_or(Resolved::Null, |width| Resolved::Int(width.into())),
        _ => image
            .height
            .map_or(Resolved::Null, |height| Resolved::Int(height.into())),
    }
}

pub(super) fn media<'a>(product: &'a Product, image: &'a Image, field: &Field) -> Resolved<'a> {
    match field.name {
        "id" => Resolved::Gid("MediaImage", image.id),
        "alt" => Resolved::opt(image.alt.as_deref()),
        "image" => Resolved::Object(Object::Image(image)),
        "preview" => Resolved::json(json!({
            "status": "READY",
            "image": {
                "id": format!("gid://shopify/ImageSource/{}", image.id),
                "url": image.url,
                "altText": image.alt,
                "width": image.width,
                "height": image.height,
            },
        })),
        "mediaContentType" => Resolved::str("IMAGE"),
        "status" => Resolved::str("READY"),
        "createdAt" => Resolved::Time(product.created_at),
        "updatedAt" => Resolved::Time(product.updated_at),
        _ => Resolved::Null,
    }
}
