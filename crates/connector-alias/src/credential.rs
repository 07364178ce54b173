//! What a connection to Alias stores: one token that never expires, and what its owner calls the
//! account.

use chrono::{DateTime, Utc};
use connector_core::{Credential, ExposeSecret as _, SecretString, secret};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A personal access token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AliasCredential {
    #[serde(serialize_with = "secret::expose")]
    token: SecretString,
    account_name: Option<String>,
}

impl AliasCredential {
    /// A credential of this token, as it is sent: without `Bearer`.
    #[must_use]
    pub fn new(token: SecretString) -> Self {
        Self {
            token,
            account_name: None,
        }
    }

    /// The same, with a name for the account, which makes it the same account when the token is
    /// replaced.
    #[must_use]
    pub fn with_account_name(self, name: impl Into<String>) -> Self {
        Self {
            account_name: Some(name.into()),
            ..self
        }
    }

    /// What its owner calls the account.
    #[must_use]
    pub fn account_name(&self) -> Option<&str> {
        self.account_name.as_deref()
    }

    /// The token, for the dialect alone.
    pub(crate) fn token(&self) -> &SecretString {
        &self.token
    }

    /// The account's id. Alias tells nobody whose a token is, so it is the name that was given, or a
    /// fingerprint of the token: then another token is another account, and no two sellers' data
    /// can get mixed.
    pub(crate) fn account_id(&self) -> String {
        match &self.account_name {
            Some(name) => format!("name:{}", name.to_lowercase()),
            None => format!("token:{}", self.fingerprint()),
        }
    }

    /// The first 48 bits of the token's SHA-256: they tell tokens apart and give nothing away.
    pub(crate) fn fingerprint(&self) -> String {
        Sha256::digest(self.token.expose_secret().as_bytes())
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

impl Credential for AliasCredential {
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credential(token: &str) -> AliasCredential {
        AliasCredential::new(token.to_owned().into())
    }

    #[test]
    fn an_account_is_its_name_or_else_its_token() {
        let (old, new) = (credential("old"), credential("new"));
        assert_ne!(old.account_id(), new.account_id());
        assert_eq!(old.account_id(), credential("old").account_id());
        let named = |credential: AliasCredential, name: &str| {
            credential.with_account_name(name).account_id()
        };
        assert_eq!(named(old.clone(), "Main"), named(new.clone(), "main"));
        assert_ne!(named(old.clone(), "main"), named(new, "second"));
        // A name that looks like a fingerprint is not one.
        let pretender = credential("x").with_account_name(format!("token:{}", old.fingerprint()));
        assert_ne!(old.account_id(), pretender.account_id());
    }

    #[test]
    fn only_its_json_holds_the_token() {
        let credential = credential("s3cret");
        assert!(!format!("{credential:?}").contains("s3cret"));
        let json = serde_json::to_string(&credential).unwrap();
        assert!(json.contains("s3cret"));
        let read: AliasCredential = serde_json::from_str(&json).unwrap();
        assert_eq!(read.token().expose_secret(), "s3cret");
    }
}
