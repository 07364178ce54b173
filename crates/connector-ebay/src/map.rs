//! From eBay's words to the unified models: pure and total.
//!
//! What can't be mapped is [`Skipped`] with its reason and never fails what came with it. Items and
//! levels are known by their SKU, offers, orders and payouts by eBay's ids.

mod account;
mod inventory;
mod listing;
mod location;
mod order;
mod payout;
mod product;
mod traffic;

use connector_core::model::{Currency, Money};
use connector_core::{Error, Record, Skipped};
use serde_json::value::RawValue;

use crate::api::{Amount, Entry};

pub use account::account;
pub use inventory::{TOTAL, inventory_levels, level_id};
pub use listing::listing;
pub use location::location;
pub use order::order;
pub use payout::payout;
pub use product::product;
pub use traffic::{day, traffic};

/// What a thing became: a record, or why it didn't.
pub type Mapped = Result<Record, Skipped>;

/// Maps an entry, and keeps its JSON where that is wanted. One that can't be read is named by the
/// field `id`, if that much of it can be.
pub(crate) fn entry<T>(
    entry: Entry<T>,
    id: &str,
    keep_raw: bool,
    map: impl FnOnce(T) -> Mapped,
) -> Mapped {
    let (value, raw) = entry.into_parts();
    match value {
        Ok(value) => map(value).map(|record| record.with_raw(keep_raw.then_some(raw))),
        Err(error) => Err(unreadable(&error, &raw, id)),
    }
}

/// Why an entry has no record.
pub(crate) fn unreadable(error: &Error, raw: &RawValue, id: &str) -> Skipped {
    let fields: Option<serde_json::Value> = serde_json::from_str(raw.get()).ok();
    let external_id = fields
        .as_ref()
        .and_then(|fields| fields.get(id)?.as_str())
        .map(str::to_owned);
    let reason = match error.context("path") {
        Some(path) => format!("{} at {path}", error.message()),
        None => error.message().to_owned(),
    };
    Skipped {
        external_id,
        reason,
    }
}

/// Why a thing could not become a record.
fn skipped(id: &str, error: &Error) -> Skipped {
    Skipped {
        external_id: Some(id.to_owned()),
        reason: error.to_string(),
    }
}

/// An amount in a currency; `None` where it is in another.
fn in_currency(
    currency: Currency,
    amount: Option<&Amount>,
) -> connector_core::Result<Option<Money>> {
    let money = amount.map(|amount| amount.money_or(currency)).transpose()?;
    Ok(money.filter(|money| money.currency == currency))
}

/// A text that says something.
fn filled(text: Option<&str>) -> Option<String> {
    text.map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// A country as ISO 3166-1 alpha-2 has it.
fn country(code: Option<&str>) -> Option<String> {
    let code = filled(code)?.to_ascii_uppercase();
    (code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_uppercase())).then_some(code)
}

/// An id that none before it has: what is there twice gets a number.
fn unique(id: String, known: &mut std::collections::BTreeSet<String>) -> String {
    if known.insert(id.clone()) {
        return id;
    }
    let mut number = 2;
    loop {
        let own = format!("{id}#{number}");
        if known.insert(own.clone()) {
            return own;
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_is_there_already_gets_a_number() {
        let mut known = std::collections::BTreeSet::new();
        let ids: Vec<String> = ["a", "a", "b", "a"]
            .into_iter()
            .map(|id| unique(id.to_owned(), &mut known))
            .collect();
        assert_eq!(ids, ["a", "a#2", "b", "a#3"]);
    }

    #[test]
    fn an_entry_that_cannot_be_read_is_named_all_the_same() {
        let odd: Entry<crate::api::Offer> =
            serde_json::from_str(r#"{"offerId":"8","availableQuantity":"many"}"#).unwrap();
        let why = entry(odd, "offerId", false, |_| panic!("it can't be read")).unwrap_err();
        assert_eq!(why.external_id.as_deref(), Some("8"));
        assert!(why.reason.contains("availableQuantity"), "{}", why.reason);
    }

    #[test]
    fn a_country_is_two_letters_or_none() {
        assert_eq!(country(Some("gb")).as_deref(), Some("GB"));
        for odd in ["", "GBR", "G1"] {
            assert_eq!(country(Some(odd)), None);
        }
    }
}
