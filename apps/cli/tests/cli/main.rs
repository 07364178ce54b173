//! The real binary against the real sandbox, each in a process of its own: what a person or a script
//! sees, exit codes included.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a helper of a test may fail it"
)]

mod bench;
mod demo;
mod keys;
mod measured;
mod refusals;
mod syncing;
