//! Going to a platform's consent page and coming back from it, in a browser.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, get, web};
use connector_core::Form;
use crossdock_engine::{Progress, ResumeRequest};

use super::connect::{Start, browser, unknown_step};
use crate::console;
use crate::failure::{Answer, Failure};
use crate::state::State;

/// The name of the parameter that says which way to connect.
const METHOD: &str = "method";

/// Sends the browser to a platform's consent page. The query holds the values of the way's form
/// (such as `shop`), and `method` where it isn't the first that visits the platform.
#[utoipa::path(
    tag = "connections",
    params(
        ("platform" = String, Path, description = "A platform's id"),
        ("method" = Option<String>, Query, description = "A way to connect")
    ),
    responses(
        (status = 302, description = "To the platform"),
        (status = 404, description = "No such platform", body = crate::failure::FailureBody),
        (status = 422, description = "A value is wrong", body = crate::failure::FailureBody),
        (status = 501, description = "No way to connect visits the platform", body = crate::failure::FailureBody),
    )
)]
#[get("/api/oauth/{platform}/install")]
pub(crate) async fn install(
    state: web::Data<State>,
    platform: web::Path<String>,
    request: HttpRequest,
) -> Answer<HttpResponse> {
    let form = Form::from_query(request.query_string());
    let method = redirecting_method(&state, &platform, form.get(METHOD))?;
    let start = Start {
        platform: platform.into_inner(),
        method: Some(method.to_owned()),
        form,
        settings: None,
        keep_raw: None,
    };
    let (progress, cookie) = start.begin(&state).await?;
    match progress {
        Progress::Redirect { url, .. } => Ok(HttpResponse::Found()
            .insert_header((LOCATION, state.for_browser(&url).as_str()))
            .cookie(cookie)
            .finish()),
        _ => Err(unknown_step()),
    }
}

/// The way to connect that was asked for, or the first one, of those that visit the platform. No
/// other begins by an address: secrets would end up in logs and histories.
fn redirecting_method(state: &State, platform: &str, asked: Option<&str>) -> Answer<&'static str> {
    let descriptor = state.registry().get(platform)?.descriptor();
    let mut methods = descriptor
        .auth_methods
        .iter()
        .filter(|method| method.redirects);
    let method = match asked {
        Some(asked) => methods.find(|method| method.id == asked),
        None => methods.next(),
    };
    method.map(|method| method.id).ok_or_else(|| {
        Failure::new(
            StatusCode::NOT_IMPLEMENTED,
            "UNSUPPORTED",
            "This platform isn't connected that way. Connect it in the console, or with \
             POST /api/connections.",
        )
    })
}

/// Where the platform sends the browser back to. It proves itself by its state, which is used once,
/// and by the cookie that `install` set.
#[utoipa::path(
    tag = "connections",
    security(()),
    params(
        ("platform" = String, Path, description = "A platform's id"),
        ("state" = String, Query, description = "What `install` sent to the platform")
    ),
    responses(
        (status = 303, description = "Connected: to the connection's page"),
        (status = 403, description = "Another browser began it", body = crate::failure::FailureBody),
        (status = 422, description = "The state is none of ours, was used before, or consent was denied", body = crate::failure::FailureBody),
    )
)]
#[get("/api/oauth/{platform}/callback")]
pub(crate) async fn callback(
    state: web::Data<State>,
    platform: web::Path<String>,
    request: HttpRequest,
) -> Answer<HttpResponse> {
    state.registry().get(&platform)?;
    let answer = Form::from_query(request.query_string());
    let key = answer.get("state").unwrap_or_default().to_owned();
    if key.is_empty() {
        return Err(Failure::input(
            "state",
            "This is where a platform sends you back to after you agreed there, and it didn't say \
             what to. Begin again.",
        ));
    }
    let resume = ResumeRequest {
        key,
        answer,
        browser: browser(&state, &request)?,
        project: None,
    };
    match state.engine().resume_connect(resume).await? {
        Progress::Connected { connection, .. } => Ok(console::connected(&state, connection.id)),
        Progress::Prompt { ask, key } => {
            let session = state.sessions.read(&request, state.store()).await?;
            console::question(&state, session, &ask, &key)
        }
        _ => Err(unknown_step()),
    }
}
