//! Analytics: each property's numbers by day and channel.
//!
//! Visits settle within three days. Key events are credited to channels for thirty days, so once a
//! week that is read again. A property has a budget of its own for the hour and the day, which each
//! answer tells; a run leaves some of it to others.

use std::time::Duration;

use chrono::TimeDelta;
use connector_core::Result;

use super::Reader;
use super::daily::{At, Daily, Onward, Plan, Reading};
use crate::api::{DateRange, Named, PropertyQuota, RunReport};
use crate::map::{self, TRAFFIC_METRICS, Traffic};
use crate::service::Service;

/// How many rows are asked for at once: ten numbers each.
const ROWS: u64 = 500;

/// After how many more requests like the last one the budget must not be spent.
const RESERVE: u64 = 10;

/// The stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Analytics;

impl Daily for Analytics {
    const SERVICE: Service = Service::Analytics;
    const PLAN: Plan = Plan {
        slice: 30,
        again: 3,
        // Thirty days, and a week more, so that each day is read once after its time.
        again_weekly: Some(38),
        longest: 3_650,
        behind_utc: TimeDelta::zero(),
    };

    async fn read(&self, reader: &Reader, at: &At<'_>) -> Result<Reading> {
        let metrics: Vec<&str> = TRAFFIC_METRICS.iter().map(|(name, _, _)| *name).collect();
        let ask = RunReport {
            property: at.source.to_owned(),
            date_ranges: vec![DateRange {
                start_date: at.slice.first.to_string(),
                end_date: at.slice.last.to_string(),
            }],
            dimensions: Named::all(&["date", "sessionDefaultChannelGroup"]),
            metrics: Named::all(&metrics),
            limit: ROWS.to_string(),
            offset: at.slice.offset.to_string(),
            // Pages are cut from rows in this order.
            order_bys: ["date", "sessionDefaultChannelGroup"]
                .map(|name| serde_json::json!({"dimension": {"dimensionName": name}}))
                .into(),
            return_property_quota: true,
        };
        let report = reader.session.call(&ask).await?;
        let of = Traffic::of(at.source, &report, at.today);
        let offset = at.slice.offset + ROWS;
        let onward = if offset < report.row_count {
            Onward::Rows { offset, mark: None }
        } else {
            Onward::Days
        };
        let pause = report.property_quota.as_ref().and_then(|quota| {
            let minute = reader.session.now().timestamp().rem_euclid(3_600);
            pause(quota, u64::try_from(minute).unwrap_or(0))
        });
        let mapped = report
            .rows
            .into_iter()
            .flat_map(|row| {
                row.map_many(map::IDS, reader.keep_raw, |row| map::traffic_row(&row, &of))
            })
            .collect();
        Ok(Reading {
            mapped,
            onward,
            unsettled: None,
            notes: Vec::new(),
            pause,
        })
    }
}

/// How long to wait where the hour's budget is nearly spent, this many seconds into the hour. The
/// day's is left to Google to say.
fn pause(quota: &PropertyQuota, second: u64) -> Option<Duration> {
    let nearly_spent = [&quota.tokens_per_hour, &quota.tokens_per_project_per_hour]
        .iter()
        .any(|status| {
            status.consumed > 0 && status.remaining < status.consumed.saturating_mul(RESERVE)
        });
    nearly_spent.then(|| Duration::from_secs(3_600_u64.saturating_sub(second).max(60)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_budget_that_is_nearly_spent_is_left_to_others() {
        let of = |consumed: u64, remaining: u64| {
            let quota = json!({
                "tokensPerHour": {"consumed": consumed, "remaining": 40_000},
                "tokensPerProjectPerHour": {"consumed": consumed, "remaining": remaining},
            });
            pause(&serde_json::from_value(quota).unwrap(), 600)
        };
        assert_eq!(of(5, 13_000), None);
        assert_eq!(of(5, 49), Some(Duration::from_secs(3_000)));
        assert_eq!(pause(&PropertyQuota::default(), 0), None);
    }
}
