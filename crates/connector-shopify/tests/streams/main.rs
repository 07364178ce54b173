//! What the streams do when a shop is not in its best state: against the sandbox, in process.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers too"
)]

mod bulk;
mod lab;
mod lookup;
mod reading;
