//! Connecting: a token is typed in, and tested before anything is stored.

use connector_core::{
    Account, ConnectOutcome, ConnectStep, Endpoint, Error, ErrorKind, Form, Result, Session,
};

use crate::api::{GetBatchOperationQuota, SearchListing, SearchOrders, Test};
use crate::credential::AliasCredential;
use crate::descriptor::{ACCOUNT_NAME, METHOD, TOKEN};

/// The longest token that is taken: far longer than any that alias makes, so longer ones are something
/// else that was pasted.
const LONGEST_TOKEN: usize = 512;

/// The longest name, in characters.
const LONGEST_NAME: usize = 100;

pub(crate) fn step(step: ConnectStep) -> Result<ConnectOutcome<AliasCredential>> {
    match step {
        ConnectStep::Begin { method, form, .. } if method == METHOD => {
            credential(&form).map(ConnectOutcome::Connected)
        }
        ConnectStep::Begin { method, .. } => Err(Error::new(
            ErrorKind::Unsupported,
            "alias can't be connected in this way",
        )
        .with("method", method)),
        _ => Err(Error::new(
            ErrorKind::InputInvalid,
            "a token is connected in one step: start again",
        )),
    }
}

fn credential(form: &Form) -> Result<AliasCredential> {
    let credential = AliasCredential::new(token(form.require(TOKEN)?)?.to_owned().into());
    let name = form.get(ACCOUNT_NAME).unwrap_or_default();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(Error::input(ACCOUNT_NAME, "this is too long for a name"));
    }
    Ok(if name.is_empty() {
        credential
    } else {
        credential.with_account_name(name)
    })
}

/// The token in what was typed. What people paste with it (the header's name, `Bearer`, quotation
/// marks) is taken off; anything else that is no token is refused without being quoted.
fn token(typed: &str) -> Result<&str> {
    let mut token = typed.trim();
    for prefix in ["authorization:", "bearer "] {
        if let Some((start, rest)) = token.split_at_checked(prefix.len())
            && start.eq_ignore_ascii_case(prefix)
        {
            token = rest.trim();
        }
    }
    token = token.trim_matches(['"', '\'']);
    let refuse = |message: &'static str| Err(Error::input(TOKEN, message));
    if token.is_empty() || token.eq_ignore_ascii_case("bearer") {
        return refuse("a value is needed");
    }
    if token.chars().any(char::is_whitespace) {
        return refuse("a token has no white space in it: paste only the token");
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return refuse("a token has only ASCII letters, digits and signs: copy it again");
    }
    if token.len() > LONGEST_TOKEN {
        return refuse("this is too long for a token: paste only the token");
    }
    Ok(token)
}

/// Asks alias whether the token works, and which of the reads that streams need it may do.
pub(crate) async fn test(session: &Session<AliasCredential>) -> Result<Account> {
    if !session.call(&Test).await?.ok {
        return Err(Error::new(
            ErrorKind::ReconnectRequired,
            "alias says that the token is not valid: connect again",
        ));
    }
    let credential = session.credential();
    let mut warnings = Vec::new();
    if credential.account_name().is_none() {
        warnings.push(
            "Alias does not tell whose a token is. Without an account name, a replaced token \
             counts as another account."
                .to_owned(),
        );
    }
    let orders = SearchOrders {
        page_size: Some(1),
        ..SearchOrders::default()
    };
    let listings = SearchListing {
        page_size: Some(1),
        ..SearchListing::default()
    };
    warnings.extend(probe(session, &orders, "orders", "orders and payouts").await?);
    warnings.extend(
        probe(
            session,
            &listings,
            "listings",
            "listings, and what follows from them in the catalog and in market snapshots,",
        )
        .await?,
    );
    warnings.extend(
        probe(
            session,
            &GetBatchOperationQuota,
            "batch operations",
            "batch operations",
        )
        .await?,
    );
    Ok(Account {
        id: credential.account_id(),
        name: match credential.account_name() {
            Some(name) => name.to_owned(),
            None => format!("Alias {}", credential.fingerprint()),
        },
        // Tokens have scopes, but nothing tells which.
        scopes: Vec::new(),
        warnings,
    })
}

/// A warning when the token may not do one read. Any failure but that one leaves the verdict open:
/// the token itself was found good.
async fn probe<E: Endpoint>(
    session: &Session<AliasCredential>,
    endpoint: &E,
    what: &str,
    streams: &str,
) -> Result<Option<String>> {
    match session.call(endpoint).await {
        Ok(_) => Ok(None),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(Some(format!(
            "The token may not read {what}: {streams} can't be synced."
        ))),
        Err(error) if error.kind() == ErrorKind::ReconnectRequired => Err(error),
        Err(error) => Ok(Some(format!(
            "Whether the token may read {what} could not be checked ({}).",
            error.kind()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use connector_core::ExposeSecret as _;

    use super::*;

    fn begin(form: Form) -> Result<AliasCredential> {
        let outcome = step(ConnectStep::Begin {
            method: METHOD.to_owned(),
            form,
            return_to: "http://127.0.0.1/".parse().unwrap(),
        });
        match outcome? {
            ConnectOutcome::Connected(credential) => Ok(credential),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_pasted_with_a_token_is_taken_off() {
        for typed in [
            "tok-1",
            "  tok-1\n",
            "Bearer tok-1",
            "bearer  tok-1",
            "Authorization: Bearer tok-1",
            "\"tok-1\"",
        ] {
            let credential = begin(Form::new().with(TOKEN, typed)).unwrap();
            assert_eq!(credential.token().expose_secret(), "tok-1", "{typed}");
        }
    }

    #[test]
    fn what_is_no_token_is_refused_and_not_quoted() {
        let long = "s3cret".repeat(100);
        for typed in [
            "",
            "  ",
            "Bearer ",
            "s3c ret",
            "s3c\tret",
            "s3cr\u{0}t",
            "s3crét",
            &long,
        ] {
            let error = begin(Form::new().with(TOKEN, typed)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InputInvalid, "{typed}");
            assert_eq!(error.field(), Some(TOKEN), "{typed}");
            assert!(!format!("{error:?}").contains("s3c"), "{typed}");
        }
        assert_eq!(begin(Form::new()).unwrap_err().field(), Some(TOKEN));
    }

    #[test]
    fn a_name_is_tidied() {
        let form = Form::new()
            .with(TOKEN, "t")
            .with(ACCOUNT_NAME, "  my \t shop ");
        assert_eq!(begin(form).unwrap().account_name(), Some("my shop"));
        let blank = Form::new().with(TOKEN, "t").with(ACCOUNT_NAME, "  ");
        assert_eq!(begin(blank).unwrap().account_name(), None);
        let long = Form::new()
            .with(TOKEN, "t")
            .with(ACCOUNT_NAME, "é".repeat(101));
        assert_eq!(begin(long).unwrap_err().field(), Some(ACCOUNT_NAME));
    }

    #[test]
    fn another_method_is_not_this_platforms() {
        let error = step(ConnectStep::Begin {
            method: "oauth".to_owned(),
            form: Form::new(),
            return_to: "http://127.0.0.1/".parse().unwrap(),
        })
        .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
    }
}
