//! What the operator configures: the keysets registered at eBay, and what notifications need.

use connector_core::{Error, ErrorKind, ExposeSecret, Result, SecretString};
use serde::{Deserialize, Deserializer};

use crate::environment::Environment;
use crate::signing::SigningKey;

/// What every scope of eBay's begins with, and by itself the scope of what needs no other.
pub(crate) const BASE_SCOPE: &str = "https://api.ebay.com/oauth/api_scope";

/// The scopes that are asked for unless the operator says otherwise: what the streams read, and
/// what notifications of the seller's own orders need.
pub const DEFAULT_SCOPES: [&str; 8] = [
    "https://api.ebay.com/oauth/api_scope",
    "https://api.ebay.com/oauth/api_scope/sell.inventory.readonly",
    "https://api.ebay.com/oauth/api_scope/sell.fulfillment.readonly",
    "https://api.ebay.com/oauth/api_scope/sell.finances",
    "https://api.ebay.com/oauth/api_scope/sell.analytics.readonly",
    "https://api.ebay.com/oauth/api_scope/sell.account.readonly",
    "https://api.ebay.com/oauth/api_scope/commerce.identity.readonly",
    "https://api.ebay.com/oauth/api_scope/commerce.notification.subscription",
];

/// The keysets registered at eBay. Each environment has its own.
///
/// `client_id` and `client_secret` are needed for everything, `ru_name` for OAuth, the verification
/// token for notifications.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Config {
    /// The App ID of the production keyset.
    pub client_id: Option<String>,
    /// The Cert ID of the production keyset.
    pub client_secret: Option<SecretString>,
    /// The RuName of the production keyset: eBay's name for the addresses to send people back to,
    /// which are set in the developer portal and never sent.
    pub ru_name: Option<String>,
    /// The App ID of the sandbox keyset.
    pub sandbox_client_id: Option<String>,
    /// The Cert ID of the sandbox keyset.
    pub sandbox_client_secret: Option<SecretString>,
    /// The RuName of the sandbox keyset.
    pub sandbox_ru_name: Option<String>,
    /// The scopes to ask a seller for: a list, or one text with commas or spaces between them. What
    /// comes after the last `/` is enough: `sell.inventory`.
    #[serde(deserialize_with = "scopes")]
    pub scopes: Vec<String>,
    /// What notifications are answered with when eBay asks whether an address is ours: 32 to 80
    /// letters, digits, `_` and `-`, freely chosen.
    pub verification_token: Option<SecretString>,
    /// Where eBay writes to when notifications can't be delivered.
    pub alert_email: Option<String>,
    /// The application's own signing key, where all connections are to share one: the JWE that eBay
    /// gave with it. Without it each connection gets a key of its own.
    pub signing_jwe: Option<SecretString>,
    /// The private half of that key: PKCS #8 in base64, as eBay gave it, once.
    pub signing_private_key: Option<SecretString>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            client_id: None,
            client_secret: None,
            ru_name: None,
            sandbox_client_id: None,
            sandbox_client_secret: None,
            sandbox_ru_name: None,
            scopes: DEFAULT_SCOPES.map(str::to_owned).to_vec(),
            verification_token: None,
            alert_email: None,
            signing_jwe: None,
            signing_private_key: None,
        }
    }
}

/// One environment's keyset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keyset<'c> {
    pub(crate) client_id: &'c str,
    pub(crate) client_secret: &'c SecretString,
    pub(crate) ru_name: Option<&'c str>,
}

impl Config {
    /// The configuration of a production keyset, with everything else as by default.
    #[must_use]
    pub fn keyset(client_id: impl Into<String>, client_secret: SecretString) -> Self {
        Self {
            client_id: Some(client_id.into()),
            client_secret: Some(client_secret),
            ..Self::default()
        }
    }

    /// The keyset of an environment.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigInvalid`] naming the setting that is missing.
    pub(crate) fn require_keyset(&self, environment: Environment) -> Result<Keyset<'_>> {
        let (id, secret, ru_name) = match environment {
            Environment::Production => (&self.client_id, &self.client_secret, &self.ru_name),
            Environment::Sandbox => (
                &self.sandbox_client_id,
                &self.sandbox_client_secret,
                &self.sandbox_ru_name,
            ),
        };
        let names = match environment {
            Environment::Production => ["client_id", "client_secret"],
            Environment::Sandbox => ["sandbox_client_id", "sandbox_client_secret"],
        };
        Ok(Keyset {
            client_id: filled(id.as_deref()).ok_or_else(|| missing(names[0]))?,
            client_secret: secret.as_ref().ok_or_else(|| missing(names[1]))?,
            ru_name: filled(ru_name.as_deref()),
        })
    }

    /// The RuName of an environment.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigInvalid`] where there is none, and for an address in its place, which is
    /// the usual mistake.
    pub(crate) fn require_ru_name(&self, environment: Environment) -> Result<&str> {
        let name = match environment {
            Environment::Production => "ru_name",
            Environment::Sandbox => "sandbox_ru_name",
        };
        let ru_name = self
            .require_keyset(environment)?
            .ru_name
            .ok_or_else(|| missing(name))?;
        if ru_name.contains("://") {
            return Err(Error::new(
                ErrorKind::ConfigInvalid,
                "the RuName is an address: eBay wants the name that the developer portal has for it",
            )
            .with("setting", name));
        }
        Ok(ru_name)
    }

    /// What notifications are verified with, in its right form.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigInvalid`].
    pub(crate) fn require_verification_token(&self) -> Result<&str> {
        let token = self
            .verification_token
            .as_ref()
            .map(ExposeSecret::expose_secret)
            .ok_or_else(|| missing("verification_token"))?;
        let right = (32..=80).contains(&token.len())
            && token
                .bytes()
                .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, b'_' | b'-'));
        if right {
            Ok(token)
        } else {
            Err(Error::new(
                ErrorKind::ConfigInvalid,
                "the verification token must have 32 to 80 letters, digits, _ and -",
            )
            .with("setting", "verification_token"))
        }
    }

    /// The scopes to ask for, in full.
    pub(crate) fn full_scopes(&self) -> Vec<String> {
        self.scopes.iter().map(|scope| full_scope(scope)).collect()
    }

    /// The signing key that all connections share, where there is one.
    pub(crate) fn signing_key(&self) -> Option<SigningKey> {
        Some(SigningKey {
            id: None,
            jwe: self.signing_jwe.clone()?,
            private_key: self.signing_private_key.clone()?,
            expires_at: None,
        })
    }
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn missing(setting: &'static str) -> Error {
    Error::new(
        ErrorKind::ConfigInvalid,
        "the eBay keyset is not configured: set the missing setting in the section platforms.ebay of \
         the configuration",
    )
    .with("setting", setting)
}

/// A scope as eBay writes it.
pub(crate) fn full_scope(scope: &str) -> String {
    if scope.contains("://") {
        scope.to_owned()
    } else if scope == "api_scope" {
        BASE_SCOPE.to_owned()
    } else {
        format!("{BASE_SCOPE}/{scope}")
    }
}

fn scopes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(
        untagged,
        expecting = "a list of scopes, or one text with commas or spaces between them"
    )]
    enum Scopes {
        List(Vec<String>),
        Text(String),
    }

    Ok(match Scopes::deserialize(deserializer)? {
        Scopes::List(list) => list,
        Scopes::Text(text) => text
            .split(|letter: char| letter == ',' || letter.is_whitespace())
            .filter(|scope| !scope.is_empty())
            .map(str::to_owned)
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Config {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn each_environment_has_its_own_keyset_and_the_missing_setting_is_named() {
        let config = read(r#"{"client_id":"app","client_secret":"hush","ru_name":"App-Ru"}"#);
        let keyset = config.require_keyset(Environment::Production).unwrap();
        assert_eq!(keyset.client_id, "app");
        let error = config.require_keyset(Environment::Sandbox).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConfigInvalid);
        assert_eq!(error.context("setting"), Some("sandbox_client_id"));
        let error = read(r#"{"client_id":" "}"#)
            .require_keyset(Environment::Production)
            .unwrap_err();
        assert_eq!(error.context("setting"), Some("client_id"));
        assert!(!format!("{config:?}").contains("hush"));
        assert!(serde_json::from_str::<Config>(r#"{"app":"x"}"#).is_err());
    }

    #[test]
    fn an_address_is_no_ru_name() {
        let config = read(
            r#"{"client_id":"a","client_secret":"b","ru_name":"https://host.example/callback"}"#,
        );
        let error = config.require_ru_name(Environment::Production).unwrap_err();
        assert_eq!(error.context("setting"), Some("ru_name"));
    }

    #[test]
    fn a_verification_token_has_the_form_that_ebay_wants() {
        let token = |token: &str| read(&format!(r#"{{"verification_token":"{token}"}}"#));
        assert!(token(&"a".repeat(32)).require_verification_token().is_ok());
        for wrong in [
            "short".to_owned(),
            "a".repeat(81),
            "ä".repeat(40),
            " ".repeat(40),
        ] {
            assert!(
                token(&wrong).require_verification_token().is_err(),
                "{wrong}"
            );
        }
    }

    #[test]
    fn scopes_may_be_short_and_are_full_on_the_wire() {
        let config = read(r#"{"scopes":"api_scope, sell.inventory"}"#);
        assert_eq!(
            config.full_scopes(),
            [
                BASE_SCOPE.to_owned(),
                format!("{BASE_SCOPE}/sell.inventory")
            ]
        );
        assert_eq!(Config::default().full_scopes(), DEFAULT_SCOPES);
        let config = read(r#"{"scopes":["sell.finances"]}"#);
        assert_eq!(
            config.full_scopes(),
            [format!("{BASE_SCOPE}/sell.finances")]
        );
    }
}
