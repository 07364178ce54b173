//! Versions of the Graph API: which one answers.
//!
//! A version that has ended isn't refused. The oldest living one answers in its place, and says so
//! in the header `facebook-api-version`. (Changelog of the Graph API, read 2026-11.)

use chrono::{DateTime, NaiveDate, Utc};

/// A version, and the day on which it ends.
type Version = (&'static str, Option<(i32, u32, u32)>);

/// Versions, the oldest first, with the day on which they end; the newest has none yet.
const VERSIONS: &[Version] = &[
    ("v20.0", Some((2026, 9, 24))),
    ("v21.0", Some((2027, 1, 21))),
    ("v22.0", Some((2027, 5, 20))),
    ("v23.0", Some((2027, 10, 8))),
    ("v24.0", Some((2028, 2, 18))),
    ("v25.0", Some((2028, 7, 29))),
    ("v26.0", None),
];

/// The newest version, which also answers calls that name none: the demo app's default.
pub(super) const NEWEST: &str = "v26.0";

/// The version that answers a call for `asked`; `None` for one that there never was.
pub(super) fn answering(asked: &str, now: DateTime<Utc>) -> Option<&'static str> {
    let number = major(asked)?;
    let lives = |end: &Option<(i32, u32, u32)>| {
        end.and_then(|(year, month, day)| NaiveDate::from_ymd_opt(year, month, day))
            .is_none_or(|end| now.date_naive() < end)
    };
    let mut living = VERSIONS.iter().filter(|(_, end)| lives(end));
    living
        .find(|(version, _)| major(version).is_some_and(|it| it >= number))
        .map(|(version, _)| *version)
}

/// Whether a path's first part names a version, existing or not.
pub(super) fn is_version(segment: &str) -> bool {
    major(segment).is_some()
}

/// The number before the point of `v26.0`.
fn major(text: &str) -> Option<u32> {
    let (major, minor) = text.strip_prefix('v')?.split_once('.')?;
    minor.parse::<u32>().ok()?;
    major.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ended_versions_are_answered_by_the_oldest_living_one() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let autumn = at("2026-11-20T00:00:00Z");
        for (asked, answering_one) in [
            ("v2.12", Some("v21.0")),
            ("v20.0", Some("v21.0")),
            ("v25.0", Some("v25.0")),
            ("v26.0", Some("v26.0")),
            ("v27.0", None),
            ("me", None),
        ] {
            assert_eq!(answering(asked, autumn), answering_one, "{asked}");
        }
        assert_eq!(
            answering("v20.0", at("2026-09-23T23:59:59Z")),
            Some("v20.0")
        );
        assert_eq!(
            answering("v25.0", at("2028-07-29T00:00:00Z")),
            Some("v26.0")
        );
    }
}
