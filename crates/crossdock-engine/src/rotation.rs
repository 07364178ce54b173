//! Rotating keys: every sealed text in the store is sealed anew, page by page, while all goes on.

use std::sync::Arc;

use crossdock_vault::Vault;
use serde::Serialize;

use crate::engine::Engine;
use crate::error::Result;

/// How far a rotation is. Its sum is the number of sealed texts looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RotationProgress {
    /// Sealed anew under the active key.
    pub resealed: u64,
    /// Sealed under the active key already.
    pub current: u64,
    /// Replaced by somebody else meanwhile, who sealed under the keys that they had; run the
    /// rotation again.
    pub changed: u64,
    /// That don't open under any key of the ring: nothing was done to them.
    pub unreadable: u64,
}

impl RotationProgress {
    /// Whether every sealed text is under the active key, so that older keys may be retired.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.changed == 0 && self.unreadable == 0
    }
}

impl Engine {
    /// Seals with `vault` from now on, and seals anew what is stored under other keys than its
    /// active one. `vault` must still hold those other keys. `observe` is told after each page.
    ///
    /// It goes on while syncs and renewals run, may be stopped at any time, and run again. Every
    /// other process on this database must know the new key before this begins.
    ///
    /// # Errors
    /// The store's. A text that doesn't open is counted, and doesn't end it.
    pub async fn rotate_keys(
        &self,
        vault: Arc<Vault>,
        mut observe: impl FnMut(RotationProgress) + Send,
    ) -> Result<RotationProgress> {
        todo!()
    }
}
