//! The sandbox behind a real port.

#![cfg(feature = "server")]
#![cfg_attr(
    feature = "server",
    expect(clippy::unwrap_used, reason = "tests fail by panicking")
)]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use bytes::Bytes;
use chrono::TimeDelta;
use crossdock_sandbox::platform::{Call, ControlError, SeedFile, SeedOutcome};
use crossdock_sandbox::server::Server;
use crossdock_sandbox::world::Outgoing;
use crossdock_sandbox::{Effect, Fault, Options, Platform, Sandbox, Size, World};
use http::Response;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

struct Running {
    address: SocketAddr,
    sandbox: Arc<Mutex<Sandbox>>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<std::io::Result<()>>,
}

impl Running {
    #[expect(
        clippy::disallowed_methods,
        reason = "the server under test runs on the real clock"
    )]
    fn start() -> Self {
        Self::serve(Sandbox::new(Options::new(SystemTime::now().into())))
    }

    fn serve(sandbox: Sandbox) -> Self {
        let server = Server::bind("127.0.0.1:0", sandbox).unwrap();
        let (address, sandbox) = (server.address(), server.sandbox());
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(server.run(async move {
            stopped.await.ok();
        }));
        Self {
            address,
            sandbox,
            stop,
            server,
        }
    }

    /// Sends one request and returns all that comes back before the connection ends.
    async fn send(&self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!(
            "{head}\r\nhost: {}\r\nauthorization: Bearer sbx_pat_demo\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            self.address,
            body.len(),
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        // A connection that is cut may end in an error or in nothing.
        stream.read_to_string(&mut answer).await.unwrap_or_default();
        answer
    }

    async fn end(self) {
        self.stop.send(()).unwrap();
        self.server.await.unwrap().unwrap();
        assert!(TcpStream::connect(self.address).await.is_err());
    }
}

const TEST: &str = "GET /api.alias.org/api/v1/test HTTP/1.1";

#[tokio::test]
async fn it_answers_and_stops_when_told() {
    let running = Running::start();
    let answer = running.send(TEST, "").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with("{\"ok\":true}") && answer.contains("x-request-id: "));
    let page = running.send("GET /_sandbox/ HTTP/1.1", "").await;
    assert!(page.contains("text/html") && page.contains("api.alias.org/api/v1/test"));
    running.end().await;
}

#[tokio::test]
async fn lost_and_unsent_requests_get_not_one_byte() {
    let running = Running::start();
    for effect in [Effect::LostReply, Effect::NotSent] {
        running.sandbox.lock().unwrap().inject(Fault::new(effect));
        assert_eq!(running.send(TEST, "").await, "");
        assert!(running.send(TEST, "").await.starts_with("HTTP/1.1 200"));
    }
    running.end().await;
}

#[tokio::test]
async fn a_delayed_answer_is_late() {
    let running = Running::start();
    let effect = Effect::Delay { milliseconds: 50 };
    running.sandbox.lock().unwrap().inject(Fault::new(effect));
    let begin = tokio::time::Instant::now();
    assert!(running.send(TEST, "").await.starts_with("HTTP/1.1 200"));
    assert!(begin.elapsed() >= std::time::Duration::from_millis(50));
    running.end().await;
}

#[tokio::test]
async fn large_bodies_and_methods_pass_through() {
    let running = Running::start();
    let fault = format!(
        "[{}]",
        vec![r#"{"effect": {"kind": "not_sent"}, "host": "x"}"#; 20_000].join(",")
    );
    let fault = Bytes::from(fault);
    let answer = running
        .send(
            "POST /_sandbox/faults HTTP/1.1",
            std::str::from_utf8(&fault).unwrap(),
        )
        .await;
    assert!(
        answer.starts_with("HTTP/1.1 200"),
        "{}",
        answer.lines().next().unwrap_or_default()
    );
    assert_eq!(running.sandbox.lock().unwrap().faults().len(), 20_000);
    running.send("DELETE /_sandbox/faults HTTP/1.1", "").await;
    assert!(running.sandbox.lock().unwrap().faults().is_empty());
    running.end().await;
}

/// A platform that does nothing but send a webhook, an hour after it is told to.
#[derive(Debug)]
struct Postman;

impl Platform for Postman {
    fn id(&self) -> &'static str {
        "postman"
    }

    fn serves(&self, _: &str) -> bool {
        false
    }

    fn answer(&mut self, _: &Call<'_>, _: &mut World) -> Response<Bytes> {
        Response::new(Bytes::new())
    }

    fn generate(&mut self, _: &Size, _: &mut World) {}

    fn load(&mut self, _: &SeedFile<'_>) -> SeedOutcome {
        SeedOutcome::NotMine
    }

    fn settle(&mut self, _: &mut World) {}

    fn census(&self) -> Vec<(&'static str, u64)> {
        Vec::new()
    }

    fn control(&mut self, _: &str, body: &Value, world: &mut World) -> Result<Value, ControlError> {
        world.outbox.push(Outgoing {
            platform: self.id(),
            url: body["url"].as_str().unwrap().parse().unwrap(),
            headers: vec![("x-topic".to_owned(), "test".to_owned())],
            body: Bytes::from_static(b"parcel"),
            due: world.now + TimeDelta::hours(1),
        });
        Ok(Value::Null)
    }
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "the server under test runs on the real clock"
)]
async fn a_webhook_is_delivered_when_simulated_time_says_so() {
    let options = Options::new(SystemTime::now().into());
    let running = Running::serve(Sandbox::with_platforms(options, vec![Box::new(Postman)]));
    let receiver = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", receiver.local_addr().unwrap());
    let body = json!({"url": url}).to_string();
    let told = running
        .send("POST /_sandbox/platforms/postman/send HTTP/1.1", &body)
        .await;
    assert!(told.starts_with("HTTP/1.1 200"), "{told}");
    assert_eq!(running.sandbox.lock().unwrap().outbox().len(), 1);

    running
        .send(
            "POST /_sandbox/clock HTTP/1.1",
            r#"{"advance_seconds": 3600}"#,
        )
        .await;
    let (mut stream, _) = receiver.accept().await.unwrap();
    let mut received = Vec::new();
    while !received.ends_with(b"parcel") {
        assert_ne!(stream.read_buf(&mut received).await.unwrap(), 0);
    }
    assert!(received.starts_with(b"POST /hook HTTP/1.1\r\n"));
    stream
        .write_all(b"HTTP/1.1 202 Accepted\r\n\r\n")
        .await
        .unwrap();
    drop(stream);
    let mut ticks = tokio::time::interval(std::time::Duration::from_millis(5));
    while running
        .sandbox
        .lock()
        .unwrap()
        .deliveries()
        .next()
        .is_none()
    {
        ticks.tick().await;
    }
    let log = running.send("GET /_sandbox/deliveries HTTP/1.1", "").await;
    assert!(log.contains(r#""outcome":{"answered":202}"#), "{log}");
    running.end().await;
}
