//! `POST /admin/oauth/access_token`: codes, renewals and old tokens turned into tokens.

use std::collections::HashMap;

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use super::{ACCESS_LIFE, ANY_SHOP, Authority, CLIENT_ID, CLIENT_SECRET, Pair, REFRESH_LIFE};
use crate::answer;
use crate::platform::Call;
use crate::world::World;

const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const OFFLINE: &str = "urn:shopify:params:oauth:token-type:offline-access-token";

/// A refusal: status, code, description.
type Refusal = (StatusCode, &'static str, &'static str);

/// Answers the call; the body is JSON or a form.
pub(crate) fn access_token(
    call: &Call<'_>,
    authority: &mut Authority,
    world: &mut World,
) -> Response<Bytes> {
    let answered = fields(call).and_then(|fields| grant(&fields, call.host, authority, world));
    match answered {
        Ok(pair) => {
            let mut response = answer::json(StatusCode::OK, &pair.to_json());
            answer::set(&mut response, "cache-control", "no-store");
            response
        }
        Err((status, error, description)) => answer::json(
            status,
            &json!({ "error": error, "error_description": description }),
        ),
    }
}

fn fields(call: &Call<'_>) -> Result<HashMap<String, String>, Refusal> {
    let unreadable = (
        StatusCode::BAD_REQUEST,
        "invalid_request",
        "The body could not be read",
    );
    if call
        .header("content-type")
        .is_some_and(|ty| ty.starts_with("application/json"))
    {
        let body: HashMap<String, Value> =
            serde_json::from_slice(call.body).ok().ok_or(unreadable)?;
        return Ok(body
            .into_iter()
            .map(|(key, value)| match value {
                Value::String(text) => (key, text),
                other => (key, other.to_string()),
            })
            .collect());
    }
    let posted = url::form_urlencoded::parse(call.body).into_owned();
    Ok(posted.chain(call.query.iter().cloned()).collect())
}

fn grant(
    fields: &HashMap<String, String>,
    shop: &str,
    authority: &mut Authority,
    world: &mut World,
) -> Result<Pair, Refusal> {
    let text = |name: &str| fields.get(name).map_or("", String::as_str);
    if text("client_id") != CLIENT_ID || text("client_secret") != CLIENT_SECRET {
        return Err((
            StatusCode::BAD_REQUEST,
            "invalid_client",
            "Client authentication failed: the client id or the client secret is wrong",
        ));
    }
    let expiring = matches!(text("expiring"), "1" | "true");
    match text("grant_type") {
        "refresh_token" => authority
            .renew(text("refresh_token"), shop, CLIENT_ID, world)
            .ok_or((
                StatusCode::BAD_REQUEST,
                "invalid_grant",
                "The refresh token is invalid, expired or has already been replaced",
            )),
        TOKEN_EXCHANGE => exchange(fields, shop, expiring, authority, world),
        "" | "authorization_code" => {
            let refused = (
                StatusCode::BAD_REQUEST,
                "invalid_request",
                "The authorization code was not found or was already used",
            );
            let code = text("code");
            let claims = world.key().verify(code).ok().ok_or(refused)?;
            let good = claims.kind == "code"
                && claims.subject == shop
                && claims.client == CLIENT_ID
                && authority.is_alive(code, &claims, shop, world.now);
            if !good {
                return Err(refused);
            }
            authority.revoke(code);
            // Approving an app again gives it the scopes that it asked for this time.
            authority
                .scopes
                .remove(&(shop.to_owned(), CLIENT_ID.to_owned()));
            Ok(authority.issue(shop, CLIENT_ID, &claims.scopes, expiring, world))
        }
        _ => Err((
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            "The sandbox knows codes, refresh tokens and the exchange of an old offline token",
        )),
    }
}

/// Turns a token that never expires into a pair that does, for good.
fn exchange(
    fields: &HashMap<String, String>,
    shop: &str,
    expiring: bool,
    authority: &mut Authority,
    world: &mut World,
) -> Result<Pair, Refusal> {
    let text = |name: &str| fields.get(name).map_or("", String::as_str);
    if text("subject_token_type") != OFFLINE || text("requested_token_type") != OFFLINE || !expiring
    {
        return Err((
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "The sandbox exchanges offline access tokens for expiring ones",
        ));
    }
    let token = text("subject_token");
    let refused = (
        StatusCode::BAD_REQUEST,
        "invalid_subject_token",
        "The subject token is not valid",
    );
    let claims = world.key().verify(token).ok().ok_or(refused)?;
    let good = claims.kind == "access"
        && claims.subject == shop
        && claims.subject != ANY_SHOP
        && claims.client == CLIENT_ID
        && claims.expires_at.is_none()
        && authority.is_alive(token, &claims, shop, world.now);
    if !good {
        return Err(refused);
    }
    authority.revoke(token);
    Ok(authority.issue(shop, CLIENT_ID, &claims.scopes, true, world))
}

impl Pair {
    fn to_json(&self) -> Value {
        let mut body = json!({
            "access_token": self.access,
            "scope": self.scopes.join(","),
        });
        if let (Value::Object(body), Some(refresh)) = (&mut body, &self.refresh) {
            body.insert("expires_in".to_owned(), ACCESS_LIFE.num_seconds().into());
            body.insert("refresh_token".to_owned(), refresh.as_str().into());
            body.insert(
                "refresh_token_expires_in".to_owned(),
                REFRESH_LIFE.num_seconds().into(),
            );
        }
        body
    }
}
