//! The operations under `/listings`, batches apart.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::world::World;

use super::State;
use super::batch::Batches;
use super::catalog::folded;
use super::filters::Filters;
use super::listing::{Changes, Listing, ListingStatus, NewListing};
use super::paging;
use super::params::{Params, need};
use super::status::{Code, Outcome, Refusal};
use super::words::{CONDITIONS, DEFECTS, ORDER_BY, PACKAGING_CONDITIONS, SIZE_UNITS, SORT_BY};

/// The default and the largest page.
const PAGE_SIZE: usize = 25;
const MOST: usize = 50;

/// `GET /listings`
pub(super) fn search(state: &State, params: Params<'_>) -> Outcome<Value> {
    let term = params.text("search_term").map(folded);
    let filters = Filters::read(params)?;
    let limit = params.limit("page_size", PAGE_SIZE, MOST)?;
    let sort = params.member("order.sort_by", SORT_BY)?;
    let descending = params
        .member("order.order_by", ORDER_BY)?
        .is_none_or(|by| by.ends_with("DESC"));
    let found = state.listings.values().filter(|listing| {
        filters.take(listing)
            && term
                .as_deref()
                .is_none_or(|term| has_term(state, listing, term))
    });
    let position = |listing: &Listing| {
        let value = match sort {
            Some("SEARCH_LISTING_REQUEST_ORDER_SORT_BY_SIZE") => {
                i64::from(listing.offer.size.hundredths())
            }
            Some("SEARCH_LISTING_REQUEST_ORDER_SORT_BY_PRICE") => listing.offer.price_cents,
            Some("SEARCH_LISTING_REQUEST_ORDER_SORT_BY_UPDATED_AT") => {
                listing.updated_at.timestamp_micros()
            }
            _ => listing.created_at.timestamp_micros(),
        };
        (if descending { -value } else { value }, listing.id.clone())
    };
    // A page token belongs to one order of the list.
    let list = format!("listings {} {descending}", sort.unwrap_or_default());
    let entries = found.map(|listing| (position(listing), listing));
    let page = paging::page(&list, entries, params.text("pagination_token"), limit)?;
    Ok(json!({
        "listings": page.items.iter().map(|listing| listing.json()).collect::<Vec<_>>(),
        "pagination": {
            "pagination_token": page.next,
            "has_more": page.has_more(),
            "total_count": page.total.to_string(),
        },
    }))
}

/// `POST /listings`
pub(super) fn create(state: &mut State, params: Params<'_>, world: &mut World) -> Outcome<Value> {
    let offer = NewListing {
        catalog_id: params.required("catalog_id")?.to_owned(),
        price_cents: need(params.int64("price_cents")?, "price_cents")?,
        condition: need(params.member("condition", CONDITIONS)?, "condition")?,
        packaging: need(
            params.member("packaging_condition", PACKAGING_CONDITIONS)?,
            "packaging_condition",
        )?,
        size: need(params.size("size")?, "size")?,
        size_unit: need(params.member("size_unit", SIZE_UNITS)?, "size_unit")?,
        activate: params.boolean("activate")?.unwrap_or(false),
        metadata: params.map("metadata"),
        defects: params
            .list("defects")
            .into_iter()
            .map(|text| {
                super::words::member(DEFECTS, text)
                    .ok_or_else(|| Refusal::invalid("defects", "not a value of this enumeration"))
            })
            .collect::<Outcome<_>>()?,
        additional_defects: params
            .text("additional_defects")
            .unwrap_or_default()
            .to_owned(),
    };
    let listing = add(state, offer, world.uuid(), params.0.now)?;
    Ok(json!({"listing": listing}))
}

/// Adds a listing, and puts it on sale where that is asked for.
pub(super) fn add(
    state: &mut State,
    offer: NewListing,
    id: String,
    now: DateTime<Utc>,
) -> Outcome<Value> {
    if !state.catalog.get(&offer.catalog_id)?.flag("resellable") {
        return Err(Refusal::state("the catalog item cannot be listed now"));
    }
    let mut listing = Listing::create(id, offer, &state.catalog, now)?;
    if listing.offer.activate {
        listing.activate(state.has_pictures(&listing), now)?;
    }
    let json = listing.json();
    state.listings.insert(listing.id.clone(), listing);
    Ok(json)
}

/// `GET /listings/{id}`
pub(super) fn get(state: &State, id: &str) -> Outcome<Value> {
    let listing = state
        .listings
        .get(id)
        .ok_or_else(|| Refusal::not_found("listing"))?;
    Ok(json!({"listing": listing.json()}))
}

/// `POST /listings/{id}`: a change of what is named.
pub(super) fn update(state: &mut State, id: &str, params: Params<'_>) -> Outcome<Value> {
    let changes = Changes {
        catalog_id: params.text("catalog_id").map(str::to_owned),
        price_cents: params.int64("price_cents")?,
        size: params.size("size")?,
        size_unit: params.member("size_unit", SIZE_UNITS)?,
    };
    free(&state.batches, &mut state.listings, id)?.update(changes, &state.catalog, params.0.now)?;
    get(state, id)
}

/// `DELETE /listings/{id}`
pub(super) fn delete(state: &mut State, id: &str, now: DateTime<Utc>) -> Outcome<Value> {
    free(&state.batches, &mut state.listings, id)?.delete(now)?;
    Ok(json!({"id": id}))
}

/// `POST /listings/{id}/activate`. An activation that fails for want of pictures deletes those that
/// are there.
pub(super) fn activate(state: &mut State, id: &str, now: DateTime<Utc>) -> Outcome<Value> {
    let has_pictures = state
        .listings
        .get(id)
        .is_some_and(|listing| state.has_pictures(listing));
    free(&state.batches, &mut state.listings, id)?.activate(has_pictures, now)?;
    if !has_pictures {
        state.pictures.retain(|_, picture| picture.listing_id != id);
    }
    get(state, id)
}

/// `POST /listings/{id}/deactivate`
pub(super) fn deactivate(state: &mut State, id: &str, now: DateTime<Utc>) -> Outcome<Value> {
    free(&state.batches, &mut state.listings, id)?.deactivate(now)?;
    get(state, id)
}

/// `POST /listings/{id}/metadata`
pub(super) fn set_metadata(state: &mut State, id: &str, params: Params<'_>) -> Outcome<Value> {
    let pairs: BTreeMap<String, String> = params.map("metadata");
    if pairs.is_empty() {
        return Err(Refusal::missing("metadata"));
    }
    let listing = free(&state.batches, &mut state.listings, id)?;
    listing.need_alive()?;
    listing.offer.metadata.extend(pairs);
    listing.updated_at = params.0.now;
    get(state, id)
}

/// `POST /listings/{id}/metadata_delete`
pub(super) fn delete_metadata(state: &mut State, id: &str, params: Params<'_>) -> Outcome<Value> {
    let keys = params.list("keys");
    if keys.is_empty() {
        return Err(Refusal::missing("keys"));
    }
    let listing = free(&state.batches, &mut state.listings, id)?;
    listing.need_alive()?;
    listing
        .offer
        .metadata
        .retain(|key, _| !keys.contains(&key.as_str()));
    listing.updated_at = params.0.now;
    get(state, id)
}

/// A listing that no batch is working on.
fn free<'s>(
    batches: &Batches,
    listings: &'s mut BTreeMap<String, Listing>,
    id: &str,
) -> Outcome<&'s mut Listing> {
    if batches.holds(id) {
        return Err(Refusal::new(
            Code::Aborted,
            "the listing is being modified by a batch",
        ));
    }
    listings
        .get_mut(id)
        .ok_or_else(|| Refusal::not_found("listing"))
}

fn has_term(state: &State, listing: &Listing, term: &str) -> bool {
    let name = state
        .catalog
        .get(&listing.offer.catalog_id)
        .map_or("", |item| item.text("name"));
    let text = folded(&format!(
        "{} {name} {} {}",
        listing.sku, listing.offer.catalog_id, listing.id
    ));
    term.split(' ').all(|word| text.contains(word))
}

/// Whether a listing shows in a search that names no status.
pub(super) fn is_shown(listing: &Listing) -> bool {
    listing.status != ListingStatus::Deleted
}
