//! What can be changed: permissions are taken back, pages told what to send, reports ordered,
//! catalogues changed.

use chrono::TimeDelta;
use http::Method;
use serde_json::{Value, json};

use super::error::{GraphError, Outcome};
use super::graph::{Kind, Node};
use super::insights::ads;
use super::read::Reader;
use super::reports::Report;
use super::request::Request;
use super::scopes;
use super::session::{Session, TokenKind};
use super::state::State;
use crate::world::World;

/// Answers a request that changes something of a node.
pub(super) fn write(
    state: &mut State,
    session: &Session,
    request: &Request,
    id: &str,
    segments: &[&str],
    world: &mut World,
) -> Outcome<Value> {
    let unsupported = || GraphError::no_object(request.method.as_str(), id);
    let kind = state
        .graph
        .get(id)
        .map(|node| node.kind)
        .ok_or_else(unsupported)?;
    let edge = segments.get(1).copied().unwrap_or_default();
    match (&request.method, kind, edge, segments.get(2)) {
        (&Method::DELETE, Kind::User, "permissions", None) => {
            state.authority.disconnect(id, 458, world);
            Ok(json!({ "success": true }))
        }
        (&Method::DELETE, Kind::User, "permissions", Some(permission)) => {
            if !scopes::exists(permission) {
                return Err(GraphError::parameter(
                    "The permission specified is not valid",
                ));
            }
            let declined = state.authority.declined.entry(id.to_owned()).or_default();
            declined.insert((*permission).to_owned());
            Ok(json!({ "success": true }))
        }
        (&Method::POST | &Method::DELETE, Kind::Page, "subscribed_apps", None) => {
            scopes::check(session, kind, edge, false)?;
            if session.kind != TokenKind::Page {
                return Err(GraphError::page_token());
            }
            if request.method == Method::POST {
                state
                    .subscriptions
                    .subscribe(id, request.get("subscribed_fields"))
            } else {
                Ok(state.subscriptions.unsubscribe(id))
            }
        }
        (&Method::POST, Kind::App, "subscriptions", None) => {
            if session.kind != TokenKind::App {
                return Err(GraphError::app_token());
            }
            let address = state.subscriptions.subscribe_app(request)?;
            state.settings.callback = Some(address);
            Ok(json!({ "success": true }))
        }
        (
            &Method::POST,
            Kind::AdAccount | Kind::Campaign | Kind::AdSet | Kind::Ad,
            "insights",
            None,
        ) => report(state, session, request, id, world),
        (&Method::POST, Kind::Catalog, "items_batch", None) => {
            scopes::check(session, kind, edge, false)?;
            state.batches.take(id, request, world)
        }
        _ => Err(unsupported()),
    }
}

/// Starts a report in the background.
fn report(
    state: &mut State,
    session: &Session,
    request: &Request,
    id: &str,
    world: &mut World,
) -> Outcome<Value> {
    let reader = Reader {
        state,
        session,
        token: request.token.as_deref().unwrap_or_default(),
        version: request.version,
        world,
    };
    let node = reader.find(id, "POST")?;
    scopes::check(session, node.kind, "insights", false)?;
    let cells = ads::weigh(&reader, node, &request.parameters)?;
    let account = node.owner.clone();
    let settings = &state.settings;
    let work = i64::try_from(cells / 5_000).unwrap_or(i64::MAX);
    let seconds = work.saturating_add(i64::from(settings.report_seconds));
    let run = format!("2385{:013}", world.serial());
    let report = Report {
        node: id.to_owned(),
        account: account.clone(),
        parameters: request.parameters.clone(),
        created_at: world.now,
        length: TimeDelta::try_seconds(seconds).unwrap_or(TimeDelta::MAX),
        fails: cells > settings.report_cells,
        lost: false,
    };
    state.reports.0.insert(run.clone(), report);
    state
        .graph
        .insert(Node::new(Kind::ReportRun, &run, &account, Value::Null));
    Ok(json!({ "report_run_id": run }))
}
