//! How often Google's interfaces may be called, where that is documented.
//!
//! Sources: developers.google.com/my-business/content/limits (300 a minute for each interface),
//! developers.google.com/webmaster-tools/limits (1,200 a minute for each site and user),
//! developers.google.com/calendar/api/guides/quota (600 a minute for each user), November 2026. All
//! are counted by the minute, so bucket and refill together stay below a minute's limit. Analytics,
//! Ads and `YouTube` count by other units, and say when they are spent.

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
        _ => return None,
    };
    let burst = per_minute / 5.0;
    Some(Charge::request(bucket, burst, (per_minute - burst) / 60.0))
}
