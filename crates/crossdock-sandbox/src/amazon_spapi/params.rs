//! Reading queries and bodies as the API does.
//!
//! Lists are joined by commas. Parameters that an operation does not know are ignored; a known one
//! that is empty is refused.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, Utc};
use serde_json::Value;

use crate::platform::Call;
use crate::random::Random;

use super::account::Account;
use super::hosts::{Marketplace, marketplace};
use super::refusal::{Outcome, Refusal};

/// A time as the API writes it.
pub(super) fn timestamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A time in ISO 8601: with an offset, without one (then it is UTC), or a date alone.
pub(super) fn instant(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.with_timezone(&Utc));
    }
    let naive = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok();
    let day = || {
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .ok()?
            .and_hms_opt(0, 0, 0)
    };
    naive.or_else(day).map(|time| time.and_utc())
}

/// The query of one call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Params<'a>(pub(super) &'a Call<'a>);

impl<'a> Params<'a> {
    /// A text.
    pub(super) fn text(self, name: &str) -> Outcome<Option<&'a str>> {
        match self.0.query(name) {
            Some(value) if value.trim().is_empty() => {
                Err(Refusal::input(format!("The value of {name} is empty.")))
            }
            value => Ok(value),
        }
    }

    /// A text that must be there.
    pub(super) fn required(self, name: &str) -> Outcome<&'a str> {
        self.text(name)?
            .ok_or_else(|| Refusal::input(format!("The parameter {name} is required.")))
    }

    /// A list: joined by commas, repeated, or both.
    pub(super) fn list(self, name: &str, most: usize) -> Outcome<Vec<&'a str>> {
        self.text(name)?;
        let values: Vec<&str> = self
            .0
            .query
            .iter()
            .filter(|(key, _)| key == name)
            .flat_map(|(_, value)| value.split(','))
            .map(str::trim)
            .filter(|value| !value.is_empty())
            .collect();
        if values.len() > most {
            return Err(Refusal::input(format!(
                "{name} takes at most {most} values."
            )));
        }
        Ok(values)
    }

    /// A list of known words.
    pub(super) fn members(
        self,
        name: &str,
        known: &'static [&'static str],
    ) -> Outcome<Vec<&'static str>> {
        self.list(name, usize::MAX)?
            .into_iter()
            .map(|value| member(name, value, known))
            .collect()
    }

    /// One of known words.
    pub(super) fn member(
        self,
        name: &str,
        known: &'static [&'static str],
    ) -> Outcome<Option<&'static str>> {
        self.text(name)?
            .map(|value| member(name, value, known))
            .transpose()
    }

    /// A time.
    pub(super) fn time(self, name: &str) -> Outcome<Option<DateTime<Utc>>> {
        self.text(name)?
            .map(|value| {
                instant(value).ok_or_else(|| {
                    Refusal::input(format!("The value of {name} is no ISO 8601 date."))
                })
            })
            .transpose()
    }

    /// How many entries a page may have, from one to `most`.
    pub(super) fn size(self, name: &str, default: usize, most: usize) -> Outcome<usize> {
        let Some(value) = self.text(name)? else {
            return Ok(default);
        };
        value
            .parse()
            .ok()
            .filter(|size| (1..=most).contains(size))
            .ok_or_else(|| Refusal::input(format!("{name} must be between 1 and {most}.")))
    }

    /// Marketplaces of this account, as a list parameter names them.
    pub(super) fn marketplaces(
        self,
        name: &str,
        most: usize,
        account: &Account,
    ) -> Outcome<Vec<&'static Marketplace>> {
        self.list(name, most)?
            .into_iter()
            .map(|id| selling(id, account))
            .collect()
    }

    /// The same, where at least one must be named.
    pub(super) fn some_marketplaces(
        self,
        name: &str,
        most: usize,
        account: &Account,
    ) -> Outcome<Vec<&'static Marketplace>> {
        self.required(name)?;
        self.marketplaces(name, most, account)
    }

    /// A number that stands for all parameters but the named ones: a page's token is good for one
    /// search only.
    pub(super) fn fingerprint(self, except: &[&str]) -> u64 {
        let mut pairs: Vec<&(String, String)> = self
            .0
            .query
            .iter()
            .filter(|(name, _)| !except.contains(&name.as_str()))
            .collect();
        pairs.sort();
        let parts: Vec<&str> = [self.0.path]
            .into_iter()
            .chain(
                pairs
                    .iter()
                    .flat_map(|(name, value)| [name.as_str(), value.as_str()]),
            )
            .collect();
        Random::for_thing(0, &parts).next()
    }
}

/// A marketplace where an account sells.
pub(super) fn selling(id: &str, account: &Account) -> Outcome<&'static Marketplace> {
    let known = marketplace(id)
        .ok_or_else(|| Refusal::input(format!("There is no marketplace with the id {id}.")))?;
    if account.sells_in(known) {
        Ok(known)
    } else {
        Err(Refusal::denied())
    }
}

fn member(name: &str, value: &str, known: &'static [&'static str]) -> Outcome<&'static str> {
    known
        .iter()
        .find(|word| **word == value)
        .copied()
        .ok_or_else(|| Refusal::input(format!("{value} is no value of {name}.")))
}

/// A text inside JSON.
pub(super) fn text<'v>(json: &'v Value, pointer: &str) -> Option<&'v str> {
    json.pointer(pointer).and_then(Value::as_str)
}

/// A list inside JSON; nothing where there is none.
pub(super) fn entries<'v>(json: &'v Value, pointer: &str) -> impl Iterator<Item = &'v Value> {
    json.pointer(pointer)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// A call's body as a JSON object.
pub(super) fn body(call: &Call<'_>) -> Outcome<Value> {
    let is_json = call
        .header("content-type")
        .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/json"));
    if !is_json {
        return Err(Refusal::new(
            http::StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UnsupportedMediaType",
            "The body of this operation is application/json.",
            "",
        ));
    }
    serde_json::from_slice::<Value>(call.body)
        .ok()
        .filter(Value::is_object)
        .ok_or_else(|| Refusal::input("The body is no JSON object."))
}
