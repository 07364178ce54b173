//! Whose a connection is, and what to know before relying on it.

use chrono::{DateTime, Utc};
use connector_core::Account;

use crate::api::{Somebody, TokenFacts};
use crate::credential::MetaCredential;
use crate::descriptor::{DESCRIPTOR, SCOPES};
use crate::notices;

/// The account behind a token, by what Meta says of the token now.
pub(crate) fn account(
    me: Somebody,
    token: TokenFacts,
    credential: &MetaCredential,
    now: DateTime<Utc>,
) -> Account {
    let current = MetaCredential {
        token_ends: token.token_ends(),
        data_access_ends: token.data_access_ends(),
        scopes: token.scopes,
        ..credential.clone()
    };
    let mut warnings = notices::of_credential(&current, now);
    warnings.extend(missing(&current));
    if current.pages.is_empty() {
        warnings.push(
            "No page is shared with the app, so that nothing of pages can be read: connect again and \
             choose some"
                .to_owned(),
        );
    }
    Account {
        name: me.name.unwrap_or_else(|| me.id.clone()),
        id: me.id,
        scopes: current.scopes,
        warnings,
    }
}

/// Each permission that is missing, and the streams that it costs.
fn missing(credential: &MetaCredential) -> impl Iterator<Item = String> {
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
                "The permission {scope} is missing: it is needed for {costs}"
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::tests::made_up;

    fn of(token: TokenFacts) -> Account {
        let me = Somebody {
            id: "7".to_owned(),
            name: None,
        };
        account(me, token, &made_up(), DateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_missing_permission_is_named_with_what_it_costs() {
        let mut scopes: Vec<String> = SCOPES.iter().map(|scope| (*scope).to_owned()).collect();
        let all = of(TokenFacts {
            scopes: scopes.clone(),
            ..TokenFacts::default()
        });
        assert_eq!((all.name.as_str(), all.warnings.len()), ("7", 0));
        scopes.retain(|scope| scope != "read_insights");
        let fewer = of(TokenFacts {
            scopes,
            ..TokenFacts::default()
        });
        assert_eq!(fewer.warnings.len(), 1, "{:?}", fewer.warnings);
        assert!(fewer.warnings[0].contains("Page metrics"));
    }

    #[test]
    fn what_meta_says_now_counts_for_the_ends() {
        let account = of(TokenFacts {
            data_access_expires_at: Some(3 * 86_400),
            ..TokenFacts::default()
        });
        assert!(
            account.warnings[0].contains("1970-01-04"),
            "{:?}",
            account.warnings
        );
    }
}
