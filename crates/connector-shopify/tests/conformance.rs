//! The connector against the suite that every connector passes.
#![expect(clippy::unwrap_used, reason = "a constant that is a shop's domain")]

use connector_shopify::{Config, ShopDomain, Shopify, ShopifyCredential, api};
use connector_testkit::{Harness, Probe, Size, Way};

const SECRET: &str = "sandbox-shopify-secret";
const SHOP: &str = "crossdock-demo.myshopify.com";
struct ShopifyHarness;

impl Harness for ShopifyHarness {
    type Connector = Shopify;

    fn connector(&self) -> Shopify {
        let mut config = Config::app("sandbox-shopify-app", SECRET.to_owned().into());
        let more = ["read_all_orders", "read_customers"].map(str::to_owned);
        config.scopes.extend(more);
        Shopify::new(config)
    }

    fn ways(&self) -> Vec<Way> {
        let way = |id| Way::new(id).fill("shop", SHOP);
        let oauth = way("oauth").malformed("shop", "-x.myshopify.com");
        let custom = way("custom_app_token").fill("token", "sbx_custom_app_demo");
        let custom = custom.malformed("token", "two words");
        let oauth = oauth.malformed("shop", "x.myshopify.com.example.com");
        vec![oauth, custom.unknown("token", "shpat_of_nobody")]
    }

    fn read(&self) -> Probe<ShopifyCredential> {
        Probe::of(admin().ask(api::ShopQuery {}))
    }

    fn write(&self) -> Option<Probe<ShopifyCredential>> {
        let query = api::PRODUCTS_BULK;
        Some(Probe::of(admin().ask(api::RunBulkQuery { query })))
    }

    fn size(&self) -> Size {
        let (products, orders) = (260, 120);
        Size { products, orders }
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.to_owned()]
    }

    fn signature_headers(&self) -> &'static [&'static str] {
        &["x-shopify-hmac-sha256", "shopify-hmac-sha256"]
    }
}

fn admin() -> api::Admin {
    api::Admin::new(&ShopDomain::parse(SHOP).unwrap(), "2026-10")
}

fn main() -> std::process::ExitCode {
    connector_testkit::main(ShopifyHarness)
}
