//! From Pinterest's words to the unified models. Pure: no request, no clock.

mod account;
mod ad_metric;
mod board;
mod campaign;
mod feed;
mod metric;
mod pin;
mod product;

use crate::api::Entry;

pub(crate) use account::account;
pub use ad_metric::{AD_COLUMNS, GROWS_FOR, RowOf, WINDOWS, ad_entry, ad_row};
pub use board::board;
pub use campaign::campaign;
pub use connector_core::Mapped;
pub use feed::{clean_feed, feed};
pub use metric::{account_day, pin_day};
pub use pin::pin;
pub use product::product;

/// What names an entry that can't be read.
const IDS: &[&str] = &["id", "date"];

/// Maps an entry, and keeps its JSON where that is wanted.
pub(crate) fn entry<T>(entry: Entry<T>, keep_raw: bool, map: impl FnOnce(T) -> Mapped) -> Mapped {
    entry.map(IDS, keep_raw, map)
}

/// Maps an entry that several records are made of.
pub(crate) fn entries<T>(
    entry: Entry<T>,
    keep_raw: bool,
    map: impl FnOnce(T) -> Vec<Mapped>,
) -> Vec<Mapped> {
    entry.map_many(IDS, keep_raw, map)
}

/// A text that says something: Pinterest writes a space, or nothing, where there is none.
pub(crate) fn text(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
