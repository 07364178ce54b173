//! What preceded inquiries, bookings and orders: what there is to join, and the joins.
//!
//! The rows are worked out by the engine from records that are stored, so they can be thrown away
//! and made again at any time. How far that has been done is a number of the feed.

mod overview;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use connector_core::ModelKind;
use connector_core::model::Origin;
use sea_orm::QueryResult;
use serde::Serialize;

use crate::db::{Ask as _, Durability, get, id, json, parsed};
use crate::error::Result;
use crate::ids::ConnectionId;
use crate::rows::{Cell, Rows, Type};
use crate::store::ProjectStore;
use crate::tables::{instant, model_named, word};
use crate::words::words;

pub use overview::{AttributionRow, AttributionTotal, Unattributed};

/// What can be preceded by something: a table that has an origin.
struct SubjectTable {
    name: &'static str,
    model: ModelKind,
    /// When its records happened.
    happened: &'static str,
    /// Which of its records count.
    counts: &'static str,
}

const SUBJECTS: [SubjectTable; 3] = [
    SubjectTable {
        name: "orders",
        model: ModelKind::Order,
        happened: "COALESCE(placed_at, created_at)",
        // No channel brought an order that the merchant made to try the shop out.
        counts: "gone_at IS NULL AND NOT test",
    },
    SubjectTable {
        name: "inquiries",
        model: ModelKind::Inquiry,
        happened: "created_at",
        counts: "gone_at IS NULL",
    },
    SubjectTable {
        name: "bookings",
        model: ModelKind::Booking,
        happened: "created_at",
        counts: "gone_at IS NULL",
    },
];

words! {
    /// What says that one thing preceded another.
    pub enum AttributionMethod {
        /// The platform itself names the campaign or the content.
        PlatformId = "platform_id",
        /// The address that was opened carries a click's id.
        ClickId = "click_id",
        /// The address that was opened carries UTM parameters.
        Utm = "utm",
        /// The page that led there.
        Referrer = "referrer",
    }
}

/// An inquiry, a booking or an order of which the platform says what led to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// Which record it is.
    pub record: RecordRef,
    /// What it is.
    pub model: ModelKind,
    /// The platform that says so.
    pub platform: String,
    /// When it was made.
    pub happened_at: Option<DateTime<Utc>>,
    /// What the platform says.
    pub origin: Origin,
    /// The number of its last change in the feed.
    pub sequence: i64,
}

/// A record, by what names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct RecordRef {
    /// Its connection.
    pub connection: ConnectionId,
    /// Its stream.
    pub stream: String,
    /// Its id in it.
    pub external_id: String,
}

/// A campaign, as far as joining needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct CampaignRef {
    /// Which record it is.
    pub record: RecordRef,
    /// What the merchant calls it.
    pub name: String,
    /// When it began.
    pub starts_at: Option<DateTime<Utc>>,
}

/// Something that preceded a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch {
    /// What says so.
    pub method: AttributionMethod,
    /// The field or parameter that says so, by its name: `utm_campaign`, `gclid`.
    pub evidence: String,
    /// The channel, lower case: a UTM source, a platform, a referring host.
    pub channel: Option<String>,
    /// The UTM medium, lower case, or `paid` and `organic` where the platform says which.
    pub medium: Option<String>,
    /// Whether more than one campaign fits, so that none is named.
    pub ambiguous: bool,
    /// The campaign or the content, where exactly one fits.
    pub target: Option<RecordRef>,
}

impl ProjectStore {
    /// How far attribution has been worked out: the feed's number that was its last then. 0 where
    /// it must begin anew: nothing was worked out yet, or campaigns and content changed, which any
    /// subject may have been preceded by.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when there is no such project.
    pub async fn attribution_progress(&self) -> Result<i64> {
        self.exists().await?;
        let sql = "SELECT sequence FROM attribution_progress WHERE project_id = $1";
        let Some(row) = self.db.one(sql, vec![self.own()]).await? else {
            return Ok(0);
        };
        let sequence: i64 = get(&row, "sequence")?;
        for table in ["ad_campaigns", "content"] {
            let sql = format!(
                "SELECT sequence FROM {table} WHERE project_id = $1 AND sequence > $2 LIMIT 1"
            );
            let changed = self.db.one(&sql, vec![self.own(), sequence.into()]).await?;
            if changed.is_some() {
                return Ok(0);
            }
        }
        Ok(sequence)
    }

    /// Subjects that changed after a number of the feed, in the order of the feed. Test orders are
    /// none.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when there is no such project.
    pub async fn attribution_subjects(&self, after: i64, limit: u32) -> Result<Vec<Subject>> {
        self.exists().await?;
        let selects: Vec<String> = SUBJECTS
            .iter()
            .map(|table| {
                let SubjectTable {
                    name,
                    happened,
                    counts,
                    ..
                } = table;
                let model = word(table.model);
                format!(
                    "SELECT '{model}' AS model, connection_id, stream, external_id, sequence, \
                     {happened} AS happened_at, origin FROM {name} WHERE project_id = $1 \
                     AND sequence > $2 AND origin IS NOT NULL AND {counts}"
                )
            })
            .collect();
        let sql = format!(
            "SELECT s.*, c.platform FROM ({}) s \
             JOIN platform_connections c ON c.id = s.connection_id ORDER BY s.sequence LIMIT $3",
            selects.join(" UNION ALL ")
        );
        let values = vec![self.own(), after.into(), i64::from(limit).into()];
        let rows = self.db.all(&sql, values).await?;
        rows.iter()
            .map(|row| {
                Ok(Subject {
                    record: record(row)?,
                    model: parsed(row, "model", model_named)?,
                    platform: get(row, "platform")?,
                    happened_at: get(row, "happened_at")?,
                    origin: json(row, "origin")?,
                    sequence: get(row, "sequence")?,
                })
            })
            .collect()
    }

    /// Every campaign of the project.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when there is no such project.
    pub async fn campaigns(&self) -> Result<Vec<CampaignRef>> {
        self.exists().await?;
        let sql = "SELECT connection_id, stream, external_id, name, starts_at FROM ad_campaigns \
                   WHERE project_id = $1 AND gone_at IS NULL \
                   ORDER BY connection_id, stream, external_id";
        let rows = self.db.all(sql, vec![self.own()]).await?;
        rows.iter()
            .map(|row| {
                Ok(CampaignRef {
                    record: record(row)?,
                    name: get(row, "name")?,
                    starts_at: get(row, "starts_at")?,
                })
            })
            .collect()
    }

    /// Which of these ids a connection's content has, in whichever stream.
    ///
    /// # Errors
    /// Those of reading.
    pub async fn content_named(
        &self,
        connection: ConnectionId,
        ids: &[&str],
    ) -> Result<Vec<RecordRef>> {
        let named = self.db.backend().in_set("external_id", 3);
        let sql = format!(
            "SELECT connection_id, stream, external_id FROM content \
             WHERE project_id = $1 AND connection_id = $2 AND {named} AND gone_at IS NULL"
        );
        let set = self.db.backend().set(ids.iter().copied());
        let rows = self
            .db
            .all(&sql, vec![self.own(), connection.into(), set])
            .await?;
        rows.iter().map(record).collect()
    }

    /// Replaces what preceded these subjects, the surest touch first.
    ///
    /// # Errors
    /// Those of writing; then nothing is replaced.
    pub async fn attribute(&self, found: &[(Subject, Vec<Touch>)]) -> Result<()> {
        let tx = self.db.write(Durability::Process).await?;
        let mut streams: BTreeMap<(ConnectionId, &str), Vec<&str>> = BTreeMap::new();
        for (subject, _) in found {
            let record = &subject.record;
            streams
                .entry((record.connection, &record.stream))
                .or_default()
                .push(&record.external_id);
        }
        for ((connection, stream), ids) in streams {
            let named = tx.backend().in_set("external_id", 3);
            let sql = format!(
                "DELETE FROM attribution WHERE connection_id = $1 AND stream = $2 AND {named}"
            );
            let set = tx.backend().set(ids);
            tx.run(&sql, vec![connection.into(), stream.into(), set])
                .await?;
        }
        let mut cells = Vec::new();
        for (subject, touches) in found {
            for (rank, touch) in (1..).zip(touches) {
                cells.extend(self.cells(subject, rank, touch));
            }
        }
        let columns = COLUMNS.map(|(name, kind)| (name.to_owned(), kind)).to_vec();
        let rows = Rows {
            what: "attributions",
            table: "attribution",
            columns,
            suffix: String::new(),
            cells,
        };
        rows.write(&tx).await?;
        tx.commit().await
    }

    fn cells(&self, subject: &Subject, rank: i64, touch: &Touch) -> [Cell; COLUMNS.len()] {
        let target = touch.target.as_ref();
        [
            Cell::Text(self.project.to_string()),
            Cell::Text(subject.record.connection.to_string()),
            Cell::Text(subject.record.stream.clone()),
            Cell::Text(subject.record.external_id.clone()),
            Cell::Int(rank),
            Cell::Text(word(subject.model).to_owned()),
            Cell::text(subject.happened_at.map(instant)),
            Cell::Text(touch.method.as_str().to_owned()),
            Cell::Text(touch.evidence.clone()),
            Cell::text(touch.channel.clone()),
            Cell::text(touch.medium.clone()),
            Cell::Bool(touch.ambiguous),
            Cell::text(target.map(|record| record.connection.to_string())),
            Cell::text(target.map(|record| record.stream.clone())),
            Cell::text(target.map(|record| record.external_id.clone())),
        ]
    }

    /// Remembers how far attribution has been worked out, and forgets what preceded records that
    /// are gone, or no longer count, or of which the platform says nothing any more.
    ///
    /// # Errors
    /// Those of writing.
    pub async fn set_attribution_progress(&self, sequence: i64) -> Result<()> {
        let tx = self.db.write(Durability::Process).await?;
        for table in SUBJECTS {
            let SubjectTable { name, counts, .. } = table;
            let sql = format!(
                "DELETE FROM attribution WHERE project_id = $1 AND subject_model = '{}' \
                 AND NOT EXISTS (SELECT 1 FROM {name} s \
                 WHERE s.connection_id = attribution.connection_id \
                 AND s.stream = attribution.stream AND s.external_id = attribution.external_id \
                 AND s.origin IS NOT NULL AND {counts})",
                word(table.model)
            );
            tx.run(&sql, vec![self.own()]).await?;
        }
        let sql = "INSERT INTO attribution_progress (project_id, sequence) VALUES ($1, $2) \
                   ON CONFLICT (project_id) DO UPDATE SET sequence = excluded.sequence";
        tx.run(sql, vec![self.own(), sequence.into()]).await?;
        tx.commit().await
    }
}

/// The columns of a touch.
const COLUMNS: [(&str, Type); 15] = [
    ("project_id", Type::Text),
    ("connection_id", Type::Text),
    ("stream", Type::Text),
    ("external_id", Type::Text),
    ("rank", Type::Int),
    ("subject_model", Type::Text),
    ("happened_at", Type::Time),
    ("method", Type::Text),
    ("evidence", Type::Text),
    ("channel", Type::Text),
    ("medium", Type::Text),
    ("ambiguous", Type::Bool),
    ("target_connection_id", Type::Text),
    ("target_stream", Type::Text),
    ("target_external_id", Type::Text),
];

fn record(row: &QueryResult) -> Result<RecordRef> {
    Ok(RecordRef {
        connection: id(row, "connection_id")?,
        stream: get(row, "stream")?,
        external_id: get(row, "external_id")?,
    })
}
