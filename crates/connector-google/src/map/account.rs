//! Who is connected, and what of it doesn't work.

use connector_core::Account;

use crate::api::UserInfo;
use crate::credential::GoogleCredential;

/// The account, with a warning for each service that was asked for and not granted.
pub(crate) fn account(person: UserInfo, credential: &GoogleCredential) -> Account {
    let mut warnings: Vec<String> = credential
        .services
        .iter()
        .filter(|service| !service.is_granted(&credential.scopes))
        .map(|service| {
            format!(
                "{} was not granted: connect again, and leave its box ticked.",
                service.title()
            )
        })
        .collect();
    if let Some(end) = credential.consent_ends {
        warnings.push(format!(
            "The grant ends on {}: it was given for a time, or the app's publishing status is \
             Testing.",
            end.date_naive()
        ));
    }
    Account {
        name: person
            .email
            .or(person.name)
            .unwrap_or_else(|| person.id.clone()),
        id: person.id,
        scopes: credential.scopes.clone(),
        warnings,
    }
}
