//! Calendar API v3: events, and the channels that tell of their changes.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use connector_core::{
    Endpoint, Entry, ExposeSecret as _, Operation, Request, Response, Result, SecretString,
};
use serde::Deserialize;
use serde_json::json;

use super::int64::Int64;
use super::route::Route;

const HOST: &str = "www.googleapis.com";

/// What is a booking: neither birthdays nor where somebody works, nor when nobody is to disturb.
const TYPES: [&str; 2] = ["default", "fromGmail"];

/// `events.list`: all events of a calendar, or what changed since a token.
///
/// A series comes as its instances. All parameters but the tokens must be the same in each request, or
/// Google refuses the token; and an order would leave the token out.
#[derive(Clone, Debug)]
pub struct ListEvents {
    /// The calendar.
    pub calendar: String,
    /// Where the last complete read left off; `None` for everything.
    pub sync_token: Option<String>,
    /// The page; the first where there is none.
    pub page_token: Option<String>,
}

impl Endpoint for ListEvents {
    const OPERATION: Operation = Operation::read("calendar.events.list");
    type Response = EventPage;

    fn request(&self) -> Result<Request> {
        let path = ["calendar", "v3", "calendars", &self.calendar, "events"];
        let mut route = Route::get(HOST, &path)
            .with("maxResults", 250)
            .with("singleEvents", true);
        for kind in TYPES {
            route = route.with("eventTypes", kind);
        }
        route
            .maybe("syncToken", self.sync_token.as_deref())
            .maybe("pageToken", self.page_token.as_deref())
            .request()
    }
}

/// A page of events, which may be empty and still have one after it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EventPage {
    /// The events.
    pub items: Vec<Entry<Event>>,
    /// The next page's token.
    pub next_page_token: Option<String>,
    /// Where the next run goes on; on the last page alone.
    pub next_sync_token: Option<String>,
}

/// `events.get`.
#[derive(Clone, Debug)]
pub struct GetEvent {
    /// The calendar.
    pub calendar: String,
    /// The event.
    pub id: String,
}

impl Endpoint for GetEvent {
    const OPERATION: Operation = Operation::read("calendar.events.get");
    type Response = Entry<Event>;

    fn request(&self) -> Result<Request> {
        let path = [
            "calendar",
            "v3",
            "calendars",
            &self.calendar,
            "events",
            &self.id,
        ];
        Route::get(HOST, &path).request()
    }
}

/// An event. Of a deleted one there is little more than the id and the status `cancelled`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Its id, unique within the calendar.
    pub id: String,
    /// `confirmed`, `tentative` or `cancelled`.
    #[serde(default)]
    pub status: Option<String>,
    /// Its title.
    #[serde(default)]
    pub summary: Option<String>,
    /// What is written about it; may be HTML.
    #[serde(default)]
    pub description: Option<String>,
    /// Where it takes place.
    #[serde(default)]
    pub location: Option<String>,
    /// When it begins.
    #[serde(default)]
    pub start: EventTime,
    /// When it ends, exclusive.
    #[serde(default)]
    pub end: EventTime,
    /// Whether it has no end, and `end` is there for old programs alone.
    #[serde(default)]
    pub end_time_unspecified: bool,
    /// The series that it is an instance of.
    #[serde(default)]
    pub recurring_event_id: Option<String>,
    /// Who is invited.
    #[serde(default)]
    pub attendees: Vec<Attendee>,
    /// Whether some of them were left out.
    #[serde(default)]
    pub attendees_omitted: bool,
    /// What programs wrote down.
    #[serde(default)]
    pub extended_properties: ExtendedProperties,
    /// The page that it was made from.
    #[serde(default)]
    pub source: Option<EventSource>,
    /// Where it can be seen.
    #[serde(default)]
    pub html_link: Option<String>,
    /// When it was made.
    #[serde(default)]
    pub created: Option<DateTime<Utc>>,
    /// When it last changed.
    #[serde(default)]
    pub updated: Option<DateTime<Utc>>,
}

/// A day or a time.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EventTime {
    /// The day, of an event that takes whole days.
    pub date: Option<NaiveDate>,
    /// The time, of any other.
    pub date_time: Option<DateTime<Utc>>,
    /// The zone in which it was written down.
    pub time_zone: Option<String>,
}

/// Who is invited.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Attendee {
    /// The address.
    pub email: Option<String>,
    /// The name.
    pub display_name: Option<String>,
    /// Whether it is the calendar's owner.
    #[serde(rename = "self")]
    pub is_self: bool,
    /// Whether it is who made the event.
    pub organizer: bool,
    /// Whether it is a room or a thing.
    pub resource: bool,
    /// How many more come along.
    pub additional_guests: u32,
}

/// What programs wrote down.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ExtendedProperties {
    /// For this calendar alone.
    pub private: BTreeMap<String, String>,
    /// For everybody who is invited.
    pub shared: BTreeMap<String, String>,
}

/// The page that an event was made from.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EventSource {
    /// Its address.
    pub url: Option<String>,
}

/// `events.watch`: opens a channel on which Google tells that a calendar's events changed.
#[derive(Clone, Debug)]
pub struct WatchEvents {
    /// The calendar.
    pub calendar: String,
    /// The channel's id, which nobody used before: letters, digits, `-_+/=`, 64 at the most.
    pub id: String,
    /// Where to, an `https` address.
    pub address: String,
    /// What each message carries, 256 letters at the most. It is all that proves one.
    pub token: SecretString,
    /// When it ends. Google may end it earlier, and says so.
    pub expires_at: DateTime<Utc>,
}

impl Endpoint for WatchEvents {
    // Safe to repeat: a second channel with the id is refused.
    const OPERATION: Operation = Operation::read("calendar.events.watch");
    type Response = PushChannel;

    fn request(&self) -> Result<Request> {
        let path = [
            "calendar",
            "v3",
            "calendars",
            &self.calendar,
            "events",
            "watch",
        ];
        Route::post(HOST, &path).json(&json!({
            "id": self.id,
            "type": "web_hook",
            "address": self.address,
            "token": self.token.expose_secret(),
            "expiration": self.expires_at.timestamp_millis().to_string(),
        }))
    }
}

/// A channel that was opened.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PushChannel {
    /// What Google calls that which is watched; the same for every channel on it.
    pub resource_id: String,
    /// When it ends, in milliseconds since 1970.
    #[serde(default)]
    pub expiration: Option<Int64>,
}

impl PushChannel {
    /// When it ends.
    #[must_use]
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(self.expiration?.0)
    }
}

/// `channels.stop`: ends a channel.
#[derive(Clone, Debug)]
pub struct StopChannel {
    /// The channel's id.
    pub id: String,
    /// What Google calls that which it watches.
    pub resource_id: String,
}

impl Endpoint for StopChannel {
    // Safe to repeat: what is stopped can't be stopped more.
    const OPERATION: Operation = Operation::read("calendar.channels.stop");
    type Response = ();

    fn request(&self) -> Result<Request> {
        Route::post(HOST, &["calendar", "v3", "channels", "stop"])
            .json(&json!({"id": self.id, "resourceId": self.resource_id}))
    }

    fn parse(&self, _response: &Response) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_stays_one_part_of_the_path_and_the_types_are_named() {
        let ask = ListEvents {
            calendar: "en.danish#holiday@group.v.calendar.google.com".to_owned(),
            sync_token: Some("a=b".to_owned()),
            page_token: None,
        };
        assert_eq!(
            ask.request().unwrap().uri().to_string(),
            "https://www.googleapis.com/calendar/v3/calendars/\
             en.danish%23holiday%40group.v.calendar.google.com/events?maxResults=250\
             &singleEvents=true&eventTypes=default&eventTypes=fromGmail&syncToken=a%3Db"
        );
    }

    #[test]
    fn a_tombstone_is_an_event() {
        let gone: Event = serde_json::from_str(r#"{"id":"e","status":"cancelled"}"#).unwrap();
        assert_eq!(gone.status.as_deref(), Some("cancelled"));
        let channel: PushChannel =
            serde_json::from_str(r#"{"resourceId":"r","expiration":"1773905359000"}"#).unwrap();
        assert_eq!(
            channel.expires_at().unwrap().to_rfc3339(),
            "2026-03-19T07:29:19+00:00"
        );
    }
}
