//! One key and its name.

use std::fmt;
use std::str::FromStr;

use ring::rand::{SecureRandom as _, SystemRandom};
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// The bytes of a key.
pub(crate) const KEY_BYTES: usize = 32;

/// The letters of an id after its `k`: RFC 4648's base 32, in lower case.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const RANDOM_LETTERS: usize = 8;

/// A key's name: `k` and eight letters or digits, chosen at random. Not a secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(String);

impl KeyId {
    pub(crate) fn generate() -> Result<Self> {
        let random = random::<RANDOM_LETTERS>()?;
        let letters = random
            .iter()
            .filter_map(|byte| ALPHABET.get(usize::from(byte & 31)))
            .copied();
        Ok(Self(
            std::iter::once(b'k')
                .chain(letters)
                .map(char::from)
                .collect(),
        ))
    }

    /// The id as it stands in key files and sealed texts.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text.as_bytes() {
            [b'k', letters @ ..]
                if letters.len() == RANDOM_LETTERS
                    && letters.iter().all(|letter| ALPHABET.contains(letter)) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(Error::Malformed {
                reason: "its key id isn't `k` and eight of a-z, 2-7",
            }),
        }
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A key with its name. Its bytes are wiped when it is dropped and never printed.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) id: KeyId,
    pub(crate) bytes: Zeroizing<[u8; KEY_BYTES]>,
}

impl Key {
    pub(crate) fn generate() -> Result<Self> {
        Ok(Self {
            id: KeyId::generate()?,
            bytes: Zeroizing::new(random()?),
        })
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id.as_str())
    }
}

/// `N` bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|ring::error::Unspecified| Error::NoRandomness)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_ids_read_back_and_differ() {
        let first = KeyId::generate().unwrap();
        let second = KeyId::generate().unwrap();
        assert_ne!(first, second);
        assert_eq!(first.as_str().parse::<KeyId>().unwrap(), first);
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            "k",
            "kabcdefg",
            "kabcdefghi",
            "xabcdefgh",
            "kABCDEFGH",
            "kabcdefg1",
        ] {
            assert!(text.parse::<KeyId>().is_err(), "{text}");
        }
    }
}
