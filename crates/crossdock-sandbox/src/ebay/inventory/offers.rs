//! Offers: an item at a price on one site, listed or not.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::answer;
use crate::platform::Call;
use crate::world::World;

use super::super::money;
use super::super::refusal::{Outcome, Refusal};
use super::super::request::{self, Offset};
use super::super::state::{State, text};
use super::{DOMAIN, bad, not_found, page, set};

/// What an offer must say before it can be listed, as pointers into it.
const NEEDED: [&str; 6] = [
    "/categoryId",
    "/merchantLocationKey",
    "/pricingSummary/price/value",
    "/listingPolicies/fulfillmentPolicyId",
    "/listingPolicies/paymentPolicyId",
    "/listingPolicies/returnPolicyId",
];

/// `GET offer?sku=`: the offers of one item. An item without any is refused, and so is asking for
/// no item.
pub(super) fn list(state: &State, call: &Call<'_>) -> Outcome<Response<Bytes>> {
    let page = page(call, 100, 200, Offset::Pages)?;
    let sku = call
        .query("sku")
        .filter(|sku| !sku.is_empty())
        .ok_or_else(|| bad(25709, "Invalid value for sku.").with("fieldName", "sku"))?;
    let is = |name: &str, offer: &Value, field: &str| {
        call.query(name)
            .is_none_or(|wanted| wanted == text(offer, field))
    };
    let found: Vec<Value> = state
        .offers_of(sku)
        .filter(|offer| {
            is("marketplace_id", offer, "marketplaceId") && is("format", offer, "format")
        })
        .cloned()
        .collect();
    if found.is_empty() {
        return Err(unavailable(StatusCode::NOT_FOUND));
    }
    let offers = page.cut(&found);
    let said = json!({"total": found.len(), "size": offers.len(), "limit": page.limit});
    Ok(request::list(
        page.links(call, found.len()),
        said,
        "offers",
        offers,
    ))
}

/// `GET offer/{id}`.
pub(super) fn get(state: &State, id: &str) -> Outcome<Response<Bytes>> {
    let offer = state
        .offers
        .get(id)
        .ok_or_else(|| unavailable(StatusCode::NOT_FOUND))?;
    Ok(answer::json(StatusCode::OK, offer))
}

/// `POST offer`.
pub(super) fn create(
    state: &mut State,
    call: &Call<'_>,
    world: &mut World,
) -> Outcome<Response<Bytes>> {
    request::content_language(call)?;
    let mut offer = request::body(call)?;
    for field in ["sku", "marketplaceId", "format"] {
        if text(&offer, field).is_empty() {
            return Err(bad(25709, &format!("Invalid value for {field}.")).with("fieldName", field));
        }
    }
    let sku = text(&offer, "sku").to_owned();
    if !state.items.contains_key(&sku) {
        return Err(bad(25702, "The SKU was not found.").with("skuValue", sku));
    }
    let same = |known: &&Value| {
        ["marketplaceId", "format"]
            .iter()
            .all(|field| text(known, field) == text(&offer, field))
    };
    if let Some(known) = state.offers_of(&sku).find(same) {
        let id = text(known, "offerId");
        return Err(bad(25002, "The offer exists already.").with("offerId", id));
    }
    let id = loop {
        let id = format!("{}", 9_000_000_000 + world.serial());
        if !state.offers.contains_key(&id) {
            break id;
        }
    };
    complete(&mut offer);
    set(
        &mut offer,
        [("offerId", json!(id)), ("status", json!("UNPUBLISHED"))],
    );
    state.offers.insert(id.clone(), offer);
    Ok(answer::json(StatusCode::CREATED, &json!({"offerId": id})))
}

/// What eBay sets where a request says nothing.
fn complete(offer: &mut Value) {
    if let Value::Object(fields) = offer {
        for (name, default) in [
            ("listingDuration", json!("GTC")),
            ("includeCatalogProductDetails", json!(true)),
            ("hideBuyerDetails", json!(false)),
            ("listingPolicies", json!({})),
            ("pricingSummary", json!({})),
        ] {
            fields.entry(name).or_insert(default);
        }
    }
}

/// `PUT offer/{id}`: replaces the offer, but for what says whose and where it is. A live listing
/// follows at once.
pub(super) fn update(state: &mut State, call: &Call<'_>, id: &str) -> Outcome<Response<Bytes>> {
    request::content_language(call)?;
    let mut offer = request::body(call)?;
    let known = state
        .offers
        .get(id)
        .ok_or_else(|| unavailable(StatusCode::NOT_FOUND))?;
    complete(&mut offer);
    for field in [
        "offerId",
        "sku",
        "marketplaceId",
        "format",
        "status",
        "listing",
    ] {
        if let Some(kept) = known.get(field) {
            set(&mut offer, [(field, kept.clone())]);
        }
    }
    let sku = text(&offer, "sku").to_owned();
    state.offers.insert(id.to_owned(), offer);
    refresh_listings(state, &sku);
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

/// `DELETE offer/{id}`: a live listing ends.
pub(super) fn delete(state: &mut State, id: &str) -> Outcome<Response<Bytes>> {
    state
        .offers
        .remove(id)
        .ok_or_else(|| unavailable(StatusCode::NOT_FOUND))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

/// `POST offer/{id}/publish`: makes a listing, whose number is new each time. An offer that has one
/// keeps it, with a warning.
pub(super) fn publish(state: &mut State, id: &str, world: &mut World) -> Outcome<Response<Bytes>> {
    let offer = state
        .offers
        .get(id)
        .ok_or_else(|| unavailable(StatusCode::NOT_FOUND))?;
    if let Some(listing) = offer.pointer("/listing/listingId") {
        let warning = json!({
            "errorId": 25402,
            "domain": DOMAIN,
            "category": "APPLICATION",
            "message": "The offer is listed already.",
        });
        let body = json!({"listingId": listing, "warnings": [warning]});
        return Ok(answer::json(StatusCode::OK, &body));
    }
    if let Some(missing) = NEEDED.iter().find(|needed| offer.pointer(needed).is_none()) {
        let field = missing.rsplit('/').next().unwrap_or_default();
        return Err(bad(25002, &format!("{field} is missing.")).with("fieldName", field));
    }
    let sku = text(offer, "sku").to_owned();
    let listing = format!("{}", 146_000_000_000 + world.serial());
    if let Some(offer) = state.offers.get_mut(id) {
        let details = json!({"listingId": listing, "listingStatus": "ACTIVE", "soldQuantity": 0});
        set(
            offer,
            [("status", json!("PUBLISHED")), ("listing", details)],
        );
    }
    refresh_listings(state, &sku);
    Ok(answer::json(StatusCode::OK, &json!({"listingId": listing})))
}

/// `POST offer/{id}/withdraw`: the listing ends, the offer stays.
pub(super) fn withdraw(state: &mut State, id: &str) -> Outcome<Response<Bytes>> {
    let offer = state
        .offers
        .get_mut(id)
        .ok_or_else(|| unavailable(StatusCode::NOT_FOUND))?;
    let listing = offer
        .pointer("/listing/listingId")
        .cloned()
        .ok_or_else(|| bad(25002, "The offer isn't listed."))?;
    if let Value::Object(fields) = offer {
        fields.remove("listing");
    }
    set(offer, [("status", json!("UNPUBLISHED"))]);
    Ok(answer::json(StatusCode::OK, &json!({"listingId": listing})))
}

/// Brings the state of an item's listings up to its quantity.
pub(super) fn refresh_listings(state: &mut State, sku: &str) {
    let stock = state
        .items
        .get(sku)
        .and_then(|item| item.pointer("/availability/shipToLocationAvailability/quantity"))
        .and_then(Value::as_u64)
        .unwrap_or(0);
    for offer in state
        .offers
        .values_mut()
        .filter(|offer| text(offer, "sku") == sku)
    {
        let offered = offer.get("availableQuantity").and_then(Value::as_u64);
        let status = if offered.unwrap_or(stock).min(stock) == 0 {
            "OUT_OF_STOCK"
        } else {
            "ACTIVE"
        };
        if let Some(listing) = offer.get_mut("listing") {
            set(listing, [("listingStatus", json!(status))]);
        }
    }
}

/// Takes sold units out of an item's stock, and notes them on its listing.
pub(crate) fn sell(state: &mut State, sku: &str, quantity: u64) {
    if let Some(stock) = state
        .items
        .get_mut(sku)
        .and_then(|item| item.pointer_mut("/availability/shipToLocationAvailability/quantity"))
    {
        *stock = json!(stock.as_u64().unwrap_or(0).saturating_sub(quantity));
    }
    for offer in state
        .offers
        .values_mut()
        .filter(|offer| text(offer, "sku") == sku)
    {
        if let Some(sold) = offer.pointer_mut("/listing/soldQuantity") {
            *sold = json!(sold.as_u64().unwrap_or(0) + quantity);
        }
    }
    refresh_listings(state, sku);
}

/// Changes an offer's price or quantity.
pub(super) fn revise(offer: &mut Value, request: &Value) -> Outcome<()> {
    let price = request.get("price");
    let quantity = request.get("availableQuantity");
    if price.is_none() && quantity.is_none() {
        return Err(bad(25709, "Invalid value for price.").with("fieldName", "price"));
    }
    if let Some(price) = price {
        if money::cents(price).is_none_or(|cents| cents <= 0) {
            return Err(bad(25709, "Invalid value for price.").with("fieldName", "price"));
        }
        if let Some(summary) = offer.get_mut("pricingSummary") {
            set(summary, [("price", price.clone())]);
        }
    }
    if let Some(quantity) = quantity {
        if quantity.as_u64().is_none() {
            let message = "Invalid value for availableQuantity.";
            return Err(bad(25709, message).with("fieldName", "availableQuantity"));
        }
        set(offer, [("availableQuantity", quantity.clone())]);
    }
    Ok(())
}

/// The refusal of an offer that isn't there.
pub(super) fn unavailable(status: StatusCode) -> Refusal {
    Refusal::new(status, 25713, DOMAIN, "This offer is not available.")
}

/// The refusal of an item that isn't there, in a list of results.
pub(super) fn no_item() -> Refusal {
    not_found()
}
