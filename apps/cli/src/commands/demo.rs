//! `crossdock demo`: everything, without an account.
//!
//! Starts the sandbox (unless a gateway is set) and the service, connects one account per platform
//! through the real flows, tests them, syncs every stream, checks samples against the platform, and
//! says what changed since the last time.

mod browser;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use connector_core::{Clock as _, ExposeSecret as _};
use connector_http::SystemClock;
use connector_registry::{SandboxAccount, sandbox_accounts};
use crossdock_api::{ApiSettings, replace_admin_token};
use crossdock_persistence::ConnectionStatus;
use crossdock_sandbox::{LoadReport, Options, Sandbox};
use crossdock_vault::KeyFile;
use serde_json::json;
use tokio::sync::Notify;

use self::browser::Browser;
use crate::app::{self, App};
use crate::args;
use crate::commands::sandbox::{bind, explain, load, shutdown};
use crate::commands::{serve, sync};
use crate::failure::Failure;
use crate::output::{Output, table};
use crate::settings::Settings;

/// How many records of each stream are looked up one by one after the sync.
const SAMPLE: u32 = 3;

/// How long a stream of the demo sits out what its platform prepares or holds back. The sandbox prepares
/// in seconds, but gives Amazon's prices of twenty products every half minute, as Amazon does.
const PATIENCE: Duration = Duration::from_mins(5);

/// The file by which a demo's data directory is known.
const AS_OF: &str = "sandbox-as-of";

/// A demo's accounts are there in the sandbox alone: their credentials must not be sent anywhere
/// else.
pub(crate) fn refuse_without_sandbox(settings: &Settings) -> Result<(), Failure> {
    if settings.gateway.is_none() && settings.data_dir.join(AS_OF).exists() {
        return Err(Failure::config(format!(
            "{} holds a demo's accounts, which only the sandbox knows: run `crossdock sandbox` and \
             set --gateway to its address, or use another data directory",
            settings.data_dir.display()
        )));
    }
    Ok(())
}

pub(crate) async fn run(
    args: args::Demo,
    mut settings: Settings,
    output: Output,
) -> Result<(), Failure> {
    if settings.data_dir == Settings::default().data_dir {
        // Not where a real installation would be, and not where other recordings were loaded.
        settings.data_dir = demo_dir(args.seed.as_deref());
    }
    refuse_real_installation(&settings)?;
    app::make_dir(&settings.data_dir)?;
    let as_of = as_of(&settings.data_dir)?;
    if settings.keys.is_none() && !settings.key_file().exists() {
        KeyFile::create_new(settings.key_file())?;
    }
    let end = Arc::new(Notify::new());
    let mut loaded = None;
    if settings.gateway.is_none() {
        let (address, report) = start_sandbox(&args, as_of, &end, output)?;
        settings.gateway = Some(address);
        loaded = report;
    } else if args.seed.is_some() {
        return Err(Failure::usage(
            "--seed: recordings are loaded into the demo's own sandbox, and a gateway is set; give \
             --seed to `crossdock sandbox` instead",
        ));
    }
    let accounts = sandbox_accounts();
    settings.platforms = known_apps(&accounts)?;

    let app = App::open(settings).await?;
    let listen = args.listen.unwrap_or_else(|| ([127, 0, 0, 1], 0).into());
    let application = serve::build(&app, ApiSettings::new(listen)).await?;
    let home = application.public_url().clone();
    let token = replace_admin_token(app.engine.store(), &app.context).await?;
    let until_end = Arc::clone(&end);
    let service = tokio::spawn(application.run_until(async move { until_end.notified().await }));

    // Side by side, each in a browser of its own: nobody waits for the slowest platform's pages
    // but its own account.
    let connecting = accounts.iter().map(|account| {
        let browser = Browser::new(home.clone(), token.expose_secret().to_owned());
        let app = &app;
        async move { connect(account, app, browser?, output).await }
    });
    futures::future::try_join_all(connecting).await?;
    let result = sync_and_tell(&app, loaded.as_ref(), output).await;

    if result.is_ok() && !args.once {
        output.note(&format!(
            "\nThe console is at {home}\nand opens with the token {}\nCtrl-C ends it.",
            token.expose_secret()
        ));
        shutdown().await;
    }
    end.notify_waiters();
    service.await.map_err(std::io::Error::other)??;
    result
}

/// A demo takes a new admin token and sends everything to a sandbox: never with what holds real
/// accounts.
fn refuse_real_installation(settings: &Settings) -> Result<(), Failure> {
    if settings.database_url.is_some() {
        return Err(Failure::usage(
            "the demo has a database of its own: unset database_url (CROSSDOCK_DATABASE_URL)",
        ));
    }
    let dir = &settings.data_dir;
    let is_used = dir.join("crossdock.sqlite").exists() || settings.key_file().exists();
    if is_used && !dir.join(AS_OF).exists() {
        return Err(Failure::usage(format!(
            "{} is not a demo's: give the demo another --data-dir",
            dir.display()
        )));
    }
    Ok(())
}

fn demo_dir(seed: Option<&Path>) -> PathBuf {
    PathBuf::from(if seed.is_some() {
        ".crossdock-demo-recorded"
    } else {
        ".crossdock-demo"
    })
}

/// Starts the sandbox within this process, and gives its address and what it loaded.
fn start_sandbox(
    args: &args::Demo,
    as_of: DateTime<Utc>,
    end: &Arc<Notify>,
    output: Output,
) -> Result<(url::Url, Option<LoadReport>), Failure> {
    let mut options = Options::new(SystemClock.now());
    options.as_of = as_of;
    let mut sandbox = Sandbox::new(options);
    let loaded = args
        .seed
        .as_ref()
        .map(|dir| load(&mut sandbox, dir))
        .transpose()?;
    if let Some(report) = &loaded {
        output.note(&explain(report));
    }
    let server = bind(SocketAddr::from(([127, 0, 0, 1], 0)), sandbox)?;
    let address = format!("http://{}", server.address());
    let end = Arc::clone(end);
    tokio::spawn(async move {
        if let Err(error) = server.run(async move { end.notified().await }).await {
            tracing::error!(%error, "the sandbox ended");
        }
    });
    let address = address
        .parse()
        .map_err(|_cause| Failure::usage("the sandbox's address can't be used"))?;
    Ok((address, loaded))
}

/// The time before which this demo's made-up data lies: the same at every run, so that what is made
/// up is the same.
fn as_of(data_dir: &Path) -> Result<DateTime<Utc>, Failure> {
    let path = data_dir.join(AS_OF);
    let stored = std::fs::read_to_string(&path)
        .ok()
        .and_then(|text| text.trim().parse().ok());
    if let Some(stored) = stored {
        return Ok(stored);
    }
    let first = Options::new(SystemClock.now()).as_of;
    std::fs::write(&path, first.to_rfc3339())
        .map_err(|error| Failure::io(path.display(), &error))?;
    Ok(first)
}

/// The configuration with the apps that the sandbox knows.
fn known_apps(accounts: &[SandboxAccount]) -> Result<connector_registry::Config, Failure> {
    let sections: serde_json::Map<_, _> = accounts
        .iter()
        .filter(|account| !account.config.is_null())
        .map(|account| (account.platform.to_owned(), account.config.clone()))
        .collect();
    serde_json::from_value(sections.into())
        .map_err(|error| Failure::config(format!("the sandbox's apps: {error}")))
}

/// Connects an account through the service, as a person would, and tests it.
async fn connect(
    account: &SandboxAccount,
    app: &App,
    mut browser: Browser,
    output: Output,
) -> Result<(), Failure> {
    let platform = account.platform;
    let connections = app.store().connections().await?;
    let existing = connections.iter().find(|connection| {
        connection.platform == platform && connection.status == ConnectionStatus::Active
    });
    if existing.is_none() {
        let pairs = |pairs: &[(&'static str, &'static str)]| {
            pairs.iter().copied().collect::<BTreeMap<_, _>>()
        };
        let answer = browser
            .post_json(
                "/api/connections",
                &json!({
                    "platform": platform,
                    "method": account.method,
                    "form": pairs(account.form),
                    "settings": pairs(account.settings),
                }),
            )
            .await?;
        if let Some(page) = answer.get("url").and_then(serde_json::Value::as_str) {
            let page = page
                .parse()
                .map_err(|_cause| Failure::incomplete("the consent page's address"))?;
            browser.agree_to_everything(&page).await?;
        }
    }
    let connection = app.connection(platform).await?;
    let tested = app.engine.test(app.project, connection.id).await?;
    let how = if existing.is_some() {
        "was connected before"
    } else {
        "is connected"
    };
    output.note(&format!("{platform} {how} and works: {}", tested.name));
    Ok(())
}

/// Syncs everything, and tells what came, whether it is what the platform has, and what changed.
async fn sync_and_tell(
    app: &App,
    loaded: Option<&LoadReport>,
    output: Output,
) -> Result<(), Failure> {
    let store = app.store();
    let before = store.last_sequence().await?;
    let connections = sync::active(app).await?;
    let results = sync::sync_all(
        app,
        &connections,
        &args::Sync::everything(),
        PATIENCE,
        output,
    )
    .await?;
    let changed = store.last_sequence().await? - before;

    let checking = connections.iter().map(|connection| async {
        let checks = app
            .engine
            .spot_check(app.project, connection.id, SAMPLE)
            .await?;
        Ok::<_, Failure>(
            checks
                .into_iter()
                .map(|check| (&connection.platform, check)),
        )
    });
    let checks: Vec<_> = futures::future::try_join_all(checking)
        .await?
        .into_iter()
        .flatten()
        .collect();
    let summary = json!({ "loaded": loaded, "synced": results, "changes": changed });
    output.result(&summary, || {
        let rows = checks
            .iter()
            .filter(|(_, check)| check.looked_up > 0)
            .map(|(platform, check)| {
                vec![
                    (*platform).clone(),
                    check.stream.clone(),
                    check.looked_up.to_string(),
                    check.equal.to_string(),
                ]
            })
            .collect();
        let since = match (before, changed) {
            (0, _) => format!("{changed} records are new."),
            (_, 0) => "Since the last time, nothing changed.".to_owned(),
            _ => format!("Since the last time, {changed} records changed."),
        };
        format!(
            "{}\n\nRead back one by one:\n{}\n\n{since}",
            sync::summary(&results),
            table(&["platform", "stream", "looked up", "equal"], &[2, 3], rows)
        )
    })?;
    sync::finished(&results)
}
