#![doc = include_str!("../README.md")]

pub mod platform;
mod platforms;
pub mod sandbox;
pub mod token;
pub mod world;

pub use platform::{Platform, Size};
pub use sandbox::{Options, Reply, Sandbox};
pub use world::World;
