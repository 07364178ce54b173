//! Meta's own recorded replies, read, mapped and judged: none of them is lost.
//!
//! They lie beside the repository and are not part of it. A clone without them skips, and says so.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, in its helpers too"
)]

mod ads;
mod deliveries;
mod replies;
mod shelf;
