//! The consent page, and what its two buttons do.

use bytes::Bytes;
use chrono::TimeDelta;
use http::{Response, StatusCode};
use url::Url;

use crate::answer::escape;
use crate::consent::{self, Posted};
use crate::page;
use crate::platform::Call;
use crate::world::World;

use super::API;
use super::oauth::{ACCOUNT, Authority, CLIENT, SCOPES, issue, scopes};

/// How long a code lasts. Inferred: the guide says only that it is short.
const CODE_LIFE: TimeDelta = TimeDelta::minutes(10);

/// What an app asks for.
struct Request {
    redirect: Url,
    scopes: Vec<String>,
    state: Option<String>,
}

impl Request {
    /// Reads what is asked for, or says on a page what is wrong: redirecting would send a person to
    /// an address that isn't the app's.
    fn read(get: &dyn Fn(&str) -> Option<String>) -> Result<Self, String> {
        let text = |name: &str| get(name).unwrap_or_default();
        if text("client_id") != CLIENT {
            return Err("The app isn't known.".to_owned());
        }
        if text("response_type") != "code" {
            return Err("response_type must be code.".to_owned());
        }
        let redirect = Url::parse(&text("redirect_uri"))
            .ok()
            .filter(consent::is_allowed)
            .ok_or("The redirect address isn't one of the app's.")?;
        let scopes = scopes(&text("scope"));
        let unknown = scopes.iter().find(|scope| !SCOPES.contains(&&***scope));
        if let Some(unknown) = unknown {
            return Err(format!("There is no scope {unknown}."));
        }
        if scopes.is_empty() {
            return Err("No scope is asked for.".to_owned());
        }
        Ok(Self {
            redirect,
            scopes,
            state: get("state"),
        })
    }

    /// Sends the browser back.
    fn back(mut self, name: &str, value: &str) -> Response<Bytes> {
        {
            let mut query = self.redirect.query_pairs_mut();
            query.append_pair(name, value);
            if let Some(state) = &self.state {
                query.append_pair("state", state);
            }
        }
        consent::back(&self.redirect)
    }
}

/// `GET /oauth/`: asks the person.
pub(super) fn page(call: &Call<'_>) -> Response<Bytes> {
    let request = match Request::read(&|name| call.query(name).map(str::to_owned)) {
        Ok(request) => request,
        Err(fault) => {
            return html(
                StatusCode::BAD_REQUEST,
                &format!("<p>{}</p>", escape(&fault)),
            );
        }
    };
    let asked: String = request
        .scopes
        .iter()
        .map(|scope| format!("<li><code>{}</code></li>", escape(scope)))
        .collect();
    let carried = call.query.iter();
    let form = consent::form(
        call,
        "pinterest",
        carried.map(|(name, value)| (name.as_str(), value.as_str())),
        "",
        &[("approve", "Give access"), ("deny", "Cancel")],
    );
    let body = format!(
        "<p>The app {CLIENT} wants access to <strong>{ACCOUNT}</strong>:</p>\n<ul>{asked}</ul>\n{form}"
    );
    html(StatusCode::OK, &body)
}

/// The form's target.
pub(super) fn decided(
    call: &Call<'_>,
    authority: &mut Authority,
    world: &mut World,
) -> Response<Bytes> {
    let posted = Posted::read(call);
    let get = |name: &str| posted.get(name);
    let request = match Request::read(&get) {
        Ok(request) => request,
        Err(fault) => {
            return html(
                StatusCode::BAD_REQUEST,
                &format!("<p>{}</p>", escape(&fault)),
            );
        }
    };
    if let Some(error) = authority.next_error.take() {
        return request.back("error", &error);
    }
    if get("decision").as_deref() != Some("approve") {
        return request.back("error", "access_denied");
    }
    // A code is bound to the address: it goes before the scopes in what it claims. It may be
    // exchanged on either host, which decides where its tokens work.
    let mut bound = vec![request.redirect.to_string()];
    bound.extend(request.scopes.iter().cloned());
    let code = issue("code", API, &bound, CODE_LIFE, world);
    request.back("code", &code)
}

fn html(status: StatusCode, body: &str) -> Response<Bytes> {
    page::small(status, "Pinterest", "Give access to Pinterest", body)
}
