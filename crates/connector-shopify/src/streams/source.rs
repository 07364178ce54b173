//! A stream whose first read is a bulk operation and the changes since it was asked for, and whose
//! later ones are changes alone.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use connector_core::{Batch, Checkpoint, Error, ErrorKind, Next, PageStream, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::VERSION;
use super::bulk::{self, Bulk, OpenFile};
use super::bulk_file::Position;
use super::group::Group;
use super::reader::{Reader, Window};
use crate::map::Mapped;

/// What is particular to one such stream.
pub(super) trait Source: Send + Sync + 'static {
    /// The scope without which nothing can be read.
    const SCOPE: &'static str;

    /// Where a reading of changes goes on: the end of a page, or several for nested lists.
    type At: Serialize + DeserializeOwned + Clone + Send + Sync + 'static;

    /// The query for a bulk operation, with everything the stream wants.
    const DOCUMENT: &'static str;

    /// The query without what an app may lack the permission for, where there is such a part, and
    /// what then is missing.
    const PLAIN: Option<(&'static str, &'static str)>;

    /// Whether each parent in a bulk file is one record, so that their number is known.
    const RECORD_PER_PARENT: bool;

    /// The records of a parent and its children in a bulk file.
    ///
    /// # Errors
    /// [`ContractBroken`](connector_core::ErrorKind::ContractBroken) when a child follows another
    /// parent than its own.
    fn records(group: &Group, keep_raw: bool) -> Result<Vec<Mapped>>;

    /// One page of what changed.
    fn changes(
        reader: &Reader,
        window: Window,
        at: Option<Self::At>,
    ) -> impl Future<Output = Result<Changes<Self::At>>> + Send;
}

/// One page of what changed.
pub(super) struct Changes<At> {
    pub(super) mapped: Vec<Mapped>,
    pub(super) notes: Vec<String>,
    /// Where to go on; `None` at the end.
    pub(super) next: Option<At>,
}

/// Where such a stream is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub(super) enum Cursor<At> {
    /// No bulk operation could be started yet.
    Waiting {
        /// How it will be asked for.
        ask: bulk::Ask,
    },
    /// A bulk operation is running.
    Asked {
        /// Which.
        bulk: Bulk,
        /// How often it was looked at.
        polls: u32,
    },
    /// Its file is being read.
    Reading {
        /// Which.
        bulk: Bulk,
        /// How far.
        at: Position,
    },
    /// It failed. The run that sees it happen fails; the next one asks anew.
    Failed {
        /// Why, in Shopify's word.
        code: String,
    },
    /// Changes are being read.
    Changes {
        /// The newest change before this reading: all of its pages must search for the same.
        from: DateTime<Utc>,
        /// The newest change so far.
        newest: DateTime<Utc>,
        /// Where to go on.
        at: At,
    },
    /// Everything was read until this change: the end of a run, or of a bulk operation's file.
    Done {
        /// The newest change.
        newest: DateTime<Utc>,
    },
}

/// The pages of a source.
pub(super) fn pages<S: Source>(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    let file: Arc<Mutex<Option<OpenFile>>> = Arc::default();
    let mut is_first = true;
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor<S::At>>| {
        let (reader, file, was_first) = (reader.clone(), Arc::clone(&file), is_first);
        is_first = false;
        async move {
            // Taken out for this page: dropped with it when it fails, so that the next one opens
            // the file anew.
            let mut open = file.lock().unwrap_or_else(PoisonError::into_inner).take();
            let batch = page::<S>(&reader, cursor, was_first, &mut open)
                .await
                .map_err(name_scope::<S>)?;
            *file.lock().unwrap_or_else(PoisonError::into_inner) = open;
            Ok(batch)
        }
    })
}

/// A bulk operation is denied as a whole, so its failure doesn't tell what for.
fn name_scope<S: Source>(error: Error) -> Error {
    match error.kind() {
        ErrorKind::PermissionDenied => error.with("scope", S::SCOPE),
        _ => error,
    }
}

async fn page<S: Source>(
    reader: &Reader,
    cursor: Option<Cursor<S::At>>,
    is_first: bool,
    open: &mut Option<OpenFile>,
) -> Result<Batch<Cursor<S::At>>> {
    match cursor {
        None => bulk::begin::<S>(reader, bulk::Ask::default()).await,
        Some(Cursor::Waiting { ask }) => bulk::begin::<S>(reader, ask).await,
        Some(Cursor::Asked { bulk, polls }) => bulk::poll::<S>(reader, bulk, polls, open).await,
        Some(Cursor::Reading { bulk, at }) => bulk::read::<S>(reader, bulk, at, open).await,
        Some(Cursor::Failed { code }) if !is_first => Err(bulk::failure(&code)),
        Some(Cursor::Failed { .. }) => bulk::begin::<S>(reader, bulk::Ask::default()).await,
        Some(Cursor::Changes { from, newest, at }) => {
            changes::<S>(reader, from, newest, Some(at)).await
        }
        Some(Cursor::Done { newest }) => changes::<S>(reader, newest, newest, None).await,
    }
}

async fn changes<S: Source>(
    reader: &Reader,
    from: DateTime<Utc>,
    newest: DateTime<Utc>,
    at: Option<S::At>,
) -> Result<Batch<Cursor<S::At>>> {
    let window = Window::after(from);
    let page = S::changes(reader, window, at).await?;
    let mapped = page
        .mapped
        .into_iter()
        .filter(|mapped| mapped.as_ref().map_or(true, |record| window.has(record)));
    let mut batch = Batch::mapped(mapped, Cursor::Done { newest }, Next::Done);
    let newest = batch
        .records
        .iter()
        .filter_map(|record| record.updated_at)
        .fold(newest, DateTime::max);
    (batch.cursor, batch.next) = match page.next {
        Some(at) => (Cursor::Changes { from, newest, at }, Next::More),
        None => (Cursor::Done { newest }, Next::Done),
    };
    batch.notes = page.notes;
    Ok(batch)
}
