//! The connector against the suite that every connector passes.

use connector_core::ErrorKind;
use connector_meta::api::PublishedPosts;
use connector_meta::{Config, Meta, MetaCredential};
use connector_testkit::{Effect, Harness, Probe, Size, Way};
use serde_json::json;

const SECRET: &str = "sandbox-meta-secret";
const PAGE: &str = "104000000000001";

struct MetaHarness;

impl Harness for MetaHarness {
    type Connector = Meta;

    fn connector(&self) -> Meta {
        Meta::new(Config::app("100000000000001", SECRET.to_owned().into()))
    }

    fn ways(&self) -> Vec<Way> {
        let token = Way::new("system_user_token").fill("token", "sbx_meta_system_user_demo");
        vec![
            Way::new("oauth"),
            token
                .malformed("token", "two words")
                .unknown("token", "sbx_made_up_of_nobody"),
        ]
    }

    fn read(&self) -> Probe<MetaCredential> {
        Probe::of(PublishedPosts {
            page: PAGE.to_owned(),
            since: None,
            until: None,
            limit: 5,
            from: None,
        })
    }

    fn size(&self) -> Size {
        let (products, orders) = (4, 80);
        Size { products, orders }
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.to_owned()]
    }

    fn signature_headers(&self) -> &'static [&'static str] {
        &["x-hub-signature-256"]
    }

    /// Meta has no 409.
    fn failures(&self) -> Vec<(Effect, ErrorKind)> {
        [
            (403, ErrorKind::PermissionDenied),
            (404, ErrorKind::NotFound),
            (429, ErrorKind::RateLimited),
            (500, ErrorKind::Unavailable),
            (503, ErrorKind::Unavailable),
        ]
        .map(|(code, kind)| (refusal(code, None), kind))
        .into()
    }

    fn renewal_refused(&self) -> Effect {
        let error = json!({"message": "Session has expired", "code": 190, "error_subcode": 463});
        refusal(400, Some(json!({ "error": error })))
    }
}

fn refusal(code: u16, body: Option<serde_json::Value>) -> Effect {
    let headers = [].into();
    Effect::Status {
        code,
        headers,
        body,
    }
}

fn main() -> std::process::ExitCode {
    connector_testkit::main(MetaHarness)
}
