//! How things are written for people.

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::Descriptor;
use crossdock_persistence::{
    Connection, ConnectionStatus, PageCounts, RunRow, RunStatus, StreamState,
};

/// A moment: exact for programs, readable and relative for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// RFC 3339.
    pub(super) exact: String,
    /// `2026-11-21 01:39 UTC`.
    pub(super) text: String,
    /// `3 minutes ago`, `in 2 days`.
    pub(super) relative: String,
}

impl Moment {
    pub(super) fn new(at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        Self {
            exact: at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            text: at.format("%Y-%m-%d %H:%M UTC").to_string(),
            relative: relative(at - now),
        }
    }
}

fn relative(distance: TimeDelta) -> String {
    let length = distance.abs();
    let (count, unit) = match length {
        length if length < TimeDelta::minutes(1) => return "now".to_owned(),
        length if length < TimeDelta::hours(1) => (length.num_minutes(), "minute"),
        length if length < TimeDelta::days(2) => (length.num_hours(), "hour"),
        length => (length.num_days(), "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if distance > TimeDelta::zero() {
        format!("in {count} {unit}{plural}")
    } else {
        format!("{count} {unit}{plural} ago")
    }
}

/// A status as a word and a colour, which is never the only sign.
#[derive(Clone, Copy, Debug)]
pub(super) struct Badge {
    pub(super) text: &'static str,
    /// `good`, `busy`, `bad` or `quiet`.
    pub(super) tone: &'static str,
}

impl From<ConnectionStatus> for Badge {
    fn from(status: ConnectionStatus) -> Self {
        let (text, tone) = match status {
            ConnectionStatus::Active => ("Connected", "good"),
            ConnectionStatus::ReconnectRequired => ("Connect again", "bad"),
            ConnectionStatus::Disconnected => ("Disconnected", "quiet"),
            _ => ("Unknown", "quiet"),
        };
        Self { text, tone }
    }
}

impl From<RunStatus> for Badge {
    fn from(status: RunStatus) -> Self {
        let (text, tone) = match status {
            RunStatus::Running => ("Running", "busy"),
            RunStatus::Completed => ("Completed", "good"),
            RunStatus::Waiting => ("Waiting", "busy"),
            RunStatus::Failed => ("Failed", "bad"),
            RunStatus::Cancelled => ("Cancelled", "quiet"),
            RunStatus::Interrupted => ("Interrupted", "quiet"),
            _ => ("Unknown", "quiet"),
        };
        Self { text, tone }
    }
}

/// A connection as pages show it.
#[derive(Debug)]
pub(super) struct ShownConnection {
    pub(super) id: String,
    pub(super) platform: String,
    pub(super) platform_name: String,
    pub(super) account: String,
    pub(super) account_id: String,
    pub(super) badge: Badge,
    pub(super) reason: Option<String>,
    pub(super) is_active: bool,
    pub(super) is_connected: bool,
    pub(super) expires: Option<Moment>,
    pub(super) reconnect_by: Option<Moment>,
    pub(super) connected: Moment,
    pub(super) method: String,
    pub(super) scopes: Vec<String>,
    pub(super) warnings: Vec<String>,
}

impl ShownConnection {
    /// A connection in its platform's words, where this version knows the platform.
    pub(super) fn new(
        connection: Connection,
        descriptor: Option<&Descriptor>,
        now: DateTime<Utc>,
    ) -> Self {
        let name = descriptor.map_or(&*connection.platform, |descriptor| descriptor.name);
        let method = descriptor.and_then(|it| it.auth_method(&connection.auth_method));
        Self {
            id: connection.id.to_string(),
            platform_name: name.to_owned(),
            method: method.map_or(connection.auth_method.clone(), |method| {
                method.label.to_owned()
            }),
            platform: connection.platform,
            account: connection.account.name,
            account_id: connection.account.id,
            badge: connection.status.into(),
            reason: connection.status_reason,
            is_active: connection.status == ConnectionStatus::Active,
            is_connected: connection.status != ConnectionStatus::Disconnected,
            expires: connection.expires_at.map(|at| Moment::new(at, now)),
            reconnect_by: connection.reconnect_by.map(|at| Moment::new(at, now)),
            connected: Moment::new(connection.connected_at, now),
            scopes: connection.account.scopes,
            warnings: connection.account.warnings,
        }
    }
}

/// A stream as pages show it.
#[derive(Debug)]
pub(super) struct ShownStream {
    pub(super) label: String,
    pub(super) about: &'static str,
    pub(super) records: u64,
    pub(super) completed: Option<Moment>,
    pub(super) run: Option<ShownRun>,
}

impl ShownStream {
    pub(super) fn new(
        label: &str,
        about: &'static str,
        state: Option<StreamState>,
        now: DateTime<Utc>,
    ) -> Self {
        let (records, completed_at, last_run) = match state {
            Some(state) => (state.records, state.completed_at, state.last_run),
            None => (0, None, None),
        };
        Self {
            label: label.to_owned(),
            about,
            records,
            completed: completed_at.map(|at| Moment::new(at, now)),
            run: last_run.map(|run| ShownRun::new(run, label, now)),
        }
    }
}

/// A run as pages show it.
#[derive(Debug)]
pub(super) struct ShownRun {
    pub(super) stream: String,
    pub(super) badge: Badge,
    pub(super) started: Moment,
    pub(super) took: Option<String>,
    pub(super) resumes: Option<Moment>,
    pub(super) counts: String,
    pub(super) skipped: u64,
    pub(super) skipped_sample: Vec<String>,
    pub(super) requests: u64,
    pub(super) retries: u64,
    pub(super) notes: Vec<String>,
    pub(super) problem: Option<String>,
}

impl ShownRun {
    pub(super) fn new(run: RunRow, label: &str, now: DateTime<Utc>) -> Self {
        Self {
            stream: label.to_owned(),
            badge: run.status.into(),
            started: Moment::new(run.started_at, now),
            took: run.finished_at.map(|at| seconds(at - run.started_at)),
            resumes: run.resume_at.map(|at| Moment::new(at, now)),
            counts: sum(&run.counts),
            skipped: run.counts.skipped,
            skipped_sample: run
                .skipped_sample
                .into_iter()
                .map(|skipped| match skipped.external_id {
                    Some(id) => format!("{id}: {}", skipped.reason),
                    None => skipped.reason,
                })
                .collect(),
            requests: run.usage.requests,
            retries: run.usage.retries,
            notes: run.notes,
            problem: run.failure.map(|failure| failure.message),
        }
    }
}

/// What a run did, without what it did not do.
fn sum(counts: &PageCounts) -> String {
    let parts: Vec<String> = [
        (counts.inserted, "new"),
        (counts.updated, "changed"),
        (counts.unchanged, "unchanged"),
        (counts.gone, "gone"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    if parts.is_empty() {
        "nothing".to_owned()
    } else {
        parts.join(", ")
    }
}

fn seconds(took: TimeDelta) -> String {
    let millis = took.num_milliseconds().max(0);
    format!("{}.{} s", millis / 1000, millis % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_rounded_down_to_one_unit() {
        for (seconds, text) in [
            (0, "now"),
            (-59, "now"),
            (-60, "1 minute ago"),
            (3599, "in 59 minutes"),
            (-3600, "1 hour ago"),
            (47 * 3600, "in 47 hours"),
            (-48 * 3600, "2 days ago"),
            (90 * 86400, "in 90 days"),
        ] {
            assert_eq!(relative(TimeDelta::seconds(seconds)), text);
        }
    }

    #[test]
    fn a_run_says_what_it_did_and_no_more() {
        let mut counts = PageCounts::default();
        assert_eq!(sum(&counts), "nothing");
        (counts.inserted, counts.gone) = (2, 1);
        assert_eq!(sum(&counts), "2 new, 1 gone");
    }

    #[test]
    fn durations_have_tenths() {
        assert_eq!(seconds(TimeDelta::milliseconds(61_250)), "61.2 s");
        assert_eq!(seconds(TimeDelta::milliseconds(-5)), "0.0 s");
    }
}
