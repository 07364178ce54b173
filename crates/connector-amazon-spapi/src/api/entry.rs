//! One entry of a list, read on its own, so that an odd one doesn't cost the others.

use std::fmt;

use connector_core::{Error, endpoint};
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
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

    /// The JSON as Amazon sent it.
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
}
