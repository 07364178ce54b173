#![doc = include_str!("../README.md")]

mod bench;
mod browser;
mod capture;
mod clock;
mod entropy;
mod harness;
mod keeper;
mod lab;
mod outcome;
pub mod recorded;
mod report;
mod suite;
mod transport;
mod walk;

pub use crossdock_sandbox::{Effect, Fault, Options, Sandbox, Size};

pub use crate::bench::{Bench, Run, model, read};
pub use crate::clock::TestClock;
pub use crate::entropy::SeededEntropy;
pub use crate::harness::{Harness, Probe, Waiver, Way};
pub use crate::report::{Report, main, run};
pub use crate::transport::{SandboxTransport, Sent};
