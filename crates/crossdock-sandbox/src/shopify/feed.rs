//! The public pages of a shop: `/products.json`, `/collections/{handle}/products.json`,
//! `/meta.json`.
//!
//! Anybody may read them. Not documented by the platform: what is here is what running shops do.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use super::objects::{Image, Product, Variant};
use super::rest::time;
use super::store::Store;
use crate::answer;
use crate::platform::Call;

/// How many products a page has unless it says otherwise, and at most.
const PAGE: u64 = 30;
const MAX_PAGE: u64 = 250;

/// How far into the feed one can page: `page * limit` beyond it is refused.
const REACH: u64 = 25_000;

/// Answers what anybody may ask of a shop.
pub(crate) fn answer(call: &Call<'_>, path: &str, store: &Store) -> Response<Bytes> {
    let collection = path
        .strip_prefix("/collections/")
        .and_then(|rest| rest.strip_suffix("/products.json"))
        .filter(|handle| !handle.contains('/'));
    match (path, collection) {
        ("/products.json", _) => products(call, store, None),
        (_, Some(handle)) => products(call, store, Some(handle).filter(|handle| *handle != "all")),
        ("/meta.json", _) => answer::json(StatusCode::OK, &meta(store)),
        _ => answer::with_body(
            StatusCode::NOT_FOUND,
            "text/html; charset=utf-8",
            "<!doctype html>\n<title>404 Not Found</title>\n<h1>404 Not Found</h1>\n",
        ),
    }
}

fn meta(store: &Store) -> Value {
    let info = &store.info;
    json!({
        "id": info.id,
        "name": info.name,
        "city": "",
        "province": "",
        "country": "US",
        "currency": info.currency.as_str(),
        "domain": info.domain,
        "url": format!("https://{}", info.domain),
        "myshopify_domain": info.domain,
        "description": null,
        "ships_to_countries": [],
        "money_format": "${{amount}}",
        "published_products_count": published(store, None).count(),
    })
}

/// Products that visitors see, the newest first. A collection holds the products of the type that
/// its handle names: the sandbox has no collections of its own.
fn published<'s>(
    store: &'s Store,
    collection: Option<&'s str>,
) -> impl Iterator<Item = &'s Product> {
    store.products().values().rev().filter(move |product| {
        product.is_published()
            && collection.is_none_or(|handle| {
                product.product_type.to_lowercase().replace(' ', "-") == handle
            })
    })
}

fn products(call: &Call<'_>, store: &Store, collection: Option<&str>) -> Response<Bytes> {
    let number = |name: &str| call.query(name).and_then(|text| text.parse::<u64>().ok());
    let limit = number("limit")
        .filter(|limit| *limit > 0)
        .unwrap_or(PAGE)
        .min(MAX_PAGE);
    let page = number("page").filter(|page| *page > 0).unwrap_or(1);
    if page.saturating_mul(limit) > REACH {
        return answer::json(
            StatusCode::BAD_REQUEST,
            &json!({ "errors": format!("Page * Limit exceeds the {REACH} limit.") }),
        );
    }
    let skip = usize::try_from((page - 1).saturating_mul(limit)).unwrap_or(usize::MAX);
    let take = usize::try_from(limit).unwrap_or(usize::MAX);
    let products: Vec<Value> = published(store, collection)
        .skip(skip)
        .take(take)
        .map(|product| show(store, product))
        .collect();
    answer::json(StatusCode::OK, &json!({ "products": products }))
}

fn show(store: &Store, product: &Product) -> Value {
    let image = |(position, image): (usize, &Image)| {
        json!({
            "id": image.id,
            "created_at": time(product.created_at),
            "position": position + 1,
            "updated_at": time(product.updated_at),
            "product_id": product.id,
            "variant_ids": image.variants,
            "src": image.url,
            "width": image.width,
            "height": image.height,
        })
    };
    let images: Vec<Value> = product.images.iter().enumerate().map(image).collect();
    let variant = |(position, variant): (usize, &Variant)| {
        let featured = product
            .images
            .iter()
            .enumerate()
            .find(|(_, i)| Some(i.id) == variant.image);
        let item = store.items.get(&variant.inventory_item);
        json!({
            "id": variant.id,
            "title": variant.title,
            "option1": variant.options.first().map_or("Default Title", |value| value),
            "option2": variant.options.get(1),
            "option3": variant.options.get(2),
            "sku": variant.sku,
            "requires_shipping": item.is_none_or(|item| item.requires_shipping),
            "taxable": variant.taxable,
            "featured_image": featured.map(image),
            "available": store.is_available(variant),
            "price": variant.price.price().to_string(),
            "grams": item.and_then(|item| item.weight).map_or(0, whole_grams),
            "compare_at_price": variant.compare_at_price.map(|price| price.price().to_string()),
            "position": position + 1,
            "product_id": product.id,
            "created_at": time(variant.created_at),
            "updated_at": time(variant.updated_at),
        })
    };
    let variants: Vec<Value> = product.variants.iter().enumerate().map(variant).collect();
    let options: Vec<Value> = product
        .options
        .iter()
        .zip(1..)
        .map(|(option, position)| {
            json!({ "name": option.name, "position": position, "values": option.values })
        })
        .collect();
    json!({
        "id": product.id,
        "title": product.title,
        "handle": product.handle,
        "body_html": product.description_html,
        "published_at": product.published_at.map(time),
        "created_at": time(product.created_at),
        "updated_at": time(product.updated_at),
        "vendor": product.vendor,
        "product_type": product.product_type,
        "tags": product.tags,
        "variants": variants,
        "images": images,
        "options": options,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a float too large becomes the largest number"
)]
fn whole_grams(grams: f64) -> i64 {
    grams.round() as i64
}
