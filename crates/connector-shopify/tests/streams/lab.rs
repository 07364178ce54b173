//! One shop in the sandbox, one connection to it, and runs of its streams.

use std::ops::Deref;
use std::sync::Arc;

use connector_core::{Checkpoint, Connector as _, Error, Page, Session, SyncRequest};
use connector_shopify::{Config, ShopDomain, Shopify, ShopifyCredential};
use connector_testkit::{Bench, Run, Size};
use serde_json::{Value, json};

/// One shop, one connection.
pub(crate) struct Lab {
    bench: Bench,
    pub(crate) shopify: Arc<Shopify>,
    pub(crate) session: Session<ShopifyCredential>,
}

impl Deref for Lab {
    type Target = Bench;

    fn deref(&self) -> &Bench {
        &self.bench
    }
}

impl Lab {
    pub(crate) fn new() -> Self {
        let begin = "2026-06-01T12:00:00Z".parse().unwrap();
        let (products, orders) = (40, 40);
        let bench = Bench::of("shopify", begin, Size { products, orders });
        let shopify = Arc::new(Shopify::new(Config::default()));
        let shop = ShopDomain::parse("crossdock-demo.myshopify.com").unwrap();
        let token = bench.control("token/custom", &json!({}));
        let token = token["access_token"].as_str().unwrap().to_owned();
        let credential = ShopifyCredential::custom_app(shop, token.into());
        let session = Session::in_memory(&shopify, bench.ctx.clone(), &credential).unwrap();
        Self {
            bench,
            shopify,
            session,
        }
    }

    /// One poll of a stream, until it ends by itself.
    pub(crate) async fn pages(
        &self,
        stream: &str,
        resume: Option<Checkpoint>,
    ) -> Result<Vec<Page>, (Error, Vec<Page>)> {
        let request = SyncRequest::new(stream).resume_from(resume);
        let stream = self.shopify.sync(self.session.clone(), request).unwrap();
        connector_testkit::read(stream).await
    }

    /// A whole run: on from each checkpoint when the time has passed.
    pub(crate) async fn run(&self, stream: &str, resume: Option<Checkpoint>) -> Result<Run, Error> {
        let sync = |resume| {
            let request = SyncRequest::new(stream).resume_from(resume);
            self.shopify.sync(self.session.clone(), request)
        };
        self.bench.run(resume, sync).await
    }

    pub(crate) async fn admin(&self, document: &str, variables: &Value) -> Value {
        let body = json!({ "query": document, "variables": variables });
        let url = "https://crossdock-demo.myshopify.com/admin/api/2026-10/graphql.json";
        let request = connector_core::endpoint::send_json(http::Method::POST, url, &body).unwrap();
        let operation = connector_core::Operation::read("test");
        let response = self.session.send(operation, request).await.unwrap();
        serde_json::from_slice(response.body()).unwrap()
    }
}
