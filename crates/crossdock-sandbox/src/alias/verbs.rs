//! The control verbs: what happens to the seller without the seller's doing.
//!
//! `POST /_sandbox/platforms/alias/VERB` with:
//!
//! | verb | body | what happens |
//! | --- | --- | --- |
//! | `order/create` | `listing_id`, or `catalog_id`, or nothing | a listing on sale is sold (without any, a pair of the item) |
//! | `order/advance` | `id` | the order takes its next step, the carrier's included |
//! | `listing/price` | `id`, `price_cents` | the price changes |
//! | `listing/delete` | `id` | the listing is deleted |
//! | `market/move` | `catalog_id` | the item's made-up prices change |
//! | `token/issue` | `scopes`, or nothing for all | a new token |
//! | `token/revoke` | `token` | the token works no more |

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::platform::ControlError;
use crate::world::World;

use super::listing::{Changes, ListingStatus};
use super::order::{Order, OrderStatus, Sale};
use super::status::{Outcome, Refusal};
use super::{Alias, State, auth, listings, market, orders};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewOrder {
    #[serde(default)]
    listing_id: Option<String>,
    #[serde(default)]
    catalog_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Id {
    id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Price {
    id: String,
    price_cents: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    catalog_id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scopes {
    #[serde(default)]
    scopes: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Token {
    token: String,
}

/// Runs one verb.
pub(super) fn control(
    alias: &mut Alias,
    verb: &str,
    body: &Value,
    world: &mut World,
) -> Result<Value, ControlError> {
    let state = &mut alias.state;
    let now = world.now;
    let outcome = match verb {
        "order/create" => create_order(state, &read(body)?, world),
        "order/advance" => {
            let Id { id } = read(body)?;
            advance_order(state, &id, world)
        }
        "listing/price" => {
            let Price { id, price_cents } = read(body)?;
            let changes = Changes {
                price_cents: Some(price_cents),
                ..Changes::default()
            };
            match state.listings.get_mut(&id) {
                Some(listing) => listing
                    .update(changes, &state.catalog, now)
                    .map(|()| json!({"listing": listing.json()})),
                None => Err(Refusal::not_found("listing")),
            }
        }
        "listing/delete" => {
            let Id { id } = read(body)?;
            listings::delete(state, &id, now)
        }
        "market/move" => {
            let Item { catalog_id } = read(body)?;
            state.catalog.get(&catalog_id).map(|_| ()).map(|()| {
                state.market.shift(&catalog_id);
                json!({"catalog_id": catalog_id})
            })
        }
        "token/issue" => {
            let Scopes { scopes } = read(body)?;
            let all = || {
                auth::SCOPES
                    .iter()
                    .map(|scope| (*scope).to_owned())
                    .collect()
            };
            let scopes: Vec<String> = scopes.unwrap_or_else(all);
            if let Some(unknown) = scopes.iter().find(|s| !auth::SCOPES.contains(&s.as_str())) {
                return Err(ControlError(format!("there is no scope `{unknown}`")));
            }
            Ok(json!({"token": auth::issue(world, scopes, now)}))
        }
        "token/revoke" => {
            let Token { token } = read(body)?;
            alias.revoked.add(&token);
            Ok(json!({"revoked": true}))
        }
        _ => return Err(ControlError(format!("alias has no control verb `{verb}`"))),
    };
    outcome.map_err(|refusal| ControlError(refusal.message))
}

/// A buyer buys.
fn create_order(state: &mut State, wanted: &NewOrder, world: &mut World) -> Outcome<Value> {
    let listing = state.listings.values().find(|listing| {
        listing.status == ListingStatus::Active
            && wanted
                .listing_id
                .as_ref()
                .is_none_or(|id| *id == listing.id)
            && wanted
                .catalog_id
                .as_ref()
                .is_none_or(|id| *id == listing.offer.catalog_id)
    });
    let (listing_id, catalog_id, size, price_cents) = match (listing, &wanted.catalog_id) {
        (Some(listing), _) => {
            let offer = &listing.offer;
            (
                listing.id.clone(),
                offer.catalog_id.clone(),
                offer.size,
                offer.price_cents,
            )
        }
        (None, Some(catalog_id)) if wanted.listing_id.is_none() => {
            let item = state.catalog.get(catalog_id)?;
            let size = item
                .sizes()
                .next()
                .ok_or_else(|| Refusal::state("it has no sizes"))?;
            let price = market::worth(world.seed, item) / 100 * 100;
            (world.uuid(), catalog_id.clone(), size, price)
        }
        (None, _) => return Err(Refusal::not_found("a listing on sale")),
    };
    let sale = Sale {
        item: state.catalog.get(&catalog_id)?,
        listing_id: listing_id.clone(),
        size,
        price_cents,
        channel: "GOAT",
        purchase_order: format!("PO-{:06}", world.between(0, 999_999)),
    };
    let order = Order::new(world.uuid(), sale, world.now);
    let json = json!({"order": order.json()});
    if let Some(listing) = state.listings.get_mut(&listing_id) {
        listing.sell(world.now);
    }
    state.orders.insert(order.id.clone(), order);
    Ok(json)
}

/// The next step of an order, whoever takes it.
fn advance_order(state: &mut State, id: &str, world: &mut World) -> Outcome<Value> {
    let (seed, now) = (world.random(), world.now);
    let order = state
        .orders
        .get_mut(id)
        .ok_or_else(|| Refusal::not_found("order"))?;
    match order.status {
        OrderStatus::NeedsConfirmation => order.confirm(now),
        OrderStatus::Confirmed => order.label(orders::label("LABEL_TYPE_SHIPPING", seed, now)),
        OrderStatus::LabelGenerated => order.ship(now),
        OrderStatus::InTransit => order.carry(now),
        OrderStatus::Completed | OrderStatus::Canceled => Err(Refusal::state(format!(
            "the order is {}",
            order.status.word()
        ))),
    }?;
    orders::get(state, id)
}

fn read<T: DeserializeOwned>(body: &Value) -> Result<T, ControlError> {
    T::deserialize(body).map_err(|error| ControlError(format!("the body is wrong: {error}")))
}
