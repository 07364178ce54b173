//! The person in front of the platform's consent page: follows links, presses a button, comes back.

use bytes::Bytes;
use connector_core::{Form, Request, Response};
use crossdock_sandbox::visitor;
use http::{Method, header};
use url::Url;

use crate::outcome::Failure;
use crate::transport::SandboxTransport;

/// A person gives up after this many pages.
const PATIENCE: usize = 6;

/// Visits the consent page, agrees or declines, and gives what the platform sends back in the query
/// of `return_to`.
pub(crate) fn visit(
    wire: &SandboxTransport,
    consent_page: &Url,
    return_to: &Url,
    agree: bool,
) -> Result<Form, Failure> {
    let mut at = consent_page.clone();
    let mut request = request(Method::GET, &at, String::new())?;
    for _ in 0..PATIENCE {
        let response = wire
            .visit(request)
            .ok_or_else(|| Failure::new(format!("{} gave no answer", shown(&at))))?;
        if response.status().is_redirection() {
            let next = location(&response, &at)?;
            if shown(&next) == shown(return_to) {
                return Ok(Form::from_query(next.query().unwrap_or_default()));
            }
            at = next;
            request = self::request(Method::GET, &at, String::new())?;
            continue;
        }
        if !response.status().is_success() {
            let status = response.status();
            return Err(Failure::new(format!("{} answered {status}", shown(&at))));
        }
        let page = String::from_utf8_lossy(response.body()).into_owned();
        let buttons = visitor::buttons(&page);
        let button = buttons
            .iter()
            .find(|button| button.says_no() != agree)
            .ok_or_else(|| {
                let wanted = if agree { "agree" } else { "decline" };
                Failure::new(format!("{} has no button to {wanted}", shown(&at)))
            })?;
        let target = at.join(&button.action).map_err(|error| {
            Failure::new(format!("a form of {} leads nowhere: {error}", shown(&at)))
        })?;
        let fields = button.encoded();
        if button.post {
            request = self::request(Method::POST, &target, fields)?;
            at = target;
        } else {
            at = target;
            at.set_query(Some(&fields));
            request = self::request(Method::GET, &at, String::new())?;
        }
    }
    Err(Failure::new(format!(
        "{} never sends the person back",
        shown(consent_page)
    )))
}

fn request(method: Method, url: &Url, body: String) -> Result<Request, Failure> {
    http::Request::builder()
        .method(method)
        .uri(url.as_str())
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Bytes::from(body))
        .map_err(|error| Failure::new(format!("{} can't be visited: {error}", shown(url))))
}

fn location(response: &Response, at: &Url) -> Result<Url, Failure> {
    let location = response
        .headers()
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok());
    location
        .and_then(|location| at.join(location).ok())
        .ok_or_else(|| Failure::new(format!("{} redirects without a location", shown(at))))
}

/// An address without what may be secret in it.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}
