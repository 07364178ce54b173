//! Calendars, sync tokens and push channels.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::Google;

const EVENTS: &str =
    "www.googleapis.com/calendar/v3/calendars/sandbox-bookings%40group.calendar.google.com/events";

/// Reads all pages; the events, and the sync token.
fn read(google: &mut Google, query: &str) -> (Vec<Value>, Option<String>) {
    let mut events = Vec::new();
    let mut page = String::new();
    loop {
        let body = google.get(&format!("{EVENTS}?{query}{page}"));
        events.extend(body["items"].as_array().unwrap().clone());
        match body["nextPageToken"].as_str() {
            Some(token) => {
                assert!(body.get("nextSyncToken").is_none());
                page = format!("&pageToken={token}");
            }
            None => return (events, body["nextSyncToken"].as_str().map(str::to_owned)),
        }
    }
}

fn ids(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event["id"].as_str().unwrap())
        .collect()
}

#[test]
fn calendars_are_listed_and_deleted_ones_said_to_be() {
    let mut google = Google::new();
    let list = "www.googleapis.com/calendar/v3/users/me/calendarList";
    let first = google.get(&format!("{list}?maxResults=1"));
    let token = first["nextPageToken"].as_str().unwrap();
    let second = google.get(&format!("{list}?maxResults=1&pageToken={token}"));
    assert_eq!(first["items"][0]["primary"], true);
    let sync = second["nextSyncToken"].as_str().unwrap();
    google.control("calendar/delete", &json!({}));
    let changes = google.get(&format!("{list}?syncToken={sync}"));
    assert_eq!(changes["items"][0]["deleted"], true);
    assert_eq!(google.get(list)["items"].as_array().unwrap().len(), 1);
    assert_eq!(google.call(EVENTS, None).status, 404);
    google.get("www.googleapis.com/calendar/v3/calendars/primary/events");
}

#[test]
fn a_full_read_holds_every_event_once_though_pages_may_be_empty() {
    let mut google = Google::new();
    let (whole, _) = read(&mut google, "maxResults=2500");
    let primary = google.get("www.googleapis.com/calendar/v3/calendars/primary/events");
    let primary = primary["items"].as_array().unwrap();
    assert_eq!(whole.len() + primary.len(), google.count("bookings"));
    assert!(
        primary
            .iter()
            .any(|event| event["start"]["date"].is_string())
    );
    let (small, token) = read(&mut google, "maxResults=10");
    assert_eq!(ids(&small), ids(&whole));
    assert!(token.is_some());
    let mut page = String::new();
    let mut empty = 0;
    loop {
        let body = google.get(&format!("{EVENTS}?maxResults=10{page}"));
        empty += usize::from(body["items"].as_array().unwrap().is_empty());
        let Some(token) = body["nextPageToken"].as_str() else {
            break;
        };
        page = format!("&pageToken={token}");
    }
    assert!(empty >= 1);
    google.control("calendar/empty_pages", &json!({"times": 2}));
    assert_eq!(ids(&read(&mut google, "").0), ids(&whole));
    let with_origin = whole
        .iter()
        .filter_map(|event| event["description"].as_str())
        .filter(|text| text.contains("utm_source=google") && text.contains("gclid="))
        .count();
    assert!(with_origin > 20, "{with_origin}");
}

#[test]
fn a_sync_token_brings_changes_and_tombstones_alone() {
    let mut google = Google::new();
    let (whole, token) = read(
        &mut google,
        "singleEvents=true&timeMin=2000-01-01T00:00:00Z",
    );
    let token = token.unwrap();
    let (none, _) = read(&mut google, &format!("singleEvents=true&syncToken={token}"));
    assert!(none.is_empty());
    let made = google.control("event/create", &json!({"summary": "Nyt møde"}));
    let (changed, deleted) = (whole[0]["id"].clone(), whole[1]["id"].clone());
    google.control(
        "event/update",
        &json!({"id": changed, "status": "tentative"}),
    );
    google.control("event/delete", &json!({"id": deleted}));
    let query = format!("singleEvents=true&syncToken={token}&maxResults=2");
    let (changes, next) = read(&mut google, &query);
    assert_eq!(changes.len(), 3);
    assert_eq!(changes[0]["id"], made["id"]);
    assert_eq!(changes[0]["summary"], "Nyt møde");
    assert_eq!(changes[1]["status"], "tentative");
    assert_eq!(changes[2]["status"], "cancelled");
    assert!(changes[2].get("summary").is_none());
    let (none, _) = read(
        &mut google,
        &format!("singleEvents=true&syncToken={}", next.unwrap()),
    );
    assert!(none.is_empty());
    let (shown, _) = read(&mut google, "showDeleted=true");
    assert!(
        shown
            .iter()
            .any(|event| event["status"] == "cancelled" && event["summary"].is_string())
    );
}

#[test]
fn tokens_have_their_rules() {
    let mut google = Google::new();
    let (ordered, none) = read(&mut google, "singleEvents=true&orderBy=startTime");
    assert!(none.is_none());
    assert!(!ordered.is_empty());
    let token = read(&mut google, "singleEvents=true").1.unwrap();
    for wrong in [
        "timeMin=2026-01-01T00:00:00Z",
        "orderBy=updated",
        "q=x",
        "updatedMin=2026-11-01T00:00:00Z",
        "showDeleted=false",
        "singleEvents=false",
    ] {
        let single = if wrong.starts_with("single") {
            ""
        } else {
            "singleEvents=true&"
        };
        let answer = google.call(&format!("{EVENTS}?{single}syncToken={token}&{wrong}"), None);
        assert_eq!(answer.status, 400, "{wrong}: {}", answer.text);
    }
    for wrong in [
        "orderBy=startTime",
        "timeMin=2026-01-01",
        "maxResults=0",
        "pageToken=x",
    ] {
        assert_eq!(
            google.call(&format!("{EVENTS}?{wrong}"), None).status,
            400,
            "{wrong}"
        );
    }
    let page = google.get(&format!("{EVENTS}?maxResults=10"));
    let page = page["nextPageToken"].as_str().unwrap();
    let changed = google.call(&format!("{EVENTS}?q=x&pageToken={page}"), None);
    assert_eq!(changed.status, 400);
    google.control("calendar/expire_tokens", &json!({}));
    let gone = google.call(
        &format!("{EVENTS}?singleEvents=true&syncToken={token}"),
        None,
    );
    assert_eq!(gone.status, 410);
    assert_eq!(
        gone.body["error"]["errors"][0]["reason"],
        "fullSyncRequired"
    );
    assert!(gone.body["error"].get("status").is_none());
    let old = google.call(&format!("{EVENTS}?updatedMin=2026-01-01T00:00:00Z"), None);
    assert_eq!(
        old.body["error"]["errors"][0]["reason"],
        "updatedMinTooLongAgo"
    );
}

#[test]
fn watchers_are_told_until_they_stop_or_their_time_is_over() {
    let mut google = Google::new();
    let watch = format!("{EVENTS}/watch");
    let channel = json!({"id": "channel-1", "type": "web_hook", "token": "made-up",
        "address": "http://127.0.0.1:9/hook", "params": {"ttl": "600"}});
    let opened = google.post(&watch, &channel);
    assert_eq!(opened["kind"], "api#channel");
    let ends = (google.now + TimeDelta::seconds(600)).timestamp_millis();
    assert_eq!(opened["expiration"], ends.to_string());
    let twice = google.call(&watch, Some(&channel));
    assert_eq!(
        twice.body["error"]["errors"][0]["reason"],
        "channelIdNotUnique"
    );
    google.control("event/create", &json!({}));
    let sent = google.sandbox.take_due(google.now);
    assert_eq!(sent.len(), 2);
    assert!(sent.iter().all(|sent| sent.body.is_empty()));
    let header = |index: usize, name: &str| {
        let headers = &sent[index].headers;
        let found = headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    assert_eq!(header(0, "x-goog-resource-state"), "sync");
    assert_eq!(header(1, "x-goog-resource-state"), "exists");
    assert_eq!(header(1, "x-goog-message-number"), "2");
    assert_eq!(header(1, "x-goog-channel-token"), "made-up");
    assert_eq!(
        header(1, "x-goog-resource-id"),
        opened["resourceId"].as_str().unwrap()
    );
    let stop = "www.googleapis.com/calendar/v3/channels/stop";
    let wrong = json!({"id": "channel-1", "resourceId": "other"});
    assert_eq!(google.call(stop, Some(&wrong)).status, 404);
    let right = json!({"id": "channel-1", "resourceId": opened["resourceId"]});
    assert_eq!(google.call(stop, Some(&right)).status, 204);
    google.control("event/create", &json!({}));
    assert!(google.sandbox.take_due(google.now).is_empty());
    google.post(&watch, &channel);
    google.advance(TimeDelta::seconds(600));
    google.sandbox.take_due(google.now);
    google.control("event/create", &json!({}));
    assert!(google.sandbox.take_due(google.now).is_empty());
    let open =
        json!({"id": "channel-2", "type": "web_hook", "address": "http://shop.example/hook"});
    assert_eq!(google.call(&watch, Some(&open)).status, 400);
}
