//! What the operator configures: the client registered in the Google Cloud console.

use connector_core::{Error, ErrorKind, Result, SecretString};
use serde::Deserialize;

/// The OAuth client of a Google Cloud project, of the type "Web application".
///
/// All of it may be left out: nothing can be connected then.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Config {
    /// The client's id, `….apps.googleusercontent.com`.
    pub client_id: Option<String>,
    /// The client's secret.
    pub client_secret: Option<SecretString>,
    /// The developer token of Google Ads. Google ignores it since September 2026 and asks for the
    /// project's access level in its place, so it is sent only where it is set
    /// (developers.google.com/google-ads/api/docs/api-policy/developer-token).
    pub developer_token: Option<SecretString>,
}

impl Config {
    /// The configuration of a client, with everything else as by default.
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
    pub(crate) fn require_client(&self) -> Result<(&str, &SecretString)> {
        let id = self.client_id.as_deref().map(str::trim);
        Ok((
            id.filter(|id| !id.is_empty())
                .ok_or_else(|| missing("client_id"))?,
            self.client_secret
                .as_ref()
                .ok_or_else(|| missing("client_secret"))?,
        ))
    }
}

fn missing(setting: &'static str) -> Error {
    Error::new(
        ErrorKind::ConfigInvalid,
        "the Google client is not configured: set the missing setting in the section \
         platforms.google of the configuration",
    )
    .with("setting", setting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_and_nothing_is_needed() {
        assert!(serde_json::from_str::<Config>("{}").is_ok());
        let error = serde_json::from_str::<Config>(r#"{"api_key":"x"}"#).unwrap_err();
        assert!(error.to_string().contains("api_key"), "{error}");
    }

    #[test]
    fn the_missing_setting_is_named_and_no_secret_is_shown() {
        let config: Config =
            serde_json::from_str(r#"{"client_secret":"hush-hush","developer_token":"hush"}"#)
                .unwrap();
        assert!(!format!("{config:?}").contains("hush"));
        let error = config.require_client().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConfigInvalid);
        assert_eq!(error.context("setting"), Some("client_id"));
    }
}
