//! JSON as Meta writes it: every character beyond ASCII escaped with lower-case digits, and slashes
//! escaped too. Webhooks are signed over these very bytes.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Response, StatusCode};
use serde_json::Value;

use crate::answer;

/// The media type of the Graph API's answers.
const JSON: &str = "application/json; charset=UTF-8";

/// JSON in ASCII.
pub(super) fn ascii(value: &Value) -> String {
    let mut escaped = String::new();
    // In JSON both kinds of characters occur within strings only.
    for character in value.to_string().chars() {
        match character {
            '/' => escaped.push_str("\\/"),
            character if character.is_ascii() => escaped.push(character),
            character => {
                let mut units = [0; 2];
                for unit in character.encode_utf16(&mut units) {
                    escaped.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    escaped
}

/// An answer in JSON.
pub(super) fn json(status: StatusCode, body: &Value) -> Response<Bytes> {
    let mut response = answer::with_body(status, JSON, ascii(body));
    answer::set(&mut response, "cache-control", "private, no-store");
    response
}

/// An instant as the Graph API writes it: `2026-05-19T10:42:47+0000`.
pub(super) fn time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S+0000").to_string()
}

/// Reads an instant: seconds since 1970, a date, or what [`time`] writes, with any offset.
pub(super) fn read_time(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim().trim_matches('"');
    if let Ok(seconds) = text.parse::<i64>() {
        return DateTime::from_timestamp(seconds, 0);
    }
    if let Ok(date) = text.parse::<chrono::NaiveDate>() {
        return Some(date.and_time(chrono::NaiveTime::MIN).and_utc());
    }
    DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%z")
        .or_else(|_| DateTime::parse_from_rfc3339(text))
        .ok()
        .map(|at| at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_is_escaped_to_ascii() {
        assert_eq!(
            ascii(&json!({"text": "äöå 📷 a/b"})),
            r#"{"text":"\u00e4\u00f6\u00e5 \ud83d\udcf7 a\/b"}"#
        );
    }

    #[test]
    fn times_are_read_in_every_form() {
        let at = DateTime::from_timestamp(1_793_000_000, 0).unwrap();
        assert_eq!(time(at), "2026-10-26T07:33:20+0000");
        for text in [
            "1793000000",
            "2026-10-26T07:33:20+0000",
            "2026-10-26T09:33:20+02:00",
            "2026-10-26T07:33:20Z",
        ] {
            assert_eq!(read_time(text), Some(at), "{text}");
        }
        assert_eq!(
            read_time("2026-10-26").map(time).as_deref(),
            Some("2026-10-26T00:00:00+0000")
        );
        assert_eq!(read_time("yesterday"), None);
    }
}
