//! What a merchant advertises with.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Money;

/// A campaign: advertisements with one goal and one budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdCampaign {
    /// The platform's id of the advertising account.
    pub account_external_id: String,
    /// What the merchant calls it.
    pub name: String,
    /// Where it stands.
    pub status: AdCampaignStatus,
    /// The platform's own word for where it stands.
    pub platform_status: Option<String>,
    /// What it is to reach, in the platform's words.
    pub objective: Option<String>,
    /// Through which of the platform's channels it is shown, in the platform's words.
    pub channel: Option<String>,
    /// What it may cost in a day.
    pub daily_budget: Option<Money>,
    /// What it may cost in all.
    pub lifetime_budget: Option<Money>,
    /// When it begins.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends.
    pub ends_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: Option<DateTime<Utc>>,
}

/// Where a campaign stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AdCampaignStatus {
    /// It may be shown.
    Active,
    /// The merchant holds it back.
    Paused,
    /// It is not complete yet.
    Draft,
    /// It was put away.
    Archived,
    /// It was taken away.
    Deleted,
    /// The platform says something else.
    Unknown,
}
