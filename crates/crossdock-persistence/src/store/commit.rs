//! Committing a page. What needs no database is done beforehand, in `prepare`, and can be done while
//! the page before is being written. In the transaction: the fence, and then what `write` does.

mod prepare;
mod write;

use chrono::{DateTime, Utc};
use connector_core::Next;

use super::{PageCommit, PageCounts, ProjectStore, Run};
use crate::db::{Durability, time};
use crate::error::{Result, StoreError};
use crate::tables::Table;
pub use prepare::PreparedPage;
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
        let page = PreparedPage::new(run.model, commit.page)?;
        self.commit_prepared(run, page, commit.now).await
    }

    /// Commits a page that was prepared beforehand; else as [`ProjectStore::commit_page`].
    ///
    /// # Errors
    /// As [`ProjectStore::commit_page`];
    /// [`PageInvalid`](crate::StoreError::PageInvalid) when it was prepared for another model.
    pub async fn commit_prepared(
        &self,
        run: &Run,
        page: PreparedPage,
        now: DateTime<Utc>,
    ) -> Result<PageCounts> {
        let table = Table::of(run.model)?;
        if page.table.model != table.model {
            return Err(StoreError::PageInvalid(
                "it was prepared for another model than its stream",
            ));
        }
        let tx = self.db.write(Durability::Process).await?;
        let set = "checkpoint_version = $6, checkpoint_cursor = $7, checkpoint_at = $8, \
                   lease_until = $9, reading_full = (reading_full AND $10)";
        let values = vec![
            i64::from(page.checkpoint.version).into(),
            page.checkpoint.cursor.clone().into(),
            time(now),
            time(now + run.lease_ttl),
            (page.next != Next::Done).into(),
        ];
        self.under_fence(&tx, run, set, values).await?;
        let writer = PageWriter {
            store: self,
            tx: &tx,
            run,
            table,
            now,
        };
        let mut counts = writer.write(page.records, page.repeated).await?;
        counts.skipped = page.skipped.len() as u64;
        writer
            .log(&mut counts, &page.skipped, &page.notes, page.total)
            .await?;
        tx.commit().await?;
        Ok(counts)
    }
}
