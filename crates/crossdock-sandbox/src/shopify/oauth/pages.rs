//! What a person sees: the consent page, and its two buttons.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use bytes::Bytes;
use http::{Response, StatusCode};
use url::Url;

use super::{CLIENT_ID, CLIENT_SECRET, CODE_LIFE, SCOPES, hex_digest};
use crate::answer::{self, escape};
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
            .filter(is_allowed)
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

/// Any `https` address will do, and `http` on this machine.
fn is_allowed(url: &Url) -> bool {
    match url.scheme() {
        "https" => true,
        "http" => matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")),
        _ => false,
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
    let hidden: String = [
        ("shop", call.host),
        ("client_id", CLIENT_ID),
        ("scope", &request.scopes.join(",")),
        ("redirect_uri", request.redirect.as_str()),
        ("state", &request.state),
    ]
    .iter()
    .map(|(name, value)| {
        format!(
            "<input type=\"hidden\" name=\"{name}\" value=\"{}\">\n",
            escape(value)
        )
    })
    .collect();
    let action = format!(
        "{}/_sandbox/pages/shopify/consent",
        call.sandbox.as_str().trim_end_matches('/')
    );
    let body = format!(
        "<p>The app <strong>{CLIENT_ID}</strong> asks for access to <strong>{}</strong>.</p>\n\
         <ul>\n{scopes}</ul>\n\
         <form method=\"post\" action=\"{}\">\n{hidden}\
         <button name=\"decision\" value=\"approve\">Approve</button>\n\
         <button name=\"decision\" value=\"deny\">Deny</button>\n</form>",
        escape(shop_name),
        escape(&action)
    );
    page(StatusCode::OK, "Install app", &body)
}

/// The consent form's target: sends the browser back to the app.
pub(crate) fn consent(call: &Call<'_>, world: &mut World) -> Response<Bytes> {
    let form: Vec<(String, String)> = url::form_urlencoded::parse(call.body)
        .into_owned()
        .collect();
    let get = |name: &str| {
        let posted = form
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone());
        posted.or_else(|| call.query(name).map(str::to_owned))
    };
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
        return redirect(&request.redirect);
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
    redirect(&request.redirect)
}

fn redirect(to: &Url) -> Response<Bytes> {
    let mut response = answer::empty(StatusCode::FOUND);
    answer::set(&mut response, "location", to.as_str());
    answer::set(&mut response, "cache-control", "no-store");
    response
}

fn page(status: StatusCode, title: &str, body: &str) -> Response<Bytes> {
    small(status, "Shopify", title, body)
}
