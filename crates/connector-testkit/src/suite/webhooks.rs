//! Webhooks that nobody signed.

use connector_core::{Delivery, ErrorKind};
use http::{HeaderMap, HeaderValue};

use crate::harness::Harness;
use crate::lab::Lab;
use crate::outcome::{Outcome, Verdict, must_fail};

/// As long as a signature, and none.
const WRONG: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// What comes in without a signature, or with a wrong one, is refused, whatever it says.
pub(super) async fn forged<H: Harness>(lab: &Lab<H>) -> Outcome {
    let Some(webhooks) = lab.connector.webhooks() else {
        return Ok(Verdict::NotApplicable("this platform sends no webhooks"));
    };
    let bodies: [&[u8]; 4] = [
        b"",
        b"{}",
        b"\xff\xfe not JSON",
        br#"{"id": 1, "shop": "x"}"#,
    ];
    let mut signed = HeaderMap::new();
    for name in lab.harness.signature_headers() {
        signed.insert(*name, HeaderValue::from_static(WRONG));
    }
    for headers in [HeaderMap::new(), signed] {
        for body in bodies {
            let headers = &headers;
            let delivery = Delivery { headers, body };
            let result = lab.seen(webhooks.receive(&lab.ctx, &delivery).await);
            must_fail("a forged webhook", result, &[ErrorKind::PermissionDenied])?;
        }
    }
    Ok(Verdict::Holds)
}
