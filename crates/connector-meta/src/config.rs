//! What the operator configures: the app registered at Meta.

use connector_core::{Error, ErrorKind, ExposeSecret as _, Result, SecretString};
use serde::Deserialize;

/// The app registered at developers.facebook.com.
///
/// All of it may be left out: nothing can be connected then, as every call is proven with the app's
/// secret.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Config {
    /// The app's id: digits alone.
    pub app_id: Option<String>,
    /// The app's secret. It also proves calls and signs webhooks.
    pub app_secret: Option<SecretString>,
    /// What Meta shows when it asks whether the address of the webhooks is ours. Made up by the
    /// operator and typed into the app's dashboard. Without it the question stays unanswered.
    pub verify_token: Option<SecretString>,
    /// The configuration of Facebook Login for Business that says what is asked for. Without one,
    /// the permissions of all streams are.
    pub config_id: Option<String>,
}

impl Config {
    /// The configuration of an app, with everything else as by default.
    #[must_use]
    pub fn app(app_id: impl Into<String>, app_secret: SecretString) -> Self {
        Self {
            app_id: Some(app_id.into()),
            app_secret: Some(app_secret),
            ..Self::default()
        }
    }

    /// Id and secret, for what can't be done without.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigInvalid`] naming the one that is missing, or an id that isn't digits.
    pub(crate) fn require_app(&self) -> Result<(&str, &SecretString)> {
        let id = set(self.app_id.as_deref()).ok_or_else(|| missing("app_id"))?;
        if !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::new(
                ErrorKind::ConfigInvalid,
                "the id of the Meta app is digits alone",
            )
            .with("setting", "app_id"));
        }
        let secret = self.app_secret.as_ref();
        Ok((id, secret.ok_or_else(|| missing("app_secret"))?))
    }

    /// The token that Meta shows when it asks whether the address of the webhooks is ours.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigInvalid`] when there is none.
    pub(crate) fn require_verify_token(&self) -> Result<&SecretString> {
        let token = self.verify_token.as_ref();
        token
            .filter(|token| !token.expose_secret().trim().is_empty())
            .ok_or_else(|| missing("verify_token"))
    }

    /// The configuration of the login, where there is one.
    pub(crate) fn login(&self) -> Option<&str> {
        set(self.config_id.as_deref())
    }
}

fn set(value: Option<&str>) -> Option<&str> {
    value.map(str::trim).filter(|value| !value.is_empty())
}

fn missing(setting: &'static str) -> Error {
    Error::new(
        ErrorKind::ConfigInvalid,
        "the Meta app is not configured: set the missing setting in the section platforms.meta of \
         the configuration",
    )
    .with("setting", setting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_and_nothing_is_needed() {
        assert!(serde_json::from_str::<Config>("{}").is_ok());
        let error = serde_json::from_str::<Config>(r#"{"app_token":"x"}"#).unwrap_err();
        assert!(error.to_string().contains("app_token"), "{error}");
    }

    #[test]
    fn the_missing_setting_is_named_and_the_secret_is_not_shown() {
        let config: Config = serde_json::from_str(r#"{"app_secret":"hush-hush"}"#).unwrap();
        assert!(!format!("{config:?}").contains("hush-hush"));
        let error = config.require_app().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConfigInvalid);
        assert_eq!(error.context("setting"), Some("app_id"));
        let only_id: Config = serde_json::from_str(r#"{"app_id":"1"}"#).unwrap();
        let error = only_id.require_app().unwrap_err();
        assert_eq!(error.context("setting"), Some("app_secret"));
        let name = Config::app("my-app", "made-up".to_owned().into());
        assert!(name.require_app().is_err());
    }
}
