//! The sandbox's own door: routing, faults, the control API, recordings.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::fs;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use crossdock_sandbox::received::Ended;
use crossdock_sandbox::{Effect, Fault, Options, Reply, Sandbox};
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

fn sandbox() -> Sandbox {
    Sandbox::new(Options::new(now()))
}

fn request(method: &str, uri: &str, body: &str) -> Request<Bytes> {
    Request::builder()
        .method(method)
        .uri(uri)
        .header("authorization", "Bearer sbx_pat_demo")
        .body(Bytes::from(body.to_owned()))
        .unwrap()
}

fn send(sandbox: &mut Sandbox, method: &str, uri: &str, body: &str) -> Response<Bytes> {
    sandbox
        .handle(request(method, uri, body), now())
        .answer()
        .unwrap()
}

fn control(sandbox: &mut Sandbox, method: &str, path: &str, body: &str) -> (u16, Value) {
    let response = send(sandbox, method, &format!("/_sandbox{path}"), body);
    let json = serde_json::from_slice(response.body()).unwrap();
    (response.status().as_u16(), json)
}

const TEST: &str = "/api.alias.org/api/v1/test";
const ORDERS: &str = "/api.alias.org/api/v1/orders";

#[test]
fn a_platform_answers_in_every_form_of_address() {
    let mut sandbox = sandbox();
    for (uri, name, host) in [
        (TEST, "host", "127.0.0.1:9400"),
        (
            "https://api.alias.org/api/v1/test",
            "host",
            "127.0.0.1:9400",
        ),
        ("/api/v1/test", "host", "api.alias.org"),
        ("/api/v1/test", "x-sandbox-host", "api.alias.org"),
    ] {
        let mut request = request("GET", uri, "");
        request.headers_mut().insert(name, host.parse().unwrap());
        let response = sandbox.handle(request, now()).answer().unwrap();
        assert_eq!(response.body(), r#"{"ok":true}"#, "{uri} {name}: {host}");
    }
}

#[test]
fn a_host_of_no_platform_is_named_in_the_refusal() {
    let response = send(&mut sandbox(), "GET", "/api.example.com/x", "");
    assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST);
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(body["host"], "api.example.com");
}

#[test]
fn a_lost_reply_was_processed_and_an_unsent_request_was_not() {
    for (effect, processed, ended) in [
        (Effect::LostReply, true, Ended::LostReply),
        (Effect::NotSent, false, Ended::NotSent),
    ] {
        let mut sandbox = sandbox();
        let orders = send(&mut sandbox, "GET", ORDERS, "");
        let orders: Value = serde_json::from_slice(orders.body()).unwrap();
        let id = orders["results"][0]["id"].as_str().unwrap().to_owned();
        sandbox.inject(Fault {
            method: Some("POST".to_owned()),
            ..Fault::new(effect)
        });
        let mut confirm = request("POST", &format!("{ORDERS}/{id}/confirm"), "");
        confirm
            .headers_mut()
            .insert("content-type", "application/json".parse().unwrap());
        assert!(sandbox.handle(confirm, now()).answer().is_none());
        let received = sandbox.received().next_back().unwrap();
        assert!(received.faulted && received.ended == ended);
        let order = send(&mut sandbox, "GET", &format!("{ORDERS}/{id}"), "");
        let order: Value = serde_json::from_slice(order.body()).unwrap();
        let confirmed = order["order"]["status"] == "ORDER_STATUS_CONFIRMED";
        assert_eq!(confirmed, processed);
    }
}

#[test]
fn faults_come_and_go_over_http() {
    let mut sandbox = sandbox();
    let fault = json!({
        "platform": "alias", "path_contains": "/test", "skip": 1,
        "effect": {"kind": "status", "code": 503, "headers": {"x-why": "test"}, "body": {"a": 1}},
    });
    let (status, listed) = control(&mut sandbox, "POST", "/faults", &fault.to_string());
    assert_eq!(
        (status, listed["faults"].as_array().unwrap().len()),
        (200, 1)
    );
    assert_eq!(send(&mut sandbox, "GET", TEST, "").status(), 200);
    let refused = send(&mut sandbox, "GET", TEST, "");
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["x-why"]),
        (503, &"test".parse().unwrap())
    );
    assert_eq!(refused.body(), r#"{"a":1}"#);
    assert_eq!(send(&mut sandbox, "GET", TEST, "").status(), 200);

    control(
        &mut sandbox,
        "POST",
        "/faults",
        r#"[{"effect": {"kind": "not_sent"}, "times": 5}]"#,
    );
    control(&mut sandbox, "DELETE", "/faults", "");
    assert_eq!(send(&mut sandbox, "GET", TEST, "").status(), 200);
    let (status, refusal) = control(
        &mut sandbox,
        "POST",
        "/faults",
        r#"{"effect": {"kind": "fire"}}"#,
    );
    assert_eq!(status, 400);
    assert!(refusal["error"].as_str().unwrap().contains("fire"));
}

#[test]
fn a_cursor_can_be_made_to_repeat_itself() {
    let mut sandbox = sandbox();
    let effect = Effect::ReplaceJson {
        pointer: "/pagination/next_page_token".to_owned(),
        value: json!("again"),
    };
    sandbox.inject(Fault::new(effect));
    let body: Value = serde_json::from_slice(send(&mut sandbox, "GET", ORDERS, "").body()).unwrap();
    assert_eq!(body["pagination"]["next_page_token"], "again");
    assert_eq!(body["results"].as_array().unwrap().len(), 25);
}

#[test]
fn the_clock_moves_on_and_never_behind_real_time() {
    let mut sandbox = sandbox();
    let (_, clock) = control(&mut sandbox, "POST", "/clock", r#"{"advance_seconds": 90}"#);
    assert_eq!(clock["offset_seconds"], 90);
    send(&mut sandbox, "GET", TEST, "");
    assert_eq!(sandbox.now(), now() + TimeDelta::seconds(90));
    for wrong in [
        r#"{"advance_seconds": -91}"#,
        r#"{"advance_seconds": 9223372036854775807}"#,
        "{}",
        "x",
    ] {
        assert_eq!(
            control(&mut sandbox, "POST", "/clock", wrong).0,
            400,
            "{wrong}"
        );
    }
    assert_eq!(
        control(&mut sandbox, "GET", "/clock", "").1["offset_seconds"],
        90
    );
}

#[test]
fn received_requests_are_logged_without_their_secrets() {
    let mut sandbox = sandbox();
    send(
        &mut sandbox,
        "POST",
        &format!("{TEST}?access_token=hidden&a=b"),
        r#"{"client_secret": "hidden"}"#,
    );
    let (_, log) = control(&mut sandbox, "GET", "/requests", "");
    let entry = &log["requests"][0];
    assert_eq!(
        (&entry["platform"], &entry["path"]),
        (&json!("alias"), &json!("/api/v1/test"))
    );
    assert_eq!(entry["ended"], json!({"answered": 415}));
    assert_eq!(entry["query"][1], json!(["a", "b"]));
    let text = log.to_string();
    assert!(
        !text.contains("hidden") && !text.contains("sbx_pat_demo"),
        "{text}"
    );
    let page = send(&mut sandbox, "GET", "/_sandbox/", "");
    let page = String::from_utf8(page.body().to_vec()).unwrap();
    assert!(page.contains("POST api.alias.org/api/v1/test") && !page.contains("hidden"));
    assert_eq!(
        control(&mut sandbox, "DELETE", "/requests", "").1,
        json!({"requests": []})
    );
}

#[test]
fn the_page_escapes_what_it_was_sent() {
    let mut sandbox = sandbox();
    sandbox.inject(Fault {
        path_contains: Some("<script>alert(1)</script>".to_owned()),
        ..Fault::new(Effect::NotSent)
    });
    let page = send(&mut sandbox, "GET", "/_sandbox/", "");
    assert!(
        !String::from_utf8(page.body().to_vec())
            .unwrap()
            .contains("<script>")
    );
}

#[test]
fn pages_of_other_sites_do_not_reach_the_control_api() {
    let mut sandbox = sandbox();
    let mut request = request("POST", "/_sandbox/clock", r#"{"advance_seconds": 1}"#);
    request
        .headers_mut()
        .insert("host", "127.0.0.1:9400".parse().unwrap());
    request
        .headers_mut()
        .insert("origin", "https://evil.example".parse().unwrap());
    let response = sandbox.handle(request, now()).answer().unwrap();
    assert_eq!(
        (response.status(), sandbox.offset()),
        (StatusCode::FORBIDDEN, TimeDelta::zero())
    );
}

#[test]
fn control_verbs_reach_their_platform() {
    let mut sandbox = sandbox();
    let path = "/platforms/alias/order/create";
    assert_eq!(control(&mut sandbox, "POST", path, "").0, 200);
    assert_eq!(
        control(&mut sandbox, "GET", "/census", "").1["alias"]["orders"],
        81
    );
    assert_eq!(
        control(&mut sandbox, "POST", "/platforms/alias/fly", "").0,
        400
    );
    assert_eq!(
        control(&mut sandbox, "POST", "/platforms/none/order/create", "").0,
        400
    );
    assert_eq!(control(&mut sandbox, "POST", "/none", "").0, 404);
    assert_eq!(control(&mut sandbox, "GET", "/pages/none/x", "").0, 404);
}

#[test]
fn a_folder_of_recordings_replaces_the_data_and_says_what_it_took() {
    let dir = tempfile::tempdir().unwrap();
    let write = |path: &str, json: Value| {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, json.to_string()).unwrap();
    };
    let exchange = |path: &str, status: u16| json!({"request": {"method": "GET", "path": path}, "response": {"status": status}});
    let item = json!({"catalog_id": "a-1", "name": "A", "sku": "A 1", "brand": "B"});
    write(
        "a/found.json",
        json!({"catalog_items": [item], "has_more": false}),
    );
    write(
        "a/found.http.json",
        exchange("/api/v1/catalog?query=Odd-Words", 200),
    );
    write(
        "a/prices.json",
        json!({"variants": [{"size": 0}, {"size": 7.5}]}),
    );
    write(
        "a/prices.http.json",
        exchange("/api/v1/pricing_insights/availabilities/a-1", 200),
    );
    write("a/refused.json", json!({"code": 3}));
    write(
        "a/refused.http.json",
        exchange("/api/v1/pricing_insights/recent_sales", 400),
    );
    write("other/unknown.json", json!({"x": 1}));
    fs::write(dir.path().join("notes.md"), "notes").unwrap();

    let mut sandbox = sandbox();
    let report = sandbox.load_dir(dir.path()).unwrap();
    assert_eq!(
        json!(report.taken),
        json!({"alias": {"catalog": 1, "market_snapshots": 2}})
    );
    assert_eq!(report.census["alias"]["market_snapshots"], 2);
    assert_eq!(
        (
            report.census["alias"]["orders"],
            report.census["alias"]["listings"]
        ),
        (0, 0)
    );
    let passed: Vec<&str> = report
        .passed
        .iter()
        .map(|file| file.path.as_str())
        .collect();
    assert_eq!(passed, ["a/refused.json"]);
    assert_eq!(report.unwanted, ["notes.md", "other/unknown.json"]);
    // The words of the search are in no field of the item: only the recording relates them.
    let found = send(
        &mut sandbox,
        "GET",
        "/api.alias.org/api/v1/catalog?query=odd+words",
        "",
    );
    assert!(
        String::from_utf8(found.body().to_vec())
            .unwrap()
            .contains("a-1")
    );

    let missing = dir.path().join("missing");
    assert!(sandbox.load_dir(&missing).is_err());
    assert_eq!(sandbox.census()["alias"]["catalog"], 1);
    let body = json!({"dir": missing}).to_string();
    assert_eq!(control(&mut sandbox, "POST", "/load", &body).0, 400);
}

#[test]
fn replies_that_do_not_come_have_no_answer() {
    assert!(Reply::LostReply.answer().is_none());
    assert!(Reply::NotSent.answer().is_none());
}
