#![doc = include_str!("../README.md")]

mod alias;
mod amazon_spapi;
mod answer;
mod consent;
mod control;
#[cfg(feature = "server")]
mod deliver;
pub mod deliveries;
mod ebay;
pub mod faults;
mod google;
pub mod load;
mod meta;
mod page;
mod pinterest;
pub mod platform;
mod platforms;
pub mod random;
mod range;
pub mod received;
mod route;
pub mod sandbox;
#[cfg(feature = "server")]
pub mod server;
mod shopify;
pub mod token;
pub mod visitor;
pub mod world;

pub use faults::{Effect, Fault};
pub use load::LoadReport;
pub use platform::{Platform, Size};
pub use sandbox::{Options, Reply, Sandbox};
pub use world::World;
