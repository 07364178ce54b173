//! The admin token: made once, shown once, stored as a hash.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use connector_core::{Context, SecretString};
use crossdock_persistence::{Result, Store};
use sha2::{Digest as _, Sha256};

use crate::failure::Answer;
use crate::state::State;

/// What every admin token begins with, so that one that leaked can be recognised.
const PREFIX: &str = "cdk_";

/// What comparing hashes is keyed for.
const COMPARISON: &str = "admin-token";

/// Makes the admin token if there is none: 256 random bits behind `cdk_`. It is returned this once,
/// to be shown to the operator; only its SHA-256 is stored. `None` when there is one already.
///
/// # Errors
/// The store's.
pub async fn ensure_admin_token(store: &Store, context: &Context) -> Result<Option<SecretString>> {
    if store.system().admin_token_hash().await?.is_some() {
        return Ok(None);
    }
    replace_admin_token(store, context).await.map(Some)
}

/// Makes a new admin token, for an operator who lost the one before. That one no longer counts, and
/// neither does any session of the console that was opened with it.
///
/// # Errors
/// The store's.
pub async fn replace_admin_token(store: &Store, context: &Context) -> Result<SecretString> {
    let token = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(context.random::<32>()));
    store
        .system()
        .set_admin_token_hash(&hash(&token), context.now())
        .await?;
    Ok(token.into())
}

/// Whether this is the admin token. The hashes are compared by a keyed hash of them, so that the
/// time it takes tells nothing.
pub(crate) async fn is_admin(state: &State, token: &str) -> Answer<bool> {
    let Some(stored) = state.store().system().admin_token_hash().await? else {
        return Ok(false);
    };
    let key = state.sessions.mac_key(COMPARISON)?;
    Ok(key.verify(hash(token).as_bytes(), &key.sign(stored.as_bytes())))
}

fn hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}
