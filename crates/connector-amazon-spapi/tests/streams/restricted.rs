//! Restricted data tokens: made where they are wanted, good for what they name, and done without
//! where the application may not have them.

use std::sync::Arc;

use connector_amazon_spapi::api::Call;
use connector_amazon_spapi::{AmazonCredential, AmazonDialect, Server, restricted};
use connector_core::{
    ErrorKind, InMemoryKeeper, Operation, Request, Result, Session, Settings, VersionedCredential,
    endpoint,
};
use serde_json::{Value, json};

use crate::lab::Lab;

const RESTRICTED: &str = "GET_ORDER_REPORT_DATA_SHIPPING";
const OPEN: &str = "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE";
const DOCUMENT: &str = "amzn1.spdoc.1.made-up";

/// `getReportDocument`, as a caller of the API would write what isn't typed here.
struct Document(&'static str);

impl Call for Document {
    const OPERATION: Operation = Operation::read("getReportDocument");
    type Response = Value;

    fn request(&self, server: Server) -> Result<Request> {
        let (host, id) = (server.host(), self.0);
        endpoint::get(format!("https://{host}/reports/2021-06-30/documents/{id}"))
    }
}

fn session(lab: &Lab, settings: &[(&str, &str)]) -> Session<AmazonCredential> {
    let settings = settings.iter();
    let settings = settings.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Session::open(
        "amazon-spapi",
        Arc::new(AmazonDialect),
        lab.ctx.clone(),
        VersionedCredential {
            credential: lab.credential.clone(),
            version: 1,
        },
        Arc::new(InMemoryKeeper::new(lab.credential.clone())),
        lab.connector.exchange(&lab.ctx),
        Settings(settings.collect()),
    )
    .unwrap()
}

#[tokio::test(start_paused = true)]
async fn none_is_made_that_is_not_wanted_or_not_needed() {
    let lab = Lab::new().await;
    let quiet = session(&lab, &[]);
    let token = restricted::for_document(&quiet, RESTRICTED, DOCUMENT).await;
    assert!(token.unwrap().is_none());
    let wanting = session(&lab, &[("restricted_data", "on")]);
    let token = restricted::for_document(&wanting, OPEN, DOCUMENT).await;
    assert!(token.unwrap().is_none());
    assert_eq!(lab.sent("createRestrictedDataToken"), 0);
}

#[tokio::test(start_paused = true)]
async fn one_opens_what_it_names_and_nothing_else() {
    let lab = Lab::new().await;
    let session = session(&lab, &[("restricted_data", "on")]);
    let server = session.credential().server;
    let token = restricted::for_document(&session, RESTRICTED, DOCUMENT).await;
    let token = token.unwrap().unwrap();
    let named = server.ask(Document(DOCUMENT)).with_token(token.clone());
    // Amazon let us in, and there is no such document.
    let error = session.call(&named).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    let other = Document("amzn1.spdoc.1.another");
    let error = session.call(&server.ask(other).with_token(token)).await;
    assert_ne!(error.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn an_application_that_may_not_have_one_goes_on_without() {
    let lab = Lab::new().await;
    let session = session(&lab, &[("restricted_data", "on")]);
    let role = json!({"role": "direct_to_consumer_shipping"});
    lab.control("role/take", &role);
    let token = restricted::for_document(&session, RESTRICTED, DOCUMENT).await;
    assert!(token.unwrap().is_none());
    assert_eq!(lab.sent("createRestrictedDataToken"), 1);
}
