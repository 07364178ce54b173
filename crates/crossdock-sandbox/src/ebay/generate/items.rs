//! Items and offers.

use serde_json::{Value, json};

use crate::random::Random;
use crate::world::World;

use super::super::money;
use super::super::seller::policy_id;
use super::super::state::State;

const THINGS: &[&str] = &[
    "Canvas rucksack",
    "Emaille-Becher für Größe S",
    "Wool scarf",
    "Café press, 8 tasses",
    "Film camera",
    "Ceramic vase 花瓶",
    "Leather gloves",
    "Desk lamp",
];

const BRANDS: &[&str] = &["Nordlicht", "Example & Sons", "Ørsted Atelier", "Unbranded"];

const CONDITIONS: &[&str] = &["NEW", "NEW_OTHER", "USED_EXCELLENT", "USED_GOOD"];

/// Makes up items, most of them with offers.
pub(super) fn fill(state: &mut State, count: u32, world: &World) {
    for number in 1..=count {
        let mut random = Random::for_thing(world.seed, &["ebay", "item", &number.to_string()]);
        let sku = sku(number);
        let (site, locale, currency) = match random.between(1, 10) {
            1..=5 => ("EBAY_GB", "en_GB", "GBP"),
            6..=8 => ("EBAY_US", "en_US", "USD"),
            _ => ("EBAY_DE", "de_DE", "EUR"),
        };
        let item = item(&sku, locale, number, &mut random);
        let stock = item
            .pointer("/availability/shipToLocationAvailability/quantity")
            .and_then(Value::as_u64);
        state.items.insert(sku.clone(), item);
        // Every eighth item has never been offered.
        if number % 8 == 0 {
            continue;
        }
        let listed = number % 9 != 0;
        let price = i64::try_from(random.between(5, 180)).unwrap_or(5) * 100
            + i64::try_from(random.between(0, 3)).unwrap_or(0) * 25;
        let offer = Offer {
            sku: &sku,
            site,
            format: "FIXED_PRICE",
            price: money::amount(price, currency),
            number: u64::from(number),
            listed,
            stock,
        };
        offer.put(state);
        if number % 20 == 3 {
            // The same item in an auction beside it.
            let auction = Offer {
                format: "AUCTION",
                price: money::amount(price / 2, currency),
                number: u64::from(number) + 500_000,
                ..offer
            };
            auction.put(state);
        }
    }
}

/// Every fifth SKU has signs that paths must encode.
fn sku(number: u32) -> String {
    if number.is_multiple_of(5) {
        format!("SBX {number:04}/B")
    } else {
        format!("SBX-{number:04}")
    }
}

fn item(sku: &str, locale: &str, number: u32, random: &mut Random) -> Value {
    let thing = random.pick(THINGS).copied().unwrap_or_default();
    let brand = random.pick(BRANDS).copied().unwrap_or_default();
    let quantity = if random.chance(12) {
        0
    } else {
        random.between(1, 40)
    };
    let mut home = json!({"quantity": quantity});
    if number % 6 == 1
        && let Value::Object(fields) = &mut home
    {
        let shop = quantity / 3;
        fields.insert(
            "availabilityDistributions".to_owned(),
            json!([
                {"merchantLocationKey": "london-1", "quantity": quantity - shop},
                {"merchantLocationKey": "reading-shop", "quantity": shop},
            ]),
        );
    }
    let mut item = json!({
        "sku": sku,
        "locale": locale,
        "condition": random.pick(CONDITIONS),
        "product": {
            "title": format!("{brand} {thing} No. {number}"),
            "description": format!("{thing}, made up for trying things out."),
            "aspects": {"Brand": [brand], "Colour": ["Blue", "Grün"]},
            "brand": brand,
            "mpn": format!("M{number:05}"),
            "ean": [format!("40{number:011}")],
            "imageUrls": [format!("https://i.ebayimg.com/images/g/sandbox{number:04}/s-l1600.jpg")],
        },
        "availability": {"shipToLocationAvailability": home},
        "packageWeightAndSize": {
            "weight": {"value": f64::from(number % 7) / 2.0 + 0.25, "unit": "KILOGRAM"},
        },
    });
    if let Value::Object(fields) = &mut item {
        // An item may say little more than its name.
        if number.is_multiple_of(13) {
            fields.retain(|name, _| matches!(name.as_str(), "sku" | "locale" | "product"));
        }
        if number.is_multiple_of(11) {
            fields.remove("packageWeightAndSize");
        }
    }
    item
}

/// What an offer is made of.
#[derive(Clone)]
struct Offer<'a> {
    sku: &'a str,
    site: &'a str,
    format: &'a str,
    price: Value,
    number: u64,
    listed: bool,
    stock: Option<u64>,
}

impl Offer<'_> {
    fn put(&self, state: &mut State) {
        let id = (8_000_000_000 + self.number).to_string();
        let auction = self.format == "AUCTION";
        let mut offer = json!({
            "offerId": id,
            "sku": self.sku,
            "marketplaceId": self.site,
            "format": self.format,
            "listingDuration": if auction { "DAYS_7" } else { "GTC" },
            "listingDescription": "Made up for trying things out.",
            "categoryId": (30_000 + self.number % 90).to_string(),
            "merchantLocationKey": "london-1",
            "includeCatalogProductDetails": true,
            "hideBuyerDetails": false,
            "pricingSummary": if auction {
                json!({"auctionStartPrice": self.price})
            } else {
                json!({"price": self.price})
            },
            "listingPolicies": {
                "fulfillmentPolicyId": policy_id(self.site, "1"),
                "paymentPolicyId": policy_id(self.site, "2"),
                "returnPolicyId": policy_id(self.site, "3"),
                "eBayPlusIfEligible": false,
            },
            "status": if self.listed { "PUBLISHED" } else { "UNPUBLISHED" },
        });
        if let Value::Object(fields) = &mut offer {
            let stock = self.stock.unwrap_or(0);
            if !auction {
                fields.insert("availableQuantity".to_owned(), json!(stock));
            }
            if self.listed {
                let listing = json!({
                    "listingId": (145_000_000_000 + self.number).to_string(),
                    "listingStatus": if stock == 0 { "OUT_OF_STOCK" } else { "ACTIVE" },
                    "soldQuantity": 0,
                });
                fields.insert("listing".to_owned(), listing);
            }
        }
        state.offers.insert(id, offer);
    }
}
