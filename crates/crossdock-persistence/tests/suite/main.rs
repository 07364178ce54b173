//! The store's behaviour, once on SQLite and once on PostgreSQL.
//!
//! PostgreSQL is tested where `CROSSDOCK_TEST_POSTGRES` holds a server's address, each test in a
//! schema of its own; elsewhere those tests say that they were skipped.

mod connections;
mod credentials;
mod durability;
mod feed;
mod fixture;
mod isolation;
mod records;
mod runs;
mod schema;
mod system;
mod webhooks;
