//! Keys that sign calls about money: the Key Management API. Asked with the application's own token.

use chrono::DateTime;
use connector_core::{Endpoint, Operation, Request, Response, Result, SecretString, endpoint};
use serde::Deserialize;
use serde_json::json;

use super::call::object;
use crate::environment::{Environment, Server};
use crate::signing::SigningKey;

/// Makes a pair of Ed25519 keys.
#[derive(Clone, Copy, Debug)]
pub struct CreateSigningKey {
    /// Where it is to be good.
    pub environment: Environment,
}

/// A pair of keys, with the private half, which is never told again.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MadeKey {
    /// eBay's id of it.
    pub signing_key_id: Option<String>,
    /// The public half, sealed by eBay for itself.
    pub jwe: Option<SecretString>,
    /// The private half: PKCS #8 in base64.
    pub private_key: Option<SecretString>,
    /// In seconds since 1970.
    pub expiration_time: Option<i64>,
}

impl MadeKey {
    /// The key, where both of its halves are there.
    #[must_use]
    pub fn into_key(self) -> Option<SigningKey> {
        Some(SigningKey {
            id: self.signing_key_id,
            jwe: self.jwe?,
            private_key: self.private_key?,
            expires_at: self
                .expiration_time
                .and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
        })
    }
}

impl Endpoint for CreateSigningKey {
    /// One key more than is needed does no harm.
    const OPERATION: Operation = Operation::write("createSigningKey")
        .idempotent()
        .sensitive();
    type Response = MadeKey;

    fn request(&self) -> Result<Request> {
        let root = self.environment.root(Server::Apiz);
        endpoint::send_json(
            http::Method::POST,
            format!("{root}/developer/key_management/v1/signing_key"),
            &json!({"signingKeyCipher": "ED25519"}),
        )
    }

    fn parse(&self, response: &Response) -> Result<MadeKey> {
        object(response)
    }
}
