//! Packages: what was sent of an order, and how.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::answer;
use crate::platform::Call;
use crate::world::World;

use super::super::filter;
use super::super::refusal::{Outcome, Refusal};
use super::super::request;
use super::super::state::{State, text, written};
use super::{DOMAIN, bad, no_order};

/// `GET order/{id}/shipping_fulfillment`.
pub(super) fn list(state: &State, id: &str) -> Outcome<Response<Bytes>> {
    if !state.orders.contains_key(id) {
        return Err(no_order(id));
    }
    let packages = state.shipments.get(id).cloned().unwrap_or_default();
    let body = json!({"total": packages.len(), "fulfillments": packages});
    Ok(answer::json(StatusCode::OK, &body))
}

/// `GET order/{id}/shipping_fulfillment/{package}`.
pub(super) fn get(state: &State, id: &str, package: &str) -> Outcome<Response<Bytes>> {
    let found = state
        .shipments
        .get(id)
        .into_iter()
        .flatten()
        .find(|known| text(known, "fulfillmentId") == package);
    let found = found.ok_or_else(|| {
        let message = "The shipping fulfillment ID is invalid.";
        Refusal::new(StatusCode::NOT_FOUND, 32110, DOMAIN, message)
    })?;
    Ok(answer::json(StatusCode::OK, found))
}

/// `POST order/{id}/shipping_fulfillment`: the number of the package is in its address only.
pub(super) fn create(
    state: &mut State,
    call: &Call<'_>,
    id: &str,
    world: &mut World,
) -> Outcome<Response<Bytes>> {
    let body = request::body(call)?;
    let shipped = match text(&body, "shippedDate") {
        "" => world.now,
        date => filter::instant(date).ok_or_else(|| bad(32500, "The shipped date is invalid."))?,
    };
    let (number, carrier) = (
        text(&body, "trackingNumber"),
        text(&body, "shippingCarrierCode"),
    );
    let tracking = match (number, carrier) {
        ("", "") => None,
        ("", _) | (_, "") => {
            return Err(bad(32300, "Tracking number and carrier come together."));
        }
        both => Some(both),
    };
    let lines = body
        .get("lineItems")
        .and_then(Value::as_array)
        .map(|lines| {
            let line = |line: &Value| {
                let quantity = line.get("quantity").and_then(Value::as_u64).unwrap_or(1);
                (text(line, "lineItemId").to_owned(), quantity)
            };
            lines.iter().map(line).collect::<Vec<_>>()
        })
        .filter(|lines| !lines.is_empty());
    // A package goes by its tracking number; one without gets a running number.
    let package = match tracking {
        Some((number, _)) => number.to_owned(),
        None => format!("9{:011}", world.serial()),
    };
    let package = Package {
        id: package,
        tracking,
        shipped,
    };
    let package = ship(state, id, lines, package, world.now)?;
    let location = format!(
        "https://{}/sell/fulfillment/v1/order/{id}/shipping_fulfillment/{package}",
        call.host
    );
    Ok(request::created(&location, Some(&json!({}))))
}

/// A package that is sent.
#[derive(Clone, Debug)]
pub(crate) struct Package<'a> {
    pub(crate) id: String,
    /// Its number with its carrier, and who that is.
    pub(crate) tracking: Option<(&'a str, &'a str)>,
    pub(crate) shipped: DateTime<Utc>,
}

/// Sends lines of an order, or all of them; the package's number.
///
/// # Errors
/// 32100 where there is no such order, 32200 where it has no such line.
pub(crate) fn ship(
    state: &mut State,
    id: &str,
    lines: Option<Vec<(String, u64)>>,
    package: Package<'_>,
    now: DateTime<Utc>,
) -> Outcome<String> {
    let order = state.orders.get_mut(id).ok_or_else(|| no_order(id))?;
    let known: Vec<(String, u64)> = order
        .get("lineItems")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|line| {
            let quantity = line.get("quantity").and_then(Value::as_u64).unwrap_or(1);
            (text(line, "lineItemId").to_owned(), quantity)
        })
        .collect();
    let sent = lines.unwrap_or_else(|| known.clone());
    for (line, _) in &sent {
        if !known.iter().any(|(id, _)| id == line) {
            return Err(bad(32200, "The line item ID is invalid.").with("lineItemId", line));
        }
    }
    let mut document = json!({
        "fulfillmentId": package.id,
        "shippedDate": written(package.shipped),
        "lineItems": sent
            .iter()
            .map(|(line, quantity)| json!({"lineItemId": line, "quantity": quantity}))
            .collect::<Vec<_>>(),
    });
    if let (Some((number, carrier)), Value::Object(fields)) = (package.tracking, &mut document) {
        fields.insert("shipmentTrackingNumber".to_owned(), json!(number));
        fields.insert("shippingCarrierCode".to_owned(), json!(carrier));
    }
    let packages = state.shipments.entry(id.to_owned()).or_default();
    packages.push(document);
    let gone = |line: &str| -> u64 {
        packages
            .iter()
            .filter_map(|package| package.get("lineItems")?.as_array())
            .flatten()
            .filter(|sent| text(sent, "lineItemId") == line)
            .filter_map(|sent| sent.get("quantity")?.as_u64())
            .sum()
    };
    let statuses: Vec<(String, &str)> = known
        .iter()
        .map(|(line, quantity)| {
            let status = match gone(line) {
                0 => "NOT_STARTED",
                part if part < *quantity => "IN_PROGRESS",
                _ => "FULFILLED",
            };
            (line.clone(), status)
        })
        .collect();
    mark(order, id, &package.id, &statuses, &written(now));
    Ok(package.id)
}

/// Notes on an order how far its lines are sent.
fn mark(order: &mut Value, id: &str, package: &str, lines: &[(String, &str)], now: &str) {
    let all = |wanted: &str| lines.iter().all(|(_, status)| *status == wanted);
    let whole = if all("FULFILLED") {
        "FULFILLED"
    } else if all("NOT_STARTED") {
        "NOT_STARTED"
    } else {
        "IN_PROGRESS"
    };
    for line in order
        .get_mut("lineItems")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        let id = text(line, "lineItemId").to_owned();
        let status = lines.iter().find(|(known, _)| *known == id);
        if let (Some((_, status)), Value::Object(fields)) = (status, line) {
            fields.insert("lineItemFulfillmentStatus".to_owned(), json!(status));
        }
    }
    if let Value::Object(fields) = order {
        fields.insert("orderFulfillmentStatus".to_owned(), json!(whole));
        fields.insert("lastModifiedDate".to_owned(), json!(now));
        let href = format!(
            "https://api.ebay.com/sell/fulfillment/v1/order/{id}/shipping_fulfillment/{package}"
        );
        if let Some(links) = fields
            .entry("fulfillmentHrefs")
            .or_insert_with(|| json!([]))
            .as_array_mut()
        {
            links.push(json!(href));
        }
    }
}
