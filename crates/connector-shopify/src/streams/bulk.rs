//! The first full read of a stream: a bulk operation, from asking for it to the end of its file.
//! What changed since then is read in the same run, as changes.
//!
//! Nothing waits in here: between asking and reading the stream ends with
//! [`Next::After`], and goes on from its checkpoint.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{Batch, Error, ErrorKind, Next, Result};
use serde::{Deserialize, Serialize};

use super::bulk_file::{BulkFile, Position, check_complete};
use super::reader::Reader;
use super::source::{Cursor, Source};
use crate::api::{
    BulkOperation, BulkOperationQuery, BulkOperationsQuery, CancelBulkOperation, Gid, RunBulkQuery,
};
use crate::map::Mapped;

/// How many parents make a page.
const PARENTS: usize = 250;

/// How many of the newest operations are looked through for one to adopt.
const RECENT: u32 = 20;

/// A bulk operation that runs longer than this is stuck. Shopify's own limit is ten days.
const DEADLINE: TimeDelta = TimeDelta::hours(24);

/// How long to wait while as many operations run as may.
const BUSY: Duration = Duration::from_secs(60);

/// The longest wait between two looks at an operation.
const LONGEST_POLL: Duration = Duration::from_secs(60);

/// How often an operation is asked for anew because its file had expired or it was forgotten.
const MOST_TRIES: u32 = 3;

/// The code under which an operation that ran past the deadline is remembered.
const STUCK: &str = "STUCK";

/// How a bulk operation is asked for.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Ask {
    /// Whether to leave out what the app may not read.
    plain: bool,
    /// How often one was lost.
    tries: u32,
}

/// A bulk operation that was asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Bulk {
    id: Gid,
    created_at: DateTime<Utc>,
    ask: Ask,
}

/// A file that is open between two pages, and what Shopify says it holds.
pub(super) struct OpenFile {
    file: BulkFile,
    operation: BulkOperation,
}

type Page<S> = Result<Batch<Cursor<<S as Source>::At>>>;

/// Asks for a bulk operation, or takes over one of ours that is running with the same query: its
/// checkpoint, or the reply that told of it, was lost.
pub(super) async fn begin<S: Source>(reader: &Reader, mut ask: Ask) -> Page<S> {
    loop {
        let document = document::<S>(ask);
        if let Some(bulk) = adopt(reader, document, ask).await? {
            return Ok(asked::<S>(bulk, 0));
        }
        match reader.ask(&RunBulkQuery { query: document }).await {
            Ok(answer) => {
                let started = answer
                    .data
                    .bulk_operation_run_query
                    .bulk_operation
                    .ok_or_else(|| {
                        Error::contract("Shopify started no bulk operation and gave no reason")
                    })?;
                let bulk = Bulk {
                    id: started.id,
                    created_at: started.created_at,
                    ask,
                };
                let mut batch = asked::<S>(bulk, 0);
                batch.notes.extend(plain_note::<S>(ask));
                return Ok(batch);
            }
            Err(error) if is_busy(&error) => {
                let cursor = Cursor::Waiting { ask };
                let mut batch = Batch::new(Vec::new(), cursor, Next::After(BUSY));
                batch.notes.push(String::from(
                    "As many bulk operations of this app run in this shop as may run at once: \
                     waiting for one to end.",
                ));
                return Ok(batch);
            }
            Err(error)
                if error.kind() == ErrorKind::PermissionDenied && can_be_plainer::<S>(ask) =>
            {
                ask.plain = true;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Looks at an operation, and begins to read its file when it is complete.
pub(super) async fn poll<S: Source>(
    reader: &Reader,
    bulk: Bulk,
    polls: u32,
    open: &mut Option<OpenFile>,
) -> Page<S> {
    let Some(operation) = look(reader, &bulk.id).await? else {
        return begin_anew::<S>(reader, bulk.ask).await;
    };
    match operation.status.as_str() {
        "COMPLETED" => {
            read_operation::<S>(reader, bulk, Position::default(), open, operation).await
        }
        "EXPIRED" => begin_anew::<S>(reader, bulk.ask).await,
        "FAILED"
            if operation.error_code.as_deref() == Some("ACCESS_DENIED")
                && can_be_plainer::<S>(bulk.ask) =>
        {
            begin::<S>(
                reader,
                Ask {
                    plain: true,
                    ..bulk.ask
                },
            )
            .await
        }
        "FAILED" => Ok(failed::<S>(
            operation.error_code.as_deref().unwrap_or("FAILED"),
        )),
        "CANCELED" => Ok(failed::<S>("CANCELED")),
        // A word that is not known is taken for "not yet", until the deadline.
        _ if reader.session.now() - bulk.created_at > DEADLINE => {
            reader.ask(&CancelBulkOperation { id: bulk.id }).await?;
            Ok(failed::<S>(STUCK))
        }
        _ => Ok(asked::<S>(bulk, polls.saturating_add(1))),
    }
}

/// Reads the next page of an operation's file.
pub(super) async fn read<S: Source>(
    reader: &Reader,
    bulk: Bulk,
    at: Position,
    open: &mut Option<OpenFile>,
) -> Page<S> {
    if open.as_ref().is_some_and(|open| open.file.position() == at) {
        return read_open::<S>(reader, bulk, open).await;
    }
    // The address is signed and expires, so it is asked for again instead of being stored.
    match look(reader, &bulk.id).await? {
        Some(operation) if operation.status == "COMPLETED" => {
            read_operation::<S>(reader, bulk, at, open, operation).await
        }
        _ => begin_anew::<S>(reader, bulk.ask).await,
    }
}

async fn read_operation<S: Source>(
    reader: &Reader,
    bulk: Bulk,
    at: Position,
    open: &mut Option<OpenFile>,
    operation: BulkOperation,
) -> Page<S> {
    let Some(url) = &operation.url else {
        // Nothing matched, so there is no file.
        check_complete(
            at,
            operation.object_count,
            operation.root_object_count,
            None,
        )?;
        return Ok(Batch::new(Vec::new(), catch_up(&bulk), Next::More));
    };
    match BulkFile::open(&reader.session, url, at).await {
        Ok(file) => *open = Some(OpenFile { file, operation }),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return begin_anew::<S>(reader, bulk.ask).await;
        }
        Err(error) => return Err(error),
    }
    read_open::<S>(reader, bulk, open).await
}

async fn read_open<S: Source>(reader: &Reader, bulk: Bulk, open: &mut Option<OpenFile>) -> Page<S> {
    let OpenFile { file, operation } = open
        .as_mut()
        .ok_or_else(|| Error::new(ErrorKind::Unexpected, "no bulk file is open"))?;
    let mut mapped: Vec<Mapped> = Vec::with_capacity(PARENTS);
    for _ in 0..PARENTS {
        let Some(group) = file.group().await? else {
            break;
        };
        mapped.extend(S::records(&group, reader.keep_raw)?);
    }
    let at = file.position();
    let total = S::RECORD_PER_PARENT.then_some(operation.root_object_count);
    let cursor = if file.is_at_end() {
        check_complete(
            at,
            operation.object_count,
            operation.root_object_count,
            operation.file_size,
        )?;
        *open = None;
        catch_up(&bulk)
    } else {
        Cursor::Reading { bulk, at }
    };
    let mut batch = Batch::mapped(mapped, cursor, Next::More);
    batch.total = total;
    Ok(batch)
}

/// Where to go on after the file: it holds what was there when it was asked for, so the same run
/// reads what has changed since.
fn catch_up<At>(bulk: &Bulk) -> Cursor<At> {
    Cursor::Done {
        newest: bulk.created_at,
    }
}

/// The failure of an operation, by the code under which it is remembered.
pub(super) fn failure(code: &str) -> Error {
    match code {
        "ACCESS_DENIED" => Error::new(
            ErrorKind::PermissionDenied,
            "the bulk operation failed: the app lacks an access scope",
        ),
        "CANCELED" => Error::new(ErrorKind::Unavailable, "the bulk operation was cancelled"),
        STUCK => Error::new(
            ErrorKind::Unavailable,
            "the bulk operation did not end in a day",
        ),
        _ => Error::new(ErrorKind::Unavailable, "the bulk operation failed"),
    }
    .with("code", code)
}

async fn look(reader: &Reader, id: &Gid) -> Result<Option<BulkOperation>> {
    let answer = reader.ask(&BulkOperationQuery { id: id.clone() }).await?;
    Ok(answer.data.bulk_operation)
}

async fn adopt(reader: &Reader, document: &str, ask: Ask) -> Result<Option<Bulk>> {
    let recent = reader.ask(&BulkOperationsQuery { first: RECENT }).await?;
    let operations = recent.data.bulk_operations.nodes.into_iter();
    for running in operations.filter(|operation| operation.is_running(document)) {
        if reader.session.now() - running.created_at <= DEADLINE {
            return Ok(Some(Bulk {
                id: running.id,
                created_at: running.created_at,
                ask,
            }));
        }
        reader.ask(&CancelBulkOperation { id: running.id }).await?;
    }
    Ok(None)
}

async fn begin_anew<S: Source>(reader: &Reader, ask: Ask) -> Page<S> {
    let tries = ask.tries.saturating_add(1);
    if tries > MOST_TRIES {
        return Ok(failed::<S>("EXPIRED"));
    }
    begin::<S>(reader, Ask { tries, ..ask }).await
}

fn asked<S: Source>(bulk: Bulk, polls: u32) -> Batch<Cursor<S::At>> {
    let wait = Duration::from_secs(1 << polls.min(10)).min(LONGEST_POLL);
    Batch::new(Vec::new(), Cursor::Asked { bulk, polls }, Next::After(wait))
}

/// Stores the failure and then fails: the next run must not look at this operation again.
fn failed<S: Source>(code: &str) -> Batch<Cursor<S::At>> {
    Batch::new(
        Vec::new(),
        Cursor::Failed {
            code: code.to_owned(),
        },
        Next::More,
    )
}

fn document<S: Source>(ask: Ask) -> &'static str {
    match S::PLAIN {
        Some((plain, _)) if ask.plain => plain,
        _ => S::DOCUMENT,
    }
}

fn can_be_plainer<S: Source>(ask: Ask) -> bool {
    S::PLAIN.is_some() && !ask.plain
}

fn plain_note<S: Source>(ask: Ask) -> Option<String> {
    S::PLAIN
        .filter(|_| ask.plain)
        .map(|(_, missing)| missing.to_owned())
}

fn is_busy(error: &Error) -> bool {
    matches!(
        error.context("code"),
        Some("OPERATION_IN_PROGRESS" | "LIMIT_REACHED")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_operation_says_who_must_act() {
        assert_eq!(failure("ACCESS_DENIED").kind(), ErrorKind::PermissionDenied);
        for code in [
            "TIMEOUT",
            "INTERNAL_SERVER_ERROR",
            "CANCELED",
            "STUCK",
            "EXPIRED",
        ] {
            assert!(failure(code).is_retryable(), "{code}");
        }
    }
}
