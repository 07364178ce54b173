//! A span for every request on the wire.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use connector_core::{Download, Layer, Operation, Request, Response, Result, Transport};
use futures::stream::{BoxStream, Stream, StreamExt as _};
use http::StatusCode;
use tokio::time::Instant;
use tracing::field::Empty;
use tracing::{Instrument as _, Span, debug, debug_span};

/// Puts each request into a span `http.request` at debug level, and ends it with an event.
///
/// Its fields are `operation`, `method`, `host`, `path`, `status`, `bytes`, `duration_ms` and
/// `error.kind`. No query, no header and no body is in it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trace;

impl Layer for Trace {
    fn layer(&self, inner: Arc<dyn Transport>) -> Arc<dyn Transport> {
        Arc::new(Traced { inner })
    }
}

#[derive(Debug)]
struct Traced {
    inner: Arc<dyn Transport>,
}

#[async_trait]
impl Transport for Traced {
    async fn send(&self, request: Request) -> Result<Response> {
        let exchange = Exchange::begin(&request);
        let result = self
            .inner
            .send(request)
            .instrument(exchange.span.clone())
            .await;
        match &result {
            Ok(response) => exchange.end(Ok((response.status(), response.body().len()))),
            Err(error) => exchange.end(Err(error)),
        }
        result
    }

    async fn fetch(&self, request: Request) -> Result<Download> {
        let exchange = Exchange::begin(&request);
        match self
            .inner
            .fetch(request)
            .instrument(exchange.span.clone())
            .await
        {
            Ok(download) => {
                let status = download.status();
                Ok(download.map(|pieces| exchange.follow(status, pieces)))
            }
            Err(error) => {
                exchange.end(Err(&error));
                Err(error)
            }
        }
    }
}

struct Exchange {
    span: Span,
    began: Instant,
}

impl Exchange {
    fn begin(request: &Request) -> Self {
        let operation = request
            .extensions()
            .get::<Operation>()
            .map(|operation| operation.name);
        let span = debug_span!(
            "http.request",
            operation,
            method = request.method().as_str(),
            host = request.uri().host(),
            path = request.uri().path(),
            status = Empty,
            bytes = Empty,
            duration_ms = Empty,
            error.kind = Empty,
        );
        Self {
            span,
            began: Instant::now(),
        }
    }

    fn end(&self, result: std::result::Result<(StatusCode, usize), &connector_core::Error>) {
        let ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.span.record("duration_ms", ms);
        match result {
            Ok((status, bytes)) => {
                self.span.record("status", status.as_u16());
                self.span.record("bytes", bytes);
                debug!(parent: &self.span, "the platform answered");
            }
            Err(error) => {
                self.span.record("error.kind", error.kind().as_str());
                debug!(parent: &self.span, "no answer came");
            }
        }
    }

    /// The body as it was, with the exchange ended by its last piece, its failure, or its drop.
    fn follow(
        self,
        status: StatusCode,
        pieces: impl Stream<Item = Result<Bytes>> + Send + 'static,
    ) -> BoxStream<'static, Result<Bytes>> {
        let mut read = Read {
            exchange: self,
            status,
            bytes: 0,
            failed: None,
        };
        pieces.inspect(move |piece| read.note(piece)).boxed()
    }
}

/// A body being read.
struct Read {
    exchange: Exchange,
    status: StatusCode,
    bytes: usize,
    failed: Option<connector_core::ErrorKind>,
}

impl Read {
    fn note(&mut self, piece: &Result<Bytes>) {
        match piece {
            Ok(piece) => self.bytes += piece.len(),
            Err(error) => self.failed = Some(error.kind()),
        }
    }
}

impl Drop for Read {
    fn drop(&mut self) {
        if let Some(kind) = self.failed {
            self.exchange.span.record("error.kind", kind.as_str());
        }
        self.exchange.end(Ok((self.status, self.bytes)));
    }
}
