//! The API and the console from the outside: a real server on a free port over a real store, with a
//! platform that lives in memory.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "in a test, what is not so is to end it"
)]

mod access;
mod attribution;
mod browser;
mod connections;
mod console;
mod data;
mod failures;
mod loopback;
mod oauth;
mod openapi;
mod support;
mod sync;
mod telemetry;
mod webhooks;
