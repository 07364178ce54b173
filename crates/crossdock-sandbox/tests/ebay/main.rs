//! eBay as its clients see it, through the sandbox's own door.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod finances;
mod inventory;
mod notifications;
mod oauth;
mod orders;
mod recordings;
mod signing;
mod traffic;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use crossdock_sandbox::{Options, Reply, Sandbox};
use http::{HeaderMap, Request};
use serde_json::{Value, json};
use url::form_urlencoded;

const TOKENS: &str = "https://api.ebay.com/identity/v1/oauth2/token";
const CLIENT: (&str, &str) = ("CrossdockSandbox-SBX-demo", "sandbox-ebay-secret");

/// A sandbox, the clock that drives it, and the tokens of a user and of the application.
struct Ebay {
    sandbox: Sandbox,
    now: DateTime<Utc>,
    user: String,
    application: String,
}

/// A reply, taken apart.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
    text: String,
}

impl Answer {
    /// The number of the first error.
    fn error(&self) -> (u16, u64) {
        let error = &self.body["errors"][0];
        assert!(error["domain"].is_string() && error["message"].is_string());
        (self.status, error["errorId"].as_u64().unwrap())
    }
}

impl Ebay {
    fn new() -> Self {
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        Self::of(Sandbox::new(Options::new(now)), now)
    }

    fn of(sandbox: Sandbox, now: DateTime<Utc>) -> Self {
        let mut ebay = Self {
            sandbox,
            now,
            user: String::new(),
            application: String::new(),
        };
        let user = [
            ("grant_type", "refresh_token"),
            ("refresh_token", "sbx_ebay_refresh_demo"),
        ];
        ebay.user = ebay.token(&user).body["access_token"]
            .as_str()
            .unwrap()
            .to_owned();
        let application = [
            ("grant_type", "client_credentials"),
            ("scope", "https://api.ebay.com/oauth/api_scope"),
        ];
        let answer = ebay.token(&application);
        ebay.application = answer.body["access_token"].as_str().unwrap().to_owned();
        ebay
    }

    fn send(&mut self, request: Request<Bytes>) -> Answer {
        let what = format!("{} {}", request.method(), request.uri());
        let Reply::Answer(response) = self.sandbox.handle(request, self.now) else {
            panic!("no answer to {what}");
        };
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: serde_json::from_slice(&body).unwrap_or(Value::Null),
            text: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    /// A token of the demo client on the production host.
    fn token(&mut self, form: &[(&str, &str)]) -> Answer {
        self.token_of(TOKENS, CLIENT, form)
    }

    fn token_of(&mut self, url: &str, client: (&str, &str), form: &[(&str, &str)]) -> Answer {
        let shown = STANDARD.encode(format!("{}:{}", client.0, client.1));
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = Request::post(url)
            .header("authorization", format!("Basic {shown}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from(body));
        self.send(request.unwrap())
    }

    /// A call with the user's token, and headers besides. The address is without its scheme.
    fn call(
        &mut self,
        method: &str,
        address: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut request = Request::builder()
            .method(method)
            .uri(format!("https://{address}"));
        if headers.iter().all(|(name, _)| *name != "authorization") {
            request = request.header("authorization", format!("Bearer {}", self.user));
        }
        if !body.is_empty() {
            request = request.header("content-type", "application/json");
        }
        request = request.header("content-length", body.len());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Bytes::from(body)).unwrap())
    }

    fn get(&mut self, address: &str) -> Value {
        let answer = self.call("GET", address, &[], None);
        assert_eq!(answer.status, 200, "GET {address}: {}", answer.text);
        answer.body
    }

    /// A call in the application's own name.
    fn app(&mut self, method: &str, address: &str, body: Option<&Value>) -> Answer {
        let bearer = format!("Bearer {}", self.application);
        self.call(method, address, &[("authorization", &bearer)], body)
    }

    /// All entries of a list, following `next`; and how many pages it had.
    fn pages(&mut self, address: &str, list: &str) -> (Vec<Value>, usize) {
        let (mut entries, mut pages) = (Vec::new(), 0);
        let mut next = Some(address.to_owned());
        while let Some(address) = next {
            let body = self.get(&address);
            entries.extend(body[list].as_array().unwrap().iter().cloned());
            pages += 1;
            assert!(pages < 1_000, "the pages do not end");
            next = body["next"]
                .as_str()
                .map(|next| next.strip_prefix("https://").unwrap().to_owned());
        }
        (entries, pages)
    }

    fn advance(&mut self, by: TimeDelta) {
        self.now += by;
    }

    /// Control verbs take the time from the last request, so one is sent before.
    fn control(&mut self, verb: &str, body: &Value) -> Value {
        self.get("api.ebay.com/sell/inventory/v1/location");
        self.sandbox.control("ebay", verb, body).unwrap()
    }

    fn count(&self, stream: &str) -> usize {
        usize::try_from(self.sandbox.census()["ebay"][stream]).unwrap()
    }
}

/// A value for a query.
fn encoded(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

/// The hundredths of an amount.
fn cents(amount: &Value) -> i64 {
    hundredths(amount["value"].as_str().unwrap())
}

fn hundredths(text: &str) -> i64 {
    let (whole, decimals) = text.split_once('.').unwrap();
    let negative = whole.starts_with('-');
    let sum = whole.trim_start_matches('-').parse::<i64>().unwrap() * 100
        + format!("{decimals:0<2}").parse::<i64>().unwrap();
    if negative { -sum } else { sum }
}

#[test]
fn the_same_seed_makes_up_the_same_data() {
    let orders = || {
        let (orders, _) = Ebay::new().pages("api.ebay.com/sell/fulfillment/v1/order", "orders");
        json!(orders)
    };
    assert_eq!(orders(), orders());
}
