//! Payouts: financial event groups, each with its transactions.
//!
//! Groups are found by when they were opened, in windows of time, the oldest first, as Amazon finds
//! nothing in a window of more than 180 days. A group changes until some days after it was closed, so
//! those that have not settled are remembered and read again by every run; the others are not.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{
    Batch, Entry, Error, ErrorKind, Next, PageStream, Result, Skipped, SyncRequest,
};
use serde::{Deserialize, Serialize};

use super::Restarts;
use crate::api::{FinancialEventGroup, ListFinancialEventGroups, ListTransactions, Transaction};
use crate::map::{self, Mapped};
use crate::seller::Seller;

/// The form of [`Cursor`].
const VERSION: u16 = 1;

/// How far back the first run reads: as far as there are orders.
const MEMORY: TimeDelta = TimeDelta::days(730);

/// How long a window is: a day less than Amazon allows.
const WINDOW: TimeDelta = TimeDelta::days(179);

/// How far before the run before a run looks for new groups: events may be 48 hours late.
const OVERLAP: TimeDelta = TimeDelta::days(3);

/// How long after it was closed a group may still change: its transfer takes some days, and may fail.
const SETTLES: TimeDelta = TimeDelta::days(14);

/// How long ago a window must end. Amazon wants two minutes, by its own clock.
const DELAY: TimeDelta = TimeDelta::minutes(3);

/// A group with more pages of transactions than this, of a hundred each, leads in a circle.
const MOST_PAGES: usize = 5_000;

/// Where the payouts stand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cursor {
    /// Up to when the run before this one looked; none before the first.
    since: Option<DateTime<Utc>>,
    /// The groups that it left unsettled, and when they were opened.
    unsettled: BTreeMap<String, DateTime<Utc>>,
    /// The run that is under way.
    run: Option<Run>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Run {
    /// Up to when it looks.
    until: DateTime<Utc>,
    /// Where its window begins.
    from: DateTime<Utc>,
    /// The page to read next; the first where there is none.
    page: Option<String>,
    /// The groups that it leaves unsettled.
    unsettled: BTreeMap<String, DateTime<Utc>>,
    /// How often a window was begun anew; sets the cursors of a second reading apart.
    restarts: u32,
}

impl Cursor {
    fn begin(&self, now: DateTime<Utc>) -> Run {
        let until = now - DELAY;
        let oldest = until - MEMORY;
        let known = self.since.map(|since| since - OVERLAP);
        let unsettled = self.unsettled.values().min().copied();
        let from = known.map_or(oldest, |known| unsettled.unwrap_or(known).min(known));
        Run {
            until,
            from: from.clamp(oldest, until - OVERLAP),
            page: None,
            unsettled: BTreeMap::new(),
            restarts: 0,
        }
    }

    /// Whether a group is new, or may have changed since the run before.
    fn wants(&self, group: &FinancialEventGroup) -> bool {
        let Some(since) = self.since else {
            return true;
        };
        let opened = group.financial_event_group_start;
        opened.is_none_or(|opened| opened >= since - OVERLAP)
            || self.unsettled.contains_key(&group.financial_event_group_id)
    }
}

impl Run {
    fn window_end(&self) -> DateTime<Utc> {
        (self.from + WINDOW).min(self.until)
    }

    /// Remembers a group that may still change.
    fn note(&mut self, group: &FinancialEventGroup) {
        let closed = group
            .financial_event_group_end
            .filter(|_| group.processing_status.as_deref() != Some("Open"));
        if let (None, Some(opened)) = (
            closed.filter(|closed| *closed <= self.until - SETTLES),
            group.financial_event_group_start,
        ) {
            let id = group.financial_event_group_id.clone();
            self.unsettled.insert(id, opened);
        }
    }
}

pub(super) fn pages(seller: Seller, request: SyncRequest) -> Result<PageStream> {
    let keep_raw = request.keep_raw;
    let restarts = Restarts::default();
    connector_core::pages(VERSION, request.resume, move |cursor: Option<Cursor>| {
        let (seller, restarts) = (seller.clone(), restarts.clone());
        async move { page(&seller, cursor.unwrap_or_default(), keep_raw, &restarts).await }
    })
}

async fn page(
    seller: &Seller,
    mut cursor: Cursor,
    keep_raw: bool,
    restarts: &Restarts,
) -> Result<Batch<Cursor>> {
    let mut run = match cursor.run.take() {
        Some(run) => run,
        None => cursor.begin(seller.now()),
    };
    let until = run.window_end();
    let asked = seller.call(ListFinancialEventGroups {
        started_after: run.from,
        started_before: until,
        next_token: run.page.clone(),
    });
    let groups = match asked.await {
        Err(error) if run.page.is_some() && is_of_the_page(&error) => {
            restarts.one_more(|| error)?;
            run.page = None;
            run.restarts = run.restarts.wrapping_add(1);
            cursor.run = Some(run);
            return Ok(Batch::new(Vec::new(), cursor, Next::More));
        }
        answer => answer?.payload,
    };
    let mut mapped = Vec::with_capacity(groups.groups.len());
    for entry in groups.groups {
        if let Ok(group) = entry.value() {
            if !cursor.wants(group) {
                continue;
            }
            run.note(group);
        }
        mapped.push(one(seller, entry, keep_raw).await?);
    }
    run.page = super::following(groups.next_token, run.page.as_deref())?;
    if run.page.is_none() {
        run.from = until;
    }
    if run.from < run.until {
        cursor.run = Some(run);
        return Ok(Batch::mapped(mapped, cursor, Next::More));
    }
    cursor.since = Some(run.until);
    cursor.unsettled = run.unsettled;
    Ok(Batch::mapped(mapped, cursor, Next::Done))
}

/// One group with its transactions. One of which a part can't be read is skipped whole: it would not
/// add up.
async fn one(seller: &Seller, entry: Entry<FinancialEventGroup>, keep_raw: bool) -> Result<Mapped> {
    let id = match entry.value() {
        Ok(group) => group.financial_event_group_id.clone(),
        Err(_) => String::new(),
    };
    let parts = if id.is_empty() {
        Ok(Vec::new())
    } else {
        transactions(seller, &id).await?
    };
    Ok(entry.map(&["FinancialEventGroupId"], keep_raw, |group| {
        let parts = parts.map_err(|error| Skipped::new(&id, error.message()))?;
        map::payout(&group, &parts)
    }))
}

/// Every transaction of a group; the reason, where one of them can't be read.
async fn transactions(
    seller: &Seller,
    group_id: &str,
) -> Result<std::result::Result<Vec<Transaction>, Error>> {
    let mut all = Vec::new();
    let mut next_token = None;
    for _ in 0..MOST_PAGES {
        let asked = ListTransactions {
            group_id: group_id.to_owned(),
            next_token: next_token.clone(),
        };
        let page = seller.call(asked).await?.payload;
        for entry in page.transactions {
            match entry.into_parts().0 {
                Ok(transaction) => all.push(transaction),
                Err(error) => return Ok(Err(error)),
            }
        }
        next_token = super::following(page.next_token, next_token.as_deref())?;
        if next_token.is_none() {
            return Ok(Ok(all));
        }
    }
    Err(Error::contract("a payout's transactions have no end"))
}

/// Whether it is the page token that isn't taken.
fn is_of_the_page(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Rejected | ErrorKind::NotFound)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-06-01T12:00:00Z".parse().unwrap()
    }

    fn group(
        id: &str,
        opened: DateTime<Utc>,
        closed: Option<DateTime<Utc>>,
    ) -> FinancialEventGroup {
        serde_json::from_value(json!({
            "FinancialEventGroupId": id,
            "ProcessingStatus": if closed.is_some() { "Closed" } else { "Open" },
            "OriginalTotal": {"CurrencyCode": "USD", "CurrencyAmount": 1},
            "FinancialEventGroupStart": opened,
            "FinancialEventGroupEnd": closed,
        }))
        .unwrap()
    }

    #[test]
    fn windows_follow_each_other_up_to_the_end_of_the_run() {
        let mut run = Cursor::default().begin(now());
        let mut windows = 1;
        while run.window_end() < run.until {
            assert_eq!(run.window_end() - run.from, WINDOW);
            run.from = run.window_end();
            windows += 1;
        }
        assert_eq!((windows, run.window_end()), (5, now() - DELAY));
    }

    #[test]
    fn a_later_run_goes_back_to_what_had_not_settled_and_no_further() {
        let mut run = Cursor::default().begin(now());
        let days = TimeDelta::days;
        let open = group("open", now() - days(200), None);
        let fresh = group("fresh", now() - days(20), Some(now() - days(6)));
        let settled = group("settled", now() - days(34), Some(now() - days(20)));
        for group in [&open, &fresh, &settled] {
            run.note(group);
        }
        assert!(run.unsettled.keys().eq(["fresh", "open"]));
        let cursor = Cursor {
            since: Some(run.until),
            unsettled: run.unsettled,
            run: None,
        };
        assert!(cursor.wants(&open) && cursor.wants(&fresh) && !cursor.wants(&settled));
        assert!(cursor.wants(&group("new", now() - days(1), None)));
        assert_eq!(cursor.begin(now()).from, now() - days(200));
        let quiet = Cursor {
            unsettled: BTreeMap::new(),
            ..cursor
        };
        assert_eq!(quiet.begin(now()).from, now() - DELAY - OVERLAP);
    }
}
