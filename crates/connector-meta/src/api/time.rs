//! Times as the Graph API writes them: `2026-05-19T10:42:47+0000`, whose offset has no colon.

use chrono::{DateTime, Utc};
use serde::de::{Deserialize as _, Deserializer, Error as _};

/// Reads a time in the form of the Graph API, or in that of RFC 3339.
#[must_use]
pub fn parse_time(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%z")
        .or_else(|_other_form| DateTime::parse_from_rfc3339(text))
        .ok()
        .map(|at| at.to_utc())
}

/// For fields that may be absent, null or empty. A text that is no time can't be read.
pub(crate) fn maybe<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<Utc>>, D::Error> {
    let text = Option::<std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
    text.filter(|text| !text.is_empty())
        .map(|text| parse_time(&text).ok_or_else(|| D::Error::custom("this is no time")))
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_and_nothing_else() {
        let at: DateTime<Utc> = "2026-05-19T08:42:47Z".parse().unwrap();
        for text in [
            "2026-05-19T10:42:47+0200",
            "2026-05-19T08:42:47+0000",
            "2026-05-19T08:42:47Z",
            "2026-05-19T10:42:47+02:00",
        ] {
            assert_eq!(parse_time(text), Some(at), "{text}");
        }
        for text in ["", "2026-05-19", "1779180167", "soon"] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }
}
