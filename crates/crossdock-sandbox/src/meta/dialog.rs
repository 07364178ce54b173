//! The login dialog at `www.facebook.com`: what a person sees and chooses.
//!
//! Permissions come from `scope`, or from a configuration (`config_id`) of Facebook Login for
//! Business, of which the demo app has two: one that gives user tokens, one that gives a system
//! user's.

use bytes::Bytes;
use http::{Response, StatusCode};
use url::Url;

use super::scopes::{self, PERMISSIONS};
use super::session::{APP_ID, SYSTEM_USER, USER};
use crate::answer::escape;
use crate::consent::{self, Posted};
use crate::page;
use crate::platform::Call;
use crate::token::Claims;
use crate::world::World;

/// The configuration that gives user tokens with every permission.
const USER_CONFIGURATION: &str = "200000000000001";

/// The configuration that gives a system user's tokens with every permission.
const SYSTEM_CONFIGURATION: &str = "200000000000002";

/// How long a code lasts. (Inferred: the documentation says only that it is short.)
const CODE_LIFE: chrono::TimeDelta = chrono::TimeDelta::minutes(10);

/// Marks the address that a code is for, among its claims.
pub(super) const REDIRECT: &str = "redirect:";

/// Marks an asset that was chosen, among a code's claims.
pub(super) const TARGET: &str = "target:";

/// What an app asks for.
struct Request {
    scopes: Vec<String>,
    configuration: Option<String>,
    redirect: Url,
    state: String,
}

impl Request {
    /// Checks what came, or says what is wrong with it.
    fn read(get: &dyn Fn(&str) -> Option<String>) -> Result<Self, String> {
        let text = |name: &str| get(name).unwrap_or_default();
        if text("client_id") != APP_ID {
            return Err(
                "Invalid App ID: The provided app ID does not look like a valid app ID.".to_owned(),
            );
        }
        let redirect = Url::parse(&text("redirect_uri"))
            .ok()
            .filter(consent::is_allowed)
            .ok_or("URL Blocked: This redirect failed because the redirect URI is not whitelisted in the app's Client OAuth Settings.")?;
        match text("response_type").as_str() {
            "" | "code" => {}
            other => return Err(format!("The sandbox knows no response_type `{other}`")),
        }
        let configuration = get("config_id").filter(|id| !id.is_empty());
        let scopes: Vec<String> = match configuration.as_deref() {
            Some(USER_CONFIGURATION) => scopes::all(),
            Some(SYSTEM_CONFIGURATION) => {
                if text("override_default_response_type") != "true" {
                    return Err("Invalid response type: a configuration for system user tokens needs response_type=code and override_default_response_type=true.".to_owned());
                }
                scopes::all()
            }
            Some(_) => {
                return Err("Invalid config_id: this app has no such configuration.".to_owned());
            }
            None => text("scope")
                .split([',', ' '])
                .filter(|scope| !scope.is_empty())
                .map(str::to_owned)
                .collect(),
        };
        let unknown: Vec<&str> = scopes
            .iter()
            .map(String::as_str)
            .filter(|scope| !scopes::exists(scope))
            .collect();
        if !unknown.is_empty() {
            return Err(format!(
                "Invalid Scopes: {}. This message is only shown to developers.",
                unknown.join(", ")
            ));
        }
        Ok(Self {
            scopes,
            configuration,
            redirect,
            state: text("state"),
        })
    }
}

/// `GET /v26.0/dialog/oauth`: asks the person. `first_page` is what the middle button shares.
pub(super) fn authorize(call: &Call<'_>, first_page: &str) -> Response<Bytes> {
    let request = match Request::read(&|name| call.query(name).map(str::to_owned)) {
        Ok(request) => request,
        Err(fault) => return page(StatusCode::BAD_REQUEST, "Error", &escape(&fault)),
    };
    let list: String = request
        .scopes
        .iter()
        .map(|scope| {
            let text = PERMISSIONS
                .iter()
                .find(|(known, _)| known == scope)
                .map_or("", |(_, text)| text);
            format!("<li>{} <code>{}</code></li>\n", escape(text), escape(scope))
        })
        .collect();
    let scopes = request.scopes.join(",");
    let configuration = request.configuration.unwrap_or_default();
    let form = consent::form(
        call,
        "meta",
        [
            ("client_id", APP_ID),
            ("scope", &scopes),
            ("config_id", &configuration),
            ("override_default_response_type", "true"),
            ("redirect_uri", request.redirect.as_str()),
            ("state", &request.state),
            ("page", first_page),
        ],
        "",
        &[
            ("approve", "Continue"),
            ("one_page", "Continue with one Page only"),
            ("cancel", "Cancel"),
        ],
    );
    let body = format!(
        "<p><strong>Crossdock Sandbox</strong> would like to:</p>\n<ul>\n{list}</ul>\n{form}"
    );
    page(StatusCode::OK, "Log in with Facebook", &body)
}

/// The form's target: sends the browser back to the app.
pub(super) fn consent(call: &Call<'_>, world: &mut World) -> Response<Bytes> {
    let posted = Posted::read(call);
    let get = |name: &str| posted.get(name);
    let mut request = match Request::read(&get) {
        Ok(request) => request,
        Err(fault) => return page(StatusCode::BAD_REQUEST, "Error", &escape(&fault)),
    };
    let targets = match get("decision").as_deref() {
        Some("approve") => Vec::new(),
        Some("one_page") => vec![format!("{TARGET}{}", get("page").unwrap_or_default())],
        _ => {
            request
                .redirect
                .query_pairs_mut()
                .append_pair("error", "access_denied")
                .append_pair("error_code", "200")
                .append_pair("error_description", "Permissions error")
                .append_pair("error_reason", "user_denied")
                .append_pair("state", &request.state);
            return consent::back(&request.redirect);
        }
    };
    let system = request.configuration.as_deref() == Some(SYSTEM_CONFIGURATION);
    let serial = world.serial();
    let code = world.key().issue(&Claims {
        kind: "code".to_owned(),
        subject: if system { SYSTEM_USER } else { USER }.to_owned(),
        client: APP_ID.to_owned(),
        scopes: granted(request.scopes)
            .into_iter()
            .chain(targets)
            .chain([format!(
                "{REDIRECT}{}",
                get("redirect_uri").unwrap_or_default()
            )])
            .collect(),
        issued_at: world.now,
        expires_at: Some(world.now + CODE_LIFE),
        serial,
    });
    request
        .redirect
        .query_pairs_mut()
        .append_pair("code", &code)
        .append_pair("state", &request.state);
    consent::back(&request.redirect)
}

/// What is asked for, with the profile that every login includes.
fn granted(mut scopes: Vec<String>) -> Vec<String> {
    if !scopes.iter().any(|scope| scope == "public_profile") {
        scopes.push("public_profile".to_owned());
    }
    scopes
}

fn page(status: StatusCode, title: &str, body: &str) -> Response<Bytes> {
    page::small(status, "Meta", title, body)
}
