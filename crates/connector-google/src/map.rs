//! From Google's words to the unified models. Pure: no request, no clock.

mod account;
mod performance;
mod review;
mod search;
mod traffic;

use connector_core::{Error, Record, Skipped};
use serde_json::value::RawValue;

use crate::api::Entry;

pub(crate) use account::account;
pub use performance::{METRICS as PERFORMANCE_METRICS, performance};
pub use review::review;
pub use search::{Split, search_row};
pub use traffic::{METRICS as TRAFFIC_METRICS, Traffic, traffic_row};

/// What a mapping gives: the record, or why there is none.
pub type Mapped = Result<Record, Skipped>;

/// Maps an entry to one or several records, and keeps its JSON with each where that is wanted.
pub(crate) fn entries<T, R>(
    entry: Entry<T>,
    keep_raw: bool,
    map: impl FnOnce(T) -> R,
) -> Vec<Mapped>
where
    R: IntoIterator<Item = Mapped>,
{
    let (value, raw) = entry.into_parts();
    match value {
        Ok(value) => map(value)
            .into_iter()
            .map(|mapped| mapped.map(|record| record.with_raw(keep_raw.then(|| raw.clone()))))
            .collect(),
        Err(error) => vec![Err(unreadable(&error, &raw))],
    }
}

fn unreadable(error: &Error, raw: &RawValue) -> Skipped {
    let fields: Option<serde_json::Value> = serde_json::from_str(raw.get()).ok();
    let name = ["name", "id"]
        .iter()
        .find_map(|name| Some(fields.as_ref()?.get(*name)?.as_str()?.to_owned()));
    Skipped {
        external_id: name,
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
