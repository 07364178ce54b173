//! Who the seller is, and what the seller may do: the Identity and the Account API.

use connector_core::{Endpoint, Operation, Request, Response, Result, endpoint};
use serde::Deserialize;

use super::call::object;
use crate::environment::{Environment, Server};

/// Who the seller is.
#[derive(Clone, Copy, Debug)]
pub struct GetUser {
    /// Where the account lives.
    pub environment: Environment,
}

/// A user of eBay. The particulars that further scopes show are not read.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct User {
    /// What never changes.
    pub user_id: String,
    /// What the user calls themselves.
    pub username: Option<String>,
    /// What a business calls itself.
    pub business_account: Option<Business>,
    /// The site where the account was registered: `EBAY_GB`.
    pub registration_marketplace_id: Option<String>,
    /// `CONFIRMED`.
    pub status: Option<String>,
}

/// A business, as far as the scope shows it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Business {
    /// The business's name.
    pub name: Option<String>,
    /// What it trades as.
    pub doing_business_as: Option<String>,
}

impl GetUser {
    /// The seller whose token asks.
    #[must_use]
    pub const fn of(environment: Environment) -> Self {
        Self { environment }
    }
}

impl Endpoint for GetUser {
    const OPERATION: Operation = Operation::read("getUser");
    type Response = User;

    fn request(&self) -> Result<Request> {
        // The contract's path ends with a slash.
        let root = self.environment.root(Server::Apiz);
        endpoint::get(format!("{root}/commerce/identity/v1/user/"))
    }

    fn parse(&self, response: &Response) -> Result<User> {
        object(response)
    }
}

/// What the seller may do.
#[derive(Clone, Copy, Debug)]
pub struct GetPrivileges {
    /// Where the account lives.
    pub environment: Environment,
}

/// What a seller may do.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Privileges {
    /// Whether the seller has finished signing up to sell.
    pub seller_registration_completed: Option<bool>,
}

impl Endpoint for GetPrivileges {
    const OPERATION: Operation = Operation::read("getPrivileges");
    type Response = Privileges;

    fn request(&self) -> Result<Request> {
        let root = self.environment.root(Server::Api);
        endpoint::get(format!("{root}/sell/account/v1/privilege"))
    }

    fn parse(&self, response: &Response) -> Result<Privileges> {
        object(response)
    }
}
