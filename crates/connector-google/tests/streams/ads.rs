//! Campaigns of Google Ads and their numbers: managers, closed accounts, conversions that come in
//! late, and limits that last.
use std::collections::BTreeSet;
use std::time::Duration;

use connector_core::model::{AdCampaignStatus, AdMetric, Model};
use connector_core::{ErrorKind, Record};
use connector_testkit::model;
use serde_json::json;

use crate::lab::Lab;

const STREAM: &str = "googleads.customers.googleAds.searchStream";

/// The studio, through its manager.
const STUDIO: &str = "ads:customers/9000000001/customerClients/9000000101";

fn metric(record: &Record) -> &AdMetric {
    match model(record) {
        Model::AdMetric(metric) => metric,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn campaigns_below_a_manager_are_found_and_closed_accounts_are_not_asked() {
    let lab = Lab::new();
    let run = lab.run("ad_campaigns", None).await.unwrap();
    assert_eq!(run.records.len(), 12 + 7);
    let mut accounts = BTreeSet::new();
    let mut states = BTreeSet::new();
    for record in run.records.values() {
        let Model::AdCampaign(campaign) = model(record) else {
            panic!("no campaign")
        };
        let budget = campaign.daily_budget.unwrap();
        assert!(budget.minor > 0);
        assert_eq!(campaign.ends_at, None);
        assert!(campaign.starts_at.is_some());
        accounts.insert((campaign.account_external_id.clone(), budget.currency.code()));
        states.insert(format!("{:?}", campaign.status));
    }
    let expected = [("9000000101", "EUR"), ("9000000102", "JPY")];
    assert_eq!(
        accounts,
        expected.map(|(id, code)| (id.to_owned(), code)).into()
    );
    assert!(states.contains(&format!("{:?}", AdCampaignStatus::Deleted)));
    // Each account is reached through the manager.
    for sent in lab.sent(STREAM, 0) {
        let login = sent.request.headers().get("login-customer-id").unwrap();
        assert!(matches!(
            login.to_str().unwrap(),
            "9000000001" | "9000000199"
        ));
    }
    lab.control(
        "campaign/update",
        &json!({"id": "20100000001", "status": "PAUSED"}),
    );
    let second = lab.run("ad_campaigns", run.checkpoint).await.unwrap();
    let id = "customers/9000000101/campaigns/20100000001";
    match model(&second.records[id]) {
        Model::AdCampaign(campaign) => assert_eq!(campaign.status, AdCampaignStatus::Paused),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn conversions_that_come_in_later_replace_what_was_there() {
    let lab = Lab::reading(&[STUDIO]);
    let first = lab.run("ad_metrics", None).await.unwrap();
    // Ninety days, fifteen at a time.
    assert_eq!(lab.sent(STREAM, 0).len(), 6);
    assert!(first.records.len() > 3_000, "{}", first.records.len());
    lab.clock.pass(Duration::from_hours(24)).await;
    let before = lab.wire.count();
    let second = lab.run("ad_metrics", first.checkpoint).await.unwrap();
    // A month again, and the day that came.
    assert_eq!(lab.sent(STREAM, before).len(), 3);
    assert!(second.records.len() < first.records.len() / 2);
    let (mut grown, mut same) = (0, 0);
    for (id, now) in &second.records {
        let Some(before) = first.records.get(id) else {
            continue;
        };
        let (now, before) = (metric(now), metric(before));
        assert_eq!(now.campaign_external_id, before.campaign_external_id);
        match now.measurement.value.total_cmp(&before.measurement.value) {
            std::cmp::Ordering::Greater => {
                assert!(before.measurement.provisional, "{id} was final");
                grown += 1;
            }
            std::cmp::Ordering::Equal => same += 1,
            std::cmp::Ordering::Less => panic!("{id} shrank"),
        }
    }
    assert!(grown > 50 && same > grown, "{grown} {same}");
    // After a week, everything that may still be credited is read again.
    lab.clock.pass(Duration::from_hours(24 * 7)).await;
    let third = lab.run("ad_metrics", second.checkpoint).await.unwrap();
    assert!(third.records.len() > second.records.len() * 2);
}

#[tokio::test(start_paused = true)]
async fn money_is_in_whole_units_of_the_accounts_currency() {
    let lab = Lab::reading(&["ads:customers/9000000001/customerClients/9000000102"]);
    let run = lab.run("ad_metrics", None).await.unwrap();
    let of = |name: &str| -> f64 {
        let numbers = run.records.values().map(metric);
        numbers
            .filter(|it| it.measurement.name == name)
            .map(|it| {
                assert_eq!(it.account_external_id, "9000000102");
                assert_eq!(it.measurement.time_zone.as_deref(), Some("Asia/Tokyo"));
                it.measurement.value
            })
            .sum()
    };
    // A click costs some seventy yen, and not seventy million.
    let each = of("cost_micros") / of("clicks");
    assert!((30.0..150.0).contains(&each), "{each}");
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_lasts_is_handed_back_and_a_short_one_is_sat_out() {
    let lab = Lab::reading(&[STUDIO]);
    let spoil = |seconds: u32| json!({"error": "RESOURCE_TEMPORARILY_EXHAUSTED", "retry_seconds": seconds, "times": 1});
    lab.control("ads/spoil", &spoil(20));
    let run = lab.run("ad_campaigns", None).await.unwrap();
    assert_eq!((run.records.len(), lab.sent(STREAM, 0).len()), (12, 2));
    lab.control("ads/spoil", &spoil(900));
    let error = lab.run("ad_campaigns", None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(900)));
    let code = Some("quotaError.RESOURCE_TEMPORARILY_EXHAUSTED");
    assert_eq!(error.context("code"), code);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_is_named_without_its_manager_is_not_open() {
    let lab = Lab::reading(&["ads:customers/9000000101"]);
    let error = lab.run("ad_metrics", None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert!(error.message().contains("manager"), "{error}");
    // Beside one that is open, it is left out.
    let lab = Lab::reading(&["ads:customers/9000000101", STUDIO]);
    let run = lab.run("ad_campaigns", None).await.unwrap();
    assert_eq!(run.records.len(), 12);
    assert!(run.notes.iter().any(|note| note.contains("was left out")));
}

#[tokio::test(start_paused = true)]
async fn a_person_without_google_ads_has_nothing_to_read() {
    let lab = Lab::of_somebody_else("empty@sandbox.example");
    for stream in ["ad_campaigns", "ad_metrics", "products"] {
        let run = lab.run(stream, None).await.unwrap();
        assert!(run.records.is_empty());
        assert!(
            run.notes
                .iter()
                .any(|it| it.starts_with("There is nothing to read"))
        );
    }
}
