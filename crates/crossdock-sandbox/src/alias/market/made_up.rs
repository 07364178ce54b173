//! Prices that follow from the seed, the item and how often its market was moved, and from nothing
//! else: they are computed whenever they are asked for.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::alias::catalog::CatalogItem;
use crate::alias::size::Size;
use crate::alias::time::time;
use crate::alias::words::{PACKAGING_CONDITIONS, PRODUCT_CONDITIONS};
use crate::random::Random;

use super::{Kind, Prices, Scope};

/// The numbers that the prices of one kind follow from.
pub(super) fn random(
    seed: u64,
    moves: u32,
    item: &CatalogItem,
    scope: &Scope,
    kind: Kind,
) -> Random {
    let moves = moves.to_string();
    let consigned = scope
        .consigned
        .map_or("", |consigned| if consigned { "c" } else { "n" });
    let region = scope.region.as_deref().unwrap_or_default();
    let size = kind.size.to_string();
    let parts = [
        &item.id,
        region,
        consigned,
        &size,
        kind.condition,
        kind.packaging,
        &moves,
    ];
    Random::for_thing(seed, &parts)
}

/// The prices of one kind.
pub(super) fn prices(mut random: Random, seed: u64, item: &CatalogItem, kind: Kind) -> Prices {
    let worth = worth(seed, item) * factor(kind) / 100;
    let mut price = |none: u64, low: u64, high: u64| {
        let share = signed(random.between(low, high));
        // Whole dollars, and never so little that it would mean "none".
        if random.chance(none) {
            0
        } else {
            (worth * share / 10_000).max(1) * 100
        }
    };
    Prices {
        lowest_ask: price(20, 100, 130),
        highest_offer: price(35, 60, 95),
        last_sold: price(15, 85, 115),
        indicator: price(92, 95, 110),
    }
}

/// The kinds of an item that have prices. One item in ten is traded in nearly every kind, as the
/// best-known shoes are (a recorded one has 241).
pub(super) fn kinds(seed: u64, item: &CatalogItem) -> Vec<Kind> {
    let mut random = Random::for_thing(seed, &[&item.id, "kinds"]);
    let popular = random.chance(10);
    let mut kinds = Vec::new();
    for size in std::iter::once(Size::ANY).chain(item.sizes()) {
        for condition in PRODUCT_CONDITIONS.iter().skip(1) {
            for packaging in PACKAGING_CONDITIONS.iter().skip(1) {
                let usual = condition.ends_with("_NEW") && packaging.ends_with("GOOD_CONDITION");
                let traded =
                    usual || (size != Size::ANY && random.chance(if popular { 80 } else { 4 }));
                if traded {
                    kinds.push(Kind {
                        size,
                        condition,
                        packaging,
                    });
                }
            }
        }
    }
    kinds
}

/// What an item is worth in the best condition, in cents.
pub(in super::super) fn worth(seed: u64, item: &CatalogItem) -> i64 {
    let percent = signed(Random::for_thing(seed, &[&item.id, "worth"]).between(80, 260));
    item.cents("retail_price_cents").max(5_000) * percent / 100
}

/// What share of an item's worth a condition leaves, in percent.
fn factor(kind: Kind) -> i64 {
    let condition = match kind.condition {
        "PRODUCT_CONDITION_USED" => 65,
        "PRODUCT_CONDITION_NEW_WITH_DEFECTS" => 75,
        _ => 100,
    };
    let packaging = match kind.packaging {
        "PACKAGING_CONDITION_MISSING_LID" => 95,
        "PACKAGING_CONDITION_BADLY_DAMAGED" => 90,
        "PACKAGING_CONDITION_NO_ORIGINAL_BOX" => 85,
        _ => 100,
    };
    condition * packaging / 100
}

/// Sales about every seven hours, without end. What was sold stays sold as time goes on.
pub(super) fn sales(
    seed: u64,
    item: &CatalogItem,
    size: Size,
    now: DateTime<Utc>,
) -> impl Iterator<Item = Value> {
    const SLOT_SECONDS: i64 = 7 * 3600;
    let last_slot = now.timestamp().div_euclid(SLOT_SECONDS) - 1;
    let (worth, id, size_text) = (worth(seed, item), item.id.clone(), size.to_string());
    (0..1000_i64).filter_map(move |back| {
        let slot = last_slot - back;
        let mut random = Random::for_thing(seed, &[&id, &size_text, "sale", &slot.to_string()]);
        let seconds = slot * SLOT_SECONDS + signed(random.between(0, 7 * 3600 - 1));
        let at = DateTime::from_timestamp(seconds, 0)?;
        let at = at + TimeDelta::milliseconds(signed(random.between(0, 999)));
        let price = (worth * signed(random.between(85, 120)) / 10_000).max(1) * 100;
        Some(json!({
            "purchased_at": time(at),
            "price_cents": price.to_string(),
            "size": size.to_json(),
            "consigned": random.chance(40),
            "catalog_id": id,
        }))
    })
}

pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
