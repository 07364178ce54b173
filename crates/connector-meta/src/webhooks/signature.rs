//! What proves a delivery: an HMAC-SHA256 of its bytes under the app's secret, in a header or before
//! the payload of a signed request. Both are compared in constant time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use connector_core::{ExposeSecret as _, SecretString};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// Whether `X-Hub-Signature-256` is that of these bytes.
pub(super) fn verifies(secret: &SecretString, header: &str, body: &[u8]) -> bool {
    let code = header.strip_prefix("sha256=").map(hex::decode);
    matches!(code, Some(Ok(code)) if is_of(secret, &code, body))
}

/// The signed request of a form: what Meta tells callbacks that aren't webhooks.
pub(super) fn signed_request(body: &[u8]) -> Option<String> {
    // JSON is no form, though reading it as one gives something.
    if body.trim_ascii_start().starts_with(b"{") {
        return None;
    }
    url::form_urlencoded::parse(body)
        .find(|(name, _)| name == "signed_request")
        .map(|(_, value)| value.into_owned())
}

/// The payload of a signed request, `SIGNATURE.PAYLOAD`, if it was signed with the app's secret. The
/// signature is over the payload as it is written there.
pub(super) fn open(secret: &SecretString, request: &str) -> Option<Vec<u8>> {
    let (code, payload) = request.split_once('.')?;
    let plain = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('='));
    if !is_of(secret, &plain(code).ok()?, payload.as_bytes()) {
        return None;
    }
    plain(payload).ok()
}

fn is_of(secret: &SecretString, code: &[u8], message: &[u8]) -> bool {
    Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .is_ok_and(|mac| mac.chain_update(message).verify_slice(code).is_ok())
}
