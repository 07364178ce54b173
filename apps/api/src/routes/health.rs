//! Whether the service lives, and whether it can work.

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::Success;
use crate::failure::Answer;
use crate::state::State;

/// That the service lives.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Alive {
    success: Success,
}

/// What the service works with.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ready {
    success: Success,
    version: &'static str,
    /// The kind of database.
    database: &'static str,
    /// The gateway that stands in for the platforms, where one does.
    gateway: Option<String>,
}

/// Whether the process lives. It tells nothing else, and needs no token.
#[utoipa::path(tag = "service", security(()), responses((status = 200, body = Alive)))]
#[get("/healthz")]
pub(crate) async fn alive() -> web::Json<Alive> {
    web::Json(Alive { success: Success })
}

/// Whether the service can work: its database answers and is of this version.
#[utoipa::path(
    tag = "service",
    responses(
        (status = 200, body = Ready),
        (status = 503, description = "The database doesn't answer", body = crate::failure::FailureBody),
    )
)]
#[get("/readyz")]
pub(crate) async fn ready(state: web::Data<State>) -> Answer<web::Json<Ready>> {
    state.store().health().await?;
    Ok(web::Json(Ready {
        success: Success,
        version: env!("CARGO_PKG_VERSION"),
        database: state.store().backend_name(),
        gateway: state.gateway().map(ToString::to_string),
    }))
}
