//! One entry of a list, read on its own, so that an odd one doesn't cost the others.

use std::fmt;

use connector_core::{Error, endpoint};
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// A value together with the JSON that it was read from.
///
/// Reading a list never fails because of one entry: that entry is an error here.
pub struct Entry<T> {
    value: Result<T, Error>,
    raw: Box<RawValue>,
}

impl<T> Entry<T> {
    /// The value, or [`ContractBroken`](connector_core::ErrorKind::ContractBroken) with the path of
    /// what can't be read.
    ///
    /// # Errors
    /// The reason why it can't be read.
    pub fn value(&self) -> Result<&T, &Error> {
        self.value.as_ref()
    }

    /// The JSON as Meta sent it.
    #[must_use]
    pub fn raw(&self) -> &RawValue {
        &self.raw
    }

    /// Both.
    ///
    /// # Errors
    /// The first of the two is the reason why the value can't be read.
    pub fn into_parts(self) -> (Result<T, Error>, Box<RawValue>) {
        (self.value, self.raw)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Entry<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let value = endpoint::json(raw.get().as_bytes());
        Ok(Self { value, raw })
    }
}

impl<T: fmt::Debug> fmt::Debug for Entry<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// The same JSON without what must never be kept: addresses of further pages, which carry the token,
/// and tokens.
pub(crate) fn without_tokens(raw: Box<RawValue>) -> Box<RawValue> {
    if !raw.get().contains("access_token") {
        return raw;
    }
    let cleaned = serde_json::from_str(raw.get()).map(|mut value: Value| {
        clean(&mut value);
        value
    });
    // What was read as JSON can be written as JSON.
    cleaned
        .and_then(|value| serde_json::value::to_raw_value(&value))
        .unwrap_or_else(|_impossible| RawValue::NULL.to_owned())
}

fn clean(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, value| {
                name != "access_token"
                    && !value
                        .as_str()
                        .is_some_and(|text| text.contains("access_token="))
            });
            fields.values_mut().for_each(clean);
        }
        Value::Array(items) => items.iter_mut().for_each(clean),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_odd_entry_costs_only_itself() {
        let entries: Vec<Entry<u8>> = serde_json::from_str(r#"[1, "x", 3]"#).unwrap();
        let good: Vec<_> = entries
            .iter()
            .filter_map(|entry| entry.value().ok())
            .collect();
        assert_eq!(good, [&1, &3]);
        assert_eq!(entries[1].raw().get(), r#""x""#);
    }

    #[test]
    fn what_is_kept_has_no_token_in_it() {
        let json = r#"{"id":"t","access_token":"made-up","messages":{"data":[{"id":"m"}],"paging":{"cursors":{"after":"MQ"},"next":"https://graph.facebook.com/v26.0/t/messages?access_token=made-up&after=MQ"}}}"#;
        let raw = RawValue::from_string(json.to_owned()).unwrap();
        assert_eq!(
            without_tokens(raw).get(),
            r#"{"id":"t","messages":{"data":[{"id":"m"}],"paging":{"cursors":{"after":"MQ"}}}}"#
        );
    }
}
