//! The connector against the suite that every connector passes.

use connector_amazon_spapi::api::{CreateReport, SearchListingsItems};
use connector_amazon_spapi::{AmazonCredential, AmazonSpapi, Config, Environment, Region, Server};
use connector_testkit::{Harness, Probe, Size, Way};

const APPLICATION: &str = "amzn1.sp.solution.00000000-0000-4000-8000-000000000001";
const CLIENT: &str = "amzn1.application-oa2-client.sandbox";
const SECRET: &str = "sandbox-amazon-secret";
const NOTIFIER: &str = "sbx-amazon-notification-token";
const SELLER: &str = "A0SANDBOXSELLER";

struct AmazonHarness;

impl Harness for AmazonHarness {
    type Connector = AmazonSpapi;

    fn connector(&self) -> AmazonSpapi {
        let mut config = Config::app(APPLICATION, CLIENT, SECRET.to_owned().into());
        config.notification_token = Some(NOTIFIER.to_owned().into());
        AmazonSpapi::new(config)
    }

    fn ways(&self) -> Vec<Way> {
        let oauth = Way::new("oauth").fill("marketplace", "US");
        let own = Way::new("refresh_token")
            .fill("refresh_token", "sbx_lwa_refresh_demo")
            .fill("selling_partner_id", SELLER)
            .fill("region", "na");
        vec![
            oauth
                .malformed("marketplace", "Atlantis")
                .malformed("environment", "staging"),
            own.malformed("refresh_token", "two words")
                .malformed("selling_partner_id", "../orders")
                .malformed("region", "mars")
                .unknown("refresh_token", "Atzr|made-up-of-nobody")
                .unknown("region", "eu"),
        ]
    }

    fn read(&self) -> Probe<AmazonCredential> {
        let server = Server::new(Region::NorthAmerica, Environment::Production);
        Probe::of(server.ask(SearchListingsItems {
            seller_id: SELLER.to_owned(),
            marketplace_id: "ATVPDKIKX0DER".to_owned(),
            last_updated_after: None,
            last_updated_before: None,
            page_token: None,
        }))
    }

    fn write(&self) -> Option<Probe<AmazonCredential>> {
        let server = Server::new(Region::NorthAmerica, Environment::Production);
        Some(Probe::of(server.ask(CreateReport {
            report_type: "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA".to_owned(),
            marketplace_ids: vec!["ATVPDKIKX0DER".to_owned()],
            ..CreateReport::default()
        })))
    }

    fn size(&self) -> Size {
        let (products, orders) = (70, 210);
        Size { products, orders }
    }

    fn callback(&self) -> &'static [&'static str] {
        &["state", "spapi_oauth_code", "selling_partner_id"]
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.to_owned(), NOTIFIER.to_owned()]
    }

    fn signature_headers(&self) -> &'static [&'static str] {
        &["authorization"]
    }
}

fn main() -> std::process::ExitCode {
    connector_testkit::main(AmazonHarness)
}
