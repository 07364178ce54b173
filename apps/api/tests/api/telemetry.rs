//! What is counted.

use crate::support::TestApp;

#[tokio::test]
async fn prometheus_reads_what_is_stored_and_how_requests_were_answered() {
    let app = TestApp::start().await;
    let id = app.connect("one").await;
    app.sync_locations(&id).await;
    app.admin.get("/api/nothing").await.expect(404);
    let text = app.admin.get("/metrics").await.expect(200);
    assert!(
        text.header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    for line in [
        "# TYPE crossdock_connections gauge",
        "crossdock_connections{platform=\"alpha\",status=\"active\"} 1",
        "crossdock_records{platform=\"alpha\",stream=\"locations\"} 3",
        "crossdock_changes_total 3",
        "crossdock_http_requests_total{route=\"(none)\",status=\"404\"} 1",
        "crossdock_http_requests_total{route=\"/api/connections\",status=\"201\"} 1",
    ] {
        assert!(
            text.body.lines().any(|found| found == line),
            "{line}\n{}",
            text.body
        );
    }
    app.stop().await;
}

#[tokio::test]
async fn a_service_that_lives_and_can_work_says_so() {
    let app = TestApp::start().await;
    let alive = app.stranger.get("/healthz").await.expect(200);
    assert_eq!(alive.body, r#"{"success":true}"#);
    let ready = app.admin.get("/readyz").await.expect(200).json();
    assert_eq!(ready["database"], "SQLite");
    app.store.clone().close().await.unwrap();
    let gone = app.admin.get("/readyz").await;
    assert!(gone.status >= 500, "{}", gone.body);
    assert_eq!(gone.json()["success"], false);
    app.stop().await;
}
