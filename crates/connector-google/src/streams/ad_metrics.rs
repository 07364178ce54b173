//! Google Ads: each campaign's numbers by day.
//!
//! A conversion is credited to the day of the click, up to ninety days later. So a month is read
//! again each time, and all of those days once a week.

use chrono::TimeDelta;
use connector_core::Result;

use super::Reader;
use super::daily::{At, Daily, Onward, Plan, Reading};
use crate::ads_account::AdsAccount;
use crate::map::{self, AD_METRICS};
use crate::service::Service;

/// The stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct AdMetrics;

impl Daily for AdMetrics {
    const SERVICE: Service = Service::Ads;
    const PLAN: Plan = Plan {
        // A streamed answer comes whole, so its days are few.
        slice: 15,
        // Thirty days is the usual window of conversions, and one day more, so that each is read
        // once after it.
        again: 31,
        // Ninety days is the longest.
        again_weekly: Some(98),
        longest: 3_650,
        behind_utc: TimeDelta::zero(),
    };

    async fn read(&self, reader: &Reader, at: &At<'_>) -> Result<Reading> {
        let account = AdsAccount::of(&reader.session, at.source)?;
        let metrics: Vec<String> = AD_METRICS
            .iter()
            .map(|(name, _, _)| format!("metrics.{name}"))
            .collect();
        let query = format!(
            "SELECT {}, {} FROM campaign WHERE segments.date BETWEEN '{}' AND '{}'",
            map::DAY_FIELDS.join(", "),
            metrics.join(", "),
            at.slice.first,
            at.slice.last,
        );
        let chunks = reader.session.call(&account.ask(query)).await?;
        let mapped = chunks
            .into_iter()
            .flat_map(|chunk| chunk.results)
            .flat_map(|entry| {
                entry.map_many(map::IDS, reader.keep_raw, |row| {
                    map::campaign_day(&row, &account.customer, at.today)
                })
            })
            .collect();
        Ok(Reading {
            mapped,
            onward: Onward::Days,
            unsettled: None,
            notes: Vec::new(),
            pause: None,
        })
    }
}
