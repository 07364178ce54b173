//! Listings items 2021-08-01: reading and searching them.

mod write;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::account::Account;
use super::hosts::Marketplace;
use super::paging::Search;
use super::params::{Params, entries, instant, text, timestamp};
use super::refusal::{Outcome, Refusal};

pub(super) use self::write::{delete, patch, put, settle};

/// The default and the largest page.
const PAGE_SIZE: usize = 10;
const MOST: usize = 20;

/// How many results of one search can be read.
const REACHABLE: usize = 1000;

/// The data sets of an item; each is a field of its name.
const DATASETS: &[&str] = &[
    "summaries",
    "attributes",
    "issues",
    "offers",
    "fulfillmentAvailability",
    "procurement",
    "relationships",
    "productTypes",
];

const STATUSES: &[&str] = &["BUYABLE", "DISCOVERABLE"];

const IDENTIFIERS: &[&str] = &[
    "ASIN", "EAN", "FNSKU", "GTIN", "ISBN", "JAN", "MINSAN", "SKU", "UPC",
];

/// Parameters that a page may differ in from the one before it.
const FREE: &[&str] = &["pageToken", "includedData", "issueLocale"];

/// One SKU, in all the marketplaces where it is listed, with all its data sets.
#[derive(Clone, Debug)]
pub(super) struct Listing {
    /// As `getListingsItem` answers with everything included.
    pub(super) json: Value,
    /// What was accepted and is not live yet, with the time at which it will be.
    pending: Vec<(DateTime<Utc>, write::Change)>,
}

impl Listing {
    /// An item as the API answers it.
    pub(super) const fn new(json: Value) -> Self {
        Self {
            json,
            pending: Vec::new(),
        }
    }

    /// What it is in one marketplace.
    pub(super) fn summary(&self, marketplace: &str) -> Option<&Value> {
        entries(&self.json, "/summaries").find(|summary| is_in(summary, marketplace))
    }

    /// In how many marketplaces it is listed.
    pub(super) fn count(&self) -> usize {
        entries(&self.json, "/summaries").count()
    }

    /// In some marketplaces, with some data sets.
    fn shown(&self, marketplaces: &[&Marketplace], datasets: &[&str]) -> Value {
        let mut shown = Map::new();
        for (name, value) in self.json.as_object().into_iter().flatten() {
            if name == "sku" {
                shown.insert(name.clone(), value.clone());
            } else if datasets.contains(&name.as_str()) {
                shown.insert(name.clone(), within(value, marketplaces));
            }
        }
        Value::Object(shown)
    }
}

/// Without the entries of other marketplaces. What names no marketplace is of all.
fn within(value: &Value, marketplaces: &[&Marketplace]) -> Value {
    let of_them = |entry: &&Value| {
        let one = text(entry, "/marketplaceId").or_else(|| text(entry, "/marketplace_id"));
        let several: Vec<&str> = entries(entry, "/marketplaceIds")
            .filter_map(Value::as_str)
            .collect();
        one.is_none_or(|id| marketplaces.iter().any(|m| m.id == id))
            && (several.is_empty() || marketplaces.iter().any(|m| several.contains(&m.id)))
    };
    match value {
        Value::Array(list) => list.iter().filter(of_them).cloned().collect(),
        Value::Object(attributes) => attributes
            .iter()
            .map(|(name, value)| (name.clone(), within(value, marketplaces)))
            .filter(|(_, value)| value.as_array().is_none_or(|list| !list.is_empty()))
            .collect(),
        other => other.clone(),
    }
}

fn is_in(entry: &Value, marketplace: &str) -> bool {
    text(entry, "/marketplaceId") == Some(marketplace)
}

/// Refuses what is asked for in another seller's name.
pub(super) fn owned(account: &Account, seller: &str) -> Outcome<()> {
    if account.seller == seller {
        Ok(())
    } else {
        Err(Refusal::denied())
    }
}

fn datasets(params: Params<'_>) -> Outcome<Vec<&'static str>> {
    let asked = params.members("includedData", DATASETS)?;
    Ok(if asked.is_empty() {
        vec!["summaries"]
    } else {
        asked
    })
}

/// `getListingsItem`.
pub(super) fn get(
    account: &Account,
    seller: &str,
    sku: &str,
    params: Params<'_>,
) -> Outcome<Value> {
    owned(account, seller)?;
    let marketplaces = params.some_marketplaces("marketplaceIds", 50, account)?;
    let datasets = datasets(params)?;
    account
        .listings
        .get(sku)
        .filter(|listing| {
            marketplaces
                .iter()
                .any(|marketplace| listing.summary(marketplace.id).is_some())
        })
        .map(|listing| listing.shown(&marketplaces, &datasets))
        .ok_or_else(|| {
            Refusal::not_found(format!(
                "SKU '{sku}' not found in the requested marketplaces"
            ))
        })
}

/// What a search asks for.
struct Filter {
    identifiers: Option<(&'static str, Vec<String>)>,
    parent: Option<String>,
    package: Option<String>,
    created: (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    updated: (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    severities: Vec<&'static str>,
    with: Vec<&'static str>,
    without: Vec<&'static str>,
}

impl Filter {
    fn read(params: Params<'_>) -> Outcome<Self> {
        let owned = |values: Vec<&str>| values.into_iter().map(str::to_owned).collect();
        let identifiers: Vec<String> = owned(params.list("identifiers", 20)?);
        let kind = params.member("identifiersType", IDENTIFIERS)?;
        let identifiers = match (kind, identifiers.is_empty()) {
            (None, true) => None,
            (Some(kind), false) => Some((kind, identifiers)),
            _ => {
                return Err(Refusal::input(
                    "identifiers and identifiersType need each other.",
                ));
            }
        };
        let parent = params.text("variationParentSku")?.map(str::to_owned);
        let package = params.text("packageHierarchySku")?.map(str::to_owned);
        let given = [identifiers.is_some(), parent.is_some(), package.is_some()];
        if given.iter().filter(|given| **given).count() > 1 {
            return Err(Refusal::input(
                "identifiers, variationParentSku and packageHierarchySku exclude each other.",
            ));
        }
        Ok(Self {
            identifiers,
            parent,
            package,
            created: (params.time("createdAfter")?, params.time("createdBefore")?),
            updated: (
                params.time("lastUpdatedAfter")?,
                params.time("lastUpdatedBefore")?,
            ),
            severities: params.members("withIssueSeverity", &["WARNING", "ERROR"])?,
            with: params.members("withStatus", STATUSES)?,
            without: params.members("withoutStatus", STATUSES)?,
        })
    }

    fn admits(&self, listing: &Listing, summary: &Value) -> bool {
        let json = &listing.json;
        let time = |field: &str| text(summary, field).and_then(instant);
        let between = |time: Option<DateTime<Utc>>, (after, before): (Option<_>, Option<_>)| {
            time.is_some_and(|time| {
                after.is_none_or(|after| time >= after)
                    && before.is_none_or(|before| time <= before)
            })
        };
        let related = |sku: &String| {
            entries(json, "/relationships")
                .flat_map(|of_marketplace| entries(of_marketplace, "/relationships"))
                .flat_map(|related| {
                    entries(related, "/parentSkus").chain(entries(related, "/childSkus"))
                })
                .any(|related| related.as_str() == Some(sku))
        };
        let severity = |issue: &Value| {
            text(issue, "/severity").is_some_and(|severity| self.severities.contains(&severity))
        };
        let has = |status: &&'static str| {
            entries(summary, "/status").any(|held| held.as_str() == Some(*status))
        };
        between(time("/createdDate"), self.created)
            && between(time("/lastUpdatedDate"), self.updated)
            && self.parent.as_ref().is_none_or(related)
            && self.package.as_ref().is_none_or(related)
            && (self.severities.is_empty() || entries(json, "/issues").any(severity))
            && (self.with.is_empty() || self.with.iter().any(has))
            && !self.without.iter().any(has)
            && self.identifiers.as_ref().is_none_or(|(kind, values)| {
                let value = match *kind {
                    "SKU" => text(json, "/sku"),
                    "ASIN" => text(summary, "/asin"),
                    "FNSKU" => text(summary, "/fnSku"),
                    _ => text(
                        json,
                        "/attributes/externally_assigned_product_identifier/0/value",
                    ),
                };
                value.is_some_and(|value| values.iter().any(|wanted| wanted == value))
            })
    }
}

/// `searchListingsItems`: by the last change, the newest first, unless it is asked for otherwise.
pub(super) fn search(account: &Account, seller: &str, params: Params<'_>) -> Outcome<Value> {
    owned(account, seller)?;
    let marketplaces = params.some_marketplaces("marketplaceIds", 50, account)?;
    let datasets = datasets(params)?;
    let filter = Filter::read(params)?;
    let by = params
        .member("sortBy", &["sku", "createdDate", "lastUpdatedDate"])?
        .unwrap_or("lastUpdatedDate");
    let ascending = params.member("sortOrder", &["ASC", "DESC"])? == Some("ASC");
    let limit = params.size("pageSize", PAGE_SIZE, MOST)?;

    let mut search = Search::new(
        "searchListingsItems",
        params.fingerprint(FREE),
        params.0.now,
    );
    search.descending = !ascending;
    search.refusal = "Search parameters do not match the provided 'pageToken'";
    let place = search.open(params.text("pageToken")?)?;

    let mut found: Vec<(String, &Listing)> = account
        .listings
        .iter()
        .filter_map(|(sku, listing)| {
            let summary = marketplaces
                .iter()
                .filter_map(|marketplace| listing.summary(marketplace.id))
                .find(|summary| filter.admits(listing, summary))?;
            let time = |field: &str| text(summary, field).and_then(instant);
            let key = match by {
                "sku" => sku.clone(),
                "createdDate" => key(time("/createdDate"), sku),
                _ => key(time("/lastUpdatedDate"), sku),
            };
            Some((key, listing))
        })
        .collect();
    let count = found.len();
    found.sort_by(|(one, _), (other, _)| {
        if ascending {
            one.cmp(other)
        } else {
            other.cmp(one)
        }
    });
    found.truncate(REACHABLE);
    let page = search.page(found, place.as_ref(), limit);
    let mut pagination = Map::new();
    for (name, token) in [("nextToken", page.next), ("previousToken", page.previous)] {
        if let Some(token) = token {
            pagination.insert(name.to_owned(), token.into());
        }
    }
    let items: Vec<Value> = page
        .items
        .iter()
        .map(|listing| listing.shown(&marketplaces, &datasets))
        .collect();
    Ok(json!({"numberOfResults": count, "pagination": pagination, "items": items}))
}

fn key(time: Option<DateTime<Utc>>, sku: &str) -> String {
    format!("{} {sku}", time.map(timestamp).unwrap_or_default())
}
