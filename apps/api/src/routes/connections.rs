//! Connections: reading them, setting what a person may set, testing, renewing, ending.

#![expect(
    unused_qualifications,
    reason = "utoipa's macro writes out the types of query parameters"
)]

use std::collections::BTreeMap;

use actix_web::{delete, get, post, put, web};
use connector_core::Settings;
use crossdock_engine::Grant;
use crossdock_persistence::AuditEntry;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Success;
use super::view::{AccountView, ConnectionView};
use crate::failure::{Answer, Failure, sentence};
use crate::state::State;

/// All connections.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Connections {
    success: Success,
    connections: Vec<ConnectionView>,
}

/// One connection.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectionReply {
    pub(super) success: Success,
    pub(super) connection: ConnectionView,
}

/// What the platform says of the account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Tested {
    success: Success,
    account: AccountView,
}

/// That something was done, where there is no more to say.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Done {
    pub(super) success: Success,
}

/// What can be set for a connection. What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetConnection {
    /// All settings, by name; those that are not here are no longer set.
    settings: Option<BTreeMap<String, String>>,
    /// Whether records keep the JSON as the platform sends it.
    keep_raw: Option<bool>,
}

/// That a connection ended, and what became of the grant at the platform.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ended {
    success: Success,
    /// `given_back`, `stays` (the platform takes none back), `in_use` (another connection has the
    /// same account), `none_left` or `failed`.
    grant: String,
    /// The same in words, with the reason where it failed.
    explanation: String,
}

/// How to end a connection.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ending {
    /// Also erase everything that came through it. It can't be undone.
    #[serde(default)]
    erase: bool,
}

/// All connections, the oldest first.
#[utoipa::path(tag = "connections", responses((status = 200, body = Connections)))]
#[get("/api/connections")]
pub(crate) async fn list_connections(state: web::Data<State>) -> Answer<web::Json<Connections>> {
    let connections = state.data().connections().await?;
    Ok(web::Json(Connections {
        success: Success,
        connections: connections.into_iter().map(Into::into).collect(),
    }))
}

/// One connection, by its id or its platform's.
#[utoipa::path(
    tag = "connections",
    params(("connection" = String, Path, description = "An id, or a platform with one connection")),
    responses(
        (status = 200, body = ConnectionReply),
        (status = 404, body = crate::failure::FailureBody),
        (status = 409, description = "Several match", body = crate::failure::FailureBody),
    )
)]
#[get("/api/connections/{connection}")]
pub(crate) async fn get_connection(
    state: web::Data<State>,
    name: web::Path<String>,
) -> Answer<web::Json<ConnectionReply>> {
    let connection = state.connection(&name).await?;
    Ok(reply(connection))
}

/// Sets what a person may set for a connection.
#[utoipa::path(
    tag = "connections",
    params(("connection" = String, Path, description = "An id, or a platform with one connection")),
    request_body = SetConnection,
    responses(
        (status = 200, body = ConnectionReply),
        (status = 404, body = crate::failure::FailureBody),
        (status = 422, description = "No such setting", body = crate::failure::FailureBody),
    )
)]
#[put("/api/connections/{connection}")]
pub(crate) async fn set_connection(
    state: web::Data<State>,
    name: web::Path<String>,
    change: web::Json<SetConnection>,
) -> Answer<web::Json<ConnectionReply>> {
    let connection = state.connection(&name).await?;
    let SetConnection { settings, keep_raw } = change.into_inner();
    let settings = settings.map(Settings);
    if let Some(settings) = &settings {
        check_settings(&state, &connection.platform, settings)?;
    }
    let (data, now) = (state.data(), state.context().now());
    if let Some(settings) = settings {
        data.set_settings(connection.id, &settings, now).await?;
    }
    if let Some(keep_raw) = keep_raw {
        data.set_keep_raw(connection.id, keep_raw, now).await?;
    }
    Ok(reply(data.connection(connection.id).await?))
}

/// Disconnects: the grant is given back where the platform takes it, the credential is destroyed,
/// what was synced stays. With `erase`, that goes too.
#[utoipa::path(
    tag = "connections",
    params(
        ("connection" = String, Path, description = "An id, or a platform with one connection"),
        Ending
    ),
    responses(
        (status = 200, body = Ended),
        (status = 404, body = crate::failure::FailureBody),
    )
)]
#[delete("/api/connections/{connection}")]
pub(crate) async fn disconnect(
    state: web::Data<State>,
    name: web::Path<String>,
    ending: web::Query<Ending>,
) -> Answer<web::Json<Ended>> {
    let connection = state.connection(&name).await?;
    let grant = end(&state, connection.id, ending.erase).await?;
    Ok(web::Json(Ended {
        success: Success,
        grant: grant.as_str().to_owned(),
        explanation: sentence(&grant.to_string()),
    }))
}

/// Asks the platform whether the connection works.
#[utoipa::path(
    tag = "connections",
    params(("connection" = String, Path, description = "An id, or a platform with one connection")),
    responses(
        (status = 200, body = Tested),
        (status = 404, body = crate::failure::FailureBody),
        (status = 409, description = "A person must connect again", body = crate::failure::FailureBody),
        (status = 503, description = "The platform can't be asked", body = crate::failure::FailureBody),
    )
)]
#[post("/api/connections/{connection}/test")]
pub(crate) async fn test_connection(
    state: web::Data<State>,
    name: web::Path<String>,
) -> Answer<web::Json<Tested>> {
    let connection = state.connection(&name).await?;
    let account = state.engine().test(state.project(), connection.id).await?;
    Ok(web::Json(Tested {
        success: Success,
        account: account.into(),
    }))
}

/// Renews the credential now, whatever its age.
#[utoipa::path(
    tag = "connections",
    params(("connection" = String, Path, description = "An id, or a platform with one connection")),
    responses(
        (status = 200, body = ConnectionReply),
        (status = 404, body = crate::failure::FailureBody),
        (status = 409, description = "A person must connect again", body = crate::failure::FailureBody),
        (status = 503, description = "The platform can't be asked", body = crate::failure::FailureBody),
    )
)]
#[post("/api/connections/{connection}/refresh")]
pub(crate) async fn refresh_connection(
    state: web::Data<State>,
    name: web::Path<String>,
) -> Answer<web::Json<ConnectionReply>> {
    let connection = state.connection(&name).await?;
    let renewed = state
        .engine()
        .refresh(state.project(), connection.id)
        .await?;
    Ok(reply(renewed))
}

fn reply(connection: crossdock_persistence::Connection) -> web::Json<ConnectionReply> {
    web::Json(ConnectionReply {
        success: Success,
        connection: connection.into(),
    })
}

/// Ends a connection for the admin, and writes down who did.
pub(crate) async fn end(
    state: &State,
    connection: crossdock_persistence::ConnectionId,
    erase: bool,
) -> Answer<Grant> {
    let (engine, project) = (state.engine(), state.project());
    let (grant, action) = if erase {
        let grant = engine.erase(project, connection).await?;
        (grant, "connection.erased")
    } else {
        let grant = engine.disconnect(project, connection).await?;
        (grant, "connection.disconnected")
    };
    let entry = AuditEntry {
        actor: "admin".to_owned(),
        action: action.to_owned(),
        subject: connection.to_string(),
        detail: Some(grant.to_string()),
        at: state.context().now(),
    };
    state.data().audit(&entry).await?;
    Ok(grant)
}

/// Refuses settings that the platform hasn't got.
pub(crate) fn check_settings(state: &State, platform: &str, settings: &Settings) -> Answer<()> {
    let known = state.registry().get(platform)?.descriptor().settings;
    match settings
        .0
        .keys()
        .find(|name| known.iter().all(|field| field.name != name.as_str()))
    {
        Some(unknown) => Err(Failure::input(
            unknown,
            "This platform has no such setting. GET /api/platforms lists those that it has.",
        )),
        None => Ok(()),
    }
}
