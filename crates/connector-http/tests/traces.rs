//! What is traced of a request, by this crate and all crates underneath. A process of its own: whether
//! anybody listens to a trace is remembered for the whole process.
#![expect(clippy::unwrap_used, reason = "a test stops at what it didn't expect")]

use std::sync::Arc;

use bytes::Bytes;
use connector_core::{Operation, endpoint};
use connector_http::{Options, transport};
use futures::TryStreamExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

#[tokio::test]
async fn traces_hold_what_helps_and_nothing_secret() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let url = format!("{}/orders?token=secret-in-a-query", serve(2).await);
    let mut request = endpoint::get(&url).unwrap();
    request.extensions_mut().insert(Operation::read("Ping"));
    request.headers_mut().insert("x-token", {
        let mut value: http::HeaderValue = "secret-in-a-header".parse().unwrap();
        value.set_sensitive(true);
        value
    });
    let client = transport(&Options::default()).unwrap();
    client.send(request.clone()).await.unwrap();
    let body = client.fetch(request).await.unwrap().into_body();
    let pieces: Vec<Bytes> = body.try_collect().await.unwrap();
    assert_eq!(pieces.concat(), b"secret-in-a-body");

    let text = log.text();
    let answered: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("the platform answered"))
        .collect();
    assert_eq!(answered.len(), 2, "{text}");
    for line in answered {
        for part in [
            "operation=\"Ping\"",
            "method=\"GET\"",
            "path=\"/orders\"",
            "status=200",
            "bytes=16",
        ] {
            assert!(line.contains(part), "{part} in {line}");
        }
    }
    // At trace level, and from every crate underneath.
    assert!(!text.contains("secret-in"), "{text}");
}

/// Answers so many connections, one request each, and gives the address.
async fn serve(connections: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        for _ in 0..connections {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(socket.read_u8().await.unwrap());
            }
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 16\r\nconnection: close\r\n\r\n\
                           secret-in-a-body";
            socket.write_all(answer).await.unwrap();
        }
    });
    format!("http://{address}")
}

#[derive(Clone, Default)]
struct Log(Arc<std::sync::Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
