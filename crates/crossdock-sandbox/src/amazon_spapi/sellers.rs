//! Sellers v1: where an account sells.

use serde_json::{Value, json};

use super::account::Account;

/// `getMarketplaceParticipations`.
pub(super) fn participations(account: &Account) -> Value {
    json!({"payload": list(account)})
}

/// `getAccount`. It does not name the seller's id: only the consent page hands that over.
pub(super) fn account(account: &Account) -> Value {
    let country = account
        .participations
        .first()
        .map_or("US", |(marketplace, _)| marketplace.country);
    let address = json!({
        "addressLine1": "1 Sandbox Street",
        "countryCode": country,
        "city": "Testville",
        "postalCode": "00001",
    });
    json!({"payload": {
        "marketplaceParticipationList": list(account),
        "businessType": "PRIVATE_LIMITED",
        "sellingPlan": "PROFESSIONAL",
        "business": {"name": account.store, "registeredBusinessAddress": address},
        "primaryContact": {"name": "Sam Sandbox", "address": address},
    }})
}

fn list(account: &Account) -> Vec<Value> {
    let entry = |(marketplace, selling): &(&'static super::hosts::Marketplace, bool)| {
        json!({
            "marketplace": {
                "id": marketplace.id,
                "countryCode": marketplace.country,
                "name": marketplace.name,
                "defaultCurrencyCode": marketplace.currency,
                "defaultLanguageCode": marketplace.language,
                "domainName": marketplace.domain(),
            },
            "storeName": account.store,
            "participation": {"isParticipating": selling, "hasSuspendedListings": false},
        })
    };
    account.participations.iter().map(entry).collect()
}
