//! From a model's JSON to the cells of its columns.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};

use super::{Field, Kind};
use crate::error::{Result, StoreError};
use crate::rows::Cell;

/// Takes each field out of an object and adds its cells.
///
/// # Errors
/// [`StoreError::PageInvalid`] when a field is not of its kind, or has no column: the model is newer
/// than the table.
pub(crate) fn row_cells(
    object: &mut Map<String, Value>,
    fields: &[Field],
    cells: &mut Vec<Cell>,
) -> Result<()> {
    // Taken out by replacing, not by removing, which would balance the map anew for each field.
    let mut known = 0;
    for (name, kind) in fields {
        let value = match object.get_mut(*name) {
            Some(value) => {
                known += 1;
                value.take()
            }
            None => Value::Null,
        };
        match (kind, value) {
            (Kind::Money, value) => push_money(value, cells)?,
            (_, Value::Null) => cells.push(Cell::Null),
            (Kind::Text | Kind::Date, Value::String(text)) => {
                cells.push(Cell::Text(storable(text)));
            }
            (Kind::Int, Value::Number(number)) => cells.push(integer(&number)?),
            (Kind::Bool, Value::Bool(yes)) => cells.push(Cell::Bool(yes)),
            (Kind::Time, Value::String(text)) => cells.push(Cell::Text(instant_text(text))),
            (Kind::Json, value) => cells.push(Cell::Text(json_text(value))),
            (Kind::Raw, value) => cells.push(Cell::Text(value.to_string())),
            _ => {
                return Err(StoreError::PageInvalid(
                    "a field is not of its column's kind",
                ));
            }
        }
    }
    if known == object.len() {
        Ok(())
    } else {
        Err(StoreError::PageInvalid(
            "a record has a field that this version of the store has no column for",
        ))
    }
}

fn push_money(money: Value, cells: &mut Vec<Cell>) -> Result<()> {
    let Value::Object(mut money) = money else {
        cells.extend([Cell::Null, Cell::Null]);
        return Ok(());
    };
    match (money.remove("minor"), money.remove("currency")) {
        (Some(Value::Number(minor)), Some(Value::String(currency))) => {
            cells.extend([integer(&minor)?, Cell::Text(currency)]);
            Ok(())
        }
        _ => Err(StoreError::PageInvalid("an amount has no currency")),
    }
}

fn integer(number: &serde_json::Number) -> Result<Cell> {
    number
        .as_i64()
        .map(Cell::Int)
        .ok_or(StoreError::PageInvalid("a number doesn't fit in 64 bits"))
}

/// Text without NUL, which PostgreSQL can't hold: a sign for "not to be shown" stands in for it.
pub(crate) fn storable(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    }
}

fn json_text(mut value: Value) -> String {
    let text = value.to_string();
    if text.contains("\\u0000") {
        without_nul(&mut value);
        return value.to_string();
    }
    text
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
fn instant_text(mut text: String) -> String {
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
    fn nul_never_reaches_the_database() {
        let mut object = Map::new();
        object.insert("a".to_owned(), "x\0y".into());
        object.insert("b".to_owned(), serde_json::json!([{"k\0": "v\0"}]));
        let mut cells = Vec::new();
        row_cells(
            &mut object,
            &[("a", Kind::Text), ("b", Kind::Json)],
            &mut cells,
        )
        .unwrap();
        let text = format!("{cells:?}");
        assert!(
            !text.contains('\0') && !text.contains("u0000") && !text.contains("\\0"),
            "{text}"
        );
    }
}
