#![doc = include_str!("../README.md")]

mod error;
pub mod import;
mod key;
mod key_file;
mod key_ring;
mod mac;
mod sealed;
mod vault;

pub use crate::error::{Error, Result};
pub use crate::key::KeyId;
pub use crate::key_file::KeyFile;
pub use crate::key_ring::KeyRing;
pub use crate::mac::MacKey;
pub use crate::sealed::{Binding, Sealed};
pub use crate::vault::Vault;
