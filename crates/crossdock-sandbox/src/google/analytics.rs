//! Google Analytics: accounts and properties (Admin API v1beta), reports (Data API v1beta).

mod fields;
mod filter;
mod quota;
mod report;
mod traffic;

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde_json::{Value, json};

use crate::platform::Call;
use crate::world::World;

use super::params::{page, page_size, put, query_number};
use super::refusal::{Outcome, Refusal};

pub(super) use quota::Quota;

/// One row of a recorded report: what it was grouped by, and what was counted.
#[derive(Clone, Debug, Default)]
pub(super) struct RecordedRow {
    /// Rows of the same report may be added up; rows of different ones count the same visits.
    pub(super) report: String,
    pub(super) dimensions: BTreeMap<String, String>,
    pub(super) metrics: BTreeMap<String, f64>,
}

/// A property: one web site's data.
#[derive(Clone, Debug)]
pub(super) struct Property {
    pub(super) account: String,
    pub(super) name: String,
    pub(super) zone: Tz,
    pub(super) currency: String,
    /// How busy it is: visits of a typical source on a typical day, in hundredths.
    pub(super) visits: u64,
    /// What was recorded of it, in place of made-up numbers.
    pub(super) recorded: Option<Vec<RecordedRow>>,
}

/// All that a user sees of Analytics.
#[derive(Debug, Default)]
pub(super) struct Analytics {
    /// Accounts by number: their names.
    pub(super) accounts: BTreeMap<String, String>,
    /// Properties by number.
    pub(super) properties: BTreeMap<String, Property>,
    /// What is used up, by property.
    pub(super) quotas: BTreeMap<String, Quota>,
}

impl Analytics {
    /// Answers the Admin API.
    pub(super) fn admin(&self, call: &Call<'_>) -> Outcome<Value> {
        let segments: Vec<&str> = call.path.trim_start_matches('/').split('/').collect();
        match (call.method.as_str(), segments.as_slice()) {
            ("GET", ["v1beta", "accountSummaries"]) => self.summaries(call),
            ("GET", ["v1beta", "accounts"]) => {
                let accounts = self.accounts.iter().map(|(id, name)| account(id, name));
                list(call, "accounts", accounts, 50, 200)
            }
            ("GET", ["v1beta", "accounts", id]) => {
                let name = self.accounts.get(*id).ok_or_else(denied)?;
                Ok(account(id, name))
            }
            ("GET", ["v1beta", "properties"]) => self.list_properties(call),
            ("GET", ["v1beta", "properties", id]) => {
                let property = self.properties.get(*id).ok_or_else(denied)?;
                Ok(property.json(id))
            }
            _ => Err(Refusal::not_found("Method not found.")),
        }
    }

    fn summaries(&self, call: &Call<'_>) -> Outcome<Value> {
        let summaries = self.accounts.iter().map(|(id, name)| {
            let properties: Vec<Value> = self
                .properties
                .iter()
                .filter(|(_, property)| property.account == *id)
                .map(|(number, property)| {
                    json!({
                        "property": format!("properties/{number}"),
                        "displayName": property.name,
                        "propertyType": "PROPERTY_TYPE_ORDINARY",
                        "parent": format!("accounts/{id}"),
                    })
                })
                .collect();
            let mut summary = json!({
                "name": format!("accountSummaries/{id}"),
                "account": format!("accounts/{id}"),
                "displayName": name,
            });
            put(
                &mut summary,
                "propertySummaries",
                (!properties.is_empty()).then_some(properties),
            );
            summary
        });
        list(call, "accountSummaries", summaries, 50, 200)
    }

    fn list_properties(&self, call: &Call<'_>) -> Outcome<Value> {
        let filter = call.query("filter").unwrap_or_default();
        let parent = ["parent:accounts/", "ancestor:accounts/"]
            .iter()
            .find_map(|prefix| filter.strip_prefix(prefix))
            .ok_or_else(|| {
                Refusal::invalid("A filter is required, such as `parent:accounts/123`.")
            })?;
        let properties = self
            .properties
            .iter()
            .filter(|(_, property)| property.account == parent)
            .map(|(id, property)| property.json(id));
        list(call, "properties", properties, 50, 200)
    }

    /// Answers the Data API.
    pub(super) fn data(&mut self, call: &Call<'_>, world: &World) -> Outcome<Value> {
        let rest = call.path.strip_prefix("/v1beta/properties/");
        let rest = rest.ok_or_else(|| Refusal::not_found("Method not found."))?;
        if let Some(id) = rest.strip_suffix("/metadata")
            && call.method == http::Method::GET
        {
            if id != "0" {
                self.properties.get(id).ok_or_else(denied)?;
            }
            return Ok(fields::metadata(id));
        }
        let Some((id, "runReport")) = rest.split_once(':') else {
            return Err(Refusal::not_found("Method not found."));
        };
        if call.method != http::Method::POST {
            return Err(Refusal::not_found("Method not found."));
        }
        let property = self.properties.get(id).ok_or_else(denied)?;
        let asked = report::Asked::read(call, property, world.now)?;
        let quota = self.quotas.entry(id.to_owned()).or_default();
        quota.check(world.now)?;
        let table = report::run(&asked, property, id, world)?;
        quota.spend(&asked, table.len(), world.now);
        Ok(report::answer(&asked, property, &table, quota))
    }
}

impl Property {
    fn json(&self, id: &str) -> Value {
        json!({
            "name": format!("properties/{id}"),
            "parent": format!("accounts/{}", self.account),
            "account": format!("accounts/{}", self.account),
            "displayName": self.name,
            "propertyType": "PROPERTY_TYPE_ORDINARY",
            "timeZone": self.zone.name(),
            "currencyCode": self.currency,
            "serviceLevel": "GOOGLE_ANALYTICS_STANDARD",
            "createTime": "2024-02-01T08:30:00.125Z",
            "updateTime": "2025-06-12T10:00:00.500Z",
        })
    }
}

fn account(id: &str, name: &str) -> Value {
    json!({
        "name": format!("accounts/{id}"),
        "displayName": name,
        "regionCode": "DK",
        "createTime": "2024-02-01T08:29:11.010Z",
        "updateTime": "2024-02-01T08:29:11.010Z",
    })
}

fn denied() -> Refusal {
    Refusal::forbidden("User does not have sufficient permissions for this property.")
}

/// One page of a list that is absent when it is empty.
fn list(
    call: &Call<'_>,
    name: &str,
    items: impl Iterator<Item = Value>,
    default: usize,
    most: usize,
) -> Outcome<Value> {
    let size = page_size(query_number(call, "pageSize")?, default, most)?;
    let filter = call.query("filter").unwrap_or_default();
    let page = page(
        &format!("{name} {filter}"),
        items,
        call.query("pageToken"),
        size,
    )?;
    let mut body = json!({});
    put(
        &mut body,
        name,
        (!page.items.is_empty()).then_some(page.items),
    );
    put(&mut body, "nextPageToken", page.next);
    Ok(body)
}
