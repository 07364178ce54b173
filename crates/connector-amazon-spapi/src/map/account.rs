//! A selling partner as a person knows it.

use connector_core::Account;

use crate::api::MarketplaceParticipation;
use crate::credential::AmazonCredential;
use crate::marketplace;
use crate::region::Environment;

/// The account that a credential is of.
///
/// Its id is the seller id, which notifications name too. Amazon tells nobody which roles an
/// application has, so there are no scopes: a refusal names what is missing.
pub(crate) fn account(
    credential: &AmazonCredential,
    participations: &[MarketplaceParticipation],
) -> Account {
    let id = credential.selling_partner_id.clone();
    let taking_part = || {
        participations.iter().filter(|one| {
            one.participation.is_participating && marketplace::find(&one.marketplace.id).is_some()
        })
    };
    let store = taking_part()
        .find_map(|one| one.store_name.clone())
        .filter(|name| !name.trim().is_empty());
    let mut warnings = Vec::new();
    if credential.server.environment == Environment::Sandbox {
        warnings.push(
            "This is Amazon's static sandbox: it gives fixed answers to fixed questions."
                .to_owned(),
        );
    }
    if taking_part().next().is_none() {
        warnings.push("The account sells in no marketplace of this region.".to_owned());
    }
    let suspended: Vec<&str> = taking_part()
        .filter(|one| one.participation.has_suspended_listings)
        .map(|one| one.marketplace.country_code.as_str())
        .collect();
    if !suspended.is_empty() {
        warnings.push(format!(
            "Amazon has suspended listings in {}.",
            suspended.join(", ")
        ));
    }
    Account {
        name: store.unwrap_or_else(|| id.clone()),
        id,
        scopes: Vec::new(),
        warnings,
    }
}
