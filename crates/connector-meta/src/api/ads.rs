//! What is advertised: ad accounts and their campaigns.
//!
//! Source: developers.facebook.com/docs/marketing-api, v26.0: "Ad Account", "Campaign", "Currencies".

use chrono::{DateTime, Utc};
use connector_core::{Endpoint, Entry, Operation, Request, Response, Result, endpoint};
use serde::Deserialize;
use serde_json::json;

use super::list::{Continuation, List};
use super::route::Route;
use super::{number, time};

const ACCOUNT_FIELDS: &str = "id,account_id,name,currency,timezone_name,timezone_offset_hours_utc,account_status,created_time";

const CAMPAIGN_FIELDS: &str = "id,account_id,name,objective,status,effective_status,daily_budget,\
                               lifetime_budget,start_time,stop_time,created_time,updated_time";

/// Every state of a campaign: without asking for them, archived and deleted ones are left out.
const STATES: [&str; 6] = [
    "ACTIVE",
    "PAUSED",
    "ARCHIVED",
    "DELETED",
    "IN_PROCESS",
    "WITH_ISSUES",
];

/// `GET /me/adaccounts`: the ad accounts that were shared.
#[derive(Clone, Debug, Default)]
pub struct AdAccounts {
    /// Where to go on.
    pub from: Option<Continuation>,
}

impl Endpoint for AdAccounts {
    const OPERATION: Operation = Operation::read("user/adaccounts");
    type Response = List<AdAccount>;

    fn request(&self) -> Result<Request> {
        Route::get(&["me", "adaccounts"])
            .with("fields", ACCOUNT_FIELDS)
            .with("limit", 100)
            .from(self.from.as_ref())
            .request()
    }

    fn parse(&self, response: &Response) -> Result<List<AdAccount>> {
        List::read(response)
    }
}

/// An ad account.
#[derive(Clone, Debug, Deserialize)]
pub struct AdAccount {
    /// Its id in the Graph API: `act_` and digits.
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// What it pays in.
    #[serde(default)]
    pub currency: Option<String>,
    /// Where its days begin: `Atlantic/Reykjavik`.
    #[serde(default)]
    pub timezone_name: Option<String>,
    /// How far ahead of UTC its clocks are now, in hours.
    #[serde(default, deserialize_with = "number::maybe")]
    pub timezone_offset_hours_utc: Option<f64>,
    /// When it was made.
    #[serde(default, deserialize_with = "time::maybe")]
    pub created_time: Option<DateTime<Utc>>,
}

/// `GET /{ad account}`.
#[derive(Clone, Debug)]
pub struct GetAdAccount {
    /// The account's id: `act_` and digits.
    pub id: String,
}

impl Endpoint for GetAdAccount {
    const OPERATION: Operation = Operation::read("ad_account/get");
    type Response = AdAccount;

    fn request(&self) -> Result<Request> {
        Route::get(&[&self.id])
            .with("fields", ACCOUNT_FIELDS)
            .request()
    }
}

/// `GET /{ad account}/campaigns`, archived and deleted ones too.
#[derive(Clone, Debug)]
pub struct Campaigns {
    /// The account's id: `act_` and digits.
    pub account: String,
    /// Only those that changed after this time.
    pub updated_after: Option<DateTime<Utc>>,
    /// How many at the most.
    pub limit: u32,
    /// Where to go on.
    pub from: Option<Continuation>,
}

impl Endpoint for Campaigns {
    const OPERATION: Operation = Operation::read("ad_account/campaigns");
    type Response = List<Campaign>;

    fn request(&self) -> Result<Request> {
        let mut filtering = vec![json!({
            "field": "campaign.effective_status",
            "operator": "IN",
            "value": STATES,
        })];
        if let Some(after) = self.updated_after {
            filtering.push(json!({
                "field": "campaign.updated_time",
                "operator": "GREATER_THAN",
                "value": after.timestamp(),
            }));
        }
        Route::get(&[&self.account, "campaigns"])
            .with("fields", CAMPAIGN_FIELDS)
            .with("filtering", serde_json::Value::from(filtering))
            .with("limit", self.limit)
            .from(self.from.as_ref())
            .request()
    }

    fn parse(&self, response: &Response) -> Result<List<Campaign>> {
        List::read(response)
    }
}

/// `GET /{campaign}`.
#[derive(Clone, Debug)]
pub struct GetCampaign {
    /// The campaign's id.
    pub id: String,
}

impl Endpoint for GetCampaign {
    const OPERATION: Operation = Operation::read("ad_account/campaign");
    type Response = Entry<Campaign>;

    fn request(&self) -> Result<Request> {
        Route::get(&[&self.id])
            .with("fields", CAMPAIGN_FIELDS)
            .request()
    }

    fn parse(&self, response: &Response) -> Result<Entry<Campaign>> {
        endpoint::json(response.body())
    }
}

/// A campaign.
#[derive(Clone, Debug, Deserialize)]
pub struct Campaign {
    /// Its id.
    pub id: String,
    /// The id of its account, without `act_`.
    #[serde(default)]
    pub account_id: Option<String>,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// What it is to reach: `OUTCOME_LEADS`.
    #[serde(default)]
    pub objective: Option<String>,
    /// What the merchant set.
    #[serde(default)]
    pub status: Option<String>,
    /// What follows from that and from what it belongs to.
    #[serde(default)]
    pub effective_status: Option<String>,
    /// What it may cost in a day, in the unit that Meta counts the currency in; see
    /// [`campaign`](crate::map::campaign).
    #[serde(default, deserialize_with = "number::maybe")]
    pub daily_budget: Option<f64>,
    /// What it may cost in all, in the same unit.
    #[serde(default, deserialize_with = "number::maybe")]
    pub lifetime_budget: Option<f64>,
    /// When it begins.
    #[serde(default, deserialize_with = "time::maybe")]
    pub start_time: Option<DateTime<Utc>>,
    /// When it ends.
    #[serde(default, deserialize_with = "time::maybe")]
    pub stop_time: Option<DateTime<Utc>>,
    /// When it was made.
    #[serde(default, deserialize_with = "time::maybe")]
    pub created_time: Option<DateTime<Utc>>,
    /// When it last changed.
    #[serde(default, deserialize_with = "time::maybe")]
    pub updated_time: Option<DateTime<Utc>>,
}
