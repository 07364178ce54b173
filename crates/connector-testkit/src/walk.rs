//! Syncing a stream as an engine does: page after page, waiting where the connector says so, and
//! going on from a checkpoint that was JSON in between.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use connector_core::{AnySession, Change, Checkpoint, Error, Next, Page, Record, SyncRequest};
use futures::StreamExt as _;
use serde_json::{Value, json};

use crate::harness::Harness;
use crate::lab::Lab;
use crate::outcome::Failure;

/// More pages than any sandbox has.
const MOST_PAGES: usize = 5_000;

/// A job that is still not ready after this many waits never will be.
const MOST_WAITS: usize = 300;

/// So many pages of a run are searched for secrets: the others are made in the same way.
const PAGES_SHOWN: usize = 3;

/// What a sync brought.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    /// The pages, in order.
    pub(crate) pages: Vec<Seen>,
    /// How it ended.
    pub(crate) end: End,
}

/// How a sync ended.
#[derive(Debug, Default)]
pub(crate) enum End {
    /// Completely.
    Done,
    /// With this error.
    Failed(Error),
    /// It was stopped after as many pages as were asked for.
    #[default]
    Cut,
    /// The platform was still preparing when patience was at its end.
    StillWaiting,
    /// The stream goes on for ever, or stops without a word.
    Broken(&'static str),
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("it completed"),
            Self::Failed(error) => write!(f, "it failed: {error:?}"),
            Self::Cut => f.write_str("there are still pages to come"),
            Self::StillWaiting => f.write_str("the platform is still preparing"),
            Self::Broken(how) => f.write_str(how),
        }
    }
}

/// One page.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) records: Vec<Record>,
    /// How many came that could not be mapped.
    pub(crate) skipped: usize,
    /// The checkpoint, as it is stored.
    pub(crate) checkpoint: String,
    pub(crate) next: Next,
}

impl Walk {
    /// Every record as JSON that can be compared: what was read off the clock is taken out.
    pub(crate) fn records(&self, from_page: usize, began: DateTime<Utc>) -> Vec<Value> {
        let pages = self.pages.iter().skip(from_page);
        pages
            .flat_map(|page| page.records.iter().map(|record| comparable(record, began)))
            .collect()
    }

    /// The ids of all records that are there.
    pub(crate) fn ids(&self) -> BTreeSet<String> {
        let records = self.pages.iter().flat_map(|page| &page.records);
        records
            .filter(|record| matches!(record.change, Change::Upsert(_)))
            .map(|record| record.external_id.clone())
            .collect()
    }

    pub(crate) fn skipped(&self) -> usize {
        self.pages.iter().map(|page| page.skipped).sum()
    }

    pub(crate) fn checkpoint(&self) -> Option<&str> {
        self.pages.last().map(|page| page.checkpoint.as_str())
    }

    /// The walk, if it came to its end.
    pub(crate) fn done(self, what: &str) -> Result<Self, Failure> {
        match self.end {
            End::Done => Ok(self),
            end => {
                let pages = self.pages.len();
                Err(Failure::new(format!(
                    "{what} must complete; after {pages} pages: {end}"
                )))
            }
        }
    }
}

/// Reads a checkpoint from its JSON.
pub(crate) fn checkpoint(json: &str) -> Result<Checkpoint, Failure> {
    Ok(serde_json::from_str(json)?)
}

/// Syncs until the end, or until `most` pages came.
pub(crate) async fn walk<H: Harness>(
    lab: &Lab<H>,
    session: &AnySession,
    stream: &str,
    resume: Option<&str>,
    most: usize,
) -> Result<Walk, Failure> {
    let mut walk = Walk::default();
    let mut resume = resume.map(checkpoint).transpose()?;
    let mut waits = 0;
    loop {
        let request = SyncRequest::new(stream).resume_from(resume.take());
        let mut pages = match lab.seen(session.sync(request)) {
            Ok(pages) => pages,
            Err(error) => {
                walk.end = End::Failed(error);
                return Ok(walk);
            }
        };
        let wait = loop {
            if walk.pages.len() >= most {
                return Ok(walk);
            }
            let next = match pages.next().await {
                None => End::Broken("the stream ended without saying that it is done"),
                Some(Err(error)) => End::Failed(error),
                Some(Ok(page)) => {
                    let next = page.next;
                    if walk.pages.len() < PAGES_SHOWN {
                        lab.capture.show(&page);
                    }
                    walk.pages.push(seen(page)?);
                    match next {
                        Next::More if walk.pages.len() > MOST_PAGES => {
                            End::Broken("the stream goes on for ever")
                        }
                        Next::More => continue,
                        Next::After(wait) => break wait,
                        Next::Done => End::Done,
                    }
                }
            };
            if let End::Failed(error) = &next {
                lab.capture.show_error(error);
            }
            let over = pages.next().await.is_none();
            walk.end = if over {
                next
            } else {
                End::Broken("the stream goes on after its end")
            };
            return Ok(walk);
        };
        if pages.next().await.is_some() {
            walk.end = End::Broken("the stream goes on when it said to wait");
            return Ok(walk);
        }
        waits += 1;
        if waits > MOST_WAITS {
            walk.end = End::StillWaiting;
            return Ok(walk);
        }
        pass(lab, wait).await;
        resume = walk.checkpoint().map(checkpoint).transpose()?;
    }
}

/// Lets the time pass that a page asks to wait.
pub(crate) async fn pass<H: Harness>(lab: &Lab<H>, wait: Duration) {
    lab.ctx.clock.sleep(wait).await;
}

fn seen(page: Page) -> Result<Seen, Failure> {
    Ok(Seen {
        skipped: page.skipped.len(),
        checkpoint: serde_json::to_string(&page.checkpoint)?,
        next: page.next,
        records: page.records,
    })
}

/// A record as JSON that can be compared: what was read off the clock is taken out.
pub(crate) fn comparable(record: &Record, began: DateTime<Utc>) -> Value {
    let mut json = json!({
        "id": record.external_id,
        "updated_at": record.updated_at,
        "value": match &record.change {
            Change::Upsert(model) => serde_json::to_value(model).unwrap_or_default(),
            Change::Gone => Value::Null,
        },
    });
    forget_now(&mut json, began);
    json
}

/// Everything in a sandbox lies before the check began; a later time was read off the clock.
fn forget_now(json: &mut Value, began: DateTime<Utc>) {
    match json {
        Value::String(text) if text.len() >= 20 && text.contains('T') => {
            if DateTime::parse_from_rfc3339(text).is_ok_and(|time| time >= began) {
                *json = Value::from("(now)");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| forget_now(item, began)),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|field| forget_now(field, began)),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
