//! The shop itself, and what the app may do in it.

use connector_core::Operation;
use serde::{Deserialize, Serialize};

use super::Query;

/// The shop, and the scopes that were granted.
#[derive(Clone, Debug, Serialize)]
pub struct ShopQuery {}

impl Query for ShopQuery {
    const OPERATION: Operation = Operation::read("shop");
    const DOCUMENT: &'static str = include_str!("graphql/shop.graphql");
    type Data = ShopData;

    fn cost(&self) -> f64 {
        3.0
    }
}

/// The answer to a [`ShopQuery`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShopData {
    /// The shop.
    pub shop: Shop,
    /// The app as it is installed there.
    pub current_app_installation: AppInstallation,
}

/// A shop.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shop {
    /// What buyers call it.
    pub name: String,
    /// Its permanent domain, which a merchant can change once.
    pub myshopify_domain: String,
    /// ISO 4217.
    pub currency_code: String,
}

/// An app as it is installed in a shop.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppInstallation {
    /// What it may do.
    pub access_scopes: Vec<AccessScope>,
}

/// One thing that an app may do.
#[derive(Clone, Debug, Deserialize)]
pub struct AccessScope {
    /// `read_products`.
    pub handle: String,
}
