//! From alias's words to the unified models. Pure: no request, no clock.

mod batch;
mod depth;
mod kind;
mod listing;
mod order;
mod payout;
mod product;
mod snapshot;

use connector_core::model::{Currency, Money};
use connector_core::{Model, Record, Skipped};
use serde_json::value::RawValue;

use crate::api::Entry;

pub(crate) use batch::{QUOTA_ID, batch, quota};
pub(crate) use connector_core::Mapped;
pub(crate) use depth::{Depth, depth};
pub(crate) use kind::Kind;
pub(crate) use listing::listing;
pub(crate) use order::{is_final, order};
pub(crate) use payout::payout;
pub(crate) use product::product;
pub(crate) use snapshot::{Market, SnapshotId, is_region, snapshot};

/// The id of an entry, even of one whose rest can't be read.
pub(crate) fn id_of<T>(entry: &Entry<T>, name: &str) -> Result<String, Skipped> {
    let id = text_at(entry.raw(), name).filter(|id| !id.is_empty());
    id.ok_or_else(|| Skipped {
        external_id: None,
        reason: "it has no id".to_owned(),
    })
}

fn text_at(raw: &RawValue, name: &str) -> Option<String> {
    let fields: serde_json::Value = serde_json::from_str(raw.get()).ok()?;
    Some(fields.get(name)?.as_str()?.to_owned())
}

/// Whatever alias prices is in US cents, in every region.
fn usd(cents: Option<i64>) -> Option<Money> {
    cents.map(|cents| Money::new(cents, Currency::USD))
}

/// A text that says something.
fn text(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// A size as alias writes it: `10`, `7.5`.
fn size(size: f64) -> String {
    size.to_string()
}

/// The id of an item's variant in one size, which alias itself has no id for.
fn variant_id(catalog_id: &str, in_size: f64) -> String {
    format!("{catalog_id}/{}", size(in_size))
}

fn skipped(external_id: impl Into<String>, reason: &str) -> Skipped {
    Skipped {
        external_id: Some(external_id.into()),
        reason: reason.to_owned(),
    }
}

fn upsert(
    external_id: impl Into<String>,
    updated_at: Option<chrono::DateTime<chrono::Utc>>,
    model: Model,
) -> Mapped {
    let external_id = external_id.into();
    if external_id.is_empty() {
        return Err(Skipped {
            external_id: None,
            reason: "it has no id".to_owned(),
        });
    }
    Ok(Record::upsert(external_id, updated_at, model))
}
