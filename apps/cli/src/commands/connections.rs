//! `crossdock connections`, `test`, `refresh`, `verify`, `set`, `disconnect`: what there is, and
//! whether it works.

use chrono::{DateTime, Utc};
use connector_core::FieldKind;
use crossdock_persistence::{AuditEntry, Connection};
use dialoguer::Confirm;
use serde_json::json;

use crate::app::App;
use crate::args;
use crate::failure::Failure;
use crate::output::{Output, table};

pub(crate) async fn list(app: &App, output: Output) -> Result<(), Failure> {
    let connections = app.store().connections().await?;
    output.result(&connections, || {
        if connections.is_empty() {
            return "No account is connected yet: crossdock connect PLATFORM".to_owned();
        }
        let rows = connections
            .iter()
            .map(|connection| {
                vec![
                    connection.id.to_string(),
                    connection.platform.clone(),
                    connection.account.name.clone(),
                    state(connection),
                    when(connection.expires_at),
                ]
            })
            .collect();
        table(
            &["id", "platform", "account", "state", "credential until"],
            &[],
            rows,
        )
    })
}

pub(crate) async fn test(which: &args::Which, app: &App, output: Output) -> Result<(), Failure> {
    let connection = app.connection(&which.connection).await?;
    let account = app.engine.test(app.project, connection.id).await?;
    output.result(
        &json!({ "connection": connection.id, "account": account }),
        || {
            let mut text = format!(
                "{} works: {} ({})",
                connection.platform, account.name, account.id
            );
            for warning in &account.warnings {
                text = format!("{text}\n  mind: {warning}");
            }
            text
        },
    )
}

pub(crate) async fn refresh(which: &args::Which, app: &App, output: Output) -> Result<(), Failure> {
    let connection = app.connection(&which.connection).await?;
    let connection = app.engine.refresh(app.project, connection.id).await?;
    output.result(&connection, || match connection.expires_at {
        Some(at) => format!("{} is fresh until {}", connection.platform, when(Some(at))),
        None => format!(
            "{} never expires: there was nothing to renew",
            connection.platform
        ),
    })
}

pub(crate) async fn verify(args: &args::Verify, app: &App, output: Output) -> Result<(), Failure> {
    let connection = app.connection(&args.connection).await?;
    let checks = app
        .engine
        .spot_check(app.project, connection.id, args.sample)
        .await?;
    output.result(&checks, || {
        let rows = checks
            .iter()
            .map(|check| {
                vec![
                    check.stream.clone(),
                    check.looked_up.to_string(),
                    check.equal.to_string(),
                    check.different.join(" "),
                    check.note.clone().unwrap_or_default(),
                ]
            })
            .collect();
        table(
            &["stream", "looked up", "equal", "different", "note"],
            &[1, 2],
            rows,
        )
    })?;
    if checks.iter().all(|check| check.different.is_empty()) {
        Ok(())
    } else {
        Err(Failure::incomplete(
            "what is stored differs from the platform: crossdock sync",
        ))
    }
}

pub(crate) async fn set(args: args::Set, app: &App, output: Output) -> Result<(), Failure> {
    let connection = app.connection(&args.connection).await?;
    let known = app
        .engine
        .registry()
        .get(&connection.platform)?
        .descriptor()
        .settings;
    let mut settings = connection.settings.clone();
    for (name, value) in args.values {
        let Some(field) = known.iter().find(|field| field.name == name) else {
            let names: Vec<_> = known.iter().map(|field| field.name).collect();
            return Err(Failure::usage(format!(
                "{} has no setting {name}; it has: {}",
                connection.platform,
                names.join(", ")
            )));
        };
        let value = match field.kind {
            FieldKind::Lines => value.replace("\\n", "\n"),
            _ => value,
        };
        if value.trim().is_empty() {
            settings.0.remove(&name);
        } else {
            settings.0.insert(name, value);
        }
    }
    let now = app.context.now();
    app.store()
        .set_settings(connection.id, &settings, now)
        .await?;
    output.result(&settings, || {
        settings
            .0
            .iter()
            .map(|(name, value)| format!("{name} = {value}\n"))
            .collect()
    })
}

pub(crate) async fn disconnect(
    args: &args::Disconnect,
    app: &App,
    output: Output,
) -> Result<(), Failure> {
    let connection = app.connection(&args.connection).await?;
    let name = format!("{} ({})", connection.account.name, connection.platform);
    let question = if args.erase {
        format!("Erase {name} with everything that was synced? This can't be undone")
    } else {
        format!("Disconnect {name}? Its credential is destroyed; what was synced stays")
    };
    if !args.yes && !confirmed(&question, output)? {
        return Ok(());
    }
    let (grant, action, done) = if args.erase {
        let grant = app.engine.erase(app.project, connection.id).await?;
        (grant, "connection.erased", "is erased")
    } else {
        let grant = app.engine.disconnect(app.project, connection.id).await?;
        (grant, "connection.disconnected", "is disconnected")
    };
    let entry = AuditEntry {
        actor: "cli".to_owned(),
        action: action.to_owned(),
        subject: connection.id.to_string(),
        detail: Some(grant.to_string()),
        at: app.context.now(),
    };
    app.store().audit(&entry).await?;
    output.result(
        &json!({ "connection": connection.id, "erased": args.erase, "outcome": grant }),
        || format!("{name} {done}: {grant}"),
    )
}

fn confirmed(question: &str, output: Output) -> Result<bool, Failure> {
    if !output.is_watched() {
        return Err(Failure::usage("nobody can be asked here: say --yes"));
    }
    Confirm::new()
        .with_prompt(question)
        .default(false)
        .interact()
        .map_err(|dialoguer::Error::IO(error)| error.into())
}

/// A connection's state in a few words, with what to do where somebody must act.
pub(crate) fn state(connection: &Connection) -> String {
    match &connection.status_reason {
        Some(reason) => format!("{}: {reason}", connection.status),
        None => connection.status.to_string(),
    }
}

fn when(at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(
        || "for ever".to_owned(),
        |at| at.format("%Y-%m-%d %H:%M UTC").to_string(),
    )
}
