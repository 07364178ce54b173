//! Sales and traffic by day, and by day and item, from Amazon's report on them.
//!
//! A report's figures by item are sums over all of its days, so each day is asked for by itself; what
//! is further back is asked for at once, and read by day alone. A report is of one marketplace, and goes
//! two years back (schema `sellerSalesAndTrafficReport.json`). Figures come up to three days late, so a
//! run reads the last days again.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use connector_core::{Batch, Next, PageStream, Result, SyncRequest, endpoint};
use http::HeaderMap;
use serde::{Deserialize, Serialize};

use super::jobs::{Jobs, Rows, Shelf, Step, Wanted};
use crate::api::{CreateReport, Entry, SalesAndTrafficByAsin, SalesAndTrafficByDate};
use crate::map::{self, Mapped};
use crate::report::{JsonRows, Unpacked};
use crate::seller::Seller;

/// The form of [`Cursor`].
const VERSION: u16 = 1;

const REPORT: &str = "GET_SALES_AND_TRAFFIC_REPORT";

/// How far back the first run reads: two years, less what is another day elsewhere.
const MEMORY: Days = Days::new(728);

/// How many of the last days Amazon is still counting.
const UNSETTLED: i64 = 2;

/// How many days are asked for one by one on the first run: the last alone, as Amazon makes fifteen
/// reports at once, and an account may sell in ten marketplaces.
const FIRST_DAYS: i64 = 1;

/// How many days are asked for one by one later: after a longer pause the days before are read without
/// their items. Amazon makes one report a minute.
const MOST_DAYS: i64 = 7;

/// How long after a run there is nothing new: figures change once a day.
const REST: TimeDelta = TimeDelta::hours(6);

/// A longer report that fails is asked for in two.
const LONG: i64 = 31;

/// Rows on a page: each has some twenty figures.
const ROWS: usize = 200;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cursor {
    /// When the run before this one ended; none before the first.
    read_at: Option<DateTime<Utc>>,
    /// The last day that was read of each marketplace.
    read: BTreeMap<String, NaiveDate>,
    /// The run that is under way.
    run: Option<Run>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Run {
    /// The last day that it reads.
    until: NaiveDate,
    /// The marketplaces that it reads.
    marketplaces: Vec<String>,
    jobs: Jobs<Period>,
}

/// Some days of a marketplace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Period {
    marketplace: String,
    from: NaiveDate,
    to: NaiveDate,
}

impl Period {
    fn days(&self) -> i64 {
        (self.to - self.from).num_days() + 1
    }
}

impl Wanted for Period {
    type Rows = JsonRows;

    fn question(&self) -> CreateReport {
        let begin = |day: NaiveDate| Some(day.and_time(NaiveTime::MIN).and_utc());
        let options = [("dateGranularity", "DAY"), ("asinGranularity", "CHILD")];
        CreateReport {
            report_type: REPORT.to_owned(),
            marketplace_ids: vec![self.marketplace.clone()],
            // Days: Amazon doesn't look at the time.
            data_start_time: begin(self.from),
            data_end_time: begin(self.to),
            report_options: options
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        }
    }

    fn role(&self) -> &'static str {
        "Brand Analytics"
    }

    fn halves(&self) -> Option<[Self; 2]> {
        if self.days() <= LONG {
            return None;
        }
        let middle = self.from + TimeDelta::days(self.days() / 2);
        let first = Self {
            to: middle - TimeDelta::days(1),
            ..self.clone()
        };
        let second = Self {
            from: middle,
            ..self.clone()
        };
        Some([first, second])
    }

    fn rows(&self, _headers: &HeaderMap, document: Unpacked) -> JsonRows {
        JsonRows::new(document)
    }
}

impl Rows for JsonRows {
    type Row = (String, Vec<u8>);

    async fn next(&mut self) -> Result<Option<Self::Row>> {
        Self::next(self).await
    }
}

impl Cursor {
    /// A run over these marketplaces.
    fn begin(&self, marketplaces: Vec<String>, today: NaiveDate) -> Run {
        let until = today - Days::new(1);
        let mut wanted = Vec::new();
        for marketplace in &marketplaces {
            let (from, one_by_one) = match self.read.get(marketplace) {
                // The last days that were read were unsettled.
                Some(read) => (*read - TimeDelta::days(UNSETTLED - 1), MOST_DAYS),
                None => (today - MEMORY, FIRST_DAYS),
            };
            let from = from.clamp(today - MEMORY, until);
            let period = |from, to| Period {
                marketplace: marketplace.clone(),
                from,
                to,
            };
            let single = from.max(until - TimeDelta::days(one_by_one - 1));
            if from < single {
                wanted.push(period(from, single - Days::new(1)));
            }
            let days = single.iter_days().take_while(|day| *day <= until);
            wanted.extend(days.map(|day| period(day, day)));
        }
        Run {
            until,
            marketplaces,
            jobs: Jobs::new(wanted),
        }
    }

    /// Whether the run before was so short a while ago that there is nothing new.
    fn rests(&self, marketplaces: &[String], now: DateTime<Utc>) -> bool {
        self.read_at.is_some_and(|at| at <= now && now - at < REST)
            && marketplaces.iter().all(|id| self.read.contains_key(id))
    }

    /// Notes that a run is done.
    fn end(&mut self, run: Run, now: DateTime<Utc>) {
        self.read_at = Some(now);
        for marketplace in run.marketplaces {
            self.read.insert(marketplace, run.until);
        }
    }
}

pub(super) fn pages(seller: Seller, request: SyncRequest) -> Result<PageStream> {
    let keep_raw = request.keep_raw;
    let shelf = Shelf::default();
    connector_core::pages(VERSION, request.resume, move |cursor: Option<Cursor>| {
        let (seller, shelf) = (seller.clone(), shelf.clone());
        async move { page(&seller, cursor.unwrap_or_default(), keep_raw, &shelf).await }
    })
}

async fn page(
    seller: &Seller,
    mut cursor: Cursor,
    keep_raw: bool,
    shelf: &Shelf<JsonRows>,
) -> Result<Batch<Cursor>> {
    let now = seller.now();
    let mut run = match cursor.run.take() {
        Some(run) => run,
        None => {
            let marketplaces = seller.marketplaces().await?;
            let marketplaces: Vec<String> = marketplaces.into_iter().map(|one| one.id).collect();
            if cursor.rests(&marketplaces, now) {
                return Ok(Batch::new(Vec::new(), cursor, Next::Done));
            }
            cursor.begin(marketplaces, now.date_naive())
        }
    };
    let mut notes = Vec::new();
    let step = run.jobs.step(seller, shelf, ROWS, &mut notes).await?;
    let (mapped, next) = match step {
        Step::Moved => (Vec::new(), Next::More),
        Step::Wait(wait) => (Vec::new(), Next::After(wait)),
        Step::Rows { wanted, at, rows } => (map_rows(&wanted, at, rows, keep_raw)?, Next::More),
        Step::Done => {
            cursor.end(run, now);
            let mut batch = Batch::new(Vec::new(), cursor, Next::Done);
            batch.notes = notes;
            return Ok(batch);
        }
    };
    cursor.run = Some(run);
    let mut batch = Batch::mapped(mapped, cursor, next);
    batch.notes = notes;
    Ok(batch)
}

fn map_rows(
    period: &Period,
    asked: DateTime<Utc>,
    rows: Vec<(String, Vec<u8>)>,
    keep_raw: bool,
) -> Result<Vec<Mapped>> {
    let place = period.marketplace.as_str();
    let counting = |day: NaiveDate| (asked.date_naive() - day).num_days() <= UNSETTLED;
    let mut mapped = Vec::new();
    for (list, row) in rows {
        match list.as_str() {
            "salesAndTrafficByDate" => {
                let row: Entry<SalesAndTrafficByDate> = endpoint::json(&row)?;
                mapped.extend(row.map_many(&["date"], keep_raw, |row| {
                    let provisional = counting(row.date);
                    map::sales_by_date(row, place, provisional)
                }));
            }
            // Over several days they are no figures of a day.
            "salesAndTrafficByAsin" if period.from == period.to => {
                let row: Entry<SalesAndTrafficByAsin> = endpoint::json(&row)?;
                mapped.extend(row.map_many(&["childAsin", "parentAsin"], keep_raw, |row| {
                    map::sales_by_item(row, period.from, place, counting(period.from))
                }));
            }
            _ => {}
        }
    }
    Ok(mapped)
}

#[cfg(test)]
mod tests;
