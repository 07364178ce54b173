//! Builds requests: paths whose parts can't break out of their place, and the query strings into
//! which alias wants the fields even of writes.

use std::fmt::Display;

use connector_core::{Error, Request, Result, endpoint};
use http::Method;
use url::form_urlencoded::Serializer;

use super::BASE;

/// A request that is being built.
pub(super) struct Call {
    method: Method,
    /// The address without the query, or the part of the path that can't be one.
    address: Result<String>,
    query: Serializer<'static, String>,
}

impl Call {
    pub(super) fn get(path: &[&str]) -> Self {
        Self::new(Method::GET, path)
    }

    pub(super) fn post(path: &[&str]) -> Self {
        Self::new(Method::POST, path)
    }

    pub(super) fn delete(path: &[&str]) -> Self {
        Self::new(Method::DELETE, path)
    }

    fn new(method: Method, path: &[&str]) -> Self {
        Self {
            method,
            address: address(path),
            query: Serializer::new(String::new()),
        }
    }

    /// Adds a parameter.
    pub(super) fn with(mut self, name: &str, value: impl Display) -> Self {
        self.query.append_pair(name, &value.to_string());
        self
    }

    /// Adds a parameter where there is a value. An empty text is left out: alias refuses some.
    pub(super) fn maybe(self, name: &str, value: Option<impl Display>) -> Self {
        match value.map(|value| value.to_string()) {
            Some(value) if !value.is_empty() => self.with(name, value),
            _ => self,
        }
    }

    /// Adds a parameter once per value.
    pub(super) fn each(self, name: &str, values: &[impl Display]) -> Self {
        values
            .iter()
            .fold(self, |call, value| call.with(name, value))
    }

    /// Adds the entries of a map as `name[key]=value`.
    pub(super) fn map<'a>(
        self,
        name: &str,
        entries: impl IntoIterator<Item = (&'a String, &'a String)>,
    ) -> Self {
        entries.into_iter().fold(self, |call, (key, value)| {
            call.with(&format!("{name}[{key}]"), value)
        })
    }

    /// The request without a body.
    pub(super) fn request(self) -> Result<Request> {
        let method = self.method.clone();
        let mut request = endpoint::get(self.url()?)?;
        *request.method_mut() = method;
        Ok(request)
    }

    /// The request with a JSON body.
    pub(super) fn json(self, body: &impl serde::Serialize) -> Result<Request> {
        let method = self.method.clone();
        endpoint::send_json(method, self.url()?, body)
    }

    fn url(mut self) -> Result<String> {
        let mut url = self.address?;
        let query = self.query.finish();
        if !query.is_empty() {
            url.push('?');
            url.push_str(&query);
        }
        Ok(url)
    }
}

fn address(path: &[&str]) -> Result<String> {
    let mut address = BASE.to_owned();
    for part in path {
        // A part that is a whole path step by itself would address something else.
        if matches!(*part, "" | "." | "..") {
            return Err(Error::input("id", "this can't be an id").with("id", part));
        }
        address.push('/');
        for byte in part.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
                address.push(char::from(byte));
            } else {
                address.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    Ok(address)
}

#[cfg(test)]
mod tests {
    use connector_core::ErrorKind;

    use super::*;

    #[test]
    fn an_id_stays_one_part_of_the_path() {
        let request = Call::get(&["orders", "a/b?c=é d"]).request().unwrap();
        assert_eq!(
            request.uri().path(),
            "/api/v1/orders/a%2Fb%3Fc%3D%C3%A9%20d"
        );
        assert_eq!(request.uri().query(), None);
        for id in ["", ".", ".."] {
            let error = Call::delete(&["listings", id]).request().unwrap_err();
            assert_eq!(
                (error.kind(), error.field()),
                (ErrorKind::InputInvalid, Some("id"))
            );
        }
    }

    #[test]
    fn parameters_are_encoded_and_empty_ones_left_out() {
        let request = Call::post(&["listings"])
            .with("price_cents", 2500)
            .maybe("region_id", Some(""))
            .maybe("size", Some(10.0))
            .maybe("limit", None::<u32>)
            .each("ids", &["a", "b&c"])
            .map("metadata", [(&"k".to_owned(), &"v w".to_owned())])
            .request()
            .unwrap();
        assert_eq!(
            request.uri().query(),
            Some("price_cents=2500&size=10&ids=a&ids=b%26c&metadata%5Bk%5D=v+w")
        );
        assert_eq!(request.method(), Method::POST);
    }
}
