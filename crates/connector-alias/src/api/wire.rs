//! Reads values in every form in which alias sends them.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::de::{Deserialize, Deserializer, Error};

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Scalar {
    Integer(i64),
    Float(f64),
    Text(String),
}

/// A 64-bit integer as a string or as a number; `None` where it is null or empty.
pub(super) fn int64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    match Option::<Scalar>::deserialize(deserializer)? {
        None => Ok(None),
        Some(Scalar::Integer(number)) => Ok(Some(number)),
        Some(Scalar::Float(_)) => Err(D::Error::custom("not a whole number")),
        Some(Scalar::Text(text)) if text.is_empty() => Ok(None),
        Some(Scalar::Text(text)) => text
            .parse()
            .map(Some)
            // The text is left out: an error holds no values.
            .map_err(|_cause| D::Error::custom("not a whole number")),
    }
}

/// A price in cents. Alias sends `"0"` where there is none, so 0 is `None`.
pub(super) fn price<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(int64(deserializer)?.filter(|cents| *cents != 0))
}

/// A size: a number, or one as a string.
pub(super) fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let size = match Option::<Scalar>::deserialize(deserializer)? {
        None => return Ok(None),
        #[expect(
            clippy::cast_precision_loss,
            reason = "sizes are small; what isn't is refused below"
        )]
        Some(Scalar::Integer(number)) => number as f64,
        Some(Scalar::Float(number)) => number,
        Some(Scalar::Text(text)) if text.is_empty() => return Ok(None),
        Some(Scalar::Text(text)) => text
            .parse()
            .map_err(|_cause| D::Error::custom("not a size"))?,
    };
    if (0.0..10_000.0).contains(&size) {
        Ok(Some(size))
    } else {
        Err(D::Error::custom("not a size"))
    }
}

/// An instant, or a day, which is its first instant; `None` where it is null, empty, or the zero
/// instant that protobuf knows.
pub(super) fn time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<Utc>>, D::Error> {
    let text = match Option::<String>::deserialize(deserializer)? {
        Some(text) if !text.is_empty() && !text.starts_with("0001-01-01") => text,
        _ => return Ok(None),
    };
    let instant = DateTime::parse_from_rfc3339(&text).map(|at| at.to_utc());
    let day = || {
        text.parse::<NaiveDate>()
            .map(|day| day.and_time(NaiveTime::MIN).and_utc())
    };
    instant
        .or_else(|_not_an_instant| day())
        .map(Some)
        .map_err(|_cause| D::Error::custom("not a time"))
}

/// A list; empty where it is null.
pub(super) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Row {
        #[serde(default, deserialize_with = "int64")]
        count: Option<i64>,
        #[serde(default, deserialize_with = "price")]
        cents: Option<i64>,
        #[serde(default, deserialize_with = "size")]
        size: Option<f64>,
        #[serde(default, deserialize_with = "time")]
        at: Option<DateTime<Utc>>,
        #[serde(default, deserialize_with = "list")]
        all: Vec<u8>,
    }

    fn read(json: &str) -> Result<Row, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn every_form_gives_the_same_value() {
        let as_text = r#"{"count":"0","cents":"2500","size":"10","at":"2025-06-21","all":[1]}"#;
        let as_number =
            r#"{"count":0,"cents":2500,"size":10.0,"at":"2025-06-21T02:00:00+02:00","all":[1]}"#;
        let row = read(as_text).unwrap();
        assert_eq!(row, read(as_number).unwrap());
        assert_eq!(
            (row.count, row.cents, row.size),
            (Some(0), Some(2500), Some(10.0))
        );
        let int = "9007199254740993";
        let exact = read(&format!(r#"{{"count":"{int}"}}"#)).unwrap().count;
        assert_eq!(exact, int.parse().ok());
    }

    #[test]
    fn what_is_not_there_is_none() {
        let absent = read("{}").unwrap();
        for empty in [
            r#"{"count":null,"cents":"0","size":null,"at":"","all":null}"#,
            r#"{"count":"","cents":0,"size":"","at":"0001-01-01T00:00:00Z","all":[]}"#,
        ] {
            assert_eq!(read(empty).unwrap(), absent);
        }
    }

    #[test]
    fn nonsense_is_refused_without_being_quoted() {
        for nonsense in [
            r#"{"count":"s3cret"}"#,
            r#"{"count":1.5}"#,
            r#"{"count":"9223372036854775808"}"#,
            r#"{"cents":true}"#,
            r#"{"size":"s3cret"}"#,
            r#"{"size":"NaN"}"#,
            r#"{"size":-1}"#,
            r#"{"at":"s3cret"}"#,
        ] {
            let error = read(nonsense).unwrap_err();
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
    }
}
