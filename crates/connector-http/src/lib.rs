#![doc = include_str!("../README.md")]

mod body;
mod client;
mod failure;
mod layers;
mod options;
mod system;

pub use crate::client::Reqwest;
pub use crate::layers::{BodyCap, Reroute, Timeout, Trace, layered};
pub use crate::options::{Options, context, transport};
pub use crate::system::{SystemClock, SystemEntropy};
