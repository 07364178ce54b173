//! The connector against the sandbox, in process.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers too"
)]

mod api;
mod lookup;
mod seller;
mod streams;
