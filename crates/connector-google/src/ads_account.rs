//! Accounts of Google Ads: which there are below what a user reaches, and through which manager.

use std::collections::BTreeMap;

use connector_core::{Error, Result, Session};

use crate::api::{AdsRow, ListAccessibleCustomers, SearchStream};
use crate::credential::GoogleCredential;
use crate::descriptor::{LOGIN_CUSTOMER_ID, SOURCES};
use crate::service::Service;
use crate::sources::Source;
use crate::streams::is_of_one_source;

/// Every account sees itself in this, and a manager what it manages.
const CLIENTS: &str = "SELECT customer_client.id, customer_client.manager, customer_client.status, \
                       customer_client.descriptive_name FROM customer_client";

/// One account, and how it is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AdsAccount {
    /// Its number.
    pub(crate) customer: String,
    /// The number of the account through which the user reaches it.
    login: Option<String>,
}

impl AdsAccount {
    /// Reads `customers/9/customerClients/1`, or `customers/1` for an account that is reached by
    /// itself, or through the manager that the settings name.
    ///
    /// # Errors
    /// [`InputInvalid`](connector_core::ErrorKind::InputInvalid) for another form.
    pub(crate) fn read(source: &str, manager: Option<&str>) -> Result<Self> {
        let odd = |field| {
            Error::input(
                field,
                "an account of Google Ads is written as ads:customers/1234567890, and its manager \
                 as ten digits",
            )
        };
        let parts: Vec<&str> = source.split('/').collect();
        match parts.as_slice() {
            ["customers", login, "customerClients", customer] => Ok(Self {
                customer: number(customer).ok_or_else(|| odd(SOURCES))?,
                login: Some(number(login).ok_or_else(|| odd(SOURCES))?),
            }),
            ["customers", customer] => Ok(Self {
                customer: number(customer).ok_or_else(|| odd(SOURCES))?,
                login: manager
                    .map(|manager| number(manager).ok_or_else(|| odd(LOGIN_CUSTOMER_ID)))
                    .transpose()?,
            }),
            _ => Err(odd(SOURCES)),
        }
    }

    /// The account of a source, as the connection's settings have it.
    ///
    /// # Errors
    /// Those of [`AdsAccount::read`].
    pub(crate) fn of(session: &Session<GoogleCredential>, source: &str) -> Result<Self> {
        Self::read(source, session.settings().get(LOGIN_CUSTOMER_ID))
    }

    /// A query over it.
    pub(crate) fn ask(&self, query: impl Into<String>) -> SearchStream {
        SearchStream {
            customer: self.customer.clone(),
            login: self.login.clone(),
            query: query.into(),
        }
    }
}

/// The digits of an account's number, which people write with dashes.
fn number(text: &str) -> Option<String> {
    let digits: String = text.trim().chars().filter(|it| *it != '-').collect();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(digits)
}

/// The accounts that have campaigns, each once. Managers have none of their own.
///
/// # Errors
/// Those of [`Session::call`].
pub(crate) async fn list(session: &Session<GoogleCredential>) -> Result<Vec<Source>> {
    let reached = match session.call(&ListAccessibleCustomers).await {
        // Google's way to say that there are none.
        Err(error) if error.context("code") == Some("authenticationError.NOT_ADS_USER") => {
            return Ok(Vec::new());
        }
        reached => reached?.resource_names,
    };
    let mut found = BTreeMap::new();
    for name in reached {
        let Some(login) = name.strip_prefix("customers/").and_then(number) else {
            continue;
        };
        let account =
            AdsAccount::read(&format!("customers/{login}/customerClients/{login}"), None)?;
        let chunks = match session.call(&account.ask(CLIENTS)).await {
            // Closed accounts are listed, and can't be asked for anything.
            Err(error) if is_of_one_source(&error) => continue,
            chunks => chunks?,
        };
        for entry in chunks.into_iter().flat_map(|chunk| chunk.results) {
            let (Ok(row), _) = entry.into_parts() else {
                continue;
            };
            if let Some((customer, source)) = client(&login, row) {
                // What is reached by itself needs no manager.
                if customer == login || !found.contains_key(&customer) {
                    found.insert(customer, source);
                }
            }
        }
    }
    Ok(found.into_values().collect())
}

/// An account that a row tells of, where it may have campaigns.
fn client(login: &str, row: AdsRow) -> Option<(String, Source)> {
    let client = row.customer_client;
    let is_open = matches!(client.status.as_deref(), None | Some("ENABLED"));
    let customer = client.id?.0.to_string();
    (is_open && !client.manager).then(|| {
        let id = format!("customers/{login}/customerClients/{customer}");
        let source = Source::new(Service::Ads, id, client.descriptive_name);
        (customer, source)
    })
}

#[cfg(test)]
mod tests {
    use connector_core::Endpoint as _;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_account_is_reached_through_its_manager() {
        let read = |source, manager| AdsAccount::read(source, manager).unwrap();
        let through = read("customers/9/customerClients/1", Some("5"));
        let request = through.ask(CLIENTS).request().unwrap();
        assert!(request.uri().path().contains("/customers/1/"));
        assert_eq!(request.headers()["login-customer-id"], "9");
        let by_setting = read("customers/123-456-7890", Some("900-000-0001"));
        assert_eq!(by_setting.customer, "1234567890");
        assert_eq!(by_setting.login.as_deref(), Some("9000000001"));
        assert_eq!(read("customers/1", None).login, None);
        for (source, manager, field) in [
            ("accounts/1", None, SOURCES),
            ("customers/one", None, SOURCES),
            ("customers/1", Some("me"), LOGIN_CUSTOMER_ID),
        ] {
            let error = AdsAccount::read(source, manager).unwrap_err();
            assert_eq!(error.field(), Some(field), "{source}");
        }
    }

    #[test]
    fn managers_and_closed_accounts_have_nothing_to_read() {
        let of = |client| {
            let row = serde_json::from_value(json!({"customerClient": client})).unwrap();
            super::client("9", row).map(|(_, source)| source.line())
        };
        let open = json!({"id": "1", "manager": false, "status": "ENABLED"});
        assert_eq!(
            of(open).as_deref(),
            Some("ads:customers/9/customerClients/1")
        );
        assert_eq!(of(json!({"id": "1", "manager": true})), None);
        assert_eq!(of(json!({"id": "1", "status": "CLOSED"})), None);
        assert_eq!(of(json!({})), None);
    }
}
