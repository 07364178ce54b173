//! What the streams do when Pinterest is not in its best state: against the sandbox, in process.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, in its helpers too"
)]

mod ads;
mod catalogs;
mod lab;
mod organic;
