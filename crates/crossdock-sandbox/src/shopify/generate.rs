//! Makes up a shop: the same for the same seed, size and point in time.
//!
//! The shop sells shoes and clothes in dollars, ships from three places, and shows prices in two
//! more currencies. Every number of an object follows from its place in the list, so that growing
//! the shop changes none of what was there.

mod orders;
mod payouts;
mod visits;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::objects::{
    Address, Amount, Currency, Image, InventoryItem, Level, Location, Product, ProductOption,
    Quantities, Variant,
};
use super::store::Store;
use crate::platform::Size;
use crate::random::Random;
use crate::world::World;

/// Where the numbers of each kind of object begin.
const PRODUCTS: u64 = 8_100_000_000_000;
const VARIANTS: u64 = 44_200_000_000_000;
const ITEMS: u64 = 46_300_000_000_000;
const LEVELS: u64 = 98_400_000_000;
const OPTIONS: u64 = 10_500_000_000_000;
const IMAGES: u64 = 37_600_000_000_000;
const LOCATIONS: u64 = 71_700_000_000;

/// The most variants that a product has.
const MAX_VARIANTS: u64 = 6;

/// The longest a product can have been there.
const OLDEST: TimeDelta = TimeDelta::days(700);

const VENDORS: [&str; 6] = [
    "Northwind",
    "Halden",
    "Brisk & Co",
    "Ostrava",
    "Kite",
    "Lumen",
];
const KINDS: [&str; 5] = ["Sneakers", "Boots", "T-Shirts", "Jackets", "Bags"];
const STYLES: [&str; 8] = [
    "Trail", "Harbour", "Alpine", "City", "Meadow", "Studio", "Coast", "Night",
];
const MODELS: [&str; 8] = [
    "Runner",
    "Classic",
    "Low",
    "High",
    "Light",
    "Pro",
    "Essential",
    "Heritage",
];
const COLOURS: [&str; 3] = ["Black", "Sand", "Green"];
const SIZES: [&str; 2] = ["M", "L"];
const TAGS: [&str; 6] = ["new", "sale", "winter", "summer", "outdoor", "unisex"];

/// Fills an empty shop.
pub(crate) fn fill(store: &mut Store, size: &Size, world: &World) {
    let before = world.now;
    store.info.presentment = vec![Currency::USD, Currency::EUR, Currency::CAD];
    locations(store, before);
    let words = Words::new();
    for index in 0..u64::from(size.products) {
        product(store, index, world.seed, before, &words);
    }
    for index in 0..u64::from(size.orders) {
        orders::order(store, index, world.seed, before);
    }
    payouts::payouts(store, before);
}

/// Adds one product as of now; its id.
pub(crate) fn one_product(store: &mut Store, world: &mut World) -> u64 {
    if store.locations.is_empty() {
        locations(store, world.now);
    }
    let index = next(store.products().keys().next_back(), PRODUCTS);
    product(store, index, world.seed, world.now, &Words::new());
    let id = PRODUCTS + index;
    if let Some(mut product) = store.products().get(&id).cloned() {
        product.created_at = world.now;
        product.updated_at = world.now;
        store.put_product(product);
    }
    id
}

/// Adds one order as of now; its id, unless the shop has nothing to sell.
pub(crate) fn one_order(store: &mut Store, world: &mut World) -> Option<u64> {
    let index = next(store.orders.keys().next_back(), orders::ORDERS);
    let id = orders::order(store, index, world.seed, world.now)?;
    let order = store.orders.get_mut(&id)?;
    order.created_at = world.now;
    order.processed_at = world.now;
    order.updated_at = world.now;
    Some(id)
}

/// The place after the last number of a kind.
fn next(last: Option<&u64>, first: u64) -> u64 {
    last.and_then(|last| last.checked_sub(first))
        .map_or(0, |index| index + 1)
}

/// The words that many products share, each held once.
struct Words {
    vendors: Vec<Arc<str>>,
    kinds: Vec<Arc<str>>,
    colours: Vec<Arc<str>>,
    sizes: Vec<Arc<str>>,
    tags: Vec<Arc<str>>,
    active: Arc<str>,
    draft: Arc<str>,
    archived: Arc<str>,
    colour: Arc<str>,
    size: Arc<str>,
    title: Arc<str>,
    only: Arc<str>,
}

impl Words {
    fn new() -> Self {
        let all = |words: &[&str]| words.iter().map(|word| Arc::from(*word)).collect();
        Self {
            vendors: all(&VENDORS),
            kinds: all(&KINDS),
            colours: all(&COLOURS),
            sizes: all(&SIZES),
            tags: all(&TAGS),
            active: "ACTIVE".into(),
            draft: "DRAFT".into(),
            archived: "ARCHIVED".into(),
            colour: "Color".into(),
            size: "Size".into(),
            title: "Title".into(),
            only: "Default Title".into(),
        }
    }
}

fn locations(store: &mut Store, before: DateTime<Utc>) {
    let created_at = before - OLDEST;
    let places = [
        (
            "Main warehouse",
            "1 Harbour Road",
            "Portland",
            "Oregon",
            "OR",
            "97201",
        ),
        (
            "Downtown shop",
            "22 Market Street",
            "Seattle",
            "Washington",
            "WA",
            "98101",
        ),
        (
            "Returns centre",
            "300 Depot Lane",
            "Boise",
            "Idaho",
            "ID",
            "83702",
        ),
    ];
    for (place, id) in places.into_iter().zip(LOCATIONS..) {
        let (name, address, city, province, code, zip) = place;
        store.locations.insert(
            id,
            Location {
                id,
                name: name.to_owned(),
                is_active: true,
                is_primary: id == LOCATIONS,
                fulfills_online_orders: id != LOCATIONS + 2,
                is_fulfillment_service: false,
                address: Address {
                    id,
                    address1: Some(address.to_owned()),
                    city: Some(city.to_owned()),
                    province: Some(province.to_owned()),
                    province_code: Some(code.to_owned()),
                    country: Some("United States".to_owned()),
                    country_code: Some("US".to_owned()),
                    zip: Some(zip.to_owned()),
                    ..Address::default()
                },
                created_at,
                updated_at: created_at,
            },
        );
    }
}

fn chosen(random: &mut Random, words: &[Arc<str>]) -> Arc<str> {
    random.pick(words).cloned().unwrap_or_default()
}

/// A number that is the index's own.
fn seeded(seed: u64, index: u64, kind: u64) -> Random {
    Random::new(seed ^ kind.rotate_left(48) ^ index.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

fn seconds(random: &mut Random, within: TimeDelta) -> TimeDelta {
    let most = u64::try_from(within.num_seconds()).unwrap_or(0);
    TimeDelta::seconds(i64::try_from(random.between(1, most)).unwrap_or(1))
}

fn product(store: &mut Store, index: u64, seed: u64, before: DateTime<Utc>, words: &Words) {
    let mut random = seeded(seed, index, 1);
    let id = PRODUCTS + index;
    let created_at = before - seconds(&mut random, OLDEST);
    let updated_at = before - seconds(&mut random, (before - created_at).min(TimeDelta::days(120)));
    let style = random.pick(&STYLES).copied().unwrap_or_default();
    let model = random.pick(&MODELS).copied().unwrap_or_default();
    let kind = chosen(&mut random, &words.kinds);
    let title = format!("{style} {model} {}", index + 1);
    let status = match random.between(1, 20) {
        1 => &words.draft,
        2 => &words.archived,
        _ => &words.active,
    };
    let options = options(index, &mut random, words);
    let combinations = combinations(&options);
    let price = Amount::cents(i64::try_from(random.between(15, 220)).unwrap_or(15) * 100 - 5);
    let image = IMAGES + index;
    let variants: Vec<Variant> = combinations
        .into_iter()
        .zip(0..)
        .map(|(values, place)| {
            let number = index * MAX_VARIANTS + place;
            let sku = format!("CD-{:05}-{}", index + 1, place + 1);
            let title: Vec<&str> = values.iter().map(|value| &**value).collect();
            let variant = Variant {
                id: VARIANTS + number,
                title: title.join(" / "),
                options: values,
                sku: Some(sku.clone()),
                barcode: Some(format!("4{:012}", number)),
                price: price + Amount::cents(i64::try_from(place).unwrap_or(0) * 200),
                compare_at_price: (index.is_multiple_of(4)).then(|| price + Amount::cents(3_000)),
                taxable: true,
                oversell: index.is_multiple_of(11),
                stated_quantity: None,
                stated_available: None,
                inventory_item: ITEMS + number,
                image: (place == 0).then_some(image),
                created_at,
                updated_at,
            };
            let item = item(store, &variant, (id, number), sku, &mut random);
            store.items.insert(item.id, item);
            variant
        })
        .collect();
    let mut tags = vec![
        chosen(&mut random, &words.tags),
        chosen(&mut random, &words.tags),
    ];
    tags.dedup();
    let handle = title.to_lowercase().replace(' ', "-");
    store.put_product(Product {
        id,
        description_html: format!(
            "<p>The <strong>{title}</strong> is made to last: {} in three colours.</p>",
            kind.to_lowercase()
        ),
        images: vec![Image {
            id: image,
            url: format!("https://cdn.shopify.com/s/files/1/0641/0020/0300/files/{handle}.jpg?v=1"),
            alt: Some(title.clone()),
            width: Some(1_200),
            height: Some(900),
            variants: variants
                .first()
                .map(|variant| vec![variant.id])
                .unwrap_or_default(),
        }],
        title,
        handle,
        vendor: chosen(&mut random, &words.vendors),
        product_type: kind,
        status: Arc::clone(status),
        tags,
        template_suffix: None,
        is_gift_card: false,
        created_at,
        updated_at,
        published_at: Arc::ptr_eq(status, &words.active).then_some(created_at),
        options,
        variants,
    });
}

/// One product in five comes in one form only; the others in colours, and some in sizes too.
fn options(index: u64, random: &mut Random, words: &Words) -> Vec<ProductOption> {
    let option = |place, name: &Arc<str>, values: &[Arc<str>]| ProductOption {
        id: OPTIONS + index * 2 + place,
        name: Arc::clone(name),
        values: values.to_vec(),
    };
    match random.between(1, 5) {
        1 => vec![option(0, &words.title, std::slice::from_ref(&words.only))],
        2 | 3 => vec![option(0, &words.colour, &words.colours)],
        _ => vec![
            option(0, &words.colour, &words.colours),
            option(1, &words.size, &words.sizes),
        ],
    }
}

/// Every combination of the options' values.
fn combinations(options: &[ProductOption]) -> Vec<Vec<Arc<str>>> {
    options.iter().fold(vec![vec![]], |found, option| {
        found
            .iter()
            .flat_map(|start| {
                option.values.iter().map(|value| {
                    start
                        .iter()
                        .chain(std::iter::once(value))
                        .map(Arc::clone)
                        .collect()
                })
            })
            .collect()
    })
}

fn item(
    store: &Store,
    variant: &Variant,
    (product, number): (u64, u64),
    sku: String,
    random: &mut Random,
) -> InventoryItem {
    let id = variant.inventory_item;
    let levels = store
        .locations
        .keys()
        .zip(0..)
        // The third place holds what came back, of every third item.
        .filter(|(_, place)| *place < 2 || number.is_multiple_of(3))
        .map(|(location, place)| {
            let count = |random: &mut Random, most| {
                i64::try_from(random.between(0, most)).unwrap_or(0)
            };
            Level {
                id: LEVELS + place,
                item: id,
                location: *location,
                quantities: Quantities {
                    available: count(random, 60),
                    committed: count(random, 4),
                    incoming: if number.is_multiple_of(7) { 24 } else { 0 },
                    damaged: if place == 2 { 1 } else { 0 },
                    ..Quantities::default()
                },
                created_at: variant.created_at,
                updated_at: variant.updated_at,
            }
        })
        .collect();
    InventoryItem {
        id,
        variant: Some((product, variant.id)),
        sku: Some(sku),
        tracked: true,
        requires_shipping: true,
        unit_cost: Some(variant.price.thousandths(420)),
        country_of_origin: Some("PT".to_owned()),
        harmonized_system_code: Some("640411".to_owned()),
        weight: Some(850.0),
        created_at: variant.created_at,
        updated_at: variant.updated_at,
        levels,
    }
}
