//! Posts, page by page of Facebook's, by when they were made.
//!
//! Nothing tells what was edited, so what was made in the last thirty days is read again each time.

use chrono::TimeDelta;
use connector_core::{Batch, Checkpoint, PageStream, Result};

use super::pass::{Cursor, Pass};
use crate::api::{GetPost, PublishedPosts};
use crate::map::{self, Mapped};
use crate::reader::Reader;

/// The form of the cursor.
const VERSION: u16 = 1;

/// How far back is read again.
const AGAIN: TimeDelta = TimeDelta::days(30);

/// How many are asked for at once: Facebook gives no more.
const LIMIT: u32 = 100;

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    let shared = reader.pages();
    let mut pass = cursor.pass(|| {
        let ids = shared.iter().map(|page| page.id.clone()).collect();
        Pass::new(reader.now(), ids, LIMIT)
    });
    let thing = pass
        .thing()
        .and_then(|id| shared.iter().find(|page| page.id == id));
    let Some(shared) = thing else {
        // There is none, or it isn't shared any more.
        pass.finish();
        return Ok(cursor.batch(pass, Vec::new(), reader.notices(None)));
    };
    let floor = cursor.floors.get(&shared.id);
    let answer = reader
        .call(&PublishedPosts {
            page: shared.id.clone(),
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
    let notes = reader.notices(list.served.as_deref());
    let mapped = list
        .data
        .into_iter()
        .map(|entry| map::entry(entry, reader.keep_raw(), |post| map::post(&shared.id, post)))
        .collect();
    Ok(cursor.batch(pass, mapped, notes))
}

/// One post. Its id begins with that of its page, which must be one that was shared.
pub(super) async fn one(reader: &Reader, id: &str) -> Result<Option<Mapped>> {
    let credential = reader.credential();
    let owner = id
        .split_once('_')
        .and_then(|(page, _)| credential.page(page));
    let Some(owner) = owner else {
        return Ok(None);
    };
    let post = reader
        .call(&GetPost {
            page: owner.id.clone(),
            id: id.to_owned(),
        })
        .await?;
    Ok(Some(map::entry(post, false, |post| {
        map::post(&owner.id, post)
    })))
}
