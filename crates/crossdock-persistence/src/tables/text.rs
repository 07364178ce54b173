//! Texts as both databases hold them: without NUL, instants so that they sort.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::Value;

/// Text without NUL, which PostgreSQL can't hold: a sign for "not to be shown" stands in for it.
pub(crate) fn storable(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    }
}

/// JSON without NUL.
pub(super) fn json_text(value: &(impl Serialize + ?Sized)) -> serde_json::Result<String> {
    let text = serde_json::to_string(value)?;
    if !text.contains("\\u0000") {
        return Ok(text);
    }
    let mut value = serde_json::from_str(&text)?;
    without_nul(&mut value);
    serde_json::to_string(&value)
}

fn without_nul(value: &mut Value) {
    match value {
        Value::String(text) => *text = storable(std::mem::take(text)),
        Value::Array(items) => items.iter_mut().for_each(without_nul),
        Value::Object(fields) => {
            *fields = std::mem::take(fields)
                .into_iter()
                .map(|(name, mut value)| {
                    without_nul(&mut value);
                    (storable(name), value)
                })
                .collect();
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// An instant as text that sorts: `2026-11-21T10:00:00.5+00:00`, down to the microsecond.
///
/// With `Z` at the end it would not: `…00.5Z` sorts before `…00Z`.
pub(crate) fn instant(instant: DateTime<Utc>) -> String {
    instant_text(instant.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

/// The same, from how chrono serialises an instant.
pub(super) fn instant_text(mut text: String) -> String {
    /// `2026-11-21T10:00:00.123456`; years beyond 9999 are longer by their sign and digits.
    const MICROSECONDS: usize = 6;

    if text.pop() != Some('Z') {
        // Not what chrono writes for UTC: left as it is for the database to judge.
        return text;
    }
    if let Some(point) = text.find('.') {
        text.truncate(text.len().min(point + 1 + MICROSECONDS));
    }
    text.push_str("+00:00");
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn instants_sort_as_text(a in 0_i64..4_000_000_000_000_000, b in 0_i64..4_000_000_000_000_000) {
            let [a, b] = [a, b].map(|micros| DateTime::from_timestamp_micros(micros).unwrap());
            prop_assert_eq!(a.cmp(&b), instant(a).cmp(&instant(b)));
            prop_assert_eq!(DateTime::parse_from_rfc3339(&instant(a)).unwrap(), a);
        }
    }

    #[test]
    fn instants_within_one_second_sort_too() {
        let texts = [
            "10:00:00Z",
            "10:00:00.000001Z",
            "10:00:00.5Z",
            "10:00:00.500001999Z",
        ]
        .map(|time| instant(format!("2026-11-21T{time}").parse().unwrap()));
        assert!(texts.is_sorted(), "{texts:?}");
        assert!(texts[3].ends_with(".500001+00:00"), "{}", texts[3]);
    }

    #[test]
    fn nul_is_in_no_json() {
        let json = serde_json::json!([{"k\0": "v\0"}, "\\u0000"]);
        let shown = serde_json::json!([{"k\u{fffd}": "v\u{fffd}"}, "\\u0000"]);
        assert_eq!(json_text(&json).unwrap(), shown.to_string());
    }
}
