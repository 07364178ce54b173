//! `oauth/access_token`: codes and short-lived tokens turned into tokens. Parameters may come in
//! the query or as a form.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::dialog::{REDIRECT, TARGET};
use super::error::{GraphError, Outcome};
use super::request::Request;
use super::session::{
    APP_ID, APP_SECRET, Authority, LONG_LIFE, SHORT_LIFE, SYSTEM_USER, TokenKind,
};
use crate::world::World;

/// Answers the call.
pub(super) fn access_token(
    request: &Request,
    authority: &mut Authority,
    world: &mut World,
) -> Outcome<Value> {
    let text = |name: &str| request.get(name).unwrap_or_default();
    if text("client_id").is_empty() {
        return Err(GraphError::new(101, "Missing client_id parameter."));
    }
    if text("client_id") != APP_ID {
        return Err(GraphError::new(
            101,
            "Error validating application. Invalid application ID.",
        ));
    }
    if text("client_secret") != APP_SECRET {
        return Err(GraphError::new(1, "Error validating client secret."));
    }
    match text("grant_type") {
        "" | "authorization_code" => code(request, authority, world),
        "fb_exchange_token" => exchange(request, authority, world),
        "client_credentials" => {
            Ok(json!({ "access_token": format!("{APP_ID}|{APP_SECRET}"), "token_type": "bearer" }))
        }
        other => Err(GraphError::new(
            100,
            format!(
                "Invalid grant_type: '{other}'. Supported types: authorization_code, client_credentials"
            ),
        )),
    }
}

/// A code, good once, within minutes, and with the very address that the dialog was given.
fn code(request: &Request, authority: &mut Authority, world: &mut World) -> Outcome<Value> {
    let code = request.get("code").unwrap_or_default();
    if code.is_empty() {
        return Err(GraphError::new(100, "Missing authorization code"));
    }
    let claims = world.key().verify(code).ok();
    let claims = claims
        .filter(|claims| claims.kind == "code" && claims.client == APP_ID)
        .ok_or_else(|| GraphError::new(100, "Invalid verification code format."))?;
    if authority.used.contains(code) {
        return Err(GraphError::new(100, "This authorization code has been used.").subcode(36009));
    }
    if claims.is_expired(world.now) {
        return Err(GraphError::new(100, "This authorization code has expired.").subcode(36007));
    }
    let marked = |mark: &'static str| {
        let marked = claims
            .scopes
            .iter()
            .filter_map(move |it| it.strip_prefix(mark));
        marked.map(str::to_owned)
    };
    if marked(REDIRECT).next().as_deref() != request.get("redirect_uri") {
        return Err(GraphError::new(
            100,
            "Error validating verification code. Please make sure your redirect_uri is identical to \
             the one you used in the OAuth dialog request",
        )
        .subcode(36008));
    }
    let targets: Vec<String> = marked(TARGET).collect();
    let scopes: Vec<String> = claims
        .scopes
        .iter()
        .filter(|scope| !scope.contains(':'))
        .cloned()
        .collect();
    authority.used.insert(code.to_owned());
    // Consenting again gives back what was taken back before.
    authority.declined.remove(&claims.subject);
    let system = claims.subject == SYSTEM_USER;
    let (kind, life) = if system {
        (TokenKind::SystemUser, None)
    } else {
        (TokenKind::User, Some(SHORT_LIFE))
    };
    let token = Authority::issue(kind, &claims.subject, &scopes, &targets, life, world);
    Ok(issued(&token, life))
}

/// A short-lived or long-lived user token for one of sixty days. An expired one is refused: there
/// is no way back but the dialog.
fn exchange(request: &Request, authority: &Authority, world: &mut World) -> Outcome<Value> {
    let token = request.get("fb_exchange_token").unwrap_or_default();
    if token.is_empty() {
        return Err(GraphError::new(
            100,
            "fb_exchange_token parameter not specified",
        ));
    }
    let session = authority.authenticate(token, world)?;
    let (kind, life) = match session.kind {
        TokenKind::User => (TokenKind::User, Some(LONG_LIFE)),
        TokenKind::SystemUser => {
            let sixty_days = request.get("set_token_expires_in_60_days") == Some("true");
            (TokenKind::SystemUser, sixty_days.then_some(LONG_LIFE))
        }
        TokenKind::App | TokenKind::Page => {
            return Err(GraphError::new(
                100,
                "The access token cannot be exchanged.",
            ));
        }
    };
    let token = Authority::issue(
        kind,
        &session.user,
        &session.scopes,
        &session.targets,
        life,
        world,
    );
    Ok(issued(&token, life))
}

fn issued(token: &str, life: Option<TimeDelta>) -> Value {
    let mut body = json!({ "access_token": token, "token_type": "bearer" });
    if let (Value::Object(body), Some(life)) = (&mut body, life) {
        body.insert("expires_in".to_owned(), life.num_seconds().into());
    }
    body
}
