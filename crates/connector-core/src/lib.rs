#![doc = include_str!("../README.md")]

mod any;
mod connect;
mod connector;
mod context;
mod credential;
mod descriptor;
mod dialect;
pub mod endpoint;
mod entry;
mod error;
mod lookup;
pub mod model;
pub mod oauth;
mod registry;
pub mod retry_after;
mod revocation;
pub mod secret;
mod session;
mod settings;
pub mod sync;
mod transport;
mod webhooks;

pub use any::{AnyConnector, AnySession};
pub use connect::{Account, Ask, Choice, ConnectOutcome, ConnectStep, Form, Pending};
pub use connector::Connector;
pub use context::{Clock, Context, Entropy};
pub use credential::{
    Credential, CredentialKeeper, Exchange, InMemoryKeeper, LostReply, OpaqueCredential,
    VersionedCredential,
};
pub use descriptor::{AuthMethod, Descriptor, Field, FieldKind, Reading, StreamDescriptor};
pub use dialect::{Charge, Dialect, QuotaSignal, Verdict};
pub use endpoint::Endpoint;
pub use entry::{Entry, Mapped};
pub use error::{Error, ErrorKind, Result, Retry};
pub use lookup::Lookup;
pub use model::{Model, ModelKind};
pub use registry::Registry;
pub use revocation::Revocation;
pub use secrecy::{ExposeSecret, SecretString};
pub use session::{Anonymous, LONGEST_WAIT, MAX_ATTEMPTS, Session};
pub use settings::Settings;
pub use sync::{
    Batch, Change, Checkpoint, Meter, Next, Page, PageStream, Record, Skipped, SyncRequest, pages,
};
pub use transport::{Download, Layer, Operation, Request, Response, Transport};
pub use webhooks::{
    ChallengeAnswer, Delivery, PrivacyRequest, Subscription, Subscriptions, WebhookEffect,
    WebhookEvent, Webhooks,
};
