//! The control verbs: what happens to the account, or to the app, without the app's doing.
//!
//! `POST /_sandbox/platforms/google/VERB` with:
//!
//! | verb | body | what happens |
//! | --- | --- | --- |
//! | `token/issue` | `scopes` and `account`, or nothing for all of the owner's | a new access token and refresh token |
//! | `token/expire` | `token` | one token works no more; a refresh token then answers `invalid_grant` |
//! | `access/revoke` | `account`, or nothing for the owner | the user takes all access back, that of the known refresh token too |
//! | `consent/error` | `error` | the next consent ends with this error: `admin_policy_enforced`, `org_internal` |
//! | `service/disable`, `service/enable` | `service`: its host, or `calendar-json.googleapis.com` | an interface is turned off in the Cloud project, or on again |
//! | `quota/set` | `service`, `per_minute` | how many requests a minute may have; 0 is a project that isn't approved |
//! | `analytics/drain` | `property`, `bucket`: `project_hour`, `hour`, `day`, `concurrent`, `thresholded`, `server_errors` | the property's bucket is empty |
//! | `event/create` | any fields of an event, and `calendar` | an appointment is booked, and watchers are told |
//! | `event/update` | `id`, `calendar`, and the fields that change | it changes |
//! | `event/delete` | `id`, `calendar` | it is deleted |
//! | `calendar/delete` | `calendar` | a calendar is deleted |
//! | `calendar/expire_tokens` | | sync tokens are answered with 410 |
//! | `calendar/empty_pages` | `times` | the next pages of events are empty, but for the next page's token |
//!
//! | `review/create` | `location`, `stars`, `comment`, or nothing | somebody reviews a place |
//! | `review/update` | `id`, and `stars`, `comment`, `reply` | a review changes, or is answered |
//! | `review/delete` | `id` | a review vanishes |
//! | `product/create` | fields of `productAttributes`, or nothing | a product appears |
//! | `product/update` | `name` (`da~DK~SK-0001-M`), and fields of `productAttributes` | it changes |
//! | `product/delete` | `name` | it vanishes |
//! | `merchant/register` | `registered` | the Cloud project is registered, or not: then every call is a 401 |
//! | `campaign/update` | `id`, and `name`, `status` | a campaign changes; `REMOVED` is how one ends |
//! | `ads/spoil` | `error`: a code of `QuotaErrorEnum`, `retry_seconds`, `times` | the next calls of the Ads API are refused |
//! | `video/create` | `title`, or nothing | a video is published |
//! | `video/update` | `id`, and `title`, `description`, `privacy` | it changes |
//! | `video/delete` | `id` | it vanishes |
//! | `youtube/drain` | | the day's units are used up |
//!
//! `calendar` may be left out: it is then the one with bookings.

mod shop;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::platform::ControlError;
use crate::world::World;

use super::calendar::{BOOKINGS, Calendars, Event, one_booking};
use super::service::Service;
use super::{Google, OWNER};

type Done = Result<Value, ControlError>;

fn wrong(text: impl Into<String>) -> ControlError {
    ControlError(text.into())
}

fn read<T: DeserializeOwned>(body: &Value) -> Result<T, ControlError> {
    let body = if body.is_null() {
        json!({})
    } else {
        body.clone()
    };
    serde_json::from_value(body).map_err(|error| wrong(error.to_string()))
}

fn text<'a>(body: &'a Value, name: &str) -> Result<&'a str, ControlError> {
    body.get(name)
        .and_then(Value::as_str)
        .ok_or_else(|| wrong(format!("{name} must be a text")))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewToken {
    #[serde(default)]
    account: Option<String>,
    #[serde(default)]
    scopes: Option<Vec<String>>,
}

/// Runs one verb.
pub(super) fn control(google: &mut Google, verb: &str, body: &Value, world: &mut World) -> Done {
    match verb {
        "token/issue" => {
            let NewToken { account, scopes } = read(body)?;
            let account = account.unwrap_or_else(|| OWNER.to_owned());
            let tokens = google.authority.hand_out(&account, scopes, world);
            let (access, refresh) = tokens.ok_or_else(|| wrong("there is no client"))?;
            Ok(json!({"access_token": access, "refresh_token": refresh}))
        }
        "token/expire" => {
            google.authority.end_token(text(body, "token")?);
            Ok(json!({}))
        }
        "access/revoke" => {
            let account = body.get("account").and_then(Value::as_str);
            google.authority.end_all(account.unwrap_or(OWNER), world);
            Ok(json!({}))
        }
        "consent/error" => {
            google.authority.next_error = Some(text(body, "error")?.to_owned());
            Ok(json!({}))
        }
        "service/disable" => {
            google.disabled.insert(service(body)?.host);
            Ok(json!({}))
        }
        "service/enable" => {
            google.disabled.remove(service(body)?.host);
            Ok(json!({}))
        }
        "quota/set" => {
            let limit = body.get("per_minute").and_then(Value::as_u64);
            let limit = limit.and_then(|limit| u32::try_from(limit).ok());
            let limit = limit.ok_or_else(|| wrong("per_minute must be a number"))?;
            google.meters.set(service(body)?, limit);
            Ok(json!({}))
        }
        "analytics/drain" => {
            let property = text(body, "property")?.to_owned();
            let bucket = text(body, "bucket")?;
            let quotas = &mut google.owner().analytics.quotas;
            if !quotas.entry(property).or_default().drain(bucket, world.now) {
                return Err(wrong(format!("there is no bucket {bucket}")));
            }
            Ok(json!({}))
        }
        _ if verb.starts_with("event/") || verb.starts_with("calendar/") => {
            calendar(&mut google.owner().calendars, verb, body, world)
        }
        _ => shop::control(google.owner(), verb, body, world),
    }
}

fn service(body: &Value) -> Result<&'static Service, ControlError> {
    let name = text(body, "service")?;
    Service::named(name).ok_or_else(|| wrong(format!("there is no interface {name}")))
}

fn calendar(calendars: &mut Calendars, verb: &str, body: &Value, world: &mut World) -> Done {
    let calendar = body.get("calendar").and_then(Value::as_str);
    let calendar = calendar.unwrap_or(BOOKINGS);
    match verb {
        "event/create" => {
            let number = u32::try_from(world.serial()).unwrap_or(u32::MAX);
            let (id, mut event) = one_booking(number.saturating_add(70_000), world.seed, world.now);
            event.cancelled = false;
            apply(&mut event, body);
            calendars.change(calendar, &id, event, world);
            Ok(json!({ "id": id }))
        }
        "event/update" | "event/delete" => {
            let id = text(body, "id")?;
            let found = calendars.all.get(calendar);
            let found = found.and_then(|calendar| calendar.events.get(id)).cloned();
            let mut event = found.ok_or_else(|| wrong(format!("there is no event {id}")))?;
            if verb == "event/delete" {
                event.cancelled = true;
            } else {
                apply(&mut event, body);
            }
            calendars.change(calendar, id, event, world);
            Ok(json!({ "id": id }))
        }
        "calendar/delete" => {
            let changed = calendars.next_change();
            let found = calendars.all.get_mut(calendar);
            let found = found.ok_or_else(|| wrong(format!("there is no calendar {calendar}")))?;
            (found.deleted, found.changed) = (true, changed);
            Ok(json!({}))
        }
        "calendar/expire_tokens" => {
            calendars.epoch += 1;
            Ok(json!({}))
        }
        "calendar/empty_pages" => {
            let times = body.get("times").and_then(Value::as_u64).unwrap_or(1);
            calendars.empty_pages = u32::try_from(times).unwrap_or(u32::MAX);
            Ok(json!({}))
        }
        _ => Err(wrong(format!("google has no verb `{verb}`"))),
    }
}

/// Takes over an event's fields as the API names them.
fn apply(event: &mut Event, body: &Value) {
    let empty = Map::new();
    for (name, value) in body.as_object().unwrap_or(&empty) {
        match name.as_str() {
            "id" | "calendar" => {}
            "status" => {
                event.cancelled = value == "cancelled";
                event.tentative = value == "tentative";
            }
            name => {
                if let Value::Object(fields) = &mut event.fields {
                    fields.insert(name.to_owned(), value.clone());
                }
            }
        }
    }
    let at = |name: &str| -> Option<DateTime<Utc>> {
        let time = event.fields.get(name)?;
        let day = || Some(format!("{}T00:00:00Z", time.get("date")?.as_str()?));
        let written = time.get("dateTime").and_then(Value::as_str);
        let written = written.map(str::to_owned).or_else(day)?;
        DateTime::parse_from_rfc3339(&written)
            .ok()
            .map(|at| at.to_utc())
    };
    let (start, end) = (at("start"), at("end"));
    event.start = start.unwrap_or(event.start);
    event.end = end.unwrap_or(event.end);
}
