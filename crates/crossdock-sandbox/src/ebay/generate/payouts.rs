//! Payouts of every week, and the money that isn't paid out yet.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::world::World;

use super::super::ledger;
use super::super::state::{State, instant};

/// What came in during the last days before the data ends isn't paid out.
const WAIT: TimeDelta = TimeDelta::days(4);

/// How often payouts are made.
const WEEK: TimeDelta = TimeDelta::days(7);

/// Pays out week by week. The last payout is on its way, and one before it failed for now.
pub(super) fn fill(state: &mut State, world: &World) {
    let now = world.now;
    hold_back(state, world);
    let Some(first) = state
        .transactions
        .first()
        .and_then(|first| instant(first, "transactionDate"))
    else {
        return;
    };
    let mut weeks = Vec::new();
    let mut end = first + WEEK;
    while end < now - WAIT {
        weeks.push(end);
        end += WEEK;
    }
    let mut ids = Vec::new();
    for end in weeks {
        let id = (7_100_000_001 + ids.len()).to_string();
        let at = end + TimeDelta::hours(6);
        if ledger::pay_out(state, &id, "SUCCEEDED", end, at) {
            ids.push(id);
        }
    }
    for (back, status) in [(1, "INITIATED"), (3, "RETRYABLE_FAILED")] {
        let id = ids.len().checked_sub(back).and_then(|at| ids.get(at));
        if let Some(payout) = id.and_then(|id| state.payouts.get_mut(id)) {
            ledger::restate(payout, status);
        }
    }
}

/// The youngest money is still being looked at.
fn hold_back(state: &mut State, world: &World) {
    let mut young = 0_usize;
    for known in &mut state.transactions {
        let is_young = instant(known, "transactionDate").is_some_and(|at| at > world.now - WAIT);
        if !is_young {
            continue;
        }
        let status = match young % 3 {
            0 => "FUNDS_ON_HOLD",
            1 => "FUNDS_PROCESSING",
            _ => "FUNDS_AVAILABLE_FOR_PAYOUT",
        };
        young += 1;
        if let Value::Object(fields) = known {
            fields.insert("transactionStatus".to_owned(), json!(status));
        }
    }
}
