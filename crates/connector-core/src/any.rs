//! Any connector, whatever its credential: the only type erasure in the workspace.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use crate::connect::{Account, ConnectOutcome, ConnectStep};
use crate::connector::Connector;
use crate::context::Context;
use crate::credential::{
    CredentialKeeper, Exchange, LostReply, OpaqueCredential, VersionedCredential,
};
use crate::descriptor::Descriptor;
use crate::error::{Error, ErrorKind, Result};
use crate::session::Session;
use crate::settings::Settings;
use crate::sync::{PageStream, Record, SyncRequest};
use crate::webhooks::{Subscription, Subscriptions, Webhooks};

/// Any connector. Cheap to clone.
#[derive(Clone)]
pub struct AnyConnector(Arc<dyn Erased>);

impl AnyConnector {
    /// Erases a connector's type.
    #[must_use]
    pub fn new(connector: impl Connector) -> Self {
        Self(Arc::new(Adapter(Arc::new(connector))))
    }

    /// Names, forms, streams.
    #[must_use]
    pub fn descriptor(&self) -> &'static Descriptor {
        self.0.descriptor()
    }

    /// Takes one step of connecting; see [`Connector::connect`].
    ///
    /// # Errors
    /// Those of [`Connector::connect`].
    pub async fn connect(
        &self,
        ctx: &Context,
        step: ConnectStep,
    ) -> Result<ConnectOutcome<OpaqueCredential>> {
        self.0
            .connect(ctx, step)
            .await
            .map_err(|error| self.name_platform(error))
    }

    /// Trades a credential for a fresh one; see [`Connector::refresh`]. Only a
    /// [`CredentialKeeper`] should call it, as it knows that nobody else does.
    #[must_use]
    pub fn exchange(&self, ctx: &Context) -> Arc<dyn Exchange> {
        Arc::new(AnyExchange {
            connector: self.clone(),
            ctx: ctx.clone(),
        })
    }

    /// Puts a connection to use.
    ///
    /// # Errors
    /// [`ReconnectRequired`](crate::ErrorKind::ReconnectRequired) when the stored credential can't
    /// be read.
    pub fn open(
        &self,
        ctx: &Context,
        credential: VersionedCredential,
        keeper: Arc<dyn CredentialKeeper>,
        settings: Settings,
    ) -> Result<AnySession> {
        self.0
            .open(ctx, credential, keeper, self.exchange(ctx), settings)
            .map(AnySession)
            .map_err(|error| self.name_platform(error))
    }

    /// Receiving webhooks, where the platform sends any.
    #[must_use]
    pub fn webhooks(&self) -> Option<&dyn Webhooks> {
        self.0.webhooks()
    }

    fn name_platform(&self, error: Error) -> Error {
        error.with("platform", self.descriptor().id)
    }
}

impl fmt::Debug for AnyConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Any connection in use. Cheap to clone; clones share credential, pace and counters.
#[derive(Clone)]
pub struct AnySession(Arc<dyn ErasedSession>);

impl AnySession {
    /// Asks the platform whether the credential works; see [`Connector::test`].
    ///
    /// # Errors
    /// Those of [`Connector::test`].
    pub async fn test(&self) -> Result<Account> {
        self.0.test().await
    }

    /// Renews the credential now, whatever its age.
    ///
    /// # Errors
    /// Those of [`Connector::refresh`] and of the keeper.
    pub async fn renew(&self) -> Result<()> {
        self.0.renew().await
    }

    /// One record as the platform has it now; see [`Lookup`](crate::Lookup).
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`] where the platform can't, or not for this stream; else those of
    /// [`Lookup::lookup`](crate::Lookup::lookup).
    pub async fn lookup(&self, stream: &str, external_id: &str) -> Result<Record> {
        self.0.lookup(stream, external_id).await
    }

    /// Subscribes to the platform's webhooks; see
    /// [`Subscriptions::subscribe`].
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`] where the platform has no API for it; else those of
    /// [`Subscriptions::subscribe`].
    pub async fn subscribe(&self, deliver_to: &str) -> Result<Vec<Subscription>> {
        self.0.subscribe(deliver_to).await
    }

    /// What the connection is subscribed to.
    ///
    /// # Errors
    /// As [`AnySession::subscribe`].
    pub async fn subscriptions(&self) -> Result<Vec<Subscription>> {
        self.0.subscriptions().await
    }

    /// Ends one subscription.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is none with this id; else as [`AnySession::subscribe`].
    pub async fn unsubscribe(&self, id: &str) -> Result<()> {
        self.0.unsubscribe(id).await
    }

    /// Gives the grant back; see [`Revocation::revoke`](crate::Revocation::revoke). `false` where
    /// the platform takes none back, and nothing happened.
    ///
    /// # Errors
    /// Those of [`Revocation::revoke`](crate::Revocation::revoke).
    pub async fn revoke(&self) -> Result<bool> {
        self.0.revoke().await
    }

    /// The pages of one stream; see [`Connector::sync`].
    ///
    /// # Errors
    /// Those of [`Connector::sync`].
    pub fn sync(&self, request: SyncRequest) -> Result<PageStream> {
        self.0.sync(request)
    }
}

impl fmt::Debug for AnySession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[async_trait]
trait Erased: fmt::Debug + Send + Sync {
    fn descriptor(&self) -> &'static Descriptor;
    async fn connect(
        &self,
        ctx: &Context,
        step: ConnectStep,
    ) -> Result<ConnectOutcome<OpaqueCredential>>;
    async fn refresh(
        &self,
        ctx: &Context,
        credential: &OpaqueCredential,
    ) -> Result<OpaqueCredential>;
    fn lost_reply(&self) -> LostReply;
    fn open(
        &self,
        ctx: &Context,
        credential: VersionedCredential,
        keeper: Arc<dyn CredentialKeeper>,
        exchange: Arc<dyn Exchange>,
        settings: Settings,
    ) -> Result<Arc<dyn ErasedSession>>;
    fn webhooks(&self) -> Option<&dyn Webhooks>;
}

#[async_trait]
trait ErasedSession: fmt::Debug + Send + Sync {
    async fn test(&self) -> Result<Account>;
    async fn renew(&self) -> Result<()>;
    async fn lookup(&self, stream: &str, external_id: &str) -> Result<Record>;
    async fn subscribe(&self, deliver_to: &str) -> Result<Vec<Subscription>>;
    async fn subscriptions(&self) -> Result<Vec<Subscription>>;
    async fn unsubscribe(&self, id: &str) -> Result<()>;
    async fn revoke(&self) -> Result<bool>;
    fn sync(&self, request: SyncRequest) -> Result<PageStream>;
}

#[derive(Debug)]
struct Adapter<K>(Arc<K>);

#[async_trait]
impl<K: Connector> Erased for Adapter<K> {
    fn descriptor(&self) -> &'static Descriptor {
        self.0.descriptor()
    }

    async fn connect(
        &self,
        ctx: &Context,
        step: ConnectStep,
    ) -> Result<ConnectOutcome<OpaqueCredential>> {
        Ok(match self.0.connect(ctx, step).await? {
            ConnectOutcome::Connected(credential) => {
                ConnectOutcome::Connected(OpaqueCredential::close(&credential)?)
            }
            ConnectOutcome::Redirect { url, pending } => ConnectOutcome::Redirect { url, pending },
            ConnectOutcome::Prompt { ask, pending } => ConnectOutcome::Prompt { ask, pending },
        })
    }

    async fn refresh(
        &self,
        ctx: &Context,
        credential: &OpaqueCredential,
    ) -> Result<OpaqueCredential> {
        OpaqueCredential::close(&self.0.refresh(ctx, &credential.open()?).await?)
    }

    fn lost_reply(&self) -> LostReply {
        self.0.lost_reply()
    }

    fn open(
        &self,
        ctx: &Context,
        credential: VersionedCredential,
        keeper: Arc<dyn CredentialKeeper>,
        exchange: Arc<dyn Exchange>,
        settings: Settings,
    ) -> Result<Arc<dyn ErasedSession>> {
        let session = Session::open(
            self.0.descriptor().id,
            self.0.dialect(),
            ctx.clone(),
            credential,
            keeper,
            exchange,
            settings,
        )?;
        Ok(Arc::new(Open {
            connector: Arc::clone(&self.0),
            session,
        }))
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        self.0.webhooks()
    }
}

struct Open<K: Connector> {
    connector: Arc<K>,
    session: Session<K::Credential>,
}

impl<K: Connector> Open<K> {
    fn subscribing(&self) -> Result<&dyn Subscriptions<K::Credential>> {
        self.connector.subscriptions().ok_or_else(|| {
            Error::new(
                ErrorKind::Unsupported,
                "this platform's webhooks can't be subscribed to by its API",
            )
        })
    }
}

impl<K: Connector> fmt::Debug for Open<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AnySession").field(&self.session).finish()
    }
}

#[async_trait]
impl<K: Connector> ErasedSession for Open<K> {
    async fn test(&self) -> Result<Account> {
        self.connector.test(&self.session).await
    }

    async fn renew(&self) -> Result<()> {
        self.session.renew().await
    }

    async fn lookup(&self, stream: &str, external_id: &str) -> Result<Record> {
        let Some(lookup) = self.connector.lookup() else {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "this platform's records can't be read one by one",
            ));
        };
        lookup.lookup(&self.session, stream, external_id).await
    }

    async fn subscribe(&self, deliver_to: &str) -> Result<Vec<Subscription>> {
        let subscriptions = self.subscribing()?;
        subscriptions.subscribe(&self.session, deliver_to).await
    }

    async fn subscriptions(&self) -> Result<Vec<Subscription>> {
        self.subscribing()?.list(&self.session).await
    }

    async fn unsubscribe(&self, id: &str) -> Result<()> {
        self.subscribing()?.unsubscribe(&self.session, id).await
    }

    async fn revoke(&self) -> Result<bool> {
        let Some(revocation) = self.connector.revocation() else {
            return Ok(false);
        };
        revocation.revoke(&self.session).await.map(|()| true)
    }

    fn sync(&self, request: SyncRequest) -> Result<PageStream> {
        let session = self.session.metered(request.meter.clone());
        self.connector.sync(session, request)
    }
}

struct AnyExchange {
    connector: AnyConnector,
    ctx: Context,
}

#[async_trait]
impl Exchange for AnyExchange {
    async fn exchange(&self, credential: &OpaqueCredential) -> Result<OpaqueCredential> {
        self.connector
            .0
            .refresh(&self.ctx, credential)
            .await
            .map_err(|error| self.connector.name_platform(error))
    }

    fn lost_reply(&self) -> LostReply {
        self.connector.0.lost_reply()
    }
}
