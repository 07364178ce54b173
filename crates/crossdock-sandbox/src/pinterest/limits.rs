//! Limits: calls a second of an app for a user over everything, and calls a minute by category.
//! An app in trial has a day's calls besides. (developers.pinterest.com/docs/reference/rate-limits,
//! and the headers of recorded answers: the first number of the limit, what remains and when it
//! comes back are those of the window of which least is left.)

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Response;

use crate::answer;

use super::refusal::{Outcome, Refusal};

/// Calls a minute by category.
const BY_MINUTE: &[(&str, u64)] = &[
    ("org_read", 1_000),
    ("org_analytics", 60),
    ("ads_read", 1_000),
    ("ads_analytics", 300),
    ("catalogs_read", 100),
];

/// The category that stands for everything.
const NET: &str = "safety_net";

/// Calls a second over everything.
const BY_SECOND: u64 = 100;

/// The trial's category.
const TRIAL: &str = "trial_daily";

/// One window as a header tells of it.
#[derive(Clone, Debug)]
struct Window {
    name: &'static str,
    seconds: i64,
    limit: u64,
    remaining: u64,
    reset: i64,
}

/// Counted calls.
#[derive(Debug, Default)]
pub(super) struct Limits {
    /// By app and user and category: which window, and how many calls.
    used: BTreeMap<(String, &'static str), (i64, u64)>,
    changed: BTreeMap<String, u64>,
    /// How many calls a day an app in trial has; `None` for an app that isn't in trial.
    pub(super) trial: Option<u64>,
    /// What the answer at hand has to tell.
    told: Vec<Window>,
}

impl Limits {
    /// Forgets what the answer before had to tell.
    pub(super) fn forget(&mut self) {
        self.told.clear();
    }

    /// Sets a category's calls a minute.
    ///
    /// # Errors
    /// The name, where no category has it.
    pub(super) fn set(&mut self, category: &str, limit: u64) -> Result<(), String> {
        if category != NET && !BY_MINUTE.iter().any(|(name, _)| *name == category) {
            return Err(category.to_owned());
        }
        self.changed.insert(category.to_owned(), limit);
        Ok(())
    }

    /// Counts a call.
    pub(super) fn count(
        &mut self,
        client: &str,
        user: &str,
        category: &'static str,
        now: DateTime<Utc>,
    ) -> Outcome<()> {
        let minute = BY_MINUTE.iter().find(|(name, _)| *name == category);
        let mut windows = vec![(NET, 1, BY_SECOND)];
        windows.extend(minute.map(|(name, limit)| (*name, 60, *limit)));
        windows.extend(self.trial.map(|limit| (TRIAL, 86_400, limit)));
        let mut full = false;
        for (name, seconds, limit) in windows {
            let limit = self.changed.get(name).copied().unwrap_or(limit);
            let number = now.timestamp().div_euclid(seconds);
            let used = self
                .used
                .entry((format!("{client} {user}"), name))
                .or_insert((number, 0));
            if used.0 != number {
                *used = (number, 0);
            }
            if used.1 >= limit {
                full = true;
            } else {
                used.1 += 1;
            }
            self.told.push(Window {
                name,
                seconds,
                limit,
                remaining: limit.saturating_sub(used.1),
                reset: seconds - now.timestamp().rem_euclid(seconds),
            });
        }
        // What is left of a window that is full is zero already; what is full longest is told.
        if full { Err(Refusal::rate()) } else { Ok(()) }
    }

    /// Puts on what was counted.
    pub(super) fn tell(&self, response: &mut Response<Bytes>) {
        let least = self
            .told
            .iter()
            .min_by_key(|window| (window.remaining, -window.reset));
        let Some(least) = least else {
            return;
        };
        let mut limit = least.limit.to_string();
        for window in &self.told {
            use std::fmt::Write as _;
            // A String takes all that is written to it.
            let _infallible = write!(
                limit,
                ", {};w={};name=\"{}_app_id_user_id\"",
                window.limit, window.seconds, window.name
            );
        }
        answer::set(response, "x-ratelimit-limit", &limit);
        answer::set(
            response,
            "x-ratelimit-remaining",
            &least.remaining.to_string(),
        );
        answer::set(response, "x-ratelimit-reset", &least.reset.to_string());
        if least.remaining == 0 && response.status() == http::StatusCode::TOO_MANY_REQUESTS {
            answer::set(response, "x-envoy-ratelimited", "true");
        }
    }
}
