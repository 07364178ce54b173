//! The connector: the four verbs, each handed to where it is done.

use std::sync::Arc;

use connector_core::{
    Account, ConnectOutcome, ConnectStep, Connector, Context, Descriptor, Dialect, Lookup,
    LostReply, PageStream, Result, Session, SyncRequest, Webhooks,
};

use crate::api::Admin;
use crate::config::Config;
use crate::credential::ShopifyCredential;
use crate::descriptor::DESCRIPTOR;
use crate::dialect::ShopifyDialect;
use crate::shop_domain::ShopDomain;
use crate::webhooks::ShopifyWebhooks;
use crate::{connect, map, streams};

/// Shopify. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Shopify {
    config: Arc<Config>,
    webhooks: Option<ShopifyWebhooks>,
}

impl Shopify {
    /// Shopify with this configuration.
    #[must_use]
    pub fn new(config: Config) -> Self {
        let secrets = config.signing_secrets();
        let webhooks = (!secrets.is_empty()).then(|| ShopifyWebhooks::new(secrets));
        Self {
            config: Arc::new(config),
            webhooks,
        }
    }

    /// A shop's Admin API in the configured version, for calls of [`crate::api`].
    #[must_use]
    pub fn admin(&self, shop: &ShopDomain) -> Admin {
        Admin::new(shop, &self.config.api_version)
    }
}

impl Connector for Shopify {
    type Credential = ShopifyCredential;

    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn dialect(&self) -> Arc<dyn Dialect<ShopifyCredential>> {
        Arc::new(ShopifyDialect)
    }

    async fn connect(
        &self,
        ctx: &Context,
        step: ConnectStep,
    ) -> Result<ConnectOutcome<ShopifyCredential>> {
        connect::step(&self.config, ctx, step).await
    }

    async fn test(&self, session: &Session<ShopifyCredential>) -> Result<Account> {
        let shop = session.credential().shop.clone();
        let answer = session
            .call(&self.admin(&shop).ask(crate::api::ShopQuery {}))
            .await?;
        Ok(map::account(&shop, answer))
    }

    async fn refresh(
        &self,
        ctx: &Context,
        credential: &ShopifyCredential,
    ) -> Result<ShopifyCredential> {
        connect::refresh(&self.config, ctx, credential).await
    }

    /// Since 2026-08-28 a refresh token works until the one that replaced it is first used
    /// (shopify.dev changelog), so after a lost reply it can be used again.
    fn lost_reply(&self) -> LostReply {
        LostReply::Retry
    }

    fn sync(
        &self,
        session: Session<ShopifyCredential>,
        request: SyncRequest,
    ) -> Result<PageStream> {
        let admin = self.admin(&session.credential().shop);
        streams::open(session, admin, request)
    }

    fn lookup(&self) -> Option<&dyn Lookup<ShopifyCredential>> {
        Some(self)
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        self.webhooks
            .as_ref()
            .map(|webhooks| webhooks as &dyn Webhooks)
    }
}
