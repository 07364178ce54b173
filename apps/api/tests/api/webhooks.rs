//! What platforms send.

use serde_json::json;

use crate::support::{Answer, TestApp, Wish};

async fn deliver(app: &TestApp, signature: &str, body: &str) -> Answer {
    let headers = [("x-alpha-signature", signature)];
    let body = body.to_owned().into();
    app.stranger
        .send("POST", "/webhooks/alpha", &headers, body)
        .await
}

#[tokio::test]
async fn a_signed_delivery_is_stored_once_and_acted_upon() {
    let app = TestApp::start().await;
    app.connect("one").await;
    let body = json!({ "id": "e-1", "account": "one" }).to_string();
    let first = deliver(&app, "good", &body).await.expect(200);
    assert_eq!(
        first.json(),
        json!({ "success": true, "receipt": "accepted" })
    );
    let run = app.run_ended("locations").await;
    assert_eq!(run["inserted"], 3);
    let again = deliver(&app, "good", &body).await.expect(200);
    assert_eq!(again.json()["receipt"], "duplicate");
    app.stop().await;
}

#[tokio::test]
async fn what_is_not_from_the_platform_is_refused() {
    let app = TestApp::start().await;
    app.connect("one").await;
    let body = json!({ "id": "e-1", "account": "one" }).to_string();
    let forged = deliver(&app, "bad", &body).await.expect(401);
    assert_eq!(forged.json()["code"], "SIGNATURE_INVALID");
    let unreadable = deliver(&app, "good", "{").await.expect(422);
    assert_eq!(unreadable.json()["code"], "CONTRACT_BROKEN");
    let stranger = json!({ "id": "e-2", "account": "nobody" }).to_string();
    let unmatched = deliver(&app, "good", &stranger).await.expect(200);
    assert_eq!(unmatched.json()["receipt"], "unmatched");
    let large = deliver(&app, "good", &"x".repeat(1024 * 1024 + 1))
        .await
        .expect(413);
    assert_eq!(large.json()["code"], "PAYLOAD_TOO_LARGE");
    let unknown = app
        .stranger
        .send("POST", "/webhooks/beta", &[], "".into())
        .await;
    unknown.expect(404);
    app.stop().await;
}

#[tokio::test]
async fn what_can_not_be_verified_now_is_to_be_sent_again() {
    let app = TestApp::start().await;
    app.connect("one").await;
    let body = json!({ "id": "e-1", "account": "one" }).to_string();
    app.shelf.held().is_down = true;
    let later = deliver(&app, "good", &body).await.expect(503);
    assert_eq!(later.json()["code"], "UNAVAILABLE");
    app.shelf.held().is_down = false;
    deliver(&app, "good", &body).await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn a_platform_that_asks_whose_address_it_is_is_told_it_byte_for_byte() {
    let app = TestApp::start_with(Wish {
        public_url: Some("https://shop.example".parse().unwrap()),
        ..Wish::default()
    })
    .await;
    let answer = app
        .stranger
        .get("/webhooks/alpha?ask=right")
        .await
        .expect(200);
    assert_eq!(answer.body, "https://shop.example/webhooks/alpha");
    assert_eq!(answer.header("content-type"), "text/plain");
    let refused = app
        .stranger
        .get("/webhooks/alpha?ask=wrong")
        .await
        .expect(403);
    assert_eq!(refused.json()["code"], "CHALLENGE_REFUSED");
    app.stranger
        .get("/webhooks/beta?ask=right")
        .await
        .expect(404);
    for method in ["PUT", "DELETE", "HEAD"] {
        let other = app
            .stranger
            .send(method, "/webhooks/alpha", &[], "".into())
            .await;
        assert_eq!(
            (other.status, other.header("allow")),
            (405, "GET, POST"),
            "{method}"
        );
    }
    app.stop().await;
}
