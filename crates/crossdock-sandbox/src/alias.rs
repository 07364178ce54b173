//! alias: the seller API of GOAT Group, at `api.alias.org`.
//!
//! What is known of it comes from a copy of its documentation (v1.3.4), from recorded replies, and
//! from notes of sellers who use it. Where those are silent, the modules here say "inferred".
//!
//! Personal access tokens: `sbx_pat_demo` allows everything, `sbx_pat_demo_read_only` no writes,
//! `sbx_pat_demo_catalog_only` the catalogue and prices only. The control verb `token/issue` makes
//! others.

mod auth;
mod batch;
mod batches;
mod catalog;
mod filters;
mod generate;
mod listing;
mod listings;
mod load;
mod market;
mod order;
mod orders;
mod paging;
mod params;
mod pictures;
mod pricing;
mod size;
mod status;
mod time;
mod verbs;
mod words;

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::answer;
use crate::platform::{Call, ControlError, Platform, SeedFile, SeedOutcome, Size};
use crate::route::percent_decoded;
use crate::world::World;

use self::auth::Revoked;
use self::batch::{Batches, Change};
use self::catalog::Catalog;
use self::listing::Listing;
use self::market::Market;
use self::order::{Order, OrderStatus};
use self::params::Params;
use self::pictures::Picture;
use self::status::{Code, Outcome, Refusal};

/// The one host that alias has.
const HOST: &str = "api.alias.org";

/// The emulated platform. One seller has all listings and orders, whichever token asks.
#[derive(Debug, Default)]
pub(crate) struct Alias {
    state: State,
    revoked: Revoked,
}

/// What the seller has, and what can be sold.
#[derive(Debug, Default)]
struct State {
    catalog: Catalog,
    market: Market,
    listings: BTreeMap<String, Listing>,
    pictures: BTreeMap<String, Picture>,
    orders: BTreeMap<String, Order>,
    batches: Batches,
}

impl Platform for Alias {
    fn id(&self) -> &'static str {
        "alias"
    }

    fn serves(&self, host: &str) -> bool {
        host == HOST
    }

    fn answer(&mut self, call: &Call<'_>, world: &mut World) -> Response<Bytes> {
        batch::work(&mut self.state, call.now);
        let mut response = match self.route(call, world) {
            Ok(body) => answer::json(StatusCode::OK, &body),
            Err(refusal) => refusal.response(),
        };
        answer::set(&mut response, "x-request-id", &world.request_id());
        response
    }

    fn refusal(&self, status: StatusCode, world: &mut World) -> Response<Bytes> {
        let mut response = status::worded(status);
        answer::set(&mut response, "x-request-id", &world.request_id());
        response
    }

    fn generate(&mut self, size: &Size, world: &mut World) {
        generate::generate(&mut self.state, size, world);
    }

    fn load(&mut self, file: &SeedFile<'_>) -> SeedOutcome {
        load::load(&mut self.state, file)
    }

    fn settle(&mut self, _world: &mut World) {}

    fn census(&self) -> Vec<(&'static str, u64)> {
        let state = &self.state;
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let completed = state
            .orders
            .values()
            .filter(|order| order.status == OrderStatus::Completed)
            .count();
        let operations = state
            .batches
            .all
            .values()
            .map(|batch| batch.operations.len())
            .sum();
        let snapshots = state
            .catalog
            .iter()
            .map(|item| state.market.count(item))
            .sum();
        let listings = state
            .listings
            .values()
            .filter(|listing| listings::is_shown(listing))
            .count();
        vec![
            ("catalog", count(state.catalog.len())),
            ("listings", count(listings)),
            ("orders", count(state.orders.len())),
            ("market_snapshots", count(snapshots)),
            ("batch_operations", count(operations)),
            ("payouts", count(completed)),
        ]
    }

    fn control(
        &mut self,
        verb: &str,
        body: &Value,
        world: &mut World,
    ) -> Result<Value, ControlError> {
        verbs::control(self, verb, body, world)
    }
}

impl Alias {
    /// Lets the gateway's checks pass, then runs the operation.
    fn route(&mut self, call: &Call<'_>, world: &mut World) -> Outcome<Value> {
        // alias has no pages for browsers: nothing is there for any host but its own.
        let path = call
            .path
            .strip_prefix("/api/v1/")
            .filter(|_| call.host == HOST);
        let path = path.unwrap_or_default();
        let decoded: Vec<String> = path.split('/').map(percent_decoded).collect();
        let segments: Vec<&str> = decoded.iter().map(String::as_str).collect();
        if call.method != Method::GET && !is_json(call) {
            return Err(Refusal::media_type());
        }
        let params = Params(call);
        if segments == ["test"] {
            self.revoked.check(call, world, None)?;
            return match *call.method {
                Method::GET => Ok(json!({"ok": true})),
                _ => Err(no_such(&segments)),
            };
        }
        let read = call.method == Method::GET;
        let scope = match segments.first().copied() {
            Some("catalog") => "catalog:read",
            Some("pricing_insights") => "pricing:read",
            Some("listings") if read => "listings:read",
            Some("listings" | "pictures") => "listings:write",
            Some("orders") if read => "orders:read",
            Some("orders") => "orders:write",
            _ => return Err(no_such(&segments)),
        };
        self.revoked.check(call, world, Some(scope))?;
        if read {
            get(&self.state, &segments, params)
        } else {
            write(&mut self.state, call.method, &segments, params, world)
        }
    }
}

/// The operations that change nothing.
fn get(state: &State, segments: &[&str], params: Params<'_>) -> Outcome<Value> {
    let now = params.0.now;
    match segments {
        ["catalog"] => state.catalog.search(params),
        ["catalog", id] => Ok(json!({"catalog_item": state.catalog.get(id)?.json()})),
        ["pricing_insights", "availabilities", id] => pricing::availabilities(state, id, params),
        ["pricing_insights", "availability"] => pricing::availability(state, params),
        ["pricing_insights", "offer_histogram"] => pricing::offer_histogram(state, params),
        ["pricing_insights", "recent_sales"] => pricing::recent_sales(state, params, now),
        ["listings"] => listings::search(state, params),
        ["listings", "batch"] => batches::list(state, params),
        ["listings", "batch", id] => batches::get(state, id, now),
        ["listings", "batch_operation", "quota"] => Ok(batches::quota(state)),
        ["listings", "batch_operations", id] => batches::operations(state, id, params),
        ["listings", id] => listings::get(state, id),
        ["orders"] => orders::search(state, params),
        ["orders", id] => orders::get(state, id),
        _ => Err(no_such(segments)),
    }
}

/// The operations that change something.
fn write(
    state: &mut State,
    method: &Method,
    segments: &[&str],
    params: Params<'_>,
    world: &mut World,
) -> Outcome<Value> {
    let now = params.0.now;
    match (method.as_str(), segments) {
        ("POST", ["listings"]) => listings::create(state, params, world),
        ("POST", ["listings", "batch_activate"]) => {
            batches::by_ids(state, params, world, |id| Change::Activate { id })
        }
        ("POST", ["listings", "batch_deactivate"]) => {
            batches::by_ids(state, params, world, |id| Change::Deactivate { id })
        }
        ("DELETE", ["listings", "batch_delete"]) => {
            batches::by_ids(state, params, world, |id| Change::Delete { id })
        }
        ("POST", ["listings", "batch_create"]) => batches::create(state, params, world),
        ("POST", ["listings", "batch_update"]) => batches::update(state, params, world),
        ("POST", ["listings", id]) => listings::update(state, id, params),
        ("DELETE", ["listings", id]) => listings::delete(state, id, now),
        ("POST", ["listings", id, "activate"]) => listings::activate(state, id, now),
        ("POST", ["listings", id, "deactivate"]) => listings::deactivate(state, id, now),
        ("POST", ["listings", id, "metadata"]) => listings::set_metadata(state, id, params),
        ("POST", ["listings", id, "metadata_delete"]) => {
            listings::delete_metadata(state, id, params)
        }
        ("POST", ["pictures"]) => pictures::create(state, params, world),
        ("DELETE", ["pictures", id]) => pictures::delete(state, id),
        ("POST", ["orders", id, "cancel"]) => orders::cancel(state, id, now),
        ("POST", ["orders", id, "confirm"]) => orders::confirm(state, id, now),
        ("POST", ["orders", id, "generate_label"]) => {
            orders::generate_label(state, id, params, world)
        }
        ("POST", ["orders", id, "regenerate_label"]) => {
            orders::regenerate_label(state, id, params, world)
        }
        ("POST", ["orders", id, "ship"]) => orders::ship(state, id, now),
        _ => Err(no_such(segments)),
    }
}

/// Whether a write says that it is JSON, as the gateway demands even of an empty body.
fn is_json(call: &Call<'_>) -> bool {
    let kind = call.header("content-type").unwrap_or_default();
    kind.split(';')
        .next()
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// The refusal of what is no operation: another method of a path that exists, or no path at all.
fn no_such(segments: &[&str]) -> Refusal {
    let exists = matches!(
        segments,
        ["test" | "catalog" | "listings" | "pictures" | "orders"]
            | ["catalog" | "listings" | "pictures" | "orders", _]
            | [
                "pricing_insights",
                "availability" | "offer_histogram" | "recent_sales"
            ]
            | ["pricing_insights", "availabilities", _]
            | [
                "listings",
                _,
                "activate" | "deactivate" | "metadata" | "metadata_delete"
            ]
            | ["listings", "batch" | "batch_operations", _]
            | ["listings", "batch_operation", "quota"]
            | [
                "orders",
                _,
                "cancel" | "confirm" | "generate_label" | "regenerate_label" | "ship"
            ]
    );
    if exists {
        Refusal::new(Code::Unimplemented, "Method Not Allowed")
    } else {
        Refusal::new(Code::NotFound, "Not Found")
    }
}
