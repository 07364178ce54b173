//! Money on its way to the merchant.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::Money;

/// Money sent, or to be sent, to the merchant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Payout {
    /// Where it stands.
    pub status: PayoutStatus,
    /// The platform's own word for where it stands.
    pub platform_status: Option<String>,
    /// What arrives, negative where the merchant pays.
    pub net: Money,
    /// Before fees.
    pub gross: Option<Money>,
    /// What the platform kept, as a positive amount.
    pub fees: Option<Money>,
    /// The day on which it was or will be sent, as the platform counts days.
    pub issued_on: Option<NaiveDate>,
    /// The instant, where the platform tells it.
    pub issued_at: Option<DateTime<Utc>>,
    /// Whether this was worked out from other data because the platform has no payouts to read, and
    /// so is no statement of the platform's.
    pub derived: bool,
    /// What it is made of, where the platform tells.
    pub transactions: Vec<PayoutTransaction>,
}

/// Where a payout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PayoutStatus {
    /// Not sent yet.
    Scheduled,
    /// On its way.
    InTransit,
    /// Arrived.
    Paid,
    /// The bank refused it.
    Failed,
    /// It will not happen.
    Cancelled,
    /// The platform says something else.
    Unknown,
}

/// One part of a payout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutTransaction {
    /// The platform's id.
    pub external_id: String,
    /// What it was, in the platform's words, lower case: `charge`, `refund`.
    pub kind: String,
    /// The order that it belongs to.
    pub order_external_id: Option<String>,
    /// Before the fee.
    pub amount: Money,
    /// What the platform kept of it, as a positive amount.
    pub fee: Option<Money>,
    /// After the fee.
    pub net: Option<Money>,
    /// When.
    pub processed_at: Option<DateTime<Utc>>,
}
