//! Reading what older systems stored: `iv:authTag:ciphertext` in hexadecimal, AES-256-GCM with a
//! 16-byte IV. Nothing is ever written in this form.

use aes_gcm::aead::consts::U16;
use aes_gcm::aead::{Aead as _, KeyInit as _};
use aes_gcm::aes::Aes256;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::key::KEY_BYTES;

const IV_BYTES: usize = 16;
const TAG_BYTES: usize = 16;

/// A cipher as OpenSSL makes it when it is handed an IV of 16 bytes: the first counter block is the
/// GHASH of the IV, which ring doesn't offer.
type LongIvGcm = aes_gcm::AesGcm<Aes256, U16>;

/// The key of an older system.
pub struct LegacyKey(LongIvGcm);

impl LegacyKey {
    /// Reads a key as such systems are given it: 64 hexadecimal digits, 44 letters of base64 (43
    /// without padding, either alphabet), or 32 letters that are the key itself.
    ///
    /// # Errors
    /// [`Error::ImportInvalid`] for any other form.
    pub fn parse(text: &SecretString) -> Result<Self> {
        let text = text.expose_secret().trim();
        let invalid = |reason| Error::ImportInvalid {
            part: "key",
            reason,
        };
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        match text.len() {
            64 => hex::decode_to_slice(text, &mut *key)
                .map_err(|_where| invalid("has 64 letters, but they aren't all hexadecimal"))?,
            43 | 44 => {
                let letters = Zeroizing::new(text.trim_end_matches('=').replace('+', "-"));
                let letters = Zeroizing::new(letters.replace('/', "_"));
                // The decoder asks for room in steps of three bytes.
                let mut bytes = Zeroizing::new([0; KEY_BYTES + 1]);
                let written = URL_SAFE_NO_PAD.decode_slice(letters.as_bytes(), &mut *bytes);
                match written
                    .ok()
                    .and_then(|end| bytes.get(..end))
                    .map(TryInto::try_into)
                {
                    Some(Ok(bytes)) => *key = bytes,
                    _ => {
                        return Err(invalid(
                            "has 43 or 44 letters, but isn't 32 bytes in base64",
                        ));
                    }
                }
            }
            KEY_BYTES => key.copy_from_slice(text.as_bytes()),
            _ => {
                return Err(invalid(
                    "is neither 64 hexadecimal digits, nor 44 letters of base64, nor 32 letters",
                ));
            }
        }
        LongIvGcm::new_from_slice(&*key)
            .map(Self)
            .map_err(|_length| invalid("isn't 32 bytes long"))
    }

    /// Opens one stored value, with digits in lower or upper case.
    ///
    /// # Errors
    /// [`Error::ImportInvalid`] naming the part that is wrong; [`Error::ImportRefused`] when the
    /// parts are well-formed, but the tag doesn't match.
    pub fn open(&self, text: &str) -> Result<Zeroizing<Vec<u8>>> {
        let mut parts = text.trim().split(':');
        let (Some(iv), Some(tag), Some(ciphertext), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Error::ImportInvalid {
                part: "form",
                reason: "isn't `iv:authTag:ciphertext`",
            });
        };
        let iv: [u8; IV_BYTES] = fixed("iv", iv)?;
        let tag: [u8; TAG_BYTES] = fixed("authTag", tag)?;
        let mut sealed = hex::decode(ciphertext).map_err(|_where| Error::ImportInvalid {
            part: "ciphertext",
            reason: "isn't pairs of hexadecimal digits; it may have been cut off",
        })?;
        sealed.extend_from_slice(&tag);
        let plaintext = self
            .0
            .decrypt(&iv.into(), &*sealed)
            .map_err(|_opaque| Error::ImportRefused)?;
        Ok(Zeroizing::new(plaintext))
    }
}

impl std::fmt::Debug for LegacyKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LegacyKey(…)")
    }
}

/// Whether a stored value has the form that [`LegacyKey::open`] reads, so that an import can tell
/// it from a token in the clear. It says nothing about the key.
#[must_use]
pub fn looks_sealed(text: &str) -> bool {
    let mut parts = text.trim().split(':');
    let hexadecimal = |part: &str| part.bytes().all(|digit| digit.is_ascii_hexdigit());
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(iv), Some(tag), Some(ciphertext), None) => {
            iv.len() == 2 * IV_BYTES
                && tag.len() == 2 * TAG_BYTES
                && [iv, tag, ciphertext].into_iter().all(hexadecimal)
        }
        _ => false,
    }
}

fn fixed<const N: usize>(part: &'static str, digits: &str) -> Result<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(digits, &mut bytes).map_err(|_where| Error::ImportInvalid {
        part,
        reason: "isn't 32 hexadecimal digits",
    })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    use super::*;

    /// Made with Node.js 20: `createCipheriv("aes-256-gcm", key, iv)`, the key being these letters.
    const RAW_KEY: &str = "0123456789abcdefghijklmnopqrstuv";
    const NODE: &str = "f0e1d2c3b4a5968778695a4b3c2d1e0f:a69d67bd84a9d07d21bf1ba90faee44b:\
                        5d36e933a58a991d5f22c5a87ebbae6bf9";
    const PLAIN: &[u8] = b"an imported token";

    /// Made with Python's `cryptography` 48 over OpenSSL 3: `AESGCM(bytes(range(32)))`, no
    /// associated data.
    const PYTHON: [(&str, &str); 3] = [
        (
            "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf:6ad4286530b76a6877419b490dadf5eb:\
             4bcd03d575bda204b7fb7b91997be6f5ec",
            "an imported token",
        ),
        (
            "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf:022f841c702b66b0bec8111f67de221d:",
            "",
        ),
        (
            "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf:8e7bf4b9eb992c0e614fec4a6d838565:\
             44c2e0136ea8ed94413271d02ebbfbf5a2a7c1d5105592038b774a549b99",
            "naïve €naïve €naïve €",
        ),
    ];

    fn key(text: &str) -> Result<LegacyKey> {
        LegacyKey::parse(&text.into())
    }

    #[test]
    fn opens_what_nodejs_wrote_with_the_key_in_any_form() {
        let upper = NODE.to_uppercase();
        for form in [
            RAW_KEY,
            "303132333435363738396162636465666768696a6b6c6d6e6f70717273747576",
            "303132333435363738396162636465666768696A6B6C6D6E6F70717273747576",
            "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=",
            "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY\n",
        ] {
            let key = key(form).unwrap();
            for text in [NODE, &upper, &format!(" {NODE}\n")] {
                assert_eq!(&*key.open(text).unwrap(), PLAIN, "{form}");
            }
        }
    }

    #[test]
    fn opens_what_python_wrote() {
        let key = key(&hex::encode((0..32).collect::<Vec<u8>>())).unwrap();
        for (text, plain) in PYTHON {
            assert_eq!(&*key.open(text).unwrap(), plain.as_bytes());
            assert!(looks_sealed(text));
        }
    }

    #[test]
    fn both_alphabets_of_base64_read_alike() {
        let bytes = [0xfb; 32];
        for text in [STANDARD.encode(bytes), URL_SAFE_NO_PAD.encode(bytes)] {
            assert!(key(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn the_wrong_part_is_named() {
        let [iv, tag, ciphertext] = NODE.split(':').collect::<Vec<_>>().try_into().unwrap();
        let key = key(RAW_KEY).unwrap();
        for (text, part) in [
            (format!("{iv}:{tag}"), "form"),
            (format!("{NODE}:00"), "form"),
            ("a plain token".to_owned(), "form"),
            (
                format!("{}:{tag}:{ciphertext}", iv.replace("f0e1d2c3", "")),
                "iv",
            ),
            (format!("{iv}:{tag}00:{ciphertext}"), "authTag"),
            (format!("{iv}:{tag}:0{ciphertext}"), "ciphertext"),
        ] {
            assert!(!looks_sealed(&text) || part == "ciphertext", "{text}");
            match key.open(&text) {
                Err(Error::ImportInvalid { part: found, .. }) => assert_eq!(found, part, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn another_key_and_a_changed_value_are_refused() {
        let other = key("another key of exactly 32 bytes!").unwrap();
        assert!(matches!(other.open(NODE), Err(Error::ImportRefused)));
        let key = key(RAW_KEY).unwrap();
        for at in (0..NODE.len()).filter(|at| NODE.as_bytes()[*at] != b':') {
            let mut changed = NODE.as_bytes().to_vec();
            changed[at] = if changed[at] == b'0' { b'1' } else { b'0' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(
                matches!(key.open(&changed), Err(Error::ImportRefused)),
                "{changed}"
            );
        }
    }

    #[test]
    fn other_forms_of_key_are_refused_without_being_quoted() {
        for text in [
            String::new(),
            "short".into(),
            "z".repeat(64),
            "!".repeat(44),
            "é".repeat(31),
        ] {
            let message = key(&text).unwrap_err().to_string();
            assert!(text.is_empty() || !message.contains(&text), "{message}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,100}|([0-9a-f]{0,40}:){2,3}[0-9a-f]{0,40}") {
            assert!(key(RAW_KEY).unwrap().open(&text).is_err());
            drop(key(&text));
        }
    }
}
