//! The operations under `/orders`.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::random::Random;
use crate::world::World;

use super::State;
use super::catalog::folded;
use super::order::{Label, Order};
use super::paging;
use super::params::Params;
use super::status::{Outcome, Refusal};
use super::words::LABEL_TYPES;

/// The default and the largest page.
const PAGE_SIZE: usize = 25;
const MOST: usize = 50;

/// `GET /orders`: newest first. There is no filter by date.
pub(super) fn search(state: &State, params: Params<'_>) -> Outcome<Value> {
    let query = params.text("query").map(folded);
    let facets = facets(&params.list("facet_filters"))?;
    let limit = params.limit("page_size", PAGE_SIZE, MOST)?;
    let found = state.orders.values().filter(|order| {
        let of_facet = facets.is_empty()
            || facets.contains(&order.status.word())
            || facets.contains(&order.fulfillment.word());
        of_facet && query.as_deref().is_none_or(|query| has_query(order, query))
    });
    let entries = found.map(|order| ((-order.sold_at.timestamp_micros(), order.id.clone()), order));
    let page = paging::page("orders", entries, params.text("pagination_token"), limit)?;
    Ok(json!({
        "results": page.items.iter().map(|order| order.json()).collect::<Vec<_>>(),
        "pagination": {"next_page_token": page.next},
    }))
}

/// `GET /orders/{id}`
pub(super) fn get(state: &State, id: &str) -> Outcome<Value> {
    let order = state
        .orders
        .get(id)
        .ok_or_else(|| Refusal::not_found("order"))?;
    Ok(json!({"order": order.json()}))
}

/// `POST /orders/{id}/cancel`
pub(super) fn cancel(state: &mut State, id: &str, now: DateTime<Utc>) -> Outcome<Value> {
    existing(state, id)?.cancel(now)?;
    get(state, id)
}

/// `POST /orders/{id}/confirm`
pub(super) fn confirm(state: &mut State, id: &str, now: DateTime<Utc>) -> Outcome<Value> {
    existing(state, id)?.confirm(now)?;
    get(state, id)
}

/// `POST /orders/{id}/generate_label`: for shipping, unless another kind is named.
pub(super) fn generate_label(
    state: &mut State,
    id: &str,
    params: Params<'_>,
    world: &mut World,
) -> Outcome<Value> {
    let kind = params.member("label_type", LABEL_TYPES)?;
    let order = existing(state, id)?;
    if order.label_kind().is_some() {
        return Err(Refusal::state("the order has a label: regenerate it"));
    }
    order.label(label(
        kind.unwrap_or("LABEL_TYPE_SHIPPING"),
        world.random(),
        params.0.now,
    ))?;
    get(state, id)
}

/// `POST /orders/{id}/regenerate_label`: of the kind that it has, unless another one is named.
pub(super) fn regenerate_label(
    state: &mut State,
    id: &str,
    params: Params<'_>,
    world: &mut World,
) -> Outcome<Value> {
    let kind = params.member("label_type", LABEL_TYPES)?;
    let order = existing(state, id)?;
    let Some(present) = order.label_kind() else {
        return Err(Refusal::state("the order has no label yet"));
    };
    order.label(label(kind.unwrap_or(present), world.random(), params.0.now))?;
    get(state, id)
}

/// `POST /orders/{id}/ship`
pub(super) fn ship(state: &mut State, id: &str, now: DateTime<Utc>) -> Outcome<Value> {
    existing(state, id)?.ship(now)?;
    get(state, id)
}

/// A label with a tracking number in the form that UPS uses.
pub(super) fn label(kind: &'static str, seed: u64, now: DateTime<Utc>) -> Label {
    let number = Random::new(seed).between(0, 9_999_999_999_999_999);
    Label {
        kind,
        tracking: format!("1Z{number:016}"),
        generated_at: now,
    }
}

fn existing<'s>(state: &'s mut State, id: &str) -> Outcome<&'s mut Order> {
    state
        .orders
        .get_mut(id)
        .ok_or_else(|| Refusal::not_found("order"))
}

/// The statuses that are asked for. One request may filter by one kind of status only.
fn facets<'a>(filters: &[&'a str]) -> Outcome<Vec<&'a str>> {
    let refused = |why| Refusal::invalid("facet_filters", why);
    let mut names = Vec::new();
    let mut values = Vec::new();
    for filter in filters {
        let (name, value) = filter
            .split_once(':')
            .ok_or_else(|| refused("not a facet"))?;
        let prefix = match name.trim() {
            "status" => "ORDER_STATUS_",
            "fulfillment_status" => "FULFILLMENT_STATUS_",
            _ => return Err(refused("not a known facet")),
        };
        let value = value.trim();
        if !value.starts_with(prefix) {
            return Err(refused("not a value of this facet"));
        }
        names.push(prefix);
        values.push(value);
    }
    names.dedup();
    if names.len() > 1 {
        return Err(refused("only one facet type per request"));
    }
    Ok(values)
}

fn has_query(order: &Order, query: &str) -> bool {
    let parts = [
        &order.id,
        &order.name,
        &order.sku,
        &order.catalog_id,
        &order.purchase_order,
    ];
    let text = folded(&parts.map(String::as_str).join(" "));
    query.split(' ').all(|word| text.contains(word))
}
