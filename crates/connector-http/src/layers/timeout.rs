//! An end to waiting.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use connector_core::{Download, Error, ErrorKind, Layer, Request, Response, Result, Transport};
use futures::{StreamExt as _, TryStreamExt as _, stream};

/// Gives up when an answer takes longer than this, or when a streamed body is silent for as long.
///
/// The request may have arrived by then, and the error says so.
#[derive(Clone, Copy, Debug)]
pub struct Timeout {
    limit: Duration,
}

impl Timeout {
    /// This long.
    #[must_use]
    pub const fn new(limit: Duration) -> Self {
        Self { limit }
    }

    async fn hold<T>(self, future: impl Future<Output = Result<T>>) -> Result<T> {
        match tokio::time::timeout(self.limit, future).await {
            Ok(result) => result,
            Err(_elapsed) => Err(Error::new(ErrorKind::Unavailable, "no answer came in time")
                .with("limit_ms", self.limit.as_millis())
                .maybe_arrived()),
        }
    }
}

impl Layer for Timeout {
    fn layer(&self, inner: Arc<dyn Transport>) -> Arc<dyn Transport> {
        Arc::new(Timed {
            inner,
            timeout: *self,
        })
    }
}

#[derive(Debug)]
struct Timed {
    inner: Arc<dyn Transport>,
    timeout: Timeout,
}

#[async_trait]
impl Transport for Timed {
    async fn send(&self, request: Request) -> Result<Response> {
        self.timeout.hold(self.inner.send(request)).await
    }

    async fn fetch(&self, request: Request) -> Result<Download> {
        let timeout = self.timeout;
        let download = timeout.hold(self.inner.fetch(request)).await?;
        Ok(download.map(|pieces| {
            stream::try_unfold(pieces, move |mut pieces| async move {
                let piece = timeout.hold(pieces.try_next()).await?;
                Ok(piece.map(|piece| (piece, pieces)))
            })
            .boxed()
        }))
    }
}
