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

/// No check needs more requests than this; a connector that sends more never stops.
const BUDGET: usize = 20_000;

/// Streamed bodies come in pieces of this size: lines and characters are cut anywhere.
const PIECE: usize = 1021;

/// Sends to a sandbox in the same process. Nothing waits, nothing listens.
pub struct SandboxTransport {
    sandbox: Arc<Mutex<Sandbox>>,
    clock: Arc<dyn Clock>,
    sent: Mutex<Vec<Sent>>,
    /// When set, the first answer of each kind of request is the only one there is.
    stuck: Mutex<Option<HashMap<String, Response>>>,
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
            stuck: Mutex::default(),
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
        *self.stuck.lock().unwrap_or_else(PoisonError::into_inner) = Some(HashMap::new());
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
        let kind = format!("{sent:?} {:?}", request.uri().host());
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
        let stuck = self.stuck.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = stuck.as_ref().and_then(|first| first.get(&kind)) {
            return Ok(answer.clone());
        }
        drop(stuck);
        let now = self.clock.now();
        match self.sandbox().handle(request, now) {
            Reply::Answer(response) => {
                let mut stuck = self.stuck.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(first) = stuck.as_mut() {
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
        self.exchange(request).await
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
