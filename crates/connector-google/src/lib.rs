#![doc = include_str!("../README.md")]

mod ads_account;
pub mod api;
mod config;
mod connect;
mod connector;
mod credential;
mod descriptor;
mod dialect;
mod lookup;
pub mod map;
mod push;
mod revocation;
mod service;
mod sources;
mod streams;
mod subscriptions;
mod webhooks;

pub use config::Config;
pub use connector::Google;
pub use credential::GoogleCredential;
pub use descriptor::DESCRIPTOR;
pub use dialect::GoogleDialect;
pub use service::Service;
