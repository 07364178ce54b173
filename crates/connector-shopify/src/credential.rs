//! What a connection to a shop stores.

use chrono::{DateTime, Utc};
use connector_core::oauth::Grant;
use connector_core::{Credential, SecretString, secret};
use serde::{Deserialize, Serialize};

use crate::shop_domain::ShopDomain;

/// An access token for one shop, and what renews it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ShopifyCredential {
    /// The shop.
    pub shop: ShopDomain,
    /// What proves a request.
    #[serde(serialize_with = "secret::expose")]
    pub access_token: SecretString,
    /// When the access token stops working; `None` for a custom app's, which never does.
    pub expires_at: Option<DateTime<Utc>>,
    /// What buys the next access token; `None` for a custom app's.
    pub refresh: Option<RefreshToken>,
    /// What was granted, where the platform said so.
    pub scopes: Vec<String>,
}

/// A refresh token. Each can be used until the one that replaced it is used for the first time.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RefreshToken {
    /// The token.
    #[serde(serialize_with = "secret::expose")]
    pub token: SecretString,
    /// When it stops working, where the platform said so: 90 days after it was given.
    pub expires_at: Option<DateTime<Utc>>,
}

impl ShopifyCredential {
    /// A custom app's token, which never expires.
    #[must_use]
    pub fn custom_app(shop: ShopDomain, access_token: SecretString) -> Self {
        Self {
            shop,
            access_token,
            expires_at: None,
            refresh: None,
            scopes: Vec::new(),
        }
    }

    /// What the token endpoint gave at this time. `before` is what it renews, whose refresh token
    /// and scopes stay where the answer has none.
    pub(crate) fn from_grant(
        shop: ShopDomain,
        grant: Grant,
        now: DateTime<Utc>,
        before: Option<&Self>,
    ) -> Self {
        let refresh = match grant.refresh_token {
            Some(token) => Some(RefreshToken {
                token,
                expires_at: grant.refresh_token_expires_in.map(|life| now + life),
            }),
            None => before.and_then(|before| before.refresh.clone()),
        };
        let scopes = match &grant.scope {
            Some(scope) => scope
                .split([',', ' '])
                .filter(|scope| !scope.is_empty())
                .map(str::to_owned)
                .collect(),
            None => before
                .map(|before| before.scopes.clone())
                .unwrap_or_default(),
        };
        Self {
            shop,
            access_token: grant.access_token,
            expires_at: grant.expires_in.map(|life| now + life),
            refresh,
            scopes,
        }
    }
}

impl Credential for ShopifyCredential {
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.expires_at
    }

    fn reconnect_by(&self) -> Option<DateTime<Utc>> {
        self.refresh.as_ref().and_then(|refresh| refresh.expires_at)
    }
}
