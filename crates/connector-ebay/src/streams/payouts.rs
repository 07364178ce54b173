//! Payouts, each with its transactions.
//!
//! They are read oldest first, so that what is new comes last, in windows of a year, as eBay makes up
//! an end of its own for a range without one. A payout that failed is tried again for some weeks, so
//! each run reads the last [`AGAIN`] once more.

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{Batch, Checkpoint, Error, Next, PageStream, Result, Skipped};
use futures::future::try_join_all;
use serde::{Deserialize, Serialize};

use super::VERSION;
use super::pass::{Pass, Turn};
use super::reader::{FINANCES, Reader, SIDE_BY_SIDE};
use crate::api::{Entry, GetPayout, GetPayouts, GetTransactions, Payout, Transaction};
use crate::map::{self, Mapped};

/// How many payouts make a page: each takes at least one more request.
const PAGE: u32 = 20;

/// How far back payouts can be read: five years, less some days for what is five years there.
const MEMORY: TimeDelta = TimeDelta::days(5 * 365 - 3);

/// How long a window is: eBay allows 36 months.
const WINDOW: TimeDelta = TimeDelta::days(365);

/// How far before the run before a run looks.
const AGAIN: TimeDelta = TimeDelta::days(30);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Cursor {
    /// When the run before this one began; none before the first.
    since: Option<DateTime<Utc>>,
    /// The run that is under way.
    run: Option<Run>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Run {
    /// Where it ends.
    began: DateTime<Utc>,
    /// Where its window begins.
    from: DateTime<Utc>,
    /// The window's pages.
    pass: Pass,
}

impl Cursor {
    fn begin(&self, now: DateTime<Utc>) -> Run {
        let oldest = now - MEMORY;
        let from = self.since.map_or(oldest, |since| since - AGAIN);
        Run {
            began: now,
            from: from.max(oldest).min(now),
            pass: Pass::default(),
        }
    }
}

impl Run {
    fn window_end(&self) -> DateTime<Utc> {
        (self.from + WINDOW).min(self.began)
    }
}

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    let mut run = match cursor.run.take() {
        Some(run) => run,
        None => cursor.begin(reader.session.now()),
    };
    let until = run.window_end();
    let first = GetPayouts::between(reader.environment(), run.from, until, PAGE)?.page;
    let page = run.pass.page(first);
    let answer = reader
        .call(FINANCES, &GetPayouts { page: page.clone() })
        .await?;
    let (payouts, total, next) = match answer {
        Some(answer) => (answer.payouts, answer.total, answer.next),
        // A window without payouts, or the end of one that has become shorter.
        None => (Vec::new(), None, None),
    };
    let turn = run
        .pass
        .turn(&page, payouts.len(), total, next.as_deref())?;
    let mut notes = Vec::new();
    let mut mapped = Vec::with_capacity(payouts.len());
    for some in payouts.chunks(SIDE_BY_SIDE) {
        let asked = some.iter().map(|payout| transactions_of(reader, payout));
        for (payout, transactions) in some.iter().zip(try_join_all(asked).await?) {
            notes.extend(note(payout, &transactions));
            mapped.push(map_one(reader, payout, &transactions));
        }
    }
    let next = match turn {
        Turn::More => Next::More,
        Turn::Done if until < run.began => {
            run.from = until;
            Next::More
        }
        Turn::Done => Next::Done,
    };
    if next == Next::Done {
        cursor.since = Some(run.began);
    } else {
        cursor.run = Some(run);
    }
    let mut batch = Batch::mapped(mapped, cursor, next);
    batch.notes = notes;
    Ok(batch)
}

/// What a payout is made of, as far as it can be read; an odd transaction is an error here, as a
/// payout without one of its parts would not balance.
type Parts = std::result::Result<Vec<Transaction>, Error>;

fn map_one(reader: &Reader, payout: &Entry<Payout>, parts: &Parts) -> Mapped {
    let raw = payout.raw();
    match (payout.value(), parts) {
        (Ok(value), Ok(parts)) => {
            let kept = reader.keep_raw.then(|| raw.to_owned());
            map::payout(value, parts).map(|record| record.with_raw(kept))
        }
        (Err(error), _) | (_, Err(error)) => Err(Skipped::unreadable(error, raw, &["payoutId"])),
    }
}

/// Says so where eBay counts other transactions in a payout than it gives.
fn note(payout: &Entry<Payout>, parts: &Parts) -> Option<String> {
    let payout = payout.value().ok()?;
    let counted = payout.transaction_count?;
    let found = u64::try_from(parts.as_ref().ok()?.len()).ok()?;
    (counted != found).then(|| {
        format!(
            "Payout {} is made of {counted} transactions, of which eBay gives {found}.",
            payout.payout_id
        )
    })
}

async fn transactions_of(reader: &Reader, payout: &Entry<Payout>) -> Result<Parts> {
    let Ok(payout) = payout.value() else {
        return Ok(Ok(Vec::new()));
    };
    let first = GetTransactions::of_payout(reader.environment(), &payout.payout_id)?.page;
    let mut pass = Pass::default();
    let mut all = Vec::new();
    loop {
        let page = pass.page(first.clone());
        if page == first {
            all.clear();
        }
        let endpoint = GetTransactions { page: page.clone() };
        let Some(answer) = reader.call(FINANCES, &endpoint).await? else {
            return Ok(Ok(all));
        };
        let count = answer.transactions.len();
        let turn = pass.turn(&page, count, answer.total, answer.next.as_deref())?;
        for entry in answer.transactions {
            match entry.into_parts().0 {
                Ok(transaction) => all.push(transaction),
                Err(error) => return Ok(Err(error)),
            }
        }
        if turn == Turn::Done {
            return Ok(Ok(all));
        }
    }
}

/// One payout as eBay has it now, with its transactions.
pub(super) async fn one(reader: &Reader, id: &str) -> Result<Mapped> {
    let endpoint = GetPayout {
        environment: reader.environment(),
        id: id.to_owned(),
    };
    let payout = reader.call(FINANCES, &endpoint).await?;
    let parts = transactions_of(reader, &payout).await?;
    Ok(map_one(reader, &payout, &parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_follow_each_other_up_to_the_beginning_of_the_run() {
        let now: DateTime<Utc> = "2026-06-01T12:00:00Z".parse().unwrap();
        let mut run = Cursor::default().begin(now);
        let mut windows = 0;
        while run.window_end() < run.began {
            assert!(run.window_end() - run.from <= WINDOW);
            run.from = run.window_end();
            windows += 1;
        }
        assert_eq!((windows, run.window_end()), (4, now));
        let again = Cursor {
            since: Some(now),
            run: None,
        };
        assert_eq!(again.begin(now).from, now - AGAIN);
    }

    #[test]
    fn a_payout_whose_parts_are_not_all_there_is_noted() {
        let json =
            r#"{"payoutId":"7","amount":{"value":"1","currency":"GBP"},"transactionCount":2}"#;
        let payout: Entry<Payout> = serde_json::from_str(json).unwrap();
        assert!(
            note(&payout, &Ok(Vec::new()))
                .unwrap()
                .contains("2 transactions")
        );
        let odd = Error::contract("odd");
        assert_eq!(note(&payout, &Err(odd)), None);
    }
}
