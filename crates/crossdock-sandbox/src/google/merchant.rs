//! The Merchant API: accounts (v1), the registration of the app's Cloud project, and products (v1).
//!
//! A product is what Google made of what the merchant sent, and is read only. There is no "changed
//! since": a client reads all of them. (Merchant API `accounts_v1`, `products_v1`.)

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::platform::Call;
use crate::route::percent_decoded;

use super::params::{page, page_size, put, query_number};
use super::refusal::{Outcome, Refusal};

/// The Cloud project that the app belongs to.
const PROJECT: &str = "900100200300";

/// All that a user sees of the Merchant Center.
#[derive(Debug)]
pub(super) struct Merchant {
    /// Accounts by number: their names.
    pub(super) accounts: BTreeMap<String, String>,
    /// Products by account and name (`da~DK~KJOLE-1`): everything but the names.
    pub(super) products: BTreeMap<(String, String), Value>,
    /// Whether the Cloud project is registered, without which everything is a 401.
    pub(super) registered: bool,
}

impl Default for Merchant {
    fn default() -> Self {
        Self {
            accounts: BTreeMap::new(),
            products: BTreeMap::new(),
            registered: true,
        }
    }
}

fn not_found() -> Refusal {
    Refusal::not_found("The item was not found.")
}

fn account(id: &str, name: &str) -> Value {
    json!({
        "name": format!("accounts/{id}"), "accountId": id, "accountName": name,
        "timeZone": {"id": "Europe/Copenhagen"}, "languageCode": "da",
    })
}

impl Merchant {
    /// Answers one call.
    pub(super) fn answer(&mut self, call: &Call<'_>) -> Outcome<Value> {
        let segments: Vec<String> = call
            .path
            .trim_start_matches('/')
            .split('/')
            .map(percent_decoded)
            .collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        if let ["accounts", "v1", "accounts", id, method] = segments.as_slice() {
            match (call.method.as_str(), *method) {
                ("POST", "developerRegistration:registerGcp") => {
                    self.account(id)?;
                    self.registered = true;
                    return Ok(registration(id));
                }
                ("POST", "developerRegistration:unregisterGcp") => {
                    self.account(id)?;
                    self.registered = false;
                    return Ok(json!({}));
                }
                _ => {}
            }
        }
        if !self.registered {
            return Err(Refusal::unregistered());
        }
        match (call.method.as_str(), segments.as_slice()) {
            ("GET", ["accounts", "v1", "accounts"]) => {
                let size = page_size(query_number(call, "pageSize")?, 250, 500)?;
                let accounts = self.accounts.iter().map(|(id, name)| account(id, name));
                let page = page("accounts", accounts, call.query("pageToken"), size)?;
                let mut body = json!({});
                put(
                    &mut body,
                    "accounts",
                    (!page.items.is_empty()).then_some(page.items),
                );
                put(&mut body, "nextPageToken", page.next);
                Ok(body)
            }
            ("GET", ["accounts", "v1", "accounts:getAccountForGcpRegistration"]) => {
                let first = self.accounts.keys().next().ok_or_else(not_found)?;
                Ok(json!({"name": format!("accounts/{first}")}))
            }
            ("GET", ["accounts", "v1", "accounts", id]) => {
                let name = self.account(id)?;
                Ok(account(id, name))
            }
            ("GET", ["accounts", "v1", "accounts", id, "developerRegistration"]) => {
                self.account(id)?;
                Ok(registration(id))
            }
            ("GET", ["products", "v1", "accounts", id, "products"]) => self.list(call, id),
            ("GET", ["products", "v1", "accounts", id, "products", name]) => {
                self.account(id)?;
                let decoded = || String::from_utf8(URL_SAFE_NO_PAD.decode(name).ok()?).ok();
                let get = |name: &str| {
                    let key = ((*id).to_owned(), name.to_owned());
                    self.products.get(&key).map(|it| product(id, name, it))
                };
                get(name).or_else(|| get(&decoded()?)).ok_or_else(not_found)
            }
            _ => Err(Refusal::not_found("Method not found.")),
        }
    }

    fn account(&self, id: &str) -> Outcome<&str> {
        let name = self.accounts.get(id).map(String::as_str);
        name.ok_or_else(|| {
            Refusal::forbidden(format!(
                "The caller does not have access to the accounts: [{id}]"
            ))
        })
    }

    fn list(&self, call: &Call<'_>, id: &str) -> Outcome<Value> {
        self.account(id)?;
        let size = page_size(query_number(call, "pageSize")?, 25, 1_000)?;
        let products = self
            .products
            .iter()
            .filter(|((account, _), _)| account == id)
            .map(|((_, name), it)| product(id, name, it));
        let list = format!("products {id}");
        let page = page(&list, products, call.query("pageToken"), size)?;
        let mut body = json!({});
        put(
            &mut body,
            "products",
            (!page.items.is_empty()).then_some(page.items),
        );
        put(&mut body, "nextPageToken", page.next);
        Ok(body)
    }
}

fn registration(id: &str) -> Value {
    json!({
        "name": format!("accounts/{id}/developerRegistration"), "gcpIds": [PROJECT],
    })
}

fn product(account: &str, name: &str, fields: &Value) -> Value {
    let mut product = fields.clone();
    let full = |name: &str| format!("accounts/{account}/products/{name}");
    put(&mut product, "name", Some(full(name)));
    let encoded = full(&URL_SAFE_NO_PAD.encode(name));
    put(&mut product, "base64EncodedName", Some(encoded));
    product
}
