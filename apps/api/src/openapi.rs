//! The OpenAPI document: made of the very routes that are served.

use actix_web::{App, HttpResponse, get};
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi as _};
use utoipa_actix_web::AppExt as _;

use crate::failure::FailureBody;
use crate::router;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Crossdock",
        description = "Connects a merchant's accounts, keeps them fresh, and serves what they hold. \
                       Every reply that is not a success has the form of `FailureBody`.",
        license(name = "MIT OR Apache-2.0")
    ),
    components(schemas(FailureBody)),
    modifiers(&AdminToken),
    security(("admin_token" = [])),
    tags(
        (name = "connections", description = "Accounts on platforms, and how they are connected"),
        (name = "sync", description = "Runs: what was asked for, how it goes, how it went"),
        (name = "data", description = "What was synced"),
        (name = "platforms", description = "What can be connected, and what platforms send"),
        (name = "service", description = "The service itself")
    )
)]
struct Frame;

struct AdminToken;

impl Modify for AdminToken {
    fn modify(&self, document: &mut OpenApi) {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.description = Some("The admin token, `cdk_…`".to_owned());
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("admin_token", SecurityScheme::Http(scheme));
    }
}

/// The OpenAPI document of the API that this version serves.
#[must_use]
pub fn document() -> OpenApi {
    App::new()
        .into_utoipa_app()
        .openapi(Frame::openapi())
        .configure(router::documented)
        .split_for_parts()
        .1
}

/// This document.
#[utoipa::path(
    tag = "service",
    responses((status = 200, description = "An OpenAPI document", content_type = "application/json"))
)]
#[get("/api/openapi.json")]
pub(crate) async fn openapi_document() -> HttpResponse {
    HttpResponse::Ok().json(document())
}
