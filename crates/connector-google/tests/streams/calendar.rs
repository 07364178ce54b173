//! Bookings: sync tokens, tombstones, empty pages, and reading everything again.
use connector_core::model::{BookingStatus, Model};
use connector_core::{Change, Connector as _, ErrorKind, Record};
use connector_testkit::model;
use serde_json::json;

use crate::lab::Lab;

const BOOKINGS: &str = "sandbox-bookings@group.calendar.google.com";
const LIST: &str = "calendar.events.list";

fn title(record: &Record) -> Option<&str> {
    match model(record) {
        Model::Booking(booking) => booking.title.as_deref(),
        other => panic!("{other:?}"),
    }
}

fn tomorrow() -> serde_json::Value {
    json!({"summary": "Portrait",
        "start": {"dateTime": "2026-06-02T10:00:00+02:00", "timeZone": "Europe/Copenhagen"},
        "end": {"dateTime": "2026-06-02T11:00:00+02:00", "timeZone": "Europe/Copenhagen"}})
}

#[tokio::test(start_paused = true)]
async fn after_the_first_run_only_what_changed_is_read() {
    let lab = Lab::new();
    let first = lab.run("bookings", None).await.unwrap();
    assert!(first.records.len() > 200 && first.gone().is_empty());
    let count = lab.wire.count();
    let quiet = lab.run("bookings", first.checkpoint).await.unwrap();
    assert!(quiet.records.is_empty());
    // One request for each of the two calendars.
    assert_eq!(lab.sent(LIST, count).len(), 2);
    let known: Vec<_> = first
        .records
        .keys()
        .filter(|id| id.starts_with(BOOKINGS))
        .collect();
    let event = |at: usize| known[at].rsplit_once('/').unwrap().1.to_owned();
    lab.make("event/create", &tomorrow());
    lab.control(
        "event/update",
        &json!({"id": event(0), "summary": "Moved", "status": "tentative"}),
    );
    lab.control("event/delete", &json!({"id": event(1)}));
    let second = lab.run("bookings", quiet.checkpoint).await.unwrap();
    assert_eq!(second.records.len(), 3);
    assert_eq!(second.gone(), [known[1].as_str()]);
    let changed = &second.records[known[0]];
    assert_eq!(title(changed), Some("Moved"));
    assert!(matches!(model(changed), Model::Booking(it) if it.status == BookingStatus::Tentative));
}

#[tokio::test(start_paused = true)]
async fn a_lost_token_reads_everything_again_and_tells_what_is_gone() {
    let lab = Lab::reading(&[&format!("calendar:{BOOKINGS}")]);
    let id = lab.make("event/create", &tomorrow());
    let first = lab.run("bookings", None).await.unwrap();
    let record = format!("{BOOKINGS}/{id}");
    assert_eq!(title(&first.records[&record]), Some("Portrait"));
    lab.control("event/delete", &json!({"id": id}));
    lab.control("calendar/expire_tokens", &json!({}));
    let second = lab.run("bookings", first.checkpoint).await.unwrap();
    assert_eq!(second.gone(), [record.as_str()]);
    assert_eq!(second.records.len(), first.records.len());
    assert!(second.notes.iter().any(|note| note.contains("read again")));
    let third = lab.run("bookings", second.checkpoint).await.unwrap();
    assert!(third.records.is_empty() && third.notes.is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_empty_page_is_not_the_last_one() {
    let lab = Lab::new();
    let all = lab.run("bookings", None).await.unwrap();
    let lab = Lab::new();
    lab.control("calendar/empty_pages", &json!({"times": 1}));
    let run = lab.run("bookings", None).await.unwrap();
    assert_eq!(run.records.len(), all.records.len());
}

#[tokio::test(start_paused = true)]
async fn a_calendar_that_is_not_there_leaves_the_others() {
    let lab = Lab::reading(&["calendar:nobody@x.example", &format!("calendar:{BOOKINGS}")]);
    let run = lab.run("bookings", None).await.unwrap();
    assert!(run.records.keys().all(|id| id.starts_with(BOOKINGS)));
    assert!(!run.records.is_empty() && run.notes[0].contains("nobody@x.example"));
    let lab = Lab::reading(&["calendar:nobody@x.example"]);
    let error = lab.run("bookings", None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn what_was_deleted_is_looked_up_as_gone() {
    let lab = Lab::new();
    let id = lab.make("event/create", &tomorrow());
    let record = format!("{BOOKINGS}/{id}");
    let lookup = lab.google.lookup().unwrap();
    let found = lookup.lookup(&lab.session, "bookings", &record).await;
    assert_eq!(title(&found.unwrap()), Some("Portrait"));
    lab.control("event/delete", &json!({"id": id}));
    let found = lookup.lookup(&lab.session, "bookings", &record).await;
    assert_eq!(found.unwrap().change, Change::Gone);
}
