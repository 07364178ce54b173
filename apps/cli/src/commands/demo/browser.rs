//! The demo's browser: cookies, redirects and the button on the consent page, so that the accounts
//! are connected through the same pages and flows that a person would go through.

use std::collections::HashMap;
use std::sync::Arc;

use connector_core::{Request, Response, Transport};
use connector_http::Options;
use crossdock_sandbox::visitor;
use http::{Method, header};
use url::Url;

use crate::failure::Failure;

/// A flow that needs more pages than this goes in circles.
const LONGEST_FLOW: usize = 10;

/// A browser without a screen. It keeps cookies per host and port.
#[derive(Debug)]
pub(crate) struct Browser {
    transport: Arc<dyn Transport>,
    cookies: HashMap<String, Vec<(String, String)>>,
    token: String,
    home: Url,
}

impl Browser {
    /// A browser that shows the admin token to the service at `home`, and to nobody else.
    pub(crate) fn new(home: Url, token: String) -> Result<Self, Failure> {
        let transport = connector_http::transport(&Options::default())?;
        Ok(Self {
            transport,
            cookies: HashMap::new(),
            token,
            home,
        })
    }

    /// Posts JSON to the service, and reads its answer.
    pub(crate) async fn post_json(
        &mut self,
        path: &str,
        body: &serde_json::Value,
    ) -> Result<serde_json::Value, Failure> {
        let url = self
            .home
            .join(path)
            .map_err(|_cause| Failure::usage("no such page"))?;
        let response = self
            .send(Method::POST, &url, "application/json", body.to_string())
            .await?;
        let answer: serde_json::Value = connector_core::endpoint::json(response.body())?;
        if response.status().is_success() {
            return Ok(answer);
        }
        let error = answer.get("error").and_then(serde_json::Value::as_str);
        Err(Failure::incomplete(
            error.unwrap_or("the service refused").to_owned(),
        ))
    }

    /// Visits a page of the service and goes where it leads, agreeing to what is asked, until a page
    /// asks nothing more. Gives where that is.
    pub(crate) async fn agree_to_everything(&mut self, start: &Url) -> Result<Url, Failure> {
        let mut at = start.clone();
        let mut response = self.send(Method::GET, &at, "", String::new()).await?;
        for _ in 0..LONGEST_FLOW {
            if response.status().is_redirection() {
                at = location(&response, &at)?;
                response = self.send(Method::GET, &at, "", String::new()).await?;
                continue;
            }
            if !response.status().is_success() {
                return Err(Failure::incomplete(format!(
                    "{} answered {}",
                    at.host_str().unwrap_or_default(),
                    response.status()
                )));
            }
            if at.origin() == self.home.origin() {
                return Ok(at);
            }
            let page = String::from_utf8_lossy(response.body()).into_owned();
            let button = visitor::buttons(&page)
                .into_iter()
                .find(|button| !button.says_no());
            let Some(button) = button else {
                return Err(Failure::incomplete(
                    "the consent page has no button to agree",
                ));
            };
            at = at
                .join(&button.action)
                .map_err(|_cause| Failure::incomplete("the consent page's form leads nowhere"))?;
            let form = "application/x-www-form-urlencoded";
            response = self.send(Method::POST, &at, form, button.encoded()).await?;
        }
        Err(Failure::incomplete("the consent flow goes in circles"))
    }

    async fn send(
        &mut self,
        method: Method,
        url: &Url,
        content_type: &str,
        body: String,
    ) -> Result<Response, Failure> {
        let mut request: Request = http::Request::builder()
            .method(method)
            .uri(url.as_str())
            .body(body.into())
            .map_err(|_cause| Failure::usage("this can't be visited"))?;
        let headers = request.headers_mut();
        if !content_type.is_empty()
            && let Ok(content_type) = content_type.parse()
        {
            headers.insert(header::CONTENT_TYPE, content_type);
        }
        if url.origin() == self.home.origin()
            && let Ok(token) = format!("Bearer {}", self.token).parse()
        {
            headers.insert(header::AUTHORIZATION, token);
        }
        let jar = self
            .cookies
            .entry(url.origin().ascii_serialization())
            .or_default();
        let cookies: Vec<_> = jar
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty()
            && let Ok(cookies) = cookies.join("; ").parse()
        {
            headers.insert(header::COOKIE, cookies);
        }
        let response = self.transport.send(request).await?;
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie
                .to_str()
                .unwrap_or_default()
                .split(';')
                .next()
                .unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                jar.retain(|(known, _)| known != name);
                jar.push((name.to_owned(), value.to_owned()));
            }
        }
        Ok(response)
    }
}

fn location(response: &Response, at: &Url) -> Result<Url, Failure> {
    response
        .headers()
        .get(header::LOCATION)
        .and_then(|location| location.to_str().ok())
        .and_then(|location| at.join(location).ok())
        .ok_or_else(|| Failure::incomplete("a redirect leads nowhere"))
}
