//! `POST /identity/v1/oauth2/token`: codes and refresh tokens turned into access tokens.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use super::{ACCESS_LIFE, Authority, Environment, Keyset, REFRESH_LIFE, USER, issue, scopes};
use crate::answer;
use crate::platform::Call;
use crate::world::World;

/// A refusal in the words of RFC 6749: status, code, description.
type Refusal = (StatusCode, &'static str, &'static str);

const BAD_REQUEST: StatusCode = StatusCode::BAD_REQUEST;

/// Answers the call. The body is a form; the client shows itself by HTTP Basic and not otherwise.
pub(crate) fn token(
    call: &Call<'_>,
    authority: &mut Authority,
    world: &mut World,
) -> Response<Bytes> {
    match grant(call, authority, world) {
        Ok(body) => {
            let mut response = answer::json(StatusCode::OK, &body);
            answer::set(&mut response, "cache-control", "no-store");
            response
        }
        Err((status, error, description)) => answer::json(
            status,
            &json!({"error": error, "error_description": description}),
        ),
    }
}

fn grant(call: &Call<'_>, authority: &mut Authority, world: &mut World) -> Result<Value, Refusal> {
    let keyset = Environment::of(call.host).keyset();
    if !is_client(call, &keyset) {
        return Err((
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "client authentication failed",
        ));
    }
    let is_form = call
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        return Err((
            BAD_REQUEST,
            "invalid_request",
            "the request must be a form of type application/x-www-form-urlencoded",
        ));
    }
    let form: Vec<(String, String)> = url::form_urlencoded::parse(call.body)
        .into_owned()
        .collect();
    let field = |name: &str| {
        form.iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.as_str())
    };
    match field("grant_type") {
        "authorization_code" => by_code(
            field("code"),
            field("redirect_uri"),
            &keyset,
            authority,
            world,
        ),
        "refresh_token" => by_refresh(
            field("refresh_token"),
            field("scope"),
            &keyset,
            authority,
            world,
        ),
        "client_credentials" => by_credentials(field("scope"), &keyset, world),
        "" => Err((BAD_REQUEST, "invalid_request", "grant_type is missing")),
        _ => Err((
            BAD_REQUEST,
            "unsupported_grant_type",
            "grant type in request is not supported by the authorization server",
        )),
    }
}

fn is_client(call: &Call<'_>, keyset: &Keyset) -> bool {
    let shown = call
        .header("authorization")
        .and_then(|header| header.strip_prefix("Basic "))
        .and_then(|encoded| STANDARD.decode(encoded.trim()).ok());
    shown.is_some_and(|shown| shown == format!("{}:{}", keyset.client_id, keyset.secret).as_bytes())
}

fn by_code(
    code: &str,
    redirect_uri: &str,
    keyset: &Keyset,
    authority: &mut Authority,
    world: &mut World,
) -> Result<Value, Refusal> {
    // What eBay wants here is the RuName, and not an address.
    if redirect_uri != keyset.runame {
        return Err((
            BAD_REQUEST,
            "invalid_request",
            "redirect_uri is missing or is not the RuName of the request for the code",
        ));
    }
    let claims = authority
        .read(code, world)
        .filter(|claims| claims.kind == "code" && claims.client == keyset.client_id)
        .ok_or((
            BAD_REQUEST,
            "invalid_grant",
            "the provided authorization grant code is invalid or was issued to another client",
        ))?;
    authority.revoke(code);
    let mut token = |kind, life| {
        let (subject, scopes) = (&claims.subject, &claims.scopes);
        issue(kind, subject, keyset.client_id, scopes, life, world)
    };
    let (access, refresh) = (token("access", ACCESS_LIFE), token("refresh", REFRESH_LIFE));
    Ok(json!({
        "access_token": access,
        "expires_in": ACCESS_LIFE.num_seconds(),
        "refresh_token": refresh,
        "refresh_token_expires_in": REFRESH_LIFE.num_seconds(),
        "token_type": "User Access Token",
    }))
}

fn by_refresh(
    refresh: &str,
    scope: &str,
    keyset: &Keyset,
    authority: &Authority,
    world: &mut World,
) -> Result<Value, Refusal> {
    let is_demo = refresh == keyset.refresh && !authority.ended.contains(refresh);
    let granted = if is_demo {
        Some((USER.to_owned(), scopes::all()))
    } else {
        authority
            .read(refresh, world)
            .filter(|claims| claims.kind == "refresh" && claims.client == keyset.client_id)
            .map(|claims| (claims.subject, claims.scopes))
    };
    let (user, granted) = granted.ok_or((
        BAD_REQUEST,
        "invalid_grant",
        "the provided authorization refresh token is invalid or was issued to another client",
    ))?;
    let wanted: Vec<String> = scope.split_whitespace().map(str::to_owned).collect();
    if wanted.iter().any(|scope| !granted.contains(scope)) {
        return Err(bad_scope());
    }
    let scopes = if wanted.is_empty() { granted } else { wanted };
    let access = issue(
        "access",
        &user,
        keyset.client_id,
        &scopes,
        ACCESS_LIFE,
        world,
    );
    // No refresh token: the one that was sent stays the one to use.
    Ok(json!({
        "access_token": access,
        "expires_in": ACCESS_LIFE.num_seconds(),
        "token_type": "User Access Token",
    }))
}

fn by_credentials(scope: &str, keyset: &Keyset, world: &mut World) -> Result<Value, Refusal> {
    let wanted: Vec<String> = scope.split_whitespace().map(str::to_owned).collect();
    // An application by itself has the base scope; those of sellers need a seller.
    if wanted.is_empty() || wanted.iter().any(|scope| scope != scopes::BASE) {
        return Err(bad_scope());
    }
    let access = issue(
        "application",
        "",
        keyset.client_id,
        &wanted,
        ACCESS_LIFE,
        world,
    );
    Ok(json!({
        "access_token": access,
        "expires_in": ACCESS_LIFE.num_seconds(),
        "token_type": "Application Access Token",
    }))
}

fn bad_scope() -> Refusal {
    (
        BAD_REQUEST,
        "invalid_scope",
        "The requested scope is invalid, unknown, malformed, or exceeds the scope granted to the client",
    )
}
