//! Keyed hashes for short-lived things: states that are looked up, cookies that are signed.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;

/// A key for one purpose: HMAC-SHA-256, derived from a key of the ring by its label.
#[derive(Clone)]
pub struct MacKey(hmac::Key);

impl MacKey {
    pub(crate) fn new(key: hmac::Key) -> Self {
        Self(key)
    }

    /// The hash of these bytes: 43 letters of base64url.
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.0, bytes))
    }

    /// Whether this is the hash of these bytes, found out in constant time.
    #[must_use]
    pub fn verify(&self, bytes: &[u8], hash: &str) -> bool {
        URL_SAFE_NO_PAD
            .decode(hash)
            .is_ok_and(|hash| hmac::verify(&self.0, bytes, &hash).is_ok())
    }
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacKey(…)")
    }
}
