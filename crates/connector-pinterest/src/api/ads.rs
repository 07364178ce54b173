//! Ad accounts and their campaigns.

use chrono::{DateTime, Utc};
use connector_core::{Endpoint, Entry, Operation, Request, Result};
use serde::Deserialize;

use super::list::{List, Paged};
use super::route::Route;

/// Where a campaign can stand. The default of a list is `ACTIVE` and `PAUSED` alone, so that a
/// campaign that was put away would vanish from it (API v5, `EntityStatus`).
pub const STATUSES: [&str; 5] = ["ACTIVE", "PAUSED", "ARCHIVED", "DRAFT", "DELETED_DRAFT"];

/// `GET /ad_accounts`: the account's own, and those that others share with it.
#[derive(Clone, Debug)]
pub struct ListAdAccounts {
    /// Which page.
    pub paged: Paged,
}

/// `GET /ad_accounts/{ad_account_id}/campaigns`: of every status, the oldest first.
#[derive(Clone, Debug)]
pub struct ListCampaigns {
    /// The ad account's id.
    pub account: String,
    /// Which page.
    pub paged: Paged,
}

/// `GET /ad_accounts/{ad_account_id}/campaigns/{campaign_id}`.
#[derive(Clone, Debug)]
pub struct GetCampaign {
    /// The ad account's id.
    pub account: String,
    /// The campaign's id.
    pub id: String,
}

/// An ad account.
#[derive(Clone, Debug, Deserialize)]
pub struct AdAccount {
    /// Its id, digits.
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// The currency of all its money, as ISO 4217 has it.
    #[serde(default)]
    pub currency: Option<String>,
}

/// A campaign. Money is in millionths of the ad account's currency; a zero means the same as none.
#[derive(Clone, Debug, Deserialize)]
pub struct Campaign {
    /// Its id, digits.
    pub id: String,
    /// The ad account's id.
    #[serde(default)]
    pub ad_account_id: Option<String>,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// One of [`STATUSES`], or a newer word.
    #[serde(default)]
    pub status: Option<String>,
    /// How it does: `RUNNING`, `NOT_STARTED`, `COMPLETED`, `ADVERTISER_DISABLED` and others.
    #[serde(default)]
    pub summary_status: Option<String>,
    /// What it is to reach: `AWARENESS`, `CONSIDERATION`, `WEB_CONVERSION` and others.
    #[serde(default)]
    pub objective_type: Option<String>,
    /// What it may cost in a day, in millionths.
    #[serde(default)]
    pub daily_spend_cap: Option<i64>,
    /// What it may cost in all, in millionths.
    #[serde(default)]
    pub lifetime_spend_cap: Option<i64>,
    /// When it begins, in seconds.
    #[serde(default)]
    pub start_time: Option<i64>,
    /// When it ends, in seconds.
    #[serde(default)]
    pub end_time: Option<i64>,
    /// When it was made, in seconds.
    #[serde(default)]
    pub created_time: Option<i64>,
    /// When it last changed, in seconds.
    #[serde(default)]
    pub updated_time: Option<i64>,
}

/// An instant of the ads' part, which is in seconds. Zero and less mean none.
#[must_use]
pub fn from_seconds(seconds: Option<i64>) -> Option<DateTime<Utc>> {
    let seconds = seconds.filter(|seconds| *seconds > 0)?;
    DateTime::from_timestamp(seconds, 0)
}

impl Endpoint for ListAdAccounts {
    const OPERATION: Operation = Operation::read("ad_accounts/list");
    type Response = List<AdAccount>;

    fn request(&self) -> Result<Request> {
        Route::to(&["ad_accounts"])
            .with("include_shared_accounts", true)
            .page(&self.paged)
            .get()
    }
}

impl Endpoint for ListCampaigns {
    const OPERATION: Operation = Operation::read("campaigns/list");
    type Response = List<Campaign>;

    fn request(&self) -> Result<Request> {
        let route = Route::to(&["ad_accounts", &self.account, "campaigns"]);
        STATUSES
            .iter()
            .fold(route, |route, status| route.with("entity_statuses", status))
            .page(&self.paged)
            .get()
    }
}

impl Endpoint for GetCampaign {
    const OPERATION: Operation = Operation::read("campaigns/get");
    type Response = Entry<Campaign>;

    fn request(&self) -> Result<Request> {
        Route::to(&["ad_accounts", &self.account, "campaigns", &self.id]).get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn campaigns_of_every_status_are_asked_for() {
        let list = ListCampaigns {
            account: "549755885175".to_owned(),
            paged: Paged::from(None),
        };
        let uri = list.request().unwrap().uri().to_string();
        assert!(
            uri.starts_with("https://api.pinterest.com/v5/ad_accounts/549755885175/campaigns?")
        );
        for status in STATUSES {
            assert!(uri.contains(&format!("entity_statuses={status}&")), "{uri}");
        }
    }

    #[test]
    fn no_time_is_none_and_not_the_year_1970() {
        assert_eq!(from_seconds(Some(0)), None);
        assert_eq!(from_seconds(Some(-1)), None);
        let known = from_seconds(Some(1_623_245_885)).unwrap();
        assert_eq!(known.to_rfc3339(), "2021-06-09T13:38:05+00:00");
    }
}
