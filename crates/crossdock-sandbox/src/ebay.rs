//! eBay: the Sell APIs of one seller, with the consent page and the tokens that open them.
//!
//! What it does follows eBay's contracts (Inventory 1.18.5, Fulfillment 1.20.7, Finances 1.19.0 and
//! their sisters), copies of its guides, and recorded replies; where those are silent, the modules
//! here say "inferred". Messages of refusals are the sandbox's own; their numbers and domains are
//! eBay's.
//!
//! | | production (`api.ebay.com` …) | sandbox (`api.sandbox.ebay.com` …) |
//! | --- | --- | --- |
//! | App ID | `CrossdockSandbox-SBX-demo` | `CrossdockSandbox-SBX-demo-sandbox` |
//! | Cert ID | `sandbox-ebay-secret` | `sandbox-ebay-secret-sandbox` |
//! | RuName | `Crossdock-Sandbox-demo` | `Crossdock-Sandbox-demo-sandbox` |
//! | refresh token with all scopes | `sbx_ebay_refresh_demo` | `sbx_ebay_refresh_demo_sandbox` |
//!
//! Tokens and keysets of one environment are refused in the other; the seller, `sbx_user_demo`, has
//! the same data in both.

mod filter;
mod finances;
mod generate;
mod inventory;
mod keys;
mod ledger;
mod limits;
mod load;
mod money;
mod notification;
mod oauth;
mod orders;
mod refusal;
mod request;
mod seller;
mod service;
mod signature;
mod state;
mod traffic;
mod verbs;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::Value;

use crate::answer;
use crate::platform::{Call, ControlError, Platform, SeedFile, SeedOutcome, Size};
use crate::route::percent_decoded;
use crate::world::World;

use self::keys::Keys;
use self::limits::Limits;
use self::load::Loader;
use self::notification::Notifications;
use self::oauth::Authority;
use self::refusal::{Outcome, Refusal};
use self::service::Service;
use self::state::State;

/// The platform's id.
const ID: &str = "ebay";

/// The names of its servers, before `.ebay.com` or `.sandbox.ebay.com`.
const SERVERS: [&str; 4] = ["auth", "api", "apiz", "apim"];

/// The emulated platform.
#[derive(Debug, Default)]
pub(crate) struct Ebay {
    state: State,
    authority: Authority,
    limits: Limits,
    keys: Keys,
    loader: Loader,
    notifications: Notifications,
}

impl Platform for Ebay {
    fn id(&self) -> &'static str {
        ID
    }

    fn serves(&self, host: &str) -> bool {
        host.strip_suffix(".ebay.com").is_some_and(|name| {
            let server = name.strip_suffix(".sandbox").unwrap_or(name);
            SERVERS.contains(&server)
        })
    }

    fn answer(&mut self, call: &Call<'_>, world: &mut World) -> Response<Bytes> {
        orders::settle(&mut self.state, call.now);
        let mut response = match self.route(call, world) {
            Ok(response) => response,
            Err(refusal) => refusal.response(),
        };
        answer::set(&mut response, "x-ebay-request-id", &world.request_id());
        response
    }

    fn refusal(&self, status: StatusCode, world: &mut World) -> Response<Bytes> {
        let mut response = refusal::worded(status);
        answer::set(&mut response, "x-ebay-request-id", &world.request_id());
        response
    }

    fn generate(&mut self, size: &Size, world: &mut World) {
        generate::generate(&mut self.state, size, world);
    }

    fn load(&mut self, file: &SeedFile<'_>) -> SeedOutcome {
        self.loader.load(file)
    }

    fn settle(&mut self, world: &mut World) {
        self.loader.settle(&mut self.state, world.now);
    }

    fn census(&self) -> Vec<(&'static str, u64)> {
        let state = &self.state;
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        // Traffic is left out: how many rows there are is a question of the days asked for.
        vec![
            ("inventory_items", count(state.items.len())),
            ("inventory_levels", count(state.level_count())),
            ("listings", count(state.offers.len())),
            ("orders", count(state.orders.len())),
            ("payouts", count(state.payouts.len())),
        ]
    }

    fn control(
        &mut self,
        verb: &str,
        body: &Value,
        world: &mut World,
    ) -> Result<Value, ControlError> {
        verbs::control(self, verb, body, world)
    }
}

impl Ebay {
    /// Finds what a call is for: a page, a token, or an operation of an API.
    fn route(&mut self, call: &Call<'_>, world: &mut World) -> Outcome<Response<Bytes>> {
        if request::lacks_length(call) {
            return Ok(answer::empty(StatusCode::LENGTH_REQUIRED));
        }
        let decoded: Vec<String> = call
            .path
            .trim_start_matches('/')
            .split('/')
            .map(percent_decoded)
            .collect();
        let mut segments: Vec<&str> = decoded.iter().map(String::as_str).collect();
        // Some of the contracts' paths end with a slash, and clients differ about it.
        if segments.last() == Some(&"") {
            segments.pop();
        }
        match (call.method, call.host, segments.as_slice()) {
            (_, "_sandbox", ["consent"]) => Ok(oauth::consent(call, &self.authority, world)),
            (_, "_sandbox", ["finished"]) => Ok(oauth::finished(call)),
            (&Method::GET, host, ["oauth2", "authorize"]) if host.starts_with("auth.") => {
                Ok(oauth::authorize(call))
            }
            (&Method::POST, host, ["identity", "v1", "oauth2", "token"])
                if host.starts_with("api.") =>
            {
                Ok(oauth::token(call, &mut self.authority, world))
            }
            (_, host, segments) => {
                let (service, path) =
                    Service::of(host, segments).ok_or_else(Refusal::no_such_resource)?;
                self.operation(service, path, call, world)
            }
        }
    }

    /// Lets the gateway's checks pass, then runs the operation.
    fn operation(
        &mut self,
        service: Service,
        path: &[&str],
        call: &Call<'_>,
        world: &mut World,
    ) -> Outcome<Response<Bytes>> {
        let grant = self.authority.authenticate(call, world)?;
        if !grant.allows(service.scopes(call.method, path)) {
            let message = "Access denied";
            return Err(Refusal::new(StatusCode::FORBIDDEN, 1100, "ACCESS", message));
        }
        self.limits.count(&grant.client, service, call.now)?;
        let state = &mut self.state;
        match service {
            Service::Identity => seller::identity(call, path, &grant),
            Service::Account => seller::account(call, path),
            Service::Inventory => inventory::answer(state, call, path, world),
            Service::Fulfillment => orders::answer(state, call, path, world),
            Service::RateLimits => self.limits.answer(call, path, &grant.client),
            Service::Finances => finances::answer(state, call, path, world),
            Service::KeyManagement => self.keys.answer(call, path, &grant, world),
            Service::Analytics => traffic::answer(state, call, path, world.seed),
            Service::Notification => self.notifications.answer(call, path, &grant, world),
        }
    }
}
