//! `crossdock doctor`: looks at everything that can be wrong, changes nothing, and says what to mend.

use connector_core::Descriptor;
use crossdock_persistence::{ConnectionStatus, Store};
use crossdock_vault::{KeyRing, Sealed};
use serde::Serialize;

use crate::app;
use crate::failure::Failure;
use crate::output::{Output, printable};
use crate::settings::Settings;

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Check {
    what: &'static str,
    state: State,
    finding: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Good,
    Mind,
    Wrong,
}

impl Check {
    fn good(what: &'static str, finding: impl Into<String>) -> Self {
        Self {
            what,
            state: State::Good,
            finding: finding.into(),
        }
    }

    fn mind(what: &'static str, finding: impl Into<String>) -> Self {
        Self {
            what,
            state: State::Mind,
            finding: finding.into(),
        }
    }

    fn wrong(what: &'static str, finding: &Failure) -> Self {
        Self {
            what,
            state: State::Wrong,
            finding: finding.to_string(),
        }
    }
}

pub(crate) async fn run(settings: &Settings, output: Output) -> Result<(), Failure> {
    let mut checks = vec![
        Check::good("version", env!("CARGO_PKG_VERSION")),
        Check::good("data directory", settings.data_dir.display().to_string()),
        gateway(settings),
    ];
    let keys = app::key_ring(settings);
    checks.push(match &keys {
        Ok(ring) => Check::good("keys", describe(ring)),
        Err(failure) => Check::wrong("keys", failure),
    });
    match app::open_store(settings).await {
        Ok(store) => {
            checks.push(Check::good("database", store.backend_name()));
            let stored = look_inside(&store, keys.ok().as_ref()).await;
            checks
                .extend(stored.unwrap_or_else(|failure| vec![Check::wrong("database", &failure)]));
        }
        Err(failure) => checks.push(Check::wrong("database", &failure)),
    }
    match app::registry(settings) {
        Ok(registry) => {
            let configured = registry.iter().map(|connector| connector.descriptor());
            checks.push(Check::good(
                "platforms",
                configured
                    .map(describe_platform)
                    .collect::<Vec<_>>()
                    .join("; "),
            ));
        }
        Err(failure) => checks.push(Check::wrong("platforms", &failure)),
    }
    output.result(&checks, || {
        checks
            .iter()
            .map(|check| {
                let sign = match check.state {
                    State::Good => "ok   ",
                    State::Mind => "mind ",
                    State::Wrong => "WRONG",
                };
                format!("{sign} {}: {}\n", check.what, printable(&check.finding))
            })
            .collect()
    })?;
    let wrong = checks
        .iter()
        .filter(|check| check.state == State::Wrong)
        .count();
    if wrong == 0 {
        Ok(())
    } else {
        Err(Failure::config(format!("{wrong} things are to be mended")))
    }
}

fn gateway(settings: &Settings) -> Check {
    match app::reroute(settings) {
        Ok(None) => Check::good("gateway", "none: platforms are reached directly"),
        Ok(Some(reroute)) => Check::mind(
            "gateway",
            format!("everything for platforms goes to {}", reroute.base()),
        ),
        Err(failure) => Check::wrong("gateway", &failure),
    }
}

fn describe(ring: &KeyRing) -> String {
    let ids: Vec<_> = ring.ids().map(ToString::to_string).collect();
    format!("{} (the first one seals)", ids.join(" "))
}

fn describe_platform(platform: &Descriptor) -> String {
    let ways: Vec<_> = platform
        .auth_methods
        .iter()
        .map(|method| method.id)
        .collect();
    format!("{} by {}", platform.id, ways.join(" or "))
}

/// What the database holds, and whether its secrets open with the keys that there are.
async fn look_inside(store: &Store, keys: Option<&KeyRing>) -> Result<Vec<Check>, Failure> {
    let mut checks = Vec::new();
    let counts = store.system().counts().await?;
    checks.push(Check::good(
        "stored",
        format!(
            "{} connections, {} sealed texts, {} changes",
            counts.connections, counts.sealed, counts.changes
        ),
    ));
    if let Some(keys) = keys {
        checks.push(sealed(store, keys).await?);
    }
    let project = store.default_project().await?.id;
    for connection in store.project(project).connections().await? {
        if connection.status == ConnectionStatus::ReconnectRequired {
            let reason = connection
                .status_reason
                .as_deref()
                .unwrap_or("its grant is gone");
            checks.push(Check::mind(
                "connection",
                format!(
                    "{} {}: connect it again ({reason})",
                    connection.platform, connection.id
                ),
            ));
        }
    }
    Ok(checks)
}

async fn sealed(store: &Store, keys: &KeyRing) -> Result<Check, Failure> {
    let (mut current, mut older, mut closed) = (0_u64, 0_u64, 0_u64);
    let mut after = None;
    loop {
        let page = store.system().sealed_page(after.as_ref(), 500).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.cursor());
        for row in &page {
            let place = row
                .sealed
                .parse::<Sealed>()
                .ok()
                .and_then(|text| keys.ids().position(|id| id == text.key_id()));
            match place {
                Some(0) => current += 1,
                Some(_) => older += 1,
                None => closed += 1,
            }
        }
    }
    Ok(if closed > 0 {
        Check {
            what: "secrets",
            state: State::Wrong,
            finding: format!(
                "{closed} were sealed by keys that are not in the key ring: put those keys back"
            ),
        }
    } else if older > 0 {
        Check::mind(
            "secrets",
            format!("{older} are sealed by an older key: crossdock keys rotate"),
        )
    } else {
        Check::good("secrets", format!("{current} are sealed by the active key"))
    })
}
