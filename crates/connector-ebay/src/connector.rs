//! The connector: the four verbs, each handed to where it is done.

use std::sync::Arc;

use connector_core::{
    Account, ConnectOutcome, ConnectStep, Connector, Context, Descriptor, Dialect, ErrorKind,
    Lookup, LostReply, PageStream, Result, Session, Subscriptions, SyncRequest, Webhooks,
};

use crate::api::{GetPrivileges, GetUser};
use crate::application::Application;
use crate::config::Config;
use crate::credential::EbayCredential;
use crate::descriptor::DESCRIPTOR;
use crate::dialect::EbayDialect;
use crate::webhooks::EbayWebhooks;
use crate::{connect, map, streams};

/// eBay. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Ebay {
    application: Application,
    webhooks: EbayWebhooks,
}

impl Ebay {
    /// eBay with this configuration.
    #[must_use]
    pub fn new(config: Config) -> Self {
        let application = Application::new(Arc::new(config));
        Self {
            webhooks: EbayWebhooks::new(application.clone()),
            application,
        }
    }

    /// The application itself, for what no seller has to grant.
    pub(crate) fn application(&self) -> &Application {
        &self.application
    }
}

impl Connector for Ebay {
    type Credential = EbayCredential;

    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn dialect(&self) -> Arc<dyn Dialect<EbayCredential>> {
        Arc::new(EbayDialect::new(self.application.config().signing_key()))
    }

    async fn connect(
        &self,
        ctx: &Context,
        step: ConnectStep,
    ) -> Result<ConnectOutcome<EbayCredential>> {
        connect::step(&self.application, ctx, step).await
    }

    async fn test(&self, session: &Session<EbayCredential>) -> Result<Account> {
        let environment = session.credential().environment;
        let user = session.call(&GetUser { environment }).await?;
        let privileges = match session.call(&GetPrivileges { environment }).await {
            Ok(privileges) => Some(privileges),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => None,
            Err(error) => return Err(error),
        };
        let has_key = self.application.config().signing_key().is_some();
        Ok(map::account(
            user,
            privileges,
            &session.credential(),
            has_key,
        ))
    }

    async fn refresh(&self, ctx: &Context, credential: &EbayCredential) -> Result<EbayCredential> {
        connect::refresh(&self.application, ctx, credential).await
    }

    /// A renewal neither uses up nor replaces the refresh token.
    fn lost_reply(&self) -> LostReply {
        LostReply::Retry
    }

    fn sync(&self, session: Session<EbayCredential>, request: SyncRequest) -> Result<PageStream> {
        streams::open(session, self.application.clone(), request)
    }

    fn lookup(&self) -> Option<&dyn Lookup<EbayCredential>> {
        Some(self)
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(&self.webhooks)
    }

    fn subscriptions(&self) -> Option<&dyn Subscriptions<EbayCredential>> {
        Some(self)
    }
}
