//! The one form of everything that is not a success, written in one place.
//!
//! It is a middleware around all others: whatever a handler, an extractor or the framework refused
//! comes through here with a status, and leaves as JSON with the request's id, or as a page where a
//! browser asked for one.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName,
    HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, web};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Failure, framework};
use crate::console;
use crate::state::State;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What every page and every reply may do in a browser: nothing but show itself, styled by us.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";

/// The body of every reply that is not a success.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FailureBody {
    /// Always `false`.
    success: bool,
    /// What went wrong, and what to do.
    error: String,
    /// What went wrong, for programs: `RECONNECT_REQUIRED`.
    code: &'static str,
    /// The request's id, also in the header `X-Request-Id` and in the log.
    request_id: Uuid,
    /// What the platform said in its own words and codes, where it said something.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The field at fault, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// The ids to choose from, where a platform's name stands for several connections.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    candidates: Vec<String>,
}

impl FailureBody {
    fn new(failure: Failure, request_id: Uuid) -> Self {
        let failure = *failure.0;
        Self {
            success: false,
            error: failure.message,
            code: failure.code,
            request_id,
            detail: failure.detail,
            field: failure.field,
            candidates: failure.candidates,
        }
    }
}

/// Gives every failure its form and every reply its headers.
pub(crate) async fn shape(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(state) = request.app_data::<web::Data<State>>().cloned() else {
        return next
            .call(request)
            .await
            .map(ServiceResponse::map_into_boxed_body);
    };
    let id = state.request_id();
    request.extensions_mut().insert(id);
    let is_page = wants_page(&request);
    let mut response = next.call(request).await?.map_into_boxed_body();
    if is_bare_failure(&response) {
        response = write_failure(response, id, is_page);
    }
    set_headers(response.headers_mut(), id);
    Ok(response)
}

/// Whether it failed and has no body of ours yet: a handler's [`Failure`], or the framework's.
fn is_bare_failure(response: &ServiceResponse) -> bool {
    let status = response.status();
    let extensions = response.response().extensions();
    (status.is_client_error() || status.is_server_error())
        && extensions.get::<console::IsPage>().is_none()
}

fn write_failure(response: ServiceResponse, id: Uuid, is_page: bool) -> ServiceResponse {
    let failure = response.response().extensions().get::<Failure>().cloned();
    let failure = failure.unwrap_or_else(|| framework::of_status(response.status()));
    if failure.status().is_server_error() {
        tracing::error!(
            code = failure.code(),
            error = failure.message(),
            "a request failed"
        );
    }
    let page = if is_page {
        console::failure_page(&failure, id)
    } else {
        None
    };
    let (content_type, body) = match page {
        Some(html) => ("text/html; charset=utf-8", html),
        None => (
            "application/json",
            // Strings and numbers always serialise.
            serde_json::to_string(&FailureBody::new(failure, id)).unwrap_or_default(),
        ),
    };
    let (request, response) = response.into_parts();
    let mut response = response.set_body(BoxBody::new(body));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    ServiceResponse::new(request, response)
}

/// Whether whoever asks is a browser that would show a page.
fn wants_page(request: &ServiceRequest) -> bool {
    let path = request.path();
    let is_api = path.starts_with("/api/") && !path.starts_with("/api/oauth/");
    !is_api
        && request
            .headers()
            .get_all(ACCEPT)
            .filter_map(|value| value.to_str().ok())
            .any(|accept| accept.contains("text/html"))
}

fn set_headers(headers: &mut HeaderMap, id: Uuid) {
    let mut set_default = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    set_default(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set_default(CONTENT_SECURITY_POLICY, POLICY);
    // Not `no-referrer`: that takes the origin away from our own forms too.
    set_default(REFERRER_POLICY, "same-origin");
    set_default(CACHE_CONTROL, "no-store");
    set_default(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    if let Ok(id) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(REQUEST_ID, id);
    }
}
