//! Rotating keys: every sealed text in the store is sealed anew, page by page, while all goes on.

use std::sync::Arc;

use crossdock_persistence::SealedRow;
use crossdock_vault::{Sealed, Vault};
use serde::Serialize;

use crate::engine::Engine;
use crate::error::Result;
use crate::seal::in_place;

/// How many texts are read at a time.
const PAGE: u32 = 200;

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
        self.seals().replace(Arc::clone(&vault));
        let system = self.store().system();
        let mut progress = RotationProgress::default();
        let mut after = None;
        loop {
            let page = system.sealed_page(after.as_ref(), PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(progress);
            };
            after = Some(last.cursor());
            for row in &page {
                match reseal(&vault, row) {
                    Ok(None) => progress.current += 1,
                    Ok(Some(sealed)) if system.replace_sealed(row, &sealed).await? => {
                        progress.resealed += 1;
                    }
                    Ok(Some(_)) => progress.changed += 1,
                    Err(error) => {
                        tracing::error!(
                            connection.id = %row.connection,
                            field = row.field,
                            %error,
                            "a sealed text doesn't open"
                        );
                        progress.unreadable += 1;
                    }
                }
            }
            observe(progress);
        }
    }
}

/// The text under the active key; `None` where it is already.
fn reseal(vault: &Vault, row: &SealedRow) -> crossdock_vault::Result<Option<String>> {
    let sealed: Sealed = row.sealed.parse()?;
    if vault.is_current(&sealed) {
        return Ok(None);
    }
    let resealed = in_place(row.project, row.connection, row.field, |binding| {
        vault.reseal(binding, &sealed)
    })?;
    Ok(Some(resealed.to_string()))
}
