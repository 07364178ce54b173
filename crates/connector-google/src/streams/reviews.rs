//! Reviews of each location, the last changed first: a run stops at what it knows.
//!
//! A review that is deleted just isn't there any more. Google tells how many there are, and once a
//! week all of them are read, so that a person can be told that some are gone.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{Batch, Checkpoint, Error, Next, PageStream, Result};
use serde::{Deserialize, Serialize};

use super::business_profile_performance::location_of;
use super::{Reader, is_of_one_source, left_out};
use crate::api::{GetReview, ListReviews, ReviewPage};
use crate::map::{self, Mapped};
use crate::service::Service;
use crate::sources;

/// The form of [`Cursor`].
const VERSION: u16 = 1;

/// What is read again below the last change that is known.
const OVERLAP: TimeDelta = TimeDelta::hours(1);

/// After how long all reviews are read again.
const WHOLE_AFTER: TimeDelta = TimeDelta::days(7);

/// Where all locations stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    locations: BTreeMap<String, Known>,
    pass: Option<Pass>,
}

/// What is known of a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    /// The last change.
    newest: Option<DateTime<Utc>>,
    /// How many reviews Google counted.
    count: u64,
    /// When all of them were read.
    whole: DateTime<Utc>,
}

/// One pass over all locations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Pass {
    begun: DateTime<Utc>,
    /// The locations that are left. The first is being read.
    left: Vec<String>,
    /// The page to read next; the first where there is none.
    page: Option<String>,
    /// The last change of the location that is being read.
    newest: Option<DateTime<Utc>>,
    /// How many of its reviews were read.
    read: u64,
    /// How many locations were read.
    done: u32,
}

impl Pass {
    fn next_location(&mut self) {
        self.left = self.left.split_off(self.left.len().min(1));
        (self.page, self.newest, self.read) = (None, None, 0);
    }
}

impl Cursor {
    /// The change at which reading a location stops; `None` where all of it is read.
    fn floor(&self, location: &str, begun: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let known = self.locations.get(location)?;
        (begun - known.whole < WHOLE_AFTER)
            .then_some(known.newest?)
            .map(|newest| newest - OVERLAP)
    }
}

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

/// One review, by its name.
pub(super) async fn one(reader: &Reader, name: &str) -> Result<Mapped> {
    let location = match name.split_once("/reviews/") {
        Some((source, id)) if !id.contains('/') => location_of(source)?.to_owned(),
        _ => {
            return Err(Error::input(
                "external_id",
                "a review's id is accounts/1/locations/2/reviews/3",
            ));
        }
    };
    let ask = GetReview {
        name: name.to_owned(),
    };
    let found = reader.session.call(&ask).await?;
    Ok(found.map(map::IDS, reader.keep_raw, |review| {
        map::review(review, &location)
    }))
}

async fn page(reader: &Reader, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    let mut pass = match cursor.pass.take() {
        Some(pass) => pass,
        None => Pass {
            begun: reader.session.now(),
            left: sources::chosen(&reader.session, Service::BusinessProfile).await?,
            page: None,
            newest: None,
            read: 0,
            done: 0,
        },
    };
    let Some(source) = pass.left.first().cloned() else {
        let mut batch = Batch::new(Vec::new(), cursor, Next::Done);
        batch.notes.push(
            "There is nothing to read in Business Profile: nothing was chosen, or nothing is there."
                .to_owned(),
        );
        return Ok(batch);
    };
    let location = location_of(&source)?.to_owned();
    let ask = ListReviews {
        location: source.clone(),
        page_token: pass.page.clone(),
    };
    let answer = match reader.session.call(&ask).await {
        Err(error) if is_of_one_source(&error) => {
            pass.next_location();
            if pass.left.is_empty() && pass.done == 0 {
                return Err(error);
            }
            let mut batch = batch(Batch::new(Vec::new(), cursor, Next::Done), pass);
            batch.notes.push(left_out(&source, &error));
            return Ok(batch);
        }
        answer => answer?,
    };
    let floor = cursor.floor(&source, pass.begun);
    let token = next_token(&answer, pass.page.as_deref())?;
    let reached = note_changes(&mut pass, &answer, floor);
    let total = answer.total_review_count;
    let mapped: Vec<_> = answer
        .reviews
        .into_iter()
        .flat_map(|entry| {
            entry.map_many(map::IDS, reader.keep_raw, |review| {
                [map::review(review, &location)]
            })
        })
        .collect();
    let mut notes = Vec::new();
    pass.page = token.filter(|_| !reached);
    if pass.page.is_none() {
        notes.extend(cursor.note(&source, &pass, total, floor.is_none()));
        pass.done += 1;
        pass.next_location();
    }
    let mut batch = batch(Batch::mapped(mapped, cursor, Next::Done), pass);
    batch.notes = notes;
    Ok(batch)
}

/// The token of the next page. One that is the token of this page leads round in a circle.
fn next_token(answer: &ReviewPage, asked: Option<&str>) -> Result<Option<String>> {
    let token = answer.next_page_token.clone().filter(|it| !it.is_empty());
    if token.is_some() && token.as_deref() == asked {
        return Err(Error::contract("Google gives the same page again"));
    }
    Ok(token)
}

/// Notes what a page has, and says whether it goes back to what is known.
fn note_changes(pass: &mut Pass, answer: &ReviewPage, floor: Option<DateTime<Utc>>) -> bool {
    let mut reached = false;
    for entry in &answer.reviews {
        pass.read += 1;
        let changed = entry.value().ok().and_then(|review| review.update_time);
        pass.newest = pass.newest.max(changed);
        reached |= matches!((changed, floor), (Some(changed), Some(floor)) if changed < floor);
    }
    reached
}

impl Cursor {
    /// Notes that a location is read, and tells what is missing of it.
    fn note(&mut self, source: &str, pass: &Pass, total: u64, whole: bool) -> Option<String> {
        let before = self.locations.get(source).copied();
        let lacking = whole && pass.read < total;
        let gone = before.map_or(0, |before| before.count.saturating_sub(total));
        let known = Known {
            newest: pass.newest.max(before.and_then(|before| before.newest)),
            count: total,
            // What lacked something isn't whole, and is read again by the next run.
            whole: match before {
                Some(before) if !whole => before.whole,
                _ if lacking => pass.begun - WHOLE_AFTER,
                _ => pass.begun,
            },
        };
        self.locations.insert(source.to_owned(), known);
        if lacking {
            return Some(format!(
                "Google counts {total} reviews of {source} and lists {}.",
                pass.read
            ));
        }
        (gone > 0).then(|| format!("Google counts {gone} reviews of {source} fewer than before."))
    }
}

/// The batch with the pass in its cursor, as long as there is one.
fn batch(mut batch: Batch<Cursor>, pass: Pass) -> Batch<Cursor> {
    if !pass.left.is_empty() {
        batch.cursor.pass = Some(pass);
        batch.next = Next::More;
    }
    batch
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hour)
    }

    fn pass(begun: DateTime<Utc>) -> Pass {
        Pass {
            begun,
            left: vec!["accounts/1/locations/2".to_owned()],
            page: None,
            newest: None,
            read: 0,
            done: 0,
        }
    }

    fn answer(changed: &[DateTime<Utc>], total: u64) -> ReviewPage {
        let reviews: Vec<_> = changed
            .iter()
            .map(|at| json!({"name": "accounts/1/locations/2/reviews/x", "updateTime": at}))
            .collect();
        serde_json::from_value(json!({"reviews": reviews, "totalReviewCount": total})).unwrap()
    }

    #[test]
    fn a_run_stops_at_what_is_known_and_reads_everything_once_a_week() {
        let source = "accounts/1/locations/2";
        let mut cursor = Cursor::default();
        let mut first = pass(at(100));
        assert!(!note_changes(
            &mut first,
            &answer(&[at(90), at(50)], 2),
            None
        ));
        assert_eq!(cursor.note(source, &first, 2, true), None);
        let floor = cursor.floor(source, at(124));
        assert_eq!(floor, Some(at(90) - OVERLAP));
        let mut second = pass(at(124));
        assert!(note_changes(
            &mut second,
            &answer(&[at(120), at(90), at(50)], 3),
            floor
        ));
        assert_eq!(cursor.note(source, &second, 3, false), None);
        assert_eq!(cursor.locations[source].newest, Some(at(120)));
        assert_eq!(cursor.locations[source].whole, at(100));
        assert_eq!(cursor.floor(source, at(100 + 7 * 24)), None);
    }

    #[test]
    fn what_is_missing_is_told() {
        let source = "accounts/1/locations/2";
        let mut cursor = Cursor::default();
        let mut first = pass(at(100));
        note_changes(&mut first, &answer(&[at(90)], 5), None);
        let note = cursor.note(source, &first, 5, true).unwrap();
        assert!(
            note.contains("counts 5") && note.contains("lists 1"),
            "{note}"
        );
        // Then it is read whole again.
        assert_eq!(cursor.floor(source, at(101)), None);
        let mut second = pass(at(101));
        note_changes(&mut second, &answer(&[at(90)], 1), None);
        let note = cursor.note(source, &second, 1, true).unwrap();
        assert!(note.contains("4 reviews"), "{note}");
    }

    #[test]
    fn a_page_that_leads_to_itself_is_told() {
        let page = ReviewPage {
            next_page_token: Some("again".to_owned()),
            ..ReviewPage::default()
        };
        assert!(next_token(&page, Some("again")).is_err());
        assert_eq!(next_token(&page, None).unwrap().as_deref(), Some("again"));
    }
}
