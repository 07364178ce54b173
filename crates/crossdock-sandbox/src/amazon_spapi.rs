//! Amazon's Selling Partner API: three regions, Login with Amazon, Seller Central's consent page,
//! and the hosts from which report documents are downloaded.
//!
//! What it does is what the models (amzn/selling-partner-api-models, August 2026) and the developer
//! guide say; where neither says anything, the modules say so. The header `x-amz-access-token` opens
//! the API, with an access token of `https://api.amazon.com/auth/o2/token`.
//!
//! Three accounts are there from the start, one in each region, that authorised the app
//! `amzn1.application-oa2-client.sandbox` (secret `sandbox-amazon-secret`) themselves:
//!
//! | region | seller | refresh token | sells in |
//! | --- | --- | --- | --- |
//! | North America | `A0SANDBOXSELLER` | `sbx_lwa_refresh_demo` | US, CA, MX |
//! | Europe | `A0SANDBOXSELLEREU` | `sbx_lwa_refresh_demo_eu` | DE, GB, FR, SE |
//! | Far East | `A0SANDBOXSELLERFE` | `sbx_lwa_refresh_demo_fe` | JP |
//!
//! The consent page of a Seller Central host is that of the region's account, for the application
//! `amzn1.sp.solution.00000000-0000-4000-8000-000000000001` or, with `version=beta`, the draft
//! `…0002`.
//!
//! The hosts of Amazon's own sandbox (`sandbox.sellingpartnerapi-…`) answer from the same state,
//! under that sandbox's limits (5 a second, 15 at once). Amazon's fixed answers are not repeated.
//!
//! The census counts the account in North America. Recordings are all loaded into it, whatever
//! region they come from, so that one connection reads them.

mod account;
mod auth;
mod catalog;
mod consent;
mod dispatch;
mod documents;
mod finances;
mod generate;
mod hosts;
mod inventory;
mod limits;
mod listings;
mod load;
mod login;
mod money;
mod notifications;
mod notify;
mod operations;
mod orders;
mod paging;
mod params;
mod pricing;
mod refusal;
mod reports;
mod returns;
mod sellers;
mod tokens;
mod verbs;

use std::collections::BTreeSet;

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::Value;

use crate::answer;
use crate::platform::{Call, ControlError, Platform, SeedFile, SeedOutcome, Size};
use crate::world::World;

use self::account::Account;
use self::auth::Authority;
use self::hosts::{Host, Region};
use self::limits::Limits;
use self::load::Loader;
use self::notifications::Destinations;
use self::refusal::Refusal;

/// The platform's id.
pub(crate) const ID: &str = "amazon-spapi";

const SELLER_NA: &str = "A0SANDBOXSELLER";
const SELLER_EU: &str = "A0SANDBOXSELLEREU";
const SELLER_FE: &str = "A0SANDBOXSELLERFE";

/// The emulated platform.
#[derive(Debug)]
pub(crate) struct AmazonSpApi {
    /// One in each region, in the order of [`Region::ALL`].
    accounts: Vec<Account>,
    authority: Authority,
    limits: Limits,
    /// Where notifications are sent to.
    destinations: Destinations,
    loader: Loader,
}

impl Default for AmazonSpApi {
    fn default() -> Self {
        let accounts = vec![
            Account::new(
                SELLER_NA,
                Region::NorthAmerica,
                "Sandbox Store",
                &[
                    ("ATVPDKIKX0DER", true),
                    ("A2EUQ1WTGCTBG2", true),
                    ("A1AM78C64UM0Y8", true),
                    ("A2Q3Y263D00KWC", false),
                ],
            ),
            Account::new(
                SELLER_EU,
                Region::Europe,
                "Sandbox Store Europe",
                &[
                    ("A1PA6795UKMFR9", true),
                    ("A1F83G8C2ARO7P", true),
                    ("A13V1IB3VIYZZH", true),
                    ("A2NODRKZP88ZB9", true),
                ],
            ),
            Account::new(
                SELLER_FE,
                Region::FarEast,
                "Sandbox Store Japan",
                &[("A1VC38T7YXB528", true)],
            ),
        ];
        Self {
            accounts,
            authority: Authority::default(),
            limits: Limits::default(),
            destinations: Destinations::new(),
            loader: Loader::default(),
        }
    }
}

impl AmazonSpApi {
    /// The account of a region.
    fn account(&self, region: Region) -> Option<&Account> {
        self.accounts
            .iter()
            .find(|account| account.region == region)
    }

    /// The account that is counted, and that recordings are loaded into.
    fn counted(&self) -> Option<&Account> {
        self.account(Region::NorthAmerica)
    }
}

/// Whose account a region's is.
const fn seller(region: Region) -> &'static str {
    match region {
        Region::NorthAmerica => SELLER_NA,
        Region::Europe => SELLER_EU,
        Region::FarEast => SELLER_FE,
    }
}

impl Platform for AmazonSpApi {
    fn id(&self) -> &'static str {
        ID
    }

    fn serves(&self, host: &str) -> bool {
        hosts::host(host).is_some()
    }

    fn answer(&mut self, call: &Call<'_>, world: &mut World) -> Response<Bytes> {
        if call.host == "_sandbox" {
            return match call.path {
                "/consent" => consent::decide(call, &seller, world),
                _ => answer::empty(StatusCode::NOT_FOUND),
            };
        }
        let mut response = match hosts::host(call.host) {
            Some(Host::Login) => login::answer(call, &mut self.authority, world),
            Some(Host::SellerCentral(region)) => {
                let store = self.account(region).map_or("", |account| account.store);
                consent::show(call, region, store)
            }
            Some(Host::Api { region, sandbox }) => self.api(call, region, sandbox, world),
            Some(Host::Documents(region)) => documents::download(call, self.account(region)),
            None => answer::empty(StatusCode::NOT_FOUND),
        };
        answer::set(&mut response, "x-amzn-requestid", &world.request_id());
        response
    }

    fn refusal(&self, status: StatusCode, world: &mut World) -> Response<Bytes> {
        let refusal = match status {
            StatusCode::UNAUTHORIZED => Refusal::new(
                status,
                "Unauthorized",
                "Access to requested resource is denied.",
                "",
            ),
            StatusCode::FORBIDDEN => Refusal::denied(),
            StatusCode::NOT_FOUND => Refusal::not_found("The resource does not exist."),
            StatusCode::TOO_MANY_REQUESTS => Refusal::quota(),
            StatusCode::SERVICE_UNAVAILABLE => Refusal::new(
                status,
                "ServiceUnavailable",
                "Service is temporarily unavailable. Please try again.",
                "",
            ),
            status if status.is_server_error() => Refusal::new(
                status,
                "InternalFailure",
                "We encountered an internal error. Please try again.",
                "",
            ),
            status => Refusal::new(status, "InvalidInput", "The request was refused.", ""),
        };
        let mut response = refusal.response();
        answer::set(&mut response, "x-amzn-requestid", &world.request_id());
        response
    }

    fn generate(&mut self, size: &Size, world: &mut World) {
        for account in &mut self.accounts {
            generate::fill(account, size, world.seed, world.now);
        }
    }

    fn load(&mut self, file: &SeedFile<'_>) -> SeedOutcome {
        self.loader.load(file)
    }

    fn settle(&mut self, world: &mut World) {
        for account in &mut self.accounts {
            if account.region == Region::NorthAmerica {
                self.loader.settle(account, world.now);
            }
        }
    }

    fn census(&self) -> Vec<(&'static str, u64)> {
        let count = |of: fn(&Account) -> usize| {
            self.counted()
                .map(of)
                .and_then(|count| u64::try_from(count).ok())
                .unwrap_or(0)
        };
        let listings = |account: &Account| {
            let count = account.listings.values().map(listings::Listing::count);
            count.sum()
        };
        let catalog = |account: &Account| account.listed().len();
        let snapshots = |account: &Account| account.asked_about().values().map(BTreeSet::len).sum();
        vec![
            ("orders", count(|account| account.orders.len())),
            ("listings", count(listings)),
            ("catalog", count(catalog)),
            ("inventory_levels", count(|account| account.stock.len())),
            ("market_snapshots", count(snapshots)),
            ("payouts", count(|account| account.ledger.groups.len())),
            ("returns", count(|account| account.returns.len())),
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
