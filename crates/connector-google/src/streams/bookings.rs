//! Events of each calendar: all of them once, then what changed since.
//!
//! Google gives a token on the last page of a complete read, and with it what changed later, what was
//! deleted included. When it no longer knows the token (410), everything is read again, and then what
//! was deleted is just not there: so the cursor keeps the ids of what is still to come, and those that
//! a complete read doesn't bring are gone. (developers.google.com/calendar/api/guides/sync,
//! November 2026.)

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use connector_core::{
    Batch, Change, Checkpoint, Entry, Error, ErrorKind, Next, PageStream, Record, Result,
};
use serde::{Deserialize, Serialize};

use super::{Reader, is_of_one_source, left_out};
use crate::api::{Event, EventPage, GetEvent, ListEvents};
use crate::map::{self, Mapped};
use crate::service::Service;
use crate::sources;

/// The form of [`Cursor`].
const VERSION: u16 = 1;

/// After how long all events are read again: Google unfolds a series without an end for some time
/// ahead only, and no change tells of the instances that come after.
const WHOLE_AFTER: TimeDelta = TimeDelta::days(28);

/// Where all calendars stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    calendars: BTreeMap<String, Known>,
    pass: Option<Pass>,
}

/// What is known of a calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    /// Where the next run goes on.
    token: Option<String>,
    /// What is still to come, and when it ends.
    upcoming: BTreeMap<String, DateTime<Utc>>,
    /// When all of it was read.
    whole: DateTime<Utc>,
}

/// One pass over all calendars.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Pass {
    begun: DateTime<Utc>,
    /// The calendars that are left. The first is being read.
    left: Vec<String>,
    /// How that one is read; `None` before its first page.
    reading: Option<Reading>,
    /// How many calendars were read.
    done: u32,
}

/// How a calendar is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Reading {
    /// Since which token; everything where there is none.
    since: Option<String>,
    /// The page to read next; the first where there is none.
    page: Option<String>,
    /// What is still to come, as far as it is known.
    upcoming: BTreeMap<String, DateTime<Utc>>,
    /// What was to come, and didn't come in this complete read so far.
    unseen: Vec<String>,
}

impl Pass {
    fn next_calendar(&mut self) {
        self.left = self.left.split_off(self.left.len().min(1));
        self.reading = None;
    }
}

impl Reading {
    /// How to begin with a calendar.
    fn begin(known: Option<&Known>, now: DateTime<Utc>) -> Self {
        match known {
            Some(known) if known.token.is_some() && now - known.whole < WHOLE_AFTER => Self {
                since: known.token.clone(),
                upcoming: known.upcoming.clone(),
                ..Self::default()
            },
            known => Self::whole(known, now),
        }
    }

    /// A read of everything.
    fn whole(known: Option<&Known>, now: DateTime<Utc>) -> Self {
        let upcoming = known.into_iter().flat_map(|known| &known.upcoming);
        Self {
            unseen: upcoming
                .filter(|(_, end)| **end > now)
                .map(|(id, _)| id.clone())
                .collect(),
            ..Self::default()
        }
    }

    /// Notes what a page says of an event.
    fn note(&mut self, id: &str, ends: Option<DateTime<Utc>>) {
        if let Ok(at) = self.unseen.binary_search_by(|known| known.as_str().cmp(id)) {
            self.unseen.remove(at);
        }
        match ends {
            Some(ends) => self.upcoming.insert(id.to_owned(), ends),
            None => self.upcoming.remove(id),
        };
    }
}

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

/// One booking, by the id of its record.
pub(super) async fn one(reader: &Reader, id: &str) -> Result<Mapped> {
    let (calendar, event) = map::booking_parts(id)
        .ok_or_else(|| Error::input("external_id", "a booking's id is calendar/event"))?;
    let ask = GetEvent {
        calendar: calendar.to_owned(),
        id: event.to_owned(),
    };
    let found = reader.session.call(&ask).await?;
    Ok(found.map(map::IDS, reader.keep_raw, |event| {
        map::booking(event, calendar)
    }))
}

async fn page(reader: &Reader, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    let mut pass = match cursor.pass.take() {
        Some(pass) => pass,
        None => Pass {
            begun: reader.session.now(),
            left: sources::chosen(&reader.session, Service::Calendar).await?,
            reading: None,
            done: 0,
        },
    };
    let Some(calendar) = pass.left.first().cloned() else {
        let mut batch = Batch::new(Vec::new(), cursor, Next::Done);
        batch.notes.push(
            "There is nothing to read in Google Calendar: nothing was chosen, or nothing is there."
                .to_owned(),
        );
        return Ok(batch);
    };
    let known = cursor.calendars.get(&calendar);
    let mut reading = pass
        .reading
        .take()
        .unwrap_or_else(|| Reading::begin(known, pass.begun));
    let ask = ListEvents {
        calendar: calendar.clone(),
        sync_token: reading.since.clone(),
        page_token: reading.page.clone(),
    };
    let answer = match reader.session.call(&ask).await {
        Err(error) if error.kind() == ErrorKind::CheckpointInvalid && reading.since.is_some() => {
            pass.reading = Some(Reading::whole(known, pass.begun));
            let mut batch = batch(Vec::new(), cursor, pass);
            batch.notes.push(format!(
                "Google no longer knows what changed in {calendar}: all of it is read again."
            ));
            return Ok(batch);
        }
        Err(error) if is_of_one_source(&error) => {
            pass.next_calendar();
            if pass.left.is_empty() && pass.done == 0 {
                return Err(error);
            }
            let mut batch = batch(Vec::new(), cursor, pass);
            batch.notes.push(left_out(&calendar, &error));
            return Ok(batch);
        }
        answer => answer?,
    };
    let token = next_token(&answer, reading.page.as_deref())?;
    let mut mapped: Vec<Mapped> = Vec::with_capacity(answer.items.len());
    for entry in answer.items {
        mapped.push(of_entry(entry, &calendar, &mut reading, reader));
    }
    reading.page = token;
    if reading.page.is_some() {
        pass.reading = Some(reading);
        return Ok(batch(mapped, cursor, pass));
    }
    let unseen = std::mem::take(&mut reading.unseen).into_iter();
    mapped.extend(unseen.map(|id| Ok(Record::gone(map::booking_id(&calendar, &id)))));
    let known = cursor.calendars.remove(&calendar);
    let known = settled(known, reading, answer.next_sync_token, pass.begun);
    cursor.calendars.insert(calendar, known);
    pass.done += 1;
    pass.next_calendar();
    Ok(batch(mapped, cursor, pass))
}

/// The record of an event. Of one that can't be read it is known at least that it is there.
fn of_entry(entry: Entry<Event>, calendar: &str, reading: &mut Reading, reader: &Reader) -> Mapped {
    let id = entry.value().ok().map(|event| event.id.clone());
    let ends = entry.value().ok().and_then(ends);
    let mapped = entry.map(map::IDS, reader.keep_raw, |event| {
        map::booking(event, calendar)
    });
    match (&mapped, id) {
        (Ok(record), Some(id)) => {
            reading.note(&id, ends.filter(|_| record.change != Change::Gone));
        }
        (Err(skipped), _) => {
            if let Some(id) = &skipped.external_id {
                let id = map::booking_parts(id).map_or(id.as_str(), |(_, event)| event);
                reading.note(id, None);
            }
        }
        _ => {}
    }
    mapped
}

/// When an event ends, or its day does wherever it is.
fn ends(event: &Event) -> Option<DateTime<Utc>> {
    let (start, end) = (&event.start, &event.end);
    let day = end.date.or(start.date);
    end.date_time.or(start.date_time).or_else(|| {
        let after = day?.checked_add_days(Days::new(1))?;
        Some(after.and_time(NaiveTime::MIN).and_utc())
    })
}

/// What is known of a calendar that was read to its end.
fn settled(
    before: Option<Known>,
    reading: Reading,
    token: Option<String>,
    now: DateTime<Utc>,
) -> Known {
    let mut upcoming = reading.upcoming;
    upcoming.retain(|_, end| *end > now);
    Known {
        token: token.filter(|token| !token.is_empty()),
        upcoming,
        whole: match before {
            Some(before) if reading.since.is_some() => before.whole,
            _ => now,
        },
    }
}

/// The token of the next page. One that is the token of this page leads round in a circle.
fn next_token(answer: &EventPage, asked: Option<&str>) -> Result<Option<String>> {
    let token = answer.next_page_token.clone().filter(|it| !it.is_empty());
    if token.is_some() && token.as_deref() == asked {
        return Err(Error::contract("Google gives the same page again"));
    }
    Ok(token)
}

/// The batch with the pass in its cursor, as long as there is one.
fn batch(mapped: Vec<Mapped>, mut cursor: Cursor, pass: Pass) -> Batch<Cursor> {
    let next = if pass.left.is_empty() {
        Next::Done
    } else {
        cursor.pass = Some(pass);
        Next::More
    };
    Batch::mapped(mapped, cursor, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hour)
    }

    fn read(token: &str) -> Known {
        let mut reading = Reading::begin(None, at(10));
        reading.note("past", Some(at(9)));
        reading.note("soon", Some(at(20)));
        reading.note("later", Some(at(2_000)));
        reading.note("deleted", None);
        settled(None, reading, Some(token.to_owned()), at(10))
    }

    #[test]
    fn what_is_over_is_forgotten_and_the_next_run_goes_on_from_the_token() {
        let known = read("t");
        assert_eq!(known.upcoming.keys().collect::<Vec<_>>(), ["later", "soon"]);
        let next = Reading::begin(Some(&known), at(11));
        assert_eq!(next.since.as_deref(), Some("t"));
        assert!(next.unseen.is_empty());
        let known = settled(Some(known), next, Some("u".to_owned()), at(30));
        assert_eq!((known.whole, known.upcoming.len()), (at(10), 1));
        // Without a token, and after four weeks, everything is read.
        let far = Reading::begin(Some(&known), at(10 + 28 * 24));
        assert_eq!((far.since, far.unseen), (None, vec!["later".to_owned()]));
        assert_eq!(
            Reading::begin(Some(&read("")), at(11)).unseen,
            ["later", "soon"]
        );
    }

    #[test]
    fn what_a_complete_read_does_not_bring_is_left_over() {
        let mut reading = Reading::whole(Some(&read("t")), at(12));
        reading.note("soon", Some(at(21)));
        reading.note("new", Some(at(22)));
        assert_eq!(reading.unseen, ["later"]);
    }

    #[test]
    fn a_day_ends_after_it() {
        let event = r#"{"id":"e","start":{"date":"1970-01-01"}}"#;
        assert_eq!(ends(&serde_json::from_str(event).unwrap()), Some(at(24)));
    }
}
