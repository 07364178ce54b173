//! From Amazon's words to the unified models. Pure: no request, no clock.

mod account;
mod inventory;
mod listing;
mod order;

use connector_core::{Error, Record, Skipped};
use serde_json::value::RawValue;

use crate::api::Entry;

pub(crate) use account::account;
pub use inventory::inventory_level;
pub use listing::listing;
pub(crate) use listing::listing_id;
pub use order::order;

/// What a mapping gives: the record, or why there is none.
pub type Mapped = Result<Record, Skipped>;

/// Maps an entry, and keeps its JSON where that is wanted. One that can't be read is named by the
/// first of `ids` that is in it.
pub(crate) fn entry<T>(
    entry: Entry<T>,
    ids: &[&str],
    keep_raw: bool,
    map: impl FnOnce(T) -> Mapped,
) -> Mapped {
    let (value, raw) = entry.into_parts();
    match value {
        Ok(value) => map(value).map(|record| record.with_raw(keep_raw.then_some(raw))),
        Err(error) => Err(unreadable(&error, &raw, ids)),
    }
}

fn unreadable(error: &Error, raw: &RawValue, ids: &[&str]) -> Skipped {
    let fields: Option<serde_json::Value> = serde_json::from_str(raw.get()).ok();
    let text = |name: &&str| Some(fields.as_ref()?.get(*name)?.as_str()?.to_owned());
    Skipped {
        external_id: ids.iter().find_map(text),
        reason: match error.context("path") {
            Some(path) => format!("{} at {path}", error.message()),
            None => error.message().to_owned(),
        },
    }
}

/// Why something could not be mapped.
pub(crate) fn skipped(external_id: &str, reason: &str) -> Skipped {
    Skipped {
        external_id: Some(external_id.to_owned()).filter(|id| !id.is_empty()),
        reason: reason.to_owned(),
    }
}

/// A text that says something.
pub(crate) fn text(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
