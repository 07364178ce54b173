//! Builds requests of the Graph API: whose token proves them, paths whose parts can't break out of
//! their place, and parameters that the next page replaces.

use std::fmt::Display;

use chrono::{DateTime, Utc};
use connector_core::{Error, ErrorKind, Request, Result, endpoint};
use http::{HeaderValue, Method, header};

use super::list::Continuation;

/// Where the Graph API is.
pub const HOST: &str = "graph.facebook.com";

/// The version that everything here is written against (2026-07-29). A request without a version is
/// answered in the app's default one, so it is always sent.
pub const VERSION: &str = "v26.0";

/// Who speaks: whose token proves a request. It is in the request's extensions, and the dialect puts
/// the token and its own proof.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Speaker {
    /// The person or the system user.
    #[default]
    User,
    /// The page with this id: its edges are closed to all others (code 210).
    Page(String),
    /// The app itself.
    App,
}

/// In a request's extensions: the dialect adds the user's token as `input_token`, so that no value
/// with a token in it is ever built outside of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AsksAboutToken;

/// A request that is being built.
#[derive(Debug)]
pub(crate) struct Route {
    method: Method,
    /// The path so far, or the part that can't be one.
    path: Result<String>,
    parameters: Vec<(String, String)>,
    speaker: Speaker,
}

impl Route {
    pub(crate) fn get(path: &[&str]) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn new(method: Method, path: &[&str]) -> Self {
        Self {
            method,
            path: address(path),
            parameters: Vec::new(),
            speaker: Speaker::User,
        }
    }

    /// The same, said by somebody else than the user.
    pub(crate) fn by(mut self, speaker: Speaker) -> Self {
        self.speaker = speaker;
        self
    }

    /// The same, said by a page.
    pub(crate) fn by_page(self, page: &str) -> Self {
        self.by(Speaker::Page(page.to_owned()))
    }

    /// Adds a parameter.
    pub(crate) fn with(mut self, name: &str, value: impl Display) -> Self {
        self.parameters.push((name.to_owned(), value.to_string()));
        self
    }

    /// Adds a parameter where there is a value.
    pub(crate) fn maybe(self, name: &str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds an instant, in seconds since 1970.
    pub(crate) fn at(self, name: &str, at: Option<DateTime<Utc>>) -> Self {
        self.maybe(name, at.map(|at| at.timestamp()))
    }

    /// Goes on where a page left off: its parameters replace those of the same name.
    pub(crate) fn from(mut self, page: Option<&Continuation>) -> Self {
        for (name, value) in page.into_iter().flat_map(Continuation::parameters) {
            self.parameters.retain(|(known, _)| known != name);
            self.parameters.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// The request with its parameters in the query.
    pub(crate) fn request(self) -> Result<Request> {
        let query = encoded(&self.parameters);
        let mut address = self.path?;
        if !query.is_empty() {
            address.push('?');
            address.push_str(&query);
        }
        let mut request = endpoint::get(address)?;
        *request.method_mut() = self.method;
        request.extensions_mut().insert(self.speaker);
        Ok(request)
    }

    /// The request with its parameters in a form, as writes have them.
    pub(crate) fn form(self) -> Result<Request> {
        let mut request = endpoint::get(self.path?)?;
        *request.method_mut() = self.method;
        *request.body_mut() = encoded(&self.parameters).into();
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(header::CONTENT_TYPE, form);
        request.extensions_mut().insert(self.speaker);
        Ok(request)
    }
}

fn encoded(parameters: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish()
}

fn address(path: &[&str]) -> Result<String> {
    let mut address = format!("https://{HOST}/{VERSION}");
    for part in path {
        // Ids are digits, letters and a few signs; a part with anything else addresses something else.
        let fits =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b':' | b'.');
        if part.is_empty() || part.starts_with('.') || !part.bytes().all(fits) {
            return Err(
                Error::new(ErrorKind::InputInvalid, "this can't be an id of Meta's")
                    .with("id", part.escape_debug()),
            );
        }
        address.push('/');
        address.push_str(part);
    }
    Ok(address)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_page_goes_on_with_its_own_parameters() {
        let page = Continuation::new([("after", "MQ"), ("until", "5")]);
        let request = Route::get(&["1", "feed"])
            .by_page("1")
            .with("limit", 3)
            .with("until", 9)
            .from(Some(&page))
            .request()
            .unwrap();
        assert_eq!(
            request.uri(),
            "https://graph.facebook.com/v26.0/1/feed?limit=3&after=MQ&until=5"
        );
        let speaker = request.extensions().get::<Speaker>();
        assert_eq!(speaker, Some(&Speaker::Page("1".to_owned())));
    }

    #[test]
    fn a_write_has_a_form() {
        let request = Route::new(Method::POST, &["1", "subscribed_apps"])
            .with("subscribed_fields", "leadgen,feed")
            .form()
            .unwrap();
        assert_eq!(request.uri().query(), None);
        assert_eq!(&request.body()[..], b"subscribed_fields=leadgen%2Cfeed");
    }

    proptest! {
        #[test]
        fn no_part_breaks_out_of_its_place(part in ".*") {
            if let Ok(request) = Route::get(&[&part, "feed"]).request() {
                prop_assert_eq!(request.uri().host(), Some(HOST));
                let expected = format!("/v26.0/{part}/feed");
                prop_assert_eq!(request.uri().path(), expected.as_str());
            }
        }
    }
}
