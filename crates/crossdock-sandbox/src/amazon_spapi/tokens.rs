//! Tokens 2021-03-01: restricted data tokens, for the paths that hold what identifies people.
//!
//! Orders 2026-01-01 need none. Of the operations that do, the sandbox serves `getReportDocument`;
//! tokens for the orders of version 0 are given out all the same, as clients ask for them.

use serde_json::{Value, json};

use crate::world::World;

use super::account::Account;
use super::auth::{ACCESS_LIFE, Authority};
use super::operations::is_example;
use super::params::{self, Params, entries, text};
use super::refusal::{Outcome, Refusal};

/// How many resources one token may be for.
const MOST: usize = 50;

/// The restricted operations, and whether they take data elements.
const RESTRICTED: &[(&str, bool)] = &[
    ("/orders/v0/orders", true),
    ("/orders/v0/orders/{orderId}", true),
    ("/orders/v0/orders/{orderId}/orderItems", true),
    ("/orders/v0/orders/{orderId}/address", false),
    ("/orders/v0/orders/{orderId}/buyerInfo", false),
    ("/orders/v0/orders/{orderId}/orderItems/buyerInfo", false),
    ("/orders/v0/orders/{orderId}/regulatedInfo", false),
    (DOCUMENT, false),
];

/// Only for one document, never for all.
const DOCUMENT: &str = "/reports/2021-06-30/documents/{reportDocumentId}";

const ELEMENTS: &[&str] = &["buyerInfo", "shippingAddress", "buyerTaxInformation"];

/// `createRestrictedDataToken`.
pub(super) fn create(account: &Account, params: Params<'_>, world: &mut World) -> Outcome<Value> {
    let body = params::body(params.0)?;
    let resources: Vec<&Value> = entries(&body, "/restrictedResources").collect();
    if resources.is_empty() {
        return Err(Refusal::request("Resource not provided."));
    }
    if resources.len() > MOST {
        return Err(Refusal::request(format!(
            "At most {MOST} resources can be provided."
        )));
    }
    let scopes = resources
        .into_iter()
        .map(scope)
        .collect::<Outcome<Vec<String>>>()?;
    let token = Authority::issue(
        "restricted",
        account.seller,
        scopes,
        Some(ACCESS_LIFE),
        world,
    );
    Ok(json!({"restrictedDataToken": token, "expiresIn": ACCESS_LIFE.num_seconds()}))
}

/// A resource as a token says it.
fn scope(resource: &Value) -> Outcome<String> {
    let method = text(resource, "/method")
        .filter(|method| *method == "GET")
        .ok_or_else(|| {
            Refusal::request("The method is missing or is not that of a restricted operation.")
        })?;
    let path = text(resource, "/path").ok_or_else(|| Refusal::request("Path not provided."))?;
    let (template, takes_elements) = RESTRICTED
        .iter()
        .find(|(template, _)| is_example(template, path))
        .ok_or_else(|| Refusal::request(format!("{path} is not restricted.")))?;
    if *template == DOCUMENT && path.contains('{') {
        return Err(Refusal::request("A report document must be named."));
    }
    let mut elements = entries(resource, "/dataElements").peekable();
    if elements.peek().is_some() && !takes_elements {
        return Err(Refusal::request(format!("{path} takes no data elements.")));
    }
    if elements.any(|element| !element.as_str().is_some_and(|it| ELEMENTS.contains(&it))) {
        return Err(Refusal::request("There is no such data element."));
    }
    Ok(format!("{method} {path}"))
}
