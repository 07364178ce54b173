//! The store's behaviour, once on SQLite and once on PostgreSQL.
//!
//! PostgreSQL is tested where `CROSSDOCK_TEST_POSTGRES` holds a server's address, each test in a
//! schema of its own; elsewhere those tests say that they were skipped.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_sign_loss,
    reason = "a test may fail by panicking; these functions are called by tests only"
)]
#![recursion_limit = "256"]

mod attribution;
mod connections;
mod credentials;
mod durability;
mod feed;
mod fixture;
mod isolation;
mod metrics;
mod records;
mod runs;
mod schema;
mod system;
mod webhooks;
