//! From Meta's words to the unified models. Pure: no request, no clock.

mod account;
mod conversation;
mod metric;
mod post;
mod rating;

use connector_core::{Error, Record, Skipped};
use serde_json::value::RawValue;

use crate::api::Entry;
use crate::api::without_tokens;

pub(crate) use account::account;
pub use conversation::conversation;
pub use metric::{page_metrics, post_metrics};
pub use post::post;
pub use rating::rating;

/// What a mapping gives: the record, or why there is none.
pub type Mapped = Result<Record, Skipped>;

/// Maps an entry, and keeps its JSON, without the tokens in it, where that is wanted. One that can't be
/// read is named by its `id`.
pub(crate) fn entry<T>(entry: Entry<T>, keep_raw: bool, map: impl FnOnce(T) -> Mapped) -> Mapped {
    let (value, raw) = entry.into_parts();
    match value {
        Ok(value) => {
            map(value).map(|record| record.with_raw(keep_raw.then(|| without_tokens(raw))))
        }
        Err(error) => Err(unreadable(&error, &raw)),
    }
}

/// Maps an entry that several records are made of.
pub(crate) fn entries<T>(
    entry: Entry<T>,
    keep_raw: bool,
    map: impl FnOnce(T) -> Vec<Mapped>,
) -> Vec<Mapped> {
    let (value, raw) = entry.into_parts();
    let value = match value {
        Ok(value) => value,
        Err(error) => return vec![Err(unreadable(&error, &raw))],
    };
    let raw = keep_raw.then(|| without_tokens(raw));
    let keep = |mapped: Mapped| mapped.map(|record| record.with_raw(raw.clone()));
    map(value).into_iter().map(keep).collect()
}

fn unreadable(error: &Error, raw: &RawValue) -> Skipped {
    let fields: Option<serde_json::Value> = serde_json::from_str(raw.get()).ok();
    Skipped {
        external_id: fields.and_then(|fields| Some(fields.get("id")?.as_str()?.to_owned())),
        reason: match error.context("path") {
            Some(path) => format!("{} at {path}", error.message()),
            None => error.message().to_owned(),
        },
    }
}

/// A text that says something.
pub(crate) fn text(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// An address without what it carries to prove itself for a while, which differs on each read.
pub(crate) fn lasting(address: Option<String>) -> Option<String> {
    let address = text(address)?;
    let plain = address.split(['?', '#']).next().unwrap_or_default();
    Some(plain.to_owned())
}
