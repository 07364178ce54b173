//! Google's interfaces: their hosts, what a token must hold to use them, and how often they may be
//! called.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::refusal::{Outcome, Refusal, Style};

/// What every scope's name begins with, but for the three short ones.
const AUTH: &str = "https://www.googleapis.com/auth/";

/// One interface.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Service {
    /// Its host, which is also its name in errors.
    pub(super) host: &'static str,
    /// Its name for people.
    pub(super) title: &'static str,
    /// How it words refusals.
    pub(super) style: Style,
    /// The scopes of which one opens it, without what all begin with; the first is the one to ask
    /// for.
    scopes: &'static [&'static str],
    /// How many requests a project may make in a minute, where the limit is documented.
    per_minute: Option<u32>,
}

const fn service(
    host: &'static str,
    title: &'static str,
    style: Style,
    scopes: &'static [&'static str],
    per_minute: Option<u32>,
) -> Service {
    Service {
        host,
        title,
        style,
        scopes,
        per_minute,
    }
}

const ANALYTICS: &[&str] = &["analytics.readonly", "analytics", "analytics.edit"];
const BUSINESS: &[&str] = &["business.manage"];

/// Calendar, which shares its host with the interface that says who the user is.
pub(super) static CALENDAR: Service = service(
    "www.googleapis.com",
    "Google Calendar API",
    Style::Legacy,
    &["calendar.readonly", "calendar"],
    Some(600),
);

/// Every other interface, each at a host of its own.
///
/// The scopes are those of the discovery documents; Business Profile's and Ads' are from their
/// guides. The limits: Business Profile 300 in a minute, Search Console 1,200, Calendar 600.
static SERVICES: &[Service] = &[
    service(
        "analyticsadmin.googleapis.com",
        "Google Analytics Admin API",
        Style::Status,
        ANALYTICS,
        None,
    ),
    service(
        "analyticsdata.googleapis.com",
        "Google Analytics Data API",
        Style::Status,
        ANALYTICS,
        None,
    ),
    service(
        "mybusinessaccountmanagement.googleapis.com",
        "My Business Account Management API",
        Style::Status,
        BUSINESS,
        Some(300),
    ),
    service(
        "mybusinessbusinessinformation.googleapis.com",
        "My Business Business Information API",
        Style::Status,
        BUSINESS,
        Some(300),
    ),
    service(
        "mybusiness.googleapis.com",
        "Google My Business API",
        Style::Status,
        BUSINESS,
        Some(300),
    ),
    service(
        "businessprofileperformance.googleapis.com",
        "Business Profile Performance API",
        Style::Status,
        BUSINESS,
        Some(300),
    ),
    service(
        "merchantapi.googleapis.com",
        "Merchant API",
        Style::Status,
        &["content"],
        None,
    ),
    service(
        "searchconsole.googleapis.com",
        "Google Search Console API",
        Style::Both,
        &["webmasters.readonly", "webmasters"],
        Some(1_200),
    ),
    service(
        "googleads.googleapis.com",
        "Google Ads API",
        Style::Status,
        &["adwords"],
        None,
    ),
    service(
        "youtube.googleapis.com",
        "YouTube Data API v3",
        Style::Both,
        &["youtube.readonly", "youtube", "youtube.force-ssl"],
        None,
    ),
    service(
        "youtubeanalytics.googleapis.com",
        "YouTube Analytics API",
        Style::Both,
        &["yt-analytics.readonly", "youtube.readonly", "youtube"],
        None,
    ),
];

/// What the consent page asks in words, by scope: short names first, then those of `AUTH`.
static SCOPES: &[(&str, &str)] = &[
    ("openid", "Know who you are"),
    ("email", "See your e-mail address"),
    ("profile", "See your name and picture"),
    ("userinfo.email", "See your e-mail address"),
    ("userinfo.profile", "See your name and picture"),
    ("analytics.readonly", "See your Google Analytics data"),
    ("analytics", "See and manage your Google Analytics data"),
    ("analytics.edit", "Edit Google Analytics entities"),
    ("business.manage", "See and manage your Business Profiles"),
    ("content", "Manage your products and accounts for Shopping"),
    ("webmasters.readonly", "See Search Console data"),
    ("webmasters", "See and manage Search Console data"),
    ("adwords", "See and manage your Google Ads accounts"),
    ("calendar", "See and change your calendars"),
    ("calendar.readonly", "See your calendars"),
    ("calendar.events", "See and change your events"),
    ("calendar.events.readonly", "See your events"),
    (
        "calendar.calendarlist.readonly",
        "See your list of calendars",
    ),
    ("youtube", "Manage your YouTube account"),
    ("youtube.readonly", "See your YouTube account"),
    ("youtube.force-ssl", "See and edit your YouTube videos"),
    ("yt-analytics.readonly", "See YouTube Analytics reports"),
];

/// A scope's words on the consent page; `None` for one that Google doesn't know.
pub(super) fn scope_words(scope: &str) -> Option<&'static str> {
    let short = scope.strip_prefix(AUTH).unwrap_or(scope);
    let is_short = matches!(scope, "openid" | "email" | "profile");
    SCOPES
        .iter()
        .find(|(known, _)| *known == short && (is_short || scope.starts_with(AUTH)))
        .map(|(_, words)| *words)
}

/// Whether a scope only says who the user is: such scopes can't be unticked.
pub(super) fn is_identity(scope: &str) -> bool {
    let short = scope.strip_prefix(AUTH).unwrap_or(scope);
    matches!(
        short,
        "openid" | "email" | "profile" | "userinfo.email" | "userinfo.profile"
    )
}

/// Every scope that the sandbox knows, as it is asked for.
pub(super) fn all_scopes() -> Vec<String> {
    SCOPES
        .iter()
        .filter(|(name, _)| !matches!(*name, "email" | "profile"))
        .map(|(name, _)| match *name {
            "openid" => (*name).to_owned(),
            name => format!("{AUTH}{name}"),
        })
        .collect()
}

impl Service {
    /// The interface at a host of its own.
    pub(super) fn at(host: &str) -> Option<&'static Self> {
        SERVICES.iter().find(|service| service.host == host)
    }

    /// The interface with a host's name; Calendar's is `calendar-json.googleapis.com`, as in the
    /// list of a Cloud project's interfaces.
    pub(super) fn named(host: &str) -> Option<&'static Self> {
        match host {
            "calendar-json.googleapis.com" => Some(&CALENDAR),
            host => Self::at(host),
        }
    }

    /// Whether a token with these scopes opens a path.
    pub(super) fn check_scopes(&self, path: &str, held: &[String]) -> Outcome<()> {
        let narrower: &[&str] = match self.host {
            "www.googleapis.com" if path.contains("/calendarList") => {
                &["calendar.calendarlist.readonly"]
            }
            "www.googleapis.com" => &["calendar.events.readonly", "calendar.events"],
            _ => &[],
        };
        let wanted: Vec<String> = self
            .scopes
            .iter()
            .chain(narrower)
            .map(|scope| format!("{AUTH}{scope}"))
            .collect();
        if wanted.iter().any(|wanted| held.contains(wanted)) {
            return Ok(());
        }
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        Err(Refusal::insufficient_scope(self, &wanted))
    }
}

/// Counts requests by interface and minute.
#[derive(Debug, Default)]
pub(super) struct Meters {
    /// Limits that the control API set.
    limits: BTreeMap<&'static str, u32>,
    /// By interface: the minute that is being counted, and the requests in it.
    counts: BTreeMap<&'static str, (i64, u32)>,
}

impl Meters {
    /// Sets an interface's limit. 0 is that of a project that isn't approved.
    pub(super) fn set(&mut self, service: &'static Service, limit: u32) {
        self.limits.insert(service.host, limit);
        self.counts.remove(service.host);
    }

    /// Counts one request, or refuses it.
    pub(super) fn count(&mut self, service: &'static Service, now: DateTime<Utc>) -> Outcome<()> {
        let set = self.limits.get(service.host).copied();
        let Some(limit) = set.or(service.per_minute) else {
            return Ok(());
        };
        let minute = now.timestamp().div_euclid(60);
        let counted = self.counts.entry(service.host).or_insert((minute, 0));
        if counted.0 != minute {
            *counted = (minute, 0);
        }
        if counted.1 >= limit {
            let wait = u32::try_from(60 - now.timestamp().rem_euclid(60)).unwrap_or(60);
            // Calendar's own form of a limit is a 403.
            return Err(if service.style == Style::Legacy {
                Refusal::legacy_limit("rateLimitExceeded", "Rate Limit Exceeded")
            } else {
                Refusal::rate_limited(service, limit, wait)
            });
        }
        counted.1 += 1;
        Ok(())
    }
}
