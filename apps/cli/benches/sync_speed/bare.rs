//! The bare loop: ask for the file, read it, parse it, upsert it. Nothing else.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf as _, Bytes, BytesMut};
use connector_core::Transport;
use connector_http::{Options, Reroute};
use futures::StreamExt as _;
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _, PgConnection, QueryBuilder, SqliteConnection};
use tokio::time::Instant;

use crate::engine::skip;
use crate::{Measured, report};

/// A custom app's token that the sandbox knows; it opens nothing else.
pub(crate) const TOKEN: &str = "sbx_custom_app_demo";

const GRAPHQL: &str = "https://crossdock-demo.myshopify.com/admin/api/2026-10/graphql.json";

/// How many products share a transaction.
const PAGE: usize = 250;

/// What the connector asks for, near enough: the same fields make the same file.
const BULK: &str = "{ products { edges { node { id legacyResourceId title handle vendor productType \
    status tags descriptionHtml createdAt updatedAt publishedAt onlineStoreUrl \
    options { name values } featuredMedia { preview { image { url } } } \
    variants { edges { node { id legacyResourceId title sku barcode price compareAtPrice position \
    inventoryQuantity createdAt updatedAt selectedOptions { name value } \
    inventoryItem { id legacyResourceId unitCost { amount currencyCode } \
    measurement { weight { unit value } } } } } } } } } }";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Product {
    legacy_resource_id: String,
    title: String,
    handle: String,
    vendor: String,
    product_type: String,
    status: String,
    description_html: String,
    created_at: String,
    updated_at: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Variant {
    legacy_resource_id: String,
    title: String,
    sku: Option<String>,
    barcode: Option<String>,
    price: String,
    inventory_quantity: Option<i64>,
    updated_at: String,
    #[serde(rename = "__parentId")]
    parent: String,
}

const SCHEMA: [&str; 2] = [
    "CREATE TABLE products (id TEXT PRIMARY KEY, title TEXT, handle TEXT, vendor TEXT, \
     product_type TEXT, status TEXT, description TEXT, created_at TEXT, updated_at TEXT)",
    "CREATE TABLE variants (id TEXT PRIMARY KEY, parent TEXT, title TEXT, sku TEXT, barcode TEXT, \
     price TEXT, inventory_quantity BIGINT, updated_at TEXT)",
];

/// Upserts a page in one transaction, for either database.
macro_rules! upsert {
    ($connection:expr, $products:expr, $variants:expr) => {{
        let mut transaction = $connection.begin().await.unwrap();
        let mut query = QueryBuilder::new("INSERT INTO products ");
        query.push_values($products.drain(..), |mut row, product: Product| {
            row.push_bind(product.legacy_resource_id)
                .push_bind(product.title)
                .push_bind(product.handle)
                .push_bind(product.vendor)
                .push_bind(product.product_type)
                .push_bind(product.status)
                .push_bind(product.description_html)
                .push_bind(product.created_at)
                .push_bind(product.updated_at);
        });
        query.push(
            " ON CONFLICT (id) DO UPDATE SET title = excluded.title, handle = excluded.handle, \
             vendor = excluded.vendor, product_type = excluded.product_type, status = \
             excluded.status, description = excluded.description, created_at = \
             excluded.created_at, updated_at = excluded.updated_at",
        );
        query.build().execute(&mut *transaction).await.unwrap();
        let mut query = QueryBuilder::new("INSERT INTO variants ");
        query.push_values($variants.drain(..), |mut row, variant: Variant| {
            row.push_bind(variant.legacy_resource_id)
                .push_bind(variant.parent)
                .push_bind(variant.title)
                .push_bind(variant.sku)
                .push_bind(variant.barcode)
                .push_bind(variant.price)
                .push_bind(variant.inventory_quantity)
                .push_bind(variant.updated_at);
        });
        query.push(
            " ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, title = excluded.title, \
             sku = excluded.sku, barcode = excluded.barcode, price = excluded.price, \
             inventory_quantity = excluded.inventory_quantity, updated_at = excluded.updated_at",
        );
        query.build().execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
    }};
}

enum Connected {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Connected {
    async fn open(url: &str) -> Self {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let options = sqlx::sqlite::SqliteConnectOptions::new()
                .filename(path)
                .create_if_missing(true)
                .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
                .synchronous(sqlx::sqlite::SqliteSynchronous::Normal);
            let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
            for statement in SCHEMA {
                connection.execute(statement).await.unwrap();
            }
            return Self::Sqlite(connection);
        }
        let mut connection = PgConnection::connect(url).await.unwrap();
        for statement in SCHEMA {
            connection.execute(statement).await.unwrap();
        }
        Self::Postgres(connection)
    }

    async fn page(&mut self, products: &mut Vec<Product>, variants: &mut Vec<Variant>) {
        match self {
            Self::Sqlite(connection) => upsert!(connection, products, variants),
            Self::Postgres(connection) => upsert!(connection, products, variants),
        }
    }
}

pub(crate) async fn measure(url: &str, sandbox: &str) {
    let reroute = Some(Reroute::new(sandbox.parse().unwrap()).unwrap());
    let transport = connector_http::transport(&Options {
        reroute,
        ..Options::default()
    })
    .unwrap();
    let plain = connector_http::transport(&Options::default()).unwrap();
    let mut connected = Connected::open(url).await;
    for what in [
        "bare loop, everything is new",
        "bare loop, everything again, unchanged",
    ] {
        let began = Instant::now();
        let (records, requests) = read(&transport, &plain, sandbox, &mut connected).await;
        let seconds = began.elapsed().as_secs_f64();
        report(&Measured {
            what: what.to_owned(),
            records,
            seconds,
            requests,
        });
    }
}

async fn read(
    transport: &Arc<dyn Transport>,
    plain: &Arc<dyn Transport>,
    sandbox: &str,
    connected: &mut Connected,
) -> (u64, u64) {
    let mut requests = 1;
    let run = "mutation($query: String!) { bulkOperationRunQuery(query: $query, groupObjects: true) \
               { bulkOperation { id } userErrors { message } } }";
    let asked = ask(transport, run, json!({ "query": BULK })).await;
    let id = asked
        .pointer("/data/bulkOperationRunQuery/bulkOperation/id")
        .cloned()
        .unwrap();
    let file = loop {
        skip(plain, sandbox, Duration::from_secs(60)).await;
        requests += 1;
        let poll = "query($id: ID!) { bulkOperation(id: $id) { status url } }";
        let answer = ask(transport, poll, json!({ "id": id })).await;
        if let Some(url) = answer
            .pointer("/data/bulkOperation/url")
            .and_then(Value::as_str)
        {
            break url.to_owned();
        }
    };
    requests += 1;
    let request = http::Request::get(file).body(Bytes::new()).unwrap();
    let mut body = transport.fetch(request).await.unwrap().into_body();
    let (mut products, mut variants) = (Vec::with_capacity(PAGE), Vec::new());
    let (mut buffer, mut records) = (BytesMut::new(), 0_u64);
    while let Some(piece) = body.next().await {
        buffer.extend_from_slice(&piece.unwrap());
        while let Some(end) = buffer.iter().position(|byte| *byte == b'\n') {
            let line = buffer.split_to(end);
            buffer.advance(1);
            if line.windows(12).any(|window| window == b"\"__parentId\"") {
                variants.push(serde_json::from_slice::<Variant>(&line).unwrap());
                continue;
            }
            if products.len() == PAGE {
                connected.page(&mut products, &mut variants).await;
            }
            products.push(serde_json::from_slice::<Product>(&line).unwrap());
            records += 1;
        }
    }
    connected.page(&mut products, &mut variants).await;
    (records, requests)
}

async fn ask(transport: &Arc<dyn Transport>, query: &str, variables: Value) -> Value {
    let body = json!({ "query": query, "variables": variables }).to_string();
    let request = http::Request::post(GRAPHQL)
        .header("content-type", "application/json")
        .header("x-shopify-access-token", TOKEN)
        .body(body.into())
        .unwrap();
    serde_json::from_slice(transport.send(request).await.unwrap().body()).unwrap()
}
