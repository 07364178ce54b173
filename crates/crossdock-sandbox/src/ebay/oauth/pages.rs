//! What a person sees: the consent page with its two buttons, and the closing page.
//!
//! The request names a RuName in place of an address; where that leads is registered with the
//! platform (here with the control verb `register_runame`). Unless it is, the well-known RuNames
//! lead to where `crossdock connect` waits by default, and any other to a closing page, as eBay has one
//! for RuNames whose owners left the addresses out.

use bytes::Bytes;
use http::{Response, StatusCode};
use url::Url;

use super::{Authority, CODE_LIFE, Environment, Return, USER, issue, scopes};
use crate::answer::escape;
use crate::consent::{self, Posted};
use crate::page;
use crate::platform::Call;
use crate::world::World;

/// Where the well-known RuNames lead unless they are registered otherwise.
const LOOPBACK: &str = "http://127.0.0.1:9311/callback";

/// What an app asks for.
struct Request {
    scopes: Vec<String>,
    runame: String,
    state: Option<String>,
}

impl Request {
    /// Checks what came, or names what is wrong.
    fn read(
        environment: Environment,
        get: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, &'static str> {
        let text = |name: &str| get(name).unwrap_or_default();
        if text("client_id") != environment.keyset().client_id {
            return Err("unauthorized_client");
        }
        if text("response_type") != "code" {
            return Err("unsupported_response_type");
        }
        let runame = text("redirect_uri");
        // An address in place of the RuName is the most common mistake.
        if runame.is_empty() || runame.contains("://") {
            return Err("invalid_request");
        }
        let scopes: Vec<String> = text("scope")
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        if scopes.is_empty() || scopes.iter().any(|scope| scopes::words(scope).is_none()) {
            return Err("invalid_scope");
        }
        Ok(Self {
            scopes,
            runame,
            state: get("state").filter(|state| !state.is_empty()),
        })
    }

    /// Where the person goes next.
    fn leads_to(
        &self,
        authority: &Authority,
        environment: Environment,
        sandbox: &Url,
    ) -> Option<Return> {
        if let Some(registered) = authority.returns.get(&self.runame) {
            return Some(registered.clone());
        }
        let url = if self.runame == environment.keyset().runame {
            Url::parse(LOOPBACK).ok()?
        } else {
            sandbox.join("/_sandbox/pages/ebay/finished").ok()?
        };
        Some(Return {
            accept: url.clone(),
            decline: url,
        })
    }
}

/// `GET /oauth2/authorize`: asks the seller.
pub(crate) fn authorize(call: &Call<'_>) -> Response<Bytes> {
    let request = match Request::read(Environment::of(call.host), &|name| {
        call.query(name).map(str::to_owned)
    }) {
        Ok(request) => request,
        Err(fault) => return refused(fault),
    };
    let asked: String = request
        .scopes
        .iter()
        .filter_map(|scope| scopes::words(scope))
        .map(|words| format!("<li>{words}</li>\n"))
        .collect();
    let scope = request.scopes.join(" ");
    let form = consent::form(
        call,
        "ebay",
        [
            ("host", call.host),
            ("client_id", Environment::of(call.host).keyset().client_id),
            ("response_type", "code"),
            ("redirect_uri", &request.runame),
            ("scope", &scope),
            ("state", request.state.as_deref().unwrap_or_default()),
        ],
        "",
        &[("agree", "Agree and continue"), ("decline", "Cancel")],
    );
    let body = format!(
        "<p>Signed in as <strong>{USER}</strong>. The application wants to:</p>\n<ul>\n{asked}</ul>\n{form}"
    );
    page(StatusCode::OK, "Grant application access", &body)
}

/// The consent form's target: sends the browser to where the RuName leads.
pub(crate) fn consent(
    call: &Call<'_>,
    authority: &Authority,
    world: &mut World,
) -> Response<Bytes> {
    let posted = Posted::read(call);
    let get = |name: &str| posted.get(name);
    let environment = Environment::of(&get("host").unwrap_or_default());
    let request = match Request::read(environment, &get) {
        Ok(request) => request,
        Err(fault) => return refused(fault),
    };
    let Some(Return { accept, decline }) = request.leads_to(authority, environment, call.sandbox)
    else {
        return refused("invalid_request");
    };
    let agreed = get("decision").as_deref() == Some("agree");
    let mut to = if agreed { accept } else { decline };
    if let Some(state) = &request.state {
        to.query_pairs_mut().append_pair("state", state);
    }
    if agreed {
        let client = environment.keyset().client_id;
        let code = issue("code", USER, client, &request.scopes, CODE_LIFE, world);
        to.query_pairs_mut()
            .append_pair("code", &code)
            .append_pair("expires_in", &CODE_LIFE.num_seconds().to_string());
    }
    consent::back(&to)
}

/// The last page, for a RuName without addresses: the application's owner copies the code
/// out of the address line.
pub(crate) fn finished(call: &Call<'_>) -> Response<Bytes> {
    let words = if call.query("code").is_some() {
        "The application has its code. This window can be closed."
    } else {
        "Nothing was granted. This window can be closed."
    };
    page(StatusCode::OK, "Thank you", &format!("<p>{words}</p>"))
}

fn refused(fault: &str) -> Response<Bytes> {
    let body = format!("<p><code>{}</code></p>", escape(fault));
    page(
        StatusCode::BAD_REQUEST,
        "This request can't be answered",
        &body,
    )
}

fn page(status: StatusCode, title: &str, body: &str) -> Response<Bytes> {
    page::small(status, "eBay", title, body)
}
