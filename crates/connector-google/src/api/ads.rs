//! Google Ads API v26.

use std::collections::BTreeMap;

use connector_core::{Endpoint, Entry, Error, Operation, Request, Result};
use http::HeaderValue;
use serde::{Deserialize, Serialize};

use super::Int64;
use super::route::Route;

const HOST: &str = "googleads.googleapis.com";

/// `customers:listAccessibleCustomers`: the accounts that the user is a direct user of, closed ones
/// included.
#[derive(Clone, Copy, Debug)]
pub struct ListAccessibleCustomers;

impl Endpoint for ListAccessibleCustomers {
    const OPERATION: Operation = Operation::read("googleads.customers.listAccessibleCustomers");
    type Response = AccessibleCustomers;

    fn request(&self) -> Result<Request> {
        Route::get(HOST, &["v26", "customers"])
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

/// `customers.googleAds.searchStream`: all rows of a query at once, in chunks. A POST that only reads.
///
/// The answer is an array, and so is a refusal. Rows whose numbers are all 0 are left out where
/// segments are selected.
#[derive(Clone, Debug, Serialize)]
pub struct SearchStream {
    /// The account's number, without dashes.
    #[serde(skip)]
    pub customer: String,
    /// The account through which the user reaches it: its manager's number, or its own.
    #[serde(skip)]
    pub login: Option<String>,
    /// In the Google Ads Query Language.
    pub query: String,
}

impl Endpoint for SearchStream {
    const OPERATION: Operation = Operation::read("googleads.customers.googleAds.searchStream");
    type Response = Vec<AdsChunk>;

    fn request(&self) -> Result<Request> {
        let mut request = Route::post(HOST, &["v26", "customers", &self.customer, "googleAds"])
            .verb("searchStream")
            .json(self)?;
        if let Some(login) = &self.login {
            let value = HeaderValue::from_str(login).map_err(|cause| {
                Error::input("login_customer_id", "this is no account's number").with_source(cause)
            })?;
            request.headers_mut().insert("login-customer-id", value);
        }
        Ok(request)
    }
}

/// Some rows of a streamed answer.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AdsChunk {
    /// The rows; none where nothing fits the query.
    pub results: Vec<Entry<AdsRow>>,
}

/// A row: of each resource what was selected, and its name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AdsRow {
    /// `campaign.…`
    pub campaign: AdsCampaign,
    /// `campaign_budget.…`
    pub campaign_budget: AdsBudget,
    /// `customer.…`
    pub customer: AdsCustomer,
    /// `customer_client.…`
    pub customer_client: AdsClient,
    /// `segments.…`
    pub segments: AdsSegments,
    /// `metrics.…` by name, whole numbers as text. One without a value is left out.
    pub metrics: BTreeMap<String, serde_json::Value>,
}

/// A campaign.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AdsCampaign {
    /// `customers/1/campaigns/2`.
    pub resource_name: String,
    /// What it is called.
    pub name: Option<String>,
    /// `ENABLED`, `PAUSED`, `REMOVED`.
    pub status: Option<String>,
    /// `SEARCH`, `PERFORMANCE_MAX`, …
    pub advertising_channel_type: Option<String>,
    /// `2026-11-01 00:00:00`, in the account's time zone.
    pub start_date_time: Option<String>,
    /// The same; absent, or in 2037, where it has no end.
    pub end_date_time: Option<String>,
}

/// What campaigns may cost.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AdsBudget {
    /// Millionths of the account's currency, for each day on average.
    pub amount_micros: Option<Int64>,
    /// The same, in all.
    pub total_amount_micros: Option<Int64>,
    /// Whether several campaigns share it.
    pub explicitly_shared: bool,
}

/// An account.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AdsCustomer {
    /// `customers/1`.
    pub resource_name: String,
    /// The code of its currency.
    pub currency_code: Option<String>,
    /// The name of its time zone.
    pub time_zone: Option<String>,
}

/// An account as its manager sees it; every account sees itself, too.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AdsClient {
    /// Its number.
    pub id: Option<Int64>,
    /// What it is called.
    pub descriptive_name: Option<String>,
    /// Whether it manages others, and has no campaigns of its own.
    pub manager: bool,
    /// `ENABLED`, `CANCELED`, `SUSPENDED`, `CLOSED`.
    pub status: Option<String>,
}

/// What a row's numbers are of.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct AdsSegments {
    /// The day in the account's time zone, as `YYYY-MM-DD`.
    pub date: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manager_is_named_in_a_header() {
        let ask = |login: Option<&str>| SearchStream {
            customer: "1".to_owned(),
            login: login.map(str::to_owned),
            query: "SELECT campaign.id FROM campaign".to_owned(),
        };
        let request = ask(Some("9")).request().unwrap();
        assert_eq!(
            request.uri().to_string(),
            "https://googleads.googleapis.com/v26/customers/1/googleAds:searchStream"
        );
        assert_eq!(request.headers()["login-customer-id"], "9");
        let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
        let query = serde_json::json!({"query": "SELECT campaign.id FROM campaign"});
        assert_eq!(body, query);
        let request = ask(None).request().unwrap();
        assert!(!request.headers().contains_key("login-customer-id"));
        assert!(ask(Some("9\n")).request().is_err());
    }
}
