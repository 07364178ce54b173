//! What several interfaces share in reading a request: numbers, dates, JSON bodies, and pages whose
//! tokens belong to one list.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::platform::Call;

use super::refusal::{Outcome, Refusal};

/// The time zone in which Google counts quota days and Search Console its data.
pub(super) const PACIFIC: Tz = Tz::America__Los_Angeles;

/// The date that it is somewhere.
pub(super) fn today(zone: Tz, now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&zone).date_naive()
}

/// A body that must be a JSON object; none at all is an empty one.
pub(super) fn body(call: &Call<'_>) -> Outcome<Map<String, Value>> {
    if call.body.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(call.body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Refusal::invalid(
            "Invalid JSON payload received. The root must be an object.",
        )),
        Err(error) => Err(Refusal::invalid(format!(
            "Invalid JSON payload received. Parse error at line {}.",
            error.line()
        ))),
    }
}

/// A field that is a whole number, written as a number or, as int64 is, as a text.
pub(super) fn number(fields: &Map<String, Value>, name: &str) -> Outcome<Option<i64>> {
    let read = match fields.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.parse().ok(),
        Some(value) => value.as_i64(),
    };
    let number = read.ok_or_else(|| Refusal::invalid(format!("Invalid value at '{name}'")))?;
    Ok(Some(number))
}

/// A query parameter that is a whole number.
pub(super) fn query_number(call: &Call<'_>, name: &str) -> Outcome<Option<i64>> {
    let Some(text) = call.query(name).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    text.parse().ok().map(Some).ok_or_else(|| {
        Refusal::parameter(
            "invalidParameter",
            name,
            format!("Invalid value '{text}'. Values must be whole numbers"),
        )
    })
}

/// How many entries a page may have: what was asked for, up to the most that there may be. Zero
/// means the default, as an absent number does; below zero is refused.
pub(super) fn page_size(asked: Option<i64>, default: usize, most: usize) -> Outcome<usize> {
    match asked {
        None | Some(0) => Ok(default),
        Some(asked) => usize::try_from(asked)
            .ok()
            .map(|asked| asked.min(most))
            .ok_or_else(|| Refusal::invalid("The page size must not be negative.")),
    }
}

/// A token that only the sandbox can read: what it stands for, in JSON, in URL-safe base64.
pub(super) fn seal<T: Serialize>(content: &T) -> String {
    // Numbers and texts always serialise.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(content).unwrap_or_default())
}

/// What a token stands for.
pub(super) fn unseal<T: DeserializeOwned>(token: &str) -> Option<T> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// One page of a list, and the token of the next.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next: Option<String>,
}

/// Cuts one page out of a list. `list` names the list and every parameter that changes what is in
/// it: a token of another list is refused.
pub(super) fn page<T>(
    list: &str,
    items: impl IntoIterator<Item = T>,
    token: Option<&str>,
    size: usize,
) -> Outcome<Page<T>> {
    let start = match token.filter(|token| !token.is_empty()) {
        None => 0,
        Some(token) => unseal::<(String, usize)>(token)
            .filter(|(of, _)| of == list)
            .map(|(_, start)| start)
            .ok_or_else(|| {
                Refusal::parameter(
                    "invalidPageToken",
                    "pageToken",
                    "The page token is invalid, or belongs to another request.",
                )
            })?,
    };
    let mut rest = items.into_iter().skip(start);
    let items: Vec<T> = rest.by_ref().take(size).collect();
    let next = rest
        .next()
        .is_some()
        .then(|| seal(&(list, start + items.len())));
    Ok(Page { items, next })
}

/// A calendar date as `YYYY-MM-DD`.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    (text.len() == 10)
        .then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
        .flatten()
}

/// A text field of a JSON object.
pub(super) fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    fields.get(name).and_then(Value::as_str)
}

/// Puts a field in where there is something to put.
pub(super) fn put(object: &mut Value, name: &str, value: Option<impl Into<Value>>) {
    if let (Value::Object(fields), Some(value)) = (object, value) {
        fields.insert(name.to_owned(), value.into());
    }
}
