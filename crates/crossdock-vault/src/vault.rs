//! Sealing and opening under a key ring.

use std::fmt;

use ring::{aead, hkdf, hmac};
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::key::{Key, KeyId, random};
use crate::key_ring::KeyRing;
use crate::mac::MacKey;
use crate::sealed::{Binding, Sealed};

/// Seals and opens. Made once from a [`KeyRing`]; `Debug` shows the keys' ids alone.
pub struct Vault {
    active: Derived,
    older: Vec<Derived>,
}

impl Vault {
    /// A vault over these keys.
    ///
    /// # Errors
    /// [`Error::KeyRingEmpty`], which a [`KeyRing`] rules out.
    pub fn new(ring: &KeyRing) -> Result<Self> {
        let mut keys = ring.keys().iter().map(Derived::new);
        let active = keys.next().ok_or(Error::KeyRingEmpty)??;
        Ok(Self {
            active,
            older: keys.collect::<Result<_>>()?,
        })
    }

    /// Seals under the active key, for this one place.
    ///
    /// # Errors
    /// [`Error::NoRandomness`]; [`Error::TooLong`] above 64 GiB.
    pub fn seal(&self, binding: &Binding<'_>, plaintext: &[u8]) -> Result<Sealed> {
        let nonce: [u8; aead::NONCE_LEN] = random()?;
        let key = &self.active;
        let data = aead::Aad::from(binding.associated_data(&key.id));
        // Room for everything from the start: growing would leave plaintext in freed memory.
        let mut body = Vec::with_capacity(nonce.len() + plaintext.len() + aead::MAX_TAG_LEN);
        body.extend_from_slice(&nonce);
        body.extend_from_slice(plaintext);
        let text = body.get_mut(nonce.len()..).ok_or(Error::TooLong)?;
        let tag = key
            .cipher
            .seal_in_place_separate_tag(aead::Nonce::assume_unique_for_key(nonce), data, text)
            .map_err(|ring::error::Unspecified| Error::TooLong)?;
        body.extend_from_slice(tag.as_ref());
        Ok(Sealed {
            key: key.id.clone(),
            body,
        })
    }

    /// Opens what was sealed for this place under any key of the ring. The plaintext is wiped when
    /// it is dropped.
    ///
    /// # Errors
    /// [`Error::UnknownKey`] when the ring hasn't got the key that it names; [`Error::Refused`]
    /// when a single bit was changed, or when it was sealed for another place.
    pub fn open(&self, binding: &Binding<'_>, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>> {
        let key = self
            .keys()
            .find(|key| key.id == sealed.key)
            .ok_or_else(|| Error::UnknownKey {
                id: sealed.key.clone(),
            })?;
        let (nonce, text) = sealed.body.split_first_chunk().ok_or(Error::Refused)?;
        let nonce = aead::Nonce::assume_unique_for_key(*nonce);
        let data = aead::Aad::from(binding.associated_data(&key.id));
        let mut plaintext = Zeroizing::new(text.to_vec());
        let length = key
            .cipher
            .open_in_place(nonce, data, &mut plaintext)
            .map_err(|ring::error::Unspecified| Error::Refused)?
            .len();
        plaintext.truncate(length);
        Ok(plaintext)
    }

    /// Whether it was sealed under the active key, so that rotation can pass it by.
    #[must_use]
    pub fn is_current(&self, sealed: &Sealed) -> bool {
        sealed.key == self.active.id
    }

    /// Opens and seals again under the active key: one step of rotating keys.
    ///
    /// # Errors
    /// Those of [`Vault::open`] and [`Vault::seal`].
    pub fn reseal(&self, binding: &Binding<'_>, sealed: &Sealed) -> Result<Sealed> {
        self.seal(binding, &self.open(binding, sealed)?)
    }

    /// The key for one purpose, derived from the active key. Rotation changes it.
    ///
    /// # Errors
    /// [`Error::TooLong`] for a label that HKDF doesn't take, which none of sensible length is.
    pub fn mac_key(&self, label: &str) -> Result<MacKey> {
        self.active.mac_key(label)
    }

    /// A keyed hash under the active key, to store in place of a short-lived secret.
    ///
    /// # Errors
    /// Those of [`Vault::mac_key`].
    pub fn fingerprint(&self, label: &str, bytes: &[u8]) -> Result<String> {
        Ok(self.mac_key(label)?.sign(bytes))
    }

    /// The hashes under every key, the active one's first: to look up what was stored by
    /// [`Vault::fingerprint`], maybe before a rotation.
    ///
    /// # Errors
    /// Those of [`Vault::mac_key`].
    pub fn fingerprints(&self, label: &str, bytes: &[u8]) -> Result<Vec<String>> {
        self.keys()
            .map(|key| Ok(key.mac_key(label)?.sign(bytes)))
            .collect()
    }

    /// Whether this hash was made under any key of the ring. Each comparison is in constant time.
    ///
    /// # Errors
    /// Those of [`Vault::mac_key`].
    pub fn verify(&self, label: &str, bytes: &[u8], hash: &str) -> Result<bool> {
        for key in self.keys() {
            if key.mac_key(label)?.verify(bytes, hash) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn keys(&self) -> impl Iterator<Item = &Derived> {
        std::iter::once(&self.active).chain(&self.older)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.keys().map(|key| key.id.as_str()))
            .finish()
    }
}

/// What one key of the ring is turned into. The key itself encrypts nothing and signs nothing: each
/// use has its own, derived by HKDF-SHA-256.
struct Derived {
    id: KeyId,
    cipher: aead::LessSafeKey,
    source: hkdf::Prk,
}

impl Derived {
    fn new(key: &Key) -> Result<Self> {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"crossdock-vault");
        let source = salt.extract(&*key.bytes);
        let cipher = source
            .expand(&[b"seal"], &aead::AES_256_GCM)
            .map_err(|ring::error::Unspecified| Error::TooLong)?
            .into();
        Ok(Self {
            id: key.id.clone(),
            cipher: aead::LessSafeKey::new(cipher),
            source,
        })
    }

    fn mac_key(&self, label: &str) -> Result<MacKey> {
        let purpose = [b"mac:", label.as_bytes()];
        let key = self
            .source
            .expand(&purpose, hmac::HMAC_SHA256)
            .map_err(|ring::error::Unspecified| Error::TooLong)?;
        Ok(MacKey::new(key.into()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HERE: Binding<'static> = Binding {
        project: "p",
        connection: "c",
        field: "credential",
    };

    fn vault() -> Vault {
        Vault::new(&KeyRing::generate().unwrap()).unwrap()
    }

    #[test]
    fn every_changed_bit_is_refused() {
        let vault = vault();
        let sealed = vault.seal(&HERE, b"a refresh token").unwrap();
        for bit in 0..sealed.body.len() * 8 {
            let mut changed = sealed.clone();
            changed.body[bit / 8] ^= 1 << (bit % 8);
            assert!(
                matches!(vault.open(&HERE, &changed), Err(Error::Refused)),
                "bit {bit}"
            );
        }
    }

    #[test]
    fn every_changed_letter_of_the_text_is_refused() {
        let vault = vault();
        let text = vault.seal(&HERE, b"a refresh token").unwrap().to_string();
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] ^= 1;
            let opened = String::from_utf8(changed)
                .unwrap()
                .parse()
                .and_then(|sealed| vault.open(&HERE, &sealed));
            assert!(opened.is_err(), "letter {at}");
        }
    }

    #[test]
    fn equal_plaintexts_seal_differently() {
        let vault = vault();
        assert_ne!(
            vault.seal(&HERE, b"x").unwrap(),
            vault.seal(&HERE, b"x").unwrap()
        );
    }

    #[test]
    fn the_key_of_another_ring_is_named() {
        let sealed = vault().seal(&HERE, b"x").unwrap();
        let message = vault().open(&HERE, &sealed).unwrap_err().to_string();
        assert!(
            message.contains(&format!("no key with id {}", sealed.key_id())),
            "{message}"
        );
    }

    #[test]
    fn other_bytes_under_the_same_id_are_refused() {
        use secrecy::ExposeSecret as _;
        let ring = KeyRing::generate().unwrap();
        let other = KeyRing::generate().unwrap().to_text();
        let bytes = other.expose_secret().split_once(':').unwrap().1;
        let forged = format!("{}:{bytes}", ring.ids().next().unwrap());
        let sealed = Vault::new(&ring).unwrap().seal(&HERE, b"x").unwrap();
        let forged = Vault::new(&KeyRing::parse(&forged.into()).unwrap()).unwrap();
        assert!(matches!(forged.open(&HERE, &sealed), Err(Error::Refused)));
    }

    #[test]
    fn rotation_keeps_everything_open_at_every_step() {
        let mut ring = KeyRing::generate().unwrap();
        let old = ring.ids().next().cloned().unwrap();
        let sealed = Vault::new(&ring).unwrap().seal(&HERE, b"x").unwrap();

        ring.add_generated().unwrap();
        let both = Vault::new(&ring).unwrap();
        assert!(!both.is_current(&sealed));
        assert_eq!(&*both.open(&HERE, &sealed).unwrap(), b"x");
        let resealed = both.reseal(&HERE, &sealed).unwrap();
        assert!(both.is_current(&resealed));

        ring.retire(&old).unwrap();
        let new = Vault::new(&ring).unwrap();
        assert_eq!(&*new.open(&HERE, &resealed).unwrap(), b"x");
        assert!(matches!(new.open(&HERE, &sealed), Err(Error::UnknownKey { id }) if id == old));
    }

    #[test]
    fn hashes_differ_by_label_and_survive_a_rotation() {
        let mut ring = KeyRing::generate().unwrap();
        let before = Vault::new(&ring).unwrap();
        let hash = before.fingerprint("state", b"s").unwrap();
        assert_ne!(hash, before.fingerprint("cookie", b"s").unwrap());

        ring.add_generated().unwrap();
        let after = Vault::new(&ring).unwrap();
        assert_ne!(hash, after.fingerprint("state", b"s").unwrap());
        assert!(after.verify("state", b"s", &hash).unwrap());
        assert!(!after.verify("state", b"t", &hash).unwrap());
        assert!(!after.verify("cookie", b"s", &hash).unwrap());
        assert!(!after.verify("state", b"s", "").unwrap());
        assert_eq!(after.fingerprints("state", b"s").unwrap()[1], hash);
    }

    #[test]
    fn debug_shows_no_key() {
        let ring = KeyRing::generate().unwrap();
        let vault = Vault::new(&ring).unwrap();
        assert_eq!(
            format!("{vault:?}"),
            format!("[\"{}\"]", ring.ids().next().unwrap())
        );
    }

    proptest! {
        #[test]
        fn what_was_sealed_opens_there_and_nowhere_else(
            place in proptest::array::uniform3("\\PC{0,12}"),
            elsewhere in proptest::array::uniform3("\\PC{0,12}"),
            plaintext in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            fn binding(parts: &[String; 3]) -> Binding<'_> {
                Binding { project: &parts[0], connection: &parts[1], field: &parts[2] }
            }
            let vault = vault();
            let sealed = vault.seal(&binding(&place), &plaintext).unwrap();
            let stored: Sealed = sealed.to_string().parse().unwrap();
            prop_assert_eq!(&stored, &sealed);
            prop_assert_eq!(&*vault.open(&binding(&place), &stored).unwrap(), &plaintext);
            if place != elsewhere {
                let opened = vault.open(&binding(&elsewhere), &stored);
                prop_assert!(matches!(opened, Err(Error::Refused)));
            }
        }
    }
}
