//! The session's loop against a transport that plays a script: what is sent again, what is not,
//! who renews, and what never leaves.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail it")]

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{
    Clock, Context, Credential, CredentialKeeper, Dialect, Download, Entropy, Error, ErrorKind,
    Exchange, InMemoryKeeper, LostReply, Meter, OpaqueCredential, Operation, Request, Response,
    Result, Retry, Session, Settings, Transport, VersionedCredential,
};
use futures::StreamExt as _;
use serde::{Deserialize, Serialize};

const READ: Operation = Operation::read("Read");
const WRITE: Operation = Operation::write("Write");

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Token {
    word: String,
    expires_at: Option<DateTime<Utc>>,
}

impl Credential for Token {
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.expires_at
    }
}

#[derive(Debug)]
struct Plain;

impl Dialect<Token> for Plain {
    fn authorize(&self, token: &Token, request: &mut Request, _now: DateTime<Utc>) -> Result<()> {
        request
            .headers_mut()
            .insert("authorization", token.word.parse().unwrap());
        Ok(())
    }
}

type Answer = Result<(u16, Option<&'static str>)>;

#[derive(Debug, Default)]
struct Script {
    answers: Mutex<VecDeque<Answer>>,
    seen: Mutex<Vec<Option<String>>>,
}

impl Script {
    fn play(answers: impl IntoIterator<Item = Answer>) -> Arc<Self> {
        Arc::new(Self {
            answers: Mutex::new(answers.into_iter().collect()),
            seen: Mutex::default(),
        })
    }

    fn seen(&self) -> Vec<Option<String>> {
        self.seen.lock().unwrap().clone()
    }

    fn next(&self, request: &Request) -> Result<http::response::Builder> {
        let word = request
            .headers()
            .get("authorization")
            .map(|v| v.to_str().unwrap().to_owned());
        self.seen.lock().unwrap().push(word);
        let (status, retry_after) = self
            .answers
            .lock()
            .unwrap()
            .pop_front()
            .unwrap_or(Ok((200, None)))?;
        let builder = http::Response::builder().status(status);
        Ok(match retry_after {
            Some(value) => builder.header("retry-after", value),
            None => builder,
        })
    }
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: Request) -> Result<Response> {
        Ok(self.next(&request)?.body(Bytes::new()).unwrap())
    }

    async fn fetch(&self, request: Request) -> Result<Download> {
        let body = futures::stream::once(async { Ok(Bytes::from_static(b"file")) }).boxed();
        Ok(self.next(&request)?.body(body).unwrap())
    }
}

/// Time that passes only by sleeping.
#[derive(Debug, Default)]
struct Paused(AtomicI64);

#[async_trait]
impl Clock for Paused {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::milliseconds(self.0.load(Ordering::Relaxed))
    }

    async fn sleep(&self, duration: Duration) {
        self.0.fetch_add(
            i64::try_from(duration.as_millis()).unwrap(),
            Ordering::Relaxed,
        );
    }
}

#[derive(Debug)]
struct NoJitter;

impl Entropy for NoJitter {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

struct Renewals {
    count: AtomicUsize,
    result: fn(usize) -> Result<Token>,
}

#[async_trait]
impl Exchange for Renewals {
    async fn exchange(&self, _credential: &OpaqueCredential) -> Result<OpaqueCredential> {
        let number = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        // Lets the other callers arrive while this one is under way.
        tokio::task::yield_now().await;
        OpaqueCredential::close(&(self.result)(number)?)
    }

    fn lost_reply(&self) -> LostReply {
        LostReply::Retry
    }
}

struct Fixture {
    session: Session<Token>,
    script: Arc<Script>,
    clock: Arc<Paused>,
    renewals: Arc<Renewals>,
}

fn open(
    answers: impl IntoIterator<Item = Answer>,
    expires_at: Option<DateTime<Utc>>,
    result: fn(usize) -> Result<Token>,
) -> Fixture {
    let script = Script::play(answers);
    let clock = Arc::new(Paused::default());
    let renewals = Arc::new(Renewals {
        count: AtomicUsize::new(0),
        result,
    });
    let transport: Arc<dyn Transport> = Arc::clone(&script) as _;
    let ctx = Context::new(transport, Arc::clone(&clock) as _, Arc::new(NoJitter));
    let token = Token {
        word: "first".to_owned(),
        expires_at,
    };
    let credential = VersionedCredential {
        credential: OpaqueCredential::close(&token).unwrap(),
        version: 1,
    };
    let keeper: Arc<dyn CredentialKeeper> =
        Arc::new(InMemoryKeeper::new(credential.credential.clone()));
    let exchange: Arc<dyn Exchange> = Arc::clone(&renewals) as _;
    let settings = Settings::default();
    let session = Session::open(
        "test",
        Arc::new(Plain),
        ctx,
        credential,
        keeper,
        exchange,
        settings,
    );
    Fixture {
        session: session.unwrap(),
        script,
        clock,
        renewals,
    }
}

fn renewed(_number: usize) -> Result<Token> {
    Ok(Token {
        word: "second".to_owned(),
        expires_at: None,
    })
}

fn gone(_number: usize) -> Result<Token> {
    Err(Error::new(ErrorKind::ReconnectRequired, "gone"))
}

fn down(_number: usize) -> Result<Token> {
    Err(Error::new(ErrorKind::Unavailable, "down"))
}

fn request() -> Request {
    http::Request::get("https://api.example.com/x")
        .body(Bytes::new())
        .unwrap()
}

fn lost() -> Error {
    Error::new(ErrorKind::Unavailable, "no answer").maybe_arrived()
}

#[tokio::test]
async fn a_read_is_repeated_four_times_and_then_spent() {
    let fixture = open((0..9).map(|_| Ok((500, None))), None, renewed);
    let meter = Meter::default();
    let error = fixture
        .session
        .metered(meter.clone())
        .send(READ, request())
        .await
        .unwrap_err();
    assert_eq!(error.retry(), Retry::Spent);
    assert_eq!(error.context("operation"), Some("Read"));
    assert_eq!((meter.requests(), meter.retries()), (4, 3));
}

#[tokio::test]
async fn what_may_have_arrived_is_repeated_only_if_idempotent() {
    let fixture = open([Err(lost()), Ok((200, None))], None, renewed);
    assert!(fixture.session.send(READ, request()).await.is_ok());

    let fixture = open([Err(lost()), Ok((200, None))], None, renewed);
    let error = fixture.session.send(WRITE, request()).await.unwrap_err();
    assert!(!error.is_retryable());
    assert_eq!(error.context("delivery"), Some("unknown"));
    assert_eq!(fixture.script.seen().len(), 1);
}

#[tokio::test]
async fn what_was_not_sent_is_repeated_even_if_it_writes() {
    let not_sent = Error::new(ErrorKind::Unavailable, "no connection");
    let fixture = open([Err(not_sent), Ok((200, None))], None, renewed);
    assert!(fixture.session.send(WRITE, request()).await.is_ok());
}

#[tokio::test]
async fn retry_after_is_sat_out_when_short_and_returned_when_long() {
    let fixture = open([Ok((429, Some("7"))), Ok((200, None))], None, renewed);
    assert!(fixture.session.send(READ, request()).await.is_ok());
    assert_eq!(
        fixture.clock.now(),
        DateTime::UNIX_EPOCH + TimeDelta::seconds(7)
    );

    let fixture = open([Ok((429, Some("300")))], None, renewed);
    let error = fixture.session.send(READ, request()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(300)));
    assert_eq!(fixture.clock.now(), DateTime::UNIX_EPOCH);
}

#[tokio::test]
async fn a_refused_credential_is_renewed_once() {
    let fixture = open([Ok((401, None)), Ok((200, None))], None, renewed);
    assert!(fixture.session.send(WRITE, request()).await.is_ok());
    let words = [Some("first".to_owned()), Some("second".to_owned())];
    assert_eq!(fixture.script.seen(), words);

    let fixture = open([Ok((401, None)), Ok((401, None))], None, renewed);
    let error = fixture.session.send(READ, request()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReconnectRequired);
    assert_eq!(fixture.script.seen().len(), 2);
}

#[tokio::test]
async fn ten_callers_share_one_renewal() {
    let soon = DateTime::UNIX_EPOCH + TimeDelta::seconds(30);
    let fixture = open([], Some(soon), renewed);
    let calls = (0..10).map(|_| fixture.session.send(READ, request()));
    for result in futures::future::join_all(calls).await {
        assert!(result.is_ok());
    }
    assert_eq!(fixture.renewals.count.load(Ordering::Relaxed), 1);
    assert!(
        fixture
            .script
            .seen()
            .iter()
            .all(|word| word.as_deref() == Some("second"))
    );
}

#[tokio::test]
async fn a_credential_that_is_still_good_is_used_when_it_cannot_be_renewed() {
    let soon = DateTime::UNIX_EPOCH + TimeDelta::seconds(30);
    let fixture = open([], Some(soon), down);
    assert!(fixture.session.send(READ, request()).await.is_ok());
    assert_eq!(fixture.script.seen(), [Some("first".to_owned())]);

    let fixture = open([], Some(soon), gone);
    let error = fixture.session.send(READ, request()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReconnectRequired);
    assert!(fixture.script.seen().is_empty());
}

#[tokio::test]
async fn a_download_carries_no_credential() {
    let fixture = open([], None, renewed);
    let download = fixture.session.download(READ, request()).await.unwrap();
    let body: Vec<_> = download.into_body().collect().await;
    assert_eq!(body[0].as_ref().unwrap().as_ref(), b"file");
    assert_eq!(fixture.script.seen(), [None]);
}
