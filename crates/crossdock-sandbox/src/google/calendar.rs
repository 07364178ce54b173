//! Google Calendar v3: the list of calendars, events with their sync tokens, and push channels.

mod channels;
mod events;
mod generate;
mod list;

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use http::{Response, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::answer;
use crate::platform::Call;
use crate::route::percent_decoded;
use crate::world::World;

use super::params::put;
use super::refusal::{Outcome, Refusal, json_answer};

use self::channels::Channel;
pub(super) use self::generate::{BOOKINGS, fill, one_booking};

/// One event. What is deleted stays as a tombstone.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// Everything but what follows from the rest: kind, id, etag, status, updated.
    pub(super) fields: Value,
    pub(super) cancelled: bool,
    /// Whether it is only asked for and not confirmed.
    pub(super) tentative: bool,
    pub(super) start: DateTime<Utc>,
    pub(super) end: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
    /// The number of the last change; later changes have higher ones.
    pub(super) changed: u64,
}

/// One calendar.
#[derive(Debug)]
pub(super) struct Calendar {
    pub(super) summary: String,
    pub(super) zone: Tz,
    pub(super) primary: bool,
    pub(super) deleted: bool,
    pub(super) events: BTreeMap<String, Event>,
    /// The number of the last change of the calendar itself.
    pub(super) changed: u64,
}

/// All of a user's calendars.
#[derive(Debug, Default)]
pub(super) struct Calendars {
    pub(super) all: BTreeMap<String, Calendar>,
    /// The number of the last change of anything.
    changes: u64,
    /// Sync tokens of an earlier epoch are no longer good.
    pub(super) epoch: u64,
    /// How many of the next pages of events have nothing on them but the next page's token.
    pub(super) empty_pages: u32,
    channels: BTreeMap<String, Channel>,
}

/// A point in time as Calendar writes it: to the millisecond, in UTC.
fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// An entity tag, quotes included, that changes with every change.
fn etag(id: &str, changed: u64) -> String {
    let digest = Sha256::digest(format!("{id} {changed}"));
    let short: String = hex::encode(digest).chars().take(16).collect();
    format!("\"{short}\"")
}

impl Calendars {
    /// The number of one more change.
    pub(super) fn next_change(&mut self) -> u64 {
        self.changes += 1;
        self.changes
    }

    /// The id that a path's calendar has: `primary` stands for the user's own.
    fn resolve(&self, id: &str) -> Outcome<String> {
        let found = self.all.iter().find(|(known, calendar)| {
            !calendar.deleted && (*known == id || (id == "primary" && calendar.primary))
        });
        found
            .map(|(id, _)| id.clone())
            .ok_or_else(|| Refusal::not_found("Not Found"))
    }

    /// Answers one call.
    pub(super) fn answer(
        &mut self,
        call: &Call<'_>,
        world: &mut World,
    ) -> Outcome<Response<Bytes>> {
        let rest = call.path.strip_prefix("/calendar/v3/").unwrap_or_default();
        let segments: Vec<String> = rest.split('/').map(percent_decoded).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let body = match (call.method.as_str(), segments.as_slice()) {
            ("GET", ["users", "me", "calendarList"]) => list::list(self, call)?,
            ("GET", ["users", "me", "calendarList", id]) => {
                let id = self.resolve(id)?;
                self.entry(&id)
            }
            ("GET", ["calendars", id]) => self.calendar(&self.resolve(id)?),
            ("GET", ["calendars", id, "events"]) => {
                let id = self.resolve(id)?;
                events::list(self, &id, call)?
            }
            ("GET", ["calendars", id, "events", event]) => {
                let calendar = self.resolve(id)?;
                let calendar = self.all.get(&calendar);
                let found = calendar.and_then(|calendar| calendar.events.get(*event));
                found
                    .map(|found| found.json(event))
                    .ok_or_else(|| Refusal::not_found("Not Found"))?
            }
            ("POST", ["calendars", id, "events", "watch"]) => {
                let id = self.resolve(id)?;
                self.watch(&id, call, world)?
            }
            ("POST", ["channels", "stop"]) => {
                self.stop(call)?;
                return Ok(answer::empty(StatusCode::NO_CONTENT));
            }
            _ => return Err(Refusal::not_found("Not Found")),
        };
        Ok(json_answer(StatusCode::OK, &body))
    }

    /// A calendar as the list of calendars shows it.
    fn entry(&self, id: &str) -> Value {
        let Some(calendar) = self.all.get(id) else {
            return json!({});
        };
        let mut entry = json!({
            "kind": "calendar#calendarListEntry",
            "etag": etag(id, calendar.changed),
            "id": id,
            "defaultReminders": [],
        });
        if calendar.deleted {
            put(&mut entry, "deleted", Some(true));
            return entry;
        }
        let colour = if calendar.primary { "14" } else { "7" };
        for (name, value) in [
            ("summary", json!(calendar.summary)),
            ("timeZone", json!(calendar.zone.name())),
            ("colorId", json!(colour)),
            ("backgroundColor", json!("#9fe1e7")),
            ("foregroundColor", json!("#000000")),
            ("selected", json!(true)),
            ("accessRole", json!("owner")),
        ] {
            put(&mut entry, name, Some(value));
        }
        put(&mut entry, "primary", calendar.primary.then_some(true));
        entry
    }

    fn calendar(&self, id: &str) -> Value {
        let Some(calendar) = self.all.get(id) else {
            return json!({});
        };
        json!({
            "kind": "calendar#calendar", "etag": etag(id, calendar.changed), "id": id,
            "summary": calendar.summary, "timeZone": calendar.zone.name(),
        })
    }

    /// Changes an event, or makes one, and tells whoever watches.
    pub(super) fn change(&mut self, calendar: &str, id: &str, mut event: Event, world: &mut World) {
        event.changed = self.next_change();
        event.updated = world.now;
        if let Some(calendar) = self.all.get_mut(calendar) {
            calendar.events.insert(id.to_owned(), event);
        }
        self.tell(calendar, "exists", world);
    }

    /// How many events a complete sync finds.
    pub(super) fn count(&self) -> usize {
        let alive = |calendar: &Calendar| {
            let events = calendar.events.values();
            events.filter(|event| !event.cancelled).count()
        };
        let calendars = self.all.values().filter(|calendar| !calendar.deleted);
        calendars.map(alive).sum()
    }
}

impl Event {
    fn json(&self, id: &str) -> Value {
        let mut event = self.fields.clone();
        let status = match (self.cancelled, self.tentative) {
            (true, _) => "cancelled",
            (false, true) => "tentative",
            (false, false) => "confirmed",
        };
        for (name, value) in [
            ("kind", json!("calendar#event")),
            ("etag", json!(etag(id, self.changed))),
            ("id", json!(id)),
            ("status", json!(status)),
            ("updated", json!(stamp(self.updated))),
            ("iCalUID", json!(format!("{id}@google.com"))),
        ] {
            put(&mut event, name, Some(value));
        }
        event
    }

    /// What is left of a deleted event.
    fn tombstone(&self, id: &str) -> Value {
        json!({
            "kind": "calendar#event", "etag": etag(id, self.changed), "id": id,
            "status": "cancelled",
        })
    }
}
