//! How often Google's interfaces may be called, where that is documented.
//!
//! Sources: developers.google.com/my-business/content/limits (300 a minute for each interface),
//! developers.google.com/webmaster-tools/limits (1,200 a minute for each site and user),
//! developers.google.com/calendar/api/guides/quota (600 a minute for each user), November 2026. All
//! are counted by the minute, so bucket and refill together stay below a minute's limit. Ads counts
//! requests over twenty-four hours: 15,000 for a project with basic access
//! (developers.google.com/google-ads/api/docs/access-levels). Analytics and `YouTube` count by other
//! units, and they and Merchant Center say when they are spent.

use connector_core::Charge;

/// What a request takes.
pub(super) fn charge(host: &str, path: &str) -> Option<Charge> {
    let (bucket, per_minute) = match host {
        "mybusinessaccountmanagement.googleapis.com" => ("business_accounts", 300.0),
        "mybusinessbusinessinformation.googleapis.com" => ("business_locations", 300.0),
        "mybusiness.googleapis.com" => ("business_reviews", 300.0),
        "businessprofileperformance.googleapis.com" => ("business_performance", 300.0),
        "searchconsole.googleapis.com" => ("search_console", 1_200.0),
        "www.googleapis.com" if path.starts_with("/calendar/") => ("calendar", 600.0),
        "googleads.googleapis.com" => return Some(ads()),
        _ => return None,
    };
    let burst = per_minute / 5.0;
    Some(Charge::request(bucket, burst, (per_minute - burst) / 60.0))
}

/// A thousand at once, and the rest of the day's over the day.
fn ads() -> Charge {
    const BURST: f64 = 1_000.0;
    const DAY: f64 = 86_400.0;
    Charge::request("ads", BURST, (15_000.0 - BURST) / DAY)
}
