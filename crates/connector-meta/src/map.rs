//! From Meta's words to the unified models. Pure: no request, no clock.

mod account;
mod ad_metric;
mod campaign;
mod conversation;
mod lead;
mod media;
mod metric;
mod post;
mod price;
mod product;
mod rating;

use crate::api::Entry;
use crate::api::without_tokens;

pub(crate) use account::account;
pub(crate) use ad_metric::SETTLES_IN;
pub use ad_metric::ad_metrics;
pub use campaign::campaign;
pub use connector_core::Mapped;
pub use conversation::conversation;
pub use lead::lead;
pub use media::medium;
pub use metric::{account_metrics, medium_metrics, page_metrics, post_metrics};
pub use post::post;
pub use product::product;
pub use rating::rating;

/// Maps an entry, and keeps its JSON, without the tokens in it, where that is wanted.
pub(crate) fn entry<T>(entry: Entry<T>, keep_raw: bool, map: impl FnOnce(T) -> Mapped) -> Mapped {
    entry.with_raw(without_tokens).map(IDS, keep_raw, map)
}

/// Maps an entry that several records are made of.
pub(crate) fn entries<T>(
    entry: Entry<T>,
    keep_raw: bool,
    map: impl FnOnce(T) -> Vec<Mapped>,
) -> Vec<Mapped> {
    entry.with_raw(without_tokens).map_many(IDS, keep_raw, map)
}

/// What names an entry that can't be read.
const IDS: &[&str] = &["id"];

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
