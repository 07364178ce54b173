//! The connector against the suite that every connector passes.

use connector_core::Settings;
use connector_google::api::ListAccountSummaries;
use connector_google::{Config, Google, GoogleCredential};
use connector_testkit::{Harness, Probe, Size, Way};

const CLIENT: &str = "sandbox-google-client.apps.googleusercontent.com";
const SECRET: &str = "sandbox-google-secret";

struct GoogleHarness;

impl Harness for GoogleHarness {
    type Connector = Google;

    fn connector(&self) -> Google {
        Google::new(Config::app(CLIENT, SECRET.to_owned().into()))
    }

    fn ways(&self) -> Vec<Way> {
        vec![
            Way::new("oauth")
                .malformed("services", "gmail")
                .malformed("sources", "properties/1"),
        ]
    }

    fn read(&self) -> Probe<GoogleCredential> {
        Probe::of(ListAccountSummaries::default())
    }

    fn settings(&self) -> Settings {
        // Enough for several slices of days, in few enough requests to cut a run after each.
        Settings([("history_days".to_owned(), "9".to_owned())].into())
    }

    fn size(&self) -> Size {
        let (products, orders) = (60, 260);
        Size { products, orders }
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.to_owned()]
    }

    fn signature_headers(&self) -> &'static [&'static str] {
        &["x-goog-channel-id", "x-goog-channel-token"]
    }
}

fn main() -> std::process::ExitCode {
    connector_testkit::main(GoogleHarness)
}
