#![doc = include_str!("../README.md")]

mod access;
mod application;
mod console;
mod failure;
pub mod loopback;
mod openapi;
mod router;
mod routes;
mod state;
mod tasks;
mod telemetry;

pub use crate::access::{ensure_admin_token, replace_admin_token};
pub use crate::application::{ApiSettings, Application, BuildError, Parts};
pub use crate::loopback::Loopback;
pub use crate::openapi::document;
