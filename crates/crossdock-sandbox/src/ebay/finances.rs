//! The Finances API: transactions, payouts, and sums of both.
//!
//! From the contract 1.19.0 and a recorded reply. Lists are in descending order of time unless
//! `sort` says otherwise, and an empty one is no list but the status 204. A range of dates without
//! an end stands for ninety days.

mod payouts;
mod sums;
mod transactions;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Method, Response};
use serde_json::{Value, json};

use crate::answer;
use crate::platform::Call;
use crate::world::World;

use super::filter::{self, Demand, Filter};
use super::refusal::{Outcome, Refusal};
use super::request::{self, Offset, Page};
use super::signature;
use super::state::{State, instant};

/// The domain of the API's refusals.
const DOMAIN: &str = "API_FINANCES";

/// How far back money can be looked at.
const MEMORY: TimeDelta = TimeDelta::days(5 * 366);

/// The longest range of dates: 36 months.
const LONGEST: TimeDelta = TimeDelta::days(3 * 366);

/// How long a range without an end is.
const OPEN: TimeDelta = TimeDelta::days(90);

/// Runs an operation; `path` is that below the API's root.
pub(super) fn answer(
    state: &State,
    call: &Call<'_>,
    path: &[&str],
    world: &World,
) -> Outcome<Response<Bytes>> {
    signature::check(call, state.country(), world)?;
    if *call.method != Method::GET {
        return Err(Refusal::no_such_resource());
    }
    match path {
        ["transaction"] => transactions::list(state, call),
        ["transaction_summary"] => sums::transactions(state, call),
        ["payout"] => payouts::list(state, call),
        ["payout", id] => payouts::get(state, id),
        ["payout_summary"] => sums::payouts(state, call),
        ["seller_funds_summary"] => Ok(sums::funds(state)),
        _ => Err(Refusal::no_such_resource()),
    }
}

fn bad(id: u32, message: &str) -> Refusal {
    Refusal::bad(id, DOMAIN, message)
}

/// The criteria of a call; what can't be read is refused with a number of the caller's.
fn criteria(call: &Call<'_>, id: u32) -> Outcome<Filter> {
    Filter::parse(call.query_all("filter"))
        .map_err(|part| bad(id, "A filter is invalid.").with("filter", part))
}

/// The one value of a field, among those that there are.
fn choice<'f>(
    filter: &'f Filter,
    field: &str,
    among: &[&str],
    id: u32,
) -> Outcome<Option<&'f str>> {
    match (filter.get(field), filter.value(field)) {
        (None, _) => Ok(None),
        (Some(_), Some(value)) if among.contains(&value) => Ok(Some(value)),
        (Some(_), _) => Err(bad(id, "A filter has an invalid value.").with("field", field)),
    }
}

/// A range of time, both ends included.
#[derive(Clone, Copy, Debug)]
struct Range {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

impl Range {
    /// The range of a field; everything that is remembered where none is given.
    fn read(filter: &Filter, field: &str, id: u32, now: DateTime<Utc>) -> Outcome<Self> {
        let wrong = || bad(id, "A date filter is invalid.").with("field", field);
        let (from, to) = match filter.get(field) {
            None => {
                return Ok(Self {
                    from: now - MEMORY,
                    to: now,
                });
            }
            Some(Demand::Range { from, to }) => (from, to),
            Some(Demand::OneOf(_)) => return Err(wrong()),
        };
        let from = filter::instant(from).ok_or_else(wrong)?;
        let to = if to.is_empty() {
            from + OPEN
        } else {
            filter::instant(to).ok_or_else(wrong)?
        };
        if from > to || to - from > LONGEST || from < now - MEMORY {
            return Err(wrong());
        }
        Ok(Self { from, to })
    }

    fn holds(self, document: &Value, field: &str) -> bool {
        instant(document, field).is_some_and(|at| (self.from..=self.to).contains(&at))
    }
}

/// Whether the oldest come first.
fn ascending(call: &Call<'_>, fields: &[&str]) -> Outcome<bool> {
    match call.query("sort") {
        None => Ok(false),
        Some(sort) if fields.contains(&sort) => Ok(true),
        Some(sort) if sort.strip_prefix('-').is_some_and(|f| fields.contains(&f)) => Ok(false),
        Some(_) => Err(bad(135_005, "The sorting is invalid.")),
    }
}

/// The asked page of a list; no content where it has no entries.
fn paged(call: &Call<'_>, name: &str, most: usize, found: &[&Value]) -> Outcome<Response<Bytes>> {
    let limit = request::number(call, "limit", 20, (1, most));
    let offset = request::number(call, "offset", 0, (0, usize::MAX));
    let page = match (limit, offset) {
        (Some(limit), Some(offset)) => Page {
            limit,
            offset,
            counts: Offset::Entries,
        },
        _ => return Err(bad(135_003, "The pagination is invalid.")),
    };
    let entries: Vec<Value> = page.cut(found).into_iter().cloned().collect();
    if entries.is_empty() {
        return Ok(answer::empty(http::StatusCode::NO_CONTENT));
    }
    let said = json!({"total": found.len(), "limit": page.limit, "offset": page.offset});
    Ok(request::list(
        page.links(call, found.len()),
        said,
        name,
        entries,
    ))
}
