//! A connection in use: one straight loop around every request.
//!
//! Pace, authorise, send, observe, judge, renew once, retry. The order has one right answer, so it
//! is code and can't be configured. What the platform's manners decide is in its [`Dialect`].

mod backoff;
mod cell;
mod quota;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Utc};
use futures::StreamExt as _;
use serde::{Deserialize, Serialize};
use tracing::Instrument as _;

use crate::context::Context;
use crate::credential::{
    Credential, CredentialKeeper, Exchange, InMemoryKeeper, LostReply, OpaqueCredential,
    VersionedCredential,
};
use crate::dialect::{Dialect, Verdict};
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind, Result, Retry};
use crate::settings::Settings;
use crate::sync::Meter;
use crate::transport::{Download, Operation, Request, Response};
use cell::CredentialCell;
use quota::Limiter;

/// How often one request is sent at the most.
pub const MAX_ATTEMPTS: u32 = 4;

/// The longest wait that a session sits out. What must wait longer goes back to the caller, who
/// reschedules instead of holding a task.
pub const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How much of a failed download's body is read in order to judge it.
const ERROR_BODY_CAP: usize = 64 * 1024;

/// A connection in use. Cheap to clone; clones share credential and pace.
pub struct Session<C: Credential> {
    inner: Arc<Inner<C>>,
    meter: Meter,
}

struct Inner<C: Credential> {
    platform: &'static str,
    dialect: Arc<dyn Dialect<C>>,
    ctx: Context,
    cell: CredentialCell<C>,
    limiter: Limiter,
    settings: Settings,
}

impl<C: Credential> Session<C> {
    /// Opens a session over a stored credential. Most callers want
    /// [`AnyConnector::open`](crate::AnyConnector::open) or [`Session::in_memory`].
    ///
    /// # Errors
    /// [`ErrorKind::ReconnectRequired`] when the stored credential can't be read.
    pub fn open(
        platform: &'static str,
        dialect: Arc<dyn Dialect<C>>,
        ctx: Context,
        credential: VersionedCredential,
        keeper: Arc<dyn CredentialKeeper>,
        exchange: Arc<dyn Exchange>,
        settings: Settings,
    ) -> Result<Self> {
        let inner = Inner {
            platform,
            dialect,
            ctx,
            cell: CredentialCell::new(credential, keeper, exchange)?,
            limiter: Limiter::default(),
            settings,
        };
        Ok(Self {
            inner: Arc::new(inner),
            meter: Meter::default(),
        })
    }

    /// Opens a session for a program that stores nothing: the credential is kept, and renewed, in
    /// memory.
    ///
    /// # Errors
    /// [`ErrorKind::Unexpected`] when the credential can't be written as JSON.
    pub fn in_memory<K>(connector: &Arc<K>, ctx: Context, credential: &C) -> Result<Self>
    where
        K: crate::Connector<Credential = C>,
    {
        let credential = VersionedCredential {
            credential: OpaqueCredential::close(credential)?,
            version: 1,
        };
        let keeper = Arc::new(InMemoryKeeper::new(credential.credential.clone()));
        let exchange = Arc::new(ConnectorExchange {
            connector: Arc::clone(connector),
            ctx: ctx.clone(),
        });
        Self::open(
            connector.descriptor().id,
            connector.dialect(),
            ctx,
            credential,
            keeper,
            exchange,
            Settings::default(),
        )
    }

    /// The same session, counting what it sends into another meter.
    #[must_use]
    pub fn metered(&self, meter: Meter) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            meter,
        }
    }

    /// This instant.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.inner.ctx.now()
    }

    /// What the environment lends.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.inner.ctx
    }

    /// What was set for this connection.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// The credential as it is now, for what it tells besides its secrets (a shop's domain).
    #[must_use]
    pub fn credential(&self) -> Arc<C> {
        self.inner.cell.current()
    }

    /// Calls an endpoint.
    ///
    /// # Errors
    /// The dialect's, the transport's and the endpoint's, with `platform` and `operation` in the
    /// context. One whose [`Error::retry`] is [`Retry::Spent`] was repeated as often as it may be.
    pub async fn call<E: Endpoint>(&self, endpoint: &E) -> Result<E::Response> {
        let name = |error: Error| {
            error
                .with("operation", E::OPERATION.name)
                .with("platform", self.inner.platform)
        };
        let request = endpoint.request().map_err(name)?;
        let response = self.send(E::OPERATION, request).await?;
        endpoint.parse(&response).map_err(name)
    }

    /// Sends one request as this connection, and gives back an answer that the dialect calls one.
    ///
    /// # Errors
    /// As [`Session::call`], without the endpoint's.
    pub async fn send(&self, operation: Operation, request: Request) -> Result<Response> {
        self.run(operation, request, Wire::Whole)
            .await
            .map(|(head, body)| match body {
                Body::Whole(body) => Response::from_parts(head, body),
                // Wire::Whole gives whole bodies only.
                Body::Stream(_) => Response::from_parts(head, Bytes::new()),
            })
    }

    /// Opens a download from an address that the platform handed out (a report, a bulk file).
    ///
    /// The address is its own proof, so no credential is put on the request: it must not reach
    /// another host.
    ///
    /// # Errors
    /// As [`Session::send`].
    pub async fn download(&self, operation: Operation, request: Request) -> Result<Download> {
        self.run(operation, request, Wire::Stream)
            .await
            .map(|(head, body)| {
                Download::from_parts(
                    head,
                    match body {
                        Body::Stream(stream) => stream,
                        Body::Whole(body) => futures::stream::once(async { Ok(body) }).boxed(),
                    },
                )
            })
    }

    /// Renews the credential now, whatever its age.
    ///
    /// # Errors
    /// Those of the connector's refresh and of the keeper.
    pub async fn renew(&self) -> Result<()> {
        let stale = self.inner.cell.version();
        self.inner.cell.renew(stale).await
    }

    async fn run(
        &self,
        operation: Operation,
        request: Request,
        wire: Wire,
    ) -> Result<(http::response::Parts, Body)> {
        let span = tracing::debug_span!(
            "request",
            platform = self.inner.platform,
            operation = operation.name,
            attempts = tracing::field::Empty,
            status = tracing::field::Empty,
            error.kind = tracing::field::Empty,
        );
        let result = self
            .attempts(operation, request, wire)
            .instrument(span.clone())
            .await;
        match &result {
            Ok((head, _)) => span.record("status", head.status.as_u16()),
            Err(error) => span.record("error.kind", error.kind().as_str()),
        };
        result.map_err(|error| {
            error
                .with("operation", operation.name)
                .with("platform", self.inner.platform)
        })
    }

    async fn attempts(
        &self,
        operation: Operation,
        mut request: Request,
        wire: Wire,
    ) -> Result<(http::response::Parts, Body)> {
        request.extensions_mut().insert(operation);
        let mut renewed = false;
        let mut attempt = 1;
        loop {
            let error = match self
                .once(operation, &request, wire, attempt > 1 || renewed)
                .await?
            {
                Attempt::Answer(head, body) => {
                    tracing::Span::current().record("attempts", attempt);
                    return Ok((head, body));
                }
                Attempt::Refused(version) if !renewed && wire == Wire::Whole => {
                    renewed = true;
                    self.inner.cell.renew(version).await?;
                    continue;
                }
                Attempt::Refused(_) => {
                    return Err(Error::new(
                        ErrorKind::ReconnectRequired,
                        "the platform refuses the credential: connect again",
                    ));
                }
                Attempt::Failed(error) => error,
            };
            match error.retry() {
                Retry::Always => {}
                Retry::IfIdempotent if operation.idempotent => {}
                Retry::IfIdempotent => {
                    // It may have been carried out; only a person or a read can tell.
                    return Err(error.final_().with("delivery", "unknown"));
                }
                Retry::Never | Retry::Spent => return Err(error),
            }
            let delay = error
                .retry_after()
                .unwrap_or_else(|| backoff::delay(attempt, self.inner.ctx.entropy.as_ref()));
            if delay > LONGEST_WAIT {
                return Err(error);
            }
            if attempt == MAX_ATTEMPTS {
                tracing::Span::current().record("attempts", attempt);
                tracing::warn!(error.kind = %error.kind(), attempts = attempt, "attempts are spent");
                return Err(error.spent(attempt));
            }
            tracing::debug!(error.kind = %error.kind(), ?delay, attempt, "trying again");
            self.wait(delay).await;
            attempt += 1;
        }
    }

    async fn once(
        &self,
        operation: Operation,
        request: &Request,
        wire: Wire,
        is_retry: bool,
    ) -> Result<Attempt> {
        let inner = &self.inner;
        if let Some(charge) = inner.dialect.quota(operation, request) {
            let wait = inner.limiter.take(charge, inner.ctx.now())?;
            self.wait(wait).await;
        }
        let mut request = request.clone();
        let mut version = 0;
        if wire == Wire::Whole {
            let (credential, at) = inner.cell.fresh(inner.ctx.now()).await?;
            inner
                .dialect
                .authorize(&credential, &mut request, inner.ctx.now())?;
            version = at;
        }
        self.meter.count_request(is_retry);
        let (head, body) = match self.put_on_wire(request, wire).await {
            Ok(answer) => answer,
            Err(error) => return Ok(Attempt::Failed(error)),
        };
        let Body::Whole(body) = body else {
            // A download that succeeded: its body is for the caller to read.
            return Ok(Attempt::Answer(head, body));
        };
        let response = Response::from_parts(head, body);
        if let Some(signal) = inner.dialect.observe(operation, &response) {
            inner.limiter.observe(signal, inner.ctx.now());
        }
        let verdict = inner.dialect.judge(operation, &response, inner.ctx.now());
        Ok(match verdict {
            Verdict::Answer => {
                let (head, body) = response.into_parts();
                Attempt::Answer(head, Body::Whole(body))
            }
            Verdict::CredentialRefused => Attempt::Refused(version),
            Verdict::Failure(error) => Attempt::Failed(error),
        })
    }

    async fn put_on_wire(
        &self,
        request: Request,
        wire: Wire,
    ) -> Result<(http::response::Parts, Body)> {
        let transport = &self.inner.ctx.transport;
        match wire {
            Wire::Whole => {
                let (head, body) = transport.send(request).await?.into_parts();
                Ok((head, Body::Whole(body)))
            }
            Wire::Stream => {
                let (head, stream) = transport.fetch(request).await?.into_parts();
                if head.status.is_success() {
                    return Ok((head, Body::Stream(stream)));
                }
                Ok((head, Body::Whole(collect(stream, ERROR_BODY_CAP).await?)))
            }
        }
    }

    async fn wait(&self, delay: Duration) {
        if delay > Duration::ZERO {
            self.meter.count_wait(delay);
            self.inner.ctx.clock.sleep(delay).await;
        }
    }
}

impl<C: Credential> Clone for Session<C> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            meter: self.meter.clone(),
        }
    }
}

impl<C: Credential> fmt::Debug for Session<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("platform", &self.inner.platform)
            .field("settings", &self.inner.settings)
            .finish_non_exhaustive()
    }
}

/// How an answer's body is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wire {
    /// With the credential, whole.
    Whole,
    /// Without the credential, in pieces.
    Stream,
}

enum Body {
    Whole(Bytes),
    Stream(futures::stream::BoxStream<'static, Result<Bytes>>),
}

enum Attempt {
    Answer(http::response::Parts, Body),
    /// The credential of this version was refused.
    Refused(i64),
    Failed(Error),
}

async fn collect(
    mut stream: futures::stream::BoxStream<'static, Result<Bytes>>,
    cap: usize,
) -> Result<Bytes> {
    let mut body = BytesMut::new();
    while let Some(piece) = stream.next().await {
        body.extend_from_slice(&piece?);
        if body.len() >= cap {
            body.truncate(cap);
            break;
        }
    }
    Ok(body.freeze())
}

/// For platforms, or parts of them, that anybody may read.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Anonymous;

impl Credential for Anonymous {
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        None
    }
}

impl Session<Anonymous> {
    /// A session without an account: the same pace, retries and judgement, and nothing to sign
    /// with.
    ///
    /// # Errors
    /// None in practice; the type is that of [`Session::open`].
    pub fn anonymous(
        platform: &'static str,
        dialect: Arc<dyn Dialect<Anonymous>>,
        ctx: Context,
    ) -> Result<Self> {
        let credential = VersionedCredential {
            credential: OpaqueCredential::close(&Anonymous)?,
            version: 1,
        };
        let keeper = Arc::new(InMemoryKeeper::new(credential.credential.clone()));
        let exchange = Arc::new(NothingToRenew);
        Self::open(
            platform,
            dialect,
            ctx,
            credential,
            keeper,
            exchange,
            Settings::default(),
        )
    }
}

struct NothingToRenew;

#[async_trait::async_trait]
impl Exchange for NothingToRenew {
    async fn exchange(&self, _credential: &OpaqueCredential) -> Result<OpaqueCredential> {
        Err(Error::new(
            ErrorKind::PermissionDenied,
            "this is not open to everybody",
        ))
    }

    fn lost_reply(&self) -> LostReply {
        LostReply::Reconnect
    }
}

struct ConnectorExchange<K> {
    connector: Arc<K>,
    ctx: Context,
}

#[async_trait::async_trait]
impl<K: crate::Connector> Exchange for ConnectorExchange<K> {
    async fn exchange(&self, credential: &OpaqueCredential) -> Result<OpaqueCredential> {
        let renewed = self
            .connector
            .refresh(&self.ctx, &credential.open()?)
            .await?;
        OpaqueCredential::close(&renewed)
    }

    fn lost_reply(&self) -> LostReply {
        self.connector.lost_reply()
    }
}
