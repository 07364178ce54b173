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
use connector_core::{Error, Skipped};

use crate::api::Amount;

pub use account::account;
pub use connector_core::Mapped;
pub use inventory::{TOTAL, inventory_levels, level_id};
pub use listing::listing;
pub use location::location;
pub use order::order;
pub use payout::payout;
pub use product::product;
pub use traffic::{day, traffic};

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
    fn a_country_is_two_letters_or_none() {
        assert_eq!(country(Some("gb")).as_deref(), Some("GB"));
        for odd in ["", "GBR", "G1"] {
            assert_eq!(country(Some(odd)), None);
        }
    }
}
