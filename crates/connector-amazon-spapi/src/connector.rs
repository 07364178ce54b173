//! The connector: the four verbs, each handed to where it is done.

use std::sync::Arc;

use connector_core::{
    Account, ConnectOutcome, ConnectStep, Connector, Context, Descriptor, Dialect, Lookup,
    LostReply, PageStream, Result, Session, Subscriptions, SyncRequest, Webhooks,
};

use crate::config::Config;
use crate::credential::AmazonCredential;
use crate::descriptor::DESCRIPTOR;
use crate::dialect::AmazonDialect;
use crate::seller::{Participations, Seller};
use crate::webhooks::AmazonWebhooks;
use crate::{connect, map, streams};

/// Amazon's Selling Partner API. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AmazonSpapi {
    config: Arc<Config>,
    participations: Participations,
    webhooks: Option<AmazonWebhooks>,
}

impl AmazonSpapi {
    /// Amazon with this configuration.
    #[must_use]
    pub fn new(config: Config) -> Self {
        let webhooks = config.notification_token.clone().map(AmazonWebhooks::new);
        Self {
            config: Arc::new(config),
            participations: Participations::default(),
            webhooks,
        }
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    pub(crate) fn seller(&self, session: Session<AmazonCredential>) -> Seller {
        Seller::new(session, self.participations.clone())
    }
}

impl Connector for AmazonSpapi {
    type Credential = AmazonCredential;

    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn dialect(&self) -> Arc<dyn Dialect<AmazonCredential>> {
        Arc::new(AmazonDialect)
    }

    async fn connect(
        &self,
        ctx: &Context,
        step: ConnectStep,
    ) -> Result<ConnectOutcome<AmazonCredential>> {
        connect::step(&self.config, ctx, step).await
    }

    async fn test(&self, session: &Session<AmazonCredential>) -> Result<Account> {
        let participations = self.seller(session.clone()).ask_participations().await?;
        Ok(map::account(&session.credential(), &participations))
    }

    async fn refresh(
        &self,
        ctx: &Context,
        credential: &AmazonCredential,
    ) -> Result<AmazonCredential> {
        connect::refresh(&self.config, ctx, credential).await
    }

    /// A refresh token is not spent by using it (developer-docs.amazon.com, "Connect to the Selling
    /// Partner API"), so after a lost reply it can be used again.
    fn lost_reply(&self) -> LostReply {
        LostReply::Retry
    }

    fn sync(&self, session: Session<AmazonCredential>, request: SyncRequest) -> Result<PageStream> {
        streams::open(self.seller(session), request)
    }

    fn lookup(&self) -> Option<&dyn Lookup<AmazonCredential>> {
        Some(self)
    }

    fn subscriptions(&self) -> Option<&dyn Subscriptions<AmazonCredential>> {
        Some(self)
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        self.webhooks
            .as_ref()
            .map(|webhooks| webhooks as &dyn Webhooks)
    }
}
