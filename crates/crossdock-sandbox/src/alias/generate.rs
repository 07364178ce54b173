//! Made-up data: a seller of shoes that do not exist.
//!
//! Every item of the catalogue is listed at least once, so that a client finds the whole catalogue
//! through the seller's listings, without knowing what to search for.

mod batches;
mod items;
mod orders;

use chrono::{DateTime, TimeDelta, Utc};

use crate::platform::Size as Amount;
use crate::random::Random;
use crate::world::World;

use super::State;
use super::batch;
use super::catalog::CatalogItem;
use super::listing::{Listing, ListingStatus, NewListing};
use super::market;
use super::pictures::Picture;
use super::size::Size;
use super::words::{self, CONDITIONS, PACKAGING_CONDITIONS, PICTURE_TYPES};

/// Makes up everything, the same for the same seed, size and time.
pub(super) fn generate(state: &mut State, amount: &Amount, world: &mut World) {
    let (seed, now) = (world.seed, world.now);
    state.market.seed = Some(seed);
    for number in 0..amount.products {
        if let Some(item) = CatalogItem::new(items::item(seed, number)) {
            state.catalog.add(item);
        }
    }
    let ids: Vec<String> = state.catalog.iter().map(|item| item.id.clone()).collect();
    let count = ids.len() + ids.len() / 2;
    // An eighth of the listings comes from a batch; the first listing of an item never does.
    let batched = (count / 8).min(count - ids.len());
    let offers: Vec<(u32, NewListing)> = (0..)
        .zip(ids.iter().cycle().take(count))
        .filter_map(|(number, id)| Some((number, offer(state, seed, number, id)?)))
        .collect();
    let (direct, by_batch) = offers.split_at(offers.len() - batched.min(offers.len()));
    for (number, offer) in direct {
        list(state, seed, *number, offer.clone(), now);
    }
    batches::add(state, seed, by_batch, now);
    batch::work(state, now);
    let sold = state
        .listings
        .values()
        .filter(|listing| listing.status == ListingStatus::Sold);
    let mut sold: Vec<String> = sold.map(|listing| listing.id.clone()).collect();
    for number in 0..amount.orders {
        orders::add(
            state,
            seed,
            (number, amount.orders),
            (&ids, sold.pop()),
            now,
        );
    }
}

/// What the seller asks for one pair of an item.
fn offer(state: &State, seed: u64, number: u32, catalog_id: &str) -> Option<NewListing> {
    let mut random = Random::for_thing(seed, &["alias", "offer", &number.to_string()]);
    let item = state.catalog.get(catalog_id).ok()?;
    let sizes: Vec<Size> = item.sizes().collect();
    let percent = i64::try_from(random.between(90, 130)).unwrap_or(100);
    let dollars = market::worth(seed, item) * percent / 10_000;
    let used = random.chance(15);
    let worn_box = used && random.chance(50);
    Some(NewListing {
        catalog_id: catalog_id.to_owned(),
        price_cents: (dollars * 100).clamp(2_500, 200_000),
        condition: CONDITIONS.get(if used { 2 } else { 1 })?,
        packaging: PACKAGING_CONDITIONS.get(if worn_box { 3 } else { 1 })?,
        size: *random.pick(&sizes)?,
        size_unit: words::member(words::SIZE_UNITS, item.text("size_unit"))?,
        activate: true,
        metadata: [(
            "ext_tag".to_owned(),
            format!("rack-{}", random.between(1, 40)),
        )]
        .into(),
        defects: Vec::new(),
        additional_defects: String::new(),
    })
}

/// Adds one listing: the first of an item on sale, the others in any state.
fn list(state: &mut State, seed: u64, number: u32, offer: NewListing, now: DateTime<Utc>) {
    let mut random = Random::for_thing(seed, &["alias", "listing", &number.to_string()]);
    let age = TimeDelta::days(20) + TimeDelta::minutes(i64::from(number) * 37 % 170_000);
    let (id, created_at) = (random.uuid(), now - age);
    let Ok(mut listing) = Listing::create(id, offer, &state.catalog, created_at) else {
        return;
    };
    let first = usize::try_from(number).is_ok_and(|number| number < state.catalog.len());
    let status = if first {
        ListingStatus::Active
    } else {
        status(random.between(0, 9))
    };
    if status == ListingStatus::Active
        && let Ok(item) = state.catalog.get(&listing.offer.catalog_id)
    {
        for kind in item.mandatory_pictures() {
            if let Some(kind) = words::member(PICTURE_TYPES, kind) {
                let picture = Picture {
                    listing_id: listing.id.clone(),
                    kind,
                };
                state.pictures.insert(random.uuid(), picture);
            }
        }
    }
    if status != ListingStatus::Pending {
        listing.status = status;
        listing.activated_at = Some(created_at + age / 10);
        listing.updated_at = created_at + age / 2;
    }
    state.listings.insert(listing.id.clone(), listing);
}

fn status(drawn: u64) -> ListingStatus {
    match drawn {
        0..=3 => ListingStatus::Active,
        4 | 5 => ListingStatus::Inactive,
        6 | 7 => ListingStatus::Pending,
        _ => ListingStatus::Sold,
    }
}
