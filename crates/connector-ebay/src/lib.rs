#![doc = include_str!("../README.md")]

pub mod api;
mod application;
mod config;
mod connect;
mod connector;
mod credential;
mod descriptor;
mod dialect;
mod environment;
mod lookup;
pub mod map;
mod marketplace;
mod signing;
mod streams;
mod subscriptions;
mod webhooks;

pub use application::ApplicationToken;
pub use config::{Config, DEFAULT_SCOPES};
pub use connector::Ebay;
pub use credential::EbayCredential;
pub use descriptor::DESCRIPTOR;
pub use dialect::EbayDialect;
pub use environment::{Environment, Server};
pub use marketplace::Marketplace;
pub use signing::SigningKey;
pub use webhooks::EbayWebhooks;
