//! One call of the Admin API: a document and its variables in, data and notes out.

use std::sync::Arc;

use connector_core::{Endpoint, Operation, Request, Response, Result, endpoint};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::shop_domain::ShopDomain;

/// The header in which Shopify says which version answered. A version that it no longer has is
/// answered by another (Shopify/shopify-app-js, graphql-client).
const VERSION_HEADER: &str = "x-shopify-api-version";

/// A GraphQL document with its variables, which are the fields of the implementing type.
pub trait Query: Serialize + Send + Sync {
    /// The root field's name, and whether it may be repeated.
    const OPERATION: Operation;

    /// The document, with the fragments that it uses.
    const DOCUMENT: &'static str;

    /// What `data` holds.
    type Data: DeserializeOwned + Send;

    /// What it is expected to cost, in points. Shopify refuses a query of more than 1000.
    fn cost(&self) -> f64;
}

impl<Q: Query> Query for &Q {
    const OPERATION: Operation = Q::OPERATION;
    const DOCUMENT: &'static str = Q::DOCUMENT;
    type Data = Q::Data;

    fn cost(&self) -> f64 {
        Q::cost(self)
    }
}

/// The expected cost of a connection of `size` nodes that cost `node` each.
///
/// Shopify documents that a connection costs by its size, not how. Answers recorded in 2026 fit two
/// points plus the square root of the size times a node's cost.
pub(crate) fn connection_cost(size: u32, node: f64) -> f64 {
    f64::from(size).sqrt().mul_add(node, 2.0)
}

/// Travels with a request, so that the pace can be held without reading the document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost(pub(crate) f64);

/// Where a shop's Admin API is. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Admin {
    url: Arc<str>,
    version: Arc<str>,
}

impl Admin {
    /// The Admin API of a shop, in a version such as `2026-10`.
    #[must_use]
    pub fn new(shop: &ShopDomain, version: &str) -> Self {
        Self {
            url: format!("https://{shop}/admin/api/{version}/graphql.json").into(),
            version: version.into(),
        }
    }

    /// The query, or a reference to one, as a call of this shop's API.
    #[must_use]
    pub fn ask<Q: Query>(&self, query: Q) -> Asked<Q> {
        Asked {
            admin: self.clone(),
            query,
        }
    }
}

/// A query at a shop: what [`Session::call`](connector_core::Session::call) takes.
#[derive(Clone, Debug)]
pub struct Asked<Q> {
    admin: Admin,
    query: Q,
}

/// What came, and what a person should know of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Envelope<T>", bound = "T: Deserialize<'de>")]
pub struct Answer<T> {
    /// The data.
    pub data: T,
    /// What was withheld, and whether another version answered. One sentence each.
    pub notes: Vec<String>,
}

#[derive(Serialize)]
struct Body<'a, Q> {
    query: &'static str,
    variables: &'a Q,
}

#[derive(Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
struct Envelope<T> {
    data: Option<T>,
    errors: Option<Vec<Withheld>>,
}

/// An error beside data. The dialect lets an answer through only if all of them say that a part was
/// withheld.
#[derive(Deserialize)]
struct Withheld {
    #[serde(default)]
    path: Vec<serde_json::Value>,
}

impl Withheld {
    fn note(&self) -> String {
        let fields: Vec<&str> = self
            .path
            .iter()
            .filter_map(|part| part.as_str())
            .filter(|part| !matches!(*part, "nodes" | "edges" | "node"))
            .collect();
        format!(
            "Shopify withholds `{}` from this app: it lacks a scope or the approval for protected \
             customer data.",
            fields.join(".")
        )
    }
}

impl<T> TryFrom<Envelope<T>> for Answer<T> {
    type Error = &'static str;

    fn try_from(envelope: Envelope<T>) -> Result<Self, &'static str> {
        let data = envelope.data.ok_or("neither data nor an error")?;
        let mut notes: Vec<String> = envelope
            .errors
            .iter()
            .flatten()
            .map(Withheld::note)
            .collect();
        notes.sort();
        notes.dedup();
        Ok(Self { data, notes })
    }
}

impl<Q: Query> Endpoint for Asked<Q> {
    const OPERATION: Operation = Q::OPERATION;
    type Response = Answer<Q::Data>;

    fn request(&self) -> Result<Request> {
        let body = Body {
            query: Q::DOCUMENT,
            variables: &self.query,
        };
        let mut request = endpoint::send_json(http::Method::POST, &self.admin.url, &body)?;
        request.extensions_mut().insert(Cost(self.query.cost()));
        Ok(request)
    }

    fn parse(&self, response: &Response) -> Result<Answer<Q::Data>> {
        let mut answer: Answer<Q::Data> = endpoint::json(response.body())?;
        let answered = response
            .headers()
            .get(VERSION_HEADER)
            .and_then(|version| version.to_str().ok());
        if let Some(answered) = answered.filter(|answered| *answered != &*self.admin.version) {
            answer.notes.push(format!(
                "Shopify answered in version {answered} of its API instead of {}: it no longer has \
                 that one. Update the connector.",
                self.admin.version
            ));
        }
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{ProductsChanged, ShopQuery};

    fn answer(version: &str, body: &str) -> Result<Answer<crate::api::ShopData>> {
        let shop = ShopDomain::parse("black-tees.myshopify.com").unwrap();
        let response = http::Response::builder()
            .header(VERSION_HEADER, version)
            .body(body.to_owned().into())
            .unwrap();
        Admin::new(&shop, "2026-10")
            .ask(ShopQuery {})
            .parse(&response)
    }

    const DATA: &str = r#"{"shop":{"name":"Black Tees","myshopifyDomain":"black-tees.myshopify.com","currencyCode":"EUR"},"currentAppInstallation":{"accessScopes":[]}}"#;

    #[test]
    fn a_request_is_a_document_with_variables() {
        let shop = ShopDomain::parse("black-tees.myshopify.com").unwrap();
        let query = ProductsChanged {
            first: 250,
            variants: 30,
            after: None,
            query: "updated_at:>='2026-01-01T00:00:00Z'".to_owned(),
        };
        let request = Admin::new(&shop, "2026-10").ask(query).request().unwrap();
        assert_eq!(
            request.uri(),
            "https://black-tees.myshopify.com/admin/api/2026-10/graphql.json"
        );
        let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
        assert_eq!(body["variables"]["first"], 250);
        assert!(request.extensions().get::<Cost>().unwrap().0 < 1000.0);
    }

    #[test]
    fn another_version_and_what_was_withheld_are_noted() {
        assert!(
            answer("2026-10", &format!(r#"{{"data":{DATA}}}"#))
                .unwrap()
                .notes
                .is_empty()
        );
        let body = format!(
            r#"{{"errors":[{{"path":["orders","nodes",3,"customer"]}},{{"path":["orders","nodes",4,"customer"]}}],"data":{DATA}}}"#
        );
        let notes = answer("2027-01", &body).unwrap().notes;
        assert_eq!(notes.len(), 2);
        assert!(notes[0].contains("`orders.customer`"), "{notes:?}");
        assert!(notes[1].contains("2027-01"), "{notes:?}");
    }

    #[test]
    fn an_answer_without_data_is_none() {
        let error = answer("2026-10", r#"{"data":null}"#).unwrap_err();
        assert_eq!(error.kind(), connector_core::ErrorKind::ContractBroken);
    }
}
