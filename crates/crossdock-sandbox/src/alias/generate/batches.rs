//! Made-up batches.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use crate::alias::State;
use crate::alias::batch::{Batch, Change, Expected, Operation};
use crate::alias::listing::{Changes, ListingStatus, NewListing};
use crate::random::Random;

/// A batch that created listings, one that changed prices, and one that also tried to put sold
/// listings on sale.
pub(super) fn add(state: &mut State, seed: u64, offers: &[(u32, NewListing)], now: DateTime<Utc>) {
    let mut random = Random::for_thing(seed, &["alias", "batches"]);
    let created = offers.iter().map(|(_, offer)| {
        let request = json!({
            "catalog_id": offer.catalog_id,
            "activate": true,
            "size_unit": offer.size_unit,
            "condition": offer.condition,
            "packaging_condition": offer.packaging,
            "metadata_list": [offer.metadata],
            "price_cents": offer.price_cents.to_string(),
            "size": offer.size.to_json(),
            "quantity": "1",
        });
        let offer = Box::new(offer.clone());
        Operation::new(
            Change::Create {
                id: random.uuid(),
                offer,
            },
            request,
        )
    });
    let created: Vec<Operation> = created.collect();
    let raised = state
        .listings
        .values()
        .filter(|listing| listing.status == ListingStatus::Active);
    let raised = raised.take(10).map(|listing| {
        let price = (listing.offer.price_cents + 500).min(200_000);
        let id = listing.id.clone();
        let request = json!({"id": id, "price_cents_change": {"new_value": price.to_string()}});
        let changes = Changes {
            price_cents: Some(price),
            ..Changes::default()
        };
        Operation::new(
            Change::Update {
                id,
                expected: Expected::default(),
                changes,
            },
            request,
        )
    });
    let raised: Vec<Operation> = raised.collect();
    let idle = state.listings.values().filter(|listing| {
        matches!(
            listing.status,
            ListingStatus::Sold | ListingStatus::Inactive
        )
    });
    let idle = idle.take(6).map(|listing| {
        let id = listing.id.clone();
        Operation::new(Change::Activate { id: id.clone() }, json!({"id": id}))
    });
    let idle: Vec<Operation> = idle.collect();
    for (days, operations) in [(5, created), (2, raised), (1, idle)] {
        if !operations.is_empty() {
            let (id, created_at) = (random.uuid(), now - TimeDelta::days(days));
            state.batches.all.insert(
                id.clone(),
                Batch {
                    id,
                    created_at,
                    operations,
                },
            );
        }
    }
}
