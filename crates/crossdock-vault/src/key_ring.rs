//! The keys in their order, and the text in which they are kept.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::key::{KEY_BYTES, Key, KeyId};

/// A line of the text form: an id of nine letters, a colon, 32 bytes in base64url, a line end.
const LINE_LETTERS: usize = 9 + 1 + 43 + 1;

/// Keys in order: the first is active and seals, the others only open. There is always one.
///
/// `Debug` shows ids alone.
#[derive(Clone, Debug)]
pub struct KeyRing {
    keys: Vec<Key>,
}

impl KeyRing {
    /// A ring of one new key.
    ///
    /// # Errors
    /// [`Error::NoRandomness`].
    pub fn generate() -> Result<Self> {
        Ok(Self {
            keys: vec![Key::generate()?],
        })
    }

    /// Reads the text form: `id:base64url(32 bytes)` a line, the active key first.
    ///
    /// Empty lines and lines that begin with `#` are skipped. A comma ends a line too, so that a
    /// ring fits into an environment variable.
    ///
    /// # Errors
    /// [`Error::KeyRingInvalid`] naming the line, [`Error::KeyRingEmpty`].
    pub fn parse(text: &SecretString) -> Result<Self> {
        let mut keys = Vec::new();
        let mut ids = BTreeSet::new();
        for (index, line) in text.expose_secret().lines().enumerate() {
            if line.trim_start().starts_with('#') {
                continue;
            }
            for entry in line
                .split(',')
                .map(str::trim)
                .filter(|entry| !entry.is_empty())
            {
                let invalid = |reason| Error::KeyRingInvalid {
                    line: index + 1,
                    reason,
                };
                let key = parse_entry(entry).map_err(invalid)?;
                if !ids.insert(key.id.clone()) {
                    return Err(invalid("this key id stands there twice; keep one of them"));
                }
                keys.push(key);
            }
        }
        if keys.is_empty() {
            return Err(Error::KeyRingEmpty);
        }
        Ok(Self { keys })
    }

    /// Writes the text form that [`KeyRing::parse`] reads.
    #[must_use]
    pub fn to_text(&self) -> SecretString {
        // Sized exactly, so that neither growing nor shrinking leaves a key in freed memory.
        let mut text = String::with_capacity(self.keys.len() * LINE_LETTERS);
        for key in &self.keys {
            text.push_str(key.id.as_str());
            text.push(':');
            URL_SAFE_NO_PAD.encode_string(key.bytes.as_slice(), &mut text);
            text.push('\n');
        }
        text.into()
    }

    /// Adds a new key and makes it the active one.
    ///
    /// # Errors
    /// [`Error::NoRandomness`].
    pub fn add_generated(&mut self) -> Result<KeyId> {
        let key = Key::generate()?;
        let id = key.id.clone();
        self.keys.insert(0, key);
        Ok(id)
    }

    /// Forgets a key that no stored text needs any more.
    ///
    /// # Errors
    /// [`Error::KeyActive`] for the key that seals, [`Error::KeyMissing`] for one that isn't there.
    pub fn retire(&mut self, id: &KeyId) -> Result<()> {
        if self.active() == Some(id) {
            return Err(Error::KeyActive { id: id.clone() });
        }
        let before = self.keys.len();
        self.keys.retain(|key| key.id != *id);
        if self.keys.len() == before {
            return Err(Error::KeyMissing { id: id.clone() });
        }
        Ok(())
    }

    /// The keys' names, the active one first.
    pub fn ids(&self) -> impl Iterator<Item = &KeyId> {
        self.keys.iter().map(|key| &key.id)
    }

    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }

    fn active(&self) -> Option<&KeyId> {
        self.ids().next()
    }
}

fn parse_entry(entry: &str) -> Result<Key, &'static str> {
    let (id, encoded) = entry
        .split_once(':')
        .ok_or("expected `id:key`, as `crossdock keys generate` writes it")?;
    let id = id
        .trim()
        .parse()
        .map_err(|_form: Error| "the id isn't `k` and eight of a-z, 2-7")?;
    let mut bytes = Zeroizing::new([0; KEY_BYTES]);
    // One byte more than a key has, so that a longer one is told apart.
    let mut decoded = Zeroizing::new([0; KEY_BYTES + 1]);
    let written = URL_SAFE_NO_PAD
        .decode_slice(encoded.trim(), &mut *decoded)
        .map_err(|_quotes_a_letter| "the key isn't 32 bytes in base64url without padding")?;
    match decoded.get(..written).map(<[u8; KEY_BYTES]>::try_from) {
        Some(Ok(whole)) => *bytes = whole,
        _ => return Err("the key isn't 32 bytes long"),
    }
    Ok(Key { id, bytes })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ids(ring: &KeyRing) -> Vec<String> {
        ring.ids().map(ToString::to_string).collect()
    }

    #[test]
    fn the_text_reads_back_with_order_and_bytes() {
        let mut ring = KeyRing::generate().unwrap();
        let newer = ring.add_generated().unwrap();
        let again = KeyRing::parse(&ring.to_text()).unwrap();
        assert_eq!(ring.to_text().expose_secret().len(), 2 * LINE_LETTERS);
        assert_eq!(ids(&again), ids(&ring));
        assert_eq!(again.active(), Some(&newer));
        for (one, other) in ring.keys().iter().zip(again.keys()) {
            assert_eq!(one.bytes, other.bytes);
        }
    }

    #[test]
    fn commas_comments_spaces_and_windows_lines_are_fine() {
        let mut ring = KeyRing::generate().unwrap();
        ring.add_generated().unwrap();
        let lines = ring.to_text().expose_secret().replace('\n', " ,");
        let text = format!("# mine\r\n\r\n  {lines}\r\n");
        assert_eq!(ids(&KeyRing::parse(&text.into()).unwrap()), ids(&ring));
    }

    #[test]
    fn the_active_key_stays_and_others_retire() {
        let mut ring = KeyRing::generate().unwrap();
        let old = ring.active().cloned().unwrap();
        assert!(matches!(ring.retire(&old), Err(Error::KeyActive { .. })));
        ring.add_generated().unwrap();
        ring.retire(&old).unwrap();
        assert!(matches!(ring.retire(&old), Err(Error::KeyMissing { .. })));
        assert_eq!(ring.keys().len(), 1);
    }

    #[test]
    fn debug_shows_ids_alone() {
        let ring = KeyRing::generate().unwrap();
        let debug = format!("{ring:?}");
        let text = ring.to_text();
        let key = text.expose_secret().trim().split(':').nth(1).unwrap();
        assert!(debug.contains(ids(&ring)[0].as_str()));
        assert!(!debug.contains(key));
    }

    #[test]
    fn a_wrong_line_is_named_without_quoting_it() {
        let ring = KeyRing::generate().unwrap();
        let good = ring.to_text();
        let good = good.expose_secret().trim();
        let key = good.split(':').nth(1).unwrap();
        for (text, line) in [
            (format!("# c\n{key}"), 2),
            (format!("nope:{key}"), 1),
            (format!("kabcdefgh:{key}AA"), 1),
            ("kabcdefgh:c2hvcnQ".to_owned(), 1),
            ("kabcdefgh:!!".to_owned(), 1),
            (format!("{good}\n{good}"), 2),
        ] {
            match KeyRing::parse(&text.clone().into()) {
                Err(error @ Error::KeyRingInvalid { line: found, .. }) => {
                    assert_eq!(found, line, "{text}");
                    assert!(!error.to_string().contains(key));
                }
                other => panic!("{text}: {other:?}"),
            }
        }
        assert!(matches!(
            KeyRing::parse(&"# none\n".into()),
            Err(Error::KeyRingEmpty)
        ));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC{0,200}|(k[a-z2-7]{8}:[A-Za-z0-9_=-]{0,60}[\n,]){0,3}") {
            drop(KeyRing::parse(&text.into()));
        }
    }
}
