//! The consent page, and what its two buttons do.

use bytes::Bytes;
use chrono::TimeDelta;
use http::{Response, StatusCode};
use url::Url;

use crate::answer::{self, escape};
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
            .filter(is_allowed)
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
        let mut response = answer::empty(StatusCode::FOUND);
        answer::set(&mut response, "location", self.redirect.as_str());
        answer::set(&mut response, "cache-control", "no-store");
        response
    }
}

/// Any `https` address will do, and `http` on this machine.
fn is_allowed(url: &Url) -> bool {
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    url.fragment().is_none() && (url.scheme() == "https" || (url.scheme() == "http" && local))
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
    let hidden: String = call
        .query
        .iter()
        .map(|(name, value)| {
            let (name, value) = (escape(name), escape(value));
            format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n")
        })
        .collect();
    let asked: String = request
        .scopes
        .iter()
        .map(|scope| format!("<li><code>{}</code></li>", escape(scope)))
        .collect();
    let action = format!(
        "{}/_sandbox/pages/pinterest/consent",
        call.sandbox.as_str().trim_end_matches('/')
    );
    let body = format!(
        "<p>The app {CLIENT} wants access to <strong>{ACCOUNT}</strong>:</p>\n<ul>{asked}</ul>\n\
         <form method=\"post\" action=\"{}\">\n{hidden}\
         <button name=\"decision\" value=\"approve\">Give access</button>\n\
         <button name=\"decision\" value=\"deny\">Cancel</button>\n</form>",
        escape(&action)
    );
    html(StatusCode::OK, &body)
}

/// The form's target.
pub(super) fn decided(
    call: &Call<'_>,
    authority: &mut Authority,
    world: &mut World,
) -> Response<Bytes> {
    let form: Vec<(String, String)> = url::form_urlencoded::parse(call.body)
        .into_owned()
        .collect();
    let get = |name: &str| {
        let found = form.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone())
    };
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

/// A page without scripts.
fn html(status: StatusCode, body: &str) -> Response<Bytes> {
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Access · Pinterest sandbox</title>\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <style>body{{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}}button{{font:inherit;padding:.5rem 1rem;margin-right:.5rem}}</style></head>\n\
         <body>\n<h1>Give access to Pinterest</h1>\n{body}\n<p><small>This is a sandbox. Nothing here belongs to Pinterest.</small></p>\n</body>\n</html>\n"
    );
    answer::with_body(status, "text/html; charset=utf-8", page)
}
