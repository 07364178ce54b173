//! The canonical hash that a change is judged by.
//!
//! Two records hash alike when they mean the same: the order of an object's fields doesn't count,
//! nor does the form of a number (`1`, `1.0`, `1e0`), nor a field that is null as against one that
//! is absent, so that a version which knows one more field announces no change where there is none.

use connector_core::ModelKind;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// SHA-256 of the canonical form.
pub(crate) type Hash = [u8; 32];

/// Counts up when the canonical form changes: all records are changes once, then.
const VERSION: u8 = 1;

/// Makes hashes, keeping its buffer between them.
#[derive(Debug, Default)]
pub(crate) struct Hasher {
    buffer: Vec<u8>,
}

impl Hasher {
    /// The hash of a record: its model's content, and its raw JSON where that is kept.
    pub(crate) fn record(&mut self, kind: ModelKind, value: &Value, raw: Option<&Value>) -> Hash {
        self.buffer.clear();
        self.buffer.push(VERSION);
        write_string(crate::tables::word(kind), &mut self.buffer);
        write(value, &mut self.buffer);
        if let Some(raw) = raw {
            self.buffer.push(b'+');
            write(raw, &mut self.buffer);
        }
        Sha256::digest(&self.buffer).into()
    }
}

/// Lengths come first, so that no two values have the same form.
fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(b'n'),
        Value::Bool(true) => out.push(b't'),
        Value::Bool(false) => out.push(b'f'),
        Value::Number(number) => write_number(number, out),
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            out.push(b'[');
            for item in items {
                write(item, out);
            }
            out.push(b']');
        }
        Value::Object(fields) => {
            out.push(b'{');
            // serde_json's map is sorted unless a crate of the build asks for insertion order.
            if fields.keys().is_sorted() {
                fields.iter().for_each(|field| write_field(field, out));
            } else {
                let mut sorted: Vec<_> = fields.iter().collect();
                sorted.sort_unstable_by_key(|(name, _)| *name);
                sorted.into_iter().for_each(|field| write_field(field, out));
            }
            out.push(b'}');
        }
    }
}

fn write_field((name, value): (&String, &Value), out: &mut Vec<u8>) {
    if !value.is_null() {
        write_string(name, out);
        write(value, out);
    }
}

fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(&text.len().to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

/// Whole numbers as integers, others by their bits. Numbers are told apart as far as 64 bits do.
fn write_number(number: &serde_json::Number, out: &mut Vec<u8>) {
    let whole = number
        .as_i64()
        .map(i128::from)
        .or_else(|| number.as_u64().map(i128::from))
        .or_else(|| number.as_f64().and_then(whole));
    match whole {
        Some(whole) => {
            out.push(b'i');
            out.extend_from_slice(&whole.to_le_bytes());
        }
        None => {
            out.push(b'd');
            let bits = number.as_f64().unwrap_or(f64::NAN).to_bits();
            out.extend_from_slice(&bits.to_le_bytes());
        }
    }
}

/// A whole number that 128 bits hold.
fn whole(number: f64) -> Option<i128> {
    const LIMIT: f64 = 1e38;
    (number.fract() == 0.0 && number.abs() < LIMIT).then(|| {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is whole, and within the limit"
        )]
        let whole = number as i128;
        whole
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, json};

    use super::*;

    fn hash(value: &Value) -> Hash {
        Hasher::default().record(ModelKind::Native, value, None)
    }

    fn parsed(json: &str) -> Hash {
        hash(&serde_json::from_str(json).unwrap())
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<i32>().prop_map(|number| Value::from(f64::from(number) / 64.0)),
            "[a-c\"{}\\[\\]]{0,4}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map("[a-d]{1,2}", inner, 0..5)
                    .prop_map(|map| Value::from(Map::from_iter(map))),
            ]
        })
    }

    /// JSON text of the same meaning: fields backwards, whole numbers as floats.
    fn otherwise(value: &Value) -> String {
        match value {
            Value::Object(fields) => {
                let mut fields: Vec<String> = fields
                    .iter()
                    .rev()
                    .map(|(name, value)| {
                        format!("{} : {}", Value::from(name.as_str()), otherwise(value))
                    })
                    .collect();
                fields.push("\"absent\": null".to_owned());
                format!("{{{}}}", fields.join(","))
            }
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(otherwise).collect();
                format!("[{}]", items.join(" , "))
            }
            Value::Number(number) => match number.as_i64() {
                Some(small) if small.unsigned_abs() < 1 << 53 => format!("{small}.0e0"),
                _ => number.to_string(),
            },
            other => other.to_string(),
        }
    }

    /// What is left of a value when only its meaning counts.
    fn meaning(value: &Value) -> Value {
        match value {
            Value::Object(fields) => fields
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (name.clone(), meaning(value)))
                .collect(),
            Value::Array(items) => items.iter().map(meaning).collect(),
            Value::Number(number) => match number.as_f64().and_then(whole) {
                Some(whole) if number.is_f64() => json!(whole.to_string()),
                _ => json!(number.to_string()),
            },
            other => other.clone(),
        }
    }

    proptest! {
        #[test]
        fn the_same_meaning_hashes_alike(value in any_json()) {
            prop_assert_eq!(hash(&value), parsed(&otherwise(&value)));
        }

        #[test]
        fn another_meaning_hashes_otherwise(a in any_json(), b in any_json()) {
            prop_assert_eq!(meaning(&a) == meaning(&b), hash(&a) == hash(&b));
        }
    }

    #[test]
    fn the_forms_of_a_number_are_one() {
        for forms in [
            ["1", "1.0", "1e0"],
            ["-20", "-2e1", "-20.000"],
            ["0", "-0.0", "0e9"],
        ] {
            let [a, b, c] = forms.map(parsed);
            assert!(a == b && b == c, "{forms:?}");
        }
        assert_ne!(parsed("1"), parsed("\"1\""));
        assert_ne!(parsed("9007199254740993"), parsed("9007199254740992"));
        assert_ne!(parsed("0.1"), parsed("0.2"));
    }

    #[test]
    fn raw_json_counts_where_it_is_kept() {
        let mut hasher = Hasher::default();
        let (value, raw, other) = (json!({"a": 1}), json!({"x": 1}), json!({"x": 2}));
        let mut of = |raw| hasher.record(ModelKind::Native, &value, raw);
        let [none, one, two] = [of(None), of(Some(&raw)), of(Some(&other))];
        assert!(none != one && one != two);
        assert_ne!(
            none,
            Hasher::default().record(ModelKind::Order, &value, None)
        );
    }
}
