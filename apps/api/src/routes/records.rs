//! What was synced: records by stream, and the feed of what changed.

#![expect(
    unused_qualifications,
    reason = "utoipa's macro writes out the types of query parameters"
)]

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use connector_core::ModelKind;
use crossdock_persistence::{
    ChangeFilter, ChangeKind, ChangeRow, RecordPage, RecordQuery, RecordRow, RecordSet, StoreError,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Success;
use super::sync::limit;
use crate::failure::{Answer, Failure};
use crate::state::State;

/// Which records.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    /// Only this connection's: an id, or a platform with one connection.
    connection: Option<String>,
    /// Only this platform's.
    platform: Option<String>,
    /// Only the one with this id on its platform.
    external_id: Option<String>,
    /// Only those that changed at this time or after it (RFC 3339).
    updated_since: Option<DateTime<Utc>>,
    /// Also those that are gone.
    #[serde(default)]
    include_gone: bool,
    /// Also the JSON as the platform sent it, where it was kept.
    #[serde(default)]
    include_raw: bool,
    /// `next` of the page before.
    after: Option<String>,
    /// How many at most: 1 to 1,000, and 100 unless said.
    limit: Option<u32>,
}

/// A page of records, in an order that doesn't change while they are read.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Records {
    success: Success,
    records: Vec<RecordView>,
    /// For `after`; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// One record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Record)]
pub(crate) struct RecordView {
    connection: String,
    platform: String,
    stream: String,
    /// The platform's id.
    external_id: String,
    /// Which unified model it is.
    #[schema(value_type = String)]
    model: ModelKind,
    /// Its content, in the unified model's words.
    #[schema(value_type = Object)]
    value: serde_json::Value,
    /// The JSON as the platform sent it, where it was kept and asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    raw: Option<serde_json::Value>,
    /// When the platform last changed it, where it told.
    updated_at: Option<DateTime<Utc>>,
    /// When it was first stored.
    first_seen_at: DateTime<Utc>,
    /// When its content last changed here.
    synced_at: DateTime<Utc>,
    /// When it was found to be gone.
    gone_at: Option<DateTime<Utc>>,
    /// Its last line in the feed.
    sequence: i64,
}

/// Which changes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Feed {
    /// The last number that was dealt with; 0 reads from the beginning.
    #[serde(default)]
    after: i64,
    /// Only this connection's: an id, or a platform with one connection.
    connection: Option<String>,
    /// Only this stream's.
    stream: Option<String>,
    /// How many at most: 1 to 10,000, and 1,000 unless said.
    limit: Option<u32>,
}

/// Changes, in order.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Changes {
    success: Success,
    changes: Vec<ChangeView>,
    /// What to store and to send as `after` the next time.
    last: i64,
}

/// One line of the feed. The record as it is now is read by its stream and id.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Change)]
pub(crate) struct ChangeView {
    /// Its number, without gaps.
    sequence: i64,
    connection: String,
    platform: String,
    stream: String,
    external_id: String,
    /// `added`, `updated` or `removed`.
    #[schema(value_type = String)]
    kind: ChangeKind,
    #[schema(value_type = String)]
    model: ModelKind,
    at: DateTime<Utc>,
}

impl From<RecordRow> for RecordView {
    fn from(row: RecordRow) -> Self {
        Self {
            connection: row.connection.to_string(),
            platform: row.platform,
            stream: row.stream,
            external_id: row.external_id,
            model: row.model,
            value: row.value,
            raw: row.raw,
            updated_at: row.updated_at,
            first_seen_at: row.first_seen_at,
            synced_at: row.synced_at,
            gone_at: row.gone_at,
            sequence: row.sequence,
        }
    }
}

impl From<ChangeRow> for ChangeView {
    fn from(row: ChangeRow) -> Self {
        Self {
            sequence: row.sequence,
            connection: row.connection.to_string(),
            platform: row.platform,
            stream: row.stream,
            external_id: row.external_id,
            kind: row.kind,
            model: row.model,
            at: row.at,
        }
    }
}

/// Records of a stream, page by page.
#[utoipa::path(
    tag = "data",
    params(("stream" = String, Path, description = "A stream: `orders`"), Query),
    responses(
        (status = 200, body = Records),
        (status = 404, description = "No platform has such a stream", body = crate::failure::FailureBody),
        (status = 422, description = "A value is wrong", body = crate::failure::FailureBody),
    )
)]
#[get("/api/records/{stream}")]
pub(crate) async fn read_records(
    state: web::Data<State>,
    stream: web::Path<String>,
    query: web::Query<Query>,
) -> Answer<web::Json<Records>> {
    let stream = stream.into_inner();
    let query = query.into_inner();
    let query = RecordQuery {
        connection: state.connection_id(query.connection.as_deref()).await?,
        platform: query.platform,
        external_id: query.external_id,
        updated_since: query.updated_since,
        include_gone: query.include_gone,
        include_raw: query.include_raw,
        after: query.after,
        limit: limit(query.limit, 100, 1000)?,
    };
    let set = RecordSet::Stream(stream.clone());
    let page = match state.data().records(&set, &query).await {
        Ok(page) => page,
        // No run has begun it yet, so the store hasn't heard of it.
        Err(StoreError::NotFound { .. }) if is_known(&state, &stream) => RecordPage {
            items: Vec::new(),
            next: None,
        },
        Err(StoreError::Conflict(message)) => return Err(Failure::input("after", message)),
        Err(error) => return Err(error.into()),
    };
    Ok(web::Json(Records {
        success: Success,
        records: page.items.into_iter().map(Into::into).collect(),
        next: page.next,
    }))
}

fn is_known(state: &State, stream: &str) -> bool {
    state
        .registry()
        .iter()
        .any(|connector| connector.descriptor().stream(stream).is_some())
}

/// What changed after a number, in order. A reader that stores `last` misses nothing and sees
/// nothing twice.
#[utoipa::path(
    tag = "data",
    params(Feed),
    responses(
        (status = 200, body = Changes),
        (status = 404, body = crate::failure::FailureBody),
        (status = 422, description = "A value is wrong", body = crate::failure::FailureBody),
    )
)]
#[get("/api/changes")]
pub(crate) async fn read_changes(
    state: web::Data<State>,
    feed: web::Query<Feed>,
) -> Answer<web::Json<Changes>> {
    let feed = feed.into_inner();
    let filter = ChangeFilter {
        connection: state.connection_id(feed.connection.as_deref()).await?,
        stream: feed.stream,
    };
    let limit = limit(feed.limit, 1000, 10_000)?;
    let rows = state.data().changes(feed.after, limit, &filter).await?;
    Ok(web::Json(Changes {
        success: Success,
        last: rows.last().map_or(feed.after, |row| row.sequence),
        changes: rows.into_iter().map(Into::into).collect(),
    }))
}
