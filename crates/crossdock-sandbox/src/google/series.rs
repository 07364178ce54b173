//! Numbers for days: each follows from the seed, from what is counted and from the day, so that
//! there is a number for every day up to today, however far the clock is moved, and the same one
//! for everybody who asks at the same time.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;

use crate::random::Random;

/// A number for a thing on a day, from 0 to about twice `typical`: weekends are stronger (it is a
/// boutique), and summer is weaker than December.
pub(super) fn level(seed: u64, day: NaiveDate, parts: &[&str], typical: u64) -> u64 {
    let name = day.to_string();
    let mut keys = vec![name.as_str()];
    keys.extend_from_slice(parts);
    let drawn = Random::for_thing(seed, &keys).between(0, 1_000);
    let weekday = match day.weekday() {
        Weekday::Sat | Weekday::Sun => 140,
        Weekday::Fri => 110,
        _ => 85,
    };
    let season = match day.month() {
        12 => 150,
        6..=8 => 80,
        _ => 100,
    };
    typical * drawn * 2 * weekday * season / 10_000_000
}

/// A number from 0 to 1,000 for a thing on a day.
pub(super) fn permille(seed: u64, day: NaiveDate, parts: &[&str]) -> u64 {
    let name = day.to_string();
    let mut keys = vec![name.as_str(), "share"];
    keys.extend_from_slice(parts);
    Random::for_thing(seed, &keys).between(0, 1_000)
}

/// How many thousandths of a day's final numbers are known: half of the day itself, and the days after
/// it correct what was counted late. (Google's grow by the hour; here a sync that is repeated on one
/// day finds nothing new.)
pub(super) fn settled(day: NaiveDate, zone: Tz, now: DateTime<Utc>) -> u64 {
    let local = now.with_timezone(&zone).naive_local();
    match (local.date() - day).num_days() {
        ..0 => 0,
        0 => 500,
        1 => 880,
        2 => 960,
        3 => 990,
        _ => 1_000,
    }
}

/// How many thousandths of a day's conversions are known: they are credited to the day of the
/// click and come in for thirty days.
pub(super) fn converted(day: NaiveDate, zone: Tz, now: DateTime<Utc>) -> u64 {
    let today = now.with_timezone(&zone).date_naive();
    match (today - day).num_days() {
        ..0 => 0,
        days @ 0..30 => 400 + u64::try_from(days).unwrap_or(0) * 20,
        _ => 1_000,
    }
}

/// The days from one to another, both included.
pub(super) fn days(first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    first.iter_days().take_while(move |day| *day <= last)
}

/// A count as a fraction's part: counts here stay far below what a `f64` holds exactly.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub(super) fn float(count: u64) -> f64 {
    count as f64
}

/// A share of two counts; 0 of nothing.
pub(super) fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        float(part) / float(whole)
    }
}
