//! Campaigns, account by account: those that changed since the last run, as Meta can tell.

use chrono::TimeDelta;
use connector_core::model::Currency;
use connector_core::{Batch, Checkpoint, PageStream, Result};

use super::ad_accounts;
use super::pass::{Cursor, Pass};
use crate::api::{Campaigns, GetAdAccount, GetCampaign};
use crate::map::{self, Mapped};
use crate::reader::Reader;

/// The form of the cursor.
const VERSION: u16 = 1;

/// What is read again before the last run: changes show a little late.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);

/// How many are asked for at once.
const LIMIT: u32 = 100;

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    let mut notes = Vec::new();
    let mut pass = match cursor.pass.take() {
        Some(pass) => pass,
        None => {
            let (accounts, unknown) = ad_accounts::chosen(reader).await?;
            notes = unknown;
            // The currency goes with the account, as campaigns don't say theirs.
            let things = accounts.into_iter().map(|account| {
                let currency = account.currency.unwrap_or_default();
                format!("{}/{currency}", account.id)
            });
            Pass::new(reader.now(), things.collect(), LIMIT)
        }
    };
    let thing = pass.thing().and_then(|thing| thing.split_once('/'));
    let Some((account, currency)) = thing else {
        pass.finish();
        notes.extend(reader.notices(None));
        return Ok(cursor.batch(pass, Vec::new(), notes));
    };
    let (account, currency) = (account.to_owned(), Currency::from_code(currency).ok());
    let floor = pass.thing().and_then(|thing| cursor.floors.get(thing));
    let answer = reader
        .call(&Campaigns {
            account: account.clone(),
            updated_after: floor.map(|floor| *floor - OVERLAP),
            limit: pass.limit,
            from: pass.from().cloned(),
        })
        .await;
    let Some((list, ended)) = pass.take(reader, answer)? else {
        return Ok(cursor.batch(pass, Vec::new(), notes));
    };
    if ended {
        let began = pass.began;
        cursor.finish(&mut pass, began);
    }
    notes.extend(reader.notices(list.served.as_deref()));
    let mapped = list
        .data
        .into_iter()
        .map(|entry| {
            map::entry(entry, reader.keep_raw(), |it| {
                map::campaign(&account, currency, it)
            })
        })
        .collect();
    Ok(cursor.batch(pass, mapped, notes))
}

/// One campaign, and its account for the currency.
pub(super) async fn one(reader: &Reader, id: &str) -> Result<Option<Mapped>> {
    let campaign = reader.call(&GetCampaign { id: id.to_owned() }).await?;
    let account = campaign.value().ok().and_then(|it| it.account_id.clone());
    let Some(account) = account.map(|id| format!("act_{id}")) else {
        return Ok(None);
    };
    let of = reader
        .call(&GetAdAccount {
            id: account.clone(),
        })
        .await?;
    let currency = of.currency.and_then(|code| Currency::from_code(&code).ok());
    Ok(Some(map::entry(campaign, false, |it| {
        map::campaign(&account, currency, it)
    })))
}
