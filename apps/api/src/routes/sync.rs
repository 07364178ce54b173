//! Runs: asking for them, seeing how they go, and how they went.

#![expect(
    unused_qualifications,
    reason = "utoipa's macro writes out the types of query parameters"
)]

use std::sync::{Mutex, PoisonError};

use actix_web::error::JsonPayloadError;
use actix_web::{HttpResponse, get, post, web};
use chrono::{DateTime, Utc};
use connector_core::ModelKind;
use crossdock_engine::SyncOrder;
use crossdock_persistence::{RunFilter, RunMode, RunRow, RunStatus, StreamState};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use utoipa::{IntoParams, ToSchema};

use super::Success;
use crate::failure::{Answer, Failure};
use crate::state::State;

/// How many runs a reply has unless said.
const USUAL: u32 = 50;

/// How many it has at most.
const MOST: u32 = 1000;

/// What to sync.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Order {
    /// The streams; all that the platform has unless said.
    streams: Option<Vec<String>>,
    /// Whether to read everything again, in place of what changed.
    full: bool,
}

/// That a sync is under way.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Started {
    success: Success,
    /// The connection's id.
    connection: String,
    /// Where to see how it goes.
    status: String,
}

/// Which connection.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// Only this connection's: an id, or a platform with one connection.
    connection: Option<String>,
}

/// Where all streams stand.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Status {
    success: Success,
    streams: Vec<StreamView>,
}

/// Where a stream stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StreamStatus)]
pub(crate) struct StreamView {
    connection: String,
    platform: String,
    stream: String,
    #[schema(value_type = String)]
    model: ModelKind,
    /// Records that are there.
    records: u64,
    /// When the place to go on from was stored.
    checkpoint_at: Option<DateTime<Utc>>,
    /// When the stream was last read to its end.
    completed_at: Option<DateTime<Utc>>,
    last_run: Option<RunView>,
}

/// Which runs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log {
    /// Only this connection's: an id, or a platform with one connection.
    connection: Option<String>,
    /// Only this stream's.
    stream: Option<String>,
    /// Only those with this status: `running`, `completed`, `waiting`, `failed`, `cancelled`,
    /// `interrupted`.
    #[param(value_type = Option<String>)]
    status: Option<RunStatus>,
    /// Only those before this one: `next` of the page before.
    #[param(value_type = Option<String>)]
    before: Option<crossdock_persistence::RunId>,
    /// How many at most: 1 to 1,000, and 50 unless said.
    limit: Option<u32>,
}

/// Runs, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Runs {
    success: Success,
    runs: Vec<RunView>,
    /// For `before`; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// One run of one stream.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Run)]
pub(crate) struct RunView {
    id: String,
    connection: String,
    platform: String,
    stream: String,
    /// `incremental` or `full`.
    #[schema(value_type = String)]
    mode: RunMode,
    /// `running`, `completed`, `waiting`, `failed`, `cancelled` or `interrupted`.
    #[schema(value_type = String)]
    status: RunStatus,
    started_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    /// When it goes on, or when to try again.
    resume_at: Option<DateTime<Utc>>,
    pages: u64,
    /// Records that were not there before.
    inserted: u64,
    /// Records that changed.
    updated: u64,
    /// Records that came as they were.
    unchanged: u64,
    /// Records that are gone.
    gone: u64,
    /// Records that came and could not be mapped.
    skipped: u64,
    /// The first of what could not be mapped.
    skipped_sample: Vec<SkippedView>,
    /// How many records the platform said there would be.
    expected: Option<u64>,
    requests: u64,
    retries: u64,
    waited_ms: u64,
    /// What a person should know.
    notes: Vec<String>,
    /// Why it failed.
    failure: Option<FailureView>,
}

/// Something that came and could not be mapped.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Skipped)]
pub(crate) struct SkippedView {
    external_id: Option<String>,
    reason: String,
}

/// Why a run failed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RunFailure)]
pub(crate) struct FailureView {
    /// Who must act.
    kind: String,
    message: String,
    /// When to try again; absent when somebody must act first.
    retry_at: Option<DateTime<Utc>>,
}

impl From<RunRow> for RunView {
    fn from(run: RunRow) -> Self {
        Self {
            id: run.id.to_string(),
            connection: run.connection.to_string(),
            platform: run.platform,
            stream: run.stream,
            mode: run.mode,
            status: run.status,
            started_at: run.started_at,
            finished_at: run.finished_at,
            resume_at: run.resume_at,
            pages: run.pages,
            inserted: run.counts.inserted,
            updated: run.counts.updated,
            unchanged: run.counts.unchanged,
            gone: run.counts.gone,
            skipped: run.counts.skipped,
            skipped_sample: run
                .skipped_sample
                .into_iter()
                .map(|skipped| SkippedView {
                    external_id: skipped.external_id,
                    reason: skipped.reason,
                })
                .collect(),
            expected: run.expected,
            requests: run.usage.requests,
            retries: run.usage.retries,
            waited_ms: u64::try_from(run.usage.waited.as_millis()).unwrap_or(u64::MAX),
            notes: run.notes,
            failure: run.failure.map(|failure| FailureView {
                kind: failure.kind,
                message: failure.message,
                retry_at: failure.retry_at,
            }),
        }
    }
}

impl StreamView {
    fn new(state: StreamState, platform: &str) -> Self {
        Self {
            connection: state.connection.to_string(),
            platform: platform.to_owned(),
            stream: state.stream,
            model: state.model,
            records: state.records,
            checkpoint_at: state.checkpoint_at,
            completed_at: state.completed_at,
            last_run: state.last_run.map(Into::into),
        }
    }
}

/// Syncs a connection in the background. The body may be left out: then all streams, by what
/// changed.
#[utoipa::path(
    tag = "sync",
    params(("connection" = String, Path, description = "An id, or a platform with one connection")),
    request_body = Option<Order>,
    responses(
        (status = 202, description = "It has begun", body = Started),
        (status = 404, body = crate::failure::FailureBody),
        (status = 409, description = "A person must connect again", body = crate::failure::FailureBody),
    )
)]
#[post("/api/sync/{connection}")]
pub(crate) async fn start_sync(
    state: web::Data<State>,
    name: web::Path<String>,
    body: web::Bytes,
) -> Answer<HttpResponse> {
    let order: Order = if body.is_empty() {
        Order::default()
    } else {
        serde_json::from_slice(&body).map_err(JsonPayloadError::Deserialize)?
    };
    let connection = state.connection(&name).await?.id;
    let mode = if order.full {
        RunMode::Full
    } else {
        RunMode::Incremental
    };
    begin(
        &state,
        SyncOrder {
            streams: order.streams,
            mode,
            ..SyncOrder::new(connection)
        },
    )
    .await?;
    Ok(HttpResponse::Accepted().json(Started {
        success: Success,
        connection: connection.to_string(),
        status: format!("/api/sync/status?connection={connection}"),
    }))
}

/// Begins a sync in the background, and returns when its first run has begun, or with what kept it
/// from beginning.
pub(crate) async fn begin(state: &State, order: SyncOrder) -> Answer<()> {
    let (begun, first_sign) = oneshot::channel();
    let begun = Mutex::new(Some(begun));
    let (engine, project) = (state.engine().clone(), state.project());
    state.tasks().spawn(async move {
        let tell = |outcome: Answer<()>| {
            let waiting = begun.lock().unwrap_or_else(PoisonError::into_inner).take();
            // Nobody waits any more once it has begun, or when the caller has gone away.
            waiting.map(|waiting| waiting.send(outcome))
        };
        let synced = engine
            .sync(project, order, |_event| {
                tell(Ok(()));
            })
            .await;
        let outcome = synced.map(|_reports| ()).map_err(Failure::from);
        if let Some(Err(Err(failure))) = tell(outcome) {
            tracing::warn!(code = failure.code(), "a sync could not begin");
        }
    });
    first_sign.await.unwrap_or(Ok(()))
}

/// Where streams stand that were ever begun.
#[utoipa::path(
    tag = "sync",
    params(Which),
    responses((status = 200, body = Status), (status = 404, body = crate::failure::FailureBody))
)]
#[get("/api/sync/status")]
pub(crate) async fn sync_status(
    state: web::Data<State>,
    which: web::Query<Which>,
) -> Answer<web::Json<Status>> {
    let connections = match &which.connection {
        Some(name) => vec![state.connection(name).await?],
        None => state.data().connections().await?,
    };
    let mut streams = Vec::new();
    for connection in connections {
        let states = state.data().stream_states(connection.id).await?;
        streams.extend(
            states
                .into_iter()
                .map(|state| StreamView::new(state, &connection.platform)),
        );
    }
    Ok(web::Json(Status {
        success: Success,
        streams,
    }))
}

/// Runs, the newest first.
#[utoipa::path(
    tag = "sync",
    params(Log),
    responses(
        (status = 200, body = Runs),
        (status = 404, body = crate::failure::FailureBody),
        (status = 422, description = "A value is wrong", body = crate::failure::FailureBody),
    )
)]
#[get("/api/sync/log")]
pub(crate) async fn sync_log(
    state: web::Data<State>,
    log: web::Query<Log>,
) -> Answer<web::Json<Runs>> {
    let log = log.into_inner();
    let limit = limit(log.limit, USUAL, MOST)?;
    let filter = RunFilter {
        connection: state.connection_id(log.connection.as_deref()).await?,
        stream: log.stream,
        status: log.status,
        before: log.before,
    };
    let runs = state.data().runs(&filter, limit).await?;
    let is_full = u32::try_from(runs.len()).is_ok_and(|count| count == limit);
    Ok(web::Json(Runs {
        success: Success,
        next: runs
            .last()
            .filter(|_| is_full)
            .map(|run| run.id.to_string()),
        runs: runs.into_iter().map(Into::into).collect(),
    }))
}

/// How many were asked for, which must be from 1 to `most`.
pub(super) fn limit(asked: Option<u32>, usual: u32, most: u32) -> Answer<u32> {
    match asked {
        None => Ok(usual),
        Some(asked) if (1..=most).contains(&asked) => Ok(asked),
        Some(_) => Err(Failure::input(
            "limit",
            format!("The limit must be from 1 to {most}."),
        )),
    }
}
