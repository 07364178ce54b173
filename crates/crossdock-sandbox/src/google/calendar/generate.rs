//! Made-up calendars: appointments that people booked on the studio's page, and the owner's own.

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::{Calendar, Calendars, Event, stamp};
use crate::google::OWNER;
use crate::google::params::put;
use crate::random::Random;

/// The calendar that the booking page writes to.
pub(in crate::google) const BOOKINGS: &str = "sandbox-bookings@group.calendar.google.com";

const ZONE: Tz = Tz::Europe__Copenhagen;

static CUSTOMERS: &[(&str, &str)] = &[
    ("Åse Nørgaard", "aase@customer.example"),
    ("Jürgen Groß", "juergen@customer.example"),
    ("山田 花子", "hanako@customer.example"),
    ("Zoë Brontë", "zoe@customer.example"),
    ("Adjoua Kouassi", "adjoua@customer.example"),
    ("Søren Æbeltoft", "soeren@customer.example"),
];

static SERVICES: &[(&str, i64)] = &[
    ("Portræt 45 min.", 45),
    ("Bryllupssamtale", 60),
    ("Familiefoto", 90),
    ("Prøvning af kjole", 30),
];

/// How a booking came about: the parameters of the booking page's address.
static ORIGINS: &[&str] = &[
    "?utm_source=google&utm_medium=cpc&utm_campaign=Bryllup%20K%C3%B8benhavn&gclid=sbx-gclid-",
    "?utm_source=instagram&utm_medium=paid_social&utm_campaign=spring_lookbook&fbclid=sbx-fbclid-",
    "?utm_source=newsletter&utm_medium=email&utm_campaign=november_2026&n=",
    "",
    "?utm_source=google&utm_medium=cpc&utm_campaign=Brand%20%E2%80%93%20Sandkasse&gclid=sbx-gclid-",
];

/// Fills in two calendars.
pub(in crate::google) fn fill(
    calendars: &mut Calendars,
    bookings: u32,
    seed: u64,
    as_of: DateTime<Utc>,
) {
    for (id, summary, primary) in [
        (OWNER, "Sandkasse Studio", true),
        (BOOKINGS, "Bookinger", false),
    ] {
        let changed = calendars.next_change();
        let calendar = Calendar {
            summary: summary.to_owned(),
            zone: ZONE,
            primary,
            deleted: false,
            events: std::collections::BTreeMap::new(),
            changed,
        };
        calendars.all.insert(id.to_owned(), calendar);
    }
    for number in 0..bookings * 4 {
        let (id, mut event) = one_booking(number, seed, as_of);
        event.changed = calendars.next_change();
        insert(calendars, BOOKINGS, id, event);
    }
    for number in 0..bookings.div_ceil(4) {
        let (id, mut event) = private(number, seed, as_of);
        event.changed = calendars.next_change();
        insert(calendars, OWNER, id, event);
    }
}

fn insert(calendars: &mut Calendars, calendar: &str, id: String, event: Event) {
    if let Some(calendar) = calendars.all.get_mut(calendar) {
        calendar.events.insert(id, event);
    }
}

/// A local time on a day; the first of two where the clock is put back.
fn local(day: NaiveDate, minutes: i64) -> DateTime<Tz> {
    let naive = day.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(minutes);
    let found = ZONE.from_local_datetime(&naive).earliest();
    found.unwrap_or_else(|| ZONE.from_utc_datetime(&naive))
}

fn time(at: DateTime<Tz>) -> Value {
    json!({"dateTime": at.to_rfc3339(), "timeZone": ZONE.name()})
}

/// One appointment of the booking page, and its id.
pub(in crate::google) fn one_booking(
    number: u32,
    seed: u64,
    as_of: DateTime<Utc>,
) -> (String, Event) {
    let mut random = Random::for_thing(seed, &["booking", &number.to_string()]);
    // Ids have the letters a to v and digits.
    let id = format!("bk{number:05}{:012x}", random.next() >> 16);
    let days = i64::try_from(random.between(0, 180)).unwrap_or(0) - 120;
    let day = as_of.date_naive() + TimeDelta::days(days);
    let slot = i64::try_from(random.between(0, 16)).unwrap_or(0);
    let (service, minutes) = random.pick(SERVICES).copied().unwrap_or(("Portræt", 45));
    let (name, email) = random.pick(CUSTOMERS).copied().unwrap_or(("", ""));
    let (start, end) = (
        local(day, 540 + slot * 30),
        local(day, 540 + slot * 30 + minutes),
    );
    let before = i64::try_from(random.between(1, 20)).unwrap_or(1);
    let created =
        (as_of - TimeDelta::hours(before * 7)).min(start.to_utc() - TimeDelta::days(before));
    let origin = random.pick(ORIGINS).copied().unwrap_or_default();
    let serial = random.next() >> 32;
    let suffix = if origin.is_empty() {
        String::new()
    } else {
        serial.to_string()
    };
    let page = format!("https://book.sandbox.example/tid{origin}{suffix}");
    let by_phone = random.chance(12);
    let description = if by_phone {
        format!("{service}\nKunde: {name}\nBooket på telefon")
    } else {
        format!("{service}\nKunde: {name} <{email}>\nBooket på {page}")
    };
    let tracked = random.chance(50) && !by_phone;
    let properties = tracked.then(|| properties(number, service, origin));
    let mut fields = json!({
        "htmlLink": format!("https://www.google.com/calendar/event?eid={id}"),
        "created": stamp(created),
        "summary": format!("{service} – {name}"),
        "description": description,
        "creator": {"email": OWNER, "self": true},
        "organizer": {"email": BOOKINGS, "displayName": "Bookinger", "self": true},
        "start": time(start),
        "end": time(end),
        "sequence": 0,
        "reminders": {"useDefault": true},
        "eventType": "default",
    });
    put(&mut fields, "extendedProperties", properties);
    let place = random
        .chance(60)
        .then_some("Nørrebrogade 1, 2200 København N");
    put(&mut fields, "location", place);
    let attendees = random.chance(80).then(|| {
        json!([{"email": email, "displayName": name,
                "responseStatus": if number.is_multiple_of(5) { "needsAction" } else { "accepted" }}])
    });
    put(&mut fields, "attendees", attendees);
    let event = Event {
        fields,
        // A run of deleted ones in a row, so that small pages come out empty.
        cancelled: (40..62).contains(&number) || number % 17 == 3,
        tentative: number % 11 == 7,
        start: start.to_utc(),
        end: end.to_utc(),
        updated: created + TimeDelta::minutes(i64::from(number % 50)),
        changed: 0,
    };
    (id, event)
}

/// What the booking page writes down for itself: the same as its address says.
fn properties(number: u32, service: &str, origin: &str) -> Value {
    let mut private = json!({"bookingId": format!("B-{number:05}"), "service": service});
    let query = origin.strip_prefix('?').unwrap_or_default();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if name.starts_with("utm_") {
            put(&mut private, &name, Some(value.into_owned()));
        }
    }
    json!({ "private": private })
}

/// One entry of the owner's own calendar: every other one lasts the whole day.
fn private(number: u32, seed: u64, as_of: DateTime<Utc>) -> (String, Event) {
    let mut random = Random::for_thing(seed, &["private", &number.to_string()]);
    let id = format!("pv{number:05}{:012x}", random.next() >> 16);
    let days = i64::try_from(random.between(0, 200)).unwrap_or(0) - 100;
    let day = as_of.date_naive() + TimeDelta::days(days);
    let created = as_of - TimeDelta::days(i64::from(number % 90) + 101);
    let whole_day = number.is_multiple_of(2);
    let (start, end, summary) = if whole_day {
        (
            local(day, 0),
            local(day + TimeDelta::days(1), 0),
            "Lukket 🌲",
        )
    } else {
        (local(day, 600), local(day, 660), "Møde med revisor")
    };
    let at = |time_at: DateTime<Tz>| {
        if whole_day {
            json!({"date": time_at.date_naive().to_string()})
        } else {
            time(time_at)
        }
    };
    let mut fields = json!({
        "htmlLink": format!("https://www.google.com/calendar/event?eid={id}"),
        "created": stamp(created),
        "summary": summary,
        "creator": {"email": OWNER, "self": true},
        "organizer": {"email": OWNER, "self": true},
        "start": at(start),
        "end": at(end),
        "sequence": 0,
        "reminders": {"useDefault": true},
        "eventType": "default",
    });
    put(
        &mut fields,
        "transparency",
        whole_day.then_some("transparent"),
    );
    let event = Event {
        fields,
        cancelled: number % 7 == 6,
        tentative: false,
        start: start.to_utc(),
        end: end.to_utc(),
        updated: created,
        changed: 0,
    };
    (id, event)
}
