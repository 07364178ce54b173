#![doc = include_str!("../README.md")]

mod attribution;
mod connect;
mod engine;
mod error;
mod import;
mod instance;
mod keeper;
mod leaving;
mod rotation;
mod seal;
mod sessions;
mod spot_check;
mod subscriptions;
mod sync;
mod webhooks;

pub use connect::{BrowserKey, ConnectRequest, Progress, ResumeRequest};
pub use engine::{Engine, EngineParts};
pub use error::{Error, Result};
pub use instance::Instance;
pub use leaving::Grant;
pub use rotation::RotationProgress;
pub use spot_check::SpotCheck;
pub use sync::{StreamReport, StreamStatus, SyncEvent, SyncOrder};
pub use webhooks::{Receipt, WebhooksProcessed};
