//! The first page: what is connected, how it is, and what could be connected.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use crossdock_persistence::{Connection, StreamState};

use super::flash::Flash;
use super::page::{Frame, render_once};
use super::show::{ShownConnection, ShownStream};
use crate::access::Session;
use crate::failure::Answer;
use crate::state::State;

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    frame: Frame,
    connections: Vec<Card>,
    platforms: Vec<Platform>,
}

struct Card {
    connection: ShownConnection,
    streams: Vec<ShownStream>,
    problems: Vec<String>,
}

struct Platform {
    id: &'static str,
    name: &'static str,
    summary: &'static str,
}

/// The overview.
pub(super) async fn page(
    state: web::Data<State>,
    session: web::ReqData<Session>,
    request: HttpRequest,
) -> Answer<HttpResponse> {
    let now = state.context().now();
    let mut connections = Vec::new();
    for connection in state.data().connections().await? {
        let states = state.data().stream_states(connection.id).await?;
        connections.push(Card::new(&state, connection, states, now));
    }
    let platforms = state
        .registry()
        .iter()
        .map(|connector| {
            let descriptor = connector.descriptor();
            Platform {
                id: descriptor.id,
                name: descriptor.name,
                summary: descriptor.summary,
            }
        })
        .collect();
    let page = OverviewPage {
        frame: Frame::new(&state, &session, Flash::of(&request))?,
        connections,
        platforms,
    };
    render_once(&state, &request, &page)
}

impl Card {
    fn new(
        state: &State,
        connection: Connection,
        states: Vec<StreamState>,
        now: DateTime<Utc>,
    ) -> Self {
        let descriptor = state.descriptor(&connection.platform);
        let streams = streams(state, &connection.platform, states, now);
        let connection = ShownConnection::new(connection, descriptor, now);
        let mut problems: Vec<String> = Vec::new();
        if connection.is_connected && !connection.is_active {
            let reason = connection.reason.as_deref().unwrap_or("its grant is gone");
            problems.push(format!("Connect this account again: {reason}."));
        }
        for stream in &streams {
            if let Some(problem) = stream.run.as_ref().and_then(|run| run.problem.as_ref()) {
                problems.push(format!("{}: {problem}.", stream.label));
            }
        }
        problems.extend(connection.warnings.iter().cloned());
        Self {
            connection,
            streams,
            problems,
        }
    }
}

/// All streams of a platform in its own order, with where each stands, and those that an earlier
/// version of its connector had.
pub(super) fn streams(
    state: &State,
    platform: &str,
    mut states: Vec<StreamState>,
    now: DateTime<Utc>,
) -> Vec<ShownStream> {
    let known = state
        .descriptor(platform)
        .map_or(&[][..], |descriptor| descriptor.streams);
    let mut shown = Vec::with_capacity(known.len());
    for stream in known {
        let at = states.iter().position(|state| state.stream == stream.id);
        let state = at.map(|at| states.swap_remove(at));
        shown.push(ShownStream::new(stream.label, stream.about, state, now));
    }
    shown.extend(
        states
            .into_iter()
            .map(|state| ShownStream::new(&state.stream.clone(), "", Some(state), now)),
    );
    shown
}
