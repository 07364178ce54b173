//! Prints a seller's orders of the last two years and what eBay leaves of each, with one connector
//! crate and nothing else of this workspace but the contract and its HTTP transport.
//!
//! ```text
//! EBAY_CLIENT_ID=… EBAY_CLIENT_SECRET=… EBAY_REFRESH_TOKEN=… EBAY_MARKETPLACE=EBAY_GB \
//!     cargo run -p example-ebay-orders
//! ```
//!
//! The token is one that the developer portal gives for the seller's own account. With
//! `CROSSDOCK_GATEWAY=http://127.0.0.1:9400` it talks to a sandbox on this machine.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use connector_core::model::{Model, Money};
use connector_core::{
    Change, ConnectOutcome, ConnectStep, Connector as _, Form, Record, Session, SyncRequest,
};
use connector_ebay::{Config, Ebay};
use connector_http::{Options, Reroute};
use futures::TryStreamExt as _;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut options = Options::default();
    if let Some(gateway) = setting("CROSSDOCK_GATEWAY") {
        options.reroute = Some(Reroute::new(gateway.parse()?)?);
    }
    let context = connector_http::context(&options)?;
    let secret = needed("EBAY_CLIENT_SECRET")?.into();
    let ebay = Arc::new(Ebay::new(Config::keyset(needed("EBAY_CLIENT_ID")?, secret)));
    let begin = ConnectStep::Begin {
        method: "refresh_token".to_owned(),
        form: Form::new()
            .with("refresh_token", needed("EBAY_REFRESH_TOKEN")?)
            .with("marketplace", needed("EBAY_MARKETPLACE")?),
        // Nobody is sent anywhere for a token.
        return_to: "http://127.0.0.1/".parse()?,
    };
    let ConnectOutcome::Connected(credential) = ebay.connect(&context, begin).await? else {
        bail!("a refresh token connects at once");
    };
    let session = Session::in_memory(&ebay, context, &credential)?;

    let mut pages = ebay.sync(session, SyncRequest::new("orders"))?;
    while let Some(page) = pages.try_next().await? {
        page.records.iter().for_each(print);
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "this program's output")]
fn print(record: &Record) {
    if let Change::Upsert(Model::Order(order)) = &record.change {
        let amount =
            |money: Option<Money>| money.map_or_else(String::new, |money| money.to_string());
        println!(
            "{:>16} {:>14} less {:>12} leaves {:>14}",
            record.external_id,
            amount(order.total),
            amount(order.fee_total),
            amount(order.net_total)
        );
    }
}

fn needed(name: &str) -> anyhow::Result<String> {
    setting(name).with_context(|| format!("set {name}"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program reads its own environment"
)]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
