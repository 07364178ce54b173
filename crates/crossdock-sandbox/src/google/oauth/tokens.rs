//! The token endpoint, revocation, and what a token says about itself.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{Response, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{ACCESS_LIFE, Authority, Client, Tokens, client};
use crate::answer;
use crate::google::refusal::{Refusal, Style, json_answer};
use crate::google::service::is_identity;
use crate::platform::Call;
use crate::token::Claims;
use crate::world::World;

/// A refusal: status, code, description.
struct Refused(u16, &'static str, &'static str);

const BAD_REQUEST: &str = "Bad Request";

/// A form's fields.
struct Form(Vec<(String, String)>);

impl Form {
    fn of(call: &Call<'_>) -> Self {
        Self(
            url::form_urlencoded::parse(call.body)
                .into_owned()
                .collect(),
        )
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    fn need(&self, name: &str, missing: &'static str) -> Result<&str, Refused> {
        self.get(name)
            .ok_or(Refused(400, "invalid_request", missing))
    }
}

/// `POST /token`: a code or a refresh token turned into tokens. The client says who it is by HTTP
/// Basic or in the form.
pub(in crate::google) fn exchange(
    call: &Call<'_>,
    authority: &mut Authority,
    world: &mut World,
) -> Response<Bytes> {
    let form = Form::of(call);
    let answered = known_client(call, &form).and_then(|client| {
        let kind = form.need("grant_type", "Required parameter is missing: grant_type")?;
        match kind {
            "authorization_code" => by_code(&form, client, authority, world),
            "refresh_token" => by_refresh(&form, client, authority, world),
            _ => Err(Refused(
                400,
                "unsupported_grant_type",
                "Invalid grant_type: the sandbox knows codes and refresh tokens",
            )),
        }
    });
    let mut response = match answered {
        Ok(tokens) => json_answer(StatusCode::OK, &tokens.json(world)),
        Err(refused) => refused.response(),
    };
    answer::set(
        &mut response,
        "cache-control",
        "no-cache, no-store, max-age=0, must-revalidate",
    );
    response
}

fn known_client(call: &Call<'_>, form: &Form) -> Result<&'static Client, Refused> {
    let basic = call
        .header("authorization")
        .and_then(|value| value.strip_prefix("Basic "))
        .and_then(|value| STANDARD.decode(value.trim()).ok())
        .and_then(|value| String::from_utf8(value).ok());
    let basic = basic.as_deref().and_then(|pair| pair.split_once(':'));
    let decoded = |text: &str| {
        // RFC 6749 §2.3.1: both parts are form-encoded before they are joined.
        let pair = format!("v={text}");
        let decoded = url::form_urlencoded::parse(pair.as_bytes()).next();
        decoded.map(|(_, value)| value.into_owned())
    };
    let (id, secret) = match basic {
        Some((id, secret)) => (decoded(id), decoded(secret)),
        None => (
            form.get("client_id").map(str::to_owned),
            form.get("client_secret").map(str::to_owned),
        ),
    };
    let id = id.filter(|id| !id.is_empty()).ok_or(Refused(
        400,
        "invalid_request",
        "Could not determine client ID from request.",
    ))?;
    let client = client(&id).ok_or(Refused(
        401,
        "invalid_client",
        "The OAuth client was not found.",
    ))?;
    match secret {
        None => Err(Refused(400, "invalid_request", "client_secret is missing.")),
        Some(secret) if secret == client.secret => Ok(client),
        Some(_) => Err(Refused(401, "invalid_client", "Unauthorized")),
    }
}

fn by_code(
    form: &Form,
    client: &'static Client,
    authority: &mut Authority,
    world: &mut World,
) -> Result<Tokens, Refused> {
    let code = form.need("code", "Missing required parameter: code")?;
    let redirect = form.need("redirect_uri", "Missing required parameter: redirect_uri")?;
    let dead = Refused(400, "invalid_grant", "Malformed auth code.");
    let Ok(claims) = world.key().verify(code) else {
        return Err(dead);
    };
    if claims.kind != "code" {
        return Err(dead);
    }
    if claims.client != client.id || !authority.is_alive(code, &claims, world.now) {
        return Err(Refused(400, "invalid_grant", BAD_REQUEST));
    }
    let [bound, challenge, access, scopes @ ..] = claims.scopes.as_slice() else {
        return Err(dead);
    };
    // The address was parsed when the code was asked for: parse it here the same way.
    let same = url::Url::parse(redirect).is_ok_and(|url| url.as_str() == bound);
    if !same {
        return Err(Refused(400, "redirect_uri_mismatch", BAD_REQUEST));
    }
    match (challenge.split_once(':'), form.get("code_verifier")) {
        (None, _) => {}
        (Some(_), None) => return Err(Refused(400, "invalid_grant", "Missing code verifier.")),
        (Some((method, expected)), Some(verifier)) => {
            let sent = match method {
                "S256" => URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)),
                _ => verifier.to_owned(),
            };
            if sent != expected {
                return Err(Refused(400, "invalid_grant", "Invalid code verifier."));
            }
        }
    }
    authority.end_token(code);
    Ok(authority.issue(&claims.subject, client, scopes, access == "offline", world))
}

fn by_refresh(
    form: &Form,
    client: &'static Client,
    authority: &mut Authority,
    world: &mut World,
) -> Result<Tokens, Refused> {
    let refresh = form.need("refresh_token", "Missing required parameter: refresh_token")?;
    let claims = authority
        .refresh(refresh, world)
        .filter(|claims| claims.client == client.id)
        .ok_or(Refused(
            400,
            "invalid_grant",
            "Token has been expired or revoked.",
        ))?;
    let asked: Vec<String> = form
        .get("scope")
        .map(|scope| scope.split_whitespace().map(str::to_owned).collect())
        .unwrap_or_default();
    if !asked.iter().all(|scope| claims.scopes.contains(scope)) {
        return Err(Refused(400, "invalid_scope", BAD_REQUEST));
    }
    let scopes = if asked.is_empty() {
        claims.scopes
    } else {
        asked
    };
    authority.used.insert(refresh.to_owned(), world.now);
    // Google doesn't rotate: the answer has no refresh token.
    Ok(authority.issue(&claims.subject, client, &scopes, false, world))
}

impl Refused {
    fn response(&self) -> Response<Bytes> {
        let Self(status, error, description) = self;
        let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_REQUEST);
        json_answer(
            status,
            &json!({"error": error, "error_description": description}),
        )
    }
}

impl Tokens {
    fn json(&self, world: &World) -> Value {
        let mut body = json!({
            "access_token": self.access,
            "expires_in": ACCESS_LIFE.num_seconds(),
            "scope": self.scopes.join(" "),
            "token_type": "Bearer",
        });
        let Value::Object(fields) = &mut body else {
            return body;
        };
        if let Some(refresh) = &self.refresh {
            fields.insert("refresh_token".to_owned(), refresh.as_str().into());
            if let Some(life) = self.refresh_life {
                // Reported of apps in testing: one second less than seven days.
                let seconds = life.num_seconds() - 1;
                fields.insert("refresh_token_expires_in".to_owned(), seconds.into());
            }
        }
        if self.scopes.iter().any(|scope| scope == "openid") {
            fields.insert("id_token".to_owned(), self.id_token(world).into());
        }
        body
    }

    /// Who the user is, as a JSON Web Token. Google signs with RS256; the sandbox has no such key
    /// and signs with the client's secret (HS256), which clients that trust the channel don't see.
    fn id_token(&self, world: &World) -> String {
        let now = world.now.timestamp();
        let claims = json!({
            "iss": "https://accounts.google.com", "azp": self.client.id, "aud": self.client.id,
            "sub": user_id(&self.account), "email": self.account, "email_verified": true,
            "iat": now, "exp": now + ACCESS_LIFE.num_seconds() + 1,
        });
        let header = json!({"alg": "HS256", "typ": "JWT"});
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(&header), encode(&claims));
        // A key of any length will do for this code; there is no failure to report.
        let signature = Hmac::<Sha256>::new_from_slice(self.client.secret.as_bytes())
            .map(|mac| {
                mac.chain_update(signed.as_bytes())
                    .finalize()
                    .into_bytes()
                    .to_vec()
            })
            .unwrap_or_default();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// A user's id: twenty-one digits that follow from the address.
fn user_id(account: &str) -> String {
    let digest = Sha256::digest(account);
    let digits: String = digest.iter().map(|byte| format!("{:03}", byte)).collect();
    format!("1{}", digits.chars().take(20).collect::<String>())
}

/// `POST /revoke`: ends all that the user gave to the app, whichever token is sent.
pub(in crate::google) fn revoke(
    call: &Call<'_>,
    authority: &mut Authority,
    world: &mut World,
) -> Response<Bytes> {
    let form = Form::of(call);
    let Some(token) = form.get("token").or_else(|| call.query("token")) else {
        return Refused(400, "invalid_request", "Missing required parameter: token").response();
    };
    let claims = authority
        .access(token, world)
        .or_else(|| authority.refresh(token, world));
    let Some(claims) = claims else {
        return Refused(400, "invalid_token", "Token expired or revoked").response();
    };
    authority.end(&claims.subject, &claims.client, world);
    json_answer(StatusCode::OK, &json!({}))
}

/// What an access token is: for which app, whose, which scopes, and for how long.
pub(in crate::google) fn tokeninfo(
    call: &Call<'_>,
    authority: &Authority,
    world: &World,
) -> Response<Bytes> {
    let form = Form::of(call);
    let token = call
        .query("access_token")
        .or_else(|| form.get("access_token"));
    let Some(claims) = token.and_then(|token| authority.access(token, world)) else {
        return Refused(400, "invalid_token", "Invalid Value").response();
    };
    let left = claims
        .expires_at
        .map_or(0, |end| (end - world.now).num_seconds());
    let scope = claims.scopes.join(" ");
    let email = sees_email(&claims).then_some(claims.subject.as_str());
    let mut body = if call.path == "/oauth2/v2/tokeninfo" {
        json!({
            "issued_to": claims.client, "audience": claims.client, "scope": scope,
            "expires_in": left, "user_id": user_id(&claims.subject),
        })
    } else {
        json!({
            "azp": claims.client, "aud": claims.client, "sub": user_id(&claims.subject),
            "scope": scope, "expires_in": left.to_string(), "access_type": "offline",
            "exp": claims.expires_at.map_or(0, |end| end.timestamp()).to_string(),
        })
    };
    if let (Value::Object(fields), Some(email)) = (&mut body, email) {
        fields.insert("email".to_owned(), email.into());
        if call.path == "/oauth2/v2/tokeninfo" {
            fields.insert("verified_email".to_owned(), true.into());
        } else {
            fields.insert("email_verified".to_owned(), "true".into());
        }
    }
    json_answer(StatusCode::OK, &body)
}

fn sees_email(claims: &Claims) -> bool {
    claims
        .scopes
        .iter()
        .any(|scope| scope == "email" || scope.ends_with("/userinfo.email"))
}

/// Who the user is.
pub(in crate::google) fn userinfo(
    call: &Call<'_>,
    authority: &Authority,
    world: &World,
) -> Response<Bytes> {
    let token = call
        .header("authorization")
        .and_then(|value| value.strip_prefix("Bearer "))
        .or_else(|| call.query("access_token"));
    let Some(claims) = token.and_then(|token| authority.access(token, world)) else {
        return Refusal::bad_credentials().response(Style::Both);
    };
    if !claims.scopes.iter().any(|scope| is_identity(scope)) {
        return Refusal::forbidden("Request had insufficient authentication scopes.")
            .because("insufficientPermissions")
            .response(Style::Both);
    }
    let mut body = json!({"id": user_id(&claims.subject)});
    if let Value::Object(fields) = &mut body {
        if sees_email(&claims) {
            fields.insert("email".to_owned(), claims.subject.as_str().into());
            fields.insert("verified_email".to_owned(), true.into());
        }
        if claims.scopes.iter().any(|scope| scope.ends_with("profile")) {
            fields.insert("name".to_owned(), "Øjvind Sandkasse".into());
            fields.insert("given_name".to_owned(), "Øjvind".into());
            fields.insert("family_name".to_owned(), "Sandkasse".into());
            let picture = "https://lh3.googleusercontent.com/a/sandbox-picture=s96-c";
            fields.insert("picture".to_owned(), picture.into());
        }
    }
    json_answer(StatusCode::OK, &body)
}
