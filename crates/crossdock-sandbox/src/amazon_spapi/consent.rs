//! Seller Central's consent page: what a seller sees, and its two buttons.
//!
//! No scope is asked for and no challenge is sent: rights are the roles of the app. What is wrong
//! with the request is told to the seller by a code (MD1000, MD5100) and never to the app. Nothing
//! documents what the app is told when a seller declines; the sandbox sends the error of RFC 6749.

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use url::Url;

use crate::answer::{self, escape};
use crate::consent::{self, Posted};
use crate::page;
use crate::platform::Call;
use crate::world::World;

use super::auth::{APPLICATION, Authority, CODE_LIFE, DRAFT_APPLICATION};
use super::hosts::Region;

/// What an app asks for.
struct Request {
    state: String,
    redirect: Url,
    /// The address as it was written: the code's exchange must repeat it.
    written: String,
}

/// Reads a request, or answers the code of the page that refuses it, and why.
fn read(get: &dyn Fn(&str) -> Option<String>) -> Result<Request, (&'static str, &'static str)> {
    let text = |name: &str| get(name).unwrap_or_default();
    let listed = match text("application_id").as_str() {
        APPLICATION => true,
        DRAFT_APPLICATION => false,
        _ => return Err(("MD1000", "There is no application with this id.")),
    };
    if !listed && text("version") != "beta" {
        return Err((
            "MD1000",
            "The application is a draft: its page opens with version=beta.",
        ));
    }
    let state = text("state");
    if state.is_empty() {
        return Err(("MD1000", "The state is missing."));
    }
    let written = text("redirect_uri");
    let redirect = Url::parse(&written)
        .ok()
        .filter(consent::is_allowed)
        .ok_or((
            "MD5100",
            "The address to return to is missing, or not one that an application can register.",
        ))?;
    Ok(Request {
        state,
        redirect,
        written,
    })
}

/// Answers a call to a Seller Central host.
pub(super) fn show(call: &Call<'_>, region: Region, store: &str) -> Response<Bytes> {
    if *call.method != Method::GET || call.path != "/apps/authorize/consent" {
        return answer::empty(StatusCode::NOT_FOUND);
    }
    let request = match read(&|name| call.query(name).map(str::to_owned)) {
        Ok(request) => request,
        Err((code, why)) => return refused(code, why),
    };
    let form = consent::form(
        call,
        super::ID,
        [
            ("region", region.word()),
            (
                "application_id",
                call.query("application_id").unwrap_or_default(),
            ),
            ("version", call.query("version").unwrap_or_default()),
            ("redirect_uri", &request.written),
            ("state", &request.state),
        ],
        "",
        &[("confirm", "Confirm"), ("cancel", "Cancel")],
    );
    let body = format!(
        "<p>The application <strong>Crossdock sandbox app</strong> asks for access to the account \
         of <strong>{}</strong>.</p>\n{form}",
        escape(store)
    );
    page::small(StatusCode::OK, "Amazon", "Authorize application", &body)
}

fn refused(code: &str, why: &str) -> Response<Bytes> {
    let body = format!("<p>Error code: {code}</p>\n<p>{why}</p>");
    page::small(
        StatusCode::BAD_REQUEST,
        "Amazon",
        "We're sorry, a problem occurred",
        &body,
    )
}

/// The form's target: sends the browser back to the app. `seller` tells whose account a region's is.
pub(super) fn decide(
    call: &Call<'_>,
    seller: &dyn Fn(Region) -> &'static str,
    world: &mut World,
) -> Response<Bytes> {
    let posted = Posted::read(call);
    let get = |name: &str| posted.get(name);
    let mut request = match read(&get) {
        Ok(request) => request,
        Err((code, why)) => return refused(code, why),
    };
    let word = get("region").unwrap_or_default();
    let Some(region) = Region::ALL.into_iter().find(|region| region.word() == word) else {
        return refused("MD1000", "There is no such region.");
    };
    let seller = seller(region);
    let mut query = request.redirect.query_pairs_mut();
    query.append_pair("state", &request.state);
    if get("decision").as_deref() == Some("confirm") {
        let code = Authority::issue(
            "code",
            seller,
            vec![request.written],
            Some(CODE_LIFE),
            world,
        );
        query
            .append_pair("selling_partner_id", seller)
            .append_pair("spapi_oauth_code", &code);
    } else {
        query
            .append_pair("error", "access_denied")
            .append_pair("error_description", "The seller did not authorize the app");
    }
    drop(query);
    consent::back(&request.redirect)
}
