//! The connector against the emulated Amazon: what the suite that every connector passes can't know.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers too"
)]

mod access;
mod catalog;
mod consent;
mod lab;
mod limits;
mod listings;
mod market;
mod notifications;
mod orders;
mod payouts;
mod reports;
mod restricted;
mod stock;
mod subscriptions;
