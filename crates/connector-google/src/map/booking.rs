//! Events of calendars as bookings.

use std::collections::BTreeMap;

use connector_core::Record;
use connector_core::model::{Booking, BookingStatus, Model, Origin};
use url::Url;

use super::{Mapped, Skipped, text};
use crate::api::{Attendee, Event};

/// The id of an event's record: the same event may be in several calendars.
pub(crate) fn booking_id(calendar: &str, event: &str) -> String {
    format!("{calendar}/{event}")
}

/// The calendar and the event of a record's id.
pub(crate) fn booking_parts(id: &str) -> Option<(&str, &str)> {
    let (calendar, event) = id.rsplit_once('/')?;
    (!calendar.is_empty() && !event.is_empty()).then_some((calendar, event))
}

/// An event of a calendar.
///
/// One that is cancelled is gone: Google keeps no more of it than its id. Of those who are invited the
/// first is named, and the others are counted.
///
/// # Errors
/// An event without an id or a beginning is no booking.
pub fn booking(event: Event, calendar: &str) -> Mapped {
    if event.id.trim().is_empty() {
        return Err(Skipped::new("", "an event without an id"));
    }
    let id = booking_id(calendar, &event.id);
    if event.status.as_deref() == Some("cancelled") {
        return Ok(Record::gone(id));
    }
    let (start, end) = (&event.start, &event.end);
    if start.date.is_none() && start.date_time.is_none() {
        return Err(Skipped::new(&id, "the event doesn't say when it begins"));
    }
    // Either or: a time where both are there.
    let is_timed = start.date_time.is_some();
    let ends_at = end
        .date_time
        .filter(|end| is_timed && !event.end_time_unspecified && Some(*end) >= start.date_time);
    let ends_on = end
        .date
        .filter(|end| !is_timed && !event.end_time_unspecified && Some(*end) > start.date);
    let origin = origin(&event);
    let guests: Vec<&Attendee> = event
        .attendees
        .iter()
        .filter(|guest| !guest.is_self && !guest.organizer && !guest.resource)
        .collect();
    let count = guests
        .iter()
        .map(|guest| 1 + i64::from(guest.additional_guests))
        .sum();
    let first = guests.first();
    Ok(Record::upsert(
        id,
        event.updated,
        Model::Booking(Box::new(Booking {
            calendar_external_id: calendar.to_owned(),
            status: status(event.status.as_deref()),
            starts_at: start.date_time,
            ends_at,
            starts_on: start.date.filter(|_| !is_timed),
            ends_on,
            time_zone: text(start.time_zone.clone()),
            customer_name: first.and_then(|guest| text(guest.display_name.clone())),
            customer_email: first.and_then(|guest| text(guest.email.clone())),
            guest_count: (!event.attendees_omitted).then_some(count),
            title: text(event.summary),
            description: text(event.description),
            location: text(event.location),
            series_external_id: text(event.recurring_event_id),
            url: text(event.html_link),
            origin,
            // A copied event may say that it was changed before it was made.
            created_at: event.created.min(event.updated.or(event.created)),
            updated_at: event.updated,
        })),
    ))
}

fn status(word: Option<&str>) -> BookingStatus {
    match word {
        // Absent means the first of them.
        None | Some("confirmed") => BookingStatus::Confirmed,
        Some("tentative") => BookingStatus::Tentative,
        Some(_) => BookingStatus::Unknown,
    }
}

/// What led to it: Google says nothing of that, and programs that book write it down. First the
/// address of the page it was booked on, then the parameters that were written down by themselves.
fn origin(event: &Event) -> Option<Origin> {
    let source = event.source.as_ref().and_then(|source| source.url.clone());
    let description = event.description.as_deref().unwrap_or_default();
    let of_page = source
        .into_iter()
        .chain(addresses(description))
        .find_map(|address| Origin::of_landing_page(&address).known())
        .unwrap_or_default();
    let properties = &event.extended_properties;
    let written = of_properties(properties.private.iter().chain(&properties.shared));
    let has_click = of_page.click_id.is_some();
    Origin {
        utm_source: of_page.utm_source.or(written.utm_source),
        utm_medium: of_page.utm_medium.or(written.utm_medium),
        utm_campaign: of_page.utm_campaign.or(written.utm_campaign),
        utm_term: of_page.utm_term.or(written.utm_term),
        utm_content: of_page.utm_content.or(written.utm_content),
        click_id_kind: if has_click {
            of_page.click_id_kind
        } else {
            written.click_id_kind
        },
        click_id: of_page.click_id.or(written.click_id),
        ..of_page
    }
    .known()
}

/// What properties say that are named as an address's parameters are.
fn of_properties<'a>(properties: impl Iterator<Item = (&'a String, &'a String)>) -> Origin {
    let mut named = BTreeMap::new();
    for (name, value) in properties {
        named.entry(name.as_str()).or_insert(value.as_str());
    }
    // The address is nowhere: it only carries them.
    let address = Url::parse_with_params("https://properties.invalid/", named);
    address.map_or_else(
        |_| Origin::default(),
        |address| Origin {
            landing_page: None,
            ..Origin::of_landing_page(address.as_str())
        },
    )
}

/// The web addresses in a text, which may be HTML.
fn addresses(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| letter.is_whitespace() || matches!(letter, '<' | '>' | '"' | '\''))
        .filter(|word| word.starts_with("https://") || word.starts_with("http://"))
        .map(|word| word.trim_end_matches(['.', ',', ';', ')', '!']))
        .map(|word| word.replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use connector_core::Change;
    use serde_json::json;

    use super::*;

    fn mapped(value: serde_json::Value) -> Booking {
        let read = serde_json::from_value(value).unwrap();
        match booking(read, "c@x.example").unwrap().change {
            Change::Upsert(Model::Booking(booking)) => *booking,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_booking_has_its_first_guest_and_counts_the_others() {
        let booking = mapped(json!({
            "id": "e1_20261124T090000Z", "status": "tentative", "summary": "Portrait",
            "recurringEventId": "e1",
            "start": {"dateTime": "2026-11-24T10:00:00+01:00", "timeZone": "Europe/Berlin"},
            "end": {"dateTime": "2026-11-24T11:00:00+01:00"},
            "attendees": [
                {"email": "me@x.example", "self": true, "organizer": true},
                {"email": "room@x.example", "resource": true},
                {"email": "one@x.example", "displayName": "One", "additionalGuests": 2},
                {"email": "two@x.example"}],
        }));
        assert_eq!(booking.status, BookingStatus::Tentative);
        assert_eq!(booking.customer_name.as_deref(), Some("One"));
        assert_eq!(booking.guest_count, Some(4));
        assert_eq!(booking.series_external_id.as_deref(), Some("e1"));
        assert_eq!(booking.time_zone.as_deref(), Some("Europe/Berlin"));
        assert_eq!(
            booking.starts_at.unwrap().to_rfc3339(),
            "2026-11-24T09:00:00+00:00"
        );
    }

    #[test]
    fn whole_days_have_days_and_an_odd_end_is_left_out() {
        let days = mapped(
            json!({"id": "e", "start": {"date": "2026-11-24"}, "end": {"date": "2026-11-26"}}),
        );
        assert_eq!(
            (days.starts_on.is_some(), days.starts_at, days.ends_at),
            (true, None, None)
        );
        assert_eq!(days.ends_on.unwrap().to_string(), "2026-11-26");
        let odd = mapped(
            json!({"id": "e", "start": {"date": "2026-11-24"}, "end": {"date": "2026-11-24"}}),
        );
        assert_eq!(odd.ends_on, None);
    }

    #[test]
    fn what_is_cancelled_is_gone_and_what_never_begins_is_skipped() {
        let of = |value| booking(serde_json::from_value(value).unwrap(), "c");
        let gone = of(json!({"id": "e", "status": "cancelled"})).unwrap();
        assert_eq!(
            (gone.external_id.as_str(), gone.change),
            ("c/e", Change::Gone)
        );
        let why = of(json!({"id": "e"})).unwrap_err();
        assert_eq!(why.external_id.as_deref(), Some("c/e"));
        assert_eq!(booking_parts("c@x/e"), Some(("c@x", "e")));
        assert_eq!(booking_parts("no-such"), None);
    }

    #[test]
    fn what_led_to_it_is_what_was_written_down() {
        let booking = mapped(json!({
            "id": "e", "start": {"date": "2026-11-24"}, "end": {"date": "2026-11-25"},
            "description": "Booked on <a href=\"https://x.example/?utm_source=news&amp;gclid=made-up\">x</a>",
            "extendedProperties": {
                "private": {"utm_campaign": "november", "utm_source": "other", "bookingId": "1"},
                "shared": {"utm_medium": "email"}},
        }));
        let origin = booking.origin.unwrap();
        assert_eq!(origin.utm_source.as_deref(), Some("news"));
        assert_eq!(origin.utm_campaign.as_deref(), Some("november"));
        assert_eq!(origin.utm_medium.as_deref(), Some("email"));
        assert_eq!(origin.click_id.as_deref(), Some("made-up"));
        assert_eq!(
            origin.landing_page.as_deref(),
            Some("https://x.example/?utm_source=news&gclid=made-up")
        );
        let plain = mapped(json!({"id": "e", "start": {"date": "2026-11-24"},
            "description": "see https://x.example/ and call"}));
        assert_eq!(plain.origin, None);
    }
}
