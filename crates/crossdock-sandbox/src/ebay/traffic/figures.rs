//! What happened to a listing on a day.

use std::iter::Sum;
use std::ops::Add;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

use crate::random::Random;

use super::days;

/// Counts of one listing and day, or sums of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Figures {
    /// Seen in search results.
    pub(super) seen_in_search: u64,
    /// Seen in the seller's store.
    pub(super) seen_in_store: u64,
    /// Opened from search results.
    pub(super) opened_from_search: u64,
    pub(super) opened_from_store: u64,
    pub(super) opened_directly: u64,
    pub(super) opened_from_elsewhere_on_ebay: u64,
    pub(super) opened_from_outside: u64,
    /// Bought.
    pub(super) transactions: u64,
}

impl Figures {
    /// The figures as they are known at a time.
    pub(super) fn of(seed: u64, listing: &str, day: NaiveDate, now: DateTime<Utc>) -> Self {
        let days_since = days::local(now).num_days_from_ce() - day.num_days_from_ce();
        // Of yesterday little more than half is counted, of the day before nearly all.
        let counted = match days_since {
            ..=0 => 0,
            1 => 60,
            2 => 95,
            _ => 100,
        };
        let mut random = Random::for_thing(seed, &["ebay", "traffic", listing, &day.to_string()]);
        let mut up_to = |most| random.between(0, most) * counted / 100;
        let seen_in_search = up_to(400);
        let seen_in_store = up_to(60);
        let opened_from_search = up_to(24).min(seen_in_search);
        Self {
            seen_in_search,
            seen_in_store,
            opened_from_search,
            opened_from_store: up_to(6).min(seen_in_store),
            opened_directly: up_to(5),
            opened_from_elsewhere_on_ebay: up_to(7),
            opened_from_outside: up_to(3),
            transactions: u64::from(up_to(20) > 17),
        }
    }

    /// Seen anywhere.
    pub(super) fn seen(&self) -> u64 {
        self.seen_in_search + self.seen_in_store
    }

    /// Opened from anywhere.
    pub(super) fn opened(&self) -> u64 {
        self.opened_from_search
            + self.opened_from_store
            + self.opened_directly
            + self.opened_from_elsewhere_on_ebay
            + self.opened_from_outside
    }
}

impl Add for Figures {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            seen_in_search: self.seen_in_search + other.seen_in_search,
            seen_in_store: self.seen_in_store + other.seen_in_store,
            opened_from_search: self.opened_from_search + other.opened_from_search,
            opened_from_store: self.opened_from_store + other.opened_from_store,
            opened_directly: self.opened_directly + other.opened_directly,
            opened_from_elsewhere_on_ebay: self.opened_from_elsewhere_on_ebay
                + other.opened_from_elsewhere_on_ebay,
            opened_from_outside: self.opened_from_outside + other.opened_from_outside,
            transactions: self.transactions + other.transactions,
        }
    }
}

impl Sum for Figures {
    fn sum<I: Iterator<Item = Self>>(figures: I) -> Self {
        figures.fold(Self::default(), Self::add)
    }
}
