//! Amazon as its clients see it, through the sandbox's own door.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod listings;
mod login;
mod money;
mod notifications;
mod orders;
mod recordings;
mod reports;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use crossdock_sandbox::{Options, Reply, Sandbox};
use http::{HeaderMap, Request};
use serde_json::{Value, json};

const NA: &str = "sellingpartnerapi-na.amazon.com";
const EU: &str = "sellingpartnerapi-eu.amazon.com";
const FE: &str = "sellingpartnerapi-fe.amazon.com";
const US: &str = "ATVPDKIKX0DER";
const SELLER: &str = "A0SANDBOXSELLER";
const CLIENT: &str = "amzn1.application-oa2-client.sandbox";
const SECRET: &str = "sandbox-amazon-secret";

/// A sandbox, the clock that drives it, and a seller's token.
struct Amazon {
    sandbox: Sandbox,
    now: DateTime<Utc>,
    host: &'static str,
    token: String,
}

/// A reply, taken apart.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: HeaderMap,
    bytes: Bytes,
    body: Value,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Status, code and details of a refusal.
    fn refusal(&self) -> (u16, &str, &str) {
        let error = &self.body["errors"][0];
        (
            self.status,
            error["code"].as_str().unwrap(),
            error["details"].as_str().unwrap(),
        )
    }
}

impl Amazon {
    /// With a token of the account in North America.
    fn new() -> Self {
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let mut amazon = Self {
            sandbox: Sandbox::new(Options::new(now)),
            now,
            host: NA,
            token: String::new(),
        };
        amazon.log_in("sbx_lwa_refresh_demo");
        amazon
    }

    fn exchange(&mut self, request: Request<Bytes>) -> Answer {
        let target = request.uri().clone();
        let Reply::Answer(response) = self.sandbox.handle(request, self.now) else {
            panic!("no answer to {target}");
        };
        let (parts, bytes) = response.into_parts();
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            bytes,
            body,
        }
    }

    fn post_token(&mut self, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = Request::post("https://api.amazon.com/auth/o2/token").header(
            "content-type",
            "application/x-www-form-urlencoded;charset=UTF-8",
        );
        self.exchange(request.body(Bytes::from(body)).unwrap())
    }

    fn refresh(&mut self, refresh: &str) -> Answer {
        self.post_token(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh),
            ("client_id", CLIENT),
            ("client_secret", SECRET),
        ])
    }

    fn log_in(&mut self, refresh: &str) {
        let answer = self.refresh(refresh);
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body["access_token"]
            .as_str()
            .unwrap()
            .clone_into(&mut self.token);
    }

    fn send(&mut self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("https://{}{path}", self.host))
            .header("user-agent", "Tests/1.0 (Language=Rust)");
        if !self.token.is_empty() {
            request = request.header("x-amz-access-token", &self.token);
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        self.exchange(request.body(Bytes::from(body)).unwrap())
    }

    fn get(&mut self, path: &str) -> Value {
        let answer = self.send("GET", path, None);
        assert_eq!(answer.status, 200, "GET {path}: {}", answer.body);
        answer.body
    }

    /// Reads all pages, waiting as long as the rate asks for. `list` and `next` are where the
    /// entries and the next token are, `parameter` is where the token goes.
    fn pages(&mut self, path: &str, list: &str, next: &str, parameter: &str) -> Vec<Vec<Value>> {
        let mut pages = Vec::new();
        let mut target = path.to_owned();
        loop {
            let body = self.get(&target);
            pages.push(body.pointer(list).unwrap().as_array().unwrap().clone());
            let Some(token) = body.pointer(next).and_then(Value::as_str) else {
                return pages;
            };
            target = format!("{path}&{parameter}={token}");
            assert!(pages.len() < 1000, "the pages of {path} do not end");
        }
    }

    fn post(&mut self, path: &str, body: &Value) -> Value {
        let answer = self.send("POST", path, Some(body));
        assert!(answer.status < 300, "POST {path}: {}", answer.body);
        answer.body
    }

    fn advance(&mut self, seconds: i64) {
        self.now += TimeDelta::seconds(seconds);
    }

    fn control(&mut self, verb: &str, body: &Value) -> Value {
        self.sandbox.control("amazon-spapi", verb, body).unwrap()
    }

    /// Lets every rate be exceeded: for tests of something else.
    fn unlimited(mut self) -> Self {
        self.control("limits/set", &json!({"enforced": false}));
        self
    }

    fn count(&self, stream: &str) -> usize {
        usize::try_from(self.sandbox.census()["amazon-spapi"][stream]).unwrap()
    }
}

/// The texts at a place of several values.
fn texts<'v>(values: &'v [Value], pointer: &str) -> Vec<&'v str> {
    values
        .iter()
        .map(|value| value.pointer(pointer).unwrap().as_str().unwrap())
        .collect()
}

#[test]
fn the_account_says_where_it_sells() {
    let mut amazon = Amazon::new();
    let answer = amazon.send("GET", "/sellers/v1/marketplaceParticipations", None);
    assert_eq!(answer.header("x-amzn-ratelimit-limit"), Some("0.016"));
    assert!(answer.header("x-amzn-requestid").is_some());
    let list = answer.body["payload"].as_array().unwrap();
    assert_eq!(
        texts(list, "/marketplace/defaultCurrencyCode"),
        ["USD", "CAD", "MXN", "BRL"]
    );
    assert_eq!(list[3]["participation"]["isParticipating"], false);
    let account = amazon.get("/sellers/v1/account");
    assert_eq!(account["payload"]["sellingPlan"], "PROFESSIONAL");
    assert!(!account.to_string().contains(SELLER));
}

#[test]
fn limits_are_kept_and_told_where_the_platform_tells_them() {
    let mut amazon = Amazon::new();
    for _ in 0..15 {
        amazon.get("/sellers/v1/account");
    }
    let answer = amazon.send("GET", "/sellers/v1/account", None);
    assert_eq!(answer.refusal(), (429, "QuotaExceeded", ""));
    assert!(answer.header("x-amzn-ratelimit-limit").is_none());
    assert!(answer.header("retry-after").is_none());
    // Another operation, and Amazon's own sandbox, have buckets of their own.
    amazon.get("/sellers/v1/marketplaceParticipations");
    amazon.host = "sandbox.sellingpartnerapi-na.amazon.com";
    let answer = amazon.send("GET", "/sellers/v1/account", None);
    assert_eq!(answer.header("x-amzn-ratelimit-limit"), Some("5.0"));
    amazon.host = NA;
    amazon.advance(62);
    assert_eq!(amazon.send("GET", "/sellers/v1/account", None).status, 429);
    amazon.advance(1);
    amazon.get("/sellers/v1/account");
}

#[test]
fn requests_need_an_agent_and_reads_have_no_body() {
    let mut amazon = Amazon::new();
    let token = amazon.token.clone();
    let request = |agent: Option<&str>, length: Option<&str>| {
        let mut request = Request::get(format!("https://{NA}/sellers/v1/account"))
            .header("x-amz-access-token", &token);
        if let Some(agent) = agent {
            request = request.header("user-agent", agent);
        }
        if let Some(length) = length {
            request = request.header("content-length", length);
        }
        request.body(Bytes::new()).unwrap()
    };
    assert_eq!(amazon.exchange(request(Some("a"), None)).status, 200);
    assert_eq!(amazon.exchange(request(None, None)).status, 400);
    let long = "a".repeat(501);
    assert_eq!(amazon.exchange(request(Some(&long), None)).status, 400);
    assert_eq!(amazon.exchange(request(Some("a"), Some("0"))).status, 400);
    assert_eq!(amazon.send("POST", "/sellers/v1/account", None).status, 405);
    assert_eq!(amazon.send("GET", "/sellers/v2/account", None).status, 404);
}
