//! Page tokens: opaque, bound to the search that they continue, and with a life of their own.
//!
//! A token names the entry that a page ended with, not a number of entries to skip, so that an entry
//! that comes or goes between two pages moves no other.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::refusal::{Outcome, Refusal};

/// What a token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Place {
    /// The operation.
    #[serde(rename = "o")]
    operation: String,
    /// The fingerprint of the search.
    #[serde(rename = "q")]
    query: u64,
    /// The key of the entry next to which the page begins.
    #[serde(rename = "k")]
    key: String,
    /// Whether the page lies before that entry.
    #[serde(rename = "b", default)]
    before: bool,
    /// When the search began: later pages of it look at the same time.
    #[serde(rename = "s", with = "chrono::serde::ts_seconds")]
    pub(super) since: DateTime<Utc>,
    /// When the token was made.
    #[serde(rename = "t", with = "chrono::serde::ts_seconds")]
    made: DateTime<Utc>,
    /// What the operation wants to know again: the parameters of a search that is continued by its
    /// token alone.
    #[serde(rename = "m", default, skip_serializing_if = "String::is_empty")]
    pub(super) memory: String,
}

/// One search.
#[derive(Debug)]
pub(super) struct Search {
    pub(super) operation: &'static str,
    pub(super) query: u64,
    pub(super) now: DateTime<Utc>,
    /// How long a token is good for.
    pub(super) life: TimeDelta,
    /// The words with which a token is refused.
    pub(super) refusal: &'static str,
    /// Whether entries are ordered from the greatest key to the least.
    pub(super) descending: bool,
    /// What tokens are to remember.
    pub(super) memory: String,
}

/// One page.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next: Option<String>,
    pub(super) previous: Option<String>,
}

/// Reads a token that one operation made, whatever search it belongs to.
pub(super) fn read(token: &str, operation: &str) -> Option<Place> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let place: Place = serde_json::from_slice(&bytes).ok()?;
    (place.operation == operation).then_some(place)
}

impl Search {
    /// A search whose tokens are good for a day.
    pub(super) fn new(operation: &'static str, query: u64, now: DateTime<Utc>) -> Self {
        Self {
            operation,
            query,
            now,
            life: TimeDelta::hours(24),
            refusal: "The page token is invalid, has expired, or belongs to other parameters.",
            descending: false,
            memory: String::new(),
        }
    }

    /// Where a token leads.
    pub(super) fn open(&self, token: Option<&str>) -> Outcome<Option<Place>> {
        let Some(token) = token else { return Ok(None) };
        read(token, self.operation)
            .filter(|place| place.query == self.query && self.now - self.life < place.made)
            .map(Some)
            .ok_or_else(|| Refusal::input(self.refusal))
    }

    /// The page at a place. Keys must be distinct; entries need no order.
    pub(super) fn page<T>(
        &self,
        mut entries: Vec<(String, T)>,
        place: Option<&Place>,
        limit: usize,
    ) -> Page<T> {
        entries.sort_by(|one, other| self.compare(&one.0, &other.0));
        let total = entries.len();
        let (start, end) = match place {
            None => (0, limit),
            Some(place) if place.before => {
                let end = entries.partition_point(|(key, _)| self.compare(key, &place.key).is_lt());
                (end.saturating_sub(limit), end)
            }
            Some(place) => {
                let start =
                    entries.partition_point(|(key, _)| self.compare(key, &place.key).is_le());
                (start, start.saturating_add(limit))
            }
        };
        let since = place.map_or(self.now, |place| place.since);
        let shown: Vec<(String, T)> = entries.into_iter().take(end).skip(start).collect();
        let token = |entry: Option<&(String, T)>, before| {
            entry.map(|(key, _)| self.token(key, before, since))
        };
        let next = (start + shown.len() < total)
            .then(|| token(shown.last(), false))
            .flatten();
        let previous = (start > 0).then(|| token(shown.first(), true)).flatten();
        Page {
            items: shown.into_iter().map(|(_, item)| item).collect(),
            next,
            previous,
        }
    }

    /// A token that leads to the same place again.
    pub(super) fn again(&self, place: &Place) -> String {
        self.token(&place.key, place.before, place.since)
    }

    fn compare(&self, one: &str, other: &str) -> std::cmp::Ordering {
        if self.descending {
            other.cmp(one)
        } else {
            one.cmp(other)
        }
    }

    fn token(&self, key: &str, before: bool, since: DateTime<Utc>) -> String {
        let place = Place {
            operation: self.operation.to_owned(),
            query: self.query,
            key: key.to_owned(),
            before,
            since,
            made: self.now,
            memory: self.memory.clone(),
        };
        // A struct of texts and numbers always serialises; an empty token would only be refused.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&place).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search() -> Search {
        Search::new("test", 1, DateTime::UNIX_EPOCH)
    }

    fn entries(keys: &[&str]) -> Vec<(String, String)> {
        keys.iter()
            .map(|key| ((*key).to_owned(), (*key).to_owned()))
            .collect()
    }

    #[test]
    fn pages_go_on_and_back() {
        for descending in [false, true] {
            let mut search = search();
            search.descending = descending;
            let all = ["a", "b", "c", "d", "e"];
            let mut expected: Vec<&str> = all.to_vec();
            if descending {
                expected.reverse();
            }
            let first = search.page(entries(&all), None, 2);
            assert_eq!(first.items, expected[..2]);
            assert!(first.previous.is_none());
            let place = search.open(first.next.as_deref()).unwrap();
            let second = search.page(entries(&all), place.as_ref(), 2);
            assert_eq!(second.items, expected[2..4]);
            let place = search.open(second.next.as_deref()).unwrap();
            let third = search.page(entries(&all), place.as_ref(), 2);
            assert_eq!(third.items, expected[4..]);
            assert!(third.next.is_none());
            let place = search.open(second.previous.as_deref()).unwrap();
            assert_eq!(
                search.page(entries(&all), place.as_ref(), 2).items,
                expected[..2]
            );
        }
    }

    #[test]
    fn a_token_is_good_for_its_search_and_its_life() {
        let mut search = search();
        let token = search.page(entries(&["a", "b"]), None, 1).next;
        assert!(search.open(token.as_deref()).is_ok());
        search.query = 2;
        assert!(search.open(token.as_deref()).is_err());
        search.query = 1;
        search.now += search.life;
        assert!(search.open(token.as_deref()).is_err());
        assert!(search.open(Some("nonsense")).is_err());
        // A token that somebody made up must not break anything, whatever it says of time.
        for made in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            let place = Place {
                operation: "test".to_owned(),
                query: 1,
                key: "a".to_owned(),
                before: true,
                since: made,
                made,
                memory: String::new(),
            };
            let token = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&place).unwrap());
            assert_eq!(
                search.open(Some(&token)).is_ok(),
                made == DateTime::<Utc>::MAX_UTC
            );
        }
    }
}
