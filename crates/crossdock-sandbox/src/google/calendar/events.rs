//! `events.list`: everything, or what changed since a sync token.
//!
//! A page is a stretch of all events, hidden ones included, so a page may be empty and still have a
//! next one. `nextSyncToken` is on the last page alone, and not at all where the order was asked
//! for. (Calendar's guide to synchronising; recorded answers.)

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Calendar, Calendars, Event, etag, stamp};
use crate::google::params::{put, query_number, seal, unseal};
use crate::google::refusal::{Outcome, Refusal};
use crate::platform::Call;

/// Parameters that may differ between the pages of one list.
const FREE: &[&str] = &[
    "access_token",
    "alt",
    "fields",
    "key",
    "maxResults",
    "pageToken",
    "prettyPrint",
    "quotaUser",
    "syncToken",
];

/// Parameters that can't be sent with a sync token.
const NOT_WITH_TOKEN: &[&str] = &[
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "timeMax",
    "timeMin",
    "updatedMin",
];

/// How long deleted events are remembered for `updatedMin`. Inferred: Google only says that it must
/// not be too long ago.
const REMEMBERED: TimeDelta = TimeDelta::days(28);

/// What a sync token stands for.
#[derive(Debug, Serialize, Deserialize)]
struct SyncToken {
    calendar: String,
    epoch: u64,
    /// The number of the last change that was seen.
    since: u64,
    /// The parameters of the first request.
    asked: Vec<(String, String)>,
}

/// What a page token stands for.
#[derive(Debug, Serialize, Deserialize)]
struct PageToken {
    calendar: String,
    asked: Vec<(String, String)>,
    sync: Option<String>,
    /// The number of the last change when the first page was read.
    seen: u64,
    /// The position of the last event that was looked at.
    after: String,
}

/// 410: the client has to begin anew.
pub(super) fn full_sync_required() -> Refusal {
    Refusal::gone(
        "fullSyncRequired",
        "syncToken",
        "Sync token is no longer valid, a full sync is required.",
    )
}

/// What a list is asked to hold.
struct Asked {
    pairs: Vec<(String, String)>,
    show_deleted: bool,
    order: String,
    text: Option<String>,
    properties: Vec<String>,
    types: Vec<String>,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    updated_from: Option<DateTime<Utc>>,
}

impl Asked {
    /// Reads pairs as they were sent: those of the call, or those of the sync token's first call.
    fn read(pairs: Vec<(String, String)>, now: DateTime<Utc>) -> Outcome<Self> {
        let get = |name: &str| {
            let found = pairs.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.as_str())
        };
        let all = |name: &str| {
            let found = pairs.iter().filter(|(key, _)| key == name);
            found.map(|(_, value)| value.clone()).collect()
        };
        let time = |name: &str| {
            let Some(text) = get(name) else {
                return Ok(None);
            };
            match DateTime::parse_from_rfc3339(text) {
                Ok(time) => Ok(Some(time.to_utc())),
                Err(_) => Err(Refusal::parameter("badRequest", name, "Bad Request")),
            }
        };
        let single = get("singleEvents") == Some("true");
        let order = get("orderBy").unwrap_or_default().to_owned();
        match order.as_str() {
            "" | "updated" => {}
            "startTime" if single => {}
            "startTime" => {
                return Err(Refusal::parameter(
                    "badRequest",
                    "orderBy",
                    "The requested ordering is not available for the particular query.",
                ));
            }
            _ => {
                return Err(Refusal::parameter(
                    "invalidParameter",
                    "orderBy",
                    "Bad Request",
                ));
            }
        }
        let updated_from = time("updatedMin")?;
        if updated_from.is_some_and(|from| from < now - REMEMBERED) {
            return Err(Refusal::gone(
                "updatedMinTooLongAgo",
                "updatedMin",
                "The requested minimum modification time lies too far in the past.",
            ));
        }
        let (from, until) = (time("timeMin")?, time("timeMax")?);
        if from.zip(until).is_some_and(|(from, until)| from >= until) {
            return Err(Refusal::parameter(
                "timeRangeEmpty",
                "timeMax",
                "The specified time range is empty.",
            )
            .in_domain("calendar"));
        }
        Ok(Self {
            show_deleted: get("showDeleted") == Some("true"),
            order,
            text: get("q").map(str::to_lowercase),
            properties: all("privateExtendedProperty"),
            types: all("eventTypes"),
            from,
            until,
            updated_from,
            pairs,
        })
    }

    /// Whether an event is in the list.
    fn holds(&self, event: &Event, since: Option<u64>) -> bool {
        let shown = self.show_deleted || self.updated_from.is_some() || since.is_some();
        if event.cancelled {
            return shown && self.updated_from.is_none_or(|from| event.updated >= from);
        }
        let text = |name: &str| {
            let text = event.fields.get(name).and_then(Value::as_str);
            text.unwrap_or_default().to_lowercase()
        };
        let has = |pair: &String| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let held = event
                .fields
                .pointer("/extendedProperties/private")
                .and_then(|held| held.get(name)?.as_str());
            held == Some(value)
        };
        self.from.is_none_or(|from| event.end > from)
            && self.until.is_none_or(|until| event.start < until)
            && self.updated_from.is_none_or(|from| event.updated >= from)
            && self.text.as_ref().is_none_or(|wanted| {
                ["summary", "description", "location"]
                    .iter()
                    .any(|name| text(name).contains(wanted))
            })
            && self.properties.iter().all(has)
            && (self.types.is_empty() || self.types.contains(&text("eventType")))
    }

    /// An event's position in the list.
    fn position(&self, id: &str, event: &Event, since: Option<u64>) -> String {
        match (since, self.order.as_str()) {
            (Some(_), _) => format!("{:020}", event.changed),
            (None, "startTime") => format!("{} {id}", stamp(event.start)),
            (None, "updated") => format!("{} {id}", stamp(event.updated)),
            (None, _) => id.to_owned(),
        }
    }
}

/// Answers the call.
pub(super) fn list(calendars: &mut Calendars, id: &str, call: &Call<'_>) -> Outcome<Value> {
    let mut pairs: Vec<(String, String)> = call
        .query
        .iter()
        .filter(|(name, _)| !FREE.contains(&name.as_str()))
        .cloned()
        .collect();
    pairs.sort();
    let sync = call.query("syncToken").filter(|token| !token.is_empty());
    let (since, asked) = match sync {
        None => (None, Asked::read(pairs.clone(), call.now)?),
        Some(token) => {
            let (since, first) = resume(calendars, id, token, &pairs)?;
            (Some(since), Asked::read(first, call.now)?)
        }
    };
    let page = call.query("pageToken").filter(|token| !token.is_empty());
    let page = match page {
        None => None,
        Some(token) => Some(
            unseal::<PageToken>(token)
                .filter(|it| it.calendar == id && it.asked == pairs && it.sync.as_deref() == sync)
                .ok_or_else(|| {
                    Refusal::parameter("invalid", "pageToken", "Invalid page token value.")
                })?,
        ),
    };
    let size = match query_number(call, "maxResults")? {
        None => 250,
        Some(asked @ 1..) => usize::try_from(asked.min(2_500)).unwrap_or(2_500),
        Some(_) => {
            return Err(Refusal::parameter(
                "invalidParameter",
                "maxResults",
                "Bad Request",
            ));
        }
    };
    let seen = page.as_ref().map_or(calendars.changes, |page| page.seen);
    let after = page.map(|page| page.after).unwrap_or_default();
    let Some(calendar) = calendars.all.get(id) else {
        return Err(Refusal::not_found("Not Found"));
    };
    let mut events: Vec<(String, &String, &Event)> = calendar
        .events
        .iter()
        .filter(|(_, event)| since.is_none_or(|since| event.changed > since))
        .map(|(id, event)| (asked.position(id, event, since), id, event))
        .filter(|(position, _, _)| *position > after)
        .collect();
    events.sort_by(|one, two| one.0.cmp(&two.0));
    let size = if calendars.empty_pages > 0 { 0 } else { size };
    let more = events.len() > size;
    events.truncate(size);
    let last = events
        .last()
        .map_or(after, |(position, _, _)| position.clone());
    let items: Vec<Value> = events
        .iter()
        .filter(|(_, _, event)| asked.holds(event, since))
        .map(|(_, id, event)| match since {
            Some(_) if event.cancelled => event.tombstone(id),
            _ => event.json(id),
        })
        .collect();
    let mut body = head(id, calendar, &items);
    if more {
        let token = PageToken {
            calendar: id.to_owned(),
            asked: pairs,
            sync: sync.map(str::to_owned),
            seen,
            after: last,
        };
        put(&mut body, "nextPageToken", Some(seal(&token)));
    } else if asked.order.is_empty() {
        let token = SyncToken {
            calendar: id.to_owned(),
            epoch: calendars.epoch,
            since: seen,
            asked: asked.pairs,
        };
        put(&mut body, "nextSyncToken", Some(seal(&token)));
    }
    calendars.empty_pages = calendars.empty_pages.saturating_sub(1);
    Ok(body)
}

fn head(id: &str, calendar: &Calendar, items: &[Value]) -> Value {
    let changed = calendar.events.values().map(|event| event.changed).max();
    let updated = calendar.events.values().map(|event| event.updated).max();
    let mut body = json!({
        "kind": "calendar#events",
        "etag": etag(id, changed.unwrap_or(0)),
        "summary": calendar.summary,
        "timeZone": calendar.zone.name(),
        "accessRole": "owner",
        "defaultReminders": [],
        "items": items,
    });
    put(&mut body, "updated", updated.map(stamp));
    body
}

/// What a sync token goes on from, and the parameters of its first request.
fn resume(
    calendars: &Calendars,
    id: &str,
    token: &str,
    pairs: &[(String, String)],
) -> Outcome<(u64, Vec<(String, String)>)> {
    for (name, value) in pairs {
        if NOT_WITH_TOKEN.contains(&name.as_str()) {
            return Err(Refusal::parameter(
                "badRequest",
                name,
                format!("{name} can't be used with a sync token."),
            ));
        }
        if name == "showDeleted" && value == "false" {
            return Err(Refusal::parameter(
                "badRequest",
                name,
                "Deleted events can't be hidden from a sync.",
            ));
        }
    }
    let token: SyncToken = unseal(token).ok_or_else(full_sync_required)?;
    if token.calendar != id || token.epoch != calendars.epoch {
        return Err(full_sync_required());
    }
    // What else is sent must be as it was in the first request.
    let kept = |pair: &&(String, String)| {
        !NOT_WITH_TOKEN.contains(&pair.0.as_str()) && pair.0 != "showDeleted"
    };
    if !token
        .asked
        .iter()
        .filter(kept)
        .eq(pairs.iter().filter(kept))
    {
        return Err(Refusal::parameter(
            "badRequest",
            "syncToken",
            "The parameters differ from those of the request that the sync token is from.",
        ));
    }
    Ok((token.since, token.asked))
}
