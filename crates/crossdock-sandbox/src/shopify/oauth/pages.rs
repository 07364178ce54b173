//! What a person sees: the consent page, and its two buttons.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use bytes::Bytes;
use http::{Response, StatusCode};
use url::Url;

use super::{CLIENT_ID, CLIENT_SECRET, CODE_LIFE, SCOPES, hex_digest};
use crate::answer::escape;
use crate::consent::{self, Posted};
use crate::page::small;
use crate::platform::Call;
use crate::token::Claims;
use crate::world::World;

/// The fewest characters that a state may have.
const STATE_LENGTH: usize = 16;

/// What an app asks for.
struct Request {
    scopes: Vec<String>,
    redirect: Url,
    state: String,
}

impl Request {
    /// Checks what came, or says what is wrong with it.
    fn read(get: &dyn Fn(&str) -> Option<String>) -> Result<Self, String> {
        let text = |name: &str| get(name).unwrap_or_default();
        if text("client_id") != CLIENT_ID {
            return Err(
                "Oauth error invalid_request: Could not find Shopify API application with api_key"
                    .to_owned(),
            );
        }
        let redirect = text("redirect_uri");
        let redirect = Url::parse(&redirect)
            .ok()
            .filter(consent::is_allowed)
            .ok_or("Oauth error invalid_request: The redirect_uri is not whitelisted")?;
        let state = text("state");
        if state.len() < STATE_LENGTH {
            return Err(format!(
                "Oauth error invalid_request: The state must have at least {STATE_LENGTH} characters"
            ));
        }
        let scopes: Vec<String> = text("scope")
            .split([',', ' '])
            .filter(|scope| !scope.is_empty())
            .map(str::to_owned)
            .collect();
        let unknown: Vec<&str> = scopes
            .iter()
            .map(String::as_str)
            .filter(|scope| !SCOPES.iter().any(|(known, _)| known == scope))
            .collect();
        if !unknown.is_empty() {
            return Err(format!(
                "Oauth error invalid_scope: The access scope is invalid: {}",
                unknown.join(", ")
            ));
        }
        Ok(Self {
            scopes,
            redirect,
            state,
        })
    }
}

/// `GET /admin/oauth/authorize`: asks the merchant.
pub(crate) fn authorize(call: &Call<'_>, shop_name: &str) -> Response<Bytes> {
    let request = match Request::read(&|name| call.query(name).map(str::to_owned)) {
        Ok(request) => request,
        Err(fault) => return page(StatusCode::BAD_REQUEST, "Oauth error", &escape(&fault)),
    };
    let scopes: String = request
        .scopes
        .iter()
        .map(|scope| {
            let text = SCOPES
                .iter()
                .find(|(known, _)| known == scope)
                .map_or("", |(_, text)| text);
            format!("<li><code>{}</code> {}</li>\n", escape(scope), escape(text))
        })
        .collect();
    let scope = request.scopes.join(",");
    let form = consent::form(
        call,
        "shopify",
        [
            ("shop", call.host),
            ("client_id", CLIENT_ID),
            ("scope", &scope),
            ("redirect_uri", request.redirect.as_str()),
            ("state", &request.state),
        ],
        "",
        &[("approve", "Approve"), ("deny", "Deny")],
    );
    let body = format!(
        "<p>The app <strong>{CLIENT_ID}</strong> asks for access to <strong>{}</strong>.</p>\n\
         <ul>\n{scopes}</ul>\n{form}",
        escape(shop_name)
    );
    page(StatusCode::OK, "Install app", &body)
}

/// The consent form's target: sends the browser back to the app.
pub(crate) fn consent(call: &Call<'_>, world: &mut World) -> Response<Bytes> {
    let posted = Posted::read(call);
    let get = |name: &str| posted.get(name);
    let mut request = match Request::read(&get) {
        Ok(request) => request,
        Err(fault) => return page(StatusCode::BAD_REQUEST, "Oauth error", &escape(&fault)),
    };
    let shop = get("shop").unwrap_or_default();
    let timestamp = world.now.timestamp().to_string();
    if get("decision").as_deref() != Some("approve") {
        request
            .redirect
            .query_pairs_mut()
            .append_pair("error", "access_denied")
            .append_pair("error_description", "The merchant did not approve the app")
            .append_pair("shop", &shop)
            .append_pair("state", &request.state)
            .append_pair("timestamp", &timestamp);
        return consent::back(&request.redirect);
    }
    let serial = world.serial();
    let code = world.key().issue(&Claims {
        kind: "code".to_owned(),
        subject: shop.clone(),
        client: CLIENT_ID.to_owned(),
        scopes: request.scopes,
        issued_at: world.now,
        expires_at: Some(world.now + CODE_LIFE),
        serial,
    });
    let store = shop.trim_end_matches(".myshopify.com");
    let host = STANDARD_NO_PAD.encode(format!("admin.shopify.com/store/{store}"));
    let mut answer = vec![
        ("code".to_owned(), code),
        ("host".to_owned(), host),
        ("shop".to_owned(), shop),
        ("state".to_owned(), request.state),
        ("timestamp".to_owned(), timestamp),
    ];
    answer.insert(1, ("hmac".to_owned(), hex_digest(CLIENT_SECRET, &answer)));
    request.redirect.query_pairs_mut().extend_pairs(answer);
    consent::back(&request.redirect)
}

fn page(status: StatusCode, title: &str, body: &str) -> Response<Bytes> {
    small(status, "Shopify", title, body)
}
