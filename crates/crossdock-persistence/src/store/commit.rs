//! Committing a page. What can be done before the transaction is: hashing, and finding records that
//! came twice. In it: the fence, and then what `write` does.

mod write;

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use connector_core::{Change, Model, Next, Page, Record};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{PageCommit, PageCounts, ProjectStore, Run};
use crate::db::{Durability, time};
use crate::error::{Result, StoreError};
use crate::hash::{Hash, Hasher};
use crate::tables::{self, Table, storable};
use write::PageWriter;

impl ProjectStore {
    /// Commits a page: its records, their lines in the feed, its checkpoint, the run's counters and
    /// its lease, in one transaction.
    ///
    /// A record that comes twice in a page counts once, as it came last; each earlier one counts as
    /// unchanged. A record that is gone and was never there is unchanged too. One that comes back
    /// after it was gone is inserted, keeping the time when it was first seen. A page that is
    /// [`Next::Done`] ends a full read.
    ///
    /// It survives the end of the process at any instant after it returned, however sudden. A power
    /// failure may undo the last pages on SQLite, each with its checkpoint, so that they are read
    /// again; on PostgreSQL that is what its `synchronous_commit` says.
    ///
    /// # Errors
    /// [`Fenced`](crate::StoreError::Fenced) when the run was taken over;
    /// [`NotFound`](crate::StoreError::NotFound) when the run is another project's;
    /// [`CountMismatch`](crate::StoreError::CountMismatch) when fewer rows were written than given;
    /// [`PageInvalid`](crate::StoreError::PageInvalid) when a record is of another model;
    /// [`StorageFull`](crate::StoreError::StorageFull). After each, nothing was written.
    pub async fn commit_page(&self, run: &Run, commit: PageCommit) -> Result<PageCounts> {
        let PageCommit { page, now } = commit;
        let table = Table::of(run.model)?;
        let Page {
            records,
            skipped,
            notes,
            checkpoint,
            next,
            total,
        } = page;
        let incoming = Incoming::prepare(table, records)?;

        let tx = self.db.write(Durability::Process).await?;
        let set = "checkpoint_version = $6, checkpoint_cursor = $7, checkpoint_at = $8, \
                   lease_until = $9, reading_full = (reading_full AND $10)";
        let values = vec![
            i64::from(checkpoint.version).into(),
            checkpoint.cursor.into(),
            time(now),
            time(now + run.lease_ttl),
            (next != Next::Done).into(),
        ];
        self.under_fence(&tx, run, set, values).await?;
        let page = PageWriter {
            store: self,
            tx: &tx,
            run,
            table,
            now,
        };
        let mut counts = page.write(incoming).await?;
        counts.skipped = skipped.len() as u64;
        page.log(&mut counts, &skipped, &notes, total).await?;
        tx.commit().await?;
        Ok(counts)
    }
}

/// A page's records, each once.
struct Incoming {
    records: Vec<Prepared>,
    /// How many came again in the same page.
    repeated: u64,
}

struct Prepared {
    external_id: String,
    updated_at: Option<DateTime<Utc>>,
    /// `None` when it is gone.
    content: Option<Content>,
}

struct Content {
    hash: Hash,
    model: Model,
    raw: Option<Box<RawValue>>,
}

impl Incoming {
    fn prepare(table: &Table, records: Vec<Record>) -> Result<Self> {
        let given = records.len();
        let mut hasher = Hasher::default();
        let mut seen = HashSet::with_capacity(given);
        let mut prepared = Vec::with_capacity(given);
        // From the end, so that the last of those that came twice is the one that stays.
        for record in records.into_iter().rev() {
            let external_id = storable(record.external_id);
            if seen.contains(&external_id) {
                continue;
            }
            seen.insert(external_id.clone());
            let content = match record.change {
                Change::Upsert(model) if model.kind() == table.model => {
                    Some(Content::new(&mut hasher, model, record.raw)?)
                }
                Change::Upsert(_) => {
                    return Err(StoreError::PageInvalid(
                        "a record is of another model than its stream",
                    ));
                }
                Change::Gone => None,
            };
            prepared.push(Prepared {
                external_id,
                updated_at: record.updated_at,
                content,
            });
        }
        prepared.reverse();
        Ok(Self {
            repeated: (given - prepared.len()) as u64,
            records: prepared,
        })
    }
}

impl Content {
    fn new(hasher: &mut Hasher, model: Model, raw: Option<Box<RawValue>>) -> Result<Self> {
        let parsed: Option<Value> = raw
            .as_ref()
            .map(|raw| serde_json::from_str(raw.get()))
            .transpose()
            .map_err(|_cause| StoreError::PageInvalid("a record's raw JSON is none"))?;
        Ok(Self {
            hash: hasher.record(&model, parsed.as_ref())?,
            model,
            raw,
        })
    }

    /// The model's fields.
    fn fields(&self) -> Result<Map<String, Value>> {
        match tables::model_value(&self.model)? {
            Value::Object(fields) => Ok(fields),
            _ => Err(StoreError::PageInvalid("a model is no object")),
        }
    }
}
