//! The connector against the suite that every connector passes.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "constants of the sandbox that are there"
)]

use connector_shopify::{Config, ShopDomain, Shopify, ShopifyCredential, api};
use connector_testkit::{Harness, Options, Probe, Sandbox, Size, Way};
use serde_json::json;

const SHOP: &str = "crossdock-demo.myshopify.com";
const SECRET: &str = "sandbox-shopify-secret";

struct ShopifyHarness;

impl Harness for ShopifyHarness {
    type Connector = Shopify;

    fn connector(&self) -> Shopify {
        let mut config = Config::app("sandbox-shopify-app", SECRET.to_owned().into());
        config
            .scopes
            .extend(["read_all_orders", "read_customers"].map(str::to_owned));
        Shopify::new(config)
    }

    fn ways(&self) -> Vec<Way> {
        vec![
            Way::new("oauth")
                .fill("shop", "crossdock-demo")
                .malformed("shop", "-crossdock-demo")
                .malformed("shop", "crossdock-demo.myshopify.com.example.com"),
            Way::new("custom_app_token")
                .fill("shop", SHOP)
                .fill("token", custom_token())
                .malformed("shop", "two words")
                .malformed("token", "two words")
                .unknown("token", "shpat_of_nobody"),
        ]
    }

    fn read(&self) -> Probe<ShopifyCredential> {
        Probe::of(shop().ask(api::ShopQuery {}))
    }

    fn write(&self) -> Option<Probe<ShopifyCredential>> {
        let query = api::PRODUCTS_BULK;
        Some(Probe::of(shop().ask(api::RunBulkQuery { query })))
    }

    /// More than one page of each stream, by bulk operation and by changes.
    fn size(&self) -> Size {
        Size {
            products: 260,
            orders: 120,
        }
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.to_owned()]
    }

    fn signature_headers(&self) -> &'static [&'static str] {
        &["x-shopify-hmac-sha256", "shopify-hmac-sha256"]
    }
}

fn shop() -> api::Admin {
    api::Admin::new(&ShopDomain::parse(SHOP).unwrap(), "2026-10")
}

/// The sandbox's token of a custom app, the same in every one.
fn custom_token() -> String {
    let mut sandbox = Sandbox::new(Options::new(chrono::DateTime::UNIX_EPOCH));
    let answer = sandbox.control("shopify", "token/custom", &json!({}));
    answer.unwrap()["access_token"].as_str().unwrap().to_owned()
}

fn main() -> std::process::ExitCode {
    connector_testkit::main(ShopifyHarness)
}
