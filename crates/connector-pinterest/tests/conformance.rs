//! The connector against the suite that every connector passes.

use connector_pinterest::api::{ListBoards, Paged};
use connector_pinterest::{Config, Pinterest, PinterestCredential};
use connector_testkit::{Effect, Harness, Probe, Size, Way};
use serde_json::json;

const SECRET: &str = "sandbox-pinterest-secret";

struct PinterestHarness;

impl Harness for PinterestHarness {
    type Connector = Pinterest;

    fn connector(&self) -> Pinterest {
        Pinterest::new(Config::app("1000001", SECRET.to_owned().into()))
    }

    fn ways(&self) -> Vec<Way> {
        let token = Way::new("refresh_token").fill("refresh_token", "sbx_pinterest_refresh_demo");
        vec![
            Way::new("oauth"),
            token
                .malformed("refresh_token", "two words")
                .unknown("refresh_token", "sbx_made_up_of_nobody"),
        ]
    }

    fn read(&self) -> Probe<PinterestCredential> {
        let paged = Paged {
            size: 5,
            bookmark: None,
        };
        Probe::of(ListBoards { paged })
    }

    fn size(&self) -> Size {
        let (products, orders) = (52, 10);
        Size { products, orders }
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.to_owned()]
    }

    /// Pinterest says that a grant is gone as it says that a token is no good.
    fn renewal_refused(&self) -> Effect {
        let body = json!({"code": 2, "message": "Authentication failed.", "status": "failure"});
        Effect::Status {
            code: 401,
            headers: [].into(),
            body: Some(body),
        }
    }
}

fn main() -> std::process::ExitCode {
    connector_testkit::main(PinterestHarness)
}
