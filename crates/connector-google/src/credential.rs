//! What a connection to a Google account stores.

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::oauth::Grant;
use connector_core::{Credential, Error, ErrorKind, Result, SecretString, secret};
use serde::{Deserialize, Serialize};

use crate::service::Service;

/// How long an access token lives where the answer doesn't say
/// (developers.google.com/identity/protocols/oauth2/web-server).
const LIFE: TimeDelta = TimeDelta::seconds(3_599);

/// A Google account's grant, what renews it, and what is to be read with it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GoogleCredential {
    /// What proves a request.
    #[serde(serialize_with = "secret::expose")]
    pub access_token: SecretString,
    /// When the access token stops working.
    pub expires_at: DateTime<Utc>,
    /// What buys the next access token. Google doesn't change it.
    #[serde(serialize_with = "secret::expose")]
    pub refresh_token: SecretString,
    /// When the person consented.
    pub consented_at: DateTime<Utc>,
    /// When the grant was last renewed.
    pub renewed_at: DateTime<Utc>,
    /// When the grant ends, where the person gave it for a time or the app is still being tested.
    pub consent_ends: Option<DateTime<Utc>>,
    /// What was granted, which may be less than what was asked for: boxes can be unticked.
    pub scopes: Vec<String>,
    /// The services that were asked for.
    pub services: Vec<Service>,
    /// What to read of them, as `analytics:properties/1`. Empty for everything.
    #[serde(default)]
    pub sources: Vec<String>,
}

impl GoogleCredential {
    /// What a consent gave at this time. A grant without a refresh token is none: Google leaves it
    /// out where the person didn't see the consent page.
    pub(crate) fn from_consent(
        grant: Grant,
        services: Vec<Service>,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        Some(Self {
            expires_at: now + life(&grant),
            consent_ends: ends(&grant, now),
            scopes: scopes(&grant).unwrap_or_default(),
            access_token: grant.access_token,
            refresh_token: grant.refresh_token?,
            consented_at: now,
            renewed_at: now,
            services,
            sources: Vec::new(),
        })
    }

    /// A grant that was obtained elsewhere, by the same client: for programs of one's own. It is taken
    /// to cover these services, and is renewed before its first use, which brings what it does cover.
    #[must_use]
    pub fn of_refresh_token(
        refresh_token: SecretString,
        services: Vec<Service>,
        now: DateTime<Utc>,
    ) -> Self {
        let scopes = services.iter().flat_map(|service| service.scopes());
        Self {
            access_token: String::new().into(),
            expires_at: now,
            refresh_token,
            consented_at: now,
            renewed_at: now,
            consent_ends: None,
            scopes: scopes.map(|scope| (*scope).to_owned()).collect(),
            services,
            sources: Vec::new(),
        }
    }

    /// The same grant with what renewing it gave.
    pub(crate) fn renewed(&self, grant: Grant, now: DateTime<Utc>) -> Self {
        Self {
            expires_at: now + life(&grant),
            consent_ends: ends(&grant, now).or(self.consent_ends),
            scopes: scopes(&grant).unwrap_or_else(|| self.scopes.clone()),
            access_token: grant.access_token,
            refresh_token: grant
                .refresh_token
                .unwrap_or_else(|| self.refresh_token.clone()),
            renewed_at: now,
            ..self.clone()
        }
    }

    /// That a service was granted.
    ///
    /// # Errors
    /// [`ErrorKind::PermissionDenied`] naming the service and the box to tick.
    pub fn require(&self, service: Service) -> Result<()> {
        if service.is_granted(&self.scopes) {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::PermissionDenied,
            "the consent doesn't cover this service: connect again, and leave its box ticked",
        )
        .with("service", service.title())
        .with("scope", service.scopes().join(" ")))
    }
}

impl Credential for GoogleCredential {
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        Some(self.expires_at)
    }

    fn reconnect_by(&self) -> Option<DateTime<Utc>> {
        self.consent_ends
    }
}

fn life(grant: &Grant) -> TimeDelta {
    grant
        .expires_in
        .and_then(|life| TimeDelta::from_std(life).ok())
        .unwrap_or(LIFE)
}

fn ends(grant: &Grant, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let life = TimeDelta::from_std(grant.refresh_token_expires_in?).ok()?;
    now.checked_add_signed(life)
}

fn scopes(grant: &Grant) -> Option<Vec<String>> {
    let scopes = grant.scope.as_deref()?;
    Some(scopes.split_whitespace().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use connector_core::ExposeSecret as _;

    use super::*;

    fn grant(refresh: Option<&str>, ends: Option<u64>, scope: Option<&str>) -> Grant {
        Grant {
            access_token: "made-up-access".to_owned().into(),
            refresh_token: refresh.map(|token| token.to_owned().into()),
            expires_in: Some(Duration::from_secs(3_599)),
            refresh_token_expires_in: ends.map(Duration::from_secs),
            scope: scope.map(str::to_owned),
        }
    }

    #[test]
    fn a_refresh_token_is_kept_and_the_end_of_a_test_is_known() {
        let now = DateTime::UNIX_EPOCH;
        let scope = "https://www.googleapis.com/auth/analytics.readonly openid";
        let first = grant(Some("one"), Some(604_799), Some(scope));
        let first = GoogleCredential::from_consent(first, vec![Service::Analytics], now).unwrap();
        assert_eq!(first.scopes.len(), 2);
        let end = now + TimeDelta::seconds(604_799);
        assert_eq!(first.reconnect_by(), Some(end));
        let later = now + TimeDelta::days(1);
        let same = first.renewed(grant(None, None, None), later);
        assert_eq!(same.refresh_token.expose_secret(), "one");
        assert_eq!(same.reconnect_by(), Some(end));
        assert_eq!((same.consented_at, same.renewed_at), (now, later));
        assert_eq!(same.scopes, first.scopes);
    }

    #[test]
    fn what_was_not_granted_is_named() {
        let now = DateTime::UNIX_EPOCH;
        let none = GoogleCredential::from_consent(grant(None, None, None), Vec::new(), now);
        assert!(none.is_none());
        let bare = grant(Some("one"), None, Some("openid"));
        let bare = GoogleCredential::from_consent(bare, vec![Service::Ads], now).unwrap();
        let error = bare.require(Service::Ads).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
        assert_eq!(error.context("service"), Some("Google Ads"));
    }
}
