//! Pinterest's own recorded replies: read and mapped, and none of it lost.
//!
//! They lie beside the repository and are not part of it. A clone without them skips, and says so.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]

mod ads;
mod organic;
