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
pub mod marketplace;
mod region;
mod report;
pub mod restricted;
mod seller;
mod streams;
mod subscriptions;
mod webhooks;

pub use config::Config;
pub use connector::AmazonSpapi;
pub use credential::AmazonCredential;
pub use descriptor::DESCRIPTOR;
pub use dialect::{AmazonDialect, Limit, limit_of, role_of};
pub use region::{Environment, Region, Server};
pub use webhooks::AmazonWebhooks;
