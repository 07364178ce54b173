//! The connector against the suite that every connector passes.
#![expect(clippy::unwrap_used, reason = "constants that can be read")]

use connector_ebay::{Config, Ebay, EbayCredential, Environment::Production, api};
use connector_testkit::{Harness, Options, Probe, Sandbox, Size, Way};
struct EbayHarness;

impl Harness for EbayHarness {
    type Connector = Ebay;
    fn connector(&self) -> Ebay {
        let config = include_str!("fixtures/config.json");
        Ebay::new(serde_json::from_str::<Config>(config).unwrap())
    }

    /// Sets what a developer sets in the portal: where the RuName leads.
    fn sandbox(&self, options: Options) -> Sandbox {
        let mut sandbox = Sandbox::new(options);
        let body = include_str!("fixtures/ru_name.json").parse().unwrap();
        sandbox.control("ebay", "register_runame", &body).unwrap();
        sandbox
    }

    fn ways(&self) -> Vec<Way> {
        let way = |id| Way::new(id).fill("marketplace", "EBAY_GB");
        let oauth = way("oauth").malformed("marketplace", "EBAY_MOON");
        let typed = way("refresh_token").fill("refresh_token", "sbx_ebay_refresh_demo");
        let typed = typed.malformed("environment", "staging");
        vec![oauth, typed.unknown("refresh_token", "sbx_nobody")]
    }

    fn return_name(&self) -> Option<&'static str> {
        Some("Crossdock-Sandbox-demo")
    }

    fn read(&self) -> Probe<EbayCredential> {
        Probe::of(api::GetUser::of(Production))
    }

    fn write(&self) -> Option<Probe<EbayCredential>> {
        Some(Probe::of(api::PublishOffer::of(Production, "8000000001")))
    }

    fn size(&self) -> Size {
        let (products, orders) = (110, 60);
        Size { products, orders }
    }

    fn secrets(&self) -> Vec<String> {
        vec!["sandbox-ebay-secret".to_owned()]
    }

    fn signature_headers(&self) -> &'static [&'static str] {
        &["x-ebay-signature"]
    }
}

fn main() -> std::process::ExitCode {
    connector_testkit::main(EbayHarness)
}
