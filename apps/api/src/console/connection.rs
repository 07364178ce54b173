//! One connection's page: its account, streams, last runs, settings, and how to end it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use crossdock_persistence::{Connection, RunFilter};

use super::flash::Flash;
use super::form::ShownField;
use super::overview::streams;
use super::page::{Frame, render_once};
use super::show::{ShownConnection, ShownRun, ShownStream};
use crate::access::Session;
use crate::failure::{Answer, Failure};
use crate::state::State;

/// How many runs the page has.
const RUNS: u32 = 25;

#[derive(Template)]
#[template(path = "connection.html")]
struct ConnectionPage {
    frame: Frame,
    connection: ShownConnection,
    streams: Vec<ShownStream>,
    runs: Vec<ShownRun>,
    settings: Vec<ShownField>,
    keep_raw: bool,
}

/// A connection's page.
pub(super) async fn page(
    state: web::Data<State>,
    session: web::ReqData<Session>,
    id: web::Path<String>,
    request: HttpRequest,
) -> Answer<HttpResponse> {
    let connection = find(&state, &id).await?;
    let now = state.context().now();
    let descriptor = state.descriptor(&connection.platform);
    let data = state.data();
    let states = data.stream_states(connection.id).await?;
    let filter = RunFilter {
        connection: Some(connection.id),
        ..RunFilter::default()
    };
    let runs = data.runs(&filter, RUNS).await?;
    let page = ConnectionPage {
        frame: Frame::new(&state, &session, Flash::of(&request))?,
        streams: streams(&state, &connection.platform, states, now),
        runs: runs
            .into_iter()
            .map(|run| {
                let stream = descriptor.and_then(|descriptor| descriptor.stream(&run.stream));
                let label = stream.map_or(run.stream.clone(), |stream| stream.label.to_owned());
                ShownRun::new(run, &label, now)
            })
            .collect(),
        settings: settings(&state, &connection),
        keep_raw: connection.keep_raw,
        connection: ShownConnection::new(connection, descriptor, now),
    };
    render_once(&state, &request, &page)
}

/// The connection of a page's address, which is an id and no platform's name.
pub(super) async fn find(state: &State, id: &str) -> Answer<Connection> {
    let Ok(id) = id.parse() else {
        return Err(Failure::not_found("There is no such connection."));
    };
    Ok(state.data().connection(id).await?)
}

fn settings(state: &State, connection: &Connection) -> Vec<ShownField> {
    let known = state
        .descriptor(&connection.platform)
        .map_or(&[][..], |descriptor| descriptor.settings);
    known
        .iter()
        .map(|field| {
            let value = connection.settings.0.get(field.name);
            ShownField::new(field, "settings", value.map(String::as_str))
        })
        .collect()
}
