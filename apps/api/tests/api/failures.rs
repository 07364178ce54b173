//! The one form of everything that is not a success.

use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

#[track_caller]
fn assert_form(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/json");
    let body = answer.json();
    assert_eq!(body["success"], false);
    assert_eq!(body["code"], code, "{body}");
    assert_eq!(body["request_id"], answer.header("x-request-id"));
    let id: uuid::Uuid = body["request_id"].as_str().unwrap().parse().unwrap();
    assert_eq!(id.get_version_num(), 7);
    let message = body["error"].as_str().unwrap();
    assert!(message.ends_with('.') && message.len() > 20, "{message}");
    let keys: Vec<_> = body.as_object().unwrap().keys().collect();
    let known = [
        "candidates",
        "code",
        "detail",
        "error",
        "field",
        "request_id",
        "success",
    ];
    assert!(
        keys.iter().all(|key| known.contains(&key.as_str())),
        "{keys:?}"
    );
}

#[tokio::test]
async fn the_frameworks_failures_have_the_form_too() {
    let app = TestApp::start().await;
    let admin = &app.admin;
    let json = [("content-type", "application/json")];

    assert_form(&admin.get("/api/nothing").await, 404, "NOT_FOUND");
    let wrong_method = admin.delete("/api/platforms").await;
    assert_form(&wrong_method, 405, "METHOD_NOT_ALLOWED");
    assert_eq!(wrong_method.header("allow"), "GET");

    let broken = admin
        .send("POST", "/api/connections", &json, "{".into())
        .await;
    assert_form(&broken, 400, "BAD_REQUEST");
    let unknown = json!({ "platform": "alpha", "colour": "red" });
    assert_form(
        &admin.post("/api/connections", &unknown).await,
        400,
        "BAD_REQUEST",
    );
    let plain = [("content-type", "text/plain")];
    let plain = admin
        .send("POST", "/api/connections", &plain, "{}".into())
        .await;
    assert_form(&plain, 415, "UNSUPPORTED_MEDIA_TYPE");
    let large = "x".repeat(300 * 1024);
    let large = admin
        .send("POST", "/api/connections", &json, large.into())
        .await;
    assert_form(&large, 413, "PAYLOAD_TOO_LARGE");
    let large = "x".repeat(300 * 1024);
    let large = admin
        .send("POST", "/api/sync/alpha", &json, large.into())
        .await;
    assert_form(&large, 413, "PAYLOAD_TOO_LARGE");

    let query = admin.get("/api/changes?after=x").await;
    assert_form(&query, 400, "BAD_REQUEST");
    let query = admin.get("/api/changes?befor=1").await;
    assert_form(&query, 400, "BAD_REQUEST");
    let limit = admin.get("/api/changes?limit=0").await;
    assert_form(&limit, 422, "INPUT_INVALID");
    assert_eq!(limit.json()["field"], "limit");
    app.stop().await;
}

#[tokio::test]
async fn a_body_that_can_not_be_read_is_not_quoted() {
    let app = TestApp::start().await;
    let body = r#"{"platform":"alpha","form":{"token":"tok-one","x":1234567890123}}"#;
    let json = [("content-type", "application/json")];
    let answer = app
        .admin
        .send("POST", "/api/connections", &json, body.into())
        .await;
    assert_form(&answer, 400, "BAD_REQUEST");
    assert!(
        !answer.body.contains("tok-") && !answer.body.contains("1234567890123"),
        "{}",
        answer.body
    );
    app.stop().await;
}

#[tokio::test]
async fn failures_of_a_platform_have_the_status_of_who_must_act() {
    let app = TestApp::start().await;
    let begin = |form: Value| json!({ "platform": "alpha", "form": form });

    let wrong = app
        .admin
        .post("/api/connections", &begin(json!({ "token": "x" })))
        .await;
    assert_form(&wrong, 422, "INPUT_INVALID");
    assert_eq!(wrong.json()["field"], "token");
    let unknown = json!({ "platform": "beta" });
    assert_form(
        &app.admin.post("/api/connections", &unknown).await,
        404,
        "NOT_FOUND",
    );

    let id = app.connect("one").await;
    app.shelf.held().is_down = true;
    let down = app
        .admin
        .post(&format!("/api/connections/{id}/test"), &json!({}))
        .await;
    assert_form(&down, 503, "UNAVAILABLE");
    app.shelf.held().is_down = false;
    app.shelf.held().is_revoked = true;
    let revoked = app
        .admin
        .post(&format!("/api/connections/{id}/test"), &json!({}))
        .await;
    assert_form(&revoked, 409, "RECONNECT_REQUIRED");
    app.stop().await;
}

#[tokio::test]
async fn two_connections_of_a_platform_must_be_named_by_their_ids() {
    let app = TestApp::start().await;
    let (one, two) = (app.connect("one").await, app.connect("two").await);
    let answer = app.admin.get("/api/connections/alpha").await;
    assert_form(&answer, 409, "AMBIGUOUS");
    assert_eq!(answer.json()["candidates"], json!([one, two]));
    app.stop().await;
}

#[tokio::test]
async fn a_browser_is_shown_a_page_and_a_program_is_not() {
    let app = TestApp::start().await;
    let html = [("accept", "text/html,*/*;q=0.8")];
    let (browser, _) = app.log_in().await;
    let page = browser
        .send("GET", "/nowhere", &html, "".into())
        .await
        .expect(404);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.body.contains(page.header("x-request-id")));
    assert_form(&browser.get("/nowhere").await, 404, "NOT_FOUND");
    let api = app
        .admin
        .send("GET", "/api/nothing", &html, "".into())
        .await;
    assert_form(&api, 404, "NOT_FOUND");
    app.stop().await;
}
