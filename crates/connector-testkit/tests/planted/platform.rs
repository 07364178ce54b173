//! A small platform of our own, emulated within the sandbox: OAuth with rotation, a list in pages, a
//! report that has to be asked for.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use crossdock_sandbox::platform::{Call, ControlError, Platform, SeedFile, SeedOutcome, Size};
use crossdock_sandbox::token::Claims;
use crossdock_sandbox::world::World;
use http::{Response, StatusCode};
use serde_json::{Value, json};

/// A personal token that always works.
pub(crate) const PERSONAL_TOKEN: &str = "sbx_pat_acme_personal";

/// The application's secret.
pub(crate) const CLIENT_SECRET: &str = "acme-application-secret";

const PAGE: usize = 10;

#[derive(Debug, Default)]
pub(crate) struct AcmePlatform {
    orders: Vec<Value>,
    listings: Vec<Value>,
    used: BTreeSet<String>,
    reports: BTreeMap<String, DateTime<Utc>>,
}

impl Platform for AcmePlatform {
    fn id(&self) -> &'static str {
        "acme"
    }

    fn serves(&self, host: &str) -> bool {
        host.ends_with(".acme.test")
    }

    fn answer(&mut self, call: &Call<'_>, world: &mut World) -> Response<Bytes> {
        match (call.host, call.method.as_str(), call.path) {
            ("account.acme.test", "GET", "/authorize") => consent_page(call),
            ("account.acme.test", "POST", "/decide") => decide(call, world),
            ("account.acme.test", "POST", "/token") => self.token(call, world),
            ("files.acme.test", "GET", path) => self.file(path, call.now),
            _ if !may_call(call, world) => fail(StatusCode::UNAUTHORIZED),
            (_, "GET", "/v1/me") => ok(&json!({"id": "seller-1", "name": "A seller"})),
            (_, "POST", "/v1/notes") => ok(&json!({"noted": true})),
            (_, "GET", "/v1/orders") => ok(&self.orders(call)),
            (_, "POST", "/v1/reports") => {
                let id = format!("r-{}", world.serial());
                self.reports
                    .insert(id.clone(), call.now + TimeDelta::seconds(60));
                ok(&json!({"id": id}))
            }
            (_, "GET", path) if path.starts_with("/v1/orders/") => ok(&self.order(path)),
            (_, "GET", path) => match self.reports.get(path.trim_start_matches("/v1/reports/")) {
                Some(ready) => ok(&json!({"ready": *ready <= call.now})),
                None => fail(StatusCode::NOT_FOUND),
            },
            _ => fail(StatusCode::NOT_FOUND),
        }
    }

    fn refusal(&self, status: StatusCode, _world: &mut World) -> Response<Bytes> {
        fail(status)
    }

    fn generate(&mut self, size: &Size, world: &mut World) {
        let at = |number: u32| (world.now - TimeDelta::hours(i64::from(number) + 1)).to_rfc3339();
        self.orders = (0..size.orders)
            .map(|n| json!({"id": format!("o-{n}"), "total": "12.50", "changed_at": at(n)}))
            .collect();
        self.listings = (0..size.products)
            .map(|n| json!({"id": format!("l-{n}"), "price": "9.99", "changed_at": at(n)}))
            .collect();
    }

    fn load(&mut self, _file: &SeedFile<'_>) -> SeedOutcome {
        SeedOutcome::NotMine
    }

    fn settle(&mut self, _world: &mut World) {}

    fn census(&self) -> Vec<(&'static str, u64)> {
        let count = |items: &[Value]| u64::try_from(items.len()).unwrap_or(u64::MAX);
        vec![
            ("orders", count(&self.orders)),
            ("listings", count(&self.listings)),
        ]
    }

    fn control(&mut self, verb: &str, _: &Value, _: &mut World) -> Result<Value, ControlError> {
        Err(ControlError(format!("there is no `{verb}`")))
    }
}

impl AcmePlatform {
    fn orders(&self, call: &Call<'_>) -> Value {
        let since = call
            .query("since")
            .and_then(|since| since.parse::<DateTime<Utc>>().ok());
        let orders: Vec<&Value> = self
            .orders
            .iter()
            .filter(|order| since.is_none_or(|since| changed_at(order) >= Some(since)))
            .collect();
        let after = call
            .query("after")
            .and_then(|after| after.parse().ok())
            .unwrap_or(0_usize);
        let page: Vec<_> = orders.iter().skip(after).take(PAGE).collect();
        let next = (after + PAGE < orders.len()).then_some(after + PAGE);
        json!({"orders": page, "next": next})
    }

    /// One order, or null.
    fn order(&self, path: &str) -> Value {
        let id = path.trim_start_matches("/v1/orders/");
        let order = self.orders.iter().find(|order| order["id"] == id);
        json!({"order": order})
    }

    fn file(&self, path: &str, now: DateTime<Utc>) -> Response<Bytes> {
        let id = path.trim_start_matches('/').trim_end_matches(".jsonl");
        if self.reports.get(id).is_none_or(|ready| *ready > now) {
            return fail(StatusCode::NOT_FOUND);
        }
        let mut lines: Vec<String> = self.listings.iter().map(Value::to_string).collect();
        lines.push(json!({"count": self.listings.len()}).to_string());
        Response::new(Bytes::from(lines.join("\n")))
    }

    /// Codes work once; refresh tokens rotate, and a used one is forgiven.
    fn token(&mut self, call: &Call<'_>, world: &mut World) -> Response<Bytes> {
        let form = form(call);
        let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        if field("client_secret") != CLIENT_SECRET {
            return error("invalid_client");
        }
        let (proof, kind) = match field("grant_type") {
            "refresh_token" => (field("refresh_token"), "refresh"),
            _ => (field("code"), "code"),
        };
        let claims = world
            .key()
            .verify(proof)
            .ok()
            .filter(|claims| claims.kind == kind);
        if claims.is_none_or(|claims| claims.is_expired(call.now)) || self.used.contains(proof) {
            return error("invalid_grant");
        }
        if kind == "code" {
            self.used.insert(proof.to_owned());
        }
        ok(&json!({
            "access_token": issue("access", Some(3_600), call.now, world),
            "refresh_token": issue("refresh", None, call.now, world),
            "expires_in": 3_600,
        }))
    }
}

pub(crate) fn changed_at(thing: &Value) -> Option<DateTime<Utc>> {
    thing["changed_at"].as_str()?.parse().ok()
}

fn may_call(call: &Call<'_>, world: &World) -> bool {
    let token = call
        .header("authorization")
        .and_then(|header| header.strip_prefix("Bearer "));
    token.is_some_and(|token| {
        let claims = world.key().verify(token).ok();
        let issued = claims.is_some_and(|it| it.kind == "access" && !it.is_expired(call.now));
        token == PERSONAL_TOKEN || issued
    })
}

fn issue(kind: &str, seconds: Option<i64>, now: DateTime<Utc>, world: &mut World) -> String {
    let claims = Claims {
        kind: kind.to_owned(),
        subject: "seller-1".to_owned(),
        client: String::new(),
        scopes: Vec::new(),
        issued_at: now,
        expires_at: seconds.map(|seconds| now + TimeDelta::seconds(seconds)),
        serial: world.serial(),
    };
    world.key().issue(&claims)
}

fn consent_page(call: &Call<'_>) -> Response<Bytes> {
    let hidden: String = ["redirect_uri", "state"]
        .into_iter()
        .map(|name| {
            let value = call.query(name).unwrap_or_default();
            format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">")
        })
        .collect();
    Response::new(Bytes::from(format!(
        "<form method=\"post\" action=\"/decide\">{hidden}\
         <button name=\"decision\" value=\"yes\">Allow</button>\
         <button name=\"decision\" value=\"no\">Deny</button></form>"
    )))
}

fn decide(call: &Call<'_>, world: &mut World) -> Response<Bytes> {
    let form = form(call);
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let answer = match field("decision") {
        "yes" => ("code", issue("code", Some(600), call.now, world)),
        _ => ("error", "access_denied".to_owned()),
    };
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair(answer.0, &answer.1)
        .append_pair("state", field("state"))
        .finish();
    let mut response = fail(StatusCode::FOUND);
    let location = format!("{}?{query}", field("redirect_uri"));
    response
        .headers_mut()
        .insert(http::header::LOCATION, location.parse().unwrap());
    response
}

fn form(call: &Call<'_>) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(call.body)
        .into_owned()
        .collect()
}

fn ok(body: &Value) -> Response<Bytes> {
    Response::new(Bytes::from(body.to_string()))
}

fn error(code: &str) -> Response<Bytes> {
    let mut response = ok(&json!({"error": code}));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

fn fail(status: StatusCode) -> Response<Bytes> {
    let mut response = ok(&json!({"error": status.as_str()}));
    *response.status_mut() = status;
    response
}
