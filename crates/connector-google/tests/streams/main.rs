//! What the streams and the channels do when time passes and Google is not in its best state: against
//! the sandbox, in process.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, in its helpers too"
)]

mod calendar;
mod channels;
mod lab;
mod youtube;
