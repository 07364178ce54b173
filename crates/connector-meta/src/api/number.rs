//! Numbers that the Marketing API writes as texts: `"12.34"`. Some clients' copies have them as numbers.

use serde::de::{Deserialize as _, Deserializer, Error as _};
use serde_json::Value;

/// A number that is written as one or as a text; `None` for anything else, and what is not finite.
#[must_use]
pub fn read_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
    .filter(|number| number.is_finite())
}

/// For fields that may be absent, null or empty. A text that is no number can't be read.
pub(crate) fn maybe<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(text) if text.is_empty() => Ok(None),
        value => read_number(&value)
            .map(Some)
            .ok_or_else(|| D::Error::custom("this is no number")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_and_numbers_are_numbers_and_nothing_else_is() {
        assert_eq!(read_number(&json!("12.34")), Some(12.34));
        assert_eq!(read_number(&json!(3)), Some(3.0));
        for odd in [
            json!("NaN"),
            json!("1,5"),
            json!(null),
            json!([1]),
            json!(""),
        ] {
            assert_eq!(read_number(&odd), None, "{odd}");
        }
    }
}
