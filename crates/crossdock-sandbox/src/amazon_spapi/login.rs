//! Login with Amazon: `POST https://api.amazon.com/auth/o2/token`.
//!
//! The client's id and secret are in the body, a form or JSON. A refresh token is not rotated: the
//! answer repeats it. There is no operation that takes an authorisation back; a seller does that in
//! Seller Central, here by the control verb `seller/revoke`.

use std::collections::HashMap;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::answer;
use crate::platform::Call;
use crate::world::World;

use super::auth::{ACCESS_LIFE, Authority, CLIENT_ID, CLIENT_SECRET};

/// The scopes of operations that no seller grants.
const GRANTLESS: &[&str] = &[
    "sellingpartnerapi::notifications",
    "sellingpartnerapi::client_credential:rotation",
    "sellingpartnerapi::migration",
];

/// A refusal: status, code, description.
type Refusal = (StatusCode, &'static str, String);

/// Answers a call to the host.
pub(super) fn answer(
    call: &Call<'_>,
    authority: &mut Authority,
    world: &mut World,
) -> Response<Bytes> {
    let answered = match (call.method, call.path) {
        (&Method::POST, "/auth/o2/token") => {
            fields(call).and_then(|fields| grant(&fields, authority, world))
        }
        (_, "/auth/o2/token") => Err(request("The request has an invalid method")),
        _ => return answer::empty(StatusCode::NOT_FOUND),
    };
    let mut response = match answered {
        Ok(body) => answer::json(StatusCode::OK, &body),
        Err((status, error, description)) => answer::json(
            status,
            &json!({
                "error": error,
                "error_description": description,
                "request_id": world.request_id(),
            }),
        ),
    };
    answer::set(&mut response, "cache-control", "no-store");
    response
}

fn fields(call: &Call<'_>) -> Result<HashMap<String, String>, Refusal> {
    let kind = call.header("content-type").unwrap_or_default();
    if kind.starts_with("application/json") {
        let body: HashMap<String, Value> = serde_json::from_slice(call.body)
            .ok()
            .ok_or_else(|| request("The request body cannot be read"))?;
        let text = |value: Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        return Ok(body
            .into_iter()
            .map(|(name, value)| (name, text(value)))
            .collect());
    }
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(request("Content-Type is missing or is not supported"));
    }
    Ok(url::form_urlencoded::parse(call.body)
        .into_owned()
        .collect())
}

fn grant(
    fields: &HashMap<String, String>,
    authority: &mut Authority,
    world: &mut World,
) -> Result<Value, Refusal> {
    let given = |name: &str| {
        fields
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    };
    let required = |name: &str| {
        given(name).ok_or_else(|| {
            request(&format!(
                "The request is missing a required parameter : {name}"
            ))
        })
    };
    let kind = required("grant_type")?;
    let known = required("client_id")? == CLIENT_ID && required("client_secret")? == CLIENT_SECRET;
    if !known {
        return Err((
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "Client authentication failed".to_owned(),
        ));
    }
    match kind {
        "refresh_token" => {
            let refresh = required("refresh_token")?;
            let seller = authority.refreshes(refresh, world).ok_or_else(|| {
                invalid_grant(
                    "refresh_token. User may have revoked or didn't grant the permission.",
                )
            })?;
            Ok(tokens(&seller, Some(refresh), world))
        }
        "authorization_code" => {
            let claims = authority
                .redeem(required("code")?, world)
                .ok_or_else(|| invalid_grant("code"))?;
            // The address that the consent page was asked with has to be repeated.
            let address = claims.scopes.first().map(String::as_str);
            if address != given("redirect_uri") {
                return Err(invalid_grant("redirect_uri"));
            }
            let refresh = Authority::issue("refresh", &claims.subject, vec![], None, world);
            Ok(tokens(&claims.subject, Some(&refresh), world))
        }
        "client_credentials" => {
            let scopes: Vec<String> = required("scope")?
                .split(' ')
                .filter(|scope| !scope.is_empty())
                .map(str::to_owned)
                .collect();
            if scopes
                .iter()
                .any(|scope| !GRANTLESS.contains(&scope.as_str()))
            {
                return Err((
                    StatusCode::BAD_REQUEST,
                    "invalid_scope",
                    "The request has an invalid parameter : scope".to_owned(),
                ));
            }
            let scope = scopes.join(" ");
            let access = Authority::issue("grantless", "", scopes, Some(ACCESS_LIFE), world);
            Ok(json!({
                "access_token": access,
                "scope": scope,
                "token_type": "bearer",
                "expires_in": ACCESS_LIFE.num_seconds(),
            }))
        }
        _ => Err((
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            "The authorization grant type is not supported by the authorization server".to_owned(),
        )),
    }
}

fn tokens(seller: &str, refresh: Option<&str>, world: &mut World) -> Value {
    let access = Authority::issue("access", seller, vec![], Some(ACCESS_LIFE), world);
    json!({
        "access_token": access,
        "token_type": "bearer",
        "expires_in": ACCESS_LIFE.num_seconds(),
        "refresh_token": refresh,
    })
}

fn invalid_grant(parameter: &str) -> Refusal {
    (
        StatusCode::BAD_REQUEST,
        "invalid_grant",
        format!("The request has an invalid grant parameter : {parameter}"),
    )
}

fn request(description: &str) -> Refusal {
    (
        StatusCode::BAD_REQUEST,
        "invalid_request",
        description.to_owned(),
    )
}
