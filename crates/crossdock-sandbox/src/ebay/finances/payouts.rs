//! `GET payout` and `GET payout/{id}`: what was sent to the seller's bank.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Response, StatusCode};
use serde_json::Value;

use crate::answer;
use crate::platform::Call;

use super::super::filter::Filter;
use super::super::refusal::{Outcome, Refusal};
use super::super::state::{State, text};
use super::{DOMAIN, Range, ascending, bad, choice, criteria, paged};

const STATUSES: [&str; 5] = [
    "INITIATED",
    "SUCCEEDED",
    "REVERSED",
    "RETRYABLE_FAILED",
    "TERMINAL_FAILED",
];

/// How many a page may have.
const MOST: usize = 200;

/// Answers `GET payout`.
pub(super) fn list(state: &State, call: &Call<'_>) -> Outcome<Response<Bytes>> {
    let filter = criteria(call, 135_004)?;
    let mut found = matching(state, &filter, call.now)?;
    if !ascending(call, &["payoutDate", "lastAttemptedPayoutDate"])? {
        found.reverse();
    }
    paged(call, "payouts", MOST, &found)
}

/// Answers `GET payout/{id}`.
pub(super) fn get(state: &State, id: &str) -> Outcome<Response<Bytes>> {
    let payout = state.payouts.get(id).ok_or_else(|| {
        let message = "The payout was not found.";
        Refusal::new(StatusCode::NOT_FOUND, 135_001, DOMAIN, message)
    })?;
    Ok(answer::json(StatusCode::OK, payout))
}

/// The payouts that a filter asks for, oldest first.
pub(super) fn matching<'s>(
    state: &'s State,
    filter: &Filter,
    now: DateTime<Utc>,
) -> Outcome<Vec<&'s Value>> {
    let status = choice(filter, "payoutStatus", &STATUSES, 135_002)?;
    let attempts = filter.get("lastAttemptedPayoutDate").is_some();
    if attempts && status != Some("RETRYABLE_FAILED") {
        return Err(bad(135_002, "The payout status must be RETRYABLE_FAILED."));
    }
    let dates: &[&str] = if attempts {
        &["payoutDate", "lastAttemptedPayoutDate"]
    } else {
        &["payoutDate"]
    };
    let ranges: Vec<(&str, Range)> = dates
        .iter()
        .map(|date| Ok((*date, Range::read(filter, date, 135_004, now)?)))
        .collect::<Outcome<_>>()?;
    let mut found: Vec<&Value> = state
        .payouts
        .values()
        .filter(|known| {
            ranges.iter().all(|(date, range)| range.holds(known, date))
                && status.is_none_or(|status| status == text(known, "payoutStatus"))
        })
        .collect();
    found.sort_by_key(|known| text(known, "payoutDate"));
    Ok(found)
}
