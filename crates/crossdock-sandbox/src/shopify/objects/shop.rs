//! What a shop says about itself.

use chrono::{DateTime, Utc};

use super::Currency;

/// The shop's own record.
#[derive(Clone, Debug)]
pub(crate) struct ShopInfo {
    pub(crate) id: u64,
    /// `crossdock-demo.myshopify.com`.
    pub(crate) domain: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) currency: Currency,
    /// All in which customers see prices, the shop's own included.
    pub(crate) presentment: Vec<Currency>,
    pub(crate) taxes_included: bool,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}
