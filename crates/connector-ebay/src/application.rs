//! The application's own token, which no seller granted: for keys, notifications and limits.
//!
//! eBay gives an application a thousand of them a day, and each lasts two hours, so one is kept and
//! shared by all connections of a process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use connector_core::{
    Context, Credential, Dialect, Exchange, InMemoryKeeper, LostReply, OpaqueCredential, Result,
    SecretString, Session, Settings, VersionedCredential, secret,
};
use serde::{Deserialize, Serialize};

use crate::config::{BASE_SCOPE, Config};
use crate::connect;
use crate::descriptor::DESCRIPTOR;
use crate::dialect::EbayDialect;
use crate::environment::Environment;

/// An application's token.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ApplicationToken {
    /// What proves a request.
    #[serde(serialize_with = "secret::expose")]
    pub access_token: SecretString,
    /// When it stops working.
    pub expires_at: Option<DateTime<Utc>>,
}

impl Credential for ApplicationToken {
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.expires_at
    }
}

/// Where the tokens of an application's keysets are kept. Cheap to clone; clones share.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    config: Arc<Config>,
    held: Arc<Mutex<BTreeMap<Environment, ApplicationToken>>>,
}

impl Application {
    pub(crate) fn new(config: Arc<Config>) -> Self {
        Self {
            config,
            held: Arc::default(),
        }
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// A session of the application itself. A token is asked for when the first call needs one.
    ///
    /// # Errors
    /// [`ConfigInvalid`](connector_core::ErrorKind::ConfigInvalid) where the environment has no
    /// keyset.
    pub(crate) fn session(
        &self,
        ctx: &Context,
        environment: Environment,
    ) -> Result<Session<ApplicationToken>> {
        self.config.require_keyset(environment)?;
        // None yet: one that ended long ago is renewed before it is used.
        let token = self.held(environment).unwrap_or_else(|| ApplicationToken {
            access_token: SecretString::default(),
            expires_at: Some(DateTime::UNIX_EPOCH),
        });
        let credential = VersionedCredential {
            credential: OpaqueCredential::close(&token)?,
            version: 1,
        };
        let dialect: Arc<dyn Dialect<ApplicationToken>> = Arc::new(EbayDialect::default());
        Session::open(
            DESCRIPTOR.id,
            dialect,
            ctx.clone(),
            credential.clone(),
            Arc::new(InMemoryKeeper::new(credential.credential)),
            Arc::new(Asking {
                application: self.clone(),
                ctx: ctx.clone(),
                environment,
            }),
            Settings::default(),
        )
    }

    fn held(&self, environment: Environment) -> Option<ApplicationToken> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.get(&environment).cloned()
    }

    fn hold(&self, environment: Environment, token: ApplicationToken) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.insert(environment, token);
    }
}

/// Asks for a token.
struct Asking {
    application: Application,
    ctx: Context,
    environment: Environment,
}

#[async_trait]
impl Exchange for Asking {
    async fn exchange(&self, _stale: &OpaqueCredential) -> Result<OpaqueCredential> {
        let grant = connect::app(&self.application.config, self.environment)?
            .client_credentials(&self.ctx, &[BASE_SCOPE])
            .await?;
        let token = ApplicationToken {
            access_token: grant.access_token,
            expires_at: grant.expires_in.map(|life| self.ctx.now() + life),
        };
        self.application.hold(self.environment, token.clone());
        OpaqueCredential::close(&token)
    }

    fn lost_reply(&self) -> LostReply {
        LostReply::Retry
    }
}
