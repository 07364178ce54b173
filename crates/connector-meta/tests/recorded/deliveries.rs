//! Recorded deliveries of webhooks, signed anew with a secret that is known here.
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use chrono::DateTime;
use connector_core::{Connector as _, Context, Delivery, WebhookEffect};
use connector_meta::{Config, Meta};
use connector_testkit::recorded::{bodies, shared};
use connector_testkit::{Options, Sandbox, SandboxTransport, SeededEntropy, TestClock};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, HeaderValue};
use sha2::Sha256;

const SECRET: &str = "made-up-secret";

fn signature(body: &[u8]) -> HeaderValue {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    let code = mac.chain_update(body).finalize().into_bytes();
    HeaderValue::from_str(&format!("sha256={}", hex::encode(code))).unwrap()
}

#[tokio::test(start_paused = true)]
async fn every_recorded_delivery_is_read() {
    let Some(folder) = shared("fixtures/meta/webhooks") else {
        return;
    };
    let clock = Arc::new(TestClock::new(DateTime::UNIX_EPOCH));
    let sandbox = Sandbox::of(Options::new(DateTime::UNIX_EPOCH), "meta");
    let wire = SandboxTransport::new(Arc::new(Mutex::new(sandbox)), Arc::clone(&clock) as _);
    let ctx = Context::new(Arc::new(wire), clock, Arc::new(SeededEntropy::new(1)));
    let meta = Meta::new(Config::app("1", SECRET.to_owned().into()));
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let all = bodies(&folder).unwrap();
    for (file, text) in &all {
        let body = text.as_bytes();
        let mut headers = HeaderMap::new();
        headers.insert("x-hub-signature-256", signature(body));
        let headers = &headers;
        let received = meta.webhooks().unwrap();
        let received = received.receive(&ctx, &Delivery { headers, body }).await;
        let events = received.unwrap_or_else(|error| panic!("{file}: {error:?}"));
        assert!(!events.is_empty(), "{file}");
        for effect in events.into_iter().flat_map(|event| event.effects) {
            let name = match effect {
                WebhookEffect::Sync { stream } => stream,
                other => format!("{other:?}"),
            };
            *counts.entry(name).or_default() += 1;
        }
    }
    println!("{counts:?} of {} deliveries", all.len());
    assert_eq!(all.len(), 35);
    let expected = [
        ("Nothing", 10),
        ("conversations", 15),
        ("page_posts", 5),
        ("reviews", 5),
    ];
    let counts: Vec<(&str, u32)> = counts
        .iter()
        .map(|(name, count)| (&**name, *count))
        .collect();
    assert_eq!(counts, expected);
}
