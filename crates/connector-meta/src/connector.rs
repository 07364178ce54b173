//! The connector: the four verbs, each handed to where it is done.

use std::sync::Arc;

use connector_core::{
    Account, ConnectOutcome, ConnectStep, Connector, Context, Descriptor, Dialect, Lookup,
    LostReply, PageStream, Result, Revocation, Session, Subscriptions, SyncRequest, Webhooks,
};

use crate::api::{DebugToken, Me};
use crate::config::Config;
use crate::credential::MetaCredential;
use crate::descriptor::DESCRIPTOR;
use crate::dialect::MetaDialect;
use crate::directory::Directory;
use crate::reader::Reader;
use crate::webhooks::MetaWebhooks;
use crate::{connect, map, streams};

/// Meta. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Meta {
    config: Arc<Config>,
    dialect: Arc<MetaDialect>,
    directory: Directory,
    webhooks: MetaWebhooks,
}

impl Meta {
    /// Meta with this configuration.
    #[must_use]
    pub fn new(config: Config) -> Self {
        let config = Arc::new(config);
        let directory = Directory::default();
        Self {
            dialect: Arc::new(MetaDialect::new(&config)),
            webhooks: MetaWebhooks::new(Arc::clone(&config), directory.clone()),
            directory,
            config,
        }
    }

    /// Whose pages are.
    pub(crate) fn directory(&self) -> &Directory {
        &self.directory
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }
}

impl Connector for Meta {
    type Credential = MetaCredential;

    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn dialect(&self) -> Arc<dyn Dialect<MetaCredential>> {
        Arc::clone(&self.dialect) as _
    }

    async fn connect(
        &self,
        ctx: &Context,
        step: ConnectStep,
    ) -> Result<ConnectOutcome<MetaCredential>> {
        connect::step(&self.config, &self.dialect, ctx, step).await
    }

    async fn test(&self, session: &Session<MetaCredential>) -> Result<Account> {
        self.directory.learn(&session.credential());
        let me = session.call(&Me).await?;
        let token = session.call(&DebugToken).await?;
        Ok(map::account(
            me,
            token,
            &session.credential(),
            session.now(),
        ))
    }

    async fn refresh(&self, ctx: &Context, credential: &MetaCredential) -> Result<MetaCredential> {
        connect::refresh(&self.config, &self.dialect, ctx, credential).await
    }

    /// Exchanging a token leaves the old one as it is (developers.facebook.com, "Get long-lived
    /// tokens"), so after a lost reply it can be exchanged again.
    fn lost_reply(&self) -> LostReply {
        LostReply::Retry
    }

    fn sync(&self, session: Session<MetaCredential>, request: SyncRequest) -> Result<PageStream> {
        self.directory.learn(&session.credential());
        streams::open(Reader::new(session, request.keep_raw), request)
    }

    fn lookup(&self) -> Option<&dyn Lookup<MetaCredential>> {
        Some(self)
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(&self.webhooks)
    }

    fn subscriptions(&self) -> Option<&dyn Subscriptions<MetaCredential>> {
        Some(self)
    }

    fn revocation(&self) -> Option<&dyn Revocation<MetaCredential>> {
        Some(self)
    }
}
