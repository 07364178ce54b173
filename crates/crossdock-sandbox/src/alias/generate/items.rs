//! Made-up items of the catalogue: shoes that do not exist, of brands that do not exist.

use chrono::DateTime;
use serde_json::{Value, json};

use crate::alias::catalog::folded;
use crate::alias::size::Size;
use crate::alias::words::PICTURE_TYPES;
use crate::random::Random;

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

/// One item, in the words and with all the fields of a recorded one.
pub(super) fn item(seed: u64, number: u32) -> Value {
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
