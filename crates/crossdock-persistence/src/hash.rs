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
