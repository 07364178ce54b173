//! Prints the pins of an account, with one connector crate and nothing else of this workspace but the
//! contract and its HTTP transport.
//!
//! ```text
//! PINTEREST_CLIENT_ID=… PINTEREST_CLIENT_SECRET=… PINTEREST_REFRESH_TOKEN=… \
//!     cargo run -p example-pinterest-pins
//! ```
//!
//! The refresh token is used up: the next one is kept nowhere, so that this is for a token that can be
//! spared. With `CROSSDOCK_GATEWAY=http://127.0.0.1:9400` it talks to a sandbox on this machine.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use connector_core::model::Model;
use connector_core::{
    Change, ConnectOutcome, ConnectStep, Connector as _, Form, Record, Session, SyncRequest,
};
use connector_http::{Options, Reroute};
use connector_pinterest::{Config, Pinterest};
use futures::TryStreamExt as _;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut options = Options::default();
    if let Some(gateway) = setting("CROSSDOCK_GATEWAY") {
        options.reroute = Some(Reroute::new(gateway.parse()?)?);
    }
    let context = connector_http::context(&options)?;
    let secret = needed("PINTEREST_CLIENT_SECRET")?.into();
    let config = Config::app(needed("PINTEREST_CLIENT_ID")?, secret);
    let pinterest = Arc::new(Pinterest::new(config));
    let begin = ConnectStep::Begin {
        method: "refresh_token".to_owned(),
        form: Form::new().with("refresh_token", needed("PINTEREST_REFRESH_TOKEN")?),
        // Nobody is sent anywhere for a token.
        return_to: "http://127.0.0.1/".parse()?,
    };
    let ConnectOutcome::Connected(credential) = pinterest.connect(&context, begin).await? else {
        bail!("a refresh token connects at once");
    };
    let session = Session::in_memory(&pinterest, context, &credential)?;
    let mut pages = pinterest.sync(session, SyncRequest::new("pins"))?;
    while let Some(page) = pages.try_next().await? {
        page.records.iter().for_each(print);
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "this program's output")]
fn print(record: &Record) {
    if let Change::Upsert(Model::Content(pin)) = &record.change {
        let day = pin.created_at;
        let day = day.map_or_else(String::new, |at| at.date_naive().to_string());
        let kind = pin.platform_kind.as_deref().unwrap_or("pin");
        let title = pin.title.as_deref().or(pin.text.as_deref());
        println!("{day:<10} {kind:<9} {}", title.unwrap_or("without words"));
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
