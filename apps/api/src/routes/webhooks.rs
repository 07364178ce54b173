//! What platforms send: verified over the raw bytes and stored before it is answered; acted upon
//! afterwards.

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderMap};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use connector_core::{Delivery, ErrorKind, Form};
use crossdock_engine::Receipt;
use serde::Serialize;
use utoipa::ToSchema;

use super::Success;
use crate::failure::{Answer, Failure};
use crate::state::State;

/// How large a delivery may be: what platforms say of theirs is well below.
const LIMIT: usize = 1024 * 1024;

/// What became of a delivery.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Received {
    success: Success,
    /// `accepted`, `duplicate`, or `unmatched` when nobody has connected the account.
    #[schema(value_type = String)]
    receipt: Receipt,
}

/// Receives what a platform sends. It proves its sender by its signature.
#[utoipa::path(
    tag = "platforms",
    security(()),
    params(("platform" = String, Path, description = "A platform's id")),
    request_body(content = Vec<u8>, description = "Signed by the platform", content_type = "*/*"),
    responses(
        (status = 200, description = "It is stored", body = Received),
        (status = 401, description = "It isn't from the platform", body = crate::failure::FailureBody),
        (status = 404, description = "No such platform", body = crate::failure::FailureBody),
        (status = 413, description = "It is larger than 1 MiB", body = crate::failure::FailureBody),
        (status = 422, description = "It can't be read", body = crate::failure::FailureBody),
        (status = 501, description = "This platform sends none", body = crate::failure::FailureBody),
        (status = 503, description = "It can't be verified just now: send it again", body = crate::failure::FailureBody),
    )
)]
#[post("/webhooks/{platform}")]
pub(crate) async fn receive_webhook(
    state: web::Data<State>,
    platform: web::Path<String>,
    request: HttpRequest,
    body: web::Payload,
) -> Answer<HttpResponse> {
    let body = match body.to_bytes_limited(LIMIT).await {
        Ok(Ok(body)) => body,
        Ok(Err(_broken)) => return Ok(HttpResponse::BadRequest().finish()),
        Err(_limit) => return Ok(HttpResponse::PayloadTooLarge().finish()),
    };
    let headers = to_http_1(request.headers());
    let delivery = Delivery {
        headers: &headers,
        body: &body,
    };
    let receipt = state
        .engine()
        .receive_webhook(&platform, &delivery)
        .await
        .map_err(refusal)?;
    if receipt == Receipt::Accepted {
        process(&state);
    }
    Ok(HttpResponse::Ok().json(Received {
        success: Success,
        receipt,
    }))
}

/// Answers a platform that asks whether this address is ours. Platforms ask before they deliver.
#[utoipa::path(
    tag = "platforms",
    security(()),
    params(("platform" = String, Path, description = "A platform's id")),
    responses(
        (status = 200, description = "The answer, in the platform's form"),
        (status = 403, description = "It isn't the platform that asks", body = crate::failure::FailureBody),
        (status = 404, description = "No such platform", body = crate::failure::FailureBody),
        (status = 405, description = "This platform asks nothing", body = crate::failure::FailureBody),
    )
)]
#[get("/webhooks/{platform}")]
pub(crate) async fn answer_challenge(
    state: web::Data<State>,
    platform: web::Path<String>,
    request: HttpRequest,
) -> Answer<HttpResponse> {
    let platform = state.registry().get(&platform)?.descriptor().id;
    let address = state.webhooks_url(platform);
    let query = Form::from_query(request.query_string());
    let answered = state
        .engine()
        .answer_challenge(platform, address.as_str(), &query);
    match answered {
        Ok(answer) => Ok(HttpResponse::Ok()
            .content_type(answer.content_type)
            .body(answer.body)),
        Err(error) => match error.connector().map(connector_core::Error::kind) {
            Some(ErrorKind::Unsupported) => Ok(HttpResponse::MethodNotAllowed()
                .insert_header((ALLOW, "POST"))
                .finish()),
            Some(ErrorKind::PermissionDenied) => Err(Failure::new(
                StatusCode::FORBIDDEN,
                "CHALLENGE_REFUSED",
                "It isn't the platform that asks, or it asks with another token than the one in \
                 the configuration. Set the same one at both.",
            )),
            _ => Err(error.into()),
        },
    }
}

/// Acts upon what the inbox holds, in the background.
pub(crate) fn process(state: &State) {
    let (engine, project) = (state.engine().clone(), state.project());
    state.inbox().run(state.tasks(), move || {
        let engine = engine.clone();
        async move {
            match engine.process_webhooks(project).await {
                Ok(done) if done.failed > 0 => {
                    tracing::warn!(failed = done.failed, "webhooks could not be acted upon");
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "the webhook inbox could not be worked through");
                }
            }
        }
    });
}

/// What the platform is told: 401 for what isn't from it, 422 for what is and can't be read, 503 for
/// what it is to send again.
fn refusal(error: crossdock_engine::Error) -> Failure {
    let connector = error.connector();
    if connector.is_some_and(connector_core::Error::is_retryable) {
        return Failure::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "UNAVAILABLE",
            "The signature can't be verified just now. Send it again.",
        );
    }
    match connector.map(connector_core::Error::kind) {
        Some(ErrorKind::PermissionDenied) => Failure::new(
            StatusCode::UNAUTHORIZED,
            "SIGNATURE_INVALID",
            "The signature doesn't fit the body. Check that the platform's secret in the \
             configuration is the one that the platform signs with.",
        ),
        Some(ErrorKind::ContractBroken) => Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "CONTRACT_BROKEN",
            "The signature is right, and the body can't be read.",
        ),
        _ => error.into(),
    }
}

/// The server's headers are of version 0.2 of the `http` crate, connectors' of version 1.
fn to_http_1(headers: &HeaderMap) -> http::HeaderMap {
    headers
        .iter()
        .filter_map(|(name, value)| {
            Some((
                http::HeaderName::from_bytes(name.as_str().as_bytes()).ok()?,
                http::HeaderValue::from_bytes(value.as_bytes()).ok()?,
            ))
        })
        .fold(http::HeaderMap::new(), |mut all, (name, value)| {
            all.append(name, value);
            all
        })
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn repeated_headers_stay_repeated() {
        let mut headers = HeaderMap::new();
        let name = HeaderName::from_static("x-one");
        headers.append(name.clone(), HeaderValue::from_static("1"));
        headers.append(name, HeaderValue::from_static("2"));
        let converted = to_http_1(&headers);
        let values: Vec<_> = converted.get_all("x-one").iter().collect();
        assert_eq!(values, ["1", "2"]);
    }
}
