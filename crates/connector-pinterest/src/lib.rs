#![doc = include_str!("../README.md")]

pub mod api;
mod config;
mod connect;
mod connector;
mod credential;
mod descriptor;
mod dialect;
mod lookup;
pub mod map;
mod reader;
mod streams;

pub use config::Config;
pub use connector::Pinterest;
pub use credential::PinterestCredential;
pub use descriptor::DESCRIPTOR;
pub use dialect::PinterestDialect;
