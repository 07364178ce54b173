//! Progress of sync runs: a bar per stream for whoever watches, nothing for a script.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crossdock_engine::{StreamReport, StreamStatus, SyncEvent};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::output::Output;

/// The bars of all streams that are being synced.
#[derive(Debug)]
pub(crate) struct Progress {
    output: Output,
    all: MultiProgress,
    bars: Mutex<HashMap<String, ProgressBar>>,
}

impl Progress {
    pub(crate) fn new(output: Output) -> Self {
        Self {
            output,
            all: MultiProgress::new(),
            bars: Mutex::default(),
        }
    }

    /// Shows what happened to a connection's stream. `name` is the connection's.
    pub(crate) fn show(&self, name: &str, event: &SyncEvent) {
        if !self.output.is_watched() {
            return;
        }
        match event {
            SyncEvent::Started { stream, resumed } => {
                let bar = self.bar(name, stream);
                bar.set_message(if *resumed { "going on" } else { "reading" });
            }
            SyncEvent::Page {
                stream,
                counts,
                total,
            } => {
                let bar = self.bar(name, stream);
                if let Some(total) = total {
                    bar.set_length(*total);
                    bar.set_style(style(true));
                }
                bar.set_message("");
                bar.set_position(counts.seen());
            }
            SyncEvent::Waiting { stream, .. } => {
                self.bar(name, stream)
                    .set_message("the platform is preparing");
            }
            SyncEvent::Finished(report) => {
                let bar = self.bar(name, &report.stream);
                bar.finish_with_message(outcome(report));
            }
            _ => {}
        }
    }

    /// Leaves the bars as they are, for what is printed next to stand below them.
    pub(crate) fn end(&self) {
        for bar in self.lock().values().filter(|bar| !bar.is_finished()) {
            bar.abandon();
        }
    }

    fn bar(&self, name: &str, stream: &str) -> ProgressBar {
        let key = format!("{name} {stream}");
        self.lock()
            .entry(key)
            .or_insert_with_key(|key| {
                let bar = ProgressBar::no_length().with_style(style(false));
                bar.set_prefix(format!("{key:<28}"));
                bar.enable_steady_tick(Duration::from_millis(120));
                self.all.add(bar)
            })
            .clone()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, ProgressBar>> {
        self.bars.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn style(with_length: bool) -> ProgressStyle {
    let template = if with_length {
        "{prefix} {bar:30} {human_pos:>9}/{human_len} {msg}"
    } else {
        "{prefix} {spinner} {human_pos:>9} {msg}"
    };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// A run's end in a few words.
pub(crate) fn outcome(report: &StreamReport) -> String {
    match &report.status {
        StreamStatus::Completed => "completed".to_owned(),
        StreamStatus::Waiting { until } => {
            let until = until.format("%Y-%m-%d %H:%M:%S");
            format!("the platform is still preparing; it can go on at {until} UTC")
        }
        StreamStatus::Failed { error } => match error.retry_at {
            Some(at) => format!(
                "failed: {}; it can go on at {} UTC",
                error.message,
                at.format("%Y-%m-%d %H:%M:%S")
            ),
            None => format!("failed: {}", error.message),
        },
        StreamStatus::Busy { .. } => "busy: another run is under way".to_owned(),
        StreamStatus::Cancelled => "cancelled".to_owned(),
        _ => "ended".to_owned(),
    }
}
