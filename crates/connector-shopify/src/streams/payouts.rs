//! Payouts of Shopify Payments, each with its balance transactions.
//!
//! A payout doesn't tell when it changed, only when it was issued, so each run reads the last weeks
//! again: that is how long a payout may take until it is paid or has failed.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use connector_core::{Batch, Checkpoint, Next, PageStream, Result};
use serde::{Deserialize, Serialize};

use super::VERSION;
use super::products::advance;
use super::reader::{MOST, Reader, read};
use crate::api::{
    BalanceTransaction, BalanceTransactionsQuery, Gid, Payout, PayoutQuery, PayoutsQuery,
};
use crate::map::{self, Mapped};

/// How many payouts make a page: each takes at least one more request.
const PAYOUTS: u32 = 25;

/// How far behind the newest payout a run reads again.
const OVERLAP: TimeDelta = TimeDelta::days(30);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Cursor {
    /// When the newest payout was issued that a run before this one saw: all pages of a run must
    /// search for the same.
    from: Option<DateTime<Utc>>,
    /// The same, this run included.
    newest: Option<DateTime<Utc>>,
    /// The end of the page before; `None` between two runs.
    after: Option<String>,
}

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    if cursor.after.is_none() {
        cursor.from = cursor.newest;
    }
    let query = cursor.from.map(|from| {
        let since = (from - OVERLAP).to_rfc3339_opts(SecondsFormat::Secs, true);
        format!("issued_at:>='{since}'")
    });
    let answer = reader
        .ask_in_pages(PAYOUTS, |first| PayoutsQuery {
            first,
            after: cursor.after.clone(),
            query: query.clone(),
        })
        .await?;
    let mut notes = answer.notes;
    let Some(account) = answer.data.shopify_payments_account else {
        notes.push(String::from(
            "The shop doesn't use Shopify Payments, so it has no payouts here.",
        ));
        let mut batch = Batch::new(
            Vec::new(),
            Cursor {
                after: None,
                ..cursor
            },
            Next::Done,
        );
        batch.notes = notes;
        return Ok(batch);
    };
    let mut mapped = Vec::with_capacity(account.payouts.nodes.len());
    for node in account.payouts.nodes {
        let payout: Payout = match read(&node) {
            Ok(payout) => payout,
            Err(skipped) => {
                mapped.push(Err(skipped));
                continue;
            }
        };
        cursor.newest = cursor.newest.max(Some(payout.issued_at.to_utc()));
        let transactions = transactions(reader, &payout.id, &mut notes).await?;
        let record = map::payout(&payout, &transactions);
        mapped.push(record.map(|record| record.with_raw(reader.raw(node))));
    }
    cursor.after = account.payouts.page_info.next();
    let next = if cursor.after.is_some() {
        Next::More
    } else {
        Next::Done
    };
    let mut batch = Batch::mapped(mapped, cursor, next);
    batch.notes = notes;
    Ok(batch)
}

/// One payout as Shopify has it now, with its transactions.
pub(super) async fn one(reader: &Reader, id: Gid) -> Result<Option<Mapped>> {
    let Some(payout) = reader.ask(&PayoutQuery { id }).await?.data.payout else {
        return Ok(None);
    };
    let transactions = transactions(reader, &payout.id, &mut Vec::new()).await?;
    Ok(Some(map::payout(&payout, &transactions)))
}

async fn transactions(
    reader: &Reader,
    payout: &Gid,
    notes: &mut Vec<String>,
) -> Result<Vec<BalanceTransaction>> {
    let mut all = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let answer = reader
            .ask_in_pages(MOST, |first| BalanceTransactionsQuery {
                first,
                after: after.clone(),
                query: format!("payments_transfer_id:{}", payout.tail()),
            })
            .await?;
        notes.extend(answer.notes);
        let Some(account) = answer.data.shopify_payments_account else {
            return Ok(all);
        };
        let next = advance(
            after.as_deref().unwrap_or_default(),
            &account.balance_transactions,
        )?;
        // A search that Shopify doesn't understand is ignored, so each is asked where it belongs.
        all.extend(
            account
                .balance_transactions
                .nodes
                .into_iter()
                .filter(|transaction| {
                    let owner = transaction.associated_payout.id.as_ref();
                    owner.is_some_and(|owner| owner.tail() == payout.tail())
                }),
        );
        match next {
            Some(next) => after = Some(next),
            None => return Ok(all),
        }
    }
}
