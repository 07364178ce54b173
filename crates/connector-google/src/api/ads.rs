//! Google Ads API v26.

use connector_core::{Endpoint, Operation, Request, Result};
use serde::Deserialize;

use super::route::Route;

/// `customers:listAccessibleCustomers`: the accounts that the user is a direct user of, closed ones
/// included.
#[derive(Clone, Copy, Debug)]
pub struct ListAccessibleCustomers;

impl Endpoint for ListAccessibleCustomers {
    const OPERATION: Operation = Operation::read("googleads.customers.listAccessibleCustomers");
    type Response = AccessibleCustomers;

    fn request(&self) -> Result<Request> {
        Route::get("googleads.googleapis.com", &["v26", "customers"])
            .verb("listAccessibleCustomers")
            .request()
    }
}

/// The accounts' names.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AccessibleCustomers {
    /// `customers/1`, without dashes.
    pub resource_names: Vec<String>,
}
