//! What is limited: calls a minute by category, and calls a second over everything; an app in trial
//! has a day's calls besides. An answer names its windows, and what is left of the scarcest of them.

use std::time::Duration;

use connector_core::{Charge, Operation, QuotaSignal};
use http::HeaderMap;

/// A category of operations that share a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Category {
    name: &'static str,
    /// Calls a minute, by the documentation of November 2026.
    per_minute: u32,
}

const ORG_READ: Category = category("org_read", 1000);
const ORG_ANALYTICS: Category = category("org_analytics", 60);
const ADS_READ: Category = category("ads_read", 1000);
const ADS_ANALYTICS: Category = category("ads_analytics", 300);
const CATALOGS_READ: Category = category("catalogs_read", 100);

const fn category(name: &'static str, per_minute: u32) -> Category {
    Category { name, per_minute }
}

/// The category of an operation, as its description names it (`x-ratelimit-category`); `None` for
/// what is no operation of the API, such as a report's download.
fn of(operation: Operation) -> Option<Category> {
    Some(match operation.name {
        "user_account/analytics" | "pins/analytics" | "multi_pins/analytics" => ORG_ANALYTICS,
        "ad_account/analytics"
        | "campaigns/analytics"
        | "analytics/create_report"
        | "analytics/get_report" => ADS_ANALYTICS,
        other => match other.split_once('/')?.0 {
            "user_account" | "boards" | "pins" => ORG_READ,
            "ad_accounts" | "campaigns" => ADS_READ,
            "catalogs"
            | "feeds"
            | "feed_processing_results"
            | "catalogs_product_groups"
            | "catalogs_product_group_pins"
            | "products_by_product_group_filter" => CATALOGS_READ,
            _ => return None,
        },
    })
}

/// What one call takes.
pub(super) fn charge(operation: Operation) -> Option<Charge> {
    let category = of(operation)?;
    let per_minute = f64::from(category.per_minute);
    Some(Charge::request(
        category.name,
        per_minute,
        per_minute / 60.0,
    ))
}

/// What an answer says: how many calls the category's own window has, and, of the scarcest window,
/// what is left and after how many seconds it begins anew.
pub(super) fn read(operation: Operation, headers: &HeaderMap) -> Option<QuotaSignal> {
    let category = of(operation)?;
    let limits = headers.get("x-ratelimit-limit")?.to_str().ok()?;
    let remaining: f64 = number(headers, "x-ratelimit-remaining")?;
    let windows = || limits.split(',').filter_map(Window::read);
    let own = windows().find(|window| window.name.starts_with(category.name));
    let scarcest: f64 = limits.split(',').next()?.trim().parse().ok()?;
    // The number that is left is of the window whose limit stands first.
    let is_own = own.is_some_and(|own| own.calls.total_cmp(&scarcest).is_eq());
    let is_shared = windows()
        .filter(|window| window.calls.total_cmp(&scarcest).is_eq())
        .count()
        > 1;
    Some(QuotaSignal {
        bucket: category.name,
        remaining: (is_own && !is_shared).then_some(remaining),
        capacity: own.map(|own| own.calls),
        per_second: own.map(|own| own.calls / own.seconds),
        // Whichever window is used up, nothing goes before it begins anew.
        pause: reset(headers).filter(|_| remaining < 1.0),
    })
}

/// After how long the scarcest window begins anew.
pub(super) fn reset(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = number(headers, "x-ratelimit-reset")?;
    Some(Duration::from_secs(seconds))
}

fn number<T: std::str::FromStr>(headers: &HeaderMap, name: &str) -> Option<T> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// One window of a limit: `60;w=60;name="org_analytics_app_id_user_id"`.
#[derive(Clone, Copy, Debug)]
struct Window<'h> {
    calls: f64,
    seconds: f64,
    name: &'h str,
}

impl<'h> Window<'h> {
    fn read(text: &'h str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let calls: f64 = parts.next()?.parse().ok()?;
        let (mut seconds, mut name) = (None, None);
        for part in parts {
            match part.split_once('=')? {
                ("w", value) => seconds = value.parse().ok(),
                ("name", value) => name = Some(value.trim_matches('"')),
                _ => {}
            }
        }
        let seconds: f64 = seconds?;
        let sane = calls.is_finite() && calls > 0.0 && seconds.is_finite() && seconds > 0.0;
        sane.then_some(Self {
            calls,
            seconds,
            name: name?,
        })
    }
}
