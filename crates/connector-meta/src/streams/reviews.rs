//! Recommendations, all of them each time: nothing tells which are new.
//!
//! Best effort, as Meta's documentation is at odds about whether they can still be read. Where it says
//! that it doesn't offer them, the page is passed over and a note says so.

use connector_core::{Batch, Checkpoint, PageStream, Result};

use super::pass::{Cursor, Pass};
use crate::api::Ratings;
use crate::dialect::Meaning;
use crate::map;
use crate::reader::Reader;

/// The form of the cursor.
const VERSION: u16 = 1;

/// How many are asked for at once.
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
        pass.finish();
        return Ok(cursor.batch(pass, Vec::new(), reader.notices(None)));
    };
    let answer = reader
        .call(&Ratings {
            page: shared.id.clone(),
            limit: pass.limit,
            from: pass.from().cloned(),
        })
        .await;
    if let Err(error) = &answer
        && Meaning::of(error) == Some(Meaning::Ended)
    {
        pass.finish();
        let note = "Facebook doesn't offer recommendations to apps any more: those that are here stay \
                    as they were last read";
        return Ok(cursor.batch(pass, Vec::new(), vec![note.to_owned()]));
    }
    let Some((list, ended)) = pass.take(reader, answer)? else {
        return Ok(cursor.batch(pass, Vec::new(), Vec::new()));
    };
    if ended {
        pass.finish();
    }
    let notes = reader.notices(list.served.as_deref());
    let mapped = list
        .data
        .into_iter()
        .map(|entry| map::entry(entry, reader.keep_raw(), |it| map::rating(&shared.id, it)))
        .collect();
    Ok(cursor.batch(pass, mapped, notes))
}
