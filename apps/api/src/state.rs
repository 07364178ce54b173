//! What handlers share.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::http::header::HeaderValue;
use connector_core::{Context, Descriptor, Registry};
use connector_http::Reroute;
use crossdock_engine::{BrowserKey, Engine};
use crossdock_persistence::{Connection, ConnectionId, ProjectId, ProjectStore, Store};
use url::Url;
use uuid::Uuid;

use crate::access::{Attempts, Csrf, Sessions};
use crate::application::{BuildError, Parts};
use crate::failure::Answer;
use crate::tasks::{Coalesced, Tasks};
use crate::telemetry::RequestCounts;

/// What handlers share.
#[derive(Debug)]
pub(crate) struct State {
    engine: Engine,
    context: Context,
    project: ProjectId,
    public_url: Url,
    reroute: Option<Reroute>,
    tasks: Tasks,
    inbox: Coalesced,
    pub(crate) sessions: Sessions,
    pub(crate) csrf: Csrf,
    pub(crate) logins: Attempts,
    pub(crate) bearers: Attempts,
    pub(crate) requests: RequestCounts,
}

impl State {
    /// The state of an application that listens at this address.
    pub(crate) async fn new(parts: Parts, address: SocketAddr) -> Result<Self, BuildError> {
        let public_url = public_url(parts.settings.public_url, address)?;
        let project = parts.engine.store().default_project().await?.id;
        let secure = public_url.scheme() == "https";
        Ok(Self {
            sessions: Sessions::new(Arc::clone(&parts.vault), parts.context.clone(), secure),
            csrf: Csrf::new(parts.vault),
            logins: Attempts::new(parts.context.clone()),
            bearers: Attempts::new(parts.context.clone()),
            requests: RequestCounts::default(),
            engine: parts.engine,
            context: parts.context,
            project,
            public_url,
            reroute: parts.reroute,
            tasks: Tasks::on_this_runtime(),
            inbox: Coalesced::default(),
        })
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(crate) fn registry(&self) -> &Registry {
        self.engine.registry()
    }

    pub(crate) fn store(&self) -> &Store {
        self.engine.store()
    }

    /// What belongs to the project that requests act for.
    pub(crate) fn data(&self) -> ProjectStore {
        self.engine.store().project(self.project)
    }

    pub(crate) fn project(&self) -> ProjectId {
        self.project
    }

    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    pub(crate) fn tasks(&self) -> &Tasks {
        &self.tasks
    }

    /// The turns of working through the webhook inbox.
    pub(crate) fn inbox(&self) -> &Coalesced {
        &self.inbox
    }

    pub(crate) fn public_url(&self) -> &Url {
        &self.public_url
    }

    /// Whether browsers reach this service over TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// The gateway in place of the platforms.
    pub(crate) fn gateway(&self) -> Option<&Url> {
        self.reroute.as_ref().map(Reroute::base)
    }

    /// A platform's address as a browser is to visit it.
    pub(crate) fn for_browser(&self, url: &Url) -> Url {
        match &self.reroute {
            Some(reroute) => reroute.url(url),
            None => url.clone(),
        }
    }

    /// Where a platform is to send people back to: what must be registered there.
    pub(crate) fn callback_url(&self, platform: &str) -> Url {
        let mut url = self.public_url.clone();
        url.set_path(&format!("/api/oauth/{platform}/callback"));
        url
    }

    /// Where a platform sends its webhooks to: what is registered there.
    pub(crate) fn webhooks_url(&self, platform: &str) -> Url {
        let mut url = self.public_url.clone();
        url.set_path(&format!("/webhooks/{platform}"));
        url
    }

    /// A fresh random value for whoever connects.
    pub(crate) fn browser_key(&self) -> (String, BrowserKey) {
        let value = self.context.random_token();
        (value.clone(), BrowserKey::new(value))
    }

    /// The id of a request: a UUID v7, so that they sort by time.
    pub(crate) fn request_id(&self) -> Uuid {
        let millis = self.context.now().timestamp_millis();
        let millis = u64::try_from(millis).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &self.context.random()).into_uuid()
    }

    /// The connection that a caller means by an id or a platform's name.
    pub(crate) async fn connection(&self, name_or_id: &str) -> Answer<Connection> {
        Ok(self.data().resolve(name_or_id).await?)
    }

    /// As [`State::connection`], where the caller may have named none.
    pub(crate) async fn connection_id(
        &self,
        name_or_id: Option<&str>,
    ) -> Answer<Option<ConnectionId>> {
        match name_or_id {
            Some(name_or_id) => Ok(Some(self.connection(name_or_id).await?.id)),
            None => Ok(None),
        }
    }

    /// A platform's descriptor, where this version knows the platform.
    pub(crate) fn descriptor(&self, platform: &str) -> Option<&'static Descriptor> {
        let connector = self.registry().get(platform).ok()?;
        Some(connector.descriptor())
    }

    /// Ends the engine's runs and waits for everything in the background.
    pub(crate) async fn shut_down(&self) {
        self.engine.shutdown().await;
        self.tasks.finish().await;
    }
}

/// The address under which browsers reach the service: an origin, without a path.
fn public_url(set: Option<Url>, address: SocketAddr) -> Result<Url, BuildError> {
    let url = match set {
        Some(url) => url,
        None => Url::parse(&format!("http://{address}")).map_err(|_cause| BuildError::PublicUrl)?,
    };
    let is_origin = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none();
    if is_origin && HeaderValue::from_str(url.as_str()).is_ok() {
        Ok(url)
    } else {
        Err(BuildError::PublicUrl)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_an_origin() {
        let address: SocketAddr = "127.0.0.1:9300".parse().unwrap();
        assert_eq!(
            public_url(None, address).unwrap().as_str(),
            "http://127.0.0.1:9300/"
        );
        for good in ["https://shop.example", "http://[::1]:9300/"] {
            assert!(
                public_url(Some(good.parse().unwrap()), address).is_ok(),
                "{good}"
            );
        }
        for bad in [
            "ftp://shop.example",
            "https://u:p@shop.example",
            "https://shop.example/crossdock",
            "https://shop.example/?a",
            "https://shop.example/#a",
            "mailto:a@shop.example",
        ] {
            assert!(
                public_url(Some(bad.parse().unwrap()), address).is_err(),
                "{bad}"
            );
        }
    }
}
