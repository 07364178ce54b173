//! What a connection to Pinterest stores: an access token, and the refresh token that buys the next
//! pair.
//!
//! Source: developers.pinterest.com, "Set up authentication and authorization", and `oauth/token` of
//! API v5 (5.28.0), read in November 2026.

use chrono::{DateTime, Utc};
use connector_core::{Credential, SecretString, secret};
use serde::{Deserialize, Serialize};

use crate::api::Tokens;

/// The tokens of one account, for one app.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PinterestCredential {
    /// The app that they were given to: with another one they are worth nothing.
    pub client_id: String,
    /// What proves a request, for thirty days.
    #[serde(serialize_with = "secret::expose")]
    pub access_token: SecretString,
    /// When the access token stops working.
    pub expires_at: Option<DateTime<Utc>>,
    /// What buys the next tokens, once: the answer brings another one.
    #[serde(serialize_with = "secret::expose")]
    pub refresh_token: SecretString,
    /// When the refresh token stops working, sixty days after it was given; `None` for one that was
    /// typed in and is as yet unused, or where Pinterest doesn't tell.
    pub refresh_expires_at: Option<DateTime<Utc>>,
    /// Whether the last answer brought no other refresh token, as apps of old have it: this one is
    /// then neither replaced nor prolonged.
    pub refresh_stays: bool,
    /// What was granted.
    pub scopes: Vec<String>,
}

impl PinterestCredential {
    /// What the token endpoint gave. `held` is the refresh token that was paid with, and its end: it
    /// is kept where no other one came.
    ///
    /// `None` where there is neither.
    pub(crate) fn new(
        client_id: &str,
        tokens: Tokens,
        held: Option<(SecretString, Option<DateTime<Utc>>)>,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let refresh_stays = tokens.refresh_token.is_none();
        let (expires_at, given_until) = (tokens.access_ends(now), tokens.refresh_ends(now));
        let (refresh_token, refresh_expires_at) = match tokens.refresh_token {
            Some(token) => (token, given_until),
            None => held?,
        };
        Some(Self {
            client_id: client_id.to_owned(),
            access_token: tokens.access_token,
            expires_at,
            refresh_token,
            refresh_expires_at,
            refresh_stays,
            scopes: scopes(tokens.scope.as_deref().unwrap_or_default()),
        })
    }

    /// Whether a scope was granted.
    #[must_use]
    pub fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| held == scope)
    }
}

/// The scopes in a text: Pinterest asks for commas and answers with spaces, and once answered with
/// commas.
fn scopes(text: &str) -> Vec<String> {
    text.split([',', ' '])
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect()
}

impl Credential for PinterestCredential {
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.expires_at
    }

    /// A refresh token that is replaced with each renewal never has an end that a person must mind.
    fn reconnect_by(&self) -> Option<DateTime<Utc>> {
        self.refresh_expires_at.filter(|_| self.refresh_stays)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use connector_core::ExposeSecret as _;

    fn tokens(json: &str) -> Tokens {
        serde_json::from_str(json).unwrap()
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn a_renewal_takes_over_the_new_refresh_token_and_its_end() {
        let answer = tokens(
            r#"{"access_token":"made-up-a","expires_in":2592000,"refresh_token":"made-up-r2","refresh_token_expires_in":5184000,"refresh_token_expires_at":5184100,"scope":"boards:read,pins:read user_accounts:read"}"#,
        );
        let held = Some(("made-up-r1".to_owned().into(), Some(at(7))));
        let renewed = PinterestCredential::new("1", answer, held, at(100)).unwrap();
        assert_eq!(renewed.refresh_token.expose_secret(), "made-up-r2");
        assert_eq!(renewed.refresh_expires_at, Some(at(5_184_100)));
        assert_eq!(renewed.expires_at(), Some(at(2_592_100)));
        assert_eq!(renewed.reconnect_by(), None);
        assert!(renewed.has("pins:read") && renewed.has("user_accounts:read"));
        assert!(!format!("{renewed:?}").contains("made-up"));
    }

    #[test]
    fn a_silent_renewal_keeps_the_refresh_token_and_what_is_left_of_it() {
        let answer = r#"{"access_token":"made-up-a","scope":""}"#;
        let held = Some(("made-up-r1".to_owned().into(), Some(at(7))));
        let renewed = PinterestCredential::new("1", tokens(answer), held, at(3)).unwrap();
        assert_eq!(renewed.refresh_token.expose_secret(), "made-up-r1");
        assert_eq!(renewed.reconnect_by(), Some(at(7)));
        assert!(PinterestCredential::new("1", tokens(answer), None, at(3)).is_none());
    }
}
