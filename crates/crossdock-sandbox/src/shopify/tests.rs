//! The platform as a client sees it, driven in process with a clock of the test's own.

mod api;
mod authorisation;
mod bulk;
mod load;
mod stock;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, Method, Response, StatusCode};
use serde_json::{Value, json};
use url::Url;

use super::*;

/// Everything that the usual client asks for.
const SCOPES: &str = "read_products,read_orders,read_all_orders,read_customers,read_inventory,\
    read_locations,read_shopify_payments_accounts,read_shopify_payments_payouts";

/// A platform, the world around it, and a clock.
struct Bench {
    shopify: Shopify,
    world: World,
    sandbox: Url,
}

impl Bench {
    /// A small shop.
    fn new() -> Self {
        Self::with(&Size {
            products: 40,
            orders: 60,
        })
    }

    fn with(size: &Size) -> Self {
        let now: DateTime<Utc> = "2026-11-01T00:00:00Z".parse().unwrap();
        let mut world = World::new(1, now);
        let mut shopify = Shopify::default();
        shopify.generate(size, &mut world);
        Self {
            shopify,
            world,
            sandbox: "http://127.0.0.1:9400".parse().unwrap(),
        }
    }

    fn wait(&mut self, time: TimeDelta) {
        self.world.now += time;
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "calls read better without a reference"
    )]
    fn ask(
        &mut self,
        method: Method,
        host: &str,
        target: &str,
        headers: &[(&'static str, &str)],
        body: &str,
    ) -> Response<Bytes> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        let call = Call {
            host,
            method: &method,
            path,
            query: url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            headers: &headers,
            body: &Bytes::copy_from_slice(body.as_bytes()),
            now: self.world.now,
            sandbox: &self.sandbox,
        };
        self.shopify.answer(&call, &mut self.world)
    }

    /// The address that the browser is sent to after the consent page.
    fn consent(&mut self, scopes: &str, decision: &str) -> Url {
        let form: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("shop", DEMO)
            .append_pair("client_id", oauth::CLIENT_ID)
            .append_pair("scope", scopes)
            .append_pair("redirect_uri", "http://127.0.0.1:7000/callback")
            .append_pair("state", "0123456789abcdef")
            .append_pair("decision", decision)
            .finish();
        let answer = self.ask(Method::POST, "_sandbox", "/consent", &[], &form);
        assert_eq!(answer.status(), StatusCode::FOUND);
        answer.headers()["location"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap()
    }

    fn code(&mut self, scopes: &str) -> String {
        let back = self.consent(scopes, "approve");
        back.query_pairs()
            .find(|(key, _)| key == "code")
            .unwrap()
            .1
            .into_owned()
    }

    /// Posts to the token endpoint, with the app's id and secret.
    fn token(&mut self, mut fields: Value) -> (StatusCode, Value) {
        fields["client_id"] = oauth::CLIENT_ID.into();
        fields["client_secret"] = oauth::CLIENT_SECRET.into();
        let json = [("content-type", "application/json")];
        let path = "/admin/oauth/access_token";
        let answer = self.ask(Method::POST, DEMO, path, &json, &fields.to_string());
        (
            answer.status(),
            serde_json::from_slice(answer.body()).unwrap(),
        )
    }

    /// An access token with these scopes.
    fn connect(&mut self, scopes: &str) -> String {
        let code = self.code(scopes);
        let (status, body) = self.token(json!({ "code": code, "expiring": "1" }));
        assert_eq!(status, StatusCode::OK, "{body}");
        body["access_token"].as_str().unwrap().to_owned()
    }

    fn post(&mut self, token: &str, version: &str, body: &Value) -> (StatusCode, Value) {
        let headers = [
            ("content-type", "application/json"),
            ("x-shopify-access-token", token),
        ];
        let path = format!("/admin/api/{version}/graphql.json");
        let answer = self.ask(Method::POST, DEMO, &path, &headers, &body.to_string());
        (
            answer.status(),
            serde_json::from_slice(answer.body()).unwrap(),
        )
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "calls read better without a reference"
    )]
    fn graphql(&mut self, token: &str, query: &str, variables: Value) -> Value {
        let (status, body) = self.post(
            token,
            "2026-10",
            &json!({ "query": query, "variables": variables }),
        );
        assert_eq!(status, StatusCode::OK, "{body}");
        body
    }

    fn control(&mut self, verb: &str, body: &Value) -> Value {
        self.shopify.control(verb, body, &mut self.world).unwrap()
    }
}

/// The gids of a connection's nodes.
fn ids(connection: &Value) -> Vec<String> {
    let nodes = connection["nodes"].as_array().unwrap();
    nodes
        .iter()
        .map(|node| node["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn hosts_are_shops_and_the_file_host() {
    let shopify = Shopify::default();
    for host in [
        DEMO,
        EMPTY,
        "any-shop.myshopify.com",
        "storage.googleapis.com",
    ] {
        assert!(shopify.serves(host), "{host}");
    }
    for host in [
        "myshopify.com",
        "a.b.myshopify.com",
        "shop.myshopify.com.evil.com",
        "x.com",
    ] {
        assert!(!shopify.serves(host), "{host}");
    }
}

#[test]
fn the_same_seed_makes_the_same_shop() {
    let (one, two) = (Bench::new(), Bench::new());
    assert_eq!(one.shopify.census(), two.shopify.census());
    let (one, two) = (
        &one.shopify.shops[DEMO].store,
        &two.shopify.shops[DEMO].store,
    );
    assert_eq!(format!("{:?}", one.orders), format!("{:?}", two.orders));
    assert_eq!(
        format!("{:?}", one.products()),
        format!("{:?}", two.products())
    );
}

#[test]
fn the_feed_pages_and_ends() {
    let mut bench = Bench::with(&Size {
        products: 70,
        orders: 0,
    });
    let mut seen = std::collections::BTreeSet::new();
    for page in 1.. {
        let target = format!("/products.json?limit=30&page={page}");
        let answer = bench.ask(Method::GET, DEMO, &target, &[], "");
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        let products = body["products"].as_array().unwrap();
        if products.is_empty() {
            break;
        }
        seen.extend(
            products
                .iter()
                .map(|product| product["id"].as_u64().unwrap()),
        );
    }
    let store = &bench.shopify.shops[DEMO].store;
    let published = store
        .products()
        .values()
        .filter(|product| product.is_published())
        .count();
    assert_eq!(seen.len(), published);
    assert!(published > 40);
    let beyond = bench.ask(
        Method::GET,
        DEMO,
        "/products.json?limit=250&page=101",
        &[],
        "",
    );
    assert_eq!(beyond.status(), StatusCode::BAD_REQUEST);
    let unknown = bench.ask(
        Method::GET,
        "no-such.myshopify.com",
        "/products.json",
        &[],
        "",
    );
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
}
