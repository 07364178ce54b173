//! Builds requests of the Selling Partner API: paths whose parts can't break out of their place,
//! lists with commas, and a token other than the seller's where an operation wants one.

use std::fmt::{self, Display};

use chrono::{DateTime, SecondsFormat, Utc};
use connector_core::{
    Endpoint, Error, Operation, Request, Response, Result, SecretString, endpoint,
};
use http::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::region::Server;

/// One operation, without the server that it is asked of: [`Server::ask`] makes an endpoint of it.
pub trait Call: Send + Sync {
    /// Amazon's name for it, and whether it may be repeated.
    const OPERATION: Operation;

    /// What a successful answer holds.
    type Response: DeserializeOwned + Send;

    /// The request to this server, without credential.
    ///
    /// # Errors
    /// [`InputInvalid`](connector_core::ErrorKind::InputInvalid) when its values can't make one.
    fn request(&self, server: Server) -> Result<Request>;

    /// Reads a successful answer; by default its JSON.
    ///
    /// # Errors
    /// [`ContractBroken`](connector_core::ErrorKind::ContractBroken) with the path of what is wrong.
    fn parse(&self, response: &Response) -> Result<Self::Response> {
        endpoint::json(response.body())
    }
}

/// One operation of one server: what a session calls.
#[derive(Clone, Debug)]
pub struct Asked<C> {
    call: C,
    server: Server,
    token: Option<SecretString>,
}

impl Server {
    /// An operation, asked of this server.
    #[must_use]
    pub const fn ask<C: Call>(self, call: C) -> Asked<C> {
        Asked {
            call,
            server: self,
            token: None,
        }
    }
}

impl<C> Asked<C> {
    /// The same, proven by another token than the seller's: a restricted data token, or one of the
    /// application's own for what needs no seller.
    #[must_use]
    pub fn with_token(mut self, token: SecretString) -> Self {
        self.token = Some(token);
        self
    }
}

impl<C: Call> Endpoint for Asked<C> {
    const OPERATION: Operation = C::OPERATION;
    type Response = C::Response;

    fn request(&self) -> Result<Request> {
        let mut request = self.call.request(self.server)?;
        if let Some(token) = &self.token {
            request.extensions_mut().insert(AccessToken(token.clone()));
        }
        Ok(request)
    }

    fn parse(&self, response: &Response) -> Result<C::Response> {
        self.call.parse(response)
    }
}

/// In a request's extensions: the token to send instead of the seller's.
#[derive(Clone)]
pub(crate) struct AccessToken(pub(crate) SecretString);

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken")
    }
}

/// What older APIs wrap their answers in.
#[derive(Clone, Debug, Deserialize)]
pub struct Payload<T> {
    /// The answer.
    pub payload: T,
}

/// A request that is being built.
#[derive(Debug)]
pub(crate) struct Route {
    method: Method,
    /// The address so far, or the part of the path that can't be one.
    address: Result<String>,
    has_query: bool,
}

impl Route {
    pub(crate) fn get(server: Server, path: &[&str]) -> Self {
        Self::new(Method::GET, server, path)
    }

    pub(crate) fn new(method: Method, server: Server, path: &[&str]) -> Self {
        Self {
            method,
            address: address(server, path),
            has_query: false,
        }
    }

    /// Adds a parameter.
    pub(crate) fn with(mut self, name: &str, value: impl Display) -> Self {
        if let Ok(address) = &mut self.address {
            address.push(if self.has_query { '&' } else { '?' });
            push_encoded(address, name);
            address.push('=');
            push_encoded(address, &value.to_string());
            self.has_query = true;
        }
        self
    }

    /// Adds a parameter where there is a value. An empty one is left out: Amazon refuses them.
    pub(crate) fn maybe(self, name: &str, value: Option<impl Display>) -> Self {
        match value.map(|value| value.to_string()) {
            Some(value) if !value.is_empty() => self.with(name, value),
            _ => self,
        }
    }

    /// Adds an instant in the form of ISO 8601 that Amazon takes.
    pub(crate) fn at(self, name: &str, at: Option<DateTime<Utc>>) -> Self {
        self.maybe(
            name,
            at.map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        )
    }

    /// Adds a list, with commas between its values. An empty one is left out.
    pub(crate) fn list(self, name: &str, values: &[impl AsRef<str>]) -> Self {
        let values: Vec<&str> = values.iter().map(AsRef::as_ref).collect();
        self.maybe(name, Some(values.join(",")))
    }

    /// The request without a body.
    pub(crate) fn request(self) -> Result<Request> {
        let mut request = endpoint::get(self.address?)?;
        *request.method_mut() = self.method;
        Ok(request)
    }

    /// The request with a JSON body.
    pub(crate) fn json(self, body: &impl serde::Serialize) -> Result<Request> {
        endpoint::send_json(self.method, self.address?, body)
    }
}

fn address(server: Server, path: &[&str]) -> Result<String> {
    let mut address = format!("https://{}", server.host());
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
    use crate::region::{Environment, Region};

    const SERVER: Server = Server::new(Region::Europe, Environment::Production);

    #[test]
    fn a_sku_stays_one_part_of_the_path() {
        let path = ["listings", "2021-08-01", "items", "A0", "a/b +?é"];
        let request = Route::get(SERVER, &path).request().unwrap();
        assert_eq!(
            request.uri().to_string(),
            "https://sellingpartnerapi-eu.amazon.com/listings/2021-08-01/items/A0/a%2Fb%20%2B%3F%C3%A9"
        );
        for id in ["", ".", ".."] {
            let error = Route::get(SERVER, &["orders", id]).request().unwrap_err();
            assert_eq!(
                (error.kind(), error.field()),
                (ErrorKind::InputInvalid, Some("id"))
            );
        }
    }

    #[test]
    fn parameters_are_encoded_once_and_empty_ones_left_out() {
        let request = Route::get(SERVER, &["x"])
            .list("marketplaceIds", &["A", "B"])
            .list("includedData", &[] as &[&str])
            .maybe("pageToken", Some("a+b/c=%2B"))
            .maybe("nextToken", Some(""))
            .maybe("pageSize", None::<u32>)
            .at("lastUpdatedAfter", Some(DateTime::UNIX_EPOCH))
            .request()
            .unwrap();
        assert_eq!(
            request.uri().query(),
            Some(
                "marketplaceIds=A%2CB&pageToken=a%2Bb%2Fc%3D%252B\
                 &lastUpdatedAfter=1970-01-01T00%3A00%3A00Z"
            )
        );
        assert!(request.body().is_empty());
    }

    proptest! {
        #[test]
        fn any_text_comes_out_of_an_address_as_it_went_in(sku in ".{1,40}", token in ".{1,40}") {
            prop_assume!(sku != "." && sku != "..");
            let request = Route::get(SERVER, &["items", &sku])
                .with("pageToken", &token)
                .request()
                .unwrap();
            let url: url::Url = request.uri().to_string().parse().unwrap();
            let last = url.path_segments().unwrap().next_back().unwrap();
            // A path has no plus sign for a space, so it reads like a query without one.
            let decoded = url::form_urlencoded::parse(last.as_bytes()).next().unwrap().0.into_owned();
            prop_assert_eq!(decoded, sku);
            let values: Vec<String> = url.query_pairs().map(|(_, value)| value.into_owned()).collect();
            prop_assert_eq!(values, [token]);
        }
    }
}
