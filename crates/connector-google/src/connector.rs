//! The connector: the four verbs, each handed to where it is done.

use std::sync::Arc;

use connector_core::{
    Account, ConnectOutcome, ConnectStep, Connector, Context, Descriptor, Dialect, Lookup,
    LostReply, PageStream, Result, Revocation, Session, Subscriptions, SyncRequest, Webhooks,
};

use crate::api::GetUserInfo;
use crate::config::Config;
use crate::credential::GoogleCredential;
use crate::descriptor::DESCRIPTOR;
use crate::dialect::GoogleDialect;
use crate::{connect, map, streams};

/// Google. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Google {
    pub(crate) config: Arc<Config>,
}

impl Google {
    /// Google with this configuration.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            config: Arc::new(config),
        }
    }
}

impl Connector for Google {
    type Credential = GoogleCredential;

    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn dialect(&self) -> Arc<dyn Dialect<GoogleCredential>> {
        Arc::new(GoogleDialect::new(self.config.developer_token.clone()))
    }

    async fn connect(
        &self,
        ctx: &Context,
        step: ConnectStep,
    ) -> Result<ConnectOutcome<GoogleCredential>> {
        connect::step(self, ctx, step).await
    }

    async fn test(&self, session: &Session<GoogleCredential>) -> Result<Account> {
        let person = session.call(&GetUserInfo).await?;
        Ok(map::account(person, &session.credential()))
    }

    async fn refresh(
        &self,
        ctx: &Context,
        credential: &GoogleCredential,
    ) -> Result<GoogleCredential> {
        connect::refresh(&self.config, ctx, credential).await
    }

    /// A refresh token is neither spent nor changed by using it, so after a lost reply it can be used
    /// again.
    fn lost_reply(&self) -> LostReply {
        LostReply::Retry
    }

    fn sync(&self, session: Session<GoogleCredential>, request: SyncRequest) -> Result<PageStream> {
        streams::open(session, request)
    }

    fn lookup(&self) -> Option<&dyn Lookup<GoogleCredential>> {
        Some(self)
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }

    fn subscriptions(&self) -> Option<&dyn Subscriptions<GoogleCredential>> {
        Some(self)
    }

    fn revocation(&self) -> Option<&dyn Revocation<GoogleCredential>> {
        Some(self)
    }
}
