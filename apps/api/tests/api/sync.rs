//! Syncing in the background, and seeing how it goes.

use crossdock_persistence::RunFilter;
use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::support::TestApp;

impl TestApp {
    /// The last run of a stream once it has ended.
    pub(crate) async fn run_ended(&self, stream: &str) -> Value {
        for _ in 0..2000 {
            let log = self
                .admin
                .get(&format!("/api/sync/log?stream={stream}&limit=1"))
                .await;
            let log = log.expect(200).json();
            if let Some(run) = log["runs"].get(0).filter(|run| run["status"] != "running") {
                return run.clone();
            }
            tokio::task::yield_now().await;
        }
        panic!("the run of {stream} doesn't end");
    }

    /// Syncs the locations, and waits for it.
    pub(crate) async fn sync_locations(&self, connection: &str) -> Value {
        let order = json!({ "streams": ["locations"] });
        let path = format!("/api/sync/{connection}");
        self.admin.post(&path, &order).await.expect(202);
        self.run_ended("locations").await
    }
}

#[tokio::test]
async fn a_sync_is_begun_and_seen_through_in_the_background() {
    let app = TestApp::start().await;
    let id = app.connect("one").await;
    app.shelf
        .held()
        .locations
        .push(("l-4".to_owned(), String::new()));
    let order = json!({ "streams": ["locations"] });
    let started = app
        .admin
        .post(&format!("/api/sync/{id}"), &order)
        .await
        .expect(202);
    assert_eq!(
        started.json()["status"],
        format!("/api/sync/status?connection={id}")
    );
    let run = app.run_ended("locations").await;
    assert_json_snapshot!(run, { ".id" => "[id]", ".connection" => "[id]" });
    let status = app
        .admin
        .get("/api/sync/status?connection=alpha")
        .await
        .expect(200);
    assert_json_snapshot!(status.json(), {
        ".streams[].connection" => "[id]", ".streams[].last_run" => "[run]"
    });
    app.stop().await;
}

#[tokio::test]
async fn without_a_body_all_streams_are_synced_and_one_that_fails_stops_no_other() {
    let app = TestApp::start().await;
    app.connect("one").await;
    let empty = app
        .admin
        .send("POST", "/api/sync/alpha", &[], "".into())
        .await;
    empty.expect(202);
    assert_eq!(app.run_ended("locations").await["status"], "completed");
    let failed = app.run_ended("broken").await;
    assert_eq!(failed["status"], "failed");
    assert_eq!(failed["failure"]["kind"], "contract_broken");
    app.stop().await;
}

#[tokio::test]
async fn what_keeps_a_sync_from_beginning_is_said_at_once() {
    let app = TestApp::start().await;
    let id = app.connect("one").await;
    let path = format!("/api/sync/{id}");
    let unknown = app
        .admin
        .post(&path, &json!({ "streams": ["nothing"] }))
        .await;
    assert_eq!(unknown.expect(404).json()["code"], "NOT_FOUND");
    let odd = app
        .admin
        .post(&path, &json!({ "stream": "locations" }))
        .await;
    odd.expect(400);
    app.admin
        .delete(&format!("/api/connections/{id}"))
        .await
        .expect(200);
    let ended = app.admin.post(&path, &json!({})).await;
    assert_eq!(ended.status, 409, "{}", ended.body);
    app.admin
        .post("/api/sync/beta", &json!({}))
        .await
        .expect(404);
    app.stop().await;
}

#[tokio::test]
async fn a_run_that_goes_on_is_seen_and_ends_in_order_at_shutdown() {
    let app = TestApp::start().await;
    let id = app.connect("one").await;
    app.shelf.held().is_gated = true;
    let order = json!({ "streams": ["locations"] });
    app.admin
        .post(&format!("/api/sync/{id}"), &order)
        .await
        .expect(202);
    let status = app.admin.get("/api/sync/status").await.expect(200).json();
    assert_eq!(status["streams"][0]["last_run"]["status"], "running");
    let log = app
        .admin
        .get("/api/sync/log?status=running")
        .await
        .expect(200)
        .json();
    assert_eq!(log["runs"].as_array().unwrap().len(), 1);

    let store = app.store.clone();
    app.shelf.let_pass();
    app.stop().await;
    let project = store.default_project().await.unwrap().id;
    let data = store.project(project);
    for run in data.runs(&RunFilter::default(), 10).await.unwrap() {
        assert_ne!(run.status.as_str(), "running");
    }
}

#[tokio::test]
async fn the_log_is_read_page_by_page() {
    let app = TestApp::start().await;
    let id = app.connect("one").await;
    for _ in 0..3 {
        app.sync_locations(&id).await;
    }
    let mut ids = Vec::new();
    let mut path = "/api/sync/log?limit=2".to_owned();
    loop {
        let page = app.admin.get(&path).await.expect(200).json();
        ids.extend(
            page["runs"]
                .as_array()
                .unwrap()
                .iter()
                .map(|run| run["id"].clone()),
        );
        match page["next"].as_str() {
            Some(next) => path = format!("/api/sync/log?limit=2&before={next}"),
            None => break,
        }
    }
    assert_eq!(ids.len(), 3);
    app.admin.get("/api/sync/log?limit=1001").await.expect(422);
    app.stop().await;
}
