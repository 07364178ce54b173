//! The control verbs: what happens to the seller without the seller's doing.
//!
//! `POST /_sandbox/platforms/ebay/VERB` with:
//!
//! | verb | body | what happens |
//! | --- | --- | --- |
//! | `register_runame` | `runame`, `accept_url`, `decline_url` (the accept URL unless given) | where the consent page sends people back to |
//! | `token/revoke` | `token`, or nothing for all that the user granted | the token works no more; of all of them, subscriptions are told |
//! | `limit/set` | `api` (`sell.inventory`), `limit` | the calls that an application has in a day |
//! | `seller/domicile` | `country` | only sellers in `GB` and the European Union must sign calls about money |
//! | `item/quantity` | `sku`, `quantity` | the stock of an item changes |
//! | `order/create` | `sku`, `quantity`, or nothing | a listed item is sold and paid for; subscriptions are told |
//! | `order/ship` | `id` | an order is sent |
//! | `challenge` | `destination_id` | nothing; tells what eBay asks a destination, and the right answer |
//! | `notify` | `topic`; `data`, made up unless given; `url` | a notification goes to the topic's subscriptions, or to the URL |
//! | `payout/create` | nothing | everything that is available is paid out |

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::Url;

use crate::platform::ControlError;
use crate::world::World;

use super::oauth::Return;
use super::seller::USERNAME;
use super::service::Service;
use super::{Ebay, generate, inventory, ledger, notification, oauth, orders};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Runame {
    runame: String,
    accept_url: Url,
    #[serde(default)]
    decline_url: Option<Url>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Token {
    #[serde(default)]
    token: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Limit {
    api: String,
    limit: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Domicile {
    country: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stock {
    sku: String,
    quantity: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewOrder {
    #[serde(default)]
    sku: Option<String>,
    #[serde(default = "one")]
    quantity: u64,
}

fn one() -> u64 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Id {
    id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Destination {
    destination_id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Notice {
    topic: String,
    #[serde(default)]
    data: Option<Value>,
    #[serde(default)]
    url: Option<Url>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Runs one verb.
pub(super) fn control(
    ebay: &mut Ebay,
    verb: &str,
    body: &Value,
    world: &mut World,
) -> Result<Value, ControlError> {
    let state = &mut ebay.state;
    match verb {
        "register_runame" => {
            let Runame {
                runame,
                accept_url: accept,
                decline_url,
            } = read(body)?;
            let decline = decline_url.unwrap_or_else(|| accept.clone());
            let told = json!({"runame": runame, "accept_url": accept, "decline_url": decline});
            ebay.authority.register(runame, Return { accept, decline });
            Ok(told)
        }
        "token/revoke" => {
            match read::<Token>(body)?.token {
                Some(token) => ebay.authority.revoke(&token),
                None => {
                    ebay.authority.revoke_user(world);
                    let topic = notification::AUTHORIZATION_REVOCATION;
                    let data = notification::example(topic, world.now);
                    notification::notify(&ebay.notifications, topic, &data, world);
                }
            }
            Ok(json!({}))
        }
        "limit/set" => {
            let Limit { api, limit } = read(body)?;
            let service = Service::ALL.into_iter().find(|service| {
                let (context, name, _) = service.root();
                format!("{context}.{name}") == api
            });
            let service =
                service.ok_or_else(|| ControlError(format!("there is no API `{api}`")))?;
            ebay.limits.set(service, limit);
            Ok(json!({"api": api, "limit": limit}))
        }
        "seller/domicile" => {
            let Domicile { country } = read(body)?;
            let told = json!({"country": country});
            state.domicile = Some(country);
            Ok(told)
        }
        "item/quantity" => {
            let Stock { sku, quantity } = read(body)?;
            inventory::restock(state, &sku, quantity)
                .map(|()| json!({"sku": sku, "quantity": quantity}))
                .map_err(|_refusal| ControlError(format!("there is no item `{sku}`")))
        }
        "order/create" => {
            let NewOrder { sku, quantity } = read(body)?;
            let order = generate::sell(state, sku.as_deref(), quantity, world)
                .ok_or_else(|| ControlError("there is no such item on sale".to_owned()))?;
            let data = confirmation(&order, state.orders.get(&order));
            let topic = notification::ORDER_CONFIRMATION;
            let told = notification::notify(&ebay.notifications, topic, &data, world);
            Ok(json!({"order": order, "notified": told}))
        }
        "order/ship" => {
            let Id { id } = read(body)?;
            let package = orders::Package {
                id: format!("9{:011}", world.serial()),
                tracking: None,
                shipped: world.now,
            };
            orders::ship(state, &id, None, package, world.now)
                .map(|package| json!({"id": id, "fulfillment_id": package}))
                .map_err(|_refusal| ControlError(format!("there is no order `{id}`")))
        }
        "payout/create" => {
            let Nothing {} = read(body)?;
            let id = (7_900_000_000 + world.serial()).to_string();
            let (now, end) = (world.now, world.now + chrono::TimeDelta::milliseconds(1));
            if ledger::pay_out(state, &id, "INITIATED", end, now) {
                Ok(json!({"payout": state.payouts.get(&id)}))
            } else {
                Err(ControlError("nothing is available".to_owned()))
            }
        }
        "challenge" => {
            let Destination { destination_id } = read(body)?;
            notification::challenge(&ebay.notifications, &destination_id, world)
                .ok_or_else(|| ControlError(format!("there is no destination `{destination_id}`")))
        }
        "notify" => {
            let Notice { topic, data, url } = read(body)?;
            let data = data.unwrap_or_else(|| notification::example(&topic, world.now));
            let told = match url {
                Some(url) => {
                    notification::send(url, &topic, &data, world);
                    1
                }
                None => notification::notify(&ebay.notifications, &topic, &data, world),
            };
            Ok(json!({"notified": told}))
        }
        _ => Err(ControlError(format!("eBay has no verb `{verb}`"))),
    }
}

/// What an order's notification says of it.
fn confirmation(id: &str, order: Option<&Value>) -> Value {
    let lines: Vec<Value> = order
        .and_then(|order| order.get("lineItems")?.as_array())
        .into_iter()
        .flatten()
        .map(|line| {
            json!({
                "orderLineItemId": line.get("lineItemId"),
                "listingId": line.get("legacyItemId"),
                "quantity": line.get("quantity"),
            })
        })
        .collect();
    json!({
        "user": {"userId": oauth::USER, "username": USERNAME},
        "order": {"orderId": id, "orderLineItems": lines},
    })
}

fn read<T: DeserializeOwned>(body: &Value) -> Result<T, ControlError> {
    T::deserialize(body).map_err(|error| ControlError(format!("the body is wrong: {error}")))
}
