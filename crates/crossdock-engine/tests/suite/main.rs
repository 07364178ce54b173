//! The engine over a real database and a platform that lives in memory.

mod connect;
mod renewal;
mod rotation;
mod secrets;
mod support;
mod sync;
mod webhooks;
