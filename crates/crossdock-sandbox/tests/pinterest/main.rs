//! Pinterest as its clients see it, through the sandbox's own door.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod ads;
mod oauth;
mod organic;
mod recordings;

use base64::Engine as _;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use crossdock_sandbox::{Options, Reply, Sandbox};
use http::{HeaderMap, Request};
use serde_json::Value;

const REFRESH: &str = "sbx_pinterest_refresh_demo";
const API: &str = "https://api.pinterest.com/v5";

/// A sandbox, the clock that drives it, and an access token.
struct Pinterest {
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

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

impl Pinterest {
    fn new() -> Self {
        // 2026-11-20 12:00 in UTC.
        let now = DateTime::from_timestamp(1_795_176_000, 0).unwrap();
        let mut pinterest = Self {
            sandbox: Sandbox::new(Options::new(now)),
            now,
            token: String::new(),
        };
        pinterest.sign_in();
        pinterest
    }

    /// A new access token, by the refresh token that everybody knows.
    fn sign_in(&mut self) {
        let renewed = self.exchange(
            API,
            &format!("grant_type=refresh_token&refresh_token={REFRESH}"),
        );
        renewed.body["access_token"]
            .as_str()
            .unwrap()
            .clone_into(&mut self.token);
    }

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

    /// The token endpoint of a host, as the app.
    fn exchange(&mut self, api: &str, form: &str) -> Answer {
        let basic =
            base64::engine::general_purpose::STANDARD.encode("1000001:sandbox-pinterest-secret");
        let request = Request::post(format!("{api}/oauth/token"))
            .header("authorization", format!("Basic {basic}"))
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request, form.to_owned())
    }

    fn get(&mut self, path: &str) -> Answer {
        let token = format!("Bearer {}", self.token);
        let request = Request::get(format!("{API}{path}")).header("authorization", token);
        self.send(request, String::new())
    }

    fn post(&mut self, path: &str, body: &Value) -> Answer {
        let token = format!("Bearer {}", self.token);
        let request = Request::post(format!("{API}{path}"))
            .header("authorization", token)
            .header("content-type", "application/json");
        self.send(request, body.to_string())
    }

    fn control(&mut self, verb: &str, body: &Value) -> Answer {
        let request = Request::post(format!("/_sandbox/platforms/pinterest/{verb}"));
        self.send(request, body.to_string())
    }

    fn wait(&mut self, seconds: i64) {
        self.now += TimeDelta::seconds(seconds);
    }

    /// All items of a list, and the sizes of its pages.
    fn all(&mut self, path: &str) -> (Vec<Value>, Vec<usize>) {
        let (mut items, mut sizes) = (Vec::new(), Vec::new());
        let mut bookmark = String::new();
        loop {
            let answer = self.get(&format!("{path}{bookmark}"));
            assert_eq!(answer.status, 200, "{}", answer.text);
            let page = answer.body["items"].as_array().unwrap();
            items.extend(page.iter().cloned());
            sizes.push(page.len());
            match answer.body["bookmark"].as_str() {
                Some(mark) => bookmark = format!("&bookmark={mark}"),
                None => return (items, sizes),
            }
        }
    }
}
