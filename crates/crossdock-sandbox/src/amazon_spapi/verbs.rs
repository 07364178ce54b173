//! The control verbs: what happens to the seller without the app's doing.
//!
//! `POST /_sandbox/platforms/amazon-spapi/VERB`, where `seller` is an account's id and may be left
//! out for the one in North America:
//!
//! | verb | body | what happens |
//! | --- | --- | --- |
//! | `token/expire` | nothing | every access token issued so far has expired |
//! | `token/revoke` | `token` | one token works no more |
//! | `seller/revoke` | `seller` | the seller takes the authorisation back: all tokens end |
//! | `role/take`, `role/give` | `seller`, `role` | the app loses or gets a role |
//! | `limits/set` | `enforced` | nothing is refused for its rate any more, or again |
//! | `limits/drain` | `operation` | the operation's buckets are empty |
//! | `order/create` | `seller` | an order is placed |
//! | `order/update` | `seller`, `id`, `status` | an order's status changes |
//! | `listing/price` | `seller`, `sku`, `marketplace`, `amount` | a price changes |
//! | `listing/delete` | `seller`, `sku` | a listing goes away |
//! | `report/fail` | `seller`, `id` | a report ends with a failure |
//! | `notify` | `seller`, `url`, `type`, `id`, `form`, `notification_id`, `token` | a notification is posted: bare, or as `event_bridge`, `sqs`, `sqs_messages` or `sns` carry it |
//! | `stock/set` | `seller`, `marketplace`, `sku`, `condition`, `quantity` | stock that can be sent out changes |

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::platform::ControlError;
use crate::random::Random;
use crate::world::World;

use super::account::Account;
use super::notify::{self, Wanted};
use super::operations::Role;
use super::orders::STATUSES;
use super::params::{instant, text, timestamp};
use super::{AmazonSpApi, SELLER_NA, generate};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Token {
    token: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seller {
    #[serde(default)]
    seller: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleOf {
    #[serde(default)]
    seller: Option<String>,
    role: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Enforced {
    enforced: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Drained {
    operation: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderStatus {
    #[serde(default)]
    seller: Option<String>,
    id: String,
    status: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Price {
    #[serde(default)]
    seller: Option<String>,
    sku: String,
    marketplace: String,
    amount: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sku {
    #[serde(default)]
    seller: Option<String>,
    sku: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    #[serde(default)]
    seller: Option<String>,
    id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stock {
    #[serde(default)]
    seller: Option<String>,
    marketplace: String,
    sku: String,
    condition: String,
    quantity: u64,
}

/// Runs one verb.
pub(super) fn control(
    amazon: &mut AmazonSpApi,
    verb: &str,
    body: &Value,
    world: &mut World,
) -> Result<Value, ControlError> {
    match verb {
        "token/expire" => amazon.authority.expire(world),
        "token/revoke" => {
            let Token { token } = read(body)?;
            amazon.authority.revoke(&token);
        }
        "seller/revoke" => {
            let Seller { seller } = read(body)?;
            let seller = account(amazon, seller.as_deref())?.seller;
            amazon.authority.disconnect(seller, world);
        }
        "role/take" | "role/give" => {
            let RoleOf { seller, role } = read(body)?;
            let role = Role::ALL
                .into_iter()
                .find(|known| known.word() == role)
                .ok_or_else(|| ControlError(format!("there is no role `{role}`")))?;
            let account = account(amazon, seller.as_deref())?;
            if verb == "role/take" {
                account.without.insert(role);
            } else {
                account.without.remove(&role);
            }
        }
        "limits/set" => {
            let Enforced { enforced } = read(body)?;
            amazon.limits.enforced = enforced;
        }
        "limits/drain" => {
            let Drained { operation } = read(body)?;
            amazon.limits.drain(&operation, world.now);
        }
        "order/create" => {
            let Seller { seller } = read(body)?;
            let account = account(amazon, seller.as_deref())?;
            let seed = Random::for_thing(world.seed, &["new order", &world.serial().to_string()]);
            let order = generate::one_order(account, seed, world.now)
                .ok_or_else(|| ControlError("the account has nothing to sell".to_owned()))?;
            let id = order.id.clone();
            account.orders.insert(id.clone(), order);
            return Ok(json!({"id": id}));
        }
        "order/update" => update_order(amazon, &read(body)?, world)?,
        "listing/price" => set_price(amazon, &read(body)?, world)?,
        "listing/delete" => {
            let Sku { seller, sku } = read(body)?;
            let listings = &mut account(amazon, seller.as_deref())?.listings;
            listings
                .remove(&sku)
                .ok_or_else(|| ControlError(format!("there is no listing `{sku}`")))?;
        }
        "report/fail" => {
            let Report { seller, id } = read(body)?;
            account(amazon, seller.as_deref())?
                .reports
                .get_mut(&id)
                .ok_or_else(|| ControlError(format!("there is no report `{id}`")))?
                .fatal = true;
        }
        "notify" => {
            let wanted: Wanted = read(body)?;
            let account = account(amazon, wanted.seller.as_deref())?;
            return notify::send(account, &wanted, world);
        }
        "stock/set" => set_stock(amazon, &read(body)?, world)?,
        _ => {
            return Err(ControlError(format!("Amazon has no control verb `{verb}`")));
        }
    }
    Ok(json!({"done": true}))
}

fn update_order(
    amazon: &mut AmazonSpApi,
    wanted: &OrderStatus,
    world: &World,
) -> Result<(), ControlError> {
    if !STATUSES.contains(&wanted.status.as_str()) {
        return Err(ControlError(format!(
            "there is no status `{}`",
            wanted.status
        )));
    }
    let order = account(amazon, wanted.seller.as_deref())?
        .orders
        .get_mut(&wanted.id)
        .ok_or_else(|| ControlError(format!("there is no order `{}`", wanted.id)))?;
    if let Some(status) = order.json.pointer_mut("/fulfillment/fulfillmentStatus") {
        *status = wanted.status.as_str().into();
    }
    order.touch(world.now);
    Ok(())
}

fn set_price(amazon: &mut AmazonSpApi, wanted: &Price, world: &World) -> Result<(), ControlError> {
    let none = || {
        ControlError(format!(
            "`{}` has no price in `{}`",
            wanted.sku, wanted.marketplace
        ))
    };
    let listing = account(amazon, wanted.seller.as_deref())?
        .listings
        .get_mut(&wanted.sku)
        .ok_or_else(none)?;
    let mut found = false;
    for field in ["offers", "summaries"] {
        let entries = listing.json.get_mut(field).and_then(Value::as_array_mut);
        for entry in entries.into_iter().flatten() {
            if text(entry, "/marketplaceId") != Some(wanted.marketplace.as_str()) {
                continue;
            }
            if let Some(amount) = entry.pointer_mut("/price/amount") {
                *amount = wanted.amount.as_str().into();
                found = true;
            }
            if let Some(updated) = entry.get_mut("lastUpdatedDate") {
                *updated = timestamp(world.now).into();
            }
        }
    }
    found.then_some(()).ok_or_else(none)
}

fn set_stock(amazon: &mut AmazonSpApi, wanted: &Stock, world: &World) -> Result<(), ControlError> {
    let account = account(amazon, wanted.seller.as_deref())?;
    let key = (
        wanted.marketplace.clone(),
        wanted.sku.clone(),
        wanted.condition.clone(),
    );
    let stock = account
        .stock
        .get_mut(&key)
        .and_then(Value::as_object_mut)
        .ok_or_else(|| ControlError(format!("there is no stock of `{}`", wanted.sku)))?;
    let details = stock
        .get_mut("inventoryDetails")
        .and_then(|details| details.get_mut("fulfillableQuantity"));
    let before = details.as_ref().and_then(|value| value.as_u64());
    if let Some(details) = details {
        *details = wanted.quantity.into();
    }
    let total = stock.get("totalQuantity").and_then(Value::as_u64);
    let rest = total
        .zip(before)
        .map_or(0, |(total, before)| total.saturating_sub(before));
    let total = rest.saturating_add(wanted.quantity);
    stock.insert("totalQuantity".to_owned(), total.into());
    stock.insert("lastUpdatedTime".to_owned(), timestamp(world.now).into());
    let changed = instant(&timestamp(world.now)).unwrap_or(world.now);
    account.stock_changed.insert(key, changed);
    Ok(())
}

/// The account that a verb names.
fn account<'a>(
    amazon: &'a mut AmazonSpApi,
    seller: Option<&str>,
) -> Result<&'a mut Account, ControlError> {
    let seller = seller.unwrap_or(SELLER_NA);
    amazon
        .accounts
        .iter_mut()
        .find(|account| account.seller == seller)
        .ok_or_else(|| ControlError(format!("there is no seller `{seller}`")))
}

fn read<T: DeserializeOwned>(body: &Value) -> Result<T, ControlError> {
    T::deserialize(body).map_err(|error| ControlError(format!("the body is wrong: {error}")))
}
