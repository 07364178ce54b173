//! The transport against a small server: what is sent, what is read, and what each way of failing
//! is taken for.
#![expect(clippy::unwrap_used, reason = "a test stops at what it didn't expect")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use connector_core::{
    Error, ErrorKind, Operation, Request, Response, Result, Retry, Transport, endpoint,
};
use connector_http::{BodyCap, Options, Reqwest, Reroute, layered, transport};
use futures::TryStreamExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::mpsc;

/// What the server does with a connection once it has read a request's head.
#[derive(Clone)]
enum Act {
    /// Sends these bytes and closes.
    Say(Vec<u8>),
    /// Says nothing and keeps the connection.
    Hang,
    /// Sends these bytes, then nothing, and keeps the connection.
    SayAndHang(Vec<u8>),
}

struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    heads: mpsc::UnboundedReceiver<String>,
}

impl Server {
    async fn start(act: Act) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let (sender, heads) = mpsc::unbounded_channel();
        let counter = Arc::clone(&connections);
        tokio::spawn(async move {
            loop {
                let (mut socket, _) = listener.accept().await.unwrap();
                counter.fetch_add(1, Ordering::SeqCst);
                let (act, sender) = (act.clone(), sender.clone());
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
                        match socket.read_u8().await {
                            Ok(byte) => head.push(byte),
                            // A TLS greeting has no empty line: answer what came so far.
                            Err(_) => break,
                        }
                        if head.first() == Some(&0x16) {
                            break;
                        }
                    }
                    drop(sender.send(String::from_utf8_lossy(&head).into_owned()));
                    match act {
                        Act::Say(bytes) => drop(socket.write_all(&bytes).await),
                        Act::Hang => std::future::pending::<()>().await,
                        Act::SayAndHang(bytes) => {
                            drop(socket.write_all(&bytes).await);
                            std::future::pending::<()>().await;
                        }
                    }
                });
            }
        });
        Self {
            address,
            connections,
            heads,
        }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn gzip(body: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn client() -> Arc<dyn Transport> {
    transport(&Options::default()).unwrap()
}

fn get(url: &str) -> Request {
    let mut request = endpoint::get(url).unwrap();
    request.extensions_mut().insert(Operation::read("Ping"));
    request
}

async fn send(act: Act) -> Result<Response> {
    let server = Server::start(act).await;
    client()
        .send(get(&server.url("/a?token=hidden-in-a-query")))
        .await
}

/// The error, after making sure that it doesn't quote the address.
async fn fail(act: Act) -> Error {
    let error = send(act).await.unwrap_err();
    assert!(
        !format!("{error} {error:?}").contains("hidden-in-a-query"),
        "{error:?}"
    );
    error
}

#[tokio::test]
async fn a_request_goes_out_as_it_is_and_the_answer_comes_back_as_it_is() {
    let mut server = Server::start(Act::Say(answer(
        "404 Not Found\r\nx-seen: 1\r\nx-seen: 2",
        b"nothing",
    )))
    .await;
    let mut request = endpoint::send_json(
        http::Method::PUT,
        server.url("/a%2Fb?q=%26"),
        &serde_json::json!({"price": 1}),
    )
    .unwrap();
    request
        .headers_mut()
        .insert("x-mine", "yes".parse().unwrap());
    let response = client().send(request).await.unwrap();
    assert_eq!(response.status(), 404);
    assert_eq!(response.headers().get_all("x-seen").iter().count(), 2);
    assert_eq!(response.body().as_ref(), b"nothing");

    let head = server.heads.recv().await.unwrap();
    assert!(head.starts_with("PUT /a%2Fb?q=%26 HTTP/1.1\r\n"), "{head}");
    for line in [
        "x-mine: yes",
        "content-type: application/json",
        "content-length: 11",
        "user-agent: crossdock/",
    ] {
        assert!(head.contains(line), "{line} in {head}");
    }
}

#[tokio::test]
async fn redirects_are_handed_back_and_cookies_forgotten() {
    let moved = answer("302 Found\r\nlocation: /other\r\nset-cookie: a=b", b"");
    let mut server = Server::start(Act::Say(moved)).await;
    let client = client();
    for _ in 0..2 {
        let response = client.send(get(&server.url("/a"))).await.unwrap();
        assert_eq!(response.status(), 302);
        assert_eq!(response.headers()["location"], "/other");
        let head = server.heads.recv().await.unwrap();
        assert!(
            head.starts_with("GET /a ") && !head.contains("cookie"),
            "{head}"
        );
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn gzip_is_unpacked() {
    let body = answer("200 OK\r\ncontent-encoding: gzip", &gzip(b"{\"a\":1}"));
    let response = send(Act::Say(body)).await.unwrap();
    assert_eq!(response.body().as_ref(), b"{\"a\":1}");
    assert!(!response.headers().contains_key("content-encoding"));
}

#[tokio::test]
async fn gzip_that_is_broken_is_the_platforms_fault() {
    let body = answer(
        "200 OK\r\ncontent-encoding: gzip",
        b"this is no gzip at all",
    );
    assert_eq!(fail(Act::Say(body)).await.kind(), ErrorKind::ContractBroken);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_packed_or_not() {
    let limit = 1000;
    let long = vec![b'x'; 100_000];
    let cap = BodyCap::new(limit);
    for answer in [
        answer("200 OK", &long),
        answer("200 OK\r\ncontent-encoding: gzip", &gzip(&long)),
        [b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &long].concat(),
    ] {
        let server = Server::start(Act::Say(answer)).await;
        let inner: Arc<dyn Transport> = Arc::new(Reqwest::new(&Options::default()).unwrap());
        let capped = layered(inner, &[&cap]);
        let error = capped.send(get(&server.url("/"))).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ContractBroken);
        assert_eq!(error.context("limit_bytes"), Some("1000"));
        // Streamed, all of it comes.
        let download = capped.fetch(get(&server.url("/"))).await.unwrap();
        let pieces: Vec<Bytes> = download.into_body().try_collect().await.unwrap();
        assert_eq!(pieces.concat(), long);
    }
    let server = Server::start(Act::Say(answer("200 OK", &long[..limit]))).await;
    let inner: Arc<dyn Transport> = Arc::new(Reqwest::new(&Options::default()).unwrap());
    assert!(
        layered(inner, &[&cap])
            .send(get(&server.url("/")))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = listener.local_addr().unwrap();
    drop(listener);
    let error = client()
        .send(get(&format!("http://{closed}/")))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.retry()),
        (ErrorKind::Unavailable, Retry::Always)
    );
    assert_eq!(error.message(), "no connection could be made");
}

#[tokio::test]
async fn a_name_that_nobody_has_was_not_sent() {
    // RFC 6761: `.invalid` never resolves.
    let error = client()
        .send(get("http://nobody.invalid/"))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.retry()),
        (ErrorKind::Unavailable, Retry::Always)
    );
    assert_eq!(error.message(), "the host's name can't be resolved");
}

#[tokio::test]
async fn without_tls_nothing_was_sent() {
    let server = Server::start(Act::Say(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())).await;
    let error = client()
        .send(get(&format!("https://{}/", server.address)))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.retry()),
        (ErrorKind::Unavailable, Retry::Always)
    );
    assert_eq!(error.message(), "the TLS handshake failed");
}

#[tokio::test]
async fn half_an_answer_may_have_arrived() {
    for half in [
        &b""[..],
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    ] {
        let error = fail(Act::Say(half.to_vec())).await;
        assert_eq!(
            (error.kind(), error.retry()),
            (ErrorKind::Unavailable, Retry::IfIdempotent)
        );
    }
    let whole = gzip(b"a body that was cut off on its way");
    let cut = answer(
        "200 OK\r\ncontent-encoding: gzip",
        &whole[..whole.len() / 2],
    );
    assert_eq!(fail(Act::Say(cut)).await.retry(), Retry::IfIdempotent);
}

#[tokio::test(start_paused = true)]
async fn silence_may_have_arrived() {
    let error = fail(Act::Hang).await;
    assert_eq!(
        (error.kind(), error.retry()),
        (ErrorKind::Unavailable, Retry::IfIdempotent)
    );
    assert_eq!(error.message(), "no answer came in time");
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf".to_vec();
    assert_eq!(
        fail(Act::SayAndHang(half)).await.message(),
        "no answer came in time"
    );
}

#[tokio::test]
async fn a_stream_that_breaks_off_fails_after_what_came() {
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf".to_vec();
    let server = Server::start(Act::Say(half)).await;
    let mut body = client()
        .fetch(get(&server.url("/")))
        .await
        .unwrap()
        .into_body();
    assert_eq!(body.try_next().await.unwrap().unwrap().as_ref(), b"half");
    assert_eq!(
        body.try_next().await.unwrap_err().retry(),
        Retry::IfIdempotent
    );
}

#[tokio::test]
async fn a_stream_that_falls_silent_is_given_up() {
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf".to_vec();
    let server = Server::start(Act::SayAndHang(half)).await;
    let mut body = client()
        .fetch(get(&server.url("/")))
        .await
        .unwrap()
        .into_body();
    assert_eq!(body.try_next().await.unwrap().unwrap().as_ref(), b"half");
    tokio::time::pause();
    let error = body.try_next().await.unwrap_err();
    assert_eq!(error.message(), "no answer came in time");
    assert_eq!(error.context("limit_ms"), Some("60000"));
}

#[tokio::test]
async fn everything_goes_through_the_gateway() {
    let mut server = Server::start(Act::Say(answer("200 OK", b"{}"))).await;
    let reroute = Reroute::new(server.url("").parse().unwrap()).unwrap();
    let options = Options {
        reroute: Some(reroute),
        ..Options::default()
    };
    let transport = transport(&options).unwrap();
    transport
        .send(get("https://api.example.com/v1/orders?limit=2"))
        .await
        .unwrap();
    let head = server.heads.recv().await.unwrap();
    assert!(
        head.starts_with("GET /api.example.com/v1/orders?limit=2 HTTP/1.1\r\n"),
        "{head}"
    );
    drop(
        transport
            .fetch(get("https://cdn.example.com/file"))
            .await
            .unwrap(),
    );
    let head = server.heads.recv().await.unwrap();
    assert!(head.starts_with("GET /cdn.example.com/file "), "{head}");
}

#[tokio::test]
async fn a_proxy_is_used_when_it_is_set() {
    let mut server = Server::start(Act::Say(answer("200 OK", b"{}"))).await;
    let proxy = Some(server.url("").parse().unwrap());
    let options = Options {
        proxy,
        ..Options::default()
    };
    transport(&options)
        .unwrap()
        .send(get("http://api.example.com/a"))
        .await
        .unwrap();
    let head = server.heads.recv().await.unwrap();
    assert!(head.starts_with("GET http://api.example.com/a "), "{head}");
}

#[test]
fn a_proxy_of_another_kind_is_a_wrong_setting() {
    for proxy in ["ftp://127.0.0.1", "mailto:a"] {
        let options = Options {
            proxy: Some(proxy.parse().unwrap()),
            ..Options::default()
        };
        assert_eq!(
            transport(&options).unwrap_err().kind(),
            ErrorKind::ConfigInvalid,
            "{proxy}"
        );
    }
}

#[tokio::test]
async fn connecting_gives_up_by_its_own_limit_and_was_not_sent() {
    // A server that accepts nobody, and whose queue is full.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let patience = Duration::from_millis(100);
    let waiting: Vec<_> =
        std::iter::from_fn(|| std::net::TcpStream::connect_timeout(&address, patience).ok())
            .take(100)
            .collect();
    assert!(waiting.len() < 100, "the queue never fills");
    tokio::time::pause();
    let error = client()
        .send(get(&format!("http://{address}/")))
        .await
        .unwrap_err();
    assert_eq!(error.message(), "no connection was made in time");
    assert_eq!(
        (error.kind(), error.retry()),
        (ErrorKind::Unavailable, Retry::Always)
    );
}
