//! The consent page: of which host, for which application, and for one that is a draft.

use connector_amazon_spapi::marketplace::MARKETPLACES;
use connector_amazon_spapi::{AmazonSpapi, Config};
use connector_core::{AnyConnector, ConnectOutcome, ConnectStep, Form, endpoint};

use crate::lab::Lab;

const LISTED: &str = "amzn1.sp.solution.00000000-0000-4000-8000-000000000001";
const DRAFT: &str = "amzn1.sp.solution.00000000-0000-4000-8000-000000000002";

/// What the page says to a seller of a country.
async fn page(lab: &Lab, application: &str, draft: bool, country: &str) -> (u16, String) {
    let mut config = Config::app(
        application,
        "amzn1.application-oa2-client.sandbox",
        "sandbox-amazon-secret".to_owned().into(),
    );
    config.draft = draft;
    let connector = AnyConnector::new(AmazonSpapi::new(config));
    let begin = ConnectStep::Begin {
        method: "oauth".to_owned(),
        form: Form::new().with("marketplace", country),
        return_to: "https://crossdock.example.com/back".parse().unwrap(),
    };
    let url = match connector.connect(&lab.ctx, begin).await.unwrap() {
        ConnectOutcome::Redirect { url, .. } => url,
        other => panic!("{other:?}"),
    };
    let request = endpoint::get(&url).unwrap();
    let answer = lab.ctx.transport.send(request).await.unwrap();
    let body = String::from_utf8(answer.body().to_vec()).unwrap();
    (answer.status().as_u16(), body)
}

#[tokio::test(start_paused = true)]
async fn a_draft_is_told_to_be_one() {
    let lab = Lab::new().await;
    let (status, _) = page(&lab, LISTED, false, "US").await;
    assert_eq!(status, 200);
    let (_, refused) = page(&lab, DRAFT, false, "US").await;
    assert!(refused.contains("MD1000"));
    let (status, taken) = page(&lab, DRAFT, true, "US").await;
    assert!(status == 200 && !taken.contains("MD1000"));
}

#[tokio::test(start_paused = true)]
async fn every_marketplace_leads_to_a_consent_page() {
    let lab = Lab::new().await;
    for marketplace in MARKETPLACES {
        let (status, body) = page(&lab, LISTED, false, marketplace.country).await;
        assert_eq!(status, 200, "{}", marketplace.country);
        assert!(body.contains("<form"), "{}", marketplace.country);
    }
}
