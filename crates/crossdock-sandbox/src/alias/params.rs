//! Reading parameters. alias takes them from the query, for writes too.

use std::collections::BTreeMap;

use crate::platform::Call;

use super::size::Size;
use super::status::{Outcome, Refusal};
use super::words;

/// The query of one call.
#[derive(Clone, Copy)]
pub(super) struct Params<'a>(pub(super) &'a Call<'a>);

impl<'a> Params<'a> {
    /// A text; an empty one counts as left out.
    pub(super) fn text(self, name: &str) -> Option<&'a str> {
        self.0.query(name).filter(|text| !text.is_empty())
    }

    pub(super) fn required(self, name: &str) -> Outcome<&'a str> {
        self.text(name).ok_or_else(|| Refusal::missing(name))
    }

    /// All values of a parameter that may be repeated.
    pub(super) fn list(self, name: &'a str) -> Vec<&'a str> {
        self.0
            .query_all(name)
            .filter(|text| !text.is_empty())
            .collect()
    }

    pub(super) fn int64(self, name: &str) -> Outcome<Option<i64>> {
        self.text(name)
            .map(|text| {
                text.parse()
                    .ok()
                    .ok_or_else(|| Refusal::invalid(name, "not an int64"))
            })
            .transpose()
    }

    pub(super) fn boolean(self, name: &str) -> Outcome<Option<bool>> {
        self.text(name)
            .map(|text| {
                text.parse()
                    .ok()
                    .ok_or_else(|| Refusal::invalid(name, "not true or false"))
            })
            .transpose()
    }

    pub(super) fn size(self, name: &str) -> Outcome<Option<Size>> {
        self.text(name)
            .map(|text| Size::parse(text).ok_or_else(|| Refusal::invalid(name, "not a size")))
            .transpose()
    }

    /// A member of an enumeration, by name or number.
    pub(super) fn member(
        self,
        name: &str,
        among: &'static [&'static str],
    ) -> Outcome<Option<&'static str>> {
        self.text(name)
            .map(|text| {
                words::member(among, text)
                    .ok_or_else(|| Refusal::invalid(name, "not a value of this enumeration"))
            })
            .transpose()
    }

    /// A region's id. Left out it means all regions; an empty one is refused, as clients report.
    pub(super) fn region(self) -> Outcome<Option<&'a str>> {
        match self.0.query("region_id") {
            Some(id) if !matches!(id, "1" | "2" | "3" | "4" | "5" | "6") => {
                Err(Refusal::invalid("region_id", "no such region"))
            }
            region => Ok(region),
        }
    }

    /// How many entries a page is to have: the default where it is left out.
    ///
    /// Whether alias refuses a page size above its maximum or lowers it is not known. The sandbox
    /// refuses, so that a client does not come to depend on either.
    pub(super) fn limit(self, name: &str, default: usize, most: usize) -> Outcome<usize> {
        match self.int64(name)? {
            None => Ok(default),
            Some(count) => usize::try_from(count)
                .ok()
                .filter(|count| (1..=most).contains(count))
                .ok_or_else(|| Refusal::invalid(name, &format!("must be from 1 to {most}"))),
        }
    }

    /// The pairs of a map: `metadata[key]=value`.
    pub(super) fn map(self, name: &str) -> BTreeMap<String, String> {
        let key = |full: &str| {
            full.strip_prefix(name)?
                .strip_prefix('[')?
                .strip_suffix(']')
                .map(str::to_owned)
        };
        self.0
            .query
            .iter()
            .filter_map(|(full, value)| Some((key(full)?, value.clone())))
            .collect()
    }
}

/// Makes a required value of an optional one.
pub(super) fn need<T>(value: Option<T>, name: &str) -> Outcome<T> {
    value.ok_or_else(|| Refusal::missing(name))
}
