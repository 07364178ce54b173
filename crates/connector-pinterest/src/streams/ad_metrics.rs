//! Numbers of campaigns by day, by reports: asked for, waited for, fetched by a link.
//!
//! Conversions are credited to the day of the click for thirty days, so a run reads the last thirty
//! days that it read before once more, and a number that was restated replaces the one before it.
//! A page is a part of one report, so that a large one isn't held as records all at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use connector_core::{Batch, Checkpoint, Error, Next, PageStream, Result};
use serde::{Deserialize, Serialize};

use super::accounts::{Account, Accounts};
use super::ad_pass::{Pass, Position, ROWS, Slice};
use super::report_jobs::{self, Fetched, Rows, State};
use crate::api::{CreateReport, Days, ListCampaigns, Paged};
use crate::dialect::is_of_one_object;
use crate::map::{self, AD_COLUMNS, Mapped, RowOf, WINDOWS};
use crate::reader::Reader;

/// The form of the cursor.
const VERSION: u16 = 1;

/// How often a report that came to nothing is asked for again.
const MOST_TRIES: u8 = 3;

/// Where all ad accounts stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cursor {
    /// How far each ad account is read; not at all one that isn't here.
    accounts: BTreeMap<String, Position>,
    /// The pass that is under way.
    pass: Option<Pass>,
}

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    // A report is fetched once and read page by page: what is kept of it here is a cache alone.
    let fetched = Arc::new(Fetched::default());
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let (reader, fetched) = (reader.clone(), Arc::clone(&fetched));
        async move { page(&reader, &fetched, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, fetched: &Fetched, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    let Some(mut pass) = cursor.pass.take() else {
        let (accounts, notes) = Accounts::list(reader).await?;
        let pass = Pass {
            today: reader.today(),
            accounts,
            slice: None,
            first: None,
        };
        return Ok(cursor.batch(pass, Vec::new(), notes, Next::More));
    };
    let Some(account) = pass.accounts.current().cloned() else {
        return Ok(cursor.batch(pass, Vec::new(), Vec::new(), Next::More));
    };
    let slice = pass.slice.take().or_else(|| {
        let first = pass.first_day(cursor.accounts.get(&account.id));
        pass.first = Some(first);
        Slice::from(first, pass.last_day())
    });
    let Some(slice) = slice else {
        // All of it was read today.
        pass.end(&mut cursor.accounts, &account);
        return Ok(cursor.batch(pass, Vec::new(), Vec::new(), Next::More));
    };
    match step(reader, fetched, &account, slice).await {
        Ok(Step::Nothing) => {
            pass.leave();
            Ok(cursor.batch(pass, Vec::new(), Vec::new(), Next::More))
        }
        Ok(Step::Wait(slice, next)) => {
            pass.slice = Some(slice);
            Ok(cursor.batch(pass, Vec::new(), Vec::new(), next))
        }
        Ok(Step::Rows(slice, rows)) => {
            let today = reader.today();
            let mapped = mapped(reader, &account, today, &rows, slice.rows);
            pass.go_on(&mut cursor.accounts, &account, slice, rows.len());
            Ok(cursor.batch(pass, mapped, Vec::new(), Next::More))
        }
        Ok(Step::InVain(state)) => {
            pass.leave();
            let note = format!(
                "The report of the ad account {} ended as {state:?} again and again: a later run \
                 asks for it anew",
                account.id
            );
            Ok(cursor.batch(pass, Vec::new(), vec![note], Next::More))
        }
        Err(error) if is_of_one_object(&error) => {
            let note = pass.accounts.leave_out(error)?;
            pass.slice = None;
            Ok(cursor.batch(pass, Vec::new(), vec![note], Next::More))
        }
        Err(error) => Err(error),
    }
}

/// What a step of a report came to.
enum Step {
    /// The ad account has no campaign, so there is nothing to ask for.
    Nothing,
    /// The report isn't there yet, or has to be asked for again.
    Wait(Slice, Next),
    /// Its rows.
    Rows(Slice, Arc<Rows>),
    /// It was asked for as often as it may be.
    InVain(State),
}

/// Asks for the report, looks after it, or fetches it.
async fn step(
    reader: &Reader,
    fetched: &Fetched,
    account: &Account,
    mut slice: Slice,
) -> Result<Step> {
    let Some(job) = slice.job.take() else {
        if slice.tries == 0 && !has_campaigns(reader, account).await? {
            return Ok(Step::Nothing);
        }
        let report = CreateReport {
            account: account.id.clone(),
            days: Days {
                first: slice.first,
                last: slice.last,
            },
            columns: AD_COLUMNS,
            windows: WINDOWS,
        };
        let (job, next) = report_jobs::ask(reader, &report).await?;
        slice.job = Some(job);
        return Ok(Step::Wait(slice, next));
    };
    match report_jobs::look(reader, fetched, &account.id, &job).await? {
        State::Ready(rows) => {
            slice.job = Some(job);
            Ok(Step::Rows(slice, rows))
        }
        State::InProgress => {
            let job = job.looked_after();
            let next = Next::After(job.pause());
            slice.job = Some(job);
            Ok(Step::Wait(slice, next))
        }
        State::TooLarge => match slice.half() {
            Some(half) => Ok(Step::Wait(half, Next::More)),
            None => Err(Error::contract(
                "a report of one day is too large to be read",
            )),
        },
        state @ (State::Lost | State::Failed) => {
            slice.rows = 0;
            slice.tries += 1;
            if slice.tries >= MOST_TRIES {
                return Ok(Step::InVain(state));
            }
            Ok(Step::Wait(slice, Next::After(job.pause())))
        }
    }
}

/// Whether there is a campaign at all: many an account has none, and a report takes its time.
async fn has_campaigns(reader: &Reader, account: &Account) -> Result<bool> {
    let some = ListCampaigns {
        account: account.id.clone(),
        paged: Paged {
            size: 1,
            bookmark: None,
        },
    };
    let some = reader.call(&some).await?;
    Ok(!some.items.is_empty() || some.next().is_some())
}

/// The records of the rows from one on, as many as make a page.
fn mapped(
    reader: &Reader,
    account: &Account,
    today: NaiveDate,
    rows: &Rows,
    from: usize,
) -> Vec<Mapped> {
    let some = rows.iter().skip(from).take(ROWS);
    some.flat_map(|(subject, row)| {
        let of = RowOf {
            account: &account.id,
            currency: account.currency,
            subject,
            today,
        };
        map::ad_entry(row, reader.keep_raw(), of)
    })
    .collect()
}

impl Cursor {
    fn batch(
        mut self,
        pass: Pass,
        mapped: Vec<Mapped>,
        notes: Vec<String>,
        next: Next,
    ) -> Batch<Self> {
        let next = if pass.accounts.current().is_some() {
            self.pass = Some(pass);
            next
        } else {
            Next::Done
        };
        Batch {
            notes,
            ..Batch::mapped(mapped, self, next)
        }
    }
}
