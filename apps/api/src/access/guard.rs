//! The guard in front of every route: closed, but for a short list of what is open.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{AUTHORIZATION, LOCATION};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest, HttpResponse, ResponseError as _, web};

use crate::access::is_admin;
use crate::failure::{Answer, Failure};
use crate::state::State;

/// What a path asks of whoever wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    /// Nothing: it tells nothing, or proves its sender by itself.
    Nothing,
    /// The admin token.
    Token,
    /// The admin token, or a session of the console.
    TokenOrSession,
    /// A session of the console; without one, its login page.
    Session,
}

/// What a path needs. What isn't named here needs the most that its part of the service has.
fn needs(path: &str) -> Needs {
    let parts: Vec<&str> = path.strip_prefix('/').unwrap_or(path).split('/').collect();
    match parts.as_slice() {
        // A webhook proves its sender by its signature, a callback by its state and its cookie.
        ["healthz" | "login"]
        | ["assets", "console.css" | "icon.svg"]
        | ["webhooks", _]
        | ["api", "oauth", _, "callback"] => Needs::Nothing,
        ["api", "oauth", _, "install"] => Needs::TokenOrSession,
        ["api", ..] | ["readyz" | "metrics"] | ["webhooks", ..] => Needs::Token,
        // The router decodes what this doesn't: no session is to reach the API in disguise.
        _ if path.contains('%') => Needs::Token,
        _ => Needs::Session,
    }
}

/// Lets a request pass if it has what its path needs.
pub(crate) async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let needs = needs(request.path());
    if needs != Needs::Nothing {
        let refusal = match request.app_data::<web::Data<State>>().cloned() {
            Some(state) => check(needs, &request, &state).await,
            None => Err(Failure::unauthorized()),
        };
        match refusal {
            Ok(None) => {}
            Ok(Some(response)) => return Ok(request.into_response(response)),
            Err(failure) => return Ok(request.into_response(failure.error_response())),
        }
    }
    next.call(request)
        .await
        .map(ServiceResponse::map_into_boxed_body)
}

/// `None` lets pass.
async fn check(
    needs: Needs,
    request: &ServiceRequest,
    state: &State,
) -> Answer<Option<HttpResponse>> {
    if matches!(needs, Needs::Session | Needs::TokenOrSession) {
        let session = {
            let request = request.request();
            state.sessions.read(request, state.store()).await?
        };
        if let Some(session) = session {
            request.extensions_mut().insert(session);
            return Ok(None);
        }
    }
    if needs == Needs::Session {
        let login = HttpResponse::SeeOther()
            .insert_header((LOCATION, "/login"))
            .finish();
        return Ok(Some(login));
    }
    bearer(request.request(), state).await.map(|()| None)
}

/// Passes if the request has the admin token. A right one is never made to wait.
async fn bearer(request: &HttpRequest, state: &State) -> Answer<()> {
    let Some(token) = bearer_token(request) else {
        return Err(Failure::unauthorized());
    };
    if is_admin(state, token).await? {
        return Ok(());
    }
    let peer = peer(request);
    state.bearers.check(peer)?;
    state.bearers.failed(peer);
    Err(Failure::unauthorized())
}

fn bearer_token(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

/// Who is at the other end of the connection: behind a proxy, the proxy, as what a header says
/// could be made up.
pub(crate) fn peer(request: &HttpRequest) -> IpAddr {
    request
        .peer_addr()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_is_a_short_list() {
        for open in [
            "/healthz",
            "/login",
            "/assets/console.css",
            "/webhooks/alpha",
            "/api/oauth/alpha/callback",
        ] {
            assert_eq!(needs(open), Needs::Nothing, "{open}");
        }
        for closed in [
            "/api",
            "/api/",
            "/api/connections",
            "/api/oauth/alpha/callback/",
            "/api/oauth/callback",
            "/api/oauth/a/b/callback",
            "/readyz",
            "/metrics",
            "/webhooks",
            "/webhooks/alpha/more",
            "/%61pi/connections",
        ] {
            let needs = needs(closed);
            assert!(matches!(needs, Needs::Token), "{closed}: {needs:?}");
        }
        for console in [
            "/",
            "",
            "//healthz",
            "/healthz/",
            "/HEALTHZ",
            "/assets",
            "/nowhere",
        ] {
            assert_eq!(needs(console), Needs::Session, "{console}");
        }
        assert_eq!(needs("/api/oauth/alpha/install"), Needs::TokenOrSession);
    }
}
