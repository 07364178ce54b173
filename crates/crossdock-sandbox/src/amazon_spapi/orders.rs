//! Orders 2026-01-01: `searchOrders` and `getOrder`.

use chrono::{DateTime, Months, TimeDelta, Utc};
use serde_json::{Value, json};

use super::account::Account;
use super::operations::Role;
use super::paging::Search;
use super::params::{Params, instant, text, timestamp};
use super::refusal::{Outcome, Refusal};

/// The most orders on a page, and the default.
const MOST: usize = 100;

/// How long ago a `…Before` must lie.
const SETTLED: TimeDelta = TimeDelta::minutes(2);

/// How far back orders are returned.
pub(super) const HISTORY: Months = Months::new(24);

/// What can be asked for beyond the order itself.
const DATASETS: &[&str] = &[
    "BUYER",
    "RECIPIENT",
    "PROCEEDS",
    "EXPENSE",
    "PROMOTION",
    "CANCELLATION",
    "FULFILLMENT",
    "PACKAGES",
    "TAX",
    "PAYMENT",
    "FULFILLMENT_ORDERS",
];

/// Fields that belong to a dataset: of the order, and of its items.
const FIELDS: &[(&str, &str, bool)] = &[
    ("BUYER", "buyer", false),
    ("RECIPIENT", "recipient", false),
    ("PROCEEDS", "proceeds", false),
    ("PROCEEDS", "proceeds", true),
    ("EXPENSE", "expense", true),
    ("PROMOTION", "promotion", true),
    ("CANCELLATION", "cancellation", true),
    ("FULFILLMENT", "fulfillment", false),
    ("FULFILLMENT", "fulfillment", true),
    ("PACKAGES", "packages", false),
    ("TAX", "tax", false),
    ("TAX", "tax", true),
    ("PAYMENT", "payment", false),
    ("FULFILLMENT_ORDERS", "fulfillmentOrders", false),
];

/// Where an order can stand.
pub(super) const STATUSES: &[&str] = &[
    "PENDING_AVAILABILITY",
    "PENDING",
    "UNSHIPPED",
    "PARTIALLY_SHIPPED",
    "SHIPPED",
    "CANCELLED",
    "UNFULFILLABLE",
];

/// One order, with all its datasets.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) id: String,
    pub(super) created: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
    pub(super) json: Value,
}

impl Order {
    /// Reads what is needed to find it; `None` where that is not there.
    pub(super) fn new(json: Value) -> Option<Self> {
        let time = |field: &str| text(&json, field).and_then(instant);
        Some(Self {
            id: text(&json, "/orderId")?.to_owned(),
            created: time("/createdTime")?,
            updated: time("/lastUpdatedTime")?,
            json,
        })
    }

    /// The marketplace it was placed in.
    pub(super) fn marketplace(&self) -> &str {
        text(&self.json, "/salesChannel/marketplaceId").unwrap_or_default()
    }

    /// Where it stands.
    pub(super) fn status(&self) -> &str {
        text(&self.json, "/fulfillment/fulfillmentStatus").unwrap_or_default()
    }

    /// Changes it, now.
    pub(super) fn touch(&mut self, now: DateTime<Utc>) {
        // As it is written, in whole seconds: filters must judge what is shown.
        self.updated = instant(&timestamp(now)).unwrap_or(now);
        if let Some(time) = self.json.get_mut("lastUpdatedTime") {
            *time = timestamp(now).into();
        }
    }

    /// Without the datasets that were not asked for.
    fn shown(&self, datasets: &[&str]) -> Value {
        let mut json = self.json.clone();
        for (dataset, field, of_item) in FIELDS {
            if datasets.contains(dataset) {
                continue;
            }
            if *of_item {
                let items = json.get_mut("orderItems").and_then(Value::as_array_mut);
                for item in items.into_iter().flatten() {
                    remove(item, field);
                }
            } else {
                remove(&mut json, field);
            }
        }
        json
    }
}

fn remove(json: &mut Value, field: &str) {
    if let Some(object) = json.as_object_mut() {
        object.remove(field);
    }
}

/// The datasets to show. Who bought and where to is left out without the role for it; what Amazon
/// does then is not documented.
fn datasets(params: Params<'_>, account: &Account) -> Outcome<Vec<&'static str>> {
    let mut asked = params.members("includedData", DATASETS)?;
    if !account.allows(&[Role::DirectToConsumer]) {
        asked.retain(|dataset| !matches!(*dataset, "BUYER" | "RECIPIENT"));
    }
    Ok(asked)
}

/// `searchOrders`: the oldest change (or the oldest order) first.
pub(super) fn search(account: &Account, params: Params<'_>) -> Outcome<Value> {
    let now = params.0.now;
    let created = window(params, "createdAfter", "createdBefore")?;
    let updated = window(params, "lastUpdatedAfter", "lastUpdatedBefore")?;
    let ((after, before), by_creation) = match (created, updated) {
        (Some(window), None) => (window, true),
        (None, Some(window)) => (window, false),
        _ => {
            return Err(Refusal::input(
                "Exactly one of createdAfter and lastUpdatedAfter is required, and a Before only with the After of its kind.",
            ));
        }
    };
    let statuses = params.members("fulfillmentStatuses", STATUSES)?;
    let fulfilled_by = params.members("fulfilledBy", &["MERCHANT", "AMAZON"])?;
    let marketplaces = params.marketplaces("marketplaceIds", 50, account)?;
    let datasets = datasets(params, account)?;
    let limit = params.size("maxResultsPerPage", MOST, MOST)?;

    // A page may be of another size, and show more, than the one before it.
    let free = ["paginationToken", "maxResultsPerPage", "includedData"];
    let search = Search::new("searchOrders", params.fingerprint(&free), now);
    let place = search.open(params.text("paginationToken")?)?;
    let began = place.as_ref().map_or(now, |place| place.since);
    let latest = began.checked_sub_signed(SETTLED).unwrap_or(began);
    let before = before.unwrap_or(latest);
    let oldest = now.checked_sub_months(HISTORY).unwrap_or(now);
    let found = account.orders.values().filter_map(|order| {
        let time = if by_creation {
            order.created
        } else {
            order.updated
        };
        let by = text(&order.json, "/fulfillment/fulfilledBy").unwrap_or_default();
        let wanted = (after..=before).contains(&time)
            && time >= oldest
            && (statuses.is_empty() || statuses.contains(&order.status()))
            && (fulfilled_by.is_empty() || fulfilled_by.contains(&by))
            && (marketplaces.is_empty()
                || marketplaces.iter().any(|m| m.id == order.marketplace()));
        wanted.then(|| (format!("{} {}", timestamp(time), order.id), order))
    });
    let page = search.page(found.collect(), place.as_ref(), limit);
    let mut body = json!({
        "orders": page.items.iter().map(|order| order.shown(&datasets)).collect::<Vec<_>>(),
    });
    let bound = if by_creation {
        "createdBefore"
    } else {
        "lastUpdatedBefore"
    };
    if let Some(body) = body.as_object_mut() {
        body.insert(bound.to_owned(), timestamp(before).into());
        if let Some(next) = page.next {
            body.insert("pagination".to_owned(), json!({"nextToken": next}));
        }
    }
    Ok(body)
}

/// A pair of bounds, both included. `None` where neither is given.
type Window = (DateTime<Utc>, Option<DateTime<Utc>>);

fn window(params: Params<'_>, after: &str, before: &str) -> Outcome<Option<Window>> {
    match (params.time(after)?, params.time(before)?) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Refusal::input(format!("{before} needs {after}."))),
        (Some(from), to) => {
            if to.is_some_and(|to| to < from) {
                return Err(Refusal::input(format!(
                    "{before} must not be earlier than {after}."
                )));
            }
            if to.is_some_and(|to| to > params.0.now - SETTLED) {
                return Err(Refusal::input(format!(
                    "{before} must be at least two minutes before the request."
                )));
            }
            Ok(Some((from, to)))
        }
    }
}

/// `getOrder`.
pub(super) fn get(account: &Account, id: &str, params: Params<'_>) -> Outcome<Value> {
    let datasets = datasets(params, account)?;
    let order = account
        .orders
        .get(id)
        .ok_or_else(|| Refusal::not_found(format!("There is no order with the id {id}.")))?;
    Ok(json!({"order": order.shown(&datasets)}))
}
