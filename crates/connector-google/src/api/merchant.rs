//! Merchant API v1.

use connector_core::{Endpoint, Operation, Request, Result};
use serde::Deserialize;

use super::route::Route;

/// `accounts.list`: the accounts that the user may see, five hundred to a page at the most.
#[derive(Clone, Debug, Default)]
pub struct ListMerchantAccounts {
    /// The page; the first where there is none.
    pub page_token: Option<String>,
}

impl Endpoint for ListMerchantAccounts {
    const OPERATION: Operation = Operation::read("merchantapi.accounts.list");
    type Response = MerchantAccountPage;

    fn request(&self) -> Result<Request> {
        Route::get(
            "merchantapi.googleapis.com",
            &["accounts", "v1", "accounts"],
        )
        .with("pageSize", 250)
        .maybe("pageToken", self.page_token.as_deref())
        .request()
    }
}

/// A page of accounts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MerchantAccountPage {
    /// The accounts.
    pub accounts: Vec<MerchantAccount>,
    /// The next page's token.
    pub next_page_token: Option<String>,
}

/// An account of Merchant Center.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MerchantAccount {
    /// `accounts/1`.
    pub name: String,
    /// What it is called.
    pub account_name: Option<String>,
}
