//! What the operator configures: the app registered at Shopify.

use connector_core::{Error, ErrorKind, Result, SecretString};
use serde::{Deserialize, Deserializer};

/// The scopes that are asked for unless the operator says otherwise: what the streams read.
///
/// `read_all_orders` (orders older than 60 days) and `read_customers` (which customer bought) are
/// left out, as Shopify must approve an app for them first.
pub const DEFAULT_SCOPES: [&str; 6] = [
    "read_products",
    "read_inventory",
    "read_locations",
    "read_orders",
    "read_shopify_payments_accounts",
    "read_shopify_payments_payouts",
];

/// The app registered at Shopify, and the version of the Admin API.
///
/// All of it may be left out: custom-app tokens can then still be used, OAuth and webhooks not.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Config {
    /// The app's client id.
    pub client_id: Option<String>,
    /// The app's client secret. It also proves callbacks and webhooks.
    pub client_secret: Option<SecretString>,
    /// The secret before the last rotation. Shopify may sign with it for up to an hour afterwards.
    pub previous_client_secret: Option<SecretString>,
    /// The access scopes to ask a merchant for: a list, or one text with commas or spaces between
    /// them, as an environment variable has it.
    #[serde(deserialize_with = "scopes")]
    pub scopes: Vec<String>,
    /// The version of the Admin API, `YYYY-MM`. Everything here was written against 2026-10.
    pub api_version: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            client_id: None,
            client_secret: None,
            previous_client_secret: None,
            scopes: DEFAULT_SCOPES.map(str::to_owned).to_vec(),
            api_version: String::from("2026-10"),
        }
    }
}

impl Config {
    /// The configuration of an app, with everything else as by default.
    #[must_use]
    pub fn app(client_id: impl Into<String>, client_secret: SecretString) -> Self {
        Self {
            client_id: Some(client_id.into()),
            client_secret: Some(client_secret),
            ..Self::default()
        }
    }

    /// Client id and secret, for what can't be done without.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigInvalid`] naming the one that is missing.
    pub(crate) fn require_app(&self) -> Result<(&str, &SecretString)> {
        let missing = |setting: &'static str| {
            Error::new(
                ErrorKind::ConfigInvalid,
                "the Shopify app is not configured: set the missing setting in the section \
                 platforms.shopify of the configuration",
            )
            .with("setting", setting)
        };
        let id = self.client_id.as_deref().filter(|id| !id.is_empty());
        Ok((
            id.ok_or_else(|| missing("client_id"))?,
            self.client_secret
                .as_ref()
                .ok_or_else(|| missing("client_secret"))?,
        ))
    }

    /// The secrets that may have signed what Shopify sends, newest first.
    pub(crate) fn signing_secrets(&self) -> Vec<SecretString> {
        let secrets = [&self.client_secret, &self.previous_client_secret];
        secrets.into_iter().flatten().cloned().collect()
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

    #[test]
    fn an_unknown_key_is_refused_and_nothing_is_needed() {
        assert!(serde_json::from_str::<Config>("{}").is_ok());
        let error = serde_json::from_str::<Config>(r#"{"client_ident":"x"}"#).unwrap_err();
        assert!(error.to_string().contains("client_ident"), "{error}");
    }

    #[test]
    fn scopes_are_a_list_or_one_text() {
        for json in [
            r#"{"scopes":["read_products","read_orders"]}"#,
            r#"{"scopes":"read_products,read_orders"}"#,
            r#"{"scopes":" read_products, read_orders "}"#,
            "{\"scopes\":\"read_products read_orders\\n\"}",
        ] {
            let config: Config = serde_json::from_str(json).unwrap();
            assert_eq!(config.scopes, ["read_products", "read_orders"], "{json}");
        }
        let config: Config = serde_json::from_str("{}").unwrap();
        assert_eq!(config.scopes, DEFAULT_SCOPES);
        let error = serde_json::from_str::<Config>(r#"{"scopes":7}"#).unwrap_err();
        assert!(error.to_string().contains("list of scopes"), "{error}");
    }

    #[test]
    fn the_missing_setting_is_named_and_the_secret_is_not_shown() {
        let config: Config = serde_json::from_str(r#"{"client_secret":"hush-hush"}"#).unwrap();
        let error = config.require_app().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConfigInvalid);
        assert_eq!(error.context("setting"), Some("client_id"));
        assert!(!format!("{config:?}").contains("hush-hush"));
        let config = Config {
            client_id: Some("id".to_owned()),
            ..Config::default()
        };
        let error = config.require_app().unwrap_err();
        assert_eq!(error.context("setting"), Some("client_secret"));
    }
}
