//! A limit to what is read into memory.

use std::sync::Arc;

use async_trait::async_trait;
use connector_core::{Download, Layer, Request, Response, Result, Transport};

use crate::body;

/// Refuses a body that is longer than this many bytes, unpacked, as
/// [`ContractBroken`](connector_core::ErrorKind::ContractBroken), before it is in memory. Streamed
/// bodies pass.
#[derive(Clone, Copy, Debug)]
pub struct BodyCap {
    limit: usize,
}

impl BodyCap {
    /// This many bytes.
    #[must_use]
    pub const fn new(limit: usize) -> Self {
        Self { limit }
    }
}

impl Layer for BodyCap {
    fn layer(&self, inner: Arc<dyn Transport>) -> Arc<dyn Transport> {
        Arc::new(Capped {
            inner,
            limit: self.limit,
        })
    }
}

#[derive(Debug)]
struct Capped {
    inner: Arc<dyn Transport>,
    limit: usize,
}

#[async_trait]
impl Transport for Capped {
    async fn send(&self, request: Request) -> Result<Response> {
        // Streamed, so that what is over the limit is never read.
        body::read(self.inner.fetch(request).await?, self.limit).await
    }

    async fn fetch(&self, request: Request) -> Result<Download> {
        self.inner.fetch(request).await
    }
}
