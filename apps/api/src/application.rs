//! From parts to a server that listens, and from there to one that has ended in order.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::{HttpServer, web};
use connector_core::Context;
use connector_http::Reroute;
use crossdock_engine::Engine;
use crossdock_persistence::StoreError;
use crossdock_vault::Vault;
use url::Url;

use crate::state::State;
use crate::{router, routes};

/// How long open requests may take once the server has been told to end.
const GRACE: Duration = Duration::from_secs(10);

/// What the API is made of.
#[derive(Debug)]
pub struct Parts {
    /// The engine, over a store that has been migrated.
    pub engine: Engine,
    /// What signs the console's cookies: the same as the engine's.
    pub vault: Arc<Vault>,
    /// The clock and the randomness.
    pub context: Context,
    /// What the operator set.
    pub settings: ApiSettings,
    /// The gateway in place of the platforms, for addresses that a browser is sent to. The console
    /// shows that it is on.
    pub reroute: Option<Reroute>,
}

/// What the operator sets.
#[derive(Clone, Debug)]
pub struct ApiSettings {
    /// Where to listen. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The address under which browsers and platforms reach this service; `None` for `http://` and
    /// the address that it listens on. OAuth callbacks are `PUBLIC_URL/api/oauth/PLATFORM/callback`,
    /// and over `https` the cookies are for secure connections only.
    pub public_url: Option<Url>,
    /// How many threads serve requests; `None` for one per core.
    pub workers: Option<usize>,
}

impl ApiSettings {
    /// Listening there, reached there.
    #[must_use]
    pub fn new(listen: SocketAddr) -> Self {
        Self {
            listen,
            public_url: None,
            workers: None,
        }
    }
}

/// Why there is no application.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The address can't be listened on: it is taken, or not this machine's.
    #[error("{address} can't be listened on: {source}; end what listens there or set another one")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's error.
        source: io::Error,
    },
    /// The public address is none that a browser could visit.
    #[error(
        "the public URL must be http://HOST or https://HOST, with a port where it has one, and no \
         path, user, query or fragment"
    )]
    PublicUrl,
    /// The store has no default project: it has not been migrated.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A server that listens and doesn't answer yet.
pub struct Application {
    server: Server,
    handle: ServerHandle,
    state: web::Data<State>,
    address: SocketAddr,
}

impl Application {
    /// Binds the address and prepares everything. Background work will run on the runtime that this
    /// is called on.
    ///
    /// # Errors
    /// [`BuildError`]: an address that is taken, a public URL that can't be one, a store that has
    /// not been migrated.
    pub async fn build(parts: Parts) -> Result<Self, BuildError> {
        let wanted = parts.settings.listen;
        let refused = |source| BuildError::Listen {
            address: wanted,
            source,
        };
        let listener = TcpListener::bind(wanted).map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let workers = parts.settings.workers;
        let state = web::Data::new(State::new(parts, address).await?);

        let shared = state.clone();
        let mut server = HttpServer::new(move || router::app(shared.clone()))
            .disable_signals()
            .shutdown_timeout(GRACE.as_secs());
        if let Some(workers) = workers {
            server = server.workers(workers);
        }
        let server = server.listen(listener).map_err(refused)?.run();
        Ok(Self {
            handle: server.handle(),
            server,
            state,
            address,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address under which browsers reach it.
    #[must_use]
    pub fn public_url(&self) -> &Url {
        self.state.public_url()
    }

    /// Serves until `shutdown` is ready: then no new requests are taken, open ones may end, the
    /// engine's runs stop after the page that they are committing, and background work is awaited.
    ///
    /// # Errors
    /// Those of the listening socket.
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        let Self {
            server,
            handle,
            state,
            ..
        } = self;
        // What came before the last end and was not acted upon.
        routes::webhooks::process(&state);
        tokio::pin!(server);
        tokio::select! {
            ended = &mut server => return ended,
            () = shutdown => {}
        }
        tracing::info!("shutting down");
        // The engine first: a request that waits for one of its runs ends with it.
        let ((), (), ended) = tokio::join!(state.shut_down(), handle.stop(true), server);
        ended
    }
}

impl std::fmt::Debug for Application {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Application")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
