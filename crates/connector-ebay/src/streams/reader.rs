//! What all streams read with: a session, and what eBay's silence about limits makes necessary.

use connector_core::{Context, Endpoint, Error, ErrorKind, Result, Session};

use crate::api::GetRateLimits;
use crate::application::Application;
use crate::credential::EbayCredential;
use crate::environment::Environment;
use crate::marketplace::Marketplace;

/// How many requests of one page are sent side by side.
pub(super) const SIDE_BY_SIDE: usize = 5;

/// One of eBay's APIs, as its limits are kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Api {
    context: &'static str,
    name: &'static str,
}

/// Stock, offers, locations: 2,000,000 calls a day.
pub(super) const INVENTORY: Api = Api {
    context: "sell",
    name: "inventory",
};
/// Orders: 100,000 calls a day.
pub(super) const FULFILLMENT: Api = Api {
    context: "sell",
    name: "fulfillment",
};
/// Money: 15,000 calls a day.
pub(super) const FINANCES: Api = Api {
    context: "sell",
    name: "finances",
};
/// Traffic: 100 calls a day.
pub(super) const ANALYTICS: Api = Api {
    context: "sell",
    name: "analytics",
};

/// What all streams read with. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    pub(super) session: Session<EbayCredential>,
    application: Application,
    pub(super) keep_raw: bool,
}

impl Reader {
    pub(super) fn new(
        session: Session<EbayCredential>,
        application: Application,
        keep_raw: bool,
    ) -> Self {
        Self {
            session,
            application,
            keep_raw,
        }
    }

    pub(super) fn environment(&self) -> Environment {
        self.session.credential().environment
    }

    pub(super) fn marketplace(&self) -> Marketplace {
        self.session.credential().marketplace
    }

    /// Calls an endpoint. What is refused because the day's calls are used up says when the day ends.
    ///
    /// # Errors
    /// Those of [`Session::call`].
    pub(super) async fn call<E: Endpoint>(&self, api: Api, endpoint: &E) -> Result<E::Response> {
        match self.session.call(endpoint).await {
            Err(error)
                if error.kind() == ErrorKind::RateLimited && error.retry_after().is_none() =>
            {
                Err(self.with_reset(api, error).await)
            }
            other => other,
        }
    }

    async fn with_reset(&self, api: Api, error: Error) -> Error {
        let ctx: &Context = self.session.context();
        let environment = self.environment();
        let Ok(session) = self.application.session(ctx, environment) else {
            return error;
        };
        let limits = GetRateLimits {
            environment,
            context: api.context,
            name: api.name,
        };
        // Whoever can't be asked for limits either is asked again later, as by default.
        let reset = session
            .call(&limits)
            .await
            .ok()
            .and_then(|limits| limits.reset());
        match reset.and_then(|reset| (reset - ctx.now()).to_std().ok()) {
            Some(wait) => error.retry_in(wait),
            None => error,
        }
    }
}
