//! Prints a seller's orders of the last two years, with one connector crate and nothing else of this
//! workspace but the contract and its HTTP transport.
//!
//! ```text
//! AMAZON_CLIENT_ID=… AMAZON_CLIENT_SECRET=… AMAZON_REFRESH_TOKEN=… AMAZON_SELLER=… AMAZON_REGION=eu \
//!     cargo run -p example-amazon-orders
//! ```
//!
//! The token is one that the seller's own application was given. With
//! `CROSSDOCK_GATEWAY=http://127.0.0.1:9400` it talks to a sandbox on this machine.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use connector_amazon_spapi::{AmazonSpapi, Config};
use connector_core::model::Model;
use connector_core::{
    Change, ConnectOutcome, ConnectStep, Connector as _, Form, Next, Record, Session, SyncRequest,
};
use connector_http::{Options, Reroute};
use futures::TryStreamExt as _;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut options = Options::default();
    if let Some(gateway) = setting("CROSSDOCK_GATEWAY") {
        options.reroute = Some(Reroute::new(gateway.parse()?)?);
    }
    let context = connector_http::context(&options)?;
    let mut config = Config::default();
    config.client_id = Some(needed("AMAZON_CLIENT_ID")?);
    config.client_secret = Some(needed("AMAZON_CLIENT_SECRET")?.into());
    let amazon = Arc::new(AmazonSpapi::new(config));
    let begin = ConnectStep::Begin {
        method: "refresh_token".to_owned(),
        form: Form::new()
            .with("refresh_token", needed("AMAZON_REFRESH_TOKEN")?)
            .with("selling_partner_id", needed("AMAZON_SELLER")?)
            .with("region", needed("AMAZON_REGION")?),
        // Nobody is sent anywhere for a token.
        return_to: "http://127.0.0.1/".parse()?,
    };
    let ConnectOutcome::Connected(credential) = amazon.connect(&context, begin).await? else {
        bail!("a refresh token connects at once");
    };
    let session = Session::in_memory(&amazon, context, &credential)?;

    let mut resume = None;
    loop {
        let request = SyncRequest::new("orders").resume_from(resume.take());
        let mut pages = amazon.sync(session.clone(), request)?;
        let mut wait = None;
        while let Some(page) = pages.try_next().await? {
            page.records.iter().for_each(print);
            if let Next::After(time) = page.next {
                wait = Some(time);
            }
            resume = Some(page.checkpoint);
        }
        match wait {
            Some(time) => tokio::time::sleep(time).await,
            None => return Ok(()),
        }
    }
}

#[expect(clippy::print_stdout, reason = "this program's output")]
fn print(record: &Record) {
    if let Change::Upsert(Model::Order(order)) = &record.change {
        let total = order
            .total
            .map_or_else(String::new, |total| total.to_string());
        let status = order.platform_status.as_deref().unwrap_or_default();
        let lines = order.lines.len();
        println!(
            "{:>20} {status:<20} {lines:>3} {total:>16}",
            record.external_id
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
