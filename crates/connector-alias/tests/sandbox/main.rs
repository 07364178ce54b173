//! The connector against the sandbox, in process.

mod api;
mod seller;
mod streams;
