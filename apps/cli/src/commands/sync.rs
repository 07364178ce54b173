//! `crossdock sync` and `crossdock runs`.

use std::sync::Arc;
use std::time::Duration;

use crossdock_engine::{StreamReport, StreamStatus, SyncOrder};
use crossdock_persistence::{Connection, ConnectionStatus, RunFilter, RunMode};
use serde::Serialize;

use crate::app::App;
use crate::args;
use crate::failure::Failure;
use crate::output::{Output, table};
use crate::progress::{Progress, outcome};

/// How one connection's sync went.
#[derive(Debug, Serialize)]
pub(crate) struct Synced {
    pub(crate) platform: String,
    pub(crate) connection: String,
    pub(crate) streams: Vec<StreamReport>,
}

pub(crate) async fn run(args: args::Sync, app: &App, output: Output) -> Result<(), Failure> {
    let connections = match &args.connection {
        Some(name_or_id) => vec![app.connection(name_or_id).await?],
        None => active(app).await?,
    };
    if connections.is_empty() {
        return Err(Failure::not_found(
            "no account is connected yet: crossdock connect PLATFORM",
        ));
    }
    let patience = if args.no_wait {
        Duration::ZERO
    } else {
        SyncOrder::PATIENCE
    };
    let results = sync_all(app, &connections, &args, patience, output).await?;
    output.result(&results, || summary(&results))?;
    judge(&results)
}

/// Every connection that can be used.
pub(crate) async fn active(app: &App) -> Result<Vec<Connection>, Failure> {
    let mut connections = app.store().connections().await?;
    connections.retain(|connection| connection.status == ConnectionStatus::Active);
    Ok(connections)
}

/// Syncs connections side by side, showing progress. Each stream sits out what its platform
/// prepares for as long as `patience`.
pub(crate) async fn sync_all(
    app: &App,
    connections: &[Connection],
    args: &args::Sync,
    patience: Duration,
    output: Output,
) -> Result<Vec<Synced>, Failure> {
    let progress = Arc::new(Progress::new(output));
    let runs = connections.iter().map(|connection| {
        let order = SyncOrder {
            connection: connection.id,
            streams: (!args.streams.is_empty()).then(|| args.streams.clone()),
            mode: if args.full {
                RunMode::Full
            } else {
                RunMode::Incremental
            },
            patience,
        };
        let progress = Arc::clone(&progress);
        async move {
            let name = &connection.platform;
            let streams = app
                .engine
                .sync(app.project, order, |event| progress.show(name, &event))
                .await?;
            Ok::<_, Failure>(Synced {
                platform: connection.platform.clone(),
                connection: connection.id.to_string(),
                streams,
            })
        }
    });
    let results = futures::future::try_join_all(runs).await;
    progress.end();
    results
}

/// The table of what was synced, and below it what a person should know.
pub(crate) fn summary(results: &[Synced]) -> String {
    let mut rows = Vec::new();
    let mut remarks = String::new();
    for synced in results {
        for report in &synced.streams {
            rows.push(row(&synced.platform, report));
            for note in notes(report) {
                remarks = format!("{remarks}  {} {}: {note}\n", synced.platform, report.stream);
            }
        }
    }
    let names = [
        "platform", "stream", "records", "new", "changed", "gone", "skipped", "requests",
        "retries", "seconds", "",
    ];
    let table = table(&names, &[2, 3, 4, 5, 6, 7, 8, 9], rows);
    if remarks.is_empty() {
        table
    } else {
        format!("{table}\nMind:\n{remarks}")
    }
}

fn row(platform: &str, report: &StreamReport) -> Vec<String> {
    let counts = &report.counts;
    vec![
        platform.to_owned(),
        report.stream.clone(),
        (counts.seen() - counts.skipped).to_string(),
        counts.inserted.to_string(),
        counts.updated.to_string(),
        counts.gone.to_string(),
        counts.skipped.to_string(),
        report.requests.to_string(),
        report.retries.to_string(),
        format!("{:.1}", report.seconds),
        in_a_word(&report.status).to_owned(),
    ]
}

/// For a table; what there is to say of it stands below.
fn in_a_word(status: &StreamStatus) -> &'static str {
    match status {
        StreamStatus::Completed => "",
        StreamStatus::Waiting { .. } => "waiting",
        StreamStatus::Failed { .. } => "failed",
        StreamStatus::Busy { .. } => "busy",
        StreamStatus::Cancelled => "cancelled",
        _ => "ended",
    }
}

fn notes(report: &StreamReport) -> impl Iterator<Item = String> {
    let skipped = report
        .skipped_sample
        .iter()
        .map(|skipped| match &skipped.external_id {
            Some(id) => format!("skipped {id}: {}", skipped.reason),
            None => format!("skipped one: {}", skipped.reason),
        });
    let sat_out = (!report.sat_out.is_zero()).then(|| {
        let seconds = report.sat_out.as_secs_f64();
        format!("the platform prepared for {seconds:.1} s")
    });
    report.notes.iter().cloned().chain(sat_out).chain(skipped)
}

/// Success of a sync: every stream was read to its end, or goes on by itself.
fn judge(results: &[Synced]) -> Result<(), Failure> {
    unfinished(results, |status| {
        matches!(
            status,
            StreamStatus::Completed | StreamStatus::Waiting { .. }
        )
    })
}

/// Success of a demo: every stream was read to its end.
pub(crate) fn finished(results: &[Synced]) -> Result<(), Failure> {
    unfinished(results, |status| *status == StreamStatus::Completed)
}

fn unfinished(results: &[Synced], is_good: impl Fn(&StreamStatus) -> bool) -> Result<(), Failure> {
    let mut texts = Vec::new();
    for synced in results {
        for report in synced
            .streams
            .iter()
            .filter(|report| !is_good(&report.status))
        {
            texts.push(format!(
                "{} {}: {}",
                synced.platform,
                report.stream,
                outcome(report)
            ));
        }
    }
    if texts.is_empty() {
        Ok(())
    } else {
        Err(Failure::incomplete(texts.join("\n")))
    }
}

pub(crate) async fn runs(args: args::Runs, app: &App, output: Output) -> Result<(), Failure> {
    let connection = match &args.connection {
        Some(name_or_id) => Some(app.connection(name_or_id).await?.id),
        None => None,
    };
    let filter = RunFilter {
        connection,
        ..RunFilter::default()
    };
    let runs = app.store().runs(&filter, args.limit).await?;
    output.result(&runs, || {
        let rows = runs
            .iter()
            .map(|run| {
                vec![
                    run.started_at.format("%Y-%m-%d %H:%M:%S").to_string(),
                    run.platform.clone(),
                    run.stream.clone(),
                    run.mode.to_string(),
                    run.status.to_string(),
                    run.counts.inserted.to_string(),
                    run.counts.updated.to_string(),
                    run.counts.gone.to_string(),
                    run.counts.skipped.to_string(),
                    run.failure
                        .as_ref()
                        .map(|failure| failure.message.clone())
                        .unwrap_or_default(),
                ]
            })
            .collect();
        let names = [
            "started (UTC)",
            "platform",
            "stream",
            "mode",
            "status",
            "new",
            "changed",
            "gone",
            "skipped",
            "",
        ];
        table(&names, &[5, 6, 7, 8], rows)
    })
}
