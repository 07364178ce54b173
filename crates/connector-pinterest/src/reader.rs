//! A session together with what one run of a stream shares.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, NaiveDate, Utc};
use connector_core::{Endpoint, Error, ErrorKind, Operation, Request, Result, Session};
use futures::TryStreamExt as _;

use crate::credential::PinterestCredential;

/// One run's way to Pinterest. Cheap to clone; clones count restarts together.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    session: Session<PinterestCredential>,
    keep_raw: bool,
    restarts: Arc<AtomicU32>,
}

impl Reader {
    /// How often one run may begin a list anew whose bookmark isn't taken any more. It is counted in
    /// memory alone: the next run may try as often again.
    const MOST_RESTARTS: u32 = 3;

    /// The most bytes of a file that are fetched.
    const LARGEST_FILE: usize = 64 * 1024 * 1024;

    pub(crate) fn new(session: Session<PinterestCredential>, keep_raw: bool) -> Self {
        Self {
            session,
            keep_raw,
            restarts: Arc::default(),
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.session.now()
    }

    /// The day that it is in UTC, by which Pinterest cuts its days.
    pub(crate) fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }

    pub(crate) fn keep_raw(&self) -> bool {
        self.keep_raw
    }

    pub(crate) async fn call<E: Endpoint>(&self, endpoint: &E) -> Result<E::Response> {
        self.session.call(endpoint).await
    }

    /// Fetches what an address of another host names, which proves itself: no token goes there.
    ///
    /// # Errors
    /// Those of the host, and [`ContractBroken`](ErrorKind::ContractBroken) for too large a file.
    pub(crate) async fn fetch(&self, operation: Operation, request: Request) -> Result<Vec<u8>> {
        let download = self.session.download(operation, request).await?;
        let mut pieces = download.into_body();
        let mut file = Vec::new();
        while let Some(piece) = pieces.try_next().await? {
            file.extend_from_slice(&piece);
            if file.len() > Self::LARGEST_FILE {
                return Err(Error::contract("a file of Pinterest's is too large"));
            }
        }
        Ok(file)
    }

    /// Whether a list has to begin anew, as its bookmark isn't taken any more: bookmarks are
    /// short-lived, and one of a run that was cut may have ended.
    ///
    /// # Errors
    /// The error itself where it says something else, or the list was begun anew often enough.
    pub(crate) fn begin_anew(&self, bookmark: Option<&str>, error: Error) -> Result<()> {
        let is_of_the_bookmark = error.kind() == ErrorKind::Rejected && bookmark.is_some();
        if is_of_the_bookmark && self.restarts.fetch_add(1, Ordering::Relaxed) < Self::MOST_RESTARTS
        {
            Ok(())
        } else {
            Err(error)
        }
    }
}
