//! What a connection turned out to be.

use std::collections::BTreeSet;

use connector_core::Account;

use crate::api::{Answer, ShopData};
use crate::descriptor::DESCRIPTOR;
use crate::shop_domain::ShopDomain;

/// The account behind a connection that was made under `connected_as`, with what its owner should
/// know: scopes that are missing, a window that cuts history, a domain that has changed.
#[must_use]
pub fn account(connected_as: &ShopDomain, answer: Answer<ShopData>) -> Account {
    let ShopData {
        shop,
        current_app_installation,
    } = answer.data;
    let scopes: Vec<String> = current_app_installation
        .access_scopes
        .into_iter()
        .map(|scope| scope.handle)
        .collect();
    let granted = implied(&scopes);
    let mut warnings = answer.notes;
    if shop.myshopify_domain != connected_as.as_str() {
        warnings.push(format!(
            "The shop is now {}: connect it again with that domain before the old one ends.",
            shop.myshopify_domain
        ));
    }
    for stream in DESCRIPTOR.streams {
        let missing: Vec<&str> = stream
            .scopes
            .iter()
            .copied()
            .filter(|scope| !granted.contains(*scope))
            .collect();
        if !missing.is_empty() {
            warnings.push(format!(
                "{} can't be read: the app lacks {}.",
                stream.label,
                missing.join(" and ")
            ));
        }
    }
    if granted.contains("read_orders") && !granted.contains("read_all_orders") {
        warnings.push(String::from(
            "Only orders of the last 60 days can be read: the app lacks read_all_orders.",
        ));
    }
    Account {
        id: shop.myshopify_domain,
        name: shop.name,
        scopes,
        warnings,
    }
}

/// The scopes with those that they bring along: whoever may write may read, and Shopify lists only
/// the former. Locations come with stock, and the payments scope has both of its halves.
fn implied(scopes: &[String]) -> BTreeSet<String> {
    let mut granted: BTreeSet<String> = scopes.iter().cloned().collect();
    granted.extend(
        scopes
            .iter()
            .filter_map(|scope| scope.strip_prefix("write_"))
            .map(|what| format!("read_{what}")),
    );
    if granted.contains("read_inventory") {
        granted.insert(String::from("read_locations"));
    }
    if granted.contains("read_shopify_payments") {
        granted.insert(String::from("read_shopify_payments_accounts"));
        granted.insert(String::from("read_shopify_payments_payouts"));
    }
    granted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{AccessScope, AppInstallation, Shop};

    fn test(domain: &str, scopes: &[&str]) -> Account {
        let access_scopes = scopes
            .iter()
            .map(|scope| AccessScope {
                handle: (*scope).to_owned(),
            })
            .collect();
        let data = ShopData {
            shop: Shop {
                name: "Black Tees".to_owned(),
                myshopify_domain: domain.to_owned(),
                currency_code: "EUR".to_owned(),
            },
            current_app_installation: AppInstallation { access_scopes },
        };
        let shop = ShopDomain::parse("black-tees.myshopify.com").unwrap();
        account(
            &shop,
            Answer {
                data,
                notes: Vec::new(),
            },
        )
    }

    #[test]
    fn writing_brings_reading_and_nothing_is_missing() {
        let account = test(
            "black-tees.myshopify.com",
            &[
                "write_products",
                "read_inventory",
                "read_orders",
                "read_all_orders",
                "read_shopify_payments",
            ],
        );
        assert_eq!(account.id, "black-tees.myshopify.com");
        assert!(account.warnings.is_empty(), "{:?}", account.warnings);
    }

    #[test]
    fn what_is_missing_is_said_with_what_it_costs() {
        let warnings = test("white-tees.myshopify.com", &["read_orders"]).warnings;
        let has = |part: &str| warnings.iter().any(|warning| warning.contains(part));
        assert!(has("white-tees.myshopify.com"));
        assert!(has("Products can't be read: the app lacks read_products"));
        assert!(has("60 days"));
        assert!(!has("Orders can't be read"));
    }
}
