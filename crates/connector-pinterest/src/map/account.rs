//! Whose a connection is, and what to know before relying on it.

use connector_core::Account;

use super::text;
use crate::api::UserAccount;
use crate::credential::PinterestCredential;
use crate::descriptor::{ACCOUNT_METRICS, DESCRIPTOR, SCOPES};

/// The account behind a token.
pub(crate) fn account(user: UserAccount, credential: &PinterestCredential) -> Account {
    let mut warnings: Vec<String> = Vec::new();
    if user.account_type.as_deref() != Some("BUSINESS") {
        let costs = DESCRIPTOR.stream(ACCOUNT_METRICS);
        let costs = costs.map_or(ACCOUNT_METRICS, |stream| stream.label);
        warnings.push(format!(
            "It is no business account: Pinterest gives it no {costs}"
        ));
    }
    warnings.extend(missing(credential));
    Account {
        name: text(user.business_name)
            .or(user.username)
            .unwrap_or_else(|| user.id.clone()),
        id: user.id,
        scopes: credential.scopes.clone(),
        warnings,
    }
}

/// Each scope that is missing, and the streams that it costs.
fn missing(credential: &PinterestCredential) -> impl Iterator<Item = String> {
    SCOPES
        .iter()
        .filter(|scope| !credential.has(scope))
        .filter_map(|scope| {
            let streams = DESCRIPTOR.streams.iter();
            let costs: Vec<&str> = streams
                .filter(|stream| stream.scopes.contains(scope))
                .map(|stream| stream.label)
                .collect();
            let costs = (!costs.is_empty()).then(|| costs.join(", "))?;
            Some(format!(
                "The scope {scope} is missing: it is needed for {costs}"
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: &str, scopes: &[&str]) -> Account {
        let user = format!(r#"{{"id":"7","username":"studio","account_type":"{kind}"}}"#);
        let credential = serde_json::json!({
            "client_id": "1", "access_token": "made-up", "expires_at": null,
            "refresh_token": "made-up", "refresh_expires_at": null, "refresh_stays": false,
            "scopes": scopes,
        });
        let credential = serde_json::from_value(credential).unwrap();
        account(serde_json::from_str(&user).unwrap(), &credential)
    }

    #[test]
    fn what_is_missing_is_named_with_what_it_costs() {
        let all = of("BUSINESS", SCOPES);
        assert_eq!((all.name.as_str(), all.warnings.len()), ("studio", 0));
        let person = of("PINNER", SCOPES);
        assert!(person.warnings[0].contains("Account metrics"));
        let mut fewer = SCOPES.to_vec();
        fewer.retain(|scope| *scope != "pins:read");
        let fewer = of("BUSINESS", &fewer);
        assert_eq!(fewer.warnings.len(), 1, "{:?}", fewer.warnings);
        assert!(fewer.warnings[0].contains("Pin metrics"));
    }
}
