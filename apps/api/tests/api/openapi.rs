//! The document, and that the service does what it says.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

/// Checks a reply against the document.
struct Checker {
    document: Value,
    driven: BTreeSet<String>,
}

impl Checker {
    #[track_caller]
    fn check(&mut self, method: &str, path: &str, answer: &Answer) {
        let name = format!("{method} {path} {}", answer.status);
        let operation = &self.document["paths"][path][method.to_lowercase()];
        assert!(operation.is_object(), "{name} isn't documented");
        self.driven.insert(format!("{method} {path}"));
        let reply = &operation["responses"][answer.status.to_string()];
        assert!(reply.is_object(), "{name}: this status isn't documented");
        let content = &reply["content"]["application/json"]["schema"];
        if content.is_object() {
            self.fits(&answer.json(), content, &name);
        }
    }

    #[track_caller]
    fn fits(&self, value: &Value, schema: &Value, at: &str) {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap();
            let schema = &self.document["components"]["schemas"][name];
            assert!(schema.is_object(), "{at}: {name} isn't in the document");
            return self.fits(value, schema, at);
        }
        for list in ["oneOf", "anyOf"] {
            if let Some(alternatives) = schema[list].as_array() {
                assert!(
                    alternatives
                        .iter()
                        .any(|schema| self.might_fit(value, schema)),
                    "{at}: {value} fits none of {schema}"
                );
                return;
            }
        }
        if let Some(all) = schema["allOf"].as_array() {
            return all.iter().for_each(|schema| self.fits(value, schema, at));
        }
        let kinds = match &schema["type"] {
            Value::Array(kinds) => kinds.clone(),
            Value::Null => return,
            kind => vec![kind.clone()],
        };
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        assert!(
            kinds.contains(&json!(kind)),
            "{at}: {value} is no {kinds:?}"
        );
        if let Some(allowed) = schema["enum"].as_array() {
            assert!(
                allowed.contains(value),
                "{at}: {value} is none of {allowed:?}"
            );
        }
        for item in value.as_array().into_iter().flatten() {
            self.fits(item, &schema["items"], &format!("{at}[]"));
        }
        let Some(object) = value.as_object() else {
            return;
        };
        for name in schema["required"].as_array().into_iter().flatten() {
            assert!(
                object.contains_key(name.as_str().unwrap()),
                "{at} lacks {name}"
            );
        }
        let Some(properties) = schema["properties"].as_object() else {
            return;
        };
        for (name, value) in object {
            let Some(schema) = properties.get(name) else {
                assert!(
                    schema["additionalProperties"] != Value::Null,
                    "{at}.{name} isn't documented"
                );
                continue;
            };
            self.fits(value, schema, &format!("{at}.{name}"));
        }
    }

    fn might_fit(&self, value: &Value, schema: &Value) -> bool {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            self.fits(value, schema, "");
        }))
        .is_ok()
    }
}

#[tokio::test]
async fn every_operation_is_driven_and_answers_as_documented() {
    let app = TestApp::start().await;
    let document = app.admin.get("/api/openapi.json").await.expect(200);
    let served = document.json();
    assert_eq!(
        served,
        serde_json::to_value(crossdock_api::document()).unwrap()
    );
    let mut checker = Checker {
        document: served,
        driven: BTreeSet::new(),
    };
    checker.check("GET", "/api/openapi.json", &document);
    let admin = &app.admin;

    let begin = json!({ "platform": "alpha", "form": { "token": "tok-one" } });
    for body in [
        begin.clone(),
        json!({ "platform": "alpha", "method": "oauth" }),
        json!({ "platform": "alpha", "form": { "token": "wrong" } }),
        json!({ "platform": "beta" }),
    ] {
        checker.check(
            "POST",
            "/api/connections",
            &admin.post("/api/connections", &body).await,
        );
    }
    let choose = json!({ "platform": "alpha", "method": "choose" });
    let asked = admin.post("/api/connections", &choose).await;
    checker.check("POST", "/api/connections", &asked);
    let answer = json!({ "key": asked.json()["key"], "answer": { "account": ["one"] } });
    for _ in 0..2 {
        let answered = admin.post("/api/connections/resume", &answer).await;
        checker.check("POST", "/api/connections/resume", &answered);
    }
    let install = admin.get("/api/oauth/alpha/install").await;
    checker.check("GET", "/api/oauth/{platform}/install", &install);
    let state = install
        .header("location")
        .split_once("state=")
        .unwrap()
        .1
        .to_owned();
    for _ in 0..2 {
        let path = format!("/api/oauth/alpha/callback?state={state}&code=one");
        checker.check(
            "GET",
            "/api/oauth/{platform}/callback",
            &admin.get(&path).await,
        );
    }
    for (method, path, body) in [
        (
            "POST",
            "/api/sync/{connection}",
            json!({ "streams": ["locations"] }),
        ),
        (
            "PUT",
            "/api/connections/{connection}",
            json!({ "settings": {} }),
        ),
        (
            "PUT",
            "/api/connections/{connection}",
            json!({ "settings": { "x": "" } }),
        ),
        ("POST", "/api/connections/{connection}/test", json!({})),
        ("POST", "/api/connections/{connection}/refresh", json!({})),
    ] {
        for connection in ["alpha", "beta"] {
            let address = path.replace("{connection}", connection);
            let answer = match method {
                "PUT" => admin.put(&address, &body).await,
                _ => admin.post(&address, &body).await,
            };
            checker.check(method, path, &answer);
        }
    }
    app.run_ended("locations").await;
    let signed = [("x-alpha-signature", "good")];
    for body in ["{", r#"{"id":"e","account":"one"}"#] {
        let answer = app
            .stranger
            .send("POST", "/webhooks/alpha", &signed, body.into())
            .await;
        checker.check("POST", "/webhooks/{platform}", &answer);
    }
    for (path, address) in [
        ("/api/platforms", "/api/platforms"),
        ("/api/connections", "/api/connections"),
        ("/api/connections/{connection}", "/api/connections/alpha"),
        ("/api/connections/{connection}", "/api/connections/beta"),
        ("/api/sync/status", "/api/sync/status"),
        ("/api/sync/log", "/api/sync/log"),
        ("/api/sync/log", "/api/sync/log?limit=0"),
        ("/api/records/{stream}", "/api/records/locations"),
        ("/api/records/{stream}", "/api/records/nothing"),
        ("/api/changes", "/api/changes"),
        ("/api/metrics/overview", "/api/metrics/overview"),
        (
            "/api/metrics/overview",
            "/api/metrics/overview?from=2026-01-02&to=2026-01-01",
        ),
        ("/api/metrics/{platform}", "/api/metrics/alpha"),
        ("/api/metrics/{platform}", "/api/metrics/beta"),
        ("/api/attribution", "/api/attribution"),
        (
            "/api/attribution",
            "/api/attribution?from=2026-01-02&to=2026-01-01",
        ),
        ("/webhooks/{platform}", "/webhooks/alpha?ask=right"),
        ("/webhooks/{platform}", "/webhooks/alpha?ask=wrong"),
        ("/webhooks/{platform}", "/webhooks/beta"),
        ("/healthz", "/healthz"),
        ("/readyz", "/readyz"),
        ("/metrics", "/metrics"),
    ] {
        checker.check("GET", path, &admin.get(address).await);
    }
    let subscriptions = "/api/connections/{connection}/subscriptions";
    for connection in ["alpha", "beta"] {
        let address = subscriptions.replace("{connection}", connection);
        checker.check("GET", subscriptions, &admin.get(&address).await);
        for body in [json!({ "deliver_to": "queue:q" }), json!({})] {
            checker.check("POST", subscriptions, &admin.post(&address, &body).await);
        }
        let one = format!("{subscriptions}/{{id}}");
        for id in ["alpha:%2F%2Fsubscription%2F0", "nothing"] {
            let answer = admin.delete(&format!("{address}/{id}")).await;
            checker.check("DELETE", &one, &answer);
        }
    }
    let ended = admin.delete("/api/connections/alpha").await;
    checker.check("DELETE", "/api/connections/{connection}", &ended);

    let documented: BTreeSet<String> = checker.document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    assert_eq!(checker.driven, documented);
    app.stop().await;
}

#[test]
fn the_document_says_who_may_ask() {
    let document = serde_json::to_value(crossdock_api::document()).unwrap();
    assert_eq!(document["security"], json!([{ "admin_token": [] }]));
    let mut open = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(operation["summary"].is_string(), "{method} {path}");
            assert!(operation["tags"][0].is_string(), "{method} {path}");
            if operation["security"] == json!([{}]) || operation["security"] == json!([]) {
                open.push(path.as_str());
            }
        }
    }
    assert_eq!(
        open,
        [
            "/api/oauth/{platform}/callback",
            "/healthz",
            "/webhooks/{platform}",
            "/webhooks/{platform}"
        ]
    );
}
