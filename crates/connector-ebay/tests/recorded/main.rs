//! eBay's own recorded replies, signed notifications and signature vectors: read, mapped, judged,
//! verified and compared.
//!
//! They lie beside the repository and are not part of it. A clone without them skips, and says so.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers too"
)]

mod notifications;
mod replies;
mod shelf;
mod vectors;
