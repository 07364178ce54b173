//! What platforms send.

use serde_json::json;

use crate::support::{Answer, TestApp};

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
