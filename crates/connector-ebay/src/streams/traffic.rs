//! Traffic by day, site by site.
//!
//! A first run reads two years in windows of ninety days, every later one the last [`AGAIN`] days
//! once more, as eBay goes on counting for a while. An application has a hundred reports a day for all
//! of its sellers, and the numbers change once a day, so a run within [`REST`] of the one before asks
//! for nothing.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use connector_core::{Batch, Checkpoint, Next, PageStream, Result, Skipped};
use serde::{Deserialize, Serialize};

use super::VERSION;
use super::reader::{ANALYTICS, Reader};
use crate::api::GetTrafficReport;
use crate::descriptor::TRAFFIC_MARKETPLACES;
use crate::map::{self, Mapped};
use crate::marketplace::Marketplace;

/// How many days a report may have.
const WINDOW: Days = Days::new(89);

/// How far back reports go: 730 days, less one for what is another day there.
const MEMORY: Days = Days::new(729);

/// How many days a run reads again.
const AGAIN: Days = Days::new(7);

/// How many of the last days that eBay has counted may still change.
const UNSETTLED: Days = Days::new(2);

/// How long after a run there is nothing new.
const REST: TimeDelta = TimeDelta::hours(6);

/// How far Los Angeles is behind in winter. In summer it is an hour less, so that for one hour a day it
/// is still taken for the day before: a day that has begun can be asked for later, and one that hasn't
/// is refused.
const BEHIND: TimeDelta = TimeDelta::hours(8);

/// The day that it is in Los Angeles, or was an hour ago.
fn local_day(at: DateTime<Utc>) -> NaiveDate {
    (at - BEHIND).date_naive()
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Cursor {
    /// When the run before this one ended; none before the first.
    read_at: Option<DateTime<Utc>>,
    /// The last day that each site had numbers for.
    newest: std::collections::BTreeMap<String, NaiveDate>,
    /// Where the run that is under way stands.
    run: Option<Run>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Run {
    /// The site that is read.
    site: Marketplace,
    /// The first day of the next report.
    from: NaiveDate,
    /// The last day of the run.
    until: NaiveDate,
    /// The sites after this one.
    rest: Vec<Marketplace>,
}

impl Cursor {
    /// Begins with the first of these sites; `None` where there is none.
    fn begin(&self, mut sites: Vec<Marketplace>, today: NaiveDate) -> Option<Run> {
        if sites.is_empty() {
            return None;
        }
        let site = sites.remove(0);
        let oldest = today - MEMORY;
        let from = match self.newest.get(site.id()) {
            Some(newest) => *newest - AGAIN,
            None => oldest,
        };
        Some(Run {
            site,
            from: from.max(oldest).min(today),
            until: today,
            rest: sites,
        })
    }
}

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

/// The account's site and those that were set, as far as eBay reports on them; and what to say of
/// those that it doesn't.
fn sites(reader: &Reader) -> Result<(Vec<Marketplace>, Vec<String>)> {
    let mut sites = vec![reader.marketplace()];
    for line in reader.session.settings().lines(TRAFFIC_MARKETPLACES) {
        let site = Marketplace::from_input(TRAFFIC_MARKETPLACES, line)?;
        if !sites.contains(&site) {
            sites.push(site);
        }
    }
    let (with, without): (Vec<_>, Vec<_>) = sites.into_iter().partition(|it| it.has_traffic());
    let notes = without
        .iter()
        .map(|site| format!("eBay has no traffic reports for {site}."))
        .collect();
    Ok((with, notes))
}

async fn page(reader: &Reader, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    let now = reader.session.now();
    let mut notes = Vec::new();
    let run = match cursor.run.take() {
        Some(run) => Some(run),
        None if cursor
            .read_at
            .is_some_and(|at| now < at + REST && at <= now) =>
        {
            return Ok(Batch::new(Vec::new(), cursor, Next::Done));
        }
        None => {
            let (sites, without) = sites(reader)?;
            notes = without;
            cursor.begin(sites, local_day(now))
        }
    };
    let Some(mut run) = run else {
        cursor.read_at = Some(now);
        let mut batch = Batch::new(Vec::new(), cursor, Next::Done);
        batch.notes = notes;
        return Ok(batch);
    };
    let to = (run.from + WINDOW).min(run.until);
    let mapped = report(reader, &mut cursor, &run, to).await?;
    if to < run.until {
        run.from = to + Days::new(1);
        cursor.run = Some(run);
    } else {
        cursor.run = cursor.begin(run.rest, run.until);
    }
    let next = if cursor.run.is_some() {
        Next::More
    } else {
        cursor.read_at = Some(now);
        Next::Done
    };
    let mut batch = Batch::mapped(mapped, cursor, next);
    batch.notes = notes;
    Ok(batch)
}

/// One report's numbers. Takes note of the last day that there is.
async fn report(
    reader: &Reader,
    cursor: &mut Cursor,
    run: &Run,
    to: NaiveDate,
) -> Result<Vec<Mapped>> {
    let endpoint = GetTrafficReport {
        environment: reader.environment(),
        marketplace: run.site,
        from: run.from,
        to,
    };
    let answer = reader.call(ANALYTICS, &endpoint).await?;
    let newest = answer
        .records
        .iter()
        .filter_map(|entry| map::day(entry.value().ok()?))
        .max();
    if let Some(newest) = newest {
        let known = cursor
            .newest
            .entry(run.site.id().to_owned())
            .or_insert(newest);
        *known = newest.max(*known);
    }
    let settled = answer
        .last_updated_date
        .map(local_day)
        .or(newest)
        .map(|last| last - UNSETTLED);
    let mut mapped = Vec::new();
    for entry in answer.records {
        let (row, raw) = entry.into_parts();
        match row {
            Ok(row) => {
                let provisional = map::day(&row)
                    .zip(settled)
                    .is_some_and(|(day, settled)| day > settled);
                match map::traffic(run.site, &answer.header, &row, provisional) {
                    Ok(records) => {
                        mapped.extend(records.into_iter().map(|record| {
                            Ok(record.with_raw(reader.keep_raw.then(|| raw.clone())))
                        }));
                    }
                    Err(skipped) => mapped.push(Err(skipped)),
                }
            }
            Err(error) => mapped.push(Err(Skipped::unreadable(&error, &raw, &["day"]))),
        }
    }
    Ok(mapped)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(id: &str) -> Marketplace {
        Marketplace::known(id).unwrap()
    }

    #[test]
    fn a_day_begins_eight_hours_late() {
        let day = |at: &str| local_day(at.parse().unwrap()).to_string();
        assert_eq!(day("2026-11-21T06:00:00Z"), "2026-11-20");
        assert_eq!(day("2026-11-21T08:00:00Z"), "2026-11-21");
        // The end of a summer's day there.
        assert_eq!(day("2026-07-16T06:59:59Z"), "2026-07-15");
    }

    #[test]
    fn a_site_is_read_from_the_beginning_once_and_then_a_week_again() {
        let today = NaiveDate::from_ymd_opt(2026, 6, 10).unwrap();
        let mut cursor = Cursor::default();
        let run = cursor
            .begin(vec![site("EBAY_GB"), site("EBAY_US")], today)
            .unwrap();
        assert_eq!((run.site, run.from), (site("EBAY_GB"), today - MEMORY));
        assert_eq!(run.rest, [site("EBAY_US")]);
        let newest = today - Days::new(2);
        cursor.newest.insert("EBAY_GB".to_owned(), newest);
        let run = cursor.begin(vec![site("EBAY_GB")], today).unwrap();
        assert_eq!(run.from, newest - AGAIN);
        // Nothing was read for longer than eBay remembers.
        cursor
            .newest
            .insert("EBAY_GB".to_owned(), today - Days::new(2_000));
        let run = cursor.begin(vec![site("EBAY_GB")], today).unwrap();
        assert_eq!(run.from, today - MEMORY);
        assert!(cursor.begin(Vec::new(), today).is_none());
    }
}
