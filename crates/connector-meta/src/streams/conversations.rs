//! Conversations in Messenger and on Instagram, those last written to first.
//!
//! There is no paging by time: a list is read until what comes was there the last time. One that is
//! written to meanwhile moves to the beginning, and is for the next run, as the floor to be is the
//! newest time of the first page.

use chrono::TimeDelta;
use connector_core::{Batch, Checkpoint, ErrorKind, PageStream, Result};

use super::pass::{Cursor, Pass};
use crate::api::Conversations;
use crate::credential::PageGrant;
use crate::map;
use crate::reader::Reader;

/// The form of the cursor.
const VERSION: u16 = 1;

/// What is read again below the newest time of the last run.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);

/// How many are asked for at once, each with its latest messages.
const LIMIT: u32 = 50;

const MESSENGER: &str = "messenger";
const INSTAGRAM: &str = "instagram";

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

/// The lists to read: `PAGE/messenger`, and `PAGE/instagram` where an account is linked.
fn things(shared: &[PageGrant]) -> Vec<String> {
    let channels = |page: &PageGrant| {
        let instagram = page.instagram.is_some().then_some(INSTAGRAM);
        let id = page.id.clone();
        [Some(MESSENGER), instagram]
            .into_iter()
            .flatten()
            .map(move |channel| format!("{id}/{channel}"))
    };
    shared.iter().flat_map(channels).collect()
}

async fn page(reader: &Reader, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    let shared = reader.pages();
    let mut pass = cursor.pass(|| Pass::new(reader.now(), things(&shared), LIMIT));
    let thing = pass.thing().and_then(|thing| {
        let (page, channel) = thing.split_once('/')?;
        let page = shared.iter().find(|known| known.id == page)?;
        Some((page, channel.to_owned(), thing.to_owned()))
    });
    let Some((shared, channel, thing)) = thing else {
        pass.finish();
        return Ok(cursor.batch(pass, Vec::new(), reader.notices(None)));
    };
    let answer = reader
        .call(&Conversations {
            page: shared.id.clone(),
            platform: channel.clone(),
            limit: pass.limit,
            from: pass.from().cloned(),
        })
        .await;
    if let Err(error) = &answer
        && error.kind() == ErrorKind::PermissionDenied
        && channel == INSTAGRAM
    {
        // Messenger's are worth having without Instagram's.
        pass.finish();
        let note = format!(
            "The conversations on Instagram of {} can't be read: the permission \
             instagram_manage_messages is missing, or the account doesn't let apps read them",
            shared.name
        );
        return Ok(cursor.batch(pass, Vec::new(), vec![note]));
    }
    let at_first_page = pass.at_first_page();
    let Some((list, ended)) = pass.take(reader, answer)? else {
        return Ok(cursor.batch(pass, Vec::new(), Vec::new()));
    };
    let times = || {
        let entries = list.data.iter().filter_map(|entry| entry.value().ok());
        entries.filter_map(|it| it.updated_time)
    };
    if at_first_page {
        pass.newest = times().max();
    }
    let floor = cursor.floors.get(&thing).copied();
    let was_there = floor.is_some_and(|floor| times().any(|at| at < floor - OVERLAP));
    if ended || was_there {
        match pass.newest.or(floor) {
            Some(newest) => cursor.finish(&mut pass, newest),
            None => pass.finish(),
        }
    }
    let notes = reader.notices(list.served.as_deref());
    let instagram = shared.instagram.as_ref().map(|it| it.id.as_str());
    let ours: Vec<&str> = instagram.into_iter().chain([shared.id.as_str()]).collect();
    let mapped = list
        .data
        .into_iter()
        .map(|entry| {
            map::entry(entry, reader.keep_raw(), |it| {
                map::conversation(&shared.id, &channel, &ours, it)
            })
        })
        .collect();
    Ok(cursor.batch(pass, mapped, notes))
}
