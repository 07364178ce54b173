//! Embeds the engine in a program of one's own: a store, a vault, one connector; connects an Alias
//! account by its token, syncs all of its streams, and says what changed since the last time.
//!
//! ```text
//! ALIAS_TOKEN=… cargo run -p example-embed-the-engine
//! ```
//!
//! With `CROSSDOCK_GATEWAY=http://127.0.0.1:9400` it talks to a sandbox on this machine, whose token
//! is `sbx_pat_demo`. What it stores is in `.crossdock-embedded/`, or where `DATA_DIR` says.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use connector_alias::Alias;
use connector_core::{Form, Registry};
use connector_http::{Options, Reroute};
use crossdock_engine::{
    BrowserKey, ConnectRequest, Engine, EngineParts, Instance, Progress, SyncOrder,
};
use crossdock_persistence::{Store, StoreOptions};
use crossdock_vault::{KeyFile, Vault};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let token = setting("ALIAS_TOKEN").context("set ALIAS_TOKEN to a personal access token")?;
    let dir =
        PathBuf::from(setting("DATA_DIR").unwrap_or_else(|| ".crossdock-embedded".to_owned()));
    std::fs::create_dir_all(dir.join("locks"))?;

    let mut options = Options::default();
    if let Some(gateway) = setting("CROSSDOCK_GATEWAY") {
        options.reroute = Some(Reroute::new(gateway.parse()?)?);
    }
    let context = connector_http::context(&options)?;
    let database = format!("sqlite:{}", dir.join("store.db").display());
    let store = Store::open(StoreOptions::new(database)).await?;
    store.migrate().await?;
    let keys = dir.join("keys");
    let keys = if keys.exists() {
        KeyFile::load(keys)?
    } else {
        KeyFile::create_new(keys)?
    };
    let project = store.default_project().await?.id;
    let engine = Engine::new(EngineParts {
        registry: Registry::default().with(Alias),
        store,
        vault: Arc::new(Vault::new(keys.ring())?),
        instance: Instance::with_lock_dir(dir.join("locks"), &context)?,
        context: context.clone(),
    });

    let request = ConnectRequest {
        platform: "alias".to_owned(),
        method: None,
        form: Form::new().with("token", token),
        return_to: "http://127.0.0.1/".parse()?,
        browser: BrowserKey::new(context.random_token()),
        settings: None,
        keep_raw: None,
    };
    let progress = engine.begin_connect(project, request).await?;
    let Progress::Connected { connection, .. } = progress else {
        anyhow::bail!("a token needs no further step");
    };
    let order = SyncOrder::new(connection.id);
    for report in engine.sync(project, order, |_event| {}).await? {
        let counts = report.counts;
        say(&format!(
            "{:<20} {:>5} new {:>5} changed {:>5} as before  {}",
            report.stream,
            counts.inserted,
            counts.updated,
            counts.unchanged,
            report
                .failure()
                .map_or("", |failure| failure.message.as_str()),
        ));
    }
    engine.shutdown().await;
    Ok(())
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
