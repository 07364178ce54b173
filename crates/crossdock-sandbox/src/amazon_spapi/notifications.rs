//! Notifications v1: destinations of the app, and the subscriptions of sellers.
//!
//! Destinations belong to the app, so they take its own token; so does whatever names a subscription
//! by its id. What is delivered to a destination is up to the control verb `notify`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::world::World;

use super::account::Account;
use super::auth::APPLICATION;
use super::paging::Search;
use super::params::{self, Params, text};
use super::refusal::{Outcome, Refusal};

/// Where a type of notification can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Queue,
    EventBus,
}

/// The types that can be subscribed to.
const TYPES: &[(&str, Way)] = &[
    ("ANY_OFFER_CHANGED", Way::Queue),
    ("ORDER_CHANGE", Way::Queue),
    ("FEED_PROCESSING_FINISHED", Way::Queue),
    ("REPORT_PROCESSING_FINISHED", Way::Queue),
    ("FBA_INVENTORY_AVAILABILITY_CHANGES", Way::Queue),
    ("PRICING_HEALTH", Way::Queue),
    ("TRANSACTION_UPDATE", Way::Queue),
    ("ACCOUNT_STATUS_CHANGED", Way::Queue),
    ("BRANDED_ITEM_CONTENT_CHANGE", Way::EventBus),
    ("ITEM_PRODUCT_TYPE_CHANGE", Way::EventBus),
    ("LISTINGS_ITEM_STATUS_CHANGE", Way::EventBus),
    ("LISTINGS_ITEM_ISSUES_CHANGE", Way::EventBus),
    ("LISTINGS_ITEM_MFN_QUANTITY_CHANGE", Way::EventBus),
    ("PRODUCT_TYPE_DEFINITIONS_CHANGE", Way::EventBus),
];

/// The most characters of a filter expression.
const EXPRESSION: usize = 256;

/// Destinations by id.
pub(super) type Destinations = BTreeMap<String, Value>;

/// One subscription.
#[derive(Clone, Debug)]
pub(super) struct Subscription {
    pub(super) kind: String,
    json: Value,
}

impl Subscription {
    fn version(&self) -> &str {
        text(&self.json, "/payloadVersion").unwrap_or_default()
    }
}

fn known(kind: &str) -> Outcome<Way> {
    TYPES
        .iter()
        .find(|(name, _)| *name == kind)
        .map(|(_, way)| *way)
        .ok_or_else(|| Refusal::input(format!("There is no notification type {kind}.")))
}

/// `createDestination`.
pub(super) fn create_destination(
    destinations: &mut Destinations,
    params: Params<'_>,
    world: &mut World,
) -> Outcome<Value> {
    let body = params::body(params.0)?;
    let name = text(&body, "/name")
        .filter(|name| !name.is_empty() && name.len() <= 256)
        .ok_or_else(|| Refusal::input("name is required."))?;
    let sqs = body.pointer("/resourceSpecification/sqs");
    let bus = body.pointer("/resourceSpecification/eventBridge");
    let resource = match (sqs, bus) {
        (Some(sqs), None) => {
            let arn = text(sqs, "/arn")
                .filter(|arn| arn.starts_with("arn:aws:sqs:") && arn.split(':').count() == 6)
                .filter(|arn| !arn.to_ascii_lowercase().ends_with(".fifo"))
                .ok_or_else(|| Refusal::input("arn is not that of a standard queue."))?;
            json!({"sqs": {"arn": arn}})
        }
        (None, Some(bus)) => {
            let field = |name: &str| {
                text(bus, name).ok_or_else(|| Refusal::input("region and accountId are required."))
            };
            let (region, account) = (field("/region")?, field("/accountId")?);
            let name = format!("aws.partner/sellingpartnerapi.amazon.com/{account}/{APPLICATION}");
            json!({"eventBridge": {"name": name, "region": region, "accountId": account}})
        }
        _ => {
            return Err(Refusal::input(
                "resourceSpecification names either a queue or an event bus.",
            ));
        }
    };
    if destinations
        .values()
        .any(|known| known.get("resource") == Some(&resource))
    {
        return Err(Refusal::conflict(
            "There is a destination for this resource.",
        ));
    }
    let id = world.uuid();
    let destination = json!({"destinationId": id, "name": name, "resource": resource});
    destinations.insert(id, destination.clone());
    Ok(json!({"payload": destination}))
}

/// `getDestinations`.
pub(super) fn destinations(destinations: &Destinations) -> Value {
    json!({"payload": destinations.values().collect::<Vec<_>>()})
}

/// `getDestination`.
pub(super) fn destination(destinations: &Destinations, id: &str) -> Outcome<Value> {
    existing(destinations, id).map(|destination| json!({"payload": destination}))
}

fn existing<'a>(destinations: &'a Destinations, id: &str) -> Outcome<&'a Value> {
    destinations
        .get(id)
        .ok_or_else(|| Refusal::not_found(format!("There is no destination {id}.")))
}

/// `deleteDestination`: not while something is sent there.
pub(super) fn delete_destination<'a>(
    destinations: &mut Destinations,
    mut accounts: impl Iterator<Item = &'a Account>,
    id: &str,
) -> Outcome<Value> {
    existing(destinations, id)?;
    let used = accounts.any(|account| {
        let mut subscriptions = account.subscriptions.values();
        subscriptions.any(|it| text(&it.json, "/destinationId") == Some(id))
    });
    if used {
        return Err(Refusal::conflict("Subscriptions name this destination."));
    }
    destinations.remove(id);
    Ok(json!({}))
}

/// `createSubscription`.
pub(super) fn create(
    account: &mut Account,
    destinations: &Destinations,
    kind: &str,
    params: Params<'_>,
    world: &mut World,
) -> Outcome<Value> {
    let way = known(kind)?;
    let body = params::body(params.0)?;
    let version = text(&body, "/payloadVersion")
        .ok_or_else(|| Refusal::input("payloadVersion is required."))?;
    let destination = text(&body, "/destinationId")
        .ok_or_else(|| Refusal::input("destinationId is required."))?;
    let resource = existing(destinations, destination)?.pointer("/resource/sqs");
    if resource.is_some() != (way == Way::Queue) {
        return Err(Refusal::input(format!(
            "{kind} cannot be sent to a destination of this kind."
        )));
    }
    let filter = body.pointer("/processingDirective/eventFilter");
    let expression = text(&body, "/processingDirective/filterExpression");
    if filter.is_some() && expression.is_some()
        || expression.is_some_and(|expression| expression.len() > EXPRESSION)
        || filter.is_some_and(|filter| text(filter, "/eventFilterType") != Some(kind))
    {
        return Err(Refusal::input("processingDirective is wrong."));
    }
    let taken = account
        .subscriptions
        .values()
        .any(|known| known.kind == kind && known.version() == version);
    if taken {
        return Err(Refusal::conflict("There is a subscription of this type."));
    }
    let id = world.uuid();
    let mut subscription = Map::new();
    subscription.insert("subscriptionId".to_owned(), id.as_str().into());
    subscription.insert("payloadVersion".to_owned(), version.into());
    subscription.insert("destinationId".to_owned(), destination.into());
    if let Some(directive) = body.get("processingDirective") {
        subscription.insert("processingDirective".to_owned(), directive.clone());
    }
    let json = Value::Object(subscription);
    let kind = kind.to_owned();
    let entry = Subscription {
        kind,
        json: json.clone(),
    };
    account.subscriptions.insert(id, entry);
    Ok(json!({"payload": json}))
}

/// `getSubscription`: the one of a type, in the newest version or in the one that is asked for.
pub(super) fn of_type(account: &Account, kind: &str, params: Params<'_>) -> Outcome<Value> {
    known(kind)?;
    let version = params.text("payloadVersion")?;
    account
        .subscriptions
        .values()
        .filter(|it| it.kind == kind && version.is_none_or(|version| version == it.version()))
        .max_by_key(|it| it.version())
        .map(|it| json!({"payload": it.json}))
        .ok_or_else(|| Refusal::not_found(format!("There is no subscription to {kind}.")))
}

/// `getSubscriptions`.
pub(super) fn search(account: &Account, params: Params<'_>) -> Outcome<Value> {
    params.required("notificationTypes")?;
    let kinds = params.list("notificationTypes", 1)?;
    let version = params.text("payloadVersion")?;
    let size = params.size("pageSize", 30, 100)?;
    if size < 30 {
        return Err(Refusal::input("pageSize must be between 30 and 100."));
    }
    let query = params.fingerprint(&["nextToken"]);
    let search = Search::new("getSubscriptions", query, params.0.now);
    let place = search.open(params.text("nextToken")?)?;
    let found = account
        .subscriptions
        .iter()
        .filter(|(_, it)| {
            kinds.contains(&it.kind.as_str())
                && version.is_none_or(|version| version == it.version())
        })
        .map(|(id, it)| (id.clone(), it.json.clone()));
    let page = search.page(found.collect(), place.as_ref(), size);
    let mut payload = json!({"subscriptions": page.items});
    if let (Some(next), Some(payload)) = (page.next, payload.as_object_mut()) {
        payload.insert("nextToken".to_owned(), next.into());
    }
    Ok(json!({"payload": payload}))
}

fn by_id<'a>(account: &'a Account, kind: &str, id: &str) -> Outcome<&'a Subscription> {
    known(kind)?;
    account
        .subscriptions
        .get(id)
        .filter(|it| it.kind == kind)
        .ok_or_else(|| Refusal::not_found(format!("There is no subscription {id}.")))
}

/// `getSubscriptionById`.
pub(super) fn get(account: &Account, kind: &str, id: &str) -> Outcome<Value> {
    by_id(account, kind, id).map(|it| json!({"payload": it.json}))
}

/// `deleteSubscriptionById`.
pub(super) fn delete(account: &mut Account, kind: &str, id: &str) -> Outcome<Value> {
    by_id(account, kind, id)?;
    account.subscriptions.remove(id);
    Ok(json!({}))
}

/// `sendTestNotification`: only on the hosts of Amazon's own sandbox.
pub(super) fn test(
    destinations: &Destinations,
    kind: &str,
    sandbox: bool,
    params: Params<'_>,
) -> Outcome<Value> {
    if !sandbox {
        return Err(Refusal::denied());
    }
    known(kind)?;
    let body = params::body(params.0)?;
    let id = text(&body, "/destinationId")
        .ok_or_else(|| Refusal::input("destinationId is required."))?;
    existing(destinations, id)?;
    Ok(json!({"payload": {}}))
}
