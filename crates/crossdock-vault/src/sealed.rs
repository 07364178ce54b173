//! A sealed text and the place that it is bound to.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead;

use crate::error::{Error, Result};
use crate::key::KeyId;

/// The format that this version writes: AES-256-GCM, the key derived by HKDF-SHA-256.
pub(crate) const FORMAT: &str = "v1";

/// The shortest body: a nonce and a tag around nothing.
const OVERHEAD: usize = aead::NONCE_LEN + 16;

/// Where a secret is stored. A text that was sealed for one place opens at no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding<'a> {
    /// The project's id.
    pub project: &'a str,
    /// The id of the connection, or of whatever else the project keeps the secret for.
    pub connection: &'a str,
    /// The column or purpose: `credential`, `pending`.
    pub field: &'a str,
}

impl Binding<'_> {
    /// The associated data: each part after its length, so that no two places read the same.
    pub(crate) fn associated_data(&self, key: &KeyId) -> Vec<u8> {
        let mut data = Vec::new();
        for part in [
            FORMAT,
            key.as_str(),
            self.project,
            self.connection,
            self.field,
        ] {
            // A `usize` has at most 64 bits on every target that Rust has.
            data.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            data.extend_from_slice(part.as_bytes());
        }
        data
    }
}

/// A sealed text: `v1.<key id>.<base64url(nonce, ciphertext, tag)>`. Printable, and no secret.
///
/// Parsing checks the form alone; only [`Vault::open`](crate::Vault::open) can say whether it is
/// genuine.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    pub(crate) key: KeyId,
    /// Nonce, ciphertext, tag; at least [`OVERHEAD`] long.
    pub(crate) body: Vec<u8>,
}

impl Sealed {
    /// The key that it was sealed under.
    #[must_use]
    pub fn key_id(&self) -> &KeyId {
        &self.key
    }
}

impl FromStr for Sealed {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let malformed = |reason| Error::Malformed { reason };
        let mut parts = text.split('.');
        let (Some(format), Some(key), Some(body), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(malformed("it doesn't have three parts between dots"));
        };
        if format != FORMAT {
            let digits = format.strip_prefix('v').unwrap_or_default();
            let is_version = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            return Err(if is_version {
                Error::UnknownFormat
            } else {
                malformed("it doesn't begin with a version")
            });
        }
        let key = key.parse()?;
        let body = URL_SAFE_NO_PAD
            .decode(body)
            .map_err(|_where| malformed("its body isn't base64url without padding"))?;
        if body.len() < OVERHEAD {
            return Err(malformed("it is too short; it was cut off"));
        }
        Ok(Self { key, body })
    }
}

impl fmt::Display for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{FORMAT}.{}.{}",
            self.key,
            URL_SAFE_NO_PAD.encode(&self.body)
        )
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Sealed({FORMAT}.{}, {} bytes)",
            self.key,
            self.body.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_wrong_is_said() {
        let body = "A".repeat(40);
        for (text, wrong) in [
            (String::new(), "three parts"),
            (format!("v1.kabcdefgh.{body}.x"), "three parts"),
            (format!("x.kabcdefgh.{body}"), "version"),
            (format!("v2.kabcdefgh.{body}"), "the version that wrote it"),
            (format!("v1.abcdefgh.{body}"), "key id"),
            (format!("v1.kabcdefgh.{body}="), "base64url"),
            ("v1.kabcdefgh.AAAA".to_owned(), "cut off"),
        ] {
            let message = text.parse::<Sealed>().unwrap_err().to_string();
            assert!(message.contains(wrong), "{text}: {message}");
        }
    }

    #[test]
    fn associated_data_tells_neighbouring_parts_apart() {
        let key: KeyId = "kabcdefgh".parse().unwrap();
        let one = Binding {
            project: "ab",
            connection: "c",
            field: "f",
        };
        let other = Binding {
            project: "a",
            connection: "bc",
            field: "f",
        };
        assert_ne!(one.associated_data(&key), other.associated_data(&key));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC{0,200}|v[0-9]{0,3}\\.k[a-z2-7]{7,9}\\.[A-Za-z0-9_=-]{0,90}") {
            if let Ok(sealed) = text.parse::<Sealed>() {
                // What parses prints as it was: there is one text per sealed value.
                prop_assert_eq!(sealed.to_string(), text);
            }
        }
    }
}
