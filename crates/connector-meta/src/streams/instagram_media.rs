//! What the accounts of Instagram published, by when they did.
//!
//! Nothing tells what was edited, so what was published in the last thirty days is read again each
//! time. Stories are gone after a day, and aren't here.

use chrono::TimeDelta;
use connector_core::{Batch, Checkpoint, PageStream, Result};

use super::is_number;
use super::pass::{Cursor, Pass};
use crate::api::{GetMedium, InstagramMedia};
use crate::map::{self, Mapped};
use crate::reader::Reader;

/// The form of the cursor.
const VERSION: u16 = 1;

/// How far back is read again.
const AGAIN: TimeDelta = TimeDelta::days(30);

/// How many are asked for at once: Instagram gives no more.
const LIMIT: u32 = 100;

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    let linked = reader.linked();
    let mut pass = cursor.pass(|| {
        let ids = linked.iter().map(|it| it.account.clone()).collect();
        Pass::new(reader.now(), ids, LIMIT)
    });
    let thing = pass
        .thing()
        .and_then(|id| linked.iter().find(|it| it.account == id));
    let Some(linked) = thing else {
        // There is none, or it isn't shared any more.
        pass.finish();
        return Ok(cursor.batch(pass, Vec::new(), reader.instagram_notices(None)));
    };
    let floor = cursor.floors.get(&linked.account);
    let answer = reader
        .call(&InstagramMedia {
            page: linked.page.clone(),
            account: linked.account.clone(),
            since: floor.map(|floor| *floor - AGAIN),
            until: Some(pass.began),
            limit: pass.limit,
            from: pass.from().cloned(),
        })
        .await;
    let Some((list, ended)) = pass.take(reader, answer)? else {
        return Ok(cursor.batch(pass, Vec::new(), Vec::new()));
    };
    if ended {
        let began = pass.began;
        cursor.finish(&mut pass, began);
    }
    let notes = reader.instagram_notices(list.served.as_deref());
    let mapped = list
        .data
        .into_iter()
        .map(|entry| {
            map::entry(entry, reader.keep_raw(), |it| {
                map::medium(&linked.account, it)
            })
        })
        .collect();
    Ok(cursor.batch(pass, mapped, notes))
}

/// One of them, if it is of an account that is linked to a page that was shared.
pub(super) async fn one(reader: &Reader, id: &str) -> Result<Option<Mapped>> {
    if !is_number(id) {
        return Ok(None);
    }
    let entry = reader.call(&GetMedium { id: id.to_owned() }).await?;
    let owner = entry.value().ok().and_then(|it| it.owner.as_ref());
    let owner = owner.map(|owner| owner.id.clone());
    let credential = reader.credential();
    let mut accounts = credential.pages.iter().filter_map(|page| {
        let account = page.instagram.as_ref()?;
        Some(account.id.as_str())
    });
    let account = match &owner {
        Some(owner) => accounts.find(|account| account == owner),
        // Instagram doesn't tell everybody whose it is: it is clear where there is one account.
        None => accounts.next().filter(|_| accounts.next().is_none()),
    };
    let Some(account) = account else {
        return Ok(None);
    };
    Ok(Some(map::entry(entry, false, |it| {
        map::medium(account, it)
    })))
}
