//! Reading records back, in the unified models' words.

use chrono::{DateTime, Utc};
use connector_core::ModelKind;
use sea_orm::QueryResult;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::db::{Ask as _, count, get, id, parsed, text, time};
use crate::error::{Result, StoreError};
use crate::ids::ConnectionId;
use crate::store::ProjectStore;
use crate::tables::{self, Table};

/// How many records a page holds when the query doesn't say, and at most.
const PAGE: u32 = 100;
const LARGEST_PAGE: u32 = 1_000;

/// Which records to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordSet {
    /// Those of a stream, over all connections that have one by this name.
    Stream(String),
    /// Those of a unified model, whatever their streams are called.
    Model(ModelKind),
}

/// What to read of them.
#[derive(Clone, Debug, Default)]
pub struct RecordQuery {
    /// Only this connection's.
    pub connection: Option<ConnectionId>,
    /// Only this platform's.
    pub platform: Option<String>,
    /// Only the one with this id on its platform.
    pub external_id: Option<String>,
    /// Only those that the platform changed at this time or after it; where the platform doesn't
    /// tell, those that were stored then.
    pub updated_since: Option<DateTime<Utc>>,
    /// Also those that are gone.
    pub include_gone: bool,
    /// Also the JSON as the platform sent it, where it was kept.
    pub include_raw: bool,
    /// [`RecordPage::next`] of the page before.
    pub after: Option<String>,
    /// How many at most: 1 to 1,000; 0 means 100.
    pub limit: u32,
}

/// A page of records, in an order that does not change while they are read.
#[derive(Clone, Debug, Serialize)]
pub struct RecordPage {
    /// The records.
    pub items: Vec<RecordRow>,
    /// For [`RecordQuery::after`]; `None` at the end.
    pub next: Option<String>,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecordRow {
    /// Through which connection it came.
    pub connection: ConnectionId,
    /// The connection's platform.
    pub platform: String,
    /// In which stream.
    pub stream: String,
    /// The platform's id.
    pub external_id: String,
    /// What it is.
    pub model: ModelKind,
    /// Its content, as the unified model serialises.
    pub value: Value,
    /// The JSON as the platform sent it, where it was kept and asked for.
    pub raw: Option<Value>,
    /// When the platform last changed it, where it told.
    pub updated_at: Option<DateTime<Utc>>,
    /// When it was first stored.
    pub first_seen_at: DateTime<Utc>,
    /// When its content was last stored, which is when it last changed.
    pub synced_at: DateTime<Utc>,
    /// When it was found to be gone.
    pub gone_at: Option<DateTime<Utc>>,
    /// Its last line in the feed.
    pub sequence: i64,
}

/// How many records a stream holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordCount {
    /// Through which connection they came.
    pub connection: ConnectionId,
    /// The connection's platform.
    pub platform: String,
    /// In which stream.
    pub stream: String,
    /// What they are.
    pub model: ModelKind,
    /// How many are there.
    pub present: u64,
    /// How many are gone.
    pub gone: u64,
}

impl ProjectStore {
    /// Reads records, page by page: by connection, stream and id. That order never changes, so a
    /// record that is there from the first page to the last is read once.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when no stream has this name, or the connection is
    /// another project's; [`Conflict`](crate::StoreError::Conflict) when `after` is none of ours.
    pub async fn records(&self, set: &RecordSet, query: &RecordQuery) -> Result<RecordPage> {
        self.owns(query.connection).await?;
        let limit = match query.limit {
            0 => PAGE,
            limit => limit.min(LARGEST_PAGE),
        } as usize;
        let after = query.after.as_deref().map(Position::parse).transpose()?;
        let mut items = Vec::new();
        for stream in self.streams(set, query).await? {
            let from = match &after {
                Some(after) if after.is_past(&stream) => continue,
                Some(after) if after.is_in(&stream) => Some(after.external_id.as_str()),
                _ => None,
            };
            // One more than fits says whether there is more.
            let room = limit + 1 - items.len();
            items.extend(self.read_stream(&stream, from, room, query).await?);
            if items.len() > limit {
                break;
            }
        }
        let more = items.len() > limit;
        items.truncate(limit);
        Ok(RecordPage {
            next: items.last().filter(|_| more).map(Position::after),
            items,
        })
    }

    /// The streams that a query reads, in the order in which it does.
    async fn streams(&self, set: &RecordSet, query: &RecordQuery) -> Result<Vec<StreamRef>> {
        let mut sql = "SELECT s.connection_id, s.stream, s.model, c.platform \
                       FROM sync_checkpoints s JOIN platform_connections c ON c.id = s.connection_id \
                       WHERE s.project_id = $1 AND "
            .to_owned();
        let what = match set {
            RecordSet::Stream(stream) => {
                sql.push_str("s.stream = $2");
                text(stream)
            }
            RecordSet::Model(model) => {
                sql.push_str("s.model = $2");
                text(tables::word(*model))
            }
        };
        sql.push_str(" ORDER BY s.connection_id, s.stream");
        let rows = self.db.all(&sql, vec![self.own(), what]).await?;
        if rows.is_empty() && matches!(set, RecordSet::Stream(_)) {
            return Err(StoreError::NotFound { what: "stream" });
        }
        let mut streams = Vec::with_capacity(rows.len());
        for row in &rows {
            let stream = StreamRef::read(row)?;
            let wanted = query.connection.is_none_or(|id| id == stream.connection)
                && query
                    .platform
                    .as_ref()
                    .is_none_or(|platform| *platform == stream.platform);
            if wanted {
                streams.push(stream);
            }
        }
        Ok(streams)
    }

    async fn read_stream(
        &self,
        stream: &StreamRef,
        after: Option<&str>,
        limit: usize,
        query: &RecordQuery,
    ) -> Result<Vec<RecordRow>> {
        let table = Table::of(stream.model)?;
        let mut sql = format!(
            "SELECT id, external_id, sequence, source_updated_at, first_seen_at, synced_at, \
             gone_at, {}{} FROM {} WHERE project_id = $1 AND connection_id = $2 AND stream = $3",
            tables::select_columns(table.fields),
            if query.include_raw { ", raw" } else { "" },
            table.name
        );
        let mut values = vec![self.own(), stream.connection.into(), text(&stream.stream)];
        if !query.include_gone {
            sql.push_str(" AND gone_at IS NULL");
        }
        let conditions = [
            ("external_id >", after.map(text)),
            ("external_id =", query.external_id.as_deref().map(text)),
            (
                "COALESCE(source_updated_at, synced_at) >=",
                query.updated_since.map(time),
            ),
        ];
        for (condition, value) in conditions {
            if let Some(value) = value {
                values.push(value);
                sql.push_str(&format!(" AND {condition} ${}", values.len()));
            }
        }
        values.push((limit as u64).try_into().unwrap_or(i64::MAX).into());
        sql.push_str(&format!(" ORDER BY external_id LIMIT ${}", values.len()));
        let rows = self.db.all(&sql, values).await?;
        let contents = self.contents(table, &rows).await?;
        rows.iter()
            .zip(contents)
            .map(|(row, content)| stream.record(row, content, query.include_raw))
            .collect()
    }

    /// The rows' contents, with their parts.
    async fn contents(
        &self,
        table: &Table,
        rows: &[QueryResult],
    ) -> Result<Vec<Map<String, Value>>> {
        let mut contents = Vec::with_capacity(rows.len());
        let mut ids = Vec::with_capacity(rows.len());
        for row in rows {
            contents.push(tables::content(row, table.fields)?);
            ids.push(get::<String>(row, "id")?);
        }
        if let Some(children) = table.children
            && !ids.is_empty()
        {
            let backend = self.db.backend();
            let sql = format!(
                "SELECT {parent}, {} FROM {} WHERE {} ORDER BY {parent}, ordinal",
                tables::select_columns(children.fields),
                children.name,
                backend.in_set(children.parent, 1),
                parent = children.parent
            );
            let set = backend.set(ids.iter().map(String::as_str));
            let parts = self.db.all(&sql, vec![set]).await?;
            let parents = ids.iter().map(String::as_str).zip(&mut contents);
            tables::children_into(children, &parts, parents)?;
        }
        Ok(contents)
    }

    /// How many records each stream holds.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when there is no such project.
    pub async fn record_counts(&self) -> Result<Vec<RecordCount>> {
        self.exists().await?;
        let sql = "SELECT s.connection_id, s.stream, s.model, s.present, s.gone, c.platform \
                   FROM sync_checkpoints s JOIN platform_connections c ON c.id = s.connection_id \
                   WHERE s.project_id = $1 ORDER BY s.connection_id, s.stream";
        let rows = self.db.all(sql, vec![self.own()]).await?;
        rows.iter()
            .map(|row| {
                let stream = StreamRef::read(row)?;
                Ok(RecordCount {
                    connection: stream.connection,
                    platform: stream.platform,
                    stream: stream.stream,
                    model: stream.model,
                    present: count(row, "present")?,
                    gone: count(row, "gone")?,
                })
            })
            .collect()
    }
}

/// A stream of a connection.
struct StreamRef {
    connection: ConnectionId,
    platform: String,
    stream: String,
    model: ModelKind,
}

impl StreamRef {
    fn read(row: &QueryResult) -> Result<Self> {
        Ok(Self {
            connection: id(row, "connection_id")?,
            platform: get(row, "platform")?,
            stream: get(row, "stream")?,
            model: parsed(row, "model", tables::model_named)?,
        })
    }

    fn record(
        &self,
        row: &QueryResult,
        content: Map<String, Value>,
        with_raw: bool,
    ) -> Result<RecordRow> {
        Ok(RecordRow {
            connection: self.connection,
            platform: self.platform.clone(),
            stream: self.stream.clone(),
            external_id: get(row, "external_id")?,
            model: self.model,
            value: Value::Object(content),
            raw: if with_raw { get(row, "raw")? } else { None },
            updated_at: get(row, "source_updated_at")?,
            first_seen_at: get(row, "first_seen_at")?,
            synced_at: get(row, "synced_at")?,
            gone_at: get(row, "gone_at")?,
            sequence: get(row, "sequence")?,
        })
    }
}

/// Where a page ended: `CONNECTION/STREAM/ID`, the last of which may hold anything.
struct Position {
    connection: ConnectionId,
    stream: String,
    external_id: String,
}

impl Position {
    fn after(record: &RecordRow) -> String {
        format!(
            "{}/{}/{}",
            record.connection, record.stream, record.external_id
        )
    }

    fn parse(text: &str) -> Result<Self> {
        let mut parts = text.splitn(3, '/');
        let parsed = parts
            .next()
            .and_then(|connection| connection.parse().ok())
            .zip(parts.next())
            .zip(parts.next());
        match parsed {
            Some(((connection, stream), external_id)) => Ok(Self {
                connection,
                stream: stream.to_owned(),
                external_id: external_id.to_owned(),
            }),
            None => Err(StoreError::Conflict(
                "the position to go on after is none that a page gave",
            )),
        }
    }

    fn is_in(&self, stream: &StreamRef) -> bool {
        (self.connection, &self.stream) == (stream.connection, &stream.stream)
    }

    fn is_past(&self, stream: &StreamRef) -> bool {
        (self.connection, &self.stream) > (stream.connection, &stream.stream)
    }
}
