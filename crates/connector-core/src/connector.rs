//! The contract: what a platform's crate implements.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use crate::connect::{Account, ConnectOutcome, ConnectStep};
use crate::context::Context;
use crate::credential::{Credential, LostReply};
use crate::descriptor::Descriptor;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::lookup::Lookup;
use crate::revocation::Revocation;
use crate::session::Session;
use crate::sync::{PageStream, SyncRequest};
use crate::webhooks::{Subscriptions, Webhooks};

/// One platform.
///
/// The four verbs are required; what only some platforms can do is an object reached by a method
/// that says `None` by default. Implementors write plain `async fn`s; everyone else holds an
/// [`AnyConnector`](crate::AnyConnector).
pub trait Connector: fmt::Debug + Send + Sync + 'static {
    /// What this platform stores per connection.
    type Credential: Credential;

    /// Names, forms, streams.
    fn descriptor(&self) -> &'static Descriptor;

    /// The platform's manners.
    fn dialect(&self) -> Arc<dyn Dialect<Self::Credential>>;

    /// Takes one step of connecting an account.
    ///
    /// # Errors
    /// [`InputInvalid`](crate::ErrorKind::InputInvalid) naming the field for what a person typed
    /// wrong, and for an answer that doesn't belong to this attempt;
    /// [`ConfigInvalid`](crate::ErrorKind::ConfigInvalid) when the operator has not set the method
    /// up; [`PermissionDenied`](crate::ErrorKind::PermissionDenied) when the person declined.
    fn connect(
        &self,
        ctx: &Context,
        step: ConnectStep,
    ) -> impl Future<Output = Result<ConnectOutcome<Self::Credential>>> + Send;

    /// Asks the platform whether the credential works, and whose it is.
    ///
    /// # Errors
    /// [`ReconnectRequired`](crate::ErrorKind::ReconnectRequired) when it doesn't work.
    fn test(
        &self,
        session: &Session<Self::Credential>,
    ) -> impl Future<Output = Result<Account>> + Send;

    /// Trades a credential for a fresh one. One that never expires comes back as it is.
    ///
    /// # Errors
    /// [`ReconnectRequired`](crate::ErrorKind::ReconnectRequired) when the grant is gone; a
    /// retryable error when the platform couldn't be asked.
    fn refresh(
        &self,
        ctx: &Context,
        credential: &Self::Credential,
    ) -> impl Future<Output = Result<Self::Credential>> + Send;

    /// What the platform allows when the reply to a [`refresh`](Connector::refresh) was lost.
    fn lost_reply(&self) -> LostReply;

    /// The pages of one stream. Sends nothing before the first poll.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound) when there is no such stream;
    /// [`CheckpointInvalid`](crate::ErrorKind::CheckpointInvalid) when the checkpoint can't be used.
    fn sync(&self, session: Session<Self::Credential>, request: SyncRequest) -> Result<PageStream>;

    /// Reading records back one by one, where the platform can.
    fn lookup(&self) -> Option<&dyn Lookup<Self::Credential>> {
        None
    }

    /// Receiving the platform's webhooks, where it sends any that can be verified.
    fn webhooks(&self) -> Option<&dyn Webhooks> {
        None
    }

    /// Subscribing a connection to webhooks, where the platform lets that be done by its API.
    fn subscriptions(&self) -> Option<&dyn Subscriptions<Self::Credential>> {
        None
    }

    /// Giving a grant back when a connection ends, where the platform takes it.
    fn revocation(&self) -> Option<&dyn Revocation<Self::Credential>> {
        None
    }
}
