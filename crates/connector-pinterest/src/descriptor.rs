//! What Pinterest is, as data.

use connector_core::{
    AuthMethod, Descriptor, Field, FieldKind, ModelKind, Reading, StreamDescriptor,
};

/// The id of the consent.
pub(crate) const OAUTH: &str = "oauth";
/// The id of the method that takes a refresh token.
pub(crate) const REFRESH_TOKEN: &str = "refresh_token";

/// The streams' ids.
pub(crate) const BOARDS: &str = "boards";
pub(crate) const PINS: &str = "pins";
pub(crate) const ACCOUNT_METRICS: &str = "account_metrics";
pub(crate) const PIN_METRICS: &str = "pin_metrics";
pub(crate) const AD_CAMPAIGNS: &str = "ad_campaigns";
pub(crate) const AD_METRICS: &str = "ad_metrics";
pub(crate) const PRODUCTS: &str = "products";
pub(crate) const CATALOG_FEEDS: &str = "catalog_feeds";

/// What is asked for: what the streams need. Secret boards and pins need scopes of their own.
pub(crate) const SCOPES: &[&str] = &[
    "ads:read",
    "boards:read",
    "boards:read_secret",
    "catalogs:read",
    "pins:read",
    "pins:read_secret",
    "user_accounts:read",
];

const TOKEN: Field = Field {
    name: "refresh_token",
    label: "Refresh token",
    help: "A refresh token that the same app was given for the account. It is used at once and is Crossdock's alone from then on: whatever held it before must forget it.",
    kind: FieldKind::Secret,
    example: "pinr.…",
    required: true,
};

/// Pinterest, described.
pub const DESCRIPTOR: Descriptor = Descriptor {
    id: "pinterest",
    name: "Pinterest",
    summary: "Boards, pins, campaigns and catalogues of a business account, with their numbers.",
    docs: "https://developers.pinterest.com/docs/api/v5/introduction/",
    auth_methods: &[
        AuthMethod {
            id: OAUTH,
            label: "Log in with Pinterest",
            fields: &[],
            redirects: true,
            needs: &["client_id", "client_secret"],
            docs: "https://developers.pinterest.com/docs/getting-started/set-up-authentication-and-authorization/",
        },
        AuthMethod {
            id: REFRESH_TOKEN,
            label: "Refresh token of the app",
            fields: &[TOKEN],
            redirects: false,
            needs: &["client_id", "client_secret"],
            docs: "https://developers.pinterest.com/docs/getting-started/set-up-authentication-and-authorization/",
        },
    ],
    streams: &[
        StreamDescriptor {
            id: BOARDS,
            label: "Boards",
            model: ModelKind::Content,
            reading: Reading::Complete,
            scopes: &["boards:read"],
            about: "All boards, group boards included; secret ones where that was granted.",
        },
        StreamDescriptor {
            id: PINS,
            label: "Pins",
            model: ModelKind::Content,
            reading: Reading::Complete,
            scopes: &["boards:read", "pins:read"],
            about: "All pins of the account, up to the 100,000 that Pinterest lists. It doesn't say what changed, so all are read each time.",
        },
        StreamDescriptor {
            id: ACCOUNT_METRICS,
            label: "Account metrics",
            model: ModelKind::Metric,
            reading: Reading::Incremental,
            scopes: &["user_accounts:read"],
            about: "Impressions, clicks, saves and engagement of the account by day in UTC, for 90 days; of business accounts alone. Days are read again until Pinterest calls them final, and three days in any case.",
        },
        StreamDescriptor {
            id: PIN_METRICS,
            label: "Pin metrics",
            model: ModelKind::ContentMetric,
            reading: Reading::Incremental,
            scopes: &["boards:read", "pins:read"],
            about: "Impressions, clicks and saves of each pin by day in UTC: of 30 days first, then of what isn't final yet, and three days in any case.",
        },
        StreamDescriptor {
            id: AD_CAMPAIGNS,
            label: "Campaigns",
            model: ModelKind::AdCampaign,
            reading: Reading::Complete,
            scopes: &["ads:read"],
            about: "Campaigns of all ad accounts that the account may see, drafts and archived ones included. Pinterest can't be asked for what changed, so all are read each time.",
        },
        StreamDescriptor {
            id: AD_METRICS,
            label: "Campaign metrics",
            model: ModelKind::AdMetric,
            reading: Reading::Incremental,
            scopes: &["ads:read"],
            about: "Spend, impressions, clicks and conversions of each campaign by day in UTC, by reports: of 90 days first. Conversions of a day grow for 30 days, which are read again each time.",
        },
        StreamDescriptor {
            id: PRODUCTS,
            label: "Catalogue products",
            model: ModelKind::Product,
            reading: Reading::Complete,
            scopes: &["boards:read", "catalogs:read", "pins:read"],
            about: "Products of retail catalogues as Pinterest shows them, by product group: there is no list of them all. Each is a product with one variant.",
        },
        StreamDescriptor {
            id: CATALOG_FEEDS,
            label: "Catalogue feeds",
            model: ModelKind::Native,
            reading: Reading::Complete,
            scopes: &["catalogs:read"],
            about: "Feeds of all catalogues with what became of their last run. A name and password for a feed's file are never kept.",
        },
    ],
    settings: &[],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_streams_need_is_asked_for() {
        for stream in DESCRIPTOR.streams {
            for scope in stream.scopes {
                assert!(SCOPES.contains(scope), "{scope} of {}", stream.id);
            }
        }
    }
}
