//! What a connection stores: a seller's tokens, and the key that signs calls about money.

use chrono::{DateTime, Utc};
use connector_core::oauth::Grant;
use connector_core::{Credential, SecretString, secret};
use serde::{Deserialize, Serialize};

use crate::environment::Environment;
use crate::marketplace::Marketplace;
use crate::signing::SigningKey;

/// A seller's tokens in one environment, for one keyset.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EbayCredential {
    /// Where the tokens work.
    pub environment: Environment,
    /// The App ID that they were given to: with another one they are worth nothing.
    pub client_id: String,
    /// The seller's site: its language is asked for, and its money and traffic.
    pub marketplace: Marketplace,
    /// What proves a request, for two hours.
    #[serde(serialize_with = "secret::expose")]
    pub access_token: SecretString,
    /// When the access token stops working.
    pub expires_at: Option<DateTime<Utc>>,
    /// What buys the next access token. It is neither replaced nor prolonged by that.
    #[serde(serialize_with = "secret::expose")]
    pub refresh_token: SecretString,
    /// When the refresh token stops working, eighteen months after the consent; `None` for one that
    /// was typed in, as eBay doesn't tell.
    pub refresh_expires_at: Option<DateTime<Utc>>,
    /// What was asked for and so granted, in full; empty for a refresh token that was typed in, as
    /// eBay doesn't tell.
    pub scopes: Vec<String>,
    /// What signs calls about money; `None` where eBay could not be asked for one yet, and where the
    /// operator configured one for all.
    pub signing_key: Option<SigningKey>,
}

/// Whose tokens they are, besides the tokens.
#[derive(Clone, Debug)]
pub(crate) struct Owner {
    pub(crate) environment: Environment,
    pub(crate) client_id: String,
    pub(crate) marketplace: Marketplace,
    pub(crate) scopes: Vec<String>,
}

impl EbayCredential {
    /// What the token endpoint gave for a refresh token, or with one.
    pub(crate) fn new(
        owner: Owner,
        grant: Grant,
        refresh_token: SecretString,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            environment: owner.environment,
            client_id: owner.client_id,
            marketplace: owner.marketplace,
            access_token: grant.access_token,
            expires_at: grant.expires_in.map(|life| now + life),
            // Neither documented nor seen, but a new one would be the one to keep.
            refresh_token: grant.refresh_token.unwrap_or(refresh_token),
            refresh_expires_at: grant.refresh_token_expires_in.map(|life| now + life),
            scopes: owner.scopes,
            signing_key: None,
        }
    }

    /// The same with what a renewal gave. What the answer leaves out stays: it has no refresh token.
    pub(crate) fn renewed(&self, grant: Grant, now: DateTime<Utc>) -> Self {
        let mut renewed = self.clone();
        renewed.access_token = grant.access_token;
        renewed.expires_at = grant.expires_in.map(|life| now + life);
        if let Some(token) = grant.refresh_token {
            renewed.refresh_token = token;
        }
        if let Some(life) = grant.refresh_token_expires_in {
            renewed.refresh_expires_at = Some(now + life);
        }
        renewed
    }
}

impl Credential for EbayCredential {
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.expires_at
    }

    fn reconnect_by(&self) -> Option<DateTime<Utc>> {
        self.refresh_expires_at
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use connector_core::ExposeSecret as _;

    fn grant(refresh: Option<&str>) -> Grant {
        Grant {
            access_token: "access".to_owned().into(),
            refresh_token: refresh.map(|token| token.to_owned().into()),
            expires_in: Some(Duration::from_secs(7_200)),
            refresh_token_expires_in: refresh.map(|_| Duration::from_secs(47_304_000)),
            scope: None,
        }
    }

    #[test]
    fn a_renewal_keeps_the_refresh_token_and_its_end() {
        let owner = Owner {
            environment: Environment::Production,
            client_id: "app".to_owned(),
            marketplace: Marketplace::known("EBAY_GB").unwrap(),
            scopes: Vec::new(),
        };
        let begin = DateTime::UNIX_EPOCH;
        let first = EbayCredential::new(
            owner,
            grant(Some("made-up-refresh")),
            String::new().into(),
            begin,
        );
        let later = begin + chrono::TimeDelta::hours(2);
        let second = first.renewed(grant(None), later);
        assert_eq!(second.refresh_token.expose_secret(), "made-up-refresh");
        assert_eq!(second.reconnect_by(), first.reconnect_by());
        assert_eq!(
            second.expires_at(),
            Some(later + chrono::TimeDelta::hours(2))
        );
        assert!(!format!("{second:?}").contains("made-up-refresh"));
    }
}
