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
use crossdock_sandbox::server::Server;
use crossdock_sandbox::{Effect, Fault, Options, Sandbox};
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
        let sandbox = Sandbox::new(Options::new(SystemTime::now().into()));
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
