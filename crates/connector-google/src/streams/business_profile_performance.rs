//! Business Profile: how often each location was seen, called, asked the way to, by day.
//!
//! Google publishes days late and keeps eighteen months.

use chrono::TimeDelta;
use connector_core::{Error, Result};

use super::Reader;
use super::daily::{At, Daily, Onward, Plan, Reading};
use crate::api::FetchDailyMetrics;
use crate::map::{self, PERFORMANCE_METRICS};
use crate::service::Service;

/// The stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Performance;

impl Daily for Performance {
    const SERVICE: Service = Service::BusinessProfile;
    const PLAN: Plan = Plan {
        slice: 60,
        // Ten days until a day is published for certain, and one more, so that each is read once
        // after its time.
        again: 11,
        again_weekly: None,
        longest: 540,
        behind_utc: TimeDelta::hours(8),
    };

    async fn read(&self, reader: &Reader, at: &At<'_>) -> Result<Reading> {
        let location = location_of(at.source)?;
        let ask = FetchDailyMetrics {
            location: location.to_owned(),
            metrics: PERFORMANCE_METRICS.iter().map(|(name, _)| *name).collect(),
            first: at.slice.first,
            last: at.slice.last,
        };
        let answer = reader.session.call(&ask).await?;
        let mapped = answer
            .multi_daily_metric_time_series
            .into_iter()
            .flat_map(|multi| multi.daily_metric_time_series)
            .flat_map(|series| {
                let metric = series.daily_metric;
                let values = series.time_series.dated_values.into_iter();
                values.flat_map(move |value| {
                    value.map_many(map::IDS, reader.keep_raw, |value| {
                        map::performance(value, &metric, location, at.today)
                    })
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

/// v1's name of a location, out of v4's, which has the account in it.
///
/// # Errors
/// [`InputInvalid`](connector_core::ErrorKind::InputInvalid) for another form of name.
pub(super) fn location_of(name: &str) -> Result<&str> {
    name.find("locations/")
        .and_then(|at| name.get(at..))
        .ok_or_else(|| {
            Error::input(
                crate::descriptor::SOURCES,
                "a location is written as business_profile:accounts/1/locations/2",
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v1_names_a_location_without_its_account() {
        assert_eq!(
            location_of("accounts/1/locations/2").unwrap(),
            "locations/2"
        );
        assert_eq!(location_of("locations/2").unwrap(), "locations/2");
        assert!(location_of("accounts/1").is_err());
    }
}
