//! A page before its transaction: records that came twice are found, hashes and rows are made.
//!
//! Rows are made of every record, though those that turn out unchanged don't need theirs: it is done
//! while the page before is being written, and so costs no time of its own.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use connector_core::{Change, Checkpoint, Model, ModelKind, Next, Page, Record, Skipped};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::error::{Result, StoreError};
use crate::hash::{Hash, Hasher};
use crate::tables::{Cells, Table, storable};

/// A page with all that needs no database done: hashes and rows.
#[derive(Debug)]
pub struct PreparedPage {
    /// What came and could not be mapped.
    pub skipped: Vec<Skipped>,
    /// What a person should know.
    pub notes: Vec<String>,
    /// Where to go on after this page.
    pub checkpoint: Checkpoint,
    /// Whether there is more.
    pub next: Next,
    /// How many records the run will bring in all, where the platform tells.
    pub total: Option<u64>,
    pub(super) table: &'static Table,
    pub(super) records: Vec<Prepared>,
    /// How many records came again in the same page.
    pub(super) repeated: u64,
}

/// One record, ready to be judged and written.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) external_id: String,
    pub(super) updated_at: Option<DateTime<Utc>>,
    /// `None` when it is gone.
    pub(super) content: Option<Content>,
}

/// What a record holds.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) hash: Hash,
    pub(super) cells: Cells,
    pub(super) raw: Option<Box<RawValue>>,
}

impl PreparedPage {
    /// Prepares a page of this model's records.
    ///
    /// A record that comes twice counts once, as it came last.
    ///
    /// # Errors
    /// [`PageInvalid`](crate::StoreError::PageInvalid) when a record is of another model.
    pub fn new(model: ModelKind, page: Page) -> Result<Self> {
        let table = Table::of(model)?;
        let Page {
            records,
            skipped,
            notes,
            checkpoint,
            next,
            total,
        } = page;
        let given = records.len();
        let mut hasher = Hasher::default();
        let mut seen = HashSet::with_capacity(given);
        let mut prepared = Vec::with_capacity(given);
        // From the end, so that the last of those that came twice is the one that stays.
        for record in records.into_iter().rev() {
            let external_id = storable(record.external_id.clone());
            if seen.insert(external_id.clone()) {
                prepared.push(Prepared::new(table, &mut hasher, external_id, record)?);
            }
        }
        prepared.reverse();
        Ok(Self {
            skipped,
            notes,
            checkpoint,
            next,
            total,
            table,
            repeated: (given - prepared.len()) as u64,
            records: prepared,
        })
    }

    /// How many records it brings, each once.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether it brings no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }
}

impl Prepared {
    fn new(
        table: &'static Table,
        hasher: &mut Hasher,
        external_id: String,
        record: Record,
    ) -> Result<Self> {
        let content = match record.change {
            Change::Upsert(model) if model.kind() == table.model => {
                Some(Content::new(table, hasher, &model, record.raw)?)
            }
            Change::Upsert(_) => {
                return Err(StoreError::PageInvalid(
                    "a record is of another model than its stream",
                ));
            }
            Change::Gone => None,
        };
        Ok(Self {
            external_id,
            updated_at: record.updated_at,
            content,
        })
    }
}

impl Content {
    fn new(
        table: &'static Table,
        hasher: &mut Hasher,
        model: &Model,
        raw: Option<Box<RawValue>>,
    ) -> Result<Self> {
        let parsed: Option<Value> = raw
            .as_ref()
            .map(|raw| serde_json::from_str(raw.get()))
            .transpose()
            .map_err(|_cause| StoreError::PageInvalid("a record's raw JSON is none"))?;
        let hash = hasher.record(model, parsed.as_ref())?;
        let cells = Cells::of(model, table)?;
        Ok(Self { hash, cells, raw })
    }
}
