//! Shopify: shops at `*.myshopify.com`, their Admin API, their consent pages and public feeds.
//!
//! What it does is what Shopify's reference for the Admin API 2026-10 says, and recorded answers of
//! running shops show; where neither says anything, the modules say so. `X-Shopify-Access-Token`
//! opens the API. Tokens come from the consent page (app `sandbox-shopify-app`, secret
//! `sandbox-shopify-secret`), and `sbx_custom_app_demo` is one that never expires, as a custom app
//! has; the control verb `token/custom` gives another.
//!
//! Two shops are there from the start: `crossdock-demo.myshopify.com`, which holds everything that
//! is generated or loaded, and `empty-shop.myshopify.com`, which holds nothing.

mod api;
mod bulk;
mod control;
mod feed;
mod generate;
mod graphql;
mod load;
mod mutations;
mod oauth;
mod objects;
mod resolve;
mod rest;
mod shop;
mod store;
mod throttle;
mod webhooks;

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta};
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::answer;
use crate::platform::{Call, ControlError, Platform, SeedFile, SeedOutcome, Size};
use crate::world::World;

use self::graphql::{Documents, Rule};
use self::load::Loader;
use self::oauth::Authority;
use self::objects::{Currency, ShopInfo};
use self::shop::Shop;
use self::store::Store;
use self::throttle::Limits;

/// The platform's id.
pub(crate) const ID: &str = "shopify";

/// The shop that holds the data.
pub(crate) const DEMO: &str = "crossdock-demo.myshopify.com";

/// The shop that holds nothing.
pub(crate) const EMPTY: &str = "empty-shop.myshopify.com";

/// What the control API can change about the platform.
#[derive(Debug)]
pub(crate) struct Settings {
    /// How connections are charged.
    pub(crate) rule: Rule,
    pub(crate) limits: Limits,
    /// Whether apps may read protected customer data.
    pub(crate) customer_data: bool,
    /// How long bulk operations take; by default a second for every 5,000 objects.
    pub(crate) bulk_delay: Option<TimeDelta>,
    /// The error code with which the next bulk operation fails halfway.
    pub(crate) bulk_failure: Option<&'static str>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rule: Rule::default(),
            limits: Limits::default(),
            customer_data: true,
            bulk_delay: None,
            bulk_failure: None,
        }
    }
}

/// The emulated platform.
#[derive(Debug)]
pub(crate) struct Shopify {
    shops: BTreeMap<String, Shop>,
    authority: Authority,
    documents: Documents,
    settings: Settings,
    loader: Loader,
}

impl Default for Shopify {
    fn default() -> Self {
        let shops = [
            (DEMO, "Crossdock Demo", 64_100_200_300),
            (EMPTY, "Empty Shop", 64_100_200_301),
        ];
        Self {
            shops: shops
                .into_iter()
                .map(|(domain, name, id)| {
                    (
                        domain.to_owned(),
                        Shop::new(Store::new(info(domain, name, id))),
                    )
                })
                .collect(),
            authority: Authority::default(),
            documents: Documents::default(),
            settings: Settings::default(),
            loader: Loader::default(),
        }
    }
}

fn info(domain: &str, name: &str, id: u64) -> ShopInfo {
    let opened = DateTime::UNIX_EPOCH + TimeDelta::days(18_000);
    ShopInfo {
        id,
        domain: domain.to_owned(),
        name: name.to_owned(),
        email: format!("owner@{}", domain.replace(".myshopify.com", ".example.com")),
        currency: Currency::USD,
        presentment: vec![Currency::USD],
        taxes_included: false,
        created_at: opened,
        updated_at: opened,
    }
}

impl Shopify {
    fn demo(&mut self) -> Option<&mut Shop> {
        self.shops.get_mut(DEMO)
    }

    /// A request to a shop's own host.
    fn shop(&mut self, call: &Call<'_>, world: &mut World) -> Response<Bytes> {
        let Some(shop) = self.shops.get_mut(call.host) else {
            return answer::with_body(
                StatusCode::NOT_FOUND,
                "text/html; charset=utf-8",
                "<!doctype html>\n<title>Create an Ecommerce Website and Sell Online! Ecommerce Software by Shopify</title>\n<h1>Sorry, this shop is currently unavailable.</h1>\n",
            );
        };
        shop.bulk.advance(call.now);
        if let Some(version) = call
            .path
            .strip_prefix("/admin/api/")
            .and_then(|rest| rest.strip_suffix("/graphql.json"))
        {
            return self.graphql(call, version, world);
        }
        match (call.method, call.path) {
            (&Method::GET, "/admin/oauth/authorize") => {
                oauth::authorize(call, &shop.store.info.name)
            }
            (&Method::POST, "/admin/oauth/access_token") => {
                oauth::access_token(call, &mut self.authority, world)
            }
            (&Method::DELETE, "/admin/api_permissions/current.json") => self.uninstall(call, world),
            (&Method::GET, path) => feed::answer(call, path, &shop.store),
            _ => not_found(),
        }
    }

    fn graphql(&mut self, call: &Call<'_>, asked: &str, world: &mut World) -> Response<Bytes> {
        let Some(version) = api::served_version(asked) else {
            return not_found();
        };
        if call.method != Method::POST {
            let mut response = answer::json(
                StatusCode::METHOD_NOT_ALLOWED,
                &json!({ "errors": "Method Not Allowed" }),
            );
            answer::set(&mut response, "allow", "POST");
            return response;
        }
        let grant = call
            .header("x-shopify-access-token")
            .and_then(|token| self.authority.authenticate(token, call.host, world));
        let mut response = match (grant, self.shops.get_mut(call.host)) {
            (Some(grant), Some(shop)) => api::graphql(
                call,
                version,
                shop,
                &grant,
                &mut self.documents,
                &mut self.settings,
                world,
            ),
            _ => api::unauthorized(),
        };
        answer::set(&mut response, "x-shopify-api-version", version);
        response
    }

    fn uninstall(&mut self, call: &Call<'_>, world: &mut World) -> Response<Bytes> {
        let token = call.header("x-shopify-access-token").unwrap_or_default();
        let Some(grant) = self.authority.authenticate(token, call.host, world) else {
            return api::unauthorized();
        };
        self.authority.uninstall(call.host, &grant.app, world);
        if let Some(shop) = self.shops.get_mut(call.host) {
            let body = json!({
                "id": shop.store.info.id,
                "name": shop.store.info.name,
                "domain": shop.store.info.domain,
                "myshopify_domain": shop.store.info.domain,
            });
            shop.webhooks
                .publish(call.host, "APP_UNINSTALLED", &body, call.now, world);
            shop.webhooks
                .0
                .retain(|_, subscription| subscription.app != grant.app);
        }
        answer::json(StatusCode::OK, &json!({}))
    }

    /// The file of a bulk operation. Its address is the only key to it, as with the signed
    /// addresses of the platform.
    fn file(&mut self, call: &Call<'_>) -> Response<Bytes> {
        let id = call
            .path
            .strip_prefix(bulk::PREFIX)
            .and_then(|rest| rest.strip_suffix(".jsonl"))
            .and_then(|id| id.parse().ok());
        let operation = id.and_then(|id| {
            self.shops.values_mut().find_map(|shop| {
                shop.bulk.advance(call.now);
                shop.bulk.get(id)
            })
        });
        let ready = operation.filter(|op| op.url().is_some() || op.partial_url().is_some());
        let Some(operation) = ready.filter(|_| *call.method == Method::GET) else {
            return answer::with_body(
                StatusCode::NOT_FOUND,
                "application/xml; charset=UTF-8",
                "<?xml version='1.0' encoding='UTF-8'?><Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>",
            );
        };
        let mut response =
            answer::with_body(StatusCode::OK, "application/jsonl", operation.file.clone());
        answer::set(&mut response, "accept-ranges", "bytes");
        response
    }
}

fn not_found() -> Response<Bytes> {
    answer::json(StatusCode::NOT_FOUND, &json!({ "errors": "Not Found" }))
}

impl Platform for Shopify {
    fn id(&self) -> &'static str {
        ID
    }

    fn serves(&self, host: &str) -> bool {
        host == bulk::HOST
            || host.strip_suffix(".myshopify.com").is_some_and(|name| {
                !name.is_empty()
                    && !name.starts_with('-')
                    && name
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            })
    }

    fn answer(&mut self, call: &Call<'_>, world: &mut World) -> Response<Bytes> {
        let mut response = match call.host {
            "_sandbox" if call.path == "/consent" => oauth::consent(call, world),
            "_sandbox" => not_found(),
            bulk::HOST => return self.file(call),
            _ => self.shop(call, world),
        };
        let id = world.request_id();
        answer::set(
            &mut response,
            "x-request-id",
            &format!("{id}-{}", call.now.timestamp()),
        );
        response
    }

    fn generate(&mut self, size: &Size, world: &mut World) {
        if let Some(shop) = self.demo() {
            generate::fill(&mut shop.store, size, world);
        }
    }

    fn load(&mut self, file: &SeedFile<'_>) -> SeedOutcome {
        self.loader.load(file)
    }

    fn settle(&mut self, _world: &mut World) {
        if let Some(shop) = self.shops.get_mut(DEMO) {
            // What is loaded takes the place of what was made up.
            self.loader.settle(&mut shop.store);
        }
    }

    fn census(&self) -> Vec<(&'static str, u64)> {
        let count = |of: fn(&Store) -> usize| {
            self.shops
                .values()
                .map(|shop| u64::try_from(of(&shop.store)).unwrap_or(0))
                .sum()
        };
        vec![
            ("products", count(|store| store.products().len())),
            ("inventory_levels", count(Store::level_count)),
            ("orders", count(|store| store.orders.len())),
            ("locations", count(|store| store.locations.len())),
            ("payouts", count(|store| store.payouts.len())),
        ]
    }

    fn control(
        &mut self,
        verb: &str,
        body: &Value,
        world: &mut World,
    ) -> Result<Value, ControlError> {
        control::control(self, verb, body, world)
    }
}

#[cfg(test)]
mod tests;
