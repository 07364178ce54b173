//! `YouTube` Analytics: each video's numbers by day, the most viewed videos of each.
//!
//! A report by video and by day is not to be had, so each day is a report of its own: as many requests
//! as days, however many videos there are. A day without rows may be one that isn't counted yet, and is
//! read again for a week.

use chrono::TimeDelta;
use connector_core::Result;

use super::Reader;
use super::daily::{At, Daily, Onward, Plan, Reading};
use crate::api::{MOST_VIDEOS, QueryVideos};
use crate::map::{self, VIDEO_METRICS};
use crate::service::Service;

/// For how long a day without rows may still get some.
const LATE: TimeDelta = TimeDelta::days(7);

/// The stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Videos;

impl Daily for Videos {
    const SERVICE: Service = Service::Youtube;
    const PLAN: Plan = Plan {
        slice: 1,
        again: 3,
        again_weekly: None,
        // As far as history can be asked for.
        longest: 3_650,
        behind_utc: TimeDelta::hours(8),
    };

    async fn read(&self, reader: &Reader, at: &At<'_>) -> Result<Reading> {
        let day = at.slice.first;
        let ask = QueryVideos {
            channel: at.source.to_owned(),
            day,
            metrics: VIDEO_METRICS.iter().map(|(name, ..)| *name).collect(),
        };
        let table = reader.session.call(&ask).await?;
        let is_late = table.rows.is_empty() && at.today - day <= LATE;
        let is_cut = table.rows.len() >= MOST_VIDEOS;
        let columns = table.column_headers;
        let mapped = table
            .rows
            .into_iter()
            .flat_map(|row| {
                row.map_many(map::IDS, reader.keep_raw, |row| {
                    map::video_row(&row, &columns, day, at.today)
                })
            })
            .collect();
        Ok(Reading {
            mapped,
            onward: Onward::Days,
            unsettled: is_late.then_some(day),
            notes: is_cut
                .then(|| {
                    format!(
                        "YouTube names the {MOST_VIDEOS} most viewed videos of a day, and {} has more.",
                        at.source
                    )
                })
                .into_iter()
                .collect(),
            pause: None,
        })
    }
}
