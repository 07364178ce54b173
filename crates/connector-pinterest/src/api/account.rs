//! Whose the tokens are.

use connector_core::{Endpoint, Operation, Request, Result};
use serde::Deserialize;

use super::route::Route;

/// `GET /user_account`: needs `user_accounts:read` alone.
#[derive(Clone, Copy, Debug)]
pub struct GetUserAccount;

/// An account.
#[derive(Clone, Debug, Deserialize)]
pub struct UserAccount {
    /// Its id, digits.
    pub id: String,
    /// Its name in addresses.
    #[serde(default)]
    pub username: Option<String>,
    /// What a business calls itself.
    #[serde(default)]
    pub business_name: Option<String>,
    /// `BUSINESS` or `PINNER`.
    #[serde(default)]
    pub account_type: Option<String>,
}

impl Endpoint for GetUserAccount {
    const OPERATION: Operation = Operation::read("user_account/get");
    type Response = UserAccount;

    fn request(&self) -> Result<Request> {
        Route::to(&["user_account"]).get()
    }
}
