//! Delivers webhooks: one HTTP/1.1 POST each, to loopback addresses only.
//!
//! A sandbox on someone's machine must not be a way to make that machine call others, so this is
//! not a general HTTP client: no TLS, no redirects, no names but `localhost`.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::{Host, Url};

use crate::world::Outgoing;

/// How long a receiver may take in all. Platforms allow about this much.
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// How much of the answer is read: the status line is all that matters.
const ANSWER_LIMIT: u64 = 1024;

/// Delivers one webhook and returns the status that it was answered with.
///
/// # Errors
/// `PermissionDenied` for an address that is not plain HTTP on loopback, `TimedOut` when the
/// receiver takes longer than a platform would wait, and whatever the connection fails with.
pub(crate) async fn deliver(outgoing: &Outgoing) -> io::Result<u16> {
    let address = loopback(&outgoing.url)?;
    tokio::time::timeout(TIME_LIMIT, post(address, outgoing))
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

async fn post(address: SocketAddr, outgoing: &Outgoing) -> io::Result<u16> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(head(address, outgoing).as_bytes()).await?;
    stream.write_all(&outgoing.body).await?;
    let mut answer = Vec::new();
    stream.take(ANSWER_LIMIT).read_to_end(&mut answer).await?;
    status(&answer).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "not an HTTP answer"))
}

/// The request line and the headers.
fn head(address: SocketAddr, outgoing: &Outgoing) -> String {
    let mut target = outgoing.url.path().to_owned();
    if let Some(query) = outgoing.url.query() {
        target = format!("{target}?{query}");
    }
    let mut head = format!("POST {target} HTTP/1.1\r\nhost: {address}\r\n");
    for (name, value) in &outgoing.headers {
        // A line break would end the header and begin another.
        if !name.contains(['\r', '\n', ':']) && !value.contains(['\r', '\n']) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    head.push_str(&format!(
        "content-length: {}\r\nconnection: close\r\n\r\n",
        outgoing.body.len()
    ));
    head
}

/// The status in the first line of an answer.
fn status(answer: &[u8]) -> Option<u16> {
    let line = answer.split(|byte| *byte == b'\r').next()?;
    let line = std::str::from_utf8(line).ok()?;
    let (version, rest) = line.split_once(' ')?;
    version
        .starts_with("HTTP/1.")
        .then(|| rest.split(' ').next()?.parse().ok())?
}

/// The address that a URL names, where it is plain HTTP on this machine.
fn loopback(url: &Url) -> io::Result<SocketAddr> {
    let ip = match url.host() {
        Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
        Some(Host::Domain("localhost")) => Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        Some(Host::Domain(_)) | None => None,
    };
    match (url.scheme(), ip, url.port_or_known_default()) {
        ("http", Some(ip), Some(port)) if ip.is_loopback() => Ok(SocketAddr::new(ip, port)),
        _ => Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "webhooks are delivered to http addresses on loopback only",
        )),
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use chrono::DateTime;

    use super::*;

    fn outgoing(url: &str) -> Outgoing {
        Outgoing {
            platform: "alias",
            url: Url::parse(url).unwrap(),
            headers: vec![
                ("x-topic".to_owned(), "orders/create".to_owned()),
                ("x-evil".to_owned(), "a\r\nx-injected: b".to_owned()),
            ],
            body: Bytes::from_static(b"{}"),
            due: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn only_plain_http_on_loopback_is_called() {
        for url in [
            "http://127.0.0.1:8080/x",
            "http://localhost/x",
            "http://[::1]:1/x",
        ] {
            assert!(loopback(&Url::parse(url).unwrap()).is_ok(), "{url}");
        }
        for url in [
            "https://127.0.0.1/x",
            "http://10.0.0.1/x",
            "http://localhost.evil.example/x",
            "http://169.254.169.254/x",
            "http://[::ffff:10.0.0.1]/x",
            "http://0.0.0.0/x",
        ] {
            assert!(loopback(&Url::parse(url).unwrap()).is_err(), "{url}");
        }
    }

    #[test]
    fn headers_cannot_smuggle_others() {
        let head = head(
            "127.0.0.1:1".parse().unwrap(),
            &outgoing("http://127.0.0.1:1/a?b=c"),
        );
        assert!(head.starts_with("POST /a?b=c HTTP/1.1\r\n"), "{head}");
        assert!(head.contains("x-topic: orders/create\r\n"));
        assert!(!head.contains("x-injected"), "{head}");
    }

    #[test]
    fn the_status_is_read_from_the_first_line() {
        assert_eq!(
            status(b"HTTP/1.1 204 No Content\r\nx: y\r\n\r\n"),
            Some(204)
        );
        assert_eq!(status(b"HTTP/1.1 200\r\n\r\n"), Some(200));
        assert_eq!(status(b"SSH-2.0-x\r\n"), None);
        assert_eq!(status(b""), None);
    }

    #[tokio::test]
    async fn a_webhook_arrives_whole() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let receiver = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut received = Vec::new();
            while !received.ends_with(b"\r\n\r\n{}") {
                let mut chunk = [0; 512];
                let count = stream.read(&mut chunk).await.unwrap();
                received.extend_from_slice(&chunk[..count]);
            }
            stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                .await
                .unwrap();
            String::from_utf8(received).unwrap()
        });
        assert_eq!(deliver(&outgoing(&url)).await.unwrap(), 200);
        assert!(receiver.await.unwrap().contains("content-length: 2\r\n"));
    }
}
