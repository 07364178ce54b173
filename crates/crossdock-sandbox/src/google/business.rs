//! Business Profile: accounts and locations (v1), daily metrics (v1), and reviews (v4).
//!
//! v1 names a location `locations/{l}`, v4 names it below its account.

mod performance;
mod reviews;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::platform::Call;
use crate::world::World;

use super::params::{page, page_size, put, query_number};
use super::refusal::{Outcome, Refusal};

pub(super) use reviews::Review;

/// A place of business.
#[derive(Debug)]
pub(super) struct Location {
    pub(super) account: String,
    /// What the API shows of it, by field.
    pub(super) fields: Map<String, Value>,
    pub(super) reviews: BTreeMap<String, Review>,
    /// Impressions of a typical kind on a typical day.
    pub(super) weight: u64,
}

/// All that a user manages.
#[derive(Debug, Default)]
pub(super) struct Business {
    /// Accounts by number: their names.
    pub(super) accounts: BTreeMap<String, String>,
    pub(super) locations: BTreeMap<String, Location>,
}

/// A point in time as these interfaces write it.
fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
}

impl Business {
    /// Answers `mybusinessaccountmanagement`.
    pub(super) fn accounts(&self, call: &Call<'_>) -> Outcome<Value> {
        let show = |id: &String, name: &String| {
            json!({
                "name": format!("accounts/{id}"), "accountName": name, "type": "LOCATION_GROUP",
                "role": "PRIMARY_OWNER", "verificationState": "UNVERIFIED",
                "vettedState": "NOT_VETTED", "accountNumber": id,
            })
        };
        let segments: Vec<&str> = call.path.trim_start_matches('/').split('/').collect();
        match (call.method.as_str(), segments.as_slice()) {
            ("GET", ["v1", "accounts"]) => {
                let size = page_size(query_number(call, "pageSize")?, 20, 20)?;
                let accounts = self.accounts.iter().map(|(id, name)| show(id, name));
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
            ("GET", ["v1", "accounts", id]) => {
                let name = self.accounts.get(*id).ok_or_else(not_found)?;
                Ok(show(&(*id).to_owned(), name))
            }
            _ => Err(Refusal::not_found("Method not found.")),
        }
    }

    /// Answers `mybusinessbusinessinformation`.
    pub(super) fn information(&self, call: &Call<'_>) -> Outcome<Value> {
        let segments: Vec<&str> = call.path.trim_start_matches('/').split('/').collect();
        match (call.method.as_str(), segments.as_slice()) {
            ("GET", ["v1", "accounts", account, "locations"]) => {
                if *account != "-" && !self.accounts.contains_key(*account) {
                    return Err(not_found());
                }
                let mask = mask(call)?;
                let size = page_size(query_number(call, "pageSize")?, 10, 100)?;
                let chosen = self
                    .locations
                    .values()
                    .filter(|location| *account == "-" || location.account == *account)
                    .map(|location| location.masked(&mask));
                let list = format!("locations {account} {}", mask.join(","));
                let page = page(&list, chosen, call.query("pageToken"), size)?;
                let mut body = json!({});
                put(
                    &mut body,
                    "locations",
                    (!page.items.is_empty()).then_some(page.items),
                );
                put(&mut body, "nextPageToken", page.next);
                Ok(body)
            }
            ("GET", ["v1", "locations", id]) => {
                let location = self.locations.get(*id).ok_or_else(not_found)?;
                Ok(location.masked(&mask(call)?))
            }
            _ => Err(Refusal::not_found("Method not found.")),
        }
    }

    /// Answers `businessprofileperformance`.
    pub(super) fn performance(&self, call: &Call<'_>, world: &World) -> Outcome<Value> {
        let rest = call.path.strip_prefix("/v1/locations/");
        let (id, method) = rest
            .and_then(|rest| rest.split_once(':'))
            .ok_or_else(|| Refusal::not_found("Method not found."))?;
        let location = self.locations.get(id).ok_or_else(not_found)?;
        match (call.method.as_str(), method) {
            ("GET", "fetchMultiDailyMetricsTimeSeries") => {
                performance::multi(call, id, location, world)
            }
            ("GET", "getDailyMetricsTimeSeries") => performance::one(call, id, location, world),
            _ => Err(Refusal::not_found("Method not found.")),
        }
    }

    /// Answers `mybusiness` v4.
    pub(super) fn v4(&self, call: &Call<'_>) -> Outcome<Value> {
        let segments: Vec<&str> = call.path.trim_start_matches('/').split('/').collect();
        match (call.method.as_str(), segments.as_slice()) {
            ("GET", ["v4", "accounts", account, "locations", id, "reviews"]) => {
                reviews::list(call, account, id, self.location(account, id)?)
            }
            (
                "GET",
                [
                    "v4",
                    "accounts",
                    account,
                    "locations",
                    id,
                    "reviews",
                    review,
                ],
            ) => {
                let location = self.location(account, id)?;
                let found = location.reviews.get(*review).ok_or_else(not_found)?;
                Ok(found.json(account, id, review))
            }
            ("POST", ["v4", "accounts", account, "locations:batchGetReviews"]) => {
                reviews::batch(call, account, self)
            }
            _ => Err(Refusal::not_found("Method not found.")),
        }
    }

    /// How many reviews there are of all places.
    pub(super) fn review_count(&self) -> usize {
        self.locations
            .values()
            .map(|location| location.reviews.len())
            .sum()
    }

    fn location(&self, account: &str, id: &str) -> Outcome<&Location> {
        let found = self.locations.get(id);
        found
            .filter(|location| location.account == account)
            .ok_or_else(not_found)
    }
}

fn not_found() -> Refusal {
    Refusal::not_found("Requested entity was not found.")
}

/// The fields that a location has: those that can be in a mask.
const FIELDS: &[&str] = &[
    "adWordsLocationExtensions",
    "categories",
    "labels",
    "languageCode",
    "latlng",
    "metadata",
    "moreHours",
    "name",
    "openInfo",
    "phoneNumbers",
    "profile",
    "regularHours",
    "relationshipData",
    "serviceArea",
    "serviceItems",
    "specialHours",
    "storeCode",
    "storefrontAddress",
    "title",
    "websiteUri",
];

/// `readMask`, which is required.
fn mask(call: &Call<'_>) -> Outcome<Vec<String>> {
    let mask: Vec<String> = call
        .query_all("readMask")
        .flat_map(|mask| mask.split(','))
        .map(|field| field.trim().to_owned())
        .filter(|field| !field.is_empty())
        .collect();
    if mask.is_empty() {
        return Err(Refusal::invalid(
            "Request contains an invalid argument: read_mask is required.",
        ));
    }
    for field in &mask {
        let first = field.split('.').next().unwrap_or_default();
        if !FIELDS.contains(&first) && field != "*" {
            return Err(Refusal::invalid(format!("Invalid field mask: {field}")));
        }
    }
    Ok(mask)
}

impl Location {
    /// The fields that a mask names, whole or in part.
    fn masked(&self, mask: &[String]) -> Value {
        let mut shown = Map::new();
        for path in mask {
            let (first, rest) = path.split_once('.').unwrap_or((path, ""));
            let Some(value) = self.fields.get(first) else {
                continue;
            };
            if rest.is_empty() {
                shown.insert(first.to_owned(), value.clone());
            } else if let Some(part) = value.get(rest) {
                let whole = shown.entry(first.to_owned()).or_insert_with(|| json!({}));
                put(whole, rest, Some(part.clone()));
            }
        }
        if mask.iter().any(|path| path == "*") {
            shown.clone_from(&self.fields);
        }
        Value::Object(shown)
    }
}
