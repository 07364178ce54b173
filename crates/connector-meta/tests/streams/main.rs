//! What the streams do when things happen at Meta: new things, restated numbers, metrics that end,
//! permissions that are missing. Against the sandbox, in process.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers too"
)]

mod ads;
mod instagram;
mod lab;
mod leads;
mod notifications;
mod products;
