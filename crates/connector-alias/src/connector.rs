//! Alias as a connector.

use std::sync::Arc;

use connector_core::{
    Account, ConnectOutcome, ConnectStep, Connector, Context, Descriptor, Dialect, Lookup,
    LostReply, PageStream, Result, Session, SyncRequest,
};

use crate::connect;
use crate::credential::AliasCredential;
use crate::descriptor::DESCRIPTOR;
use crate::dialect::AliasDialect;
use crate::streams;

/// The connector. It has nothing to configure.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alias;

impl Connector for Alias {
    type Credential = AliasCredential;

    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn dialect(&self) -> Arc<dyn Dialect<AliasCredential>> {
        Arc::new(AliasDialect)
    }

    async fn connect(
        &self,
        _ctx: &Context,
        step: ConnectStep,
    ) -> Result<ConnectOutcome<AliasCredential>> {
        connect::step(step)
    }

    async fn test(&self, session: &Session<AliasCredential>) -> Result<Account> {
        connect::test(session).await
    }

    async fn refresh(
        &self,
        _ctx: &Context,
        credential: &AliasCredential,
    ) -> Result<AliasCredential> {
        Ok(credential.clone())
    }

    fn lost_reply(&self) -> LostReply {
        // A refresh sends nothing, so there is no reply to lose.
        LostReply::Retry
    }

    fn sync(&self, session: Session<AliasCredential>, request: SyncRequest) -> Result<PageStream> {
        streams::open(session, request)
    }

    fn lookup(&self) -> Option<&dyn Lookup<AliasCredential>> {
        Some(self)
    }
}
