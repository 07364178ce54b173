//! Prints a seller's newest orders on Alias, with one connector crate and nothing else of this
//! workspace but the contract and its HTTP transport.
//!
//! ```text
//! ALIAS_TOKEN=… cargo run -p example-alias-orders
//! ```
//!
//! With `CROSSDOCK_GATEWAY=http://127.0.0.1:9400` it talks to a sandbox on this machine, whose token
//! is `sbx_pat_demo`.

use std::sync::Arc;

use anyhow::Context as _;
use connector_alias::api::{Order, SearchOrders};
use connector_alias::{Alias, AliasCredential};
use connector_core::Session;
use connector_http::{Options, Reroute};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let token = setting("ALIAS_TOKEN").context("set ALIAS_TOKEN to a personal access token")?;
    let mut options = Options::default();
    if let Some(gateway) = setting("CROSSDOCK_GATEWAY") {
        options.reroute = Some(Reroute::new(gateway.parse()?)?);
    }
    let context = connector_http::context(&options)?;
    let credential = AliasCredential::new(token.into());
    let session = Session::in_memory(&Arc::new(Alias), context, &credential)?;

    let newest = SearchOrders {
        page_size: Some(20),
        ..SearchOrders::default()
    };
    for entry in session.call(&newest).await?.results {
        match entry.value() {
            Ok(order) => print(order),
            Err(error) => say(&format!("an order that can't be read: {error}")),
        }
    }
    Ok(())
}

fn print(order: &Order) {
    say(&format!(
        "{}  {:<32} {:>10} {:>10}  {}",
        order
            .sold_at
            .map_or_else(String::new, |at| at.format("%Y-%m-%d").to_string()),
        order.status.as_ref().map_or("?", |status| status.as_str()),
        dollars(order.price_cents),
        dollars(order.price_cents_after_take),
        order.catalog_name.as_deref().unwrap_or_default(),
    ));
}

fn dollars(cents: Option<i64>) -> String {
    cents.map_or_else(
        || "-".to_owned(),
        |cents| format!("${}.{:02}", cents / 100, cents % 100),
    )
}

#[expect(clippy::print_stdout, reason = "this program's output")]
fn say(line: &str) {
    println!("{line}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program reads its own environment"
)]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
