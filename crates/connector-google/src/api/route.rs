//! Builds requests: paths whose parts can't break out of their place, and parameters that are encoded
//! once.

use std::fmt::Display;

use connector_core::{Error, Request, Result, endpoint};
use http::Method;

/// A request that is being built.
#[derive(Debug)]
pub(super) struct Route {
    method: Method,
    /// The address so far, or the part of the path that can't be one.
    address: Result<String>,
    has_query: bool,
}

impl Route {
    pub(super) fn get(host: &str, path: &[&str]) -> Self {
        Self::new(Method::GET, host, path)
    }

    pub(super) fn post(host: &str, path: &[&str]) -> Self {
        Self::new(Method::POST, host, path)
    }

    fn new(method: Method, host: &str, path: &[&str]) -> Self {
        Self {
            method,
            address: address(host, path),
            has_query: false,
        }
    }

    /// Adds a method after a colon, as in `properties/1:runReport`. Comes before parameters.
    pub(super) fn verb(mut self, verb: &str) -> Self {
        if let Ok(address) = &mut self.address {
            address.push(':');
            address.push_str(verb);
        }
        self
    }

    /// Adds a parameter.
    pub(super) fn with(mut self, name: &str, value: impl Display) -> Self {
        if let Ok(address) = &mut self.address {
            address.push(if self.has_query { '&' } else { '?' });
            push_encoded(address, name);
            address.push('=');
            push_encoded(address, &value.to_string());
            self.has_query = true;
        }
        self
    }

    /// Adds a parameter where there is a value.
    pub(super) fn maybe(self, name: &str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The request without a body.
    pub(super) fn request(self) -> Result<Request> {
        let mut request = endpoint::get(self.address?)?;
        *request.method_mut() = self.method;
        Ok(request)
    }

    /// The request with a JSON body.
    pub(super) fn json(self, body: &impl serde::Serialize) -> Result<Request> {
        endpoint::send_json(self.method, self.address?, body)
    }
}

/// The parts of a resource's name: `accounts/1/locations/2` is four.
pub(super) fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split('/')
}

fn address(host: &str, path: &[&str]) -> Result<String> {
    let mut address = format!("https://{host}");
    for part in path {
        // A part that is a whole path step by itself would address something else.
        if matches!(*part, "" | "." | "..") {
            return Err(Error::input("id", "this can't be an id").with("id", part));
        }
        address.push('/');
        push_encoded(&mut address, part);
    }
    Ok(address)
}

/// Percent-encodes all but the unreserved characters (RFC 3986, 2.3), once.
fn push_encoded(address: &mut String, part: &str) {
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use connector_core::ErrorKind;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_site_stays_one_part_of_the_path() {
        let path = ["webmasters", "v3", "sites", "https://example.com/"];
        let request = Route::get("searchconsole.googleapis.com", &path).request();
        assert_eq!(
            request.unwrap().uri().to_string(),
            "https://searchconsole.googleapis.com/webmasters/v3/sites/https%3A%2F%2Fexample.com%2F"
        );
        for id in ["", ".", ".."] {
            let error = Route::get("x.googleapis.com", &["v1", id]).request();
            let error = error.unwrap_err();
            assert_eq!(
                (error.kind(), error.field()),
                (ErrorKind::InputInvalid, Some("id"))
            );
        }
    }

    #[test]
    fn a_verb_comes_before_the_parameters() {
        let request = Route::get("x.googleapis.com", &["v1", "locations", "2"])
            .verb("fetch")
            .with("dailyRange.startDate.year", 2026)
            .maybe("pageToken", Some("a+b=c"))
            .maybe("none", None::<u8>)
            .request()
            .unwrap();
        assert_eq!(
            request.uri().to_string(),
            "https://x.googleapis.com/v1/locations/2:fetch?dailyRange.startDate.year=2026\
             &pageToken=a%2Bb%3Dc"
        );
    }

    proptest! {
        #[test]
        fn any_text_comes_out_of_an_address_as_it_went_in(id in ".{1,40}", token in ".{1,40}") {
            prop_assume!(id != "." && id != "..");
            let request = Route::get("x.googleapis.com", &["items", &id])
                .with("pageToken", &token)
                .request()
                .unwrap();
            let url: url::Url = request.uri().to_string().parse().unwrap();
            let last = url.path_segments().unwrap().next_back().unwrap();
            let decoded = url::form_urlencoded::parse(last.as_bytes()).next().unwrap().0.into_owned();
            prop_assert_eq!(decoded, id);
            let values: Vec<String> = url.query_pairs().map(|(_, value)| value.into_owned()).collect();
            prop_assert_eq!(values, [token]);
        }
    }
}
