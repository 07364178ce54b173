//! Prints who wants something of a business on Facebook and Instagram, with one connector crate and
//! nothing else of this workspace but the contract and its HTTP transport.
//!
//! ```text
//! META_APP_ID=… META_APP_SECRET=… META_TOKEN=… cargo run -p example-meta-leads
//! ```
//!
//! The token is a system user's of that app. With `CROSSDOCK_GATEWAY=http://127.0.0.1:9400` it talks to a
//! sandbox on this machine.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use connector_core::model::Model;
use connector_core::{
    Change, ConnectOutcome, ConnectStep, Connector as _, Form, ModelKind, Next, Record, Session,
    SyncRequest,
};
use connector_http::{Options, Reroute};
use connector_meta::{Config, DESCRIPTOR, Meta};
use futures::TryStreamExt as _;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut options = Options::default();
    if let Some(gateway) = setting("CROSSDOCK_GATEWAY") {
        options.reroute = Some(Reroute::new(gateway.parse()?)?);
    }
    let context = connector_http::context(&options)?;
    let config = Config::app(needed("META_APP_ID")?, needed("META_APP_SECRET")?.into());
    let meta = Arc::new(Meta::new(config));
    let begin = ConnectStep::Begin {
        method: "system_user_token".to_owned(),
        form: Form::new().with("token", needed("META_TOKEN")?),
        // Nobody is sent anywhere for a token.
        return_to: "http://127.0.0.1/".parse()?,
    };
    let ConnectOutcome::Connected(credential) = meta.connect(&context, begin).await? else {
        bail!("a system user's token connects at once");
    };
    let session = Session::in_memory(&meta, context, &credential)?;
    for stream in DESCRIPTOR.streams {
        if stream.model == ModelKind::Inquiry {
            read(&meta, &session, stream.id).await?;
        }
    }
    Ok(())
}

async fn read(
    meta: &Meta,
    session: &Session<connector_meta::MetaCredential>,
    stream: &str,
) -> anyhow::Result<()> {
    let mut resume = None;
    loop {
        let request = SyncRequest::new(stream).resume_from(resume.take());
        let mut pages = meta.sync(session.clone(), request)?;
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
    if let Change::Upsert(Model::Inquiry(inquiry)) = &record.change {
        let at = inquiry.updated_at.or(inquiry.created_at);
        let day = at.map_or_else(String::new, |at| at.date_naive().to_string());
        let channel = inquiry.channel.as_deref().unwrap_or("form");
        let name = inquiry.contact_name.as_deref().unwrap_or("somebody");
        // A form has no message, but often an advertisement that led to it.
        let origin = inquiry.origin.as_ref();
        let campaign = origin.and_then(|origin| origin.campaign_external_id.as_deref());
        match (inquiry.message.as_deref(), campaign) {
            (Some(message), _) => println!("{day:<10} {channel:<10} {name}: {message}"),
            (None, Some(campaign)) => println!("{day:<10} {channel:<10} {name}, by {campaign}"),
            (None, None) => println!("{day:<10} {channel:<10} {name}"),
        }
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
