//! Sellers API v1: who the account is, and where it sells.

use connector_core::{Operation, Request, Result};
use serde::{Deserialize, Serialize};

use super::call::{Call, Payload, Route};
use crate::region::Server;

/// `getMarketplaceParticipations`: the marketplaces in which the account can sell.
#[derive(Clone, Copy, Debug, Default)]
pub struct GetMarketplaceParticipations;

impl Call for GetMarketplaceParticipations {
    const OPERATION: Operation = Operation::read("getMarketplaceParticipations");
    type Response = Payload<Vec<MarketplaceParticipation>>;

    fn request(&self, server: Server) -> Result<Request> {
        Route::get(server, &["sellers", "v1", "marketplaceParticipations"]).request()
    }
}

/// How the account takes part in one marketplace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MarketplaceParticipation {
    /// Which.
    pub marketplace: Marketplace,
    /// How.
    pub participation: Participation,
    /// What buyers there call the shop.
    #[serde(default)]
    pub store_name: Option<String>,
}

/// A marketplace, as an account sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Marketplace {
    /// `ATVPDKIKX0DER`.
    pub id: String,
    /// `Amazon.com`.
    #[serde(default)]
    pub name: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country_code: String,
    /// ISO 4217.
    pub default_currency_code: String,
    /// `www.amazon.com`.
    pub domain_name: String,
}

/// Whether an account sells somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Participation {
    /// Whether it does.
    pub is_participating: bool,
    /// Whether Amazon has taken its listings down there.
    #[serde(default)]
    pub has_suspended_listings: bool,
}
