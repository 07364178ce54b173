//! What every page has around it, and the page of a failure.

use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use uuid::Uuid;

use super::flash::{self, Flash};
use crate::access::Session;
use crate::failure::{Answer, Failure};
use crate::state::State;

/// Marks a reply with an error's status that is a page of ours already.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IsPage;

/// What is around a page.
#[derive(Debug)]
pub(super) struct Frame {
    /// The token for the page's forms; `None` for somebody who isn't logged in.
    pub(super) csrf: Option<String>,
    /// The gateway in place of the platforms.
    pub(super) gateway: Option<String>,
    /// What was done on the page before.
    pub(super) flash: Option<&'static str>,
}

impl Frame {
    /// The frame of a page for somebody who is logged in.
    pub(super) fn new(state: &State, session: &Session, flash: Option<Flash>) -> Answer<Self> {
        Ok(Self {
            csrf: Some(state.csrf.token(&session.id)?),
            gateway: state.gateway().map(ToString::to_string),
            flash: flash.map(Flash::text),
        })
    }

    /// The frame of a page for anybody: it tells nothing of how the service is set up.
    pub(super) fn bare() -> Self {
        Self {
            csrf: None,
            gateway: None,
            flash: None,
        }
    }

    /// For the template: what forms carry.
    pub(super) fn token(&self) -> &str {
        self.csrf.as_deref().unwrap_or_default()
    }
}

/// A page that says what the page before left to say, once.
pub(super) fn render_once(
    state: &State,
    request: &HttpRequest,
    page: &impl Template,
) -> Answer<HttpResponse> {
    let cookie = Flash::of(request).map(|_| flash::said(state));
    render(StatusCode::OK, page, cookie)
}

/// A page.
pub(super) fn render(
    status: StatusCode,
    page: &impl Template,
    cookie: Option<Cookie<'static>>,
) -> Answer<HttpResponse> {
    let html = page.render().map_err(|cause| {
        tracing::error!(error = %cause, "a page can't be written");
        Failure::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "UNEXPECTED",
            "This page can't be written. Please report it with the request's id.",
        )
    })?;
    let mut response = HttpResponse::build(status);
    if let Some(cookie) = cookie {
        response.cookie(cookie);
    }
    let mut response = response.content_type("text/html; charset=utf-8").body(html);
    response.extensions_mut().insert(IsPage);
    Ok(response)
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage<'a> {
    frame: Frame,
    title: &'static str,
    message: &'a str,
    detail: Option<&'a str>,
    code: &'a str,
    request_id: String,
}

/// A failure as a page, without anything that only somebody who is logged in may see.
pub(crate) fn failure_page(failure: &Failure, request_id: Uuid) -> Option<String> {
    let title = match failure.status() {
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => "Not allowed",
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => "Not now",
        _ => "That didn't work",
    };
    FailurePage {
        frame: Frame::bare(),
        title,
        message: failure.message(),
        detail: failure.detail(),
        code: failure.code(),
        request_id: request_id.to_string(),
    }
    .render()
    .ok()
}
