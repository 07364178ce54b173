//! Tokens API 2021-03-01: tokens for data that is about buyers.

use connector_core::{Operation, Request, Result, SecretString};
use http::Method;
use serde::{Deserialize, Serialize};

use super::call::{Call, Route};
use crate::region::Server;

/// `createRestrictedDataToken`: a token that opens what it names, for an hour. 50 resources at the
/// most. It is made in production, for the sandbox too.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateRestrictedDataToken {
    /// What it is to open.
    pub restricted_resources: Vec<RestrictedResource>,
}

impl Call for CreateRestrictedDataToken {
    const OPERATION: Operation = Operation::write("createRestrictedDataToken")
        .idempotent()
        .sensitive();
    type Response = RestrictedDataToken;

    fn request(&self, server: Server) -> Result<Request> {
        Route::new(
            Method::POST,
            server.production(),
            &["tokens", "2021-03-01", "restrictedDataToken"],
        )
        .json(self)
    }
}

/// Something that needs such a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RestrictedResource {
    /// `GET`.
    pub method: &'static str,
    /// The path, with an id in it or with the name of one in braces. A report's document only with
    /// its id.
    pub path: String,
    /// Which data of it; for orders of version 0 alone, and empty for all else.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub data_elements: Vec<String>,
}

/// The token.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RestrictedDataToken {
    /// The token.
    pub restricted_data_token: SecretString,
    /// How many seconds it lives.
    #[serde(default)]
    pub expires_in: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::{Environment, Region};

    #[test]
    fn the_sandbox_takes_tokens_of_production() {
        let call = CreateRestrictedDataToken {
            restricted_resources: vec![RestrictedResource {
                method: "GET",
                path: "/reports/2021-06-30/documents/made-up".to_owned(),
                data_elements: Vec::new(),
            }],
        };
        let server = Server::new(Region::FarEast, Environment::Sandbox);
        let request = call.request(server).unwrap();
        assert_eq!(
            request.uri().host(),
            Some("sellingpartnerapi-fe.amazon.com")
        );
        assert_eq!(
            request.body().as_ref(),
            br#"{"restrictedResources":[{"method":"GET","path":"/reports/2021-06-30/documents/made-up"}]}"#
        );
    }
}
