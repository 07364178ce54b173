//! What the seller has. Objects are kept as the documents that eBay serves: clients replace them
//! whole, recordings bring fields of their own, and nothing here needs to understand more of one
//! than the few fields that are read below.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

/// Everything of the one seller.
#[derive(Debug, Default)]
pub(super) struct State {
    /// Inventory items by SKU.
    pub(super) items: BTreeMap<String, Value>,
    /// Offers by number.
    pub(super) offers: BTreeMap<String, Value>,
    /// Inventory locations by the seller's key.
    pub(super) locations: BTreeMap<String, Value>,
    /// Orders by number.
    pub(super) orders: BTreeMap<String, Value>,
    /// The packages of an order, by its number.
    pub(super) shipments: BTreeMap<String, Vec<Value>>,
    /// Money that moved, oldest first.
    pub(super) transactions: Vec<Value>,
    /// Payouts by number.
    pub(super) payouts: BTreeMap<String, Value>,
    /// The country that the seller lives in, which decides whether calls about money must be
    /// signed; `None` for where the demo seller lives.
    pub(super) domicile: Option<String>,
}

impl State {
    /// Puts a transaction in its place in time.
    pub(super) fn book(&mut self, transaction: Value) {
        let at = text(&transaction, "transactionDate").to_owned();
        let place = self
            .transactions
            .partition_point(|known| text(known, "transactionDate") <= at.as_str());
        self.transactions.insert(place, transaction);
    }

    /// The country that the seller lives in.
    pub(super) fn country(&self) -> &str {
        self.domicile.as_deref().unwrap_or("GB")
    }

    /// The offers of a SKU.
    pub(super) fn offers_of<'s>(&'s self, sku: &'s str) -> impl Iterator<Item = &'s Value> {
        self.offers
            .values()
            .filter(move |offer| text(offer, "sku") == sku)
    }

    /// How many stock levels there are: one for each location that an item's quantity is spread
    /// over, one for an item with a quantity alone, none for an item without.
    pub(super) fn level_count(&self) -> usize {
        self.items
            .values()
            .filter_map(|item| item.pointer("/availability/shipToLocationAvailability"))
            .map(|availability| {
                let spread = availability
                    .get("availabilityDistributions")
                    .and_then(Value::as_array)
                    .map_or(0, Vec::len);
                let alone = availability.get("quantity").is_some();
                if spread > 0 {
                    spread
                } else {
                    usize::from(alone)
                }
            })
            .sum()
    }
}

/// A text field of a document; empty where there is none.
pub(super) fn text<'d>(document: &'d Value, field: &str) -> &'d str {
    document
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// A point in time in a document.
pub(super) fn instant(document: &Value, field: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text(document, field))
        .ok()
        .map(|instant| instant.to_utc())
}

/// A point in time as eBay writes it: with milliseconds.
pub(super) fn written(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}
