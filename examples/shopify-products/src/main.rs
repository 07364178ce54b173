//! Prints a shop's products, with one connector crate and nothing else of this workspace but the
//! contract and its HTTP transport.
//!
//! ```text
//! SHOPIFY_SHOP=black-tees SHOPIFY_TOKEN=… cargo run -p example-shopify-products
//! ```
//!
//! The token is that of a custom app. With `CROSSDOCK_GATEWAY=http://127.0.0.1:9400` it talks to a
//! sandbox on this machine, whose `POST /_sandbox/platforms/shopify/token/custom` gives one.

use std::sync::Arc;

use anyhow::Context as _;
use connector_core::model::Model;
use connector_core::{Change, Connector as _, Next, Record, Session, SyncRequest};
use connector_http::{Options, Reroute};
use connector_shopify::{Config, ShopDomain, Shopify, ShopifyCredential};
use futures::TryStreamExt as _;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let shop = setting("SHOPIFY_SHOP").context("set SHOPIFY_SHOP to the shop's name")?;
    let token = setting("SHOPIFY_TOKEN").context("set SHOPIFY_TOKEN to a custom app's token")?;
    let mut options = Options::default();
    if let Some(gateway) = setting("CROSSDOCK_GATEWAY") {
        options.reroute = Some(Reroute::new(gateway.parse()?)?);
    }
    let context = connector_http::context(&options)?;
    let shopify = Arc::new(Shopify::new(Config::default()));
    let credential = ShopifyCredential::custom_app(ShopDomain::from_input(&shop)?, token.into());
    let session = Session::in_memory(&shopify, context, &credential)?;

    let mut resume = None;
    loop {
        let request = SyncRequest::new("products").resume_from(resume.take());
        let mut pages = shopify.sync(session.clone(), request)?;
        let mut wait = None;
        while let Some(page) = pages.try_next().await? {
            page.records.iter().for_each(print);
            if let Next::After(time) = page.next {
                wait = Some(time);
            }
            resume = Some(page.checkpoint);
        }
        // Shopify writes the whole catalogue into a file first; until then there is time to wait.
        match wait {
            Some(time) => tokio::time::sleep(time).await,
            None => return Ok(()),
        }
    }
}

#[expect(clippy::print_stdout, reason = "this program's output")]
fn print(record: &Record) {
    if let Change::Upsert(Model::Product(product)) = &record.change {
        let price = product.variants.first().and_then(|variant| variant.price);
        let price = price.map_or_else(String::new, |price| price.to_string());
        let variants = product.variants.len();
        println!(
            "{:>16} {:<48} {variants:>4} {price:>12}",
            record.external_id, product.title
        );
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program reads its own environment"
)]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
