//! How fast a bulk operation's file is read: lines, JSON, unified records; one thread, no network.
//!
//!     cargo bench -p connector-shopify --bench bulk_map
//!
//! The file of 25,000 products with two or three variants each is made in memory and handed to the
//! connector in the pieces that a connection gives. Everything is measured from the first request
//! to the last record, so what a session does around the file is in it.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark may fail, prints, and reads the clock"
)]

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::DateTime;
use connector_core::{
    Connector as _, Context, Download, Error, ErrorKind, Next, Operation, Request, Response,
    Result, Session, SyncRequest, Transport,
};
use connector_shopify::{Config, ShopDomain, Shopify, ShopifyCredential};
use connector_testkit::{SeededEntropy, TestClock};
use futures::{StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json};

const PRODUCTS: u32 = 25_000;

/// How often everything is measured; the fastest is what the machine can do.
const ROUNDS: usize = 5;

/// What a connection gives at once.
const PIECE: usize = 16 * 1024;

const MADE_AT: &str = "2026-06-01T12:00:00Z";

/// A shop that has one bulk operation's file, and no change since.
#[derive(Debug)]
struct Shop {
    file: Bytes,
    products: u32,
    lines: u32,
}

#[async_trait]
impl Transport for Shop {
    async fn send(&self, request: Request) -> Result<Response> {
        let operation = request.extensions().get::<Operation>();
        let id = "gid://shopify/BulkOperation/1";
        let data = match operation.map_or("", |operation| operation.name) {
            "bulkOperations" => json!({"bulkOperations": {"nodes": []}}),
            "bulkOperationRunQuery" => json!({"bulkOperationRunQuery": {
                "bulkOperation": {"id": id, "createdAt": MADE_AT},
                "userErrors": [],
            }}),
            "bulkOperation" => json!({"bulkOperation": {
                "id": id,
                "status": "COMPLETED",
                "errorCode": null,
                "createdAt": MADE_AT,
                "objectCount": self.lines.to_string(),
                "rootObjectCount": self.products.to_string(),
                "fileSize": self.file.len().to_string(),
                "url": "https://storage.example.com/bulk.jsonl",
            }}),
            "products" => json!({"products": {"nodes": []}}),
            _ => return Err(Error::new(ErrorKind::NotFound, "nobody answers this")),
        };
        let body = serde_json::to_vec(&json!({ "data": data })).unwrap();
        Ok(http::Response::new(body.into()))
    }

    async fn fetch(&self, _request: Request) -> Result<Download> {
        let file = self.file.clone();
        let starts = (0..file.len()).step_by(PIECE);
        let pieces = starts.map(move |start| Ok(file.slice(start..file.len().min(start + PIECE))));
        Ok(http::Response::new(futures::stream::iter(pieces).boxed()))
    }
}

fn main() {
    // `cargo test --benches` passes the words of the test harness: nothing is to be measured then.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let shop = Arc::new(shop());
    println!(
        "{} products in {} lines, {} MiB",
        shop.products,
        shop.lines,
        mebibytes(shop.file.len())
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let before = peak_kib();
    let mut fastest = f64::MAX;
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        let read = runtime.block_on(read(&shop));
        let seconds = begin.elapsed().as_secs_f64();
        assert_eq!(read, shop.products, "all of them");
        fastest = fastest.min(seconds);
        println!("{:.0} products/s", f64::from(shop.products) / seconds);
    }
    println!(
        "fastest: {:.0} products/s, {:.0} lines/s",
        f64::from(shop.products) / fastest,
        f64::from(shop.lines) / fastest,
    );
    if let (Some(before), Some(after)) = (before, peak_kib()) {
        println!("memory: {} KiB at most besides the file", after - before);
    }
}

/// Reads everything and gives the number of records.
async fn read(shop: &Arc<Shop>) -> u32 {
    let ctx = Context::new(
        Arc::clone(shop) as _,
        Arc::new(TestClock::new(MADE_AT.parse().unwrap())),
        Arc::new(SeededEntropy::new(1)),
    );
    let shopify = Arc::new(Shopify::new(Config::default()));
    let domain = ShopDomain::parse("black-tees.myshopify.com").unwrap();
    let credential = ShopifyCredential::custom_app(domain, "no-token".to_owned().into());
    let session = Session::in_memory(&shopify, ctx, &credential).unwrap();
    let (mut checkpoint, mut records) = (None, 0);
    loop {
        let request = SyncRequest::new("products").resume_from(checkpoint.take());
        let mut pages = shopify.sync(session.clone(), request).unwrap();
        while let Some(page) = pages.try_next().await.unwrap() {
            assert!(page.skipped.is_empty(), "{:?}", page.skipped);
            records += u32::try_from(page.records.len()).unwrap();
            if page.next == Next::Done {
                return records;
            }
            checkpoint = Some(page.checkpoint);
        }
    }
}

/// A shop of made-up tees, each product's line followed by those of its variants.
fn shop() -> Shop {
    let (mut file, mut lines) = (String::new(), 0);
    for number in 0..PRODUCTS {
        let product = product(number);
        writeln!(file, "{product}").unwrap();
        let variants = 2 + number % 2;
        for position in 1..=variants {
            writeln!(file, "{}", variant(number, position)).unwrap();
        }
        lines += 1 + variants;
    }
    Shop {
        file: file.into(),
        products: PRODUCTS,
        lines,
    }
}

fn product(number: u32) -> Value {
    let day = DateTime::from_timestamp(1_700_000_000 + i64::from(number) * 60, 0).unwrap();
    json!({
        "id": format!("gid://shopify/Product/{}", 7_000_000_000_u64 + u64::from(number)),
        "title": format!("Tee number {number}"),
        "handle": format!("tee-number-{number}"),
        "descriptionHtml": "<p>A \"plain\" tee of heavy cotton, dyed in the piece.</p>\n".repeat(6),
        "vendor": "Black Tees",
        "productType": "Tees",
        "status": "ACTIVE",
        "tags": ["cotton", "heavy", "summer"],
        "createdAt": day,
        "updatedAt": day,
        "publishedAt": day,
        "onlineStoreUrl": format!("https://black-tees.example.com/products/tee-number-{number}"),
        "options": [{"name": "Size", "values": ["S", "M", "L"]}],
        "featuredMedia": {"preview": {"image": {
            "url": format!("https://cdn.example.com/files/tee-{number}.jpg?v=1700000000"),
        }}},
        "priceRangeV2": {"minVariantPrice": {"currencyCode": "EUR"}},
    })
}

fn variant(number: u32, position: u32) -> Value {
    let product = 7_000_000_000_u64 + u64::from(number);
    let id = product * 10 + u64::from(position);
    let day = DateTime::from_timestamp(1_700_000_000 + i64::from(number) * 60, 0).unwrap();
    json!({
        "id": format!("gid://shopify/ProductVariant/{id}"),
        "title": format!("Size {position}"),
        "sku": format!("TEE-{number}-{position}"),
        "barcode": format!("40{number:010}{position}"),
        "price": "19.90",
        "compareAtPrice": "24.90",
        "inventoryQuantity": position * 3,
        "position": position,
        "createdAt": day,
        "updatedAt": day,
        "selectedOptions": [{"value": "S"}],
        "inventoryItem": {
            "id": format!("gid://shopify/InventoryItem/{id}"),
            "unitCost": {"amount": "7.5", "currencyCode": "EUR"},
            "measurement": {"weight": {"unit": "GRAMS", "value": 180.0}},
        },
        "__parentId": format!("gid://shopify/Product/{product}"),
    })
}

fn mebibytes(bytes: usize) -> usize {
    bytes / (1024 * 1024)
}

/// The most memory that this process has had; `None` where the system doesn't tell in this way.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
