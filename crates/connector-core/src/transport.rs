//! How requests leave the process: the transport, and the layers around it.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;

use crate::error::Result;

/// A request, whole.
pub type Request = http::Request<Bytes>;

/// An answer, whole.
pub type Response = http::Response<Bytes>;

/// An answer whose body is still to be read: a report, a bulk file.
pub type Download = http::Response<BoxStream<'static, Result<Bytes>>>;

/// What a request is for: carried in the request's extensions, so that every layer can label and
/// judge without knowing the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operation {
    /// The platform's own name for it: `SearchListing`, `products`.
    pub name: &'static str,
    /// Whether sending it twice does the same as sending it once.
    pub idempotent: bool,
    /// Whether its bodies hold secrets (token calls), which no recorder may keep.
    pub sensitive: bool,
}

impl Operation {
    /// An operation that only reads.
    #[must_use]
    pub const fn read(name: &'static str) -> Self {
        Self {
            name,
            idempotent: true,
            sensitive: false,
        }
    }

    /// An operation that changes something, and does so once more when it is sent once more.
    #[must_use]
    pub const fn write(name: &'static str) -> Self {
        Self {
            name,
            idempotent: false,
            sensitive: false,
        }
    }

    /// The same, safe to repeat: a deletion, a write with an idempotency key.
    #[must_use]
    pub const fn idempotent(self) -> Self {
        Self {
            idempotent: true,
            ..self
        }
    }

    /// The same, with secrets in its bodies.
    #[must_use]
    pub const fn sensitive(self) -> Self {
        Self {
            sensitive: true,
            ..self
        }
    }
}

/// Sends one request and gives back what came: no retry, no redirect, no cookie.
///
/// A status is not an error here; the [`Dialect`](crate::Dialect) judges it. An error says whether
/// the request may have arrived: [`Error::maybe_arrived`](crate::Error::maybe_arrived) marks a lost
/// reply, and an [`Unavailable`](crate::ErrorKind::Unavailable) without that mark was never sent.
#[async_trait]
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends, and reads the whole body.
    ///
    /// # Errors
    /// [`Unavailable`](crate::ErrorKind::Unavailable) when no answer came;
    /// [`ContractBroken`](crate::ErrorKind::ContractBroken) when the body is over the limit.
    async fn send(&self, request: Request) -> Result<Response>;

    /// Sends, and leaves the body to be read in pieces.
    ///
    /// # Errors
    /// As [`Transport::send`]; the stream fails in the same way when the body breaks off.
    async fn fetch(&self, request: Request) -> Result<Download>;
}

/// Wraps a transport: tracing, rerouting, recording. Never retry, credentials or pace, whose order
/// has one right answer and stands in the [`Session`](crate::Session).
pub trait Layer: fmt::Debug + Send + Sync + 'static {
    /// The transport that does this and then `inner`.
    fn layer(&self, inner: Arc<dyn Transport>) -> Arc<dyn Transport>;
}
