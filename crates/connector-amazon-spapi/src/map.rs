//! From Amazon's words to the unified models. Pure: no request, no clock.

mod account;
mod inventory;
mod listing;
mod order;
mod payout;
mod product;
mod returns;
mod sales_and_traffic;
mod snapshot;

use connector_core::Skipped;

pub(crate) use account::account;
pub use connector_core::Mapped;
pub use inventory::inventory_level;
pub use listing::listing;
pub(crate) use listing::listing_id;
pub use order::order;
pub use payout::payout;
pub use product::product;
pub use returns::{return_to_amazon, return_to_seller};
pub use sales_and_traffic::{sales_by_date, sales_by_item};
pub(crate) use snapshot::market_condition;
pub use snapshot::snapshots;

/// A text that says something.
pub(crate) fn text(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
