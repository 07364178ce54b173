//! Leads: the forms of each page, then what was filled in of each form.
//!
//! Meta keeps leads for ninety days and can filter them by when they were sent, so that a run reads
//! those since the one before, and a day more.

use chrono::TimeDelta;
use connector_core::{Batch, Checkpoint, Error, ErrorKind, PageStream, Result, Skipped};

use super::is_number;
use super::pass::{Cursor, Pass};
use crate::api::{FormLeads, GetLead, LeadForms};
use crate::credential::PageGrant;
use crate::map::{self, Mapped};
use crate::reader::Reader;

/// The form of the cursor.
const VERSION: u16 = 1;

/// What is read again below the time of the last run.
const OVERLAP: TimeDelta = TimeDelta::days(1);

/// How many are asked for at once.
const LIMIT: u32 = 100;

/// What the things of the walk begin with: `page/PAGE`, then `form/PAGE/FORM`.
const PAGE: &str = "page";
const FORM: &str = "form";

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    let shared = reader.pages();
    let mut pass = cursor.pass(|| {
        let pages = shared.iter().map(|page| format!("{PAGE}/{}", page.id));
        Pass::new(reader.now(), pages.collect(), LIMIT)
    });
    let thing = pass.thing().unwrap_or_default().to_owned();
    let mut parts = thing.split('/');
    let what = parts.next();
    let page = parts
        .next()
        .and_then(|id| shared.iter().find(|page| page.id == id));
    match (what, page, parts.next()) {
        (Some(PAGE), Some(page), None) => forms(reader, cursor, pass, page).await,
        (Some(FORM), Some(page), Some(form)) => {
            leads(reader, cursor, pass, page, form, &thing).await
        }
        _ => {
            // There is none, or the page isn't shared any more.
            pass.finish();
            Ok(cursor.batch(pass, Vec::new(), reader.notices(None)))
        }
    }
}

/// A page's forms, which become things of the walk.
async fn forms(
    reader: &Reader,
    cursor: Cursor,
    mut pass: Pass,
    page: &PageGrant,
) -> Result<Batch<Cursor>> {
    let answer = reader
        .call(&LeadForms {
            page: page.id.clone(),
            limit: pass.limit,
            from: pass.from().cloned(),
        })
        .await;
    if let Some(note) = answer
        .as_ref()
        .err()
        .and_then(|error| closed(reader, page, error))
    {
        pass.finish();
        return Ok(cursor.batch(pass, Vec::new(), vec![note]));
    }
    let Some((list, ended)) = pass.take(reader, answer)? else {
        return Ok(cursor.batch(pass, Vec::new(), Vec::new()));
    };
    let notes = reader.notices(list.served.as_deref());
    let (mut found, mut unreadable) = (Vec::new(), Vec::new());
    for entry in list.data {
        match entry.into_parts() {
            (Ok(form), _) => found.push(format!("{FORM}/{}/{}", page.id, form.id)),
            (Err(error), raw) => unreadable.push(Err(Skipped::unreadable(&error, &raw, &["id"]))),
        }
    }
    pass.add(found);
    if ended {
        pass.finish();
    }
    Ok(cursor.batch(pass, unreadable, notes))
}

/// What was filled in of a form.
async fn leads(
    reader: &Reader,
    mut cursor: Cursor,
    mut pass: Pass,
    page: &PageGrant,
    form: &str,
    thing: &str,
) -> Result<Batch<Cursor>> {
    let answer = reader
        .call(&FormLeads {
            page: page.id.clone(),
            form: form.to_owned(),
            after: cursor.floors.get(thing).map(|floor| *floor - OVERLAP),
            limit: pass.limit,
            from: pass.from().cloned(),
        })
        .await;
    if let Some(note) = answer
        .as_ref()
        .err()
        .and_then(|error| closed(reader, page, error))
    {
        pass.finish();
        return Ok(cursor.batch(pass, Vec::new(), vec![note]));
    }
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
        .map(|entry| map::entry(entry, reader.keep_raw(), map::lead))
        .collect();
    Ok(cursor.batch(pass, mapped, notes))
}

/// That a page's leads are closed though the permission is granted: a business says by the Leads Access
/// Manager who may read them. Other pages' are worth having without.
fn closed(reader: &Reader, page: &PageGrant, error: &Error) -> Option<String> {
    let granted = reader.credential().has("leads_retrieval");
    (granted && error.kind() == ErrorKind::PermissionDenied).then(|| {
        format!(
            "The leads of {} can't be read: in Meta Business Suite, the Leads Access Manager of the \
             page must let the app and the person who connected read them",
            page.name
        )
    })
}

/// One lead.
pub(super) async fn one(reader: &Reader, id: &str) -> Result<Option<Mapped>> {
    if !is_number(id) {
        return Ok(None);
    }
    let lead = reader.call(&GetLead { id: id.to_owned() }).await?;
    Ok(Some(map::entry(lead, false, map::lead)))
}
