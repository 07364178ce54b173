//! Connections by the API: connecting, reading, setting, testing, ending.

use insta::assert_json_snapshot;
use serde_json::json;

use crate::support::{SECRET, TestApp, Wish};

#[tokio::test]
async fn what_can_be_connected_comes_with_its_forms() {
    let app = TestApp::start().await;
    let platforms = app.admin.get("/api/platforms").await.expect(200).json();
    assert_json_snapshot!(platforms, { ".platforms[].callback_url" => "[url]" });
    app.stop().await;
}

#[tokio::test]
async fn a_token_is_tested_and_then_stored() {
    let app = TestApp::start().await;
    let body = json!({
        "platform": "alpha",
        "form": { "token": "tok-one" },
        "settings": { "watch": "a\nb" },
        "keep_raw": true,
    });
    let connected = app
        .admin
        .post("/api/connections", &body)
        .await
        .expect(201)
        .json();
    assert_json_snapshot!(connected, { ".connection.id" => "[id]" });

    let again = app
        .admin
        .post("/api/connections", &body)
        .await
        .expect(201)
        .json();
    assert_eq!(again["renewed"], true);
    assert_eq!(again["connection"]["id"], connected["connection"]["id"]);

    let list = app.admin.get("/api/connections").await.expect(200).json();
    assert_eq!(list["connections"].as_array().unwrap().len(), 1);
    let by_name = app
        .admin
        .get("/api/connections/alpha")
        .await
        .expect(200)
        .json();
    assert_eq!(by_name["connection"], list["connections"][0]);
    assert!(!list.to_string().contains(SECRET));
    app.stop().await;
}

#[tokio::test]
async fn a_platform_that_is_down_leaves_nothing_behind() {
    let app = TestApp::start().await;
    app.shelf.held().is_down = true;
    let body = json!({ "platform": "alpha", "form": { "token": "tok-one" } });
    app.admin.post("/api/connections", &body).await.expect(503);
    let list = app.admin.get("/api/connections").await.expect(200).json();
    assert_eq!(list["connections"], json!([]));
    app.stop().await;
}

#[tokio::test]
async fn a_question_is_answered_by_whoever_was_asked() {
    let app = TestApp::start().await;
    let body = json!({ "platform": "alpha", "method": "choose" });
    let asked = app
        .admin
        .post("/api/connections", &body)
        .await
        .expect(200)
        .json();
    assert_json_snapshot!(asked, { ".key" => "[key]" });

    let answer = json!({ "key": asked["key"], "answer": { "account": ["two"] } });
    let other = app.stranger.with_token(&app.token);
    let refused = other
        .post("/api/connections/resume", &answer)
        .await
        .expect(403);
    assert_eq!(refused.json()["code"], "FOREIGN_BROWSER");
    let done = app
        .admin
        .post("/api/connections/resume", &answer)
        .await
        .expect(201)
        .json();
    assert_eq!(done["connection"]["account"]["name"], "Shop Two");
    // Once.
    let again = app.admin.post("/api/connections/resume", &answer).await;
    assert!((400..500).contains(&again.status), "{}", again.body);
    app.stop().await;
}

#[tokio::test]
async fn settings_are_replaced_and_unknown_ones_refused() {
    let app = TestApp::start().await;
    let id = app.connect("one").await;
    let path = format!("/api/connections/{id}");
    let set = json!({ "settings": { "watch": "x" }, "keep_raw": true });
    let changed = app.admin.put(&path, &set).await.expect(200).json();
    assert_eq!(changed["connection"]["settings"], json!({ "watch": "x" }));
    assert_eq!(changed["connection"]["keep_raw"], true);

    let unknown = json!({ "settings": { "colour": "red" } });
    let refused = app.admin.put(&path, &unknown).await.expect(422);
    assert_eq!(refused.json()["field"], "colour");
    let kept = app.admin.put(&path, &json!({})).await.expect(200).json();
    assert_eq!(kept["connection"]["settings"], json!({ "watch": "x" }));
    app.stop().await;
}

#[tokio::test]
async fn testing_and_refreshing_ask_the_platform() {
    let app = TestApp::start().await;
    let id = app.connect("one").await;
    app.shelf
        .held()
        .accounts
        .insert("one".to_owned(), "Renamed".to_owned());
    let path = format!("/api/connections/{id}/test");
    let tested = app.admin.post(&path, &json!({})).await.expect(200).json();
    assert_eq!(tested["account"]["name"], "Renamed");
    let path = format!("/api/connections/{id}/refresh");
    let renewed = app.admin.post(&path, &json!({})).await.expect(200).json();
    assert_eq!(renewed["connection"]["account"]["name"], "Renamed");
    app.stop().await;
}

#[tokio::test]
async fn disconnecting_keeps_and_erasing_does_not() {
    let app = TestApp::start().await;
    let id = app.connect("one").await;
    let path = format!("/api/connections/{id}");
    let ended = app.admin.delete(&path).await.expect(200).json();
    assert_eq!(ended["grant"], "given_back");
    let kept = app.admin.get(&path).await.expect(200).json();
    assert_eq!(kept["connection"]["status"], "disconnected");
    app.admin
        .delete(&format!("{path}?erase=maybe"))
        .await
        .expect(400);
    app.admin
        .delete(&format!("{path}?erase=true"))
        .await
        .expect(200);
    app.admin.get(&path).await.expect(404);

    let log = app
        .store
        .project(app.store.default_project().await.unwrap().id);
    let log = log.audit_log(10).await.unwrap();
    let told: Vec<_> = log
        .iter()
        .filter_map(|entry| entry.detail.as_deref())
        .collect();
    assert!(
        told.contains(&"the grant was given back to the platform"),
        "{told:?}"
    );
    let actions: Vec<_> = log.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(
        actions
            .iter()
            .filter(|action| **action == "connection.erased")
            .count(),
        1,
        "{actions:?}"
    );
    app.stop().await;
}

#[tokio::test]
async fn a_platform_that_is_down_keeps_nobody_from_leaving() {
    let app = TestApp::start().await;
    let id = app.connect("one").await;
    app.shelf.held().is_down = true;
    let ended = app.admin.delete(&format!("/api/connections/{id}")).await;
    let ended = ended.expect(200).json();
    assert_eq!(ended["grant"], "failed");
    let explanation = ended["explanation"].as_str().unwrap();
    assert!(
        explanation.contains("the platform is down"),
        "{explanation}"
    );
    app.stop().await;
}

#[tokio::test]
async fn subscriptions_are_made_listed_and_ended() {
    let app = TestApp::start_with(Wish {
        public_url: Some("https://shop.example".parse().unwrap()),
        ..Wish::default()
    })
    .await;
    app.connect("one").await;
    let path = "/api/connections/alpha/subscriptions";
    let none = app.admin.get(path).await.expect(200).json();
    assert_eq!(none["subscriptions"], json!([]));
    let made = app.admin.post(path, &json!({})).await.expect(200).json();
    let here = "https://shop.example/webhooks/alpha";
    assert_eq!(made["subscriptions"][0]["deliver_to"], here);
    let queue = json!({ "deliver_to": "queue:somewhere" });
    let both = app.admin.post(path, &queue).await.expect(200).json();
    assert_eq!(both["subscriptions"][1]["deliver_to"], "queue:somewhere");
    let one = format!("{path}/alpha:%2F%2Fsubscription%2F0");
    app.admin.delete(&one).await.expect(200);
    app.admin
        .delete(&format!("{path}/nothing"))
        .await
        .expect(404);
    app.stranger.get(path).await.expect(401);
    app.stop().await;
}

#[tokio::test]
async fn a_service_without_https_says_where_to_deliver() {
    let app = TestApp::start().await;
    app.connect("one").await;
    let path = "/api/connections/alpha/subscriptions";
    let refused = app.admin.post(path, &json!({})).await.expect(422);
    assert_eq!(refused.json()["field"], "deliver_to");
    app.stop().await;
}
