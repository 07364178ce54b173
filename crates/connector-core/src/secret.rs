//! Secrets: how they are held, and the one door through which they are written out.

use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::ExposeSecret as _;
pub use secrecy::SecretString;
use serde::Serializer;
use sha2::Sha256;

/// Writes a secret in the clear.
///
/// For `#[serde(serialize_with = "secret::expose")]` on the fields of a
/// [`Credential`](crate::Credential) and nowhere else: it is the only way by which a
/// [`SecretString`] can be serialized at all, so one search finds every place.
///
/// # Errors
/// Those of the serializer.
pub fn expose<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

/// As [`expose`], for a secret that may be absent.
///
/// # Errors
/// Those of the serializer.
pub fn expose_option<S: Serializer>(
    secret: &Option<SecretString>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match secret {
        Some(secret) => serializer.serialize_some(secret.expose_secret()),
        None => serializer.serialize_none(),
    }
}

/// Whether two texts are equal, for a text that proves somebody: their codes under one key are
/// compared in constant time, so that neither a length nor the first difference shows.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    const KEY: &[u8] = b"only to compare";
    let mac = |text: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(KEY).ok()?;
        mac.update(text.as_bytes());
        Some(mac)
    };
    match (mac(one), mac(other)) {
        (Some(one), Some(other)) => one.verify(&other.finalize().into_bytes()).is_ok(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_equal_texts_are_the_same() {
        assert!(same("state", "state"));
        assert!(same("", ""));
        for (one, other) in [("state", "State"), ("state", "state "), ("", "x")] {
            assert!(!same(one, other), "{one:?} {other:?}");
        }
    }
}
