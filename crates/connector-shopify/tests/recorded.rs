//! Shopify's own recorded replies, HMAC vectors and schema: read, mapped, judged and compared.
//!
//! They lie beside the repository and are not part of it. A clone without them skips, and says so.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use chrono::DateTime;
use connector_core::{Dialect as _, ErrorKind, Operation, Response, Verdict, WebhookEffect};
use connector_shopify::feed::FeedProducts;
use connector_shopify::{ShopifyDialect, ShopifyWebhooks, api, map};
use connector_testkit::recorded::shared;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::de::DeserializeOwned;
use serde_json::Value;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

/// Reads a recorded object. Its recorder put the word `redacted` where a time of change was; any
/// time will do.
fn object<T: DeserializeOwned>(mut json: Value) -> T {
    fn restore(value: &mut Value) {
        match value {
            Value::String(text) if text == "redacted" => {
                *text = String::from("2026-01-01T00:00:00Z");
            }
            Value::Array(items) => items.iter_mut().for_each(restore),
            Value::Object(fields) => fields.values_mut().for_each(restore),
            _ => {}
        }
    }
    restore(&mut json);
    serde_json::from_value(json).unwrap()
}

#[test]
fn every_recorded_answer_is_judged_and_its_throttle_read() {
    let Some(folder) = shared("fixtures/shopify/admin-graphql") else {
        return;
    };
    let (mut answers, mut denied, mut user_errors) = (0, 0, 0);
    for file in files(&folder) {
        let name = file.to_str().unwrap();
        if name.ends_with(".http.json") || name.ends_with(".expected.json") {
            continue;
        }
        let body = text(&file);
        let json: Value = serde_json::from_str(&body).unwrap();
        let response: Response = http::Response::new(body.into());
        let operation = Operation::read("recorded");
        match ShopifyDialect.judge(operation, &response, DateTime::UNIX_EPOCH) {
            Verdict::Answer => answers += 1,
            Verdict::Failure(error) if error.kind() == ErrorKind::PermissionDenied => denied += 1,
            // Recorded on purpose: a mutation of something that isn't there.
            Verdict::Failure(error) if error.message() == "Shopify refused the change" => {
                user_errors += 1;
            }
            verdict => panic!("{name}: {verdict:?}"),
        }
        let cost = &json["extensions"]["cost"]["throttleStatus"];
        let signal = ShopifyDialect.observe(operation, &response);
        assert_eq!(
            signal.and_then(|signal| signal.remaining),
            cost["currentlyAvailable"].as_f64(),
            "{name}"
        );
    }
    println!("{answers} answers, {denied} denied, {user_errors} with user errors");
    assert!(answers >= 70, "{answers}");
    assert_eq!(denied, 2, "missing scope and missing approval");
}

#[test]
fn recorded_objects_of_the_streams_are_mapped() {
    let Some(folder) = shared("fixtures/shopify") else {
        return;
    };
    let json = |path: &str| -> Value { serde_json::from_str(&text(&folder.join(path))).unwrap() };

    // A product and its variants were recorded by two bulk operations.
    let mut product = json("admin-graphql-bulk/products/products.json");
    let variants = json("admin-graphql-bulk/products/product_variants.json");
    assert_eq!(product["id"], variants["id"]);
    product["variants"] = serde_json::json!({ "nodes": variants["variants"] });
    let count = variants["variants"].as_array().unwrap().len();
    let record = map::product(object(product)).unwrap();
    let Some(connector_core::Model::Product(product)) = upsert(&record) else {
        panic!("no product")
    };
    assert_eq!(
        (record.external_id.as_str(), product.variants.len()),
        ("8086707830829", count)
    );
    assert_eq!(product.variants[0].price.unwrap().to_string(), "10.00 USD");

    let level =
        object::<api::InventoryLevel>(json("admin-graphql-bulk/inventory/inventory_levels.json"));
    let item =
        object::<api::InventoryItem>(json("admin-graphql-bulk/inventory/inventory_items.json"));
    let record = map::inventory_level(&item, None, &level);
    assert_eq!(record.external_id.split_once('/').unwrap().1, "73871392813");
    let Some(connector_core::Model::InventoryLevel(level)) = upsert(&record) else {
        panic!("no level")
    };
    assert_eq!((level.available, level.on_hand), (Some(0), Some(0)));

    let mut locations = vec![json("admin-graphql-bulk/inventory/locations.json")];
    let list = json("admin-graphql/locations/locations.json");
    locations.extend(
        list["data"]["locations"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .cloned(),
    );
    for location in &locations {
        let record = map::location(object(location.clone()));
        assert!(!record.external_id.is_empty());
    }
    let shop: api::Shop = object(json("admin-graphql/misc/get-shop.json")["data"]["shop"].clone());
    assert_eq!(shop.currency_code, "USD");
    println!(
        "1 product with {count} variants, 1 level, {} locations, 1 shop",
        locations.len()
    );
}

fn upsert(record: &connector_core::Record) -> Option<&connector_core::Model> {
    match &record.change {
        connector_core::Change::Upsert(model) => Some(model),
        connector_core::Change::Gone => None,
    }
}

#[test]
fn recorded_public_feeds_are_read_and_mapped_whole() {
    let (mut stores, mut products, mut variants) = (0, 0, 0);
    for folder in [
        "storefront-products-json",
        "storefront-products-json-snapshots",
    ] {
        let Some(folder) = shared(&format!("fixtures/shopify/{folder}")) else {
            return;
        };
        for file in files(&folder) {
            let body = text(&file);
            let json: Value = serde_json::from_str(&body).unwrap();
            let feed: FeedProducts = serde_json::from_str(&body).unwrap();
            assert_eq!(
                feed.products.len(),
                json["products"].as_array().unwrap().len()
            );
            stores += 1;
            for product in feed.products {
                products += 1;
                variants += product.variants.len();
                map::feed_product(product, connector_core::model::Currency::USD).unwrap();
            }
        }
    }
    println!("{products} products with {variants} variants from {stores} feeds");
    assert!(products > 200);
}

#[test]
fn recorded_webhooks_are_mapped_to_what_follows() {
    let Some(folder) = shared("fixtures/shopify/webhooks") else {
        return;
    };
    let webhooks = ShopifyWebhooks::new(vec!["hush".to_owned().into()]);
    let mut count = 0;
    for file in files(&folder) {
        let body = text(&file);
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        // `orders_create-2022-04.json`: the topic's slash is the last underscore.
        let (resource, event) = name.split('-').next().unwrap().rsplit_once('_').unwrap();
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"hush").unwrap();
        mac.update(body.as_bytes());
        let signature =
            base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
        let mut headers = http::HeaderMap::new();
        let topic = format!("{resource}/{event}");
        for (header, value) in [
            ("x-shopify-hmac-sha256", signature.as_str()),
            ("x-shopify-topic", &topic),
            ("x-shopify-shop-domain", "black-tees.myshopify.com"),
            ("x-shopify-webhook-id", "1"),
        ] {
            headers.insert(header, value.parse().unwrap());
        }
        let event = webhooks.event(&headers, body.as_bytes()).unwrap();
        let stream = match resource {
            "orders" | "fulfillments" => Some("orders"),
            "products" | "inventory_items" => Some("products"),
            "inventory_levels" => Some("inventory_levels"),
            "locations" => Some("locations"),
            _ => None,
        };
        let expected = stream.map_or(WebhookEffect::Nothing, |stream| WebhookEffect::Sync {
            stream: stream.to_owned(),
        });
        assert_eq!(event.effects, [expected], "{name}");
        count += 1;
    }
    println!("{count} webhooks");
    assert!(count >= 13);
}

#[test]
fn every_document_fits_the_schema() {
    let Some(schema) = shared("specs/shopify/admin_2026-10.graphql") else {
        return;
    };
    // The printed schema uses the directive without saying what it is.
    let schema = format!("{}\ndirective @oneOf on INPUT_OBJECT\n", text(&schema));
    let schema = apollo_compiler::Schema::parse_and_validate(schema, "admin.graphql")
        .map_err(|errors| errors.to_string())
        .unwrap();
    let documents = [
        <api::ProductsChanged as api::Query>::DOCUMENT,
        <api::ProductQuery as api::Query>::DOCUMENT,
        <api::ProductVariantsQuery as api::Query>::DOCUMENT,
        <api::OrdersChanged as api::Query>::DOCUMENT,
        <api::OrderQuery as api::Query>::DOCUMENT,
        <api::OrderLineItems as api::Query>::DOCUMENT,
        <api::LevelsChanged as api::Query>::DOCUMENT,
        <api::LevelQuery as api::Query>::DOCUMENT,
        <api::LocationsQuery as api::Query>::DOCUMENT,
        <api::LocationQuery as api::Query>::DOCUMENT,
        <api::PayoutsQuery as api::Query>::DOCUMENT,
        <api::PayoutQuery as api::Query>::DOCUMENT,
        <api::BalanceTransactionsQuery as api::Query>::DOCUMENT,
        <api::ShopQuery as api::Query>::DOCUMENT,
        <api::RunBulkQuery as api::Query>::DOCUMENT,
        <api::BulkOperationQuery as api::Query>::DOCUMENT,
        <api::BulkOperationsQuery as api::Query>::DOCUMENT,
        <api::CancelBulkOperation as api::Query>::DOCUMENT,
        api::PRODUCTS_BULK,
        api::ORDERS_BULK,
        api::ORDERS_BULK_PLAIN,
        api::INVENTORY_BULK,
        api::INVENTORY_BULK_PLAIN,
    ];
    for document in documents {
        apollo_compiler::ExecutableDocument::parse_and_validate(
            &schema,
            document,
            "document.graphql",
        )
        .map_err(|errors| errors.to_string())
        .unwrap();
    }
    println!("{} documents", documents.len());
}

#[test]
fn every_vector_for_webhooks_verifies() {
    let Some(vectors) = shared("specs/shopify/hmac-vectors.json") else {
        return;
    };
    let vectors: Value = serde_json::from_str(&text(&vectors)).unwrap();
    let mut count = 0;
    for vector in vectors["vectors"].as_array().unwrap() {
        if vector["kind"] != "webhook" {
            continue;
        }
        let webhooks =
            ShopifyWebhooks::new(vec![vector["secret"].as_str().unwrap().to_owned().into()]);
        let body = vector["raw_body"].as_str().unwrap();
        let mut headers = http::HeaderMap::new();
        for (header, value) in [
            (
                "x-shopify-hmac-sha256",
                vector["hmac_base64"].as_str().unwrap(),
            ),
            ("x-shopify-topic", "shop/update"),
            ("x-shopify-shop-domain", "black-tees.myshopify.com"),
            ("x-shopify-webhook-id", "1"),
        ] {
            headers.insert(header, value.parse().unwrap());
        }
        webhooks.event(&headers, body.as_bytes()).unwrap();
        webhooks
            .event(&headers, format!("{body} ").as_bytes())
            .unwrap_err();
        count += 1;
    }
    println!("{count} webhook vectors");
    assert_eq!(count, 3);
}
