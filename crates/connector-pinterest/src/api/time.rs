//! Instants as boards and pins write them: with or without a fraction, and mostly without a zone,
//! which then is UTC (recorded answers; API v5 says no more than `date-time`).

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Deserializer};

/// An instant of boards and pins; `None` for what is none.
#[must_use]
pub fn parse_time(text: &str) -> Option<DateTime<Utc>> {
    let zoned = DateTime::parse_from_rfc3339(text).map(|at| at.to_utc());
    zoned
        .or_else(|_zoneless| {
            NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").map(|at| at.and_utc())
        })
        .ok()
}

/// An instant that may be missing. One that can't be read is missing.
pub(super) fn maybe<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<Utc>>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.as_deref().and_then(parse_time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_without_a_zone_is_utc() {
        for (text, expected) in [
            ("2026-07-09T10:22:11", "2026-07-09T10:22:11Z"),
            ("2026-07-09T10:22:02.456000", "2026-07-09T10:22:02.456Z"),
            ("2026-07-09T10:22:11+02:00", "2026-07-09T08:22:11Z"),
        ] {
            let expected: DateTime<Utc> = expected.parse().unwrap();
            assert_eq!(parse_time(text), Some(expected), "{text}");
        }
        assert_eq!(parse_time("yesterday"), None);
    }
}
