#![doc = include_str!("../README.md")]

pub mod api;
mod connect;
mod connector;
mod credential;
mod descriptor;
mod dialect;
mod lookup;
mod map;
mod streams;

pub use connector::Alias;
pub use credential::AliasCredential;
pub use descriptor::DESCRIPTOR;
pub use dialect::AliasDialect;
