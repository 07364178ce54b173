//! alias as its clients see it, through the sandbox's own door.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod batches;
mod catalog;
mod listings;
mod operations;
mod orders;
mod tokens;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use crossdock_sandbox::{Options, Reply, Sandbox};
use http::{HeaderMap, Request};
use serde_json::Value;

/// A sandbox, and the clock that drives it.
struct Alias {
    sandbox: Sandbox,
    now: DateTime<Utc>,
    token: String,
}

/// A reply, taken apart.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Alias {
    fn new() -> Self {
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let sandbox = Sandbox::new(Options::new(now));
        Self {
            sandbox,
            now,
            token: "sbx_pat_demo".to_owned(),
        }
    }

    fn send(&mut self, method: &str, path: &str, body: Option<&Value>, typed: bool) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("https://api.alias.org/api/v1{path}"))
            .header("authorization", format!("Bearer {}", self.token));
        if typed {
            request = request.header("content-type", "application/json");
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        let Reply::Answer(response) = self
            .sandbox
            .handle(request.body(Bytes::from(body)).unwrap(), self.now)
        else {
            panic!("no answer to {method} {path}");
        };
        let (parts, body) = response.into_parts();
        let body = serde_json::from_slice(&body).unwrap();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        }
    }

    fn get(&mut self, path: &str) -> Value {
        let answer = self.send("GET", path, None, false);
        assert_eq!(answer.status, 200, "GET {path}: {}", answer.body);
        answer.body
    }

    fn write(&mut self, method: &str, path: &str) -> Value {
        let answer = self.send(method, path, None, true);
        assert_eq!(answer.status, 200, "{method} {path}: {}", answer.body);
        answer.body
    }

    fn post_json(&mut self, path: &str, body: &Value) -> Value {
        let answer = self.send("POST", path, Some(body), true);
        assert_eq!(answer.status, 200, "POST {path}: {}", answer.body);
        answer.body
    }

    /// The HTTP status and the code of a refusal.
    fn refused(&mut self, method: &str, path: &str) -> (u16, u64) {
        let answer = self.send(method, path, None, true);
        assert!(answer.body["message"].is_string() && answer.body["details"].is_array());
        (answer.status, answer.body["code"].as_u64().unwrap())
    }

    /// Reads all pages. `list` and `next` are where the entries and the next token are.
    fn pages(&mut self, path: &str, list: &str, next: &str) -> Vec<Vec<Value>> {
        let mut pages = Vec::new();
        let mut token = String::new();
        loop {
            let sign = if path.contains('?') { '&' } else { '?' };
            let body = self.get(&format!("{path}{sign}pagination_token={token}"));
            pages.push(body[list].as_array().unwrap().clone());
            body.pointer(next)
                .unwrap()
                .as_str()
                .unwrap()
                .clone_into(&mut token);
            if token.is_empty() {
                return pages;
            }
            assert!(pages.len() < 1000, "the pages of {path} do not end");
        }
    }

    fn advance(&mut self, seconds: i64) {
        self.now += TimeDelta::seconds(seconds);
    }

    fn control(&mut self, verb: &str, body: &Value) -> Value {
        self.sandbox.control("alias", verb, body).unwrap()
    }

    /// An item that can be listed without pictures.
    fn item(&mut self) -> Value {
        let items = self.get("/catalog?query=sneakers");
        let listable = |item: &&Value| {
            item["resellable"] == true && item["requires_listing_pictures"] == false
        };
        items["catalog_items"]
            .as_array()
            .unwrap()
            .iter()
            .find(listable)
            .unwrap()
            .clone()
    }

    fn count(&self, stream: &str) -> usize {
        usize::try_from(self.sandbox.census()["alias"][stream]).unwrap()
    }
}

/// The ids of entries, in order.
fn ids(entries: &[Value]) -> Vec<&str> {
    entries
        .iter()
        .map(|entry| entry["id"].as_str().unwrap())
        .collect()
}
