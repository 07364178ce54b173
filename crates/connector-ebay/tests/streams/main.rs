//! What the streams, the signatures and the notifications do when eBay is not in its best state:
//! against the sandbox, in process.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, in its helpers too"
)]

mod lab;
mod money;
mod notifications;
mod reading;
