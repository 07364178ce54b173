//! Prints the reviews of a merchant's places on Google and what was answered, with one connector crate
//! and nothing else of this workspace but the contract and its HTTP transport.
//!
//! ```text
//! GOOGLE_CLIENT_ID=… GOOGLE_CLIENT_SECRET=… GOOGLE_REFRESH_TOKEN=… \
//!     cargo run -p example-google-reviews
//! ```
//!
//! The token is one of this client's for Business Profile, from the OAuth Playground, say. With
//! `CROSSDOCK_GATEWAY=http://127.0.0.1:9400` it talks to a sandbox on this machine.

use std::sync::Arc;

use anyhow::Context as _;
use connector_core::model::Model;
use connector_core::{Change, Connector as _, Record, Session, SyncRequest};
use connector_google::{Config, Google, GoogleCredential, Service};
use connector_http::{Options, Reroute};
use futures::TryStreamExt as _;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut options = Options::default();
    if let Some(gateway) = setting("CROSSDOCK_GATEWAY") {
        options.reroute = Some(Reroute::new(gateway.parse()?)?);
    }
    let context = connector_http::context(&options)?;
    let secret = needed("GOOGLE_CLIENT_SECRET")?.into();
    let google = Arc::new(Google::new(Config::app(
        needed("GOOGLE_CLIENT_ID")?,
        secret,
    )));
    let credential = GoogleCredential::of_refresh_token(
        needed("GOOGLE_REFRESH_TOKEN")?.into(),
        vec![Service::BusinessProfile],
        context.now(),
    );
    let session = Session::in_memory(&google, context, &credential)?;

    let mut pages = google.sync(session, SyncRequest::new("reviews"))?;
    while let Some(page) = pages.try_next().await? {
        page.records.iter().for_each(print);
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "this program's output")]
fn print(record: &Record) {
    if let Change::Upsert(Model::Review(review)) = &record.change {
        let stars = review
            .rating
            .map_or_else(String::new, |stars| format!("{stars} of 5"));
        let text = review.text.as_deref().unwrap_or_default();
        let state = if review.reply.is_some() {
            "answered"
        } else {
            "open"
        };
        println!("{stars:>6} {state:>8}  {text}");
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
