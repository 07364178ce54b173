//! Orders of a year and a half, with everything that can become of one.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::random::Random;
use crate::world::World;

use super::super::ledger::{self, LineFees, Sale};
use super::super::state::{State, text, written};
use super::super::{inventory, money};
use super::fates::{Fate, charges, fate, happen};
use super::lines::Line;

/// How far back the oldest order lies.
const SPAN: TimeDelta = TimeDelta::days(540);

/// How many of the youngest orders follow each other quickly.
const DENSE: i32 = 12;

/// How quickly.
const PAUSE: TimeDelta = TimeDelta::hours(20);

/// How long after its creation an order is settled.
const PAYMENT: TimeDelta = TimeDelta::minutes(2);

/// Buyers: name, town, region, postal code, by country.
const BUYERS: &[(&str, [&str; 4])] = &[
    ("GB", ["Zoë Example", "Leeds", "West Yorkshire", "LS1 0XX"]),
    ("GB", ["Siân Sample", "Caerdydd", "Wales", "CF10 0XX"]),
    ("US", ["Jordan Example", "Austin", "TX", "78701"]),
    ("US", ["Renée O'Sample", "Portland", "OR", "97201"]),
    (
        "DE",
        ["Jürgen Muster", "Köln", "Nordrhein-Westfalen", "50667"],
    ),
];

/// Makes up orders from the offers that are listed, oldest first.
pub(super) fn fill(state: &mut State, count: u32, world: &World) {
    let listed: Vec<Value> = state
        .offers
        .values()
        .filter(|offer| offer.get("listing").is_some() && text(offer, "format") == "FIXED_PRICE")
        .cloned()
        .collect();
    let step = SPAN / i32::try_from(count.max(1)).unwrap_or(i32::MAX);
    for number in 0..count {
        let mut random = Random::for_thing(world.seed, &["ebay", "order", &number.to_string()]);
        let left = i32::try_from(count - number).unwrap_or(1);
        let minutes = i64::try_from(random.between(1, 600)).unwrap_or(1);
        // The last ones come quicker, so that there is something of every state that doesn't last.
        let ago = if left <= DENSE {
            PAUSE * left
        } else {
            step * left
        };
        let created = world.now - ago + TimeDelta::minutes(minutes);
        let created = created.min(world.now - TimeDelta::hours(3));
        let fate = fate(count - number - 1, &mut random);
        let quantity = if random.chance(20) { 2 } else { 1 };
        one(
            state,
            &listed,
            (number, created, fate),
            quantity,
            world.now,
            &mut random,
        );
    }
}

/// Sells a listed item now, to whoever buys it; the order's number. `None` where no such item is on
/// sale.
pub(crate) fn sell(
    state: &mut State,
    sku: Option<&str>,
    quantity: u64,
    world: &mut World,
) -> Option<String> {
    let offer = state
        .offers
        .values()
        .filter(|offer| offer.pointer("/pricingSummary/price").is_some())
        .filter(|offer| offer.get("listing").is_some())
        .find(|offer| sku.is_none_or(|sku| text(offer, "sku") == sku))
        .cloned()?;
    let number = u32::try_from(900_000 + world.serial()).ok()?;
    let mut random = Random::for_thing(world.seed, &["ebay", "order", &number.to_string()]);
    let sku = text(&offer, "sku").to_owned();
    // The order was last changed when it was paid for, which is now.
    let born = (number, world.now - PAYMENT, Fate::New);
    let id = one(state, &[offer], born, quantity, world.now, &mut random)?;
    inventory::sell(state, &sku, quantity);
    Some(id)
}

/// Makes up one order of things that are listed; its number.
fn one(
    state: &mut State,
    listed: &[Value],
    (number, created, fate): (u32, DateTime<Utc>, Fate),
    quantity: u64,
    now: DateTime<Utc>,
    random: &mut Random,
) -> Option<String> {
    let first = random.pick(listed).cloned()?;
    let site = text(&first, "marketplaceId").to_owned();
    let currency = first
        .pointer("/pricingSummary/price")
        .map_or("GBP", money::currency)
        .to_owned();
    let country = match site.as_str() {
        "EBAY_US" => "US",
        "EBAY_DE" => "DE",
        _ => "GB",
    };
    let lines = lines(
        state,
        listed,
        first,
        (number, country, fate),
        quantity,
        random,
    );
    let sum = |of: fn(&Line) -> i64| lines.iter().map(of).sum::<i64>();
    let (total, tax) = (sum(Line::total), sum(Line::tax));
    let fees: Vec<LineFees> = lines
        .iter()
        .enumerate()
        .map(|(at, line)| line.fees(at == 0, country != "GB"))
        .collect();
    let fee: i64 = fees
        .iter()
        .flat_map(|line| &line.fees)
        .map(|(_, fee)| fee)
        .sum();
    let paid = !matches!(fate, Fate::Unpaid | Fate::PaymentFailed);
    let people: Vec<&[&str; 4]> = BUYERS
        .iter()
        .filter(|(lives, _)| *lives == country)
        .map(|(_, person)| person)
        .collect();
    let person = random.pick(&people).copied().copied().unwrap_or_default();
    let username = format!("sbx_buyer_{:03}", random.between(1, 60));
    let id = format!(
        "{:02}-{:05}-{:05}",
        10 + number % 17,
        (14_000 + number) % 100_000,
        random.between(0, 99_999)
    );
    let at = created + TimeDelta::seconds(9);
    let mut order = json!({
        "orderId": id,
        "legacyOrderId": id,
        "creationDate": written(created),
        "lastModifiedDate": written(created + PAYMENT),
        "orderFulfillmentStatus": "NOT_STARTED",
        "orderPaymentStatus": match fate {
            Fate::Unpaid => "PENDING",
            Fate::PaymentFailed => "FAILED",
            _ => "PAID",
        },
        "sellerId": super::super::seller::USERNAME,
        "buyer": buyer(&username, country, person),
        "pricingSummary": pricing(&lines, &currency),
        "cancelStatus": {"cancelState": "NONE_REQUESTED", "cancelRequests": []},
        "paymentSummary": {
            "totalDueSeller": money::amount(if paid { total - fee } else { total }, &currency),
            "refunds": [],
            "payments": [{
                "paymentMethod": "EBAY",
                "paymentReferenceId": format!("4{number:05}_S"),
                "paymentDate": paid.then(|| written(at)),
                "amount": money::amount(if paid { total - fee } else { total }, &currency),
                "paymentStatus": match fate {
                    Fate::Unpaid => "PENDING",
                    Fate::PaymentFailed => "FAILED",
                    _ => "PAID",
                },
            }],
        },
        "fulfillmentStartInstructions": [start(country, person, created)],
        "fulfillmentHrefs": [],
        "lineItems": lines.iter().map(|line| line.document(&currency, created)).collect::<Vec<_>>(),
        "ebayCollectAndRemitTax": tax > 0,
        "salesRecordReference": (100 + number).to_string(),
        "totalFeeBasisAmount": money::amount(total, &currency),
    });
    if let Value::Object(fields) = &mut order {
        if paid {
            fields.insert(
                "totalMarketplaceFee".to_owned(),
                money::amount(fee, &currency),
            );
        } else if let Some(payment) = fields
            .get_mut("paymentSummary")
            .and_then(|summary| summary.pointer_mut("/payments/0"))
            .and_then(Value::as_object_mut)
        {
            payment.remove("paymentDate");
        }
        if number % 10 == 4 {
            let note = "Bitte gut verpacken – danke!";
            fields.insert("buyerCheckoutNotes".to_owned(), json!(note));
        }
    }
    state.orders.insert(id.clone(), order);
    if paid {
        let sale = Sale {
            order: &id,
            buyer: &username,
            at,
            currency: &currency,
            basis: total,
            collected_tax: tax,
            lines: &fees,
        };
        ledger::book_sale(state, &sale);
        charges(state, &id, &lines, number, at, now);
    }
    happen(state, &id, fate, (total, &currency), created, now);
    Some(id)
}

/// What was bought: mostly one thing.
fn lines(
    state: &State,
    listed: &[Value],
    first: Value,
    (number, country, fate): (u32, &str, Fate),
    quantity: u64,
    random: &mut Random,
) -> Vec<Line> {
    let site = text(&first, "marketplaceId").to_owned();
    let mut offers = vec![first];
    if random.chance(25) || fate == Fate::PartlyShipped {
        let same_site = listed.iter().find(|offer| {
            text(offer, "marketplaceId") == site
                && offer.get("offerId") != offers.first().and_then(|first| first.get("offerId"))
        });
        offers.extend(same_site.cloned());
    }
    let tax_rate = match country {
        "US" => 8,
        "DE" => 19,
        _ => 0,
    };
    let discounted = random.chance(15);
    let delivery = if random.chance(40) { 0 } else { 395 };
    offers
        .into_iter()
        .enumerate()
        .map(|(at, offer)| {
            let price = offer
                .pointer("/pricingSummary/price")
                .and_then(money::cents)
                .unwrap_or(0);
            let cost = price * i64::try_from(quantity).unwrap_or(1);
            let title = state
                .items
                .get(text(&offer, "sku"))
                .and_then(|item| item.pointer("/product/title"))
                .and_then(Value::as_str)
                .unwrap_or_default();
            Line {
                id: (10_080_000_000_000_u64
                    + u64::from(number) * 100
                    + u64::try_from(at).unwrap_or(0))
                .to_string(),
                title: title.to_owned(),
                quantity,
                cost,
                discount: if discounted { -(cost / 10) } else { 0 },
                delivery: if at == 0 { delivery } else { 0 },
                tax_rate,
                offer,
            }
        })
        .collect()
}

fn pricing(lines: &[Line], currency: &str) -> Value {
    let sum = |of: fn(&Line) -> i64| lines.iter().map(of).sum::<i64>();
    let discount = sum(|line| line.discount);
    let mut pricing = json!({
        "priceSubtotal": money::amount(sum(|line| line.cost), currency),
        "deliveryCost": money::amount(sum(|line| line.delivery), currency),
        "total": money::amount(sum(Line::total), currency),
    });
    if let (Value::Object(fields), true) = (&mut pricing, discount < 0) {
        fields.insert(
            "priceDiscount".to_owned(),
            money::amount(discount, currency),
        );
    }
    pricing
}

fn contact(country: &str, [name, city, region, postal]: [&str; 4]) -> Value {
    json!({
        "fullName": name,
        "contactAddress": {
            "addressLine1": "7 Example Row",
            "city": city,
            "stateOrProvince": region,
            "postalCode": postal,
            "countryCode": country,
        },
        "primaryPhone": {"phoneNumber": "0000000000"},
        "email": "buyer@members.example.com",
    })
}

fn buyer(username: &str, country: &str, person: [&str; 4]) -> Value {
    let [_, city, region, postal] = person;
    json!({
        "username": username,
        "taxAddress": {
            "city": city,
            "stateOrProvince": region,
            "postalCode": postal,
            "countryCode": country,
        },
        "buyerRegistrationAddress": contact(country, person),
    })
}

fn start(country: &str, person: [&str; 4], created: DateTime<Utc>) -> Value {
    json!({
        "fulfillmentInstructionsType": "SHIP_TO",
        "minEstimatedDeliveryDate": written(created + TimeDelta::days(3)),
        "maxEstimatedDeliveryDate": written(created + TimeDelta::days(6)),
        "ebaySupportedFulfillment": false,
        "shippingStep": {
            "shipTo": contact(country, person),
            "shippingCarrierCode": "RoyalMail",
            "shippingServiceCode": "UK_RoyalMailTracked48",
        },
    })
}
