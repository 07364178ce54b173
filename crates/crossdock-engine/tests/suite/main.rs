//! The engine over a real database and a platform that lives in memory.
//!
//! SQLite always; PostgreSQL too where `CROSSDOCK_TEST_POSTGRES` holds a server's address.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "in a test, what is not so is to end it"
)]

mod attribution;
mod connect;
mod leaving;
mod renewal;
mod rotation;
mod secrets;
mod subscriptions;
mod support;
mod sync;
mod webhooks;
