//! Made-up data: a seller of shoes that do not exist.
//!
//! Every item of the catalogue is listed at least once, so that a client finds the whole catalogue
//! through the seller's listings, without knowing what to search for.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::platform::Size as Amount;
use crate::random::Random;
use crate::world::World;

use super::State;
use super::batch::{self, Batch, Change, Expected, Operation};
use super::catalog::{CatalogItem, folded};
use super::listing::{Changes, Listing, ListingStatus, NewListing};
use super::market;
use super::order::{Order, OrderStatus, Sale};
use super::orders;
use super::pictures::Picture;
use super::size::Size;
use super::words::{self, CONDITIONS, PACKAGING_CONDITIONS, PICTURE_TYPES};

const BRANDS: &[&str] = &[
    "Northlane",
    "Ostra",
    "Kestrel Athletics",
    "Mirai",
    "Halden & Co.",
];
const MODELS: &[&str] = &[
    "Courtside Low",
    "Courtside High",
    "Strider 90",
    "Strider 95",
    "Vela Runner",
    "Arc 3",
    "Arc 4",
    "Pivot Pro",
    "Tidewalker Slide",
    "Switchback Mid",
    "Lumen 2",
    "Canter GS",
];
const COLORWAYS: &[(&str, &str)] = &[
    ("Black White", "Black/White/Black"),
    ("Harbor Blue", "Harbor Blue/White/Gum"),
    ("Fire Red", "Fire Red/Black/Cement"),
    ("Craft Olive", "Olive/Sail/Gum"),
    ("Photon Dust", "Photon Dust/Silver"),
    ("Triple White", "White/White/White"),
    ("Cherry Blossom", "Pink Foam/Sail"),
    ("Obsidian", "Obsidian/Grey Fog"),
    ("Café", "Espresso/Cream"),
];

/// How far back orders reach.
const ORDERS_REACH: TimeDelta = TimeDelta::days(60);

/// Makes up everything, the same for the same seed, size and time.
pub(super) fn generate(state: &mut State, amount: &Amount, world: &mut World) {
    let (seed, now) = (world.seed, world.now);
    state.market.seed = Some(seed);
    for number in 0..amount.products {
        if let Some(item) = CatalogItem::new(item(seed, number)) {
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
    add_batches(state, seed, by_batch, now);
    batch::work(state, now);
    let sold = state
        .listings
        .values()
        .filter(|listing| listing.status == ListingStatus::Sold);
    let mut sold: Vec<String> = sold.map(|listing| listing.id.clone()).collect();
    for number in 0..amount.orders {
        add_order(
            state,
            seed,
            (number, amount.orders),
            (&ids, sold.pop()),
            now,
        );
    }
}

/// One item, in the words and with all the fields of a recorded one.
fn item(seed: u64, number: u32) -> Value {
    let mut random = Random::for_thing(seed, &["alias", "item", &number.to_string()]);
    let mut pick = |words: &'static [&'static str]| random.pick(words).copied().unwrap_or_default();
    let (brand, model) = (pick(BRANDS), pick(MODELS));
    let (nickname, colorway) = random.pick(COLORWAYS).copied().unwrap_or_default();
    let mut letter = || char::from(b'A' + u8::try_from(random.between(0, 25)).unwrap_or(0));
    let letters = [letter(), letter()];
    // The number of the item in its code makes it the only one.
    let sku = format!(
        "{}{}{number:04} {}",
        letters[0],
        letters[1],
        100 + random.between(0, 8) * 100
    );
    let name = format!("{brand} {model} '{nickname}'");
    let women = random.chance(30);
    let (first, last) = if women { (10, 24) } else { (8, 30) };
    let sizes: Vec<Value> = (first..=last)
        .map(|halves| {
            let size = Size::from_hundredths(halves * 50);
            json!({
                "display_name": size.to_string(),
                "value": size.to_json(),
                "us_size_equivalent": size.to_json(),
            })
        })
        .collect();
    let retail = (random.between(60, 260) * 100).to_string();
    let requested: Vec<Value> = PICTURE_TYPES
        .iter()
        .filter(|kind| {
            !["INVALID", "TYPE_TAG", "INTERIOR"]
                .iter()
                .any(|end| kind.ends_with(end))
        })
        .map(|kind| {
            let quantity = if kind.ends_with("EXTRA") { "3" } else { "1" };
            json!({"type": kind, "quantity": quantity})
        })
        .collect();
    let day = DateTime::from_timestamp(1_577_836_800 + i64::from(number % 2000) * 86_400, 0);
    let id = folded(&format!("{model} {nickname} {sku}")).replace(' ', "-");
    json!({
        "main_picture_url": format!("https://image.goat.com/sandbox/{id}.png"),
        "catalog_id": id,
        "name": name,
        "sku": sku,
        "brand": brand,
        "gender": if women { "women" } else { "men" },
        "release_date": day.map(|day| format!("{}T23:59:59.999Z", day.format("%Y-%m-%d"))),
        "product_category": "PRODUCT_CATEGORY_SHOES",
        "product_type": "sneakers",
        "size_unit": "SIZE_UNIT_US",
        "allowed_sizes": sizes,
        "minimum_listing_price_cents": "2500",
        "maximum_listing_price_cents": "200000",
        "retail_price_cents": retail,
        "colorway": colorway,
        "nickname": nickname,
        "requires_listing_pictures": number % 12 == 11,
        "requested_pictures": requested,
        "resellable": number % 20 != 19,
        "product_category_v2": "shoes",
    })
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

/// A batch that created listings, one that changed prices, and one that also tried to put sold
/// listings on sale.
fn add_batches(state: &mut State, seed: u64, offers: &[(u32, NewListing)], now: DateTime<Utc>) {
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

/// One of so many orders, the newest first, as far on its way as its age allows. The newest ones
/// sold listings that can still be seen; older ones name listings that are gone.
fn add_order(
    state: &mut State,
    seed: u64,
    (number, of): (u32, u32),
    (ids, sold): (&[String], Option<String>),
    now: DateTime<Utc>,
) {
    let mut random = Random::for_thing(seed, &["alias", "order", &number.to_string()]);
    let slot = ORDERS_REACH.num_seconds() / i64::from(of.max(1));
    let within = i64::try_from(random.between(0, 99)).unwrap_or(0) * slot / 100;
    let age = TimeDelta::seconds(slot * i64::from(number) + within);
    let sold_at = now - age;

    let sale = match sold.and_then(|id| state.listings.get_mut(&id)) {
        Some(listing) => {
            listing.sell(sold_at);
            Some((listing.offer.clone(), listing.id.clone()))
        }
        None => random
            .pick(ids)
            .and_then(|id| offer(state, seed, u32::MAX - number, id))
            .map(|offer| (offer, random.uuid())),
    };
    let Some((offer, listing_id)) = sale else {
        return;
    };
    let Ok(item) = state.catalog.get(&offer.catalog_id) else {
        return;
    };
    let sale = Sale {
        item,
        listing_id,
        size: offer.size,
        price_cents: offer.price_cents,
        channel: if random.chance(80) { "GOAT" } else { "Alias" },
        purchase_order: format!("PO-{:06}", random.between(0, 999_999)),
    };
    let mut order = Order::new(random.uuid(), sale, sold_at);
    let label = orders::label("LABEL_TYPE_SHIPPING", random.next(), sold_at + age / 6);
    let share = number * 100 / of.max(1);
    let aim = match share {
        0..=3 => OrderStatus::NeedsConfirmation,
        4..=6 => OrderStatus::Confirmed,
        7..=8 => OrderStatus::LabelGenerated,
        9..=15 => OrderStatus::InTransit,
        _ if number.is_multiple_of(7) => OrderStatus::Canceled,
        _ => OrderStatus::Completed,
    };
    // Each step is one that the present state allows, so none of them is refused.
    let steps = |order: &mut Order| {
        if aim == OrderStatus::NeedsConfirmation {
            return Ok(());
        }
        order.confirm(sold_at + age / 8)?;
        match aim {
            OrderStatus::NeedsConfirmation | OrderStatus::Confirmed => return Ok(()),
            OrderStatus::Canceled => return order.cancel(sold_at + age / 7),
            OrderStatus::LabelGenerated | OrderStatus::InTransit | OrderStatus::Completed => {}
        }
        order.label(label)?;
        if aim == OrderStatus::LabelGenerated {
            return Ok(());
        }
        order.ship(sold_at + age / 4)?;
        let carried = if aim == OrderStatus::Completed {
            3
        } else {
            number % 3
        };
        (0..carried).try_for_each(|_| order.carry(sold_at + age / 2))
    };
    if steps(&mut order).is_ok() {
        state.orders.insert(order.id.clone(), order);
    }
}
