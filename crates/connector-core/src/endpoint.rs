//! One call of a platform's API, as a value.

use http::HeaderMap;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::transport::{Operation, Request, Response};

/// One API call: what is sent and what comes back, without any IO.
///
/// ```
/// use connector_core::{Endpoint, Operation, Request, Result, endpoint};
///
/// struct Ping;
///
/// impl Endpoint for Ping {
///     const OPERATION: Operation = Operation::read("Ping");
///     type Response = serde_json::Value;
///
///     fn request(&self) -> Result<Request> {
///         endpoint::get("https://api.example.com/ping")
///     }
/// }
/// assert_eq!(Ping.request()?.uri().path(), "/ping");
/// # Ok::<(), connector_core::Error>(())
/// ```
pub trait Endpoint: Send + Sync {
    /// The platform's name for the call, and whether it may be repeated.
    const OPERATION: Operation;

    /// What a successful answer holds.
    type Response: DeserializeOwned + Send;

    /// The request, without credential.
    ///
    /// # Errors
    /// [`InputInvalid`](crate::ErrorKind::InputInvalid) when its values can't make a request.
    fn request(&self) -> Result<Request>;

    /// Reads a successful answer; by default its JSON.
    ///
    /// # Errors
    /// [`ContractBroken`](crate::ErrorKind::ContractBroken) with the path of what is wrong, and
    /// without the body.
    fn parse(&self, response: &Response) -> Result<Self::Response> {
        json(response.body())
    }
}

/// Reads JSON. When it isn't what it should be, reads it once more to say where.
///
/// # Errors
/// [`ContractBroken`](crate::ErrorKind::ContractBroken) with `path`, line and column, and without
/// the body.
pub fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    serde_json::from_slice(body).map_err(|first| {
        let mut reader = serde_json::Deserializer::from_slice(body);
        let path = match serde_path_to_error::deserialize::<_, T>(&mut reader) {
            Err(error) => error.path().to_string(),
            Ok(_) => String::from("."),
        };
        let what = match first.classify() {
            serde_json::error::Category::Eof => "the answer breaks off",
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
                "the answer is not JSON"
            }
            serde_json::error::Category::Data => "the answer has an unexpected shape",
        };
        Error::contract(what)
            .with("path", path)
            .with("line", first.line())
            .with("column", first.column())
    })
}

/// A GET request that accepts JSON.
///
/// # Errors
/// [`InputInvalid`](crate::ErrorKind::InputInvalid) when the address can't be one.
pub fn get(url: impl AsRef<str>) -> Result<Request> {
    build(http::Method::GET, url.as_ref(), None)
}

/// A request with a JSON body.
///
/// # Errors
/// [`InputInvalid`](crate::ErrorKind::InputInvalid) when the address can't be one, or the body
/// can't be written.
pub fn send_json<B: serde::Serialize + ?Sized>(
    method: http::Method,
    url: impl AsRef<str>,
    body: &B,
) -> Result<Request> {
    let body = serde_json::to_vec(body).map_err(|_cause| {
        Error::new(
            crate::ErrorKind::Unexpected,
            "the request can't be written as JSON",
        )
    })?;
    build(method, url.as_ref(), Some(body))
}

fn build(method: http::Method, url: &str, json: Option<Vec<u8>>) -> Result<Request> {
    let mut headers = HeaderMap::new();
    headers.insert(
        http::header::ACCEPT,
        http::HeaderValue::from_static("application/json"),
    );
    let body = match json {
        Some(body) => {
            headers.insert(
                http::header::CONTENT_TYPE,
                http::HeaderValue::from_static("application/json"),
            );
            body.into()
        }
        None => bytes::Bytes::new(),
    };
    let mut request = http::Request::builder()
        .method(method)
        .uri(url)
        .body(body)
        .map_err(|cause| Error::input("url", "this can't be an address").with_source(cause))?;
    *request.headers_mut() = headers;
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[derive(Debug, serde::Deserialize)]
    struct Page {
        #[expect(dead_code, reason = "only its reading is tested")]
        orders: Vec<Order>,
    }

    #[derive(Debug, serde::Deserialize)]
    struct Order {
        #[expect(dead_code, reason = "only its reading is tested")]
        id: u64,
    }

    #[test]
    fn a_wrong_shape_names_its_path_and_never_its_value() {
        let body = br#"{"orders":[{"id":1},{"id":"s3cret"}]}"#;
        let error = json::<Page>(body).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ContractBroken);
        assert_eq!(error.context("path"), Some("orders[1].id"));
        assert!(!format!("{error:?}").contains("s3cret"));
    }

    #[test]
    fn a_page_of_html_is_no_json() {
        let error = json::<Page>(b"<html>").unwrap_err();
        assert_eq!(error.message(), "the answer is not JSON");
    }
}
