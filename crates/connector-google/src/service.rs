//! The products behind one consent: what each is called, and what must be granted to read it.

use std::fmt;
use std::str::FromStr;

use connector_core::{Error, Result};
use serde::{Deserialize, Serialize};

/// One of Google's products.
///
/// Scopes are those of the discovery documents; Business Profile's and Ads' are from their guides,
/// and there is no narrower one for either (read in November 2026).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Service {
    /// Google Analytics 4.
    Analytics,
    /// Search Console.
    SearchConsole,
    /// Business Profile.
    BusinessProfile,
    /// Merchant Center.
    Merchant,
    /// Google Ads.
    Ads,
    /// Calendar.
    Calendar,
    /// `YouTube`.
    Youtube,
}

/// Who the account's owner is: what names the connection.
pub(crate) const IDENTITY: &[&str] = &["openid", "email"];

impl Service {
    /// Every service, in the order in which they are offered.
    pub const ALL: [Self; 7] = [
        Self::Analytics,
        Self::SearchConsole,
        Self::BusinessProfile,
        Self::Merchant,
        Self::Ads,
        Self::Calendar,
        Self::Youtube,
    ];

    /// Its name in forms and settings.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Analytics => "analytics",
            Self::SearchConsole => "search_console",
            Self::BusinessProfile => "business_profile",
            Self::Merchant => "merchant",
            Self::Ads => "ads",
            Self::Calendar => "calendar",
            Self::Youtube => "youtube",
        }
    }

    /// Its name for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Analytics => "Google Analytics",
            Self::SearchConsole => "Search Console",
            Self::BusinessProfile => "Business Profile",
            Self::Merchant => "Merchant Center",
            Self::Ads => "Google Ads",
            Self::Calendar => "Google Calendar",
            Self::Youtube => "YouTube",
        }
    }

    /// The scopes to ask for, all of which are needed.
    #[must_use]
    pub const fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::Analytics => &["https://www.googleapis.com/auth/analytics.readonly"],
            Self::SearchConsole => &["https://www.googleapis.com/auth/webmasters.readonly"],
            Self::BusinessProfile => &["https://www.googleapis.com/auth/business.manage"],
            Self::Merchant => &["https://www.googleapis.com/auth/content"],
            Self::Ads => &["https://www.googleapis.com/auth/adwords"],
            Self::Calendar => &["https://www.googleapis.com/auth/calendar.readonly"],
            Self::Youtube => &[
                "https://www.googleapis.com/auth/youtube.readonly",
                "https://www.googleapis.com/auth/yt-analytics.readonly",
            ],
        }
    }

    /// Whether these scopes open it: what was asked for, or the wider scope that includes it.
    #[must_use]
    pub fn is_granted(self, scopes: &[String]) -> bool {
        self.scopes().iter().all(|wanted| {
            let wider = wanted.strip_suffix(".readonly");
            scopes
                .iter()
                .any(|held| held == wanted || wider.is_some_and(|wider| held == wider))
        })
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Service {
    type Err = Error;

    /// Reads a name as a person types it: `analytics`, `Search Console`.
    fn from_str(text: &str) -> Result<Self> {
        let plain = |text: &str| text.to_lowercase().replace([' ', '-', '_'], "");
        let typed = plain(text.trim());
        Self::ALL
            .into_iter()
            .find(|service| plain(service.id()) == typed || plain(service.title()) == typed)
            .ok_or_else(|| {
                Error::input(
                    "services",
                    "there is no such service: analytics, search_console, business_profile, \
                     merchant, ads, calendar and youtube can be read",
                )
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_people_type_them() {
        for (text, service) in [
            ("analytics", Service::Analytics),
            (" Search Console ", Service::SearchConsole),
            ("business-profile", Service::BusinessProfile),
            ("Google Ads", Service::Ads),
            ("YouTube", Service::Youtube),
        ] {
            assert_eq!(text.parse::<Service>().unwrap(), service);
        }
        assert_eq!(
            "gmail".parse::<Service>().unwrap_err().field(),
            Some("services")
        );
        for service in Service::ALL {
            assert_eq!(service.id().parse::<Service>().unwrap(), service);
        }
    }

    #[test]
    fn a_wider_scope_opens_and_half_of_two_does_not() {
        let held = |scopes: &[&str]| -> Vec<String> {
            let name = |scope: &&str| format!("https://www.googleapis.com/auth/{scope}");
            scopes.iter().map(name).collect()
        };
        assert!(Service::Analytics.is_granted(&held(&["analytics"])));
        assert!(Service::Analytics.is_granted(&held(&["analytics.readonly"])));
        assert!(!Service::Analytics.is_granted(&held(&["webmasters"])));
        assert!(!Service::Youtube.is_granted(&held(&["youtube.readonly"])));
        assert!(Service::Youtube.is_granted(&held(&["youtube", "yt-analytics.readonly"])));
    }
}
