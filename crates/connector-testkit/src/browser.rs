//! The person in front of the platform's consent page: follows links, presses a button, comes back.

use bytes::Bytes;
use connector_core::{Form, Request, Response};
use http::{Method, header};
use url::Url;

use crate::outcome::Failure;
use crate::transport::SandboxTransport;

/// A person gives up after this many pages.
const PATIENCE: usize = 6;

/// Words on a button that says no.
const NO: &[&str] = &["cancel", "decline", "deny", "refuse", "reject"];

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
        let buttons = buttons(&page);
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
        let fields = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&button.fields)
            .finish();
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

/// A button of a form, with all that pressing it sends.
#[derive(Debug, Default)]
struct Button {
    action: String,
    post: bool,
    fields: Vec<(String, String)>,
    /// What is written on it, and its own value.
    words: String,
}

impl Button {
    fn says_no(&self) -> bool {
        let words = self.words.to_ascii_lowercase();
        NO.iter().any(|no| words.contains(no))
    }
}

/// The buttons of all forms, in order. Reads as much of HTML as consent pages need.
fn buttons(page: &str) -> Vec<Button> {
    let mut buttons = Vec::new();
    for form in page.split("<form").skip(1) {
        let form = form.split("</form").next().unwrap_or_default();
        let head = form.split('>').next().unwrap_or_default();
        let mut hidden = Vec::new();
        let mut found = Vec::new();
        for part in form.split('<').skip(1) {
            let (tag, text) = part.split_once('>').unwrap_or((part, ""));
            let name = attribute(tag, "name");
            let value = attribute(tag, "value").unwrap_or_default();
            let kind = attribute(tag, "type").unwrap_or_default();
            let is_button =
                tag.starts_with("button") || (tag.starts_with("input") && kind == "submit");
            if is_button {
                let words = format!("{text} {value}");
                found.push((name.map(|name| (name, value)), words));
            } else if let Some(name) = name.filter(|_| tag.starts_with("input")) {
                hidden.push((name, value));
            }
        }
        for (own, words) in found {
            let fields = hidden.iter().cloned().chain(own).collect();
            let action = attribute(head, "action").unwrap_or_default();
            let post = attribute(head, "method").is_some_and(|it| it.eq_ignore_ascii_case("post"));
            buttons.push(Button {
                action,
                post,
                fields,
                words,
            });
        }
    }
    buttons
}

/// An attribute's value in quotes, its character references resolved.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}="))?;
    let quote = rest
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))?;
    let value = rest.split(quote).nth(1)?;
    let references = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&amp;", "&"),
    ];
    Some(
        references
            .iter()
            .fold(value.to_owned(), |value, (from, to)| {
                value.replace(from, to)
            }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_carry_the_hidden_fields_of_their_form() {
        let page = r#"<form action="/other"><button>Search</button></form>
            <form method="post" action="/consent?a=1&amp;b=2">
              <input type="hidden" name="state" value="a&quot;b">
              <button type="submit" name="decision" value="approve">Install</button>
              <input type='submit' name='decision' value='Deny'>
            </form>"#;
        let buttons = buttons(page);
        assert_eq!(buttons.len(), 3);
        assert_eq!(buttons[1].action, "/consent?a=1&b=2");
        assert!(buttons[1].post && !buttons[0].post);
        let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs
                .iter()
                .map(|(name, value)| ((*name).into(), (*value).into()))
                .collect()
        };
        assert_eq!(
            buttons[1].fields,
            pairs(&[("state", "a\"b"), ("decision", "approve")])
        );
        assert_eq!(
            buttons[2].fields,
            pairs(&[("state", "a\"b"), ("decision", "Deny")])
        );
        assert_eq!(
            buttons.iter().map(Button::says_no).collect::<Vec<_>>(),
            [false, false, true]
        );
    }
}
