//! What is counted and what is logged.

use std::io::Write;
use std::sync::{Arc, Mutex};

use crate::support::{SECRET, TestApp};

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

/// All that is logged while the tests of this process run.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_request_is_logged_without_anything_that_was_sent() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let app = TestApp::start().await;
    let form = serde_json::json!({
        "platform": "alpha", "form": { "token": "tok-one", "note": "typed-in-a-body" }
    });
    let connected = app.admin.post("/api/connections", &form).await.expect(201);
    let (browser, _) = app.log_in().await;
    let path = "/api/oauth/alpha/callback?state=sent-in-a-query&code=x";
    browser.get(path).await;
    let session = browser.cookie("crossdock_session").unwrap();
    app.admin.get("/api/connections/alpha?").await.expect(200);

    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let id = connected.header("x-request-id");
    let line = logged
        .lines()
        .find(|line| line.contains(id) && line.contains("request answered"))
        .unwrap();
    for part in [
        r#""http.method":"POST""#,
        r#""http.route":"/api/connections""#,
        r#""http.status":201"#,
        r#""duration_ms":"#,
    ] {
        assert!(line.contains(part), "{part}: {line}");
    }
    let id_of = session.split('.').next().unwrap();
    for secret in [
        &app.token,
        id_of,
        "tok-one",
        "typed-in-a-body",
        "sent-in-a-query",
        SECRET,
    ] {
        assert!(!logged.contains(secret), "{secret}");
    }
    app.stop().await;
}
