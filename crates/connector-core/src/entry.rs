//! One entry of a list, read on its own, so that an odd one doesn't cost the others.

use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::value::RawValue;

use crate::sync::{Record, Skipped};
use crate::{Error, endpoint};

/// What a mapping gives: the record, or why there is none.
pub type Mapped = Result<Record, Skipped>;

/// A value together with the JSON that it was read from.
///
/// Reading a list never fails because of one entry: that entry is an error here, and becomes a
/// [`Skipped`] where it is mapped.
pub struct Entry<T> {
    value: Result<T, Error>,
    raw: Box<RawValue>,
}

impl<T> Entry<T> {
    /// A value that was read from this JSON.
    #[must_use]
    pub fn new(value: T, raw: Box<RawValue>) -> Self {
        Self {
            value: Ok(value),
            raw,
        }
    }

    /// The value, or [`ContractBroken`](crate::ErrorKind::ContractBroken) with the path of what can't
    /// be read.
    ///
    /// # Errors
    /// The reason why it can't be read.
    pub fn value(&self) -> Result<&T, &Error> {
        self.value.as_ref()
    }

    /// The JSON as the platform sent it.
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

    /// The same value with other JSON, for a platform whose answers hold what must not be kept.
    #[must_use]
    pub fn with_raw(self, clean: impl FnOnce(Box<RawValue>) -> Box<RawValue>) -> Self {
        Self {
            value: self.value,
            raw: clean(self.raw),
        }
    }

    /// The record that it becomes, with its JSON where that is wanted. One that can't be read is named
    /// by the first of the fields `ids` that is in it.
    ///
    /// # Errors
    /// Why there is no record.
    pub fn map(self, ids: &[&str], keep_raw: bool, map: impl FnOnce(T) -> Mapped) -> Mapped {
        match self.value {
            Ok(value) => map(value).map(|record| record.with_raw(keep_raw.then_some(self.raw))),
            Err(error) => Err(Skipped::unreadable(&error, &self.raw, ids)),
        }
    }

    /// The same for an entry that several records are made of; each keeps the whole JSON.
    pub fn map_many<M>(self, ids: &[&str], keep_raw: bool, map: impl FnOnce(T) -> M) -> Vec<Mapped>
    where
        M: IntoIterator<Item = Mapped>,
    {
        let value = match self.value {
            Ok(value) => value,
            Err(error) => return vec![Err(Skipped::unreadable(&error, &self.raw, ids))],
        };
        let raw = keep_raw.then_some(self.raw);
        let keep = |mapped: Mapped| mapped.map(|record| record.with_raw(raw.clone()));
        map(value).into_iter().map(keep).collect()
    }
}

impl Skipped {
    /// What has this id (or none, if that is empty), and why it has no record.
    #[must_use]
    pub fn new(external_id: &str, reason: impl fmt::Display) -> Self {
        Self {
            external_id: Some(external_id.to_owned()).filter(|id| !id.is_empty()),
            reason: reason.to_string(),
        }
    }

    /// What can't be read, named by the first of the fields `ids` that is in it.
    #[must_use]
    pub fn unreadable(error: &Error, raw: &RawValue, ids: &[&str]) -> Self {
        let fields: Option<serde_json::Value> = serde_json::from_str(raw.get()).ok();
        let text = |name: &&str| Some(fields.as_ref()?.get(*name)?.as_str()?.to_owned());
        Self {
            external_id: ids.iter().find_map(text),
            reason: match error.context("path") {
                Some(path) => format!("{} at {path}", error.message()),
                None => error.message().to_owned(),
            },
        }
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

    #[derive(Debug, serde::Deserialize)]
    struct Thing {
        #[expect(dead_code, reason = "it is only read")]
        count: u8,
    }

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
    fn what_cannot_be_read_is_named_all_the_same() {
        let odd = r#"{"name":7,"id":"8","count":"many"}"#;
        let odd: Entry<Thing> = serde_json::from_str(odd).unwrap();
        let why = odd
            .map(&["name", "id"], true, |_| unreachable!("it can't be read"))
            .unwrap_err();
        assert_eq!(why.external_id.as_deref(), Some("8"));
        assert!(why.reason.ends_with(" at count"), "{}", why.reason);
    }
}
