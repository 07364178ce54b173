//! Meta as its clients see it, through the sandbox's own door.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod ads;
mod authorisation;
mod insights;
mod limits;
mod reading;
mod recorded;
mod webhooks;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use crossdock_sandbox::{Options, Reply, Sandbox};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, Request};
use serde_json::Value;
use sha2::Sha256;
use url::Url;
use url::form_urlencoded::Serializer;

/// The app's id and secret, as everybody knows them.
const APP: &str = "100000000000001";
const SECRET: &str = "sandbox-meta-secret";

/// The person's token, and the studio's page, Instagram account and ad account.
const TOKEN: &str = "sbx_meta_user_demo";
const PAGE: &str = "104000000000001";
const INSTAGRAM: &str = "17841400000000001";
const ACCOUNT: &str = "act_400000000000001";

/// A sandbox, and the clock that drives it.
struct Meta {
    sandbox: Sandbox,
    now: DateTime<Utc>,
}

/// A reply, taken apart.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Answer {
    /// The code and the subcode of a refusal.
    fn fault(&self) -> (u64, Option<u64>) {
        let error = &self.body["error"];
        assert!(error["fbtrace_id"].is_string(), "{}", self.body);
        (
            error["code"].as_u64().unwrap(),
            error["error_subcode"].as_u64(),
        )
    }
}

impl Meta {
    fn new() -> Self {
        let now = "2026-11-20T12:00:00Z".parse().unwrap();
        Self {
            sandbox: Sandbox::new(Options::new(now)),
            now,
        }
    }

    fn send(&mut self, request: Request<Bytes>) -> http::Response<Bytes> {
        let Reply::Answer(response) = self.sandbox.handle(request, self.now) else {
            panic!("no answer");
        };
        response
    }

    /// A call to the Graph API with nothing added.
    fn plain(&mut self, method: &str, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let query = Serializer::new(String::new()).extend_pairs(pairs).finish();
        let uri = format!("https://graph.facebook.com/v26.0{path}?{query}");
        let request = Request::builder().method(method).uri(uri);
        let response = self.send(request.body(Bytes::new()).unwrap());
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: serde_json::from_slice(&body).unwrap(),
        }
    }

    /// A call with a token and its proof.
    fn call(&mut self, method: &str, token: &str, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let proof = proof(token);
        let mut all = vec![("access_token", token), ("appsecret_proof", &proof)];
        all.extend(pairs);
        self.plain(method, path, &all)
    }

    /// What is read with the person's token.
    fn get(&mut self, path: &str, pairs: &[(&str, &str)]) -> Value {
        self.get_as(TOKEN, path, pairs)
    }

    /// What is read with some token.
    fn get_as(&mut self, token: &str, path: &str, pairs: &[(&str, &str)]) -> Value {
        let answer = self.call("GET", token, path, pairs);
        assert_eq!(answer.status, 200, "GET {path}: {}", answer.body);
        answer.body
    }

    /// A page's token.
    fn page_token(&mut self, page: &str) -> String {
        let pages = self.get("/me/accounts", &[("fields", "access_token")]);
        let found = pages["data"]
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["id"] == page);
        found.unwrap()["access_token"].as_str().unwrap().to_owned()
    }

    /// All items of a list, page by page as a client reads it, and how many pages there were.
    fn walk(&mut self, token: &str, path: &str, pairs: &[(&str, &str)]) -> (Vec<Value>, usize) {
        let mut items = Vec::new();
        let mut answer = self.get_as(token, path, pairs);
        for pages in 1..200 {
            items.extend(answer["data"].as_array().unwrap().iter().cloned());
            let Some(next) = answer["paging"]["next"].as_str() else {
                return (items, pages);
            };
            // The address holds the token, and not the proof.
            let next = Url::parse(next).unwrap();
            assert!(
                next.query_pairs()
                    .any(|(name, value)| name == "access_token" && value == token)
            );
            assert!(
                !next
                    .query_pairs()
                    .any(|(name, _)| name == "appsecret_proof")
            );
            let request = Request::get(format!("{next}&appsecret_proof={}", proof(token)));
            let response = self.send(request.body(Bytes::new()).unwrap());
            assert_eq!(response.status(), 200);
            answer = serde_json::from_slice(response.body()).unwrap();
        }
        panic!("{path} never ends");
    }

    fn control(&mut self, verb: &str, body: &Value) -> Value {
        // Verbs happen at the time of the last request.
        let clock = Request::get("http://127.0.0.1:9400/_sandbox/clock");
        self.send(clock.body(Bytes::new()).unwrap());
        self.sandbox.control("meta", verb, body).unwrap()
    }

    fn pass(&mut self, length: TimeDelta) {
        self.now += length;
    }
}

/// The proof that the app's server sends a token.
fn proof(token: &str) -> String {
    signature(token.as_bytes())
}

fn signature(message: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    hex::encode(mac.chain_update(message).finalize().into_bytes())
}

/// How many items a list has.
fn len(page: &Value) -> usize {
    page["data"].as_array().unwrap().len()
}
