//! What the operator configures: the app registered at Pinterest.

use connector_core::{Error, ErrorKind, Result, SecretString};
use serde::Deserialize;

/// The app registered at developers.pinterest.com.
///
/// All of it may be left out: nothing can be connected then, as tokens are only given to an app.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Config {
    /// The app's id: digits alone.
    pub client_id: Option<String>,
    /// The app's secret key.
    pub client_secret: Option<SecretString>,
}

impl Config {
    /// The configuration of an app.
    #[must_use]
    pub fn app(client_id: impl Into<String>, client_secret: SecretString) -> Self {
        Self {
            client_id: Some(client_id.into()),
            client_secret: Some(client_secret),
        }
    }

    /// Id and secret, for what can't be done without.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigInvalid`] naming the one that is missing, or an id that isn't digits.
    pub(crate) fn require_app(&self) -> Result<(&str, &SecretString)> {
        let id = self.client_id.as_deref().map(str::trim);
        let id = id.filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| missing("client_id"))?;
        if !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::new(
                ErrorKind::ConfigInvalid,
                "the id of the Pinterest app is digits alone",
            )
            .with("setting", "client_id"));
        }
        let secret = self.client_secret.as_ref();
        Ok((id, secret.ok_or_else(|| missing("client_secret"))?))
    }
}

fn missing(setting: &'static str) -> Error {
    Error::new(
        ErrorKind::ConfigInvalid,
        "the Pinterest app is not configured: set the missing setting in the section \
         platforms.pinterest of the configuration",
    )
    .with("setting", setting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_and_nothing_is_needed() {
        assert!(serde_json::from_str::<Config>("{}").is_ok());
        let error = serde_json::from_str::<Config>(r#"{"app_id":"x"}"#).unwrap_err();
        assert!(error.to_string().contains("app_id"), "{error}");
    }

    #[test]
    fn the_missing_setting_is_named_and_the_secret_is_not_shown() {
        let config: Config = serde_json::from_str(r#"{"client_secret":"hush-hush"}"#).unwrap();
        assert!(!format!("{config:?}").contains("hush-hush"));
        let error = config.require_app().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConfigInvalid);
        assert_eq!(error.context("setting"), Some("client_id"));
        let only_id: Config = serde_json::from_str(r#"{"client_id":"1"}"#).unwrap();
        let error = only_id.require_app().unwrap_err();
        assert_eq!(error.context("setting"), Some("client_secret"));
        let name = Config::app("my-app", "made-up".to_owned().into());
        assert!(name.require_app().is_err());
    }
}
