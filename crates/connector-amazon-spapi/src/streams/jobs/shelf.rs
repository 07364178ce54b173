//! The documents of reports, opened where they are to be read on.

use std::sync::{Arc, Mutex, PoisonError};

use connector_core::{Error, Result};

use super::{Rows, Wanted};
use crate::api::Report;
use crate::report;
use crate::seller::Seller;

/// How much of Amazon's reason for a failure a person is shown.
const REASON: usize = 200;

/// The document that is being read, kept from page to page. It is a cache: what isn't here is opened
/// again, and passed over as far as it was read.
pub(in crate::streams) struct Shelf<R>(Arc<Mutex<Option<Opened<R>>>>);

/// A document in the middle of being read.
pub(super) struct Opened<R> {
    pub(super) document: String,
    /// How many rows were read.
    pub(super) row: u64,
    pub(super) rows: R,
}

impl<R> Shelf<R> {
    pub(super) fn take(&self) -> Option<Opened<R>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn put(&self, open: Opened<R>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(open);
    }
}

impl<R> Default for Shelf<R> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<R> Clone for Shelf<R> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<R: Rows> Opened<R> {
    /// Opens a document and passes over what was read of it.
    pub(super) async fn at<T: Wanted<Rows = R>>(
        seller: &Seller,
        wanted: &T,
        document: &str,
        row: u64,
    ) -> Result<Self> {
        let report_type = wanted.question().report_type;
        let (headers, unpacked) = report::open(seller, &report_type, document).await?;
        let mut rows = wanted.rows(&headers, unpacked);
        for _ in 0..row {
            if rows.next().await?.is_none() {
                return Err(Error::contract("the report is shorter than it was"));
            }
        }
        Ok(Self {
            document: document.to_owned(),
            row,
            rows,
        })
    }
}

/// What Amazon says of a failure, where it says something.
pub(super) async fn reason(seller: &Seller, report: &Report) -> String {
    let text = async {
        let document = report.report_document_id.as_deref()?;
        let opened = report::open(seller, &report.report_type, document).await;
        let (_, mut unpacked) = opened.ok()?;
        let bytes = unpacked.next().await.ok()??;
        let text = String::from_utf8_lossy(&bytes);
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(words.chars().take(REASON).collect::<String>())
    };
    let text = text.await.filter(|text| !text.is_empty());
    text.unwrap_or_else(|| "it doesn't say why".to_owned())
}
