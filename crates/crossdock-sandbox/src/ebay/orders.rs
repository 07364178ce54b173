//! The Fulfillment API: orders, their packages, refunds.
//!
//! From the contract 1.20.7 and recorded replies. Lists are in descending order of creation, as
//! recorded. An order older than two years can't be read any more, and after ninety days a buyer's
//! name, street, telephone and e-mail address are gone from it.

mod refunds;
mod shipments;
mod view;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::answer;
use crate::platform::Call;
use crate::world::World;

use super::filter::{self, Demand, Filter};
use super::refusal::{Outcome, Refusal};
use super::request::{self, Offset, Page};
use super::signature;
use super::state::{State, instant, text};

pub(super) use refunds::{refund, settle};
pub(super) use shipments::{Package, ship};

/// The domain of the API's refusals.
const DOMAIN: &str = "API_FULFILLMENT";

/// How far back orders can be read.
const MEMORY: TimeDelta = TimeDelta::days(731);

/// How far back orders are listed when no date is asked for.
const USUAL: TimeDelta = TimeDelta::days(90);

/// How many orders can be asked for by number.
const MOST_IDS: usize = 50;

/// Runs an operation; `path` is that below the API's root.
pub(super) fn answer(
    state: &mut State,
    call: &Call<'_>,
    path: &[&str],
    world: &mut World,
) -> Outcome<Response<Bytes>> {
    match (call.method.as_str(), path) {
        ("GET", ["order"]) => list(state, call),
        ("GET", ["order", id]) => get(state, call, id),
        ("GET", ["order", id, "shipping_fulfillment"]) => shipments::list(state, id),
        ("POST", ["order", id, "shipping_fulfillment"]) => {
            shipments::create(state, call, id, world)
        }
        ("GET", ["order", id, "shipping_fulfillment", package]) => {
            shipments::get(state, id, package)
        }
        ("POST", ["order", id, "issue_refund"]) => {
            signature::check(call, state.country(), world)?;
            refunds::issue(state, call, id, world)
        }
        _ => Err(Refusal::no_such_resource()),
    }
}

fn bad(id: u32, message: &str) -> Refusal {
    Refusal::bad(id, DOMAIN, message)
}

fn no_order(id: &str) -> Refusal {
    let message = "The order ID is invalid.";
    Refusal::new(StatusCode::NOT_FOUND, 32100, DOMAIN, message).with("orderId", id)
}

/// `GET order`.
fn list(state: &State, call: &Call<'_>) -> Outcome<Response<Bytes>> {
    let taxes = tax_breakdown(call)?;
    let shown = |order: &Value| view::listed(view::order(order, taxes, call.now));
    if let Some(ids) = call.query("orderIds") {
        let ids: Vec<&str> = ids.split(',').map(str::trim).collect();
        if ids.len() > MOST_IDS {
            return Err(bad(30900, "Too many order IDs."));
        }
        let found: Vec<Value> = ids
            .iter()
            .filter_map(|id| state.orders.get(*id))
            .filter(|order| is_remembered(order, call.now))
            .map(shown)
            .collect();
        let page = Page {
            limit: MOST_IDS,
            offset: 0,
            counts: Offset::Entries,
        };
        return Ok(paged(call, page, found.len(), found));
    }
    let limit = request::number(call, "limit", 50, (1, 200))
        .ok_or_else(|| bad(31100, "The limit is invalid."))?;
    let offset = request::number(call, "offset", 0, (0, usize::MAX))
        .ok_or_else(|| bad(31000, "The offset is invalid."))?;
    let page = Page {
        limit,
        offset,
        counts: Offset::Entries,
    };
    let wanted = Wanted::read(call)?;
    let mut found: Vec<&Value> = state
        .orders
        .values()
        .filter(|order| is_remembered(order, call.now) && wanted.takes(order))
        .collect();
    found.sort_by(|one, other| {
        let key = |order| (text(order, "creationDate"), text(order, "orderId"));
        key(other).cmp(&key(one))
    });
    let orders = page.cut(&found).into_iter().map(shown).collect();
    Ok(paged(call, page, found.len(), orders))
}

fn paged(call: &Call<'_>, page: Page, total: usize, orders: Vec<Value>) -> Response<Bytes> {
    let said = json!({"total": total, "limit": page.limit, "offset": page.offset});
    request::list(page.links(call, total), said, "orders", orders)
}

/// `GET order/{id}`.
fn get(state: &State, call: &Call<'_>, id: &str) -> Outcome<Response<Bytes>> {
    let taxes = tax_breakdown(call)?;
    let order = state
        .orders
        .get(id)
        .filter(|order| is_remembered(order, call.now))
        .ok_or_else(|| no_order(id))?;
    let shown = view::order(order, taxes, call.now);
    Ok(answer::json(StatusCode::OK, &shown))
}

fn tax_breakdown(call: &Call<'_>) -> Outcome<bool> {
    match call.query("fieldGroups") {
        None => Ok(false),
        Some("TAX_BREAKDOWN") => Ok(true),
        Some(_) => Err(bad(32800, "The field group is invalid.")),
    }
}

fn is_remembered(order: &Value, now: DateTime<Utc>) -> bool {
    instant(order, "creationDate").is_some_and(|created| created >= now - MEMORY)
}

/// Which orders a filter asks for.
struct Wanted {
    /// The date that counts.
    date: &'static str,
    from: DateTime<Utc>,
    /// Included, like the beginning.
    to: Option<DateTime<Utc>>,
    statuses: Option<Vec<String>>,
}

impl Wanted {
    fn read(call: &Call<'_>) -> Outcome<Self> {
        let filter = Filter::parse(call.query_all("filter"))
            .map_err(|part| bad(30800, "A filter value is invalid.").with("filter", part))?;
        let known = ["creationdate", "lastmodifieddate", "orderfulfillmentstatus"];
        if let Some(unknown) = filter.unknown(&known) {
            return Err(bad(30700, "A filter name is invalid.").with("fieldname", unknown));
        }
        // With both dates the first of these counts, and the other is not looked at.
        let date = ["creationdate", "lastmodifieddate"]
            .iter()
            .zip(["creationDate", "lastModifiedDate"])
            .find_map(|(name, field)| Some((filter.get(name)?, field)));
        let (date, (from, to)) = match date {
            Some((demand, field)) => (field, range(demand, call.now)?),
            None => ("creationDate", (call.now - USUAL, None)),
        };
        let statuses = match filter.get("orderfulfillmentstatus") {
            None => None,
            Some(Demand::OneOf(statuses))
                if statuses
                    .iter()
                    .all(|s| matches!(s.as_str(), "NOT_STARTED" | "IN_PROGRESS" | "FULFILLED")) =>
            {
                Some(statuses.clone())
            }
            Some(_) => return Err(bad(30800, "A filter value is invalid.")),
        };
        Ok(Self {
            date,
            from,
            to,
            statuses,
        })
    }

    fn takes(&self, order: &Value) -> bool {
        let within = instant(order, self.date)
            .is_some_and(|at| at >= self.from && self.to.is_none_or(|to| at <= to));
        let status = text(order, "orderFulfillmentStatus");
        within
            && self
                .statuses
                .as_ref()
                .is_none_or(|wanted| wanted.iter().any(|wanted| wanted == status))
    }
}

type Range = (DateTime<Utc>, Option<DateTime<Utc>>);

fn range(demand: &Demand, now: DateTime<Utc>) -> Outcome<Range> {
    let Demand::Range { from, to } = demand else {
        return Err(bad(30810, "The date format is invalid."));
    };
    if from.is_empty() {
        return Err(bad(30820, "The start date is missing."));
    }
    let read =
        |text: &str| filter::instant(text).ok_or_else(|| bad(30810, "The date format is invalid."));
    let from = read(from)?;
    let to = (!to.is_empty()).then(|| read(to)).transpose()?;
    if from > now || to.is_some_and(|to| to > now) {
        return Err(bad(30850, "Dates can't be in the future."));
    }
    if to.is_some_and(|to| to < from) {
        return Err(bad(30840, "The start date must be before the end date."));
    }
    if to.unwrap_or(now) - from > MEMORY {
        return Err(bad(30830, "The range is longer than 2 years."));
    }
    Ok((from, to))
}
