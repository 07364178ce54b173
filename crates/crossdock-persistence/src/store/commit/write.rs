//! A page in its transaction: one select of what is there, and writes for what became another.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use connector_core::Skipped;
use sea_orm::QueryResult;
use uuid::Uuid;

use super::prepare::{Content, Prepared};
use crate::db::{Ask as _, Backend, Tx, get, int, json, text, time, to_json};
use crate::error::{Result, StoreError};
use crate::rows::{ArrayLiteral, Cell, Rows, Type};
use crate::store::{ChangeKind, PageCounts, ProjectStore, Run};
use crate::tables::{Children, Table, instant};

/// How many skipped records a run keeps with their reasons; the count is exact however many.
const SKIPPED_SAMPLE: usize = 50;

/// How many different notes a run keeps.
const MOST_NOTES: usize = 50;

/// What of a stored record a page is judged by.
const STORED: &str =
    "p.external_id, p.hash, p.gone_at IS NOT NULL AS is_gone, p.id, p.first_seen_at";

/// What is stored of a record.
struct Existing {
    row: QueryResult,
    gone: bool,
}

/// What a page changes.
#[derive(Default)]
struct Work {
    upserts: Vec<Upsert>,
    /// Ids of ours and external ids of those that are gone now.
    gone: Vec<(String, String)>,
    /// In the order of the page.
    changes: Vec<(String, ChangeKind)>,
    /// Parents whose parts are there already.
    replaced: Vec<String>,
    revived: u64,
}

struct Upsert {
    id: String,
    external_id: String,
    first_seen_at: DateTime<Utc>,
    updated_at: Option<DateTime<Utc>>,
    content: Content,
    /// Its place in [`Work::changes`].
    change: i64,
}

/// Writes a page, within its transaction.
pub(super) struct PageWriter<'a> {
    pub(super) store: &'a ProjectStore,
    pub(super) tx: &'a Tx,
    pub(super) run: &'a Run,
    pub(super) table: &'static Table,
    pub(super) now: DateTime<Utc>,
}

impl PageWriter<'_> {
    /// Writes the records and their lines in the feed.
    pub(super) async fn write(&self, records: Vec<Prepared>, repeated: u64) -> Result<PageCounts> {
        let mut existing = self.existing(&records).await?;
        let mut counts = PageCounts {
            unchanged: repeated,
            ..PageCounts::default()
        };
        let mut work = Work::default();
        for record in records {
            let stored = existing.remove(&record.external_id);
            self.judge(record, stored, &mut counts, &mut work)?;
        }
        if work.changes.is_empty() {
            return Ok(counts);
        }
        let before = self.allocate(work.changes.len()).await?;
        self.replace_parts(&work.replaced).await?;
        self.upsert(std::mem::take(&mut work.upserts), before)
            .await?;
        self.mark_gone(&work, before).await?;
        self.announce(&work.changes, before).await?;
        self.count_stream(&counts, work.revived).await?;
        Ok(counts)
    }

    async fn existing(&self, records: &[Prepared]) -> Result<HashMap<String, Existing>> {
        let backend = self.tx.backend();
        // On PostgreSQL each id is looked up by itself: without statistics, as in a table that has
        // just been made, its planner would read the whole stream for every page.
        let sql = match backend {
            Backend::Sqlite => format!(
                "SELECT {STORED} FROM {} p WHERE connection_id = $1 AND stream = $2 AND {}",
                self.table.name,
                backend.in_set("external_id", 3)
            ),
            Backend::Postgres => format!(
                "SELECT {STORED} FROM unnest(CAST($3 AS text[])) AS wanted (id) \
                 CROSS JOIN LATERAL (SELECT * FROM {} WHERE connection_id = $1 AND stream = $2 \
                 AND external_id = wanted.id LIMIT 1) p",
                self.table.name
            ),
        };
        let values = vec![
            self.run.connection.into(),
            text(&self.run.stream),
            backend.set(records.iter().map(|record| record.external_id.as_str())),
        ];
        let rows = self.tx.all(&sql, values).await?;
        let mut existing = HashMap::with_capacity(rows.len());
        for row in rows {
            let gone = get(&row, "is_gone")?;
            existing.insert(get(&row, "external_id")?, Existing { row, gone });
        }
        Ok(existing)
    }

    /// Decides what a record means against what is stored.
    fn judge(
        &self,
        record: Prepared,
        stored: Option<Existing>,
        counts: &mut PageCounts,
        work: &mut Work,
    ) -> Result<()> {
        let Prepared {
            external_id,
            updated_at,
            content,
        } = record;
        match (content, stored) {
            (None, Some(stored)) if !stored.gone => {
                counts.gone += 1;
                work.gone
                    .push((get(&stored.row, "id")?, external_id.clone()));
                work.changes.push((external_id, ChangeKind::Removed));
                return Ok(());
            }
            (None, _) => counts.unchanged += 1,
            (Some(content), Some(stored)) => {
                let hash: Vec<u8> = get(&stored.row, "hash")?;
                if !stored.gone && hash == content.hash {
                    counts.unchanged += 1;
                    return Ok(());
                }
                let id: String = get(&stored.row, "id")?;
                work.replaced.push(id.clone());
                let kind = if stored.gone {
                    counts.inserted += 1;
                    work.revived += 1;
                    ChangeKind::Added
                } else {
                    counts.updated += 1;
                    ChangeKind::Updated
                };
                let first_seen_at = get(&stored.row, "first_seen_at")?;
                work.upsert(id, external_id, first_seen_at, updated_at, content, kind);
            }
            (Some(content), None) => {
                counts.inserted += 1;
                let id = Uuid::now_v7().to_string();
                let kind = ChangeKind::Added;
                work.upsert(id, external_id, self.now, updated_at, content, kind);
            }
        }
        Ok(())
    }

    /// Takes numbers of the feed, and holds the feed until the transaction ends: whoever commits
    /// later has later numbers.
    async fn allocate(&self, changes: usize) -> Result<i64> {
        let sql = "UPDATE projects SET last_sequence = last_sequence + $2 WHERE id = $1 \
                   RETURNING last_sequence";
        let changes = int(changes as u64);
        let row = self
            .tx
            .one(sql, vec![self.store.own(), changes.into()])
            .await?
            .ok_or(StoreError::NotFound { what: "project" })?;
        Ok(get::<i64>(&row, "last_sequence")? - changes)
    }

    async fn replace_parts(&self, parents: &[String]) -> Result<()> {
        let Some(children) = self.table.children else {
            return Ok(());
        };
        if parents.is_empty() {
            return Ok(());
        }
        let backend = self.tx.backend();
        let sql = format!(
            "DELETE FROM {} WHERE {}",
            children.name,
            backend.in_set(children.parent, 1)
        );
        let parents = backend.set(parents.iter().map(String::as_str));
        self.tx.run(&sql, vec![parents]).await.map(drop)
    }

    async fn upsert(&self, upserts: Vec<Upsert>, before: i64) -> Result<()> {
        let project = self.store.project.to_string();
        let connection = self.run.connection.to_string();
        let now = instant(self.now);
        let columns = self.table.columns();
        let mut cells = Vec::with_capacity(upserts.len() * columns.len());
        let mut parts = Vec::new();
        let part_width = self.table.children.map_or(0, Children::width);
        for upsert in upserts {
            let mut left = upsert.content.cells.parts.into_iter().peekable();
            for ordinal in 0.. {
                if left.peek().is_none() {
                    break;
                }
                parts.extend([Cell::Text(upsert.id.clone()), Cell::Int(ordinal)]);
                parts.extend(left.by_ref().take(part_width));
            }
            cells.extend([
                Cell::Text(upsert.id),
                Cell::Text(project.clone()),
                Cell::Text(connection.clone()),
                Cell::Text(self.run.stream.clone()),
                Cell::Text(upsert.external_id),
                Cell::Bytes(upsert.content.hash.to_vec()),
                Cell::Int(before + upsert.change),
                Cell::text(upsert.updated_at.map(instant)),
                Cell::Text(instant(upsert.first_seen_at)),
                Cell::Text(now.clone()),
                Cell::Null,
                Cell::text(upsert.content.raw.map(|raw| raw.get().to_owned())),
            ]);
            cells.extend(upsert.content.cells.own);
        }
        let rows = Rows {
            what: "records",
            table: self.table.name,
            columns,
            suffix: self.table.upsert(),
            cells,
        };
        rows.write(self.tx).await?;
        let Some(children) = self.table.children else {
            return Ok(());
        };
        let rows = Rows {
            what: "parts of records",
            table: children.name,
            columns: children.columns(),
            suffix: String::new(),
            cells: parts,
        };
        rows.write(self.tx).await
    }

    async fn mark_gone(&self, work: &Work, before: i64) -> Result<()> {
        if work.gone.is_empty() {
            return Ok(());
        }
        let places: HashMap<&str, i64> = work
            .changes
            .iter()
            .zip(1..)
            .map(|((external_id, _), place)| (external_id.as_str(), place))
            .collect();
        let gone = work.gone.iter().filter_map(|(id, external_id)| {
            let place = places.get(external_id.as_str())?;
            Some((id.as_str(), before + place))
        });
        let (source, values) = match self.tx.backend() {
            Backend::Sqlite => {
                let pairs: Vec<(&str, i64)> = gone.collect();
                let source =
                    "(SELECT value ->> 0 AS id, value ->> 1 AS sequence FROM json_each($2))";
                (source, vec![text(serde_json::json!(pairs).to_string())])
            }
            Backend::Postgres => {
                let (mut ids, mut sequences) = (ArrayLiteral::default(), ArrayLiteral::default());
                for (id, sequence) in gone {
                    ids.push(&Cell::Text(id.to_owned()));
                    sequences.push(&Cell::Int(sequence));
                }
                let source = "unnest(CAST($2 AS text[]), CAST($3 AS bigint[])) AS g (id, sequence)";
                let values = vec![ids.finish().into(), sequences.finish().into()];
                (source, values)
            }
        };
        let sql = format!(
            "UPDATE {table} SET gone_at = $1, sequence = g.sequence FROM {source}{alias} \
             WHERE {table}.id = g.id",
            table = self.table.name,
            alias = match self.tx.backend() {
                Backend::Sqlite => " AS g",
                Backend::Postgres => "",
            }
        );
        let mut all = vec![time(self.now)];
        all.extend(values);
        let written = self.tx.run(&sql, all).await?;
        let given = work.gone.len() as u64;
        if written == given {
            Ok(())
        } else {
            Err(StoreError::CountMismatch {
                what: "records that are gone",
                given,
                written,
            })
        }
    }

    async fn announce(&self, changes: &[(String, ChangeKind)], before: i64) -> Result<()> {
        let project = self.store.project.to_string();
        let connection = self.run.connection.to_string();
        let now = instant(self.now);
        let mut cells = Vec::with_capacity(changes.len() * CHANGE_COLUMNS.len());
        for ((external_id, kind), place) in changes.iter().zip(1..) {
            cells.extend([
                Cell::Text(project.clone()),
                Cell::Int(before + place),
                Cell::Text(connection.clone()),
                Cell::Text(self.run.stream.clone()),
                Cell::Text(external_id.clone()),
                Cell::Text(kind.as_str().to_owned()),
                Cell::Text(now.clone()),
            ]);
        }
        let rows = Rows {
            what: "lines of the feed",
            table: "changes",
            columns: CHANGE_COLUMNS
                .iter()
                .map(|(name, kind)| ((*name).to_owned(), *kind))
                .collect(),
            suffix: String::new(),
            cells,
        };
        rows.write(self.tx).await
    }

    async fn count_stream(&self, counts: &PageCounts, revived: u64) -> Result<()> {
        let sql = "UPDATE sync_checkpoints SET present = present + $3, gone = gone + $4 \
                   WHERE connection_id = $1 AND stream = $2";
        let values = vec![
            self.run.connection.into(),
            text(&self.run.stream),
            (int(counts.inserted) - int(counts.gone)).into(),
            (int(counts.gone) - int(revived)).into(),
        ];
        self.tx.run(sql, values).await.map(drop)
    }

    /// Adds a page to its run's line in the log.
    pub(super) async fn log(
        &self,
        counts: &mut PageCounts,
        skipped: &[Skipped],
        notes: &[String],
        total: Option<u64>,
    ) -> Result<()> {
        let sql = "UPDATE sync_log SET heartbeat_at = $2, pages = pages + 1, \
                   inserted = inserted + $3, updated = updated + $4, unchanged = unchanged + $5, \
                   gone = gone + $6, skipped = skipped + $7, expected = COALESCE($8, expected), \
                   last_sequence = (SELECT last_sequence FROM projects WHERE id = $9) \
                   WHERE id = $1 RETURNING last_sequence, skipped_sample, notes";
        let values = vec![
            self.run.id.into(),
            time(self.now),
            int(counts.inserted).into(),
            int(counts.updated).into(),
            int(counts.unchanged).into(),
            int(counts.gone).into(),
            int(counts.skipped).into(),
            total.map(int).into(),
            self.store.own(),
        ];
        let row = self
            .tx
            .one(sql, values)
            .await?
            .ok_or(StoreError::NotFound { what: "run" })?;
        counts.last_sequence = get(&row, "last_sequence")?;
        if skipped.is_empty() && notes.is_empty() {
            return Ok(());
        }
        let mut sample: Vec<Skipped> = json(&row, "skipped_sample")?;
        let room = SKIPPED_SAMPLE.saturating_sub(sample.len());
        sample.extend(skipped.iter().take(room).cloned());
        let mut kept: Vec<String> = json(&row, "notes")?;
        for note in notes {
            if kept.len() < MOST_NOTES && !kept.contains(note) {
                kept.push(note.clone());
            }
        }
        let sql = "UPDATE sync_log SET skipped_sample = $2, notes = $3 WHERE id = $1";
        let values = vec![self.run.id.into(), to_json(&sample)?, to_json(&kept)?];
        self.tx.run(sql, values).await.map(drop)
    }
}

const CHANGE_COLUMNS: [(&str, Type); 7] = [
    ("project_id", Type::Text),
    ("sequence", Type::Int),
    ("connection_id", Type::Text),
    ("stream", Type::Text),
    ("external_id", Type::Text),
    ("kind", Type::Text),
    ("at", Type::Time),
];

impl Work {
    fn upsert(
        &mut self,
        id: String,
        external_id: String,
        first_seen_at: DateTime<Utc>,
        updated_at: Option<DateTime<Utc>>,
        content: Content,
        kind: ChangeKind,
    ) {
        self.changes.push((external_id.clone(), kind));
        self.upserts.push(Upsert {
            id,
            external_id,
            first_seen_at,
            updated_at,
            content,
            change: int(self.changes.len() as u64),
        });
    }
}
