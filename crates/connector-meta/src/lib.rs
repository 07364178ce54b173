#![doc = include_str!("../README.md")]

pub mod api;
mod config;
mod connect;
mod connector;
mod credential;
mod descriptor;
mod dialect;
mod directory;
mod lookup;
pub mod map;
mod notices;
mod pacific;
mod proof;
mod reader;
mod revocation;
mod streams;
mod subscriptions;
mod webhooks;

pub use config::Config;
pub use connector::Meta;
pub use credential::{InstagramAccount, MetaCredential, PageGrant, TokenKind};
pub use descriptor::DESCRIPTOR;
pub use dialect::MetaDialect;
pub use proof::appsecret_proof;
pub use webhooks::MetaWebhooks;
