//! A transport that answers with recorded keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::DateTime;
use connector_core::{Context, Download, Error, ErrorKind, Request, Response, Result, Transport};
use connector_testkit::{SeededEntropy, TestClock};
use serde_json::Value;

/// An answer of eBay's.
pub(crate) fn response(status: u16, body: &str) -> Response {
    http::Response::builder()
        .status(status)
        .body(body.to_owned().into())
        .unwrap()
}

/// Gives out application tokens and one public key, and has nothing else.
#[derive(Debug)]
struct Keys(BTreeMap<String, Value>);

#[async_trait]
impl Transport for Keys {
    async fn send(&self, request: Request) -> Result<Response> {
        let path = request.uri().path();
        if path.ends_with("/oauth2/token") {
            let body = r#"{"access_token":"made-up","expires_in":7200,"token_type":"Application Access Token"}"#;
            return Ok(response(200, body));
        }
        let key = path
            .strip_prefix("/commerce/notification/v1/public_key/")
            .and_then(|id| self.0.get(id));
        Ok(match key {
            Some(key) => response(200, &key.to_string()),
            None => response(
                404,
                r#"{"errors":[{"errorId":195001,"domain":"API_NOTIFICATION"}]}"#,
            ),
        })
    }

    async fn fetch(&self, _request: Request) -> Result<Download> {
        Err(Error::new(ErrorKind::NotFound, "nothing is downloaded"))
    }
}

/// A context in which eBay has these public keys.
pub(crate) fn context(keys: BTreeMap<String, Value>) -> Context {
    Context::new(
        Arc::new(Keys(keys)),
        Arc::new(TestClock::new(DateTime::UNIX_EPOCH)),
        Arc::new(SeededEntropy::new(1)),
    )
}
