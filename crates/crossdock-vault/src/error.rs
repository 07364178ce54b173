//! What can go wrong with keys and sealed texts, in words that say what to do.

use std::io;
use std::path::PathBuf;

use crate::key::KeyId;

/// The result of everything in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure of the vault. No message holds a key, a plaintext or a part of one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text was sealed under a key that this ring doesn't have.
    #[error(
        "no key with id {id}: it was sealed by another key ring; add that key back \
         with a line \"{id}:…\" in the key file"
    )]
    UnknownKey {
        /// The key that the sealed text names.
        id: KeyId,
    },
    /// The authentication failed: a changed text, another place, or another key under the same id.
    #[error(
        "the sealed text doesn't open: it was changed, or it was sealed for another project, \
         connection or field; restore the stored value, or connect the account again"
    )]
    Refused,
    /// The text isn't one that this crate wrote.
    #[error("not a sealed text: {reason}; restore the stored value")]
    Malformed {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The text was written by a later version of this crate.
    #[error("sealed in a format that this version doesn't know; run the version that wrote it")]
    UnknownFormat,
    /// A key ring's text can't be read.
    #[error("the key ring can't be read: line {line}: {reason}")]
    KeyRingInvalid {
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it, and what it should be.
        reason: &'static str,
    },
    /// A key ring without a key.
    #[error("the key ring holds no key; make one with `crossdock keys generate`")]
    KeyRingEmpty,
    /// [`KeyRing::retire`](crate::KeyRing::retire) of the key that seals.
    #[error("key {id} is the active one; add a new key and reseal everything before retiring it")]
    KeyActive {
        /// The key.
        id: KeyId,
    },
    /// [`KeyRing::retire`](crate::KeyRing::retire) of a key that isn't there.
    #[error("the key ring holds no key with id {id}")]
    KeyMissing {
        /// The key.
        id: KeyId,
    },
    /// The key file is there already.
    #[error(
        "{} exists already; it may be the only thing that opens what is stored, so it is not \
         overwritten", path.display()
    )]
    KeyFileExists {
        /// The file.
        path: PathBuf,
    },
    /// Others than the owner may read the key file.
    #[error(
        "{} can be read by others than its owner (mode {mode:03o}); run `chmod 600` on it",
        path.display()
    )]
    KeyFileOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The key file is not what it was when it was loaded.
    #[error("{} was changed by somebody else meanwhile; load it again", path.display())]
    KeyFileChanged {
        /// The file.
        path: PathBuf,
    },
    /// The key file can't be read or written.
    #[error("the key file {} can't be {verb}", path.display())]
    KeyFileIo {
        /// The file.
        path: PathBuf,
        /// What was tried: "read" or "written".
        verb: &'static str,
        /// Why it failed.
        source: io::Error,
    },
    /// A value of an older system can't be imported.
    #[error("the value can't be imported: its {part} {reason}")]
    ImportInvalid {
        /// Which part: the key, the form, the iv, the authTag or the ciphertext.
        part: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The value of an older system is well-formed, but doesn't open.
    #[error(
        "the value can't be imported: its authTag doesn't match; it was written under another \
         key, or it was changed"
    )]
    ImportRefused,
    /// The operating system gave no randomness.
    #[error("the operating system gave no random bytes; nothing was sealed")]
    NoRandomness,
    /// A limit of the cipher: a text of more than 64 GiB.
    #[error("the text is too long to be sealed")]
    TooLong,
}
