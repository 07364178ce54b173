//! Secrets: how they are held, and the one door through which they are written out.

use secrecy::ExposeSecret as _;
pub use secrecy::SecretString;
use serde::Serializer;

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
