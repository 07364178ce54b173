//! Leads, as they come and as they are closed.
use std::time::Duration;

use connector_core::model::{Inquiry, InquiryKind, Model};
use connector_core::{Lookup as _, Record};
use connector_testkit::model;
use connector_testkit::{Effect, Fault};
use serde_json::json;

use crate::lab::Lab;

const LEADS: &str = "leads";

/// An ad of the sandbox, and what it is in.
const AD: &str = "12021000000000001101";

fn inquiry(record: &Record) -> &Inquiry {
    match model(record) {
        Model::Inquiry(inquiry) => inquiry,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_lead_says_who_it_is_and_which_ad_led_to_it() {
    let lab = Lab::new().await;
    let first = lab.run(LEADS, None).await.unwrap();
    let new = lab.happen("lead/create", &json!({"ad_id": AD, "text": "Somebody New"}));
    lab.clock.pass(Duration::from_mins(5)).await;
    let second = lab.run(LEADS, first.checkpoint).await.unwrap();
    let lead = inquiry(&second.records[&new]);
    assert_eq!(lead.kind, InquiryKind::Form);
    assert_eq!(lead.contact_name.as_deref(), Some("Somebody New"));
    assert!(lead.contact_email.is_some() && lead.created_at.is_some());
    let origin = lead.origin.as_ref().unwrap();
    assert_eq!(origin.ad_external_id.as_deref(), Some(AD));
    assert!(origin.ad_group_external_id.is_some() && origin.campaign_external_id.is_some());
    assert_eq!(origin.organic, Some(false));
    let organic = first.records.values().map(inquiry).filter(|lead| {
        let origin = lead.origin.as_ref().unwrap();
        origin.organic == Some(true) && origin.ad_external_id.is_none()
    });
    assert!(organic.count() > 0);
    // One can be read back, as webhooks name it alone.
    let found = lab.meta.lookup(&lab.session, LEADS, &new).await.unwrap();
    assert_eq!(found.change, second.records[&new].change);
}

#[tokio::test(start_paused = true)]
async fn a_later_run_reads_a_day_again_and_no_more() {
    let lab = Lab::new().await;
    let first = lab.run(LEADS, None).await.unwrap();
    assert!(first.records.len() > 60);
    let new = lab.happen("lead/create", &json!({}));
    let mut resume = first.checkpoint;
    for (hours, found) in [(1, true), (20, true), (30, true), (1, false)] {
        lab.clock.pass(Duration::from_hours(hours)).await;
        let run = lab.run(LEADS, resume).await.unwrap();
        let ids: Vec<&String> = run.records.keys().collect();
        assert_eq!(ids.contains(&&new), found, "{ids:?}");
        assert!(ids.len() < 5, "{ids:?}");
        resume = run.checkpoint;
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_whose_leads_are_closed_is_named_and_the_others_are_read() {
    let lab = Lab::new().await;
    let error = json!({"message": "(#200) Requires access", "code": 200});
    lab.wire.sandbox().inject(Fault {
        platform: Some("meta".to_owned()),
        host: None,
        method: None,
        path_contains: Some("/104000000000001/leadgen_forms".to_owned()),
        body_contains: None,
        skip: 0,
        times: 1,
        effect: Effect::Status {
            code: 403,
            headers: [].into(),
            body: Some(json!({ "error": error })),
        },
    });
    let run = lab.run(LEADS, None).await.unwrap();
    let told = run
        .notes
        .iter()
        .filter(|note| note.contains("Leads Access"));
    assert_eq!(told.count(), 1, "{:?}", run.notes);
    assert_eq!(run.records.len(), 3);
    // Nothing was passed over for good.
    let again = lab.run(LEADS, run.checkpoint).await.unwrap();
    assert!(again.records.len() > 30, "{}", again.records.len());
}
