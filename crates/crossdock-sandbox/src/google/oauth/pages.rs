//! What a person sees: the consent page with a box for every product, and its two buttons.

use bytes::Bytes;
use http::{Response, StatusCode};
use url::Url;

use super::{Authority, CODE_LIFE, Client, client};
use crate::answer::escape;
use crate::consent::{self, Posted};
use crate::google::service::{is_identity, scope_words};
use crate::google::{ACCOUNTS, OWNER};
use crate::page;
use crate::platform::Call;
use crate::token::Claims;
use crate::world::World;

/// What an app asks for.
struct Request {
    client: &'static Client,
    redirect: Url,
    scopes: Vec<String>,
    state: Option<String>,
    /// How the code's verifier is to be compared, and with what: `S256:…`, `plain:…`, or nothing.
    challenge: String,
    offline: bool,
    prompt: Vec<String>,
    include_granted: bool,
    account: String,
}

/// A fault that is shown on a page: redirecting would send it to an address that isn't the app's.
struct Shown(StatusCode, &'static str, String);

fn shown(error: &'static str, text: impl Into<String>) -> Shown {
    Shown(StatusCode::BAD_REQUEST, error, text.into())
}

impl Request {
    fn read(get: &dyn Fn(&str) -> Option<String>) -> Result<Self, Shown> {
        let text = |name: &str| get(name).unwrap_or_default();
        let id = text("client_id");
        if id.is_empty() {
            return Err(shown(
                "invalid_request",
                "Missing required parameter: client_id",
            ));
        }
        let client = client(&id).ok_or_else(|| {
            Shown(
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "The OAuth client was not found.".to_owned(),
            )
        })?;
        let redirect = Url::parse(&text("redirect_uri"))
            .ok()
            .filter(consent::is_allowed)
            .ok_or_else(|| {
                shown(
                    "redirect_uri_mismatch",
                    "The redirect URI in the request is not one of the client's.",
                )
            })?;
        if text("response_type") != "code" {
            return Err(shown(
                "unsupported_response_type",
                "The sandbox issues codes: response_type must be code.",
            ));
        }
        let scopes: Vec<String> = text("scope")
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        if scopes.is_empty() {
            return Err(shown(
                "invalid_request",
                "Missing required parameter: scope",
            ));
        }
        let unknown: Vec<&str> = scopes
            .iter()
            .map(String::as_str)
            .filter(|scope| scope_words(scope).is_none())
            .collect();
        if !unknown.is_empty() {
            let unknown = unknown.join(", ");
            return Err(shown(
                "invalid_scope",
                format!("Some requested scopes were invalid: {unknown}"),
            ));
        }
        let account = text("login_hint");
        Ok(Self {
            client,
            redirect,
            scopes,
            state: get("state"),
            challenge: challenge(&text("code_challenge"), &text("code_challenge_method"))?,
            offline: match text("access_type").as_str() {
                "offline" => true,
                "" | "online" => false,
                _ => return Err(shown("invalid_request", "Invalid access_type")),
            },
            prompt: text("prompt")
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            include_granted: text("include_granted_scopes") == "true",
            account: ACCOUNTS
                .iter()
                .find(|known| **known == account)
                .map_or(OWNER, |known| *known)
                .to_owned(),
        })
    }

    fn prompts(&self, word: &str) -> bool {
        self.prompt.iter().any(|prompt| prompt == word)
    }

    /// Sends the browser back with pairs and the state.
    fn back(mut self, pairs: &[(&str, &str)]) -> Response<Bytes> {
        {
            let mut query = self.redirect.query_pairs_mut();
            if let Some(state) = &self.state {
                query.append_pair("state", state);
            }
            query.extend_pairs(pairs);
        }
        consent::back(&self.redirect)
    }

    /// Sends the browser back with a code. `seen` says whether the user saw the consent page, on
    /// which alone a refresh token follows.
    fn approve(
        self,
        scopes: &[String],
        seen: bool,
        authority: &mut Authority,
        world: &mut World,
    ) -> Response<Bytes> {
        let pair = (self.account.clone(), self.client.id.to_owned());
        let known = authority.granted.entry(pair).or_default();
        let mut granted: Vec<String> = scopes.to_vec();
        if self.include_granted {
            let before = known.iter().filter(|scope| !scopes.contains(scope));
            granted.extend(before.cloned());
        }
        known.extend(scopes.iter().cloned());
        let offline = if self.offline && seen {
            "offline"
        } else {
            "online"
        };
        // A code is bound to the address, the challenge and the kind of access: they go before the
        // scopes in what it claims.
        let mut bound = vec![
            self.redirect.to_string(),
            self.challenge.clone(),
            offline.to_owned(),
        ];
        bound.extend(granted.iter().cloned());
        let serial = world.serial();
        let code = world.key().issue(&Claims {
            kind: "code".to_owned(),
            subject: self.account.clone(),
            client: self.client.id.to_owned(),
            scopes: bound,
            issued_at: world.now,
            expires_at: Some(world.now + CODE_LIFE),
            serial,
        });
        let granted = granted.join(" ");
        self.back(&[("code", &code), ("scope", &granted), ("prompt", "consent")])
    }
}

fn challenge(challenge: &str, method: &str) -> Result<String, Shown> {
    if challenge.is_empty() {
        return Ok(String::new());
    }
    let length = challenge.len();
    if !(43..=128).contains(&length) {
        return Err(shown("invalid_request", "Invalid code_challenge"));
    }
    match method {
        "S256" => Ok(format!("S256:{challenge}")),
        "" | "plain" => Ok(format!("plain:{challenge}")),
        _ => Err(shown("invalid_request", "Invalid code_challenge_method")),
    }
}

/// `GET /o/oauth2/v2/auth`: asks the user, or goes straight back where nothing is left to ask.
pub(in crate::google) fn authorize(
    call: &Call<'_>,
    authority: &mut Authority,
    world: &mut World,
) -> Response<Bytes> {
    let request = match Request::read(&|name| call.query(name).map(str::to_owned)) {
        Ok(request) => request,
        Err(fault) => return refused(&fault),
    };
    let pair = (request.account.clone(), request.client.id.to_owned());
    let known = authority.granted.get(&pair);
    let settled = known.is_some_and(|known| request.scopes.iter().all(|it| known.contains(it)));
    if settled && !request.prompts("consent") && !request.prompts("select_account") {
        let scopes = request.scopes.clone();
        return request.approve(&scopes, false, authority, world);
    }
    if request.prompts("none") {
        return request.back(&[("error", "interaction_required")]);
    }
    page(StatusCode::OK, "Sign in with Google", &form(call, &request))
}

fn form(call: &Call<'_>, request: &Request) -> String {
    let (asked, identity): (Vec<&String>, Vec<&String>) =
        request.scopes.iter().partition(|scope| !is_identity(scope));
    let boxes: String = asked
        .iter()
        .map(|scope| {
            let words = scope_words(scope).unwrap_or_default();
            format!(
                "<p><label><input type=\"checkbox\" name=\"grant\" value=\"{0}\" checked> {1}<br><code>{0}</code></label></p>\n",
                escape(scope), escape(words)
            )
        })
        .collect();
    let identity: String = identity
        .iter()
        .map(|scope| consent::hidden("grant", scope))
        .collect();
    // Everything that came goes through the form again, to be checked again.
    let carried = call.query.iter();
    let form = consent::form(
        call,
        "google",
        carried.map(|(name, value)| (name.as_str(), value.as_str())),
        &format!("{identity}{boxes}"),
        &[("approve", "Continue"), ("deny", "Cancel")],
    );
    let testing = if request.client.testing {
        "<p><strong>Google hasn't verified this app.</strong> It is being tested.</p>\n"
    } else {
        ""
    };
    format!(
        "{testing}<p>{} wants access to the account <strong>{}</strong>.</p>\n{form}",
        escape(request.client.id),
        escape(&request.account)
    )
}

/// The consent form's target: sends the browser back to the app.
pub(in crate::google) fn consent(
    call: &Call<'_>,
    authority: &mut Authority,
    world: &mut World,
) -> Response<Bytes> {
    let posted = Posted::read(call);
    let get = |name: &str| posted.get(name);
    let request = match Request::read(&get) {
        Ok(request) => request,
        Err(fault) => return refused(&fault),
    };
    if let Some(error) = authority.next_error.take() {
        return request.back(&[("error", &error)]);
    }
    let ticked: Vec<String> = request
        .scopes
        .iter()
        .filter(|scope| posted.all("grant").any(|value| value == *scope))
        .cloned()
        .collect();
    if get("decision").as_deref() != Some("approve") || ticked.is_empty() {
        return request.back(&[("error", "access_denied")]);
    }
    request.approve(&ticked, true, authority, world)
}

fn refused(Shown(status, error, text): &Shown) -> Response<Bytes> {
    let title = format!("Error {}: {error}", status.as_u16());
    page(*status, &title, &format!("<p>{}</p>", escape(text)))
}

fn page(status: StatusCode, title: &str, body: &str) -> Response<Bytes> {
    page::small(status, "Google", title, body)
}
