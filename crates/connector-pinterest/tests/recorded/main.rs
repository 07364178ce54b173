//! Pinterest's own recorded replies: read and mapped, and none of it lost.
//!
//! They lie beside the repository and are not part of it. A clone without them skips, and says so.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, in its helpers too, and tells what it counted"
)]

mod ads;
mod organic;
mod shelf;
