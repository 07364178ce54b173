//! Which of eBay's APIs a call is for: by host and path, with the scopes it asks for and the calls
//! that an application has in a day.
//!
//! Hosts and scopes are those of the contracts; the daily limits are those of eBay's table of call
//! limits, as far as copies of it name them.

use http::Method;

/// One API, in one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Service {
    Identity,
    Finances,
    KeyManagement,
    Inventory,
    Account,
    Fulfillment,
    Analytics,
    Notification,
    RateLimits,
}

impl Service {
    /// All of them.
    pub(super) const ALL: [Self; 9] = [
        Self::Identity,
        Self::Finances,
        Self::KeyManagement,
        Self::Inventory,
        Self::Account,
        Self::Fulfillment,
        Self::Analytics,
        Self::Notification,
        Self::RateLimits,
    ];

    /// The API of a path on a host, and the segments below its root.
    pub(super) fn of<'a, 's>(host: &str, segments: &'s [&'a str]) -> Option<(Self, &'s [&'a str])> {
        let [context, name, version, rest @ ..] = segments else {
            return None;
        };
        let found = Self::ALL
            .into_iter()
            .find(|service| service.root() == (*context, *name, *version))?;
        found.host(host).then_some((found, rest))
    }

    /// Context, name and version, as they are in paths.
    pub(super) fn root(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Identity => ("commerce", "identity", "v1"),
            Self::Finances => ("sell", "finances", "v1"),
            Self::KeyManagement => ("developer", "key_management", "v1"),
            Self::Inventory => ("sell", "inventory", "v1"),
            Self::Account => ("sell", "account", "v1"),
            Self::Fulfillment => ("sell", "fulfillment", "v1"),
            Self::Analytics => ("sell", "analytics", "v1"),
            Self::Notification => ("commerce", "notification", "v1"),
            Self::RateLimits => ("developer", "analytics", "v1_beta"),
        }
    }

    /// Whether a host has this API.
    fn host(self, host: &str) -> bool {
        let z = matches!(self, Self::Identity | Self::Finances | Self::KeyManagement);
        host.starts_with(if z { "apiz." } else { "api." })
    }

    /// The scopes of which a token needs one, without their common beginning. Empty ones stand for
    /// the base scope.
    pub(super) fn scopes(self, method: &Method, path: &[&str]) -> &'static [&'static str] {
        let reads = *method == Method::GET;
        match self {
            Self::Identity => &[
                "commerce.identity.readonly",
                "commerce.identity.name.readonly",
                "commerce.identity.address.readonly",
                "commerce.identity.email.readonly",
                "commerce.identity.phone.readonly",
            ],
            Self::Finances => &["sell.finances"],
            Self::KeyManagement => &[""],
            Self::Inventory if reads => &["sell.inventory", "sell.inventory.readonly"],
            Self::Inventory => &["sell.inventory"],
            Self::Account if reads => &["sell.account", "sell.account.readonly"],
            Self::Account => &["sell.account"],
            Self::Fulfillment if path.last() == Some(&"issue_refund") => &["sell.finances"],
            Self::Fulfillment if reads => &["sell.fulfillment", "sell.fulfillment.readonly"],
            Self::Fulfillment => &["sell.fulfillment"],
            Self::Analytics => &["sell.analytics.readonly"],
            Self::Notification if path.first() != Some(&"subscription") => &[""],
            Self::Notification if reads => &[
                "",
                "commerce.notification.subscription",
                "commerce.notification.subscription.readonly",
            ],
            Self::Notification => &["", "commerce.notification.subscription"],
            Self::RateLimits if path.first() == Some(&"user_rate_limit") => &[
                "sell.inventory",
                "sell.inventory.readonly",
                "sell.marketing",
                "sell.marketing.readonly",
            ],
            Self::RateLimits => &[""],
        }
    }

    /// How many calls an application has in a day.
    pub(super) fn daily_limit(self) -> u64 {
        match self {
            Self::Inventory => 2_000_000,
            Self::Account => 25_000,
            Self::Fulfillment => 100_000,
            Self::Finances => 15_000,
            Self::Analytics => 100,
            Self::Notification => 10_000,
            // The table's copies say nothing of these two; the common figure.
            Self::Identity | Self::KeyManagement | Self::RateLimits => 5_000,
        }
    }
}
