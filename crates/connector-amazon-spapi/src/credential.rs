//! What a connection to a selling partner stores.

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::oauth::Grant;
use connector_core::{Credential, SecretString, secret};
use serde::{Deserialize, Serialize};

use crate::region::Server;

/// How long a seller's consent lasts, however often it is renewed (developer-docs.amazon.com, "Renew
/// authorizations").
const CONSENT: TimeDelta = TimeDelta::days(365);

/// How long an access token lives where the answer doesn't say (developer-docs.amazon.com, "Connect
/// to the Selling Partner API").
const LIFE: TimeDelta = TimeDelta::hours(1);

/// A selling partner's grant in one region, and what renews it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AmazonCredential {
    /// Where it is good.
    pub server: Server,
    /// Who granted it: the seller id that listings are asked for with.
    pub selling_partner_id: String,
    /// The marketplace in which it was granted, where the seller named one.
    #[serde(default)]
    pub home: Option<String>,
    /// What proves a request.
    #[serde(serialize_with = "secret::expose")]
    pub access_token: SecretString,
    /// When the access token stops working.
    pub expires_at: DateTime<Utc>,
    /// What buys the next access token.
    #[serde(serialize_with = "secret::expose")]
    pub refresh_token: SecretString,
    /// When the seller must consent again; `None` for an application that authorised itself.
    pub consent_ends: Option<DateTime<Utc>>,
}

impl AmazonCredential {
    /// What a seller's consent gave at this time. A grant without a refresh token has none to give:
    /// `None`.
    pub(crate) fn from_consent(
        server: Server,
        selling_partner_id: String,
        grant: Grant,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        Some(Self {
            server,
            selling_partner_id,
            home: None,
            expires_at: now + life(&grant),
            access_token: grant.access_token,
            refresh_token: grant.refresh_token?,
            consent_ends: Some(now + CONSENT),
        })
    }

    /// What an application's own refresh token gave at this time.
    pub(crate) fn from_refresh_token(
        server: Server,
        selling_partner_id: String,
        refresh_token: SecretString,
        grant: Grant,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            server,
            selling_partner_id,
            home: None,
            expires_at: now + life(&grant),
            access_token: grant.access_token,
            // Amazon repeats the token, and may one day give another.
            refresh_token: grant.refresh_token.unwrap_or(refresh_token),
            consent_ends: None,
        }
    }

    /// The same grant, of a seller whose marketplace this is.
    pub(crate) fn at_home_in(self, marketplace_id: Option<&str>) -> Self {
        Self {
            home: marketplace_id.map(str::to_owned),
            ..self
        }
    }

    /// The same grant with what renewing it gave.
    pub(crate) fn renewed(&self, grant: Grant, now: DateTime<Utc>) -> Self {
        Self {
            expires_at: now + life(&grant),
            access_token: grant.access_token,
            refresh_token: grant
                .refresh_token
                .unwrap_or_else(|| self.refresh_token.clone()),
            ..self.clone()
        }
    }
}

impl Credential for AmazonCredential {
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

#[cfg(test)]
mod tests {
    use connector_core::ExposeSecret as _;

    use super::*;
    use crate::region::{Environment, Region};

    fn grant(refresh: Option<&str>) -> Grant {
        Grant {
            access_token: "made-up-access".to_owned().into(),
            refresh_token: refresh.map(|token| token.to_owned().into()),
            expires_in: Some(std::time::Duration::from_secs(3600)),
            refresh_token_expires_in: None,
            scope: None,
        }
    }

    fn server() -> Server {
        Server::new(Region::NorthAmerica, Environment::Production)
    }

    #[test]
    fn a_refresh_token_is_kept_unless_another_comes() {
        let now = DateTime::UNIX_EPOCH;
        let first =
            AmazonCredential::from_consent(server(), "A0".to_owned(), grant(Some("one")), now);
        let first = first.unwrap();
        assert_eq!(first.reconnect_by(), Some(now + CONSENT));
        let later = now + TimeDelta::days(1);
        let same = first.renewed(grant(None), later);
        assert_eq!(same.refresh_token.expose_secret(), "one");
        assert_eq!(same.expires_at, later + LIFE);
        // Renewing doesn't make the consent last longer.
        assert_eq!(same.reconnect_by(), Some(now + CONSENT));
        let other = first.renewed(grant(Some("two")), later);
        assert_eq!(other.refresh_token.expose_secret(), "two");
    }

    #[test]
    fn a_consent_without_a_refresh_token_is_none() {
        let now = DateTime::UNIX_EPOCH;
        let none = AmazonCredential::from_consent(server(), "A0".to_owned(), grant(None), now);
        assert!(none.is_none());
    }
}
