//! Numbers for days: each follows from the seed, from what is counted and from the day, so that
//! there is a number for every day up to today, however far the clock is moved.

use chrono::NaiveDate;

use crate::random::Random;

/// A count for a thing on a day, from half to one and a half times `typical`.
pub(super) fn count(seed: u64, day: NaiveDate, parts: &[&str], typical: u64) -> u64 {
    let name = day.to_string();
    let mut keys = vec!["pinterest", name.as_str()];
    keys.extend_from_slice(parts);
    typical * Random::for_thing(seed, &keys).between(500, 1_500) / 1_000
}

/// How many days ago a day was; less than zero for one to come.
pub(super) fn age(day: NaiveDate, today: NaiveDate) -> i64 {
    (today - day).num_days()
}

/// How many thousandths of a day's spend and impressions are known: they settle in three days.
pub(super) fn settled(age: i64) -> u64 {
    match age {
        ..0 => 0,
        0 => 500,
        1 => 930,
        2 => 985,
        _ => 1_000,
    }
}

/// How many thousandths of a day's conversions are known: they are credited to the day of the
/// click, and come in for thirty days.
pub(super) fn converted(age: i64) -> u64 {
    match age {
        ..0 => 0,
        age @ 0..30 => 400 + u64::try_from(age).unwrap_or(0) * 20,
        _ => 1_000,
    }
}

/// A count as the API writes it, with a fraction: recorded answers have `584.0`.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub(super) fn float(count: u64) -> f64 {
    count as f64
}

/// A share; 0 of nothing.
pub(super) fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        float(part) / float(whole)
    }
}
