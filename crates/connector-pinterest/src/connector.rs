//! The connector: the four verbs, each handed to where it is done.

use std::sync::Arc;

use connector_core::{
    Account, ConnectOutcome, ConnectStep, Connector, Context, Descriptor, Dialect, Lookup,
    LostReply, PageStream, Result, Session, SyncRequest,
};

use crate::api::GetUserAccount;
use crate::config::Config;
use crate::credential::PinterestCredential;
use crate::descriptor::DESCRIPTOR;
use crate::dialect::PinterestDialect;
use crate::reader::Reader;
use crate::{connect, map, streams};

/// Pinterest. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Pinterest {
    config: Arc<Config>,
}

impl Pinterest {
    /// Pinterest with this configuration.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            config: Arc::new(config),
        }
    }
}

impl Connector for Pinterest {
    type Credential = PinterestCredential;

    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn dialect(&self) -> Arc<dyn Dialect<PinterestCredential>> {
        Arc::new(PinterestDialect)
    }

    async fn connect(
        &self,
        ctx: &Context,
        step: ConnectStep,
    ) -> Result<ConnectOutcome<PinterestCredential>> {
        connect::step(&self.config, ctx, step).await
    }

    async fn test(&self, session: &Session<PinterestCredential>) -> Result<Account> {
        let user = session.call(&GetUserAccount).await?;
        Ok(map::account(user, &session.credential()))
    }

    async fn refresh(
        &self,
        ctx: &Context,
        credential: &PinterestCredential,
    ) -> Result<PinterestCredential> {
        connect::refresh(&self.config, ctx, credential).await
    }

    /// A renewal uses the refresh token up, and Pinterest documents no second use: whether the old
    /// one still works after a lost reply can't be relied on.
    fn lost_reply(&self) -> LostReply {
        LostReply::Reconnect
    }

    fn sync(
        &self,
        session: Session<PinterestCredential>,
        request: SyncRequest,
    ) -> Result<PageStream> {
        streams::open(Reader::new(session, request.keep_raw), request)
    }

    fn lookup(&self) -> Option<&dyn Lookup<PinterestCredential>> {
        Some(self)
    }
}
