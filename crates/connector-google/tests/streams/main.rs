//! What the streams and the channels do when time passes and Google is not in its best state: against
//! the sandbox, in process.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers too"
)]

mod ads;
mod calendar;
mod channels;
mod lab;
mod merchant;
mod youtube;
