#![doc = include_str!("../README.md")]

pub mod api;
mod config;
mod connect;
mod connector;
mod credential;
mod descriptor;
mod dialect;
pub mod feed;
mod lookup;
pub mod map;
mod shop_domain;
mod signature;
mod streams;
mod webhooks;

pub use config::{Config, DEFAULT_SCOPES};
pub use connector::Shopify;
pub use credential::{RefreshToken, ShopifyCredential};
pub use descriptor::DESCRIPTOR;
pub use dialect::ShopifyDialect;
pub use shop_domain::ShopDomain;
pub use webhooks::ShopifyWebhooks;
