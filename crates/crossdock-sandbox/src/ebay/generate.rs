//! Makes up the seller's data: a warehouse and a shop, items, offers on three sites, orders of a
//! year and a half, and the money that came of them.

mod fates;
mod items;
mod lines;
mod orders;
mod payouts;

use serde_json::json;

use crate::platform::Size;
use crate::world::World;

use super::state::State;

/// Fills the state. The same for the same size, seed and time.
pub(super) fn generate(state: &mut State, size: &Size, world: &World) {
    locations(state);
    items::fill(state, size.products, world);
    orders::fill(state, size.orders, world);
    payouts::fill(state, world);
}

pub(super) use orders::sell;

fn locations(state: &mut State) {
    for (key, name, kind, city, postal, country) in [
        (
            "london-1",
            "Lager & Versand Südost",
            "WAREHOUSE",
            "London",
            "E14 0XX",
            "GB",
        ),
        (
            "reading-shop",
            "Reading shop",
            "STORE",
            "Reading",
            "RG1 0XX",
            "GB",
        ),
    ] {
        let location = json!({
            "merchantLocationKey": key,
            "name": name,
            "locationTypes": [kind],
            "merchantLocationStatus": "ENABLED",
            "phone": "+44 20 7946 0000",
            "location": {
                "locationId": key,
                "address": {
                    "city": city,
                    "stateOrProvince": "England",
                    "postalCode": postal,
                    "country": country,
                },
            },
        });
        state.locations.insert(key.to_owned(), location);
    }
}
