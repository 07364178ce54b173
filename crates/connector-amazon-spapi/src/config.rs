//! What the operator configures: the application registered at Amazon.

use connector_core::{Error, ErrorKind, Result, SecretString};
use serde::Deserialize;

/// The application registered in Seller Central or the Solution Provider Portal.
///
/// All of it may be left out: nothing can be connected then.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Config {
    /// The application's id, `amzn1.sp.solution.…`, which the consent page asks for. It is not the
    /// client id.
    pub application_id: Option<String>,
    /// The client id of Login with Amazon, `amzn1.application-oa2-client.…`.
    pub client_id: Option<String>,
    /// The client secret of Login with Amazon. Amazon wants it changed every 180 days; connections
    /// outlive that.
    pub client_secret: Option<SecretString>,
    /// Whether the application is still a draft, which the consent page must be told.
    pub draft: bool,
    /// What whoever forwards notifications proves itself with: sent as `Authorization: Bearer …`.
    /// Without it no notification is taken.
    pub notification_token: Option<SecretString>,
}

impl Config {
    /// The configuration of an application, with everything else as by default.
    #[must_use]
    pub fn app(
        application_id: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: SecretString,
    ) -> Self {
        Self {
            application_id: Some(application_id.into()),
            client_id: Some(client_id.into()),
            client_secret: Some(client_secret),
            ..Self::default()
        }
    }

    /// The application's id, for the consent page.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigInvalid`] when it is missing, or is the client id: a mistake that Amazon
    /// would show to the seller as MD1000.
    pub(crate) fn require_application(&self) -> Result<&str> {
        let id = set(self.application_id.as_deref()).ok_or_else(|| missing("application_id"))?;
        if id.starts_with("amzn1.application-oa2-client.") {
            return Err(Error::new(
                ErrorKind::ConfigInvalid,
                "the Amazon application id is a client id: the application id begins with \
                 amzn1.sp.solution",
            )
            .with("setting", "application_id"));
        }
        Ok(id)
    }

    /// Client id and secret, for what can't be done without.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigInvalid`] naming the one that is missing.
    pub(crate) fn require_client(&self) -> Result<(&str, &SecretString)> {
        Ok((
            set(self.client_id.as_deref()).ok_or_else(|| missing("client_id"))?,
            self.client_secret
                .as_ref()
                .ok_or_else(|| missing("client_secret"))?,
        ))
    }
}

fn set(value: Option<&str>) -> Option<&str> {
    value.map(str::trim).filter(|value| !value.is_empty())
}

fn missing(setting: &'static str) -> Error {
    Error::new(
        ErrorKind::ConfigInvalid,
        "the Amazon application is not configured: set the missing setting in the section \
         platforms.amazon_spapi of the configuration",
    )
    .with("setting", setting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_and_nothing_is_needed() {
        assert!(serde_json::from_str::<Config>("{}").is_ok());
        let error = serde_json::from_str::<Config>(r#"{"aws_key":"x"}"#).unwrap_err();
        assert!(error.to_string().contains("aws_key"), "{error}");
    }

    #[test]
    fn the_missing_setting_is_named_and_the_secret_is_not_shown() {
        let config: Config = serde_json::from_str(r#"{"client_secret":"hush-hush"}"#).unwrap();
        assert!(!format!("{config:?}").contains("hush-hush"));
        let error = config.require_client().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConfigInvalid);
        assert_eq!(error.context("setting"), Some("client_id"));
        let error = config.require_application().unwrap_err();
        assert_eq!(error.context("setting"), Some("application_id"));
    }

    #[test]
    fn a_client_id_is_not_taken_for_the_application() {
        let config = Config::app(
            "amzn1.application-oa2-client.made-up",
            "amzn1.application-oa2-client.made-up",
            "made-up".to_owned().into(),
        );
        let error = config.require_application().unwrap_err();
        assert_eq!(error.context("setting"), Some("application_id"));
    }
}
