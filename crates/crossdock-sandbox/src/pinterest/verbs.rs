//! The control verbs: what happens to the account, or to the app, without the app's doing.
//!
//! `POST /_sandbox/platforms/pinterest/VERB` with:
//!
//! | verb | body | what happens |
//! | --- | --- | --- |
//! | `token/issue` | `scopes`, or nothing for all | a new access token and refresh token for production |
//! | `token/expire` | `token` | one token works no more |
//! | `access/revoke` | | the user disconnects the app: every token ends, the known one too |
//! | `refresh/silent` | `silent` | refresh answers leave the refresh token out, or no longer |
//! | `consent/error` | `error` | the next consent ends with this error |
//! | `account/type` | `type`: `BUSINESS`, `PINNER` | the account turns into another kind |
//! | `limits/set` | `category`, `limit` | a category's calls a minute; `safety_net` is by second |
//! | `limits/trial` | `per_day`, or nothing | the app is in trial, or no longer |
//! | `board/update`, `pin/update`, `campaign/update`, `feed/update` | `id`, and fields | it changes |
//! | `board/delete`, `pin/delete`, `product/delete` | `id` (of a product its pin's) | it vanishes |
//! | `pin/create` | | a pin appears |
//! | `product/create` | | a product appears |
//! | `catalog/clear` | | the account has no catalogue |
//! | `report/fate` | `status`: `FAILED`, `CANCELLED`, `EXPIRED` | how the next report ends |
//! | `report/slow` | `seconds` | how long reports take from now on |

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::platform::ControlError;
use crate::world::World;

use super::oauth::{SCOPES, tokens};
use super::{API, Data, Pinterest, Shelf, generate, set};

type Done = Result<Value, ControlError>;

fn wrong(text: impl Into<String>) -> ControlError {
    ControlError(text.into())
}

fn text<'a>(body: &'a Value, name: &str) -> Result<&'a str, ControlError> {
    body[name]
        .as_str()
        .ok_or_else(|| wrong(format!("{name} must be a text")))
}

fn number(body: &Value, name: &str) -> Result<u64, ControlError> {
    body[name]
        .as_u64()
        .ok_or_else(|| wrong(format!("{name} must be a number")))
}

fn id(body: &Value) -> Result<u64, ControlError> {
    text(body, "id")?
        .parse()
        .map_err(|_cause| wrong("id must be digits in a text"))
}

/// Runs one verb.
pub(super) fn control(it: &mut Pinterest, verb: &str, body: &Value, world: &mut World) -> Done {
    match verb {
        "token/issue" => {
            let scopes = match body["scopes"].as_array() {
                Some(list) => list
                    .iter()
                    .filter_map(|scope| scope.as_str().map(str::to_owned))
                    .collect(),
                None => SCOPES
                    .iter()
                    .map(|scope| (*scope).to_owned())
                    .collect::<Vec<_>>(),
            };
            return Ok(tokens("authorization_code", API, &scopes, world));
        }
        "token/expire" => it.authority.end(text(body, "token")?),
        "access/revoke" => it.authority.end_all(world),
        "refresh/silent" => it.authority.silent_refresh = body["silent"] != false,
        "consent/error" => it.authority.next_error = Some(text(body, "error")?.to_owned()),
        "account/type" => set(
            &mut it.data.account,
            "account_type",
            json!(text(body, "type")?),
        ),
        "limits/set" => it
            .limits
            .set(text(body, "category")?, number(body, "limit")?)
            .map_err(|name| wrong(format!("there is no category {name}")))?,
        "limits/trial" => it.limits.trial = body["per_day"].as_u64(),
        "pin/create" => {
            let id = generate::one_pin(&mut it.data, world.now);
            return Ok(json!({"id": id.to_string()}));
        }
        "product/create" => {
            let number = u64::try_from(it.data.products.len()).unwrap_or(0);
            let seed = it.data.seed;
            let id = generate::product(&mut it.data, number, seed, world.now);
            return Ok(json!({"id": id.to_string()}));
        }
        "product/delete" => {
            let found = it.data.products.remove(&id(body)?);
            found.ok_or_else(|| wrong("there is no such product"))?;
        }
        "catalog/clear" => {
            let data = &mut it.data;
            (data.catalogs, data.feeds, data.groups) = (Shelf::new(), Shelf::new(), Shelf::new());
            data.results.clear();
            data.products.clear();
        }
        "report/fate" => it.reports.next_fate = Some(text(body, "status")?.to_owned()),
        "report/slow" => {
            let seconds = i64::try_from(number(body, "seconds")?).unwrap_or(i64::MAX);
            it.reports.work = TimeDelta::try_seconds(seconds);
        }
        _ => return change(&mut it.data, verb, body, world),
    }
    Ok(json!({}))
}

/// Changes or removes one object.
fn change(data: &mut Data, verb: &str, body: &Value, world: &World) -> Done {
    let (kind, action) = verb.split_once('/').unwrap_or((verb, ""));
    let shelf = match (kind, action) {
        ("board", "update" | "delete") => &mut data.boards,
        ("pin", "update" | "delete") => &mut data.pins,
        ("campaign", "update") => &mut data.campaigns,
        ("feed", "update") => &mut data.feeds,
        _ => return Err(wrong(format!("pinterest has no verb `{verb}`"))),
    };
    let id = id(body)?;
    let missing = || wrong(format!("there is no {kind} {id}"));
    if action == "delete" {
        shelf.remove(&id).ok_or_else(missing)?;
        return Ok(json!({}));
    }
    let object = shelf.get_mut(&id).ok_or_else(missing)?;
    for (name, value) in body.as_object().into_iter().flatten() {
        set(object, name, value.clone());
    }
    if kind == "campaign" {
        set(object, "updated_time", json!(world.now.timestamp()));
    }
    Ok(json!({"id": id.to_string()}))
}
