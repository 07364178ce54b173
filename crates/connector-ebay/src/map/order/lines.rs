//! The lines of an order.

use std::collections::BTreeSet;

use connector_core::Result;
use connector_core::model::{Currency, Money, OrderLine};

use super::super::{filled, in_currency, unique};
use super::sum;
use crate::api;

/// A line's taxes. With the breakdown those that eBay collects stand in both lists.
pub(super) fn line_tax(line: &api::LineItem, currency: Currency) -> Result<Option<Money>> {
    let collected = &line.ebay_collect_and_remit_taxes;
    let is_there = |tax: &&api::Tax| {
        let kind = tax.tax_type.as_deref();
        kind.is_none()
            || !collected
                .iter()
                .any(|known| known.tax_type.as_deref() == kind)
    };
    let own = line
        .taxes
        .iter()
        .filter(is_there)
        .map(|tax| tax.amount.as_ref());
    let amounts: Vec<_> = collected
        .iter()
        .map(|tax| tax.amount.as_ref())
        .chain(own)
        .collect();
    sum(currency, &amounts)
}

/// What was bought.
pub(super) fn lines(lines: &[api::LineItem], currency: Currency) -> Result<Vec<OrderLine>> {
    let mut known = BTreeSet::new();
    lines
        .iter()
        .map(|line| {
            let quantity = line.quantity.unwrap_or(1);
            let cost = in_currency(currency, line.line_item_cost.as_ref())?;
            let discounted = in_currency(currency, line.discounted_line_item_cost.as_ref())?;
            let aspects: Vec<&str> = line
                .variation_aspects
                .iter()
                .filter_map(|aspect| aspect.value.as_deref())
                .collect();
            Ok(OrderLine {
                external_id: unique(line.line_item_id.clone(), &mut known),
                title: line.title.clone().unwrap_or_default(),
                variant_title: filled(Some(&aspects.join(" / "))),
                sku: filled(line.sku.as_deref()),
                product_external_id: filled(line.sku.as_deref()),
                variant_external_id: filled(line.sku.as_deref()),
                listing_external_id: filled(line.legacy_item_id.as_deref()),
                quantity,
                current_quantity: None,
                unit_price: cost.and_then(|cost| each(cost, quantity)),
                discount: cost
                    .zip(discounted)
                    .map(|(cost, discounted)| cost.minor.saturating_sub(discounted.minor))
                    .filter(|taken| *taken >= 0)
                    .map(|taken| Money::new(taken, currency)),
                tax: line_tax(line, currency)?,
                total: discounted.or(cost),
            })
        })
        .collect()
}

/// The price of one piece, where it is one that can be paid.
fn each(cost: Money, quantity: i64) -> Option<Money> {
    (quantity > 0 && cost.minor.checked_rem(quantity) == Some(0))
        .then(|| Money::new(cost.minor / quantity, cost.currency))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_that_cannot_be_divided_is_none() {
        assert_eq!(each(Money::new(1_000, Currency::USD), 3), None);
        assert_eq!(each(Money::new(999, Currency::USD), 3).unwrap().minor, 333);
        assert_eq!(each(Money::new(999, Currency::USD), 0), None);
    }
}
