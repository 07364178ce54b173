//! The connector against the suite that every connector passes.

use connector_alias::{Alias, AliasCredential, api};
use connector_core::Settings;
use connector_testkit::{Harness, Probe, Sandbox, Way};

struct AliasHarness;

impl Harness for AliasHarness {
    type Connector = Alias;

    fn connector(&self) -> Alias {
        Alias
    }

    fn ways(&self) -> Vec<Way> {
        vec![
            Way::new("personal_access_token")
                .fill("token", "sbx_pat_demo")
                .malformed("token", "two words")
                .malformed("token", "Bearer ")
                .malformed("token", "tokén")
                .unknown("token", "sbx_pat_of_nobody"),
        ]
    }

    fn read(&self) -> Probe<AliasCredential> {
        Probe::of(api::Test)
    }

    fn write(&self) -> Option<Probe<AliasCredential>> {
        let ids = vec!["l-1".to_owned()];
        Some(Probe::of(api::BatchDeactivateListings { ids }))
    }

    fn settings(&self) -> Settings {
        Settings([("watch".to_owned(), "sneakers\nsneakers".to_owned())].into())
    }

    fn expected(&self, stream: &str, sandbox: &Sandbox) -> Option<u64> {
        let census = sandbox.census();
        match stream {
            // A record is a batch with its operations, and the sandbox counts operations.
            "batch_operations" => None,
            // Each order is, or will be, a payout; the sandbox counts those that have been paid.
            "payouts" => census.get("alias")?.get("orders").copied(),
            stream => census.get("alias")?.get(stream).copied(),
        }
    }
}

fn main() -> std::process::ExitCode {
    connector_testkit::main(AliasHarness)
}
