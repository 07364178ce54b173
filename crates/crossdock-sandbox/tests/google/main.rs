//! Google as its clients see it, through the sandbox's own door.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod ads;
mod analytics;
mod business;
mod calendar;
mod merchant;
mod oauth;
mod recordings;
mod search;
mod youtube;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use crossdock_sandbox::{Options, Reply, Sandbox};
use http::{HeaderMap, Request};
use serde_json::Value;

const CLIENT: &str = "sandbox-google-client.apps.googleusercontent.com";
const TESTING: &str = "sandbox-google-testing.apps.googleusercontent.com";
const SECRET: &str = "sandbox-google-secret";
const REFRESH: &str = "sbx_google_refresh_demo";
const SCOPE: &str = "https://www.googleapis.com/auth/";

/// A sandbox, the clock that drives it, and an access token.
struct Google {
    sandbox: Sandbox,
    now: DateTime<Utc>,
    token: String,
}

/// A reply, taken apart.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
    text: String,
}

impl Google {
    fn new() -> Self {
        // 2026-11-20 12:00 in UTC.
        let now = DateTime::from_timestamp(1_795_176_000, 0).unwrap();
        let mut google = Self {
            sandbox: Sandbox::new(Options::new(now)),
            now,
            token: String::new(),
        };
        google.sign_in();
        google
    }

    /// A new access token, by the refresh token that everybody knows.
    fn sign_in(&mut self) {
        let renewed = self.renew(CLIENT, REFRESH);
        renewed.body["access_token"]
            .as_str()
            .unwrap()
            .clone_into(&mut self.token);
    }

    /// Sends a request to a real address.
    fn send(&mut self, request: http::request::Builder, body: String) -> Answer {
        let request = request.body(Bytes::from(body)).unwrap();
        let Reply::Answer(response) = self.sandbox.handle(request, self.now) else {
            panic!("no answer");
        };
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: serde_json::from_slice(&body).unwrap_or_default(),
            text: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    /// Calls an interface with the token; a body makes it a POST.
    fn call(&mut self, address: &str, body: Option<&Value>) -> Answer {
        let request = Request::builder()
            .method(if body.is_some() { "POST" } else { "GET" })
            .uri(format!("https://{address}"))
            .header("authorization", format!("Bearer {}", self.token));
        self.send(request, body.map(Value::to_string).unwrap_or_default())
    }

    fn get(&mut self, address: &str) -> Value {
        let answer = self.call(address, None);
        assert_eq!(answer.status, 200, "GET {address}: {}", answer.text);
        answer.body
    }

    fn post(&mut self, address: &str, body: &Value) -> Value {
        let answer = self.call(address, Some(body));
        assert_eq!(answer.status, 200, "POST {address}: {}", answer.text);
        answer.body
    }

    /// Posts a form without a token.
    fn form(&mut self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = Request::post(format!("https://{address}"))
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request, body)
    }

    fn renew(&mut self, client: &str, refresh: &str) -> Answer {
        self.form(
            "oauth2.googleapis.com/token",
            &[
                ("grant_type", "refresh_token"),
                ("refresh_token", refresh),
                ("client_id", client),
                ("client_secret", SECRET),
            ],
        )
    }

    /// Reads all pages of a list that is asked for with GET. `list` is where the entries are.
    fn pages(&mut self, address: &str, list: &str) -> Vec<Value> {
        let mut entries = Vec::new();
        let mut page = String::new();
        loop {
            let sign = if address.contains('?') { '&' } else { '?' };
            let body = self.get(&format!("{address}{sign}pageToken={page}"));
            entries.extend(body[list].as_array().cloned().unwrap_or_default());
            match body["nextPageToken"].as_str() {
                Some(token) => token.clone_into(&mut page),
                None => return entries,
            }
            assert!(entries.len() < 100_000, "the pages of {address} do not end");
        }
    }

    fn control(&mut self, verb: &str, body: &Value) -> Value {
        self.sandbox.control("google", verb, body).unwrap()
    }

    fn advance(&mut self, by: TimeDelta) {
        self.now += by;
    }

    fn count(&self, stream: &str) -> usize {
        usize::try_from(self.sandbox.census()["google"][stream]).unwrap()
    }
}
