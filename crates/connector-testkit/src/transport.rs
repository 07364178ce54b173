//! The sandbox as a transport, and the record of what was sent through it.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use connector_core::{
    Clock, Download, Error, ErrorKind, Operation, Request, Response, Result, Transport,
};
use crossdock_sandbox::{Reply, Sandbox};
use futures::StreamExt as _;
use serde_json::Value;

/// No check needs more requests than this; a connector that sends more never stops.
const BUDGET: usize = 20_000;

/// Streamed bodies come in pieces of this size: lines and characters are cut anywhere.
const PIECE: usize = 1021;

/// Sends to a sandbox in the same process. Nothing waits, nothing listens.
pub struct SandboxTransport {
    sandbox: Arc<Mutex<Sandbox>>,
    clock: Arc<dyn Clock>,
    sent: Mutex<Vec<Sent>>,
    twist: Mutex<Twist>,
}

/// What is changed about answers, beyond the sandbox's own faults.
#[derive(Default)]
enum Twist {
    /// Nothing.
    #[default]
    None,
    /// The first answer to each kind of request, by that kind, is the only one there is.
    Stuck(HashMap<String, Response>),
    /// Every object in a JSON answer has a field that nobody has heard of.
    FromTheFuture,
    /// The next answer to a request of this kind has its longest list emptied.
    Hollow(String),
}

/// A request that was sent. It holds secrets: its `Debug` shows what it is for, alone.
#[derive(Clone)]
pub struct Sent {
    /// The request.
    pub request: Request,
}

impl Sent {
    /// What it was for, where it says so.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        self.request.extensions().get::<Operation>().copied()
    }

    /// What requests for the pages of one list have in common: method, operation, host and path.
    pub(crate) fn kind(&self) -> String {
        format!("{self:?} {:?}", self.request.uri().host())
    }

    /// Where it went, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.request.uri().path()
    }
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = self.operation().map_or("?", |operation| operation.name);
        write!(f, "{} {operation} {}", self.request.method(), self.path())
    }
}

impl SandboxTransport {
    /// Sends to this sandbox, at the time that this clock shows.
    #[must_use]
    pub fn new(sandbox: Arc<Mutex<Sandbox>>, clock: Arc<dyn Clock>) -> Self {
        Self {
            sandbox,
            clock,
            sent: Mutex::default(),
            twist: Mutex::default(),
        }
    }

    /// The sandbox.
    pub fn sandbox(&self) -> MutexGuard<'_, Sandbox> {
        self.sandbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many requests were sent so far, those that never arrived included.
    #[must_use]
    pub fn count(&self) -> usize {
        self.sent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .len()
    }

    /// What was sent after the first `count` requests.
    #[must_use]
    pub fn sent_since(&self, count: usize) -> Vec<Sent> {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.get(count..).unwrap_or_default().to_vec()
    }

    /// Whether more was sent than can be meant.
    pub(crate) fn is_runaway(&self) -> bool {
        self.count() > BUDGET
    }

    /// From now on every request is answered as the first one of its operation and path was, so
    /// that every page names itself as the next.
    pub(crate) fn get_stuck(&self) {
        *self.twist() = Twist::Stuck(HashMap::new());
    }

    /// From now on every object in a JSON answer has one field more, as a later version of the
    /// platform's API would have. Streamed bodies, whose length is known beforehand, stay.
    pub(crate) fn add_fields(&self) {
        *self.twist() = Twist::FromTheFuture;
    }

    /// Empties the longest list of the next answer to a request of this kind, and leaves the rest:
    /// a page without anything on it, and with a next one.
    pub(crate) fn hollow(&self, kind: String) {
        *self.twist() = Twist::Hollow(kind);
    }

    fn twist(&self) -> MutexGuard<'_, Twist> {
        self.twist.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a browser gets there. Not counted as sent by the connector.
    pub(crate) fn visit(&self, request: Request) -> Option<Response> {
        let now = self.clock.now();
        self.sandbox().handle(request, now).answer()
    }

    async fn exchange(&self, request: Request) -> Result<Response> {
        let sent = Sent {
            request: request.clone(),
        };
        let kind = sent.kind();
        {
            let mut log = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
            log.push(sent);
            if log.len() > BUDGET {
                return Err(Error::new(
                    ErrorKind::Unexpected,
                    "requests are sent without end",
                ));
            }
        }
        // Lets others go on meanwhile, as a real wire does: callers that race do so here too.
        tokio::task::yield_now().await;
        if let Twist::Stuck(first) = &*self.twist()
            && let Some(answer) = first.get(&kind)
        {
            return Ok(answer.clone());
        }
        let now = self.clock.now();
        // Bound first, so that the sandbox is free again.
        let reply = self.sandbox().handle(request, now);
        match reply {
            Reply::Answer(response) => {
                if let Twist::Stuck(first) = &mut *self.twist() {
                    first.insert(kind, response.clone());
                }
                Ok(response)
            }
            Reply::LostReply => Err(Error::new(
                ErrorKind::Unavailable,
                "the connection broke before the answer was whole",
            )
            .maybe_arrived()),
            Reply::NotSent => Err(Error::new(
                ErrorKind::Unavailable,
                "no connection could be made",
            )),
        }
    }
}

impl fmt::Debug for SandboxTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxTransport")
            .field("sent", &self.count())
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Transport for SandboxTransport {
    async fn send(&self, request: Request) -> Result<Response> {
        let kind = Sent {
            request: request.clone(),
        }
        .kind();
        let response = self.exchange(request).await?;
        let Ok(mut json) = serde_json::from_slice::<Value>(response.body()) else {
            return Ok(response);
        };
        let mut twist = self.twist();
        match &*twist {
            Twist::FromTheFuture => add_field(&mut json),
            Twist::Hollow(hollowed) if *hollowed == kind => {
                if let Some(list) = longest_list(&mut json) {
                    list.clear();
                }
                *twist = Twist::None;
            }
            Twist::None | Twist::Stuck(_) | Twist::Hollow(_) => return Ok(response),
        }
        Ok(response.map(|_| Bytes::from(json.to_string())))
    }

    async fn fetch(&self, request: Request) -> Result<Download> {
        let response = self.exchange(request).await?;
        Ok(response.map(|body| {
            let starts = (0..body.len()).step_by(PIECE);
            let pieces: Vec<Result<Bytes>> = starts
                .map(|start| Ok(body.slice(start..body.len().min(start + PIECE))))
                .collect();
            futures::stream::iter(pieces).boxed()
        }))
    }
}

/// The longest list of objects that isn't within another one.
fn longest_list(json: &mut Value) -> Option<&mut Vec<Value>> {
    match json {
        Value::Array(items) => {
            let has_objects = items.iter().any(Value::is_object);
            has_objects.then_some(items)
        }
        Value::Object(fields) => fields
            .values_mut()
            .filter_map(longest_list)
            .max_by_key(|list| list.len()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Adds a field to every object. Its value is a text, as an object may be a map of texts.
fn add_field(json: &mut Value) {
    match json {
        Value::Array(items) => items.iter_mut().for_each(add_field),
        Value::Object(fields) => {
            fields.values_mut().for_each(add_field);
            fields.insert(
                "field_of_the_future".to_owned(),
                Value::from("nobody knows"),
            );
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use connector_core::{Retry, endpoint};
    use crossdock_sandbox::{Effect, Fault, Options};
    use futures::TryStreamExt as _;

    use super::*;
    use crate::clock::TestClock;

    fn transport() -> SandboxTransport {
        let now = DateTime::UNIX_EPOCH;
        let sandbox = Arc::new(Mutex::new(Sandbox::new(Options::new(now))));
        SandboxTransport::new(sandbox, Arc::new(TestClock::new(now)))
    }

    fn request(path: &str) -> Request {
        let mut request = endpoint::get(format!("https://api.alias.org/api/v1/{path}")).unwrap();
        let token = "Bearer sbx_pat_demo".parse().unwrap();
        request
            .headers_mut()
            .insert(http::header::AUTHORIZATION, token);
        request.extensions_mut().insert(Operation::read("Ask"));
        request
    }

    #[tokio::test(start_paused = true)]
    async fn faults_become_errors_that_say_whether_it_arrived() {
        let wire = transport();
        for (effect, retry) in [
            (Effect::LostReply, Retry::IfIdempotent),
            (Effect::NotSent, Retry::Always),
        ] {
            wire.sandbox().inject(Fault::new(effect));
            let error = wire.send(request("test")).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.retry()),
                (ErrorKind::Unavailable, retry)
            );
        }
        assert_eq!(wire.send(request("test")).await.unwrap().status(), 200);
        assert_eq!(wire.count(), 3);
        assert!(
            wire.sent_since(0)
                .iter()
                .all(|sent| sent.operation().unwrap().name == "Ask")
        );
        assert!(!format!("{:?}", wire.sent_since(0)).contains("sbx_pat"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_streamed_body_comes_in_pieces_and_whole() {
        let wire = transport();
        let whole = wire
            .send(request("catalog?query=a"))
            .await
            .unwrap()
            .into_body();
        let body = wire
            .fetch(request("catalog?query=a"))
            .await
            .unwrap()
            .into_body();
        let pieces: Vec<Bytes> = body.try_collect().await.unwrap();
        assert!(pieces.len() > 1);
        assert_eq!(pieces.concat(), whole);
    }

    #[tokio::test(start_paused = true)]
    async fn added_fields_stand_in_every_object() {
        let wire = transport();
        wire.add_fields();
        let body = wire
            .send(request("catalog?query=a"))
            .await
            .unwrap()
            .into_body();
        let json: Value = serde_json::from_slice(&body).unwrap();
        for object in [
            &json,
            &json["catalog_items"][0],
            &json["catalog_items"][0]["allowed_sizes"][0],
        ] {
            assert_eq!(object["field_of_the_future"], "nobody knows");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn when_stuck_the_first_answer_comes_for_ever() {
        let wire = transport();
        wire.get_stuck();
        let first = wire.send(request("orders?page_size=1")).await.unwrap();
        let token = "orders?page_size=1&pagination_token=anything";
        assert_eq!(
            wire.send(request(token)).await.unwrap().body(),
            first.body()
        );
    }
}
