//! An order as it is served: with or without the taxes that eBay collects, and without the buyer's
//! particulars once it is old.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::super::money;
use super::super::state::instant;

/// How long a buyer's particulars are served.
const PARTICULARS: TimeDelta = TimeDelta::days(90);

/// An order as a single read serves it.
pub(super) fn order(order: &Value, taxes: bool, now: DateTime<Utc>) -> Value {
    let mut shown = order.clone();
    let is_old = instant(&shown, "creationDate").is_some_and(|created| created < now - PARTICULARS);
    if is_old {
        mask(&mut shown);
    }
    if taxes {
        add_taxes(&mut shown);
    }
    shown
}

/// An order as a list serves it: its cancellation requests are left out, always.
pub(super) fn listed(mut order: Value) -> Value {
    if let Some(requests) = order.pointer_mut("/cancelStatus/cancelRequests") {
        *requests = json!([]);
    }
    order
}

/// Takes out who the buyer is and where exactly they live; town and postal code stay.
fn mask(order: &mut Value) {
    let steps = order
        .get_mut("fulfillmentStartInstructions")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .filter_map(|step| step.pointer_mut("/shippingStep/shipTo"));
    for contact in steps {
        mask_contact(contact);
    }
    if let Some(contact) = order.pointer_mut("/buyer/buyerRegistrationAddress") {
        mask_contact(contact);
    }
}

fn mask_contact(contact: &mut Value) {
    remove(
        contact,
        &["fullName", "companyName", "primaryPhone", "email"],
    );
    if let Some(address) = contact.get_mut("contactAddress") {
        remove(address, &["addressLine1", "addressLine2"]);
    }
}

fn remove(document: &mut Value, names: &[&str]) {
    if let Value::Object(fields) = document {
        fields.retain(|name, _| !names.contains(&name.as_str()));
    }
}

/// Adds the taxes that eBay collects to the totals, which leave them out otherwise.
fn add_taxes(order: &mut Value) {
    let mut collected = 0;
    let lines = order
        .get_mut("lineItems")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten();
    for line in lines {
        let taxes: i64 = line
            .get("ebayCollectAndRemitTaxes")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|tax| money::cents(tax.get("amount")?))
            .sum();
        collected += taxes;
        add(line.get_mut("total"), taxes);
    }
    if collected == 0 {
        return;
    }
    add(order.pointer_mut("/pricingSummary/total"), collected);
    let currency = order
        .pointer("/pricingSummary/total")
        .map(|total| money::currency(total).to_owned());
    if let (Some(Value::Object(summary)), Some(currency)) =
        (order.get_mut("pricingSummary"), currency)
    {
        summary.insert("tax".to_owned(), money::amount(collected, &currency));
    }
}

fn add(amount: Option<&mut Value>, cents: i64) {
    if let Some(amount) = amount
        && let Some(before) = money::cents(amount)
    {
        *amount = money::amount(before + cents, money::currency(amount));
    }
}
