//! Returns: what came back to Amazon's warehouses, and what comes back to the seller. Only reports tell.
//!
//! A return goes on changing after the day that reports go by, so a run reads the last month again.

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{Batch, Next, PageStream, Result, Skipped, SyncRequest};
use http::HeaderMap;
use serde::{Deserialize, Serialize};

use super::jobs::{Jobs, Rows, Shelf, Step, Wanted};
use crate::api::CreateReport;
use crate::map::{self, Mapped};
use crate::report::{self, Row, TableRows, Unpacked};
use crate::seller::Seller;

/// The form of [`Cursor`].
const VERSION: u16 = 1;

/// How far back the first run reads: as far as orders.
const HISTORY: TimeDelta = TimeDelta::days(2 * 365);

/// What is read again below the last watermark.
const AGAIN: TimeDelta = TimeDelta::days(30);

/// How long after a run none is worth a report: Amazon fails those that come too often.
const REST: TimeDelta = TimeDelta::hours(1);

/// A longer report that fails is asked for in two.
const LONG: TimeDelta = TimeDelta::days(31);

/// Rows on a page.
const ROWS: usize = 500;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cursor {
    /// Up to when was read; nothing yet if there is none.
    until: Option<DateTime<Utc>>,
    /// Of which marketplaces.
    marketplaces: Vec<String>,
    /// The run that is under way.
    run: Option<Run>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Run {
    until: DateTime<Utc>,
    marketplaces: Vec<String>,
    jobs: Jobs<Period>,
}

/// Returns of some time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Period {
    to: Receiver,
    marketplaces: Vec<String>,
    begin: DateTime<Utc>,
    end: DateTime<Utc>,
}

/// Whom things go back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Receiver {
    Amazon,
    Seller,
}

impl Wanted for Period {
    type Rows = TableRows;

    fn question(&self) -> CreateReport {
        let report_type = match self.to {
            Receiver::Amazon => "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA",
            Receiver::Seller => "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE",
        };
        CreateReport {
            report_type: report_type.to_owned(),
            marketplace_ids: self.marketplaces.clone(),
            data_start_time: Some(self.begin),
            data_end_time: Some(self.end),
            ..CreateReport::default()
        }
    }

    fn role(&self) -> &'static str {
        match self.to {
            Receiver::Amazon => "Amazon Fulfillment",
            Receiver::Seller => "Inventory and Order Tracking",
        }
    }

    fn halves(&self) -> Option<[Self; 2]> {
        let length = self.end - self.begin;
        if length <= LONG {
            return None;
        }
        // The instant itself is in both, so that nothing falls between them.
        let middle = self.begin + length / 2;
        let first = Self {
            end: middle,
            ..self.clone()
        };
        let second = Self {
            begin: middle,
            ..self.clone()
        };
        Some([first, second])
    }

    fn rows(&self, headers: &HeaderMap, document: Unpacked) -> TableRows {
        TableRows::new(document, report::encoding(headers, &self.marketplaces))
    }
}

impl Rows for TableRows {
    type Row = Result<Row, Skipped>;

    async fn next(&mut self) -> Result<Option<Self::Row>> {
        Self::next(self).await
    }
}

impl Cursor {
    /// A run over these marketplaces; `None` where there is nothing new, or nowhere to look.
    fn begin(&self, marketplaces: Vec<String>, now: DateTime<Utc>) -> Option<Run> {
        // Whole seconds, as Amazon's list of reports has them.
        let now = DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now);
        let known = marketplaces.iter().all(|id| self.marketplaces.contains(id));
        let until = self.until.filter(|_| known);
        let rests = until.is_some_and(|until| until <= now && now - until < REST);
        if rests || marketplaces.is_empty() {
            return None;
        }
        let oldest = now - HISTORY;
        let begin = until.map_or(oldest, |until| (until - AGAIN).clamp(oldest, now));
        // A report is of 25 marketplaces at the most, which is more than a region has.
        let wanted = [Receiver::Amazon, Receiver::Seller].map(|to| Period {
            to,
            marketplaces: marketplaces.clone(),
            begin,
            end: now,
        });
        Some(Run {
            until: now,
            marketplaces,
            jobs: Jobs::new(wanted),
        })
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
    shelf: &Shelf<TableRows>,
) -> Result<Batch<Cursor>> {
    let run = match cursor.run.take() {
        Some(run) => Some(run),
        None => {
            let marketplaces = seller.marketplaces().await?;
            let marketplaces = marketplaces.into_iter().map(|one| one.id).collect();
            cursor.begin(marketplaces, seller.now())
        }
    };
    let Some(mut run) = run else {
        return Ok(Batch::new(Vec::new(), cursor, Next::Done));
    };
    let mut notes = Vec::new();
    let step = run.jobs.step(seller, shelf, ROWS, &mut notes).await?;
    let (mapped, next) = match step {
        Step::Moved => (Vec::new(), Next::More),
        Step::Wait(wait) => (Vec::new(), Next::After(wait)),
        Step::Rows { wanted, rows, .. } => (map_rows(wanted.to, rows, keep_raw), Next::More),
        Step::Done => {
            cursor = Cursor {
                until: Some(run.until),
                marketplaces: run.marketplaces,
                run: None,
            };
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

fn map_rows(to: Receiver, rows: Vec<Result<Row, Skipped>>, keep_raw: bool) -> Vec<Mapped> {
    let map = |row: Result<Row, Skipped>| {
        let row = row?;
        match to {
            Receiver::Amazon => map::return_to_amazon(&row, keep_raw),
            Receiver::Seller => map::return_to_seller(&row, keep_raw),
        }
    };
    rows.into_iter().map(map).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(10_000) + TimeDelta::hours(hour)
    }

    fn ids(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    fn begins(cursor: &Cursor, marketplaces: &[&str], now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let run = cursor.begin(ids(marketplaces), now)?;
        let jobs = serde_json::to_value(run.jobs).unwrap();
        assert_eq!(jobs.as_array().unwrap().len(), 2);
        serde_json::from_value(jobs[0]["wanted"]["begin"].clone()).unwrap()
    }

    #[test]
    fn two_years_are_read_and_then_a_month_again_but_not_at_once() {
        let mut cursor = Cursor::default();
        assert_eq!(begins(&cursor, &["M"], at(0)), Some(at(0) - HISTORY));
        assert_eq!(begins(&cursor, &[], at(0)), None);
        cursor.until = Some(at(0));
        cursor.marketplaces = ids(&["M", "N"]);
        assert_eq!(
            begins(&cursor, &["M"], at(0) + TimeDelta::minutes(59)),
            None
        );
        assert_eq!(begins(&cursor, &["M"], at(1)), Some(at(0) - AGAIN));
        // A marketplace that was not read before is read from its beginning.
        assert_eq!(begins(&cursor, &["M", "O"], at(0)), Some(at(0) - HISTORY));
    }

    #[test]
    fn halves_meet_and_short_ones_are_not_halved() {
        let run = Cursor::default().begin(ids(&["M"]), at(0)).unwrap();
        let jobs = serde_json::to_value(run.jobs).unwrap();
        let period: Period = serde_json::from_value(jobs[1]["wanted"].clone()).unwrap();
        let [first, second] = period.halves().unwrap();
        assert_eq!((first.begin, second.end), (period.begin, period.end));
        assert_eq!(first.end, second.begin);
        let short = Period {
            begin: period.end - LONG,
            ..period
        };
        assert!(short.halves().is_none());
    }
}
