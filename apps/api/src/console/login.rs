//! Logging in with the admin token, and out.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::page::{Frame, render};
use super::posted::{self, Posted};
use super::see_other;
use crate::access::{is_admin, peer};
use crate::failure::{Answer, Failure};
use crate::state::State;

/// The field that holds the token.
const FIELD: &str = "admin_token";

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    frame: Frame,
    token: String,
    problem: Option<String>,
}

/// The login page. Somebody who is logged in goes on to the overview.
pub(super) async fn page(state: web::Data<State>, request: HttpRequest) -> Answer<HttpResponse> {
    let session = state.sessions.read(&request, state.store()).await?;
    if session.is_some() {
        return Ok(see_other("/"));
    }
    show(&state, StatusCode::OK, None)
}

/// Logs in.
pub(super) async fn log_in(
    state: web::Data<State>,
    request: HttpRequest,
    values: web::Form<Vec<(String, String)>>,
) -> Answer<HttpResponse> {
    let visitor = request.cookie(visitor_name(&state));
    let visitor = visitor.as_ref().map_or("", Cookie::value);
    let Ok(form) = posted::check(&state, &request, visitor, values.into_inner()) else {
        let failure = Failure::forged();
        let problem = "This page was too old, or your browser takes no cookies. Try again.";
        return show(&state, failure.status(), Some(problem.to_owned()));
    };
    let peer = peer(&request);
    if let Err(failure) = state.logins.check(peer) {
        tracing::warn!(peer.address = %peer, "too many failed logins");
        return Err(failure);
    }
    // People paste with the white space around it.
    let token = form.get(FIELD).unwrap_or_default().trim();
    if !is_admin(&state, token).await? {
        state.logins.failed(peer);
        tracing::warn!(peer.address = %peer, "a login failed");
        let problem = "That is not the admin token. It begins with cdk_, and `crossdock serve` \
                       printed it at its first start.";
        return show(
            &state,
            StatusCode::UNPROCESSABLE_ENTITY,
            Some(problem.to_owned()),
        );
    }
    let cookie = state.sessions.open(state.store()).await?;
    let mut response = see_other("/");
    response.add_cookie(&cookie).map_err(|_cause| {
        Failure::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "UNEXPECTED",
            "The session can't be opened. Please report it with the request's id.",
        )
    })?;
    Ok(response)
}

/// Logs out.
pub(super) async fn log_out(state: web::Data<State>, posted: Posted) -> HttpResponse {
    let mut response = see_other("/login");
    let cookie = state.sessions.end(&posted.session);
    // The session has ended, whether or not the browser forgets its cookie.
    response.add_cookie(&cookie).unwrap_or_default();
    response
}

/// The login page for a browser that is known again by a fresh cookie, which its form is bound to.
fn show(state: &State, status: StatusCode, problem: Option<String>) -> Answer<HttpResponse> {
    let visitor = state.context().random_token();
    let page = LoginPage {
        frame: Frame::bare(),
        token: state.csrf.token(&visitor)?,
        problem,
    };
    let cookie = Cookie::build(visitor_name(state), visitor)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(state.is_secure())
        .finish();
    render(status, &page, Some(cookie))
}

fn visitor_name(state: &State) -> &'static str {
    if state.is_secure() {
        "__Host-crossdock_visitor"
    } else {
        "crossdock_visitor"
    }
}
