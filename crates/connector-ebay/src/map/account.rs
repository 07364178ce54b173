//! Who the seller is, and what a person should know before relying on the connection.

use std::collections::BTreeSet;

use connector_core::Account;

use crate::api::{Privileges, User};
use crate::config::full_scope;
use crate::credential::EbayCredential;
use crate::descriptor::DESCRIPTOR;

/// The account, known by the id that never changes, as names do.
///
/// `shared_key` is whether the operator configured a signing key for all connections.
#[must_use]
pub fn account(
    user: User,
    privileges: Option<Privileges>,
    credential: &EbayCredential,
    shared_key: bool,
) -> Account {
    let mut warnings = Vec::new();
    if user
        .status
        .as_deref()
        .is_some_and(|status| status != "CONFIRMED")
    {
        warnings.push("eBay says that this account is not confirmed.".to_owned());
    }
    let completed = privileges.and_then(|privileges| privileges.seller_registration_completed);
    if completed == Some(false) {
        warnings.push("The account has not finished signing up to sell on eBay.".to_owned());
    }
    if credential.signing_key.is_none() && !shared_key {
        warnings.push(
            "eBay gave no signing key: payouts of a seller in the European Union or the United \
             Kingdom can't be read until it does. It is asked again whenever access is renewed."
                .to_owned(),
        );
    }
    if !credential.scopes.is_empty() {
        let granted = implied(&credential.scopes);
        for stream in DESCRIPTOR.streams {
            let missing: Vec<&str> = stream
                .scopes
                .iter()
                .copied()
                .filter(|scope| !granted.contains(&full_scope(scope)))
                .collect();
            if !missing.is_empty() {
                warnings.push(format!(
                    "{} can't be read: the consent lacks {}.",
                    stream.label,
                    missing.join(" and ")
                ));
            }
        }
    }
    let business = user
        .business_account
        .and_then(|business| business.doing_business_as);
    let name = [user.username, business]
        .into_iter()
        .flatten()
        .find(|name| !name.trim().is_empty());
    Account {
        name: name.unwrap_or_else(|| user.user_id.clone()),
        id: user.user_id,
        scopes: credential.scopes.clone(),
        warnings,
    }
}

/// The scopes with those that they bring along: whoever may write may read.
fn implied(scopes: &[String]) -> BTreeSet<String> {
    let reading = scopes.iter().map(|scope| format!("{scope}.readonly"));
    scopes.iter().cloned().chain(reading).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn test(user: serde_json::Value, scopes: &[&str]) -> Account {
        let scopes: Vec<String> = scopes.iter().map(|scope| full_scope(scope)).collect();
        let credential = serde_json::from_value(json!({
            "environment": "production", "client_id": "app", "marketplace": "EBAY_GB",
            "access_token": "made-up", "expires_at": null, "refresh_token": "made-up",
            "refresh_expires_at": null, "scopes": scopes, "signing_key": null,
        }))
        .unwrap();
        account(
            serde_json::from_value(user).unwrap(),
            None,
            &credential,
            true,
        )
    }

    #[test]
    fn an_account_is_known_by_the_id_that_never_changes() {
        let all = [
            "sell.inventory",
            "sell.fulfillment",
            "sell.finances",
            "sell.analytics.readonly",
        ];
        let user = json!({"userId": "u-1", "username": "shop", "status": "CONFIRMED"});
        let account = test(user, &all);
        assert_eq!((&*account.id, &*account.name), ("u-1", "shop"));
        assert!(account.warnings.is_empty(), "{:?}", account.warnings);
        assert_eq!(test(json!({"userId": "u-1"}), &all).name, "u-1");
    }

    #[test]
    fn what_is_missing_is_said_with_what_it_costs() {
        let warnings = test(json!({"userId": "u-1"}), &["sell.finances"]).warnings;
        assert!(
            warnings.iter().any(|warning| warning
                == "Orders can't be read: the consent lacks sell.fulfillment.readonly."),
            "{warnings:?}"
        );
        assert!(
            !warnings
                .iter()
                .any(|warning| warning.starts_with("Payouts"))
        );
        assert!(test(json!({"userId": "u-1"}), &[]).warnings.is_empty());
    }
}
