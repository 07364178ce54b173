//! Campaigns, and reports that are waited for, fail, end and are restated.
use std::collections::BTreeSet;
use std::time::Duration;

use connector_core::model::{AdCampaignStatus, Model};
use connector_core::{Connector as _, Next, Record};
use connector_testkit::model;
use serde_json::{Value, json};

use crate::lab::Lab;

const DAY: Duration = Duration::from_hours(24);

/// What a report was asked for.
fn questions(lab: &Lab, count: usize) -> Vec<Value> {
    let sent = lab.sent("analytics/create_report", count);
    sent.iter()
        .map(|sent| serde_json::from_slice(sent.request.body()).unwrap())
        .collect()
}

fn measured(record: &Record) -> &connector_core::model::AdMetric {
    match model(record) {
        Model::AdMetric(metric) => metric,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn campaigns_of_every_status_and_account_come() {
    let lab = Lab::new().await;
    let run = lab.run("ad_campaigns", None).await.unwrap();
    assert_eq!(run.records.len(), lab.census("ad_campaigns"));
    let mut accounts = BTreeSet::new();
    let mut statuses = Vec::new();
    let mut currencies = BTreeSet::new();
    for record in run.records.values() {
        let Model::AdCampaign(campaign) = model(record) else {
            panic!("no campaign")
        };
        accounts.insert(campaign.account_external_id.clone());
        statuses.push(campaign.status);
        currencies.extend(campaign.daily_budget.map(|it| it.currency.code()));
    }
    assert_eq!((accounts.len(), currencies.len()), (2, 2));
    for status in [AdCampaignStatus::Archived, AdCampaignStatus::Deleted] {
        assert!(statuses.contains(&status), "{statuses:?}");
    }
    let (id, _) = run.records.last_key_value().unwrap();
    lab.control("campaign/update", &json!({"id": id, "status": "ARCHIVED"}));
    let lookup = lab.pinterest.lookup().unwrap();
    let found = lookup.lookup(&lab.session, "ad_campaigns", id).await;
    match model(&found.unwrap()) {
        Model::AdCampaign(campaign) => assert_eq!(campaign.status, AdCampaignStatus::Archived),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_is_asked_for_once_and_looked_after_ever_more_rarely() {
    let lab = Lab::new().await;
    lab.control("report/slow", &json!({"seconds": 25}));
    let run = lab.run("ad_metrics", None).await.unwrap();
    // Two accounts, each with one report, which is there at the fourth look.
    assert_eq!(run.waits, [2, 4, 8, 16, 2, 4, 8, 16]);
    let asked = questions(&lab, 0);
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0]["start_date"], "2026-03-22");
    assert_eq!(asked[0]["end_date"], "2026-06-19");
    assert_eq!(lab.sent("report_file", 0).len(), 2);
    for sent in lab.sent("report_file", 0) {
        let headers = sent.request.headers();
        assert!(!headers.contains_key("authorization"));
    }
    let currencies: BTreeSet<_> = run
        .records
        .values()
        .filter_map(|record| measured(record).measurement.currency)
        .map(|currency| currency.code())
        .collect();
    assert_eq!(currencies, BTreeSet::from(["JPY", "USD"]));
}

#[tokio::test(start_paused = true)]
async fn the_next_run_reads_thirty_days_again_and_restates_them_in_place() {
    let lab = Lab::new().await;
    let first = lab.run("ad_metrics", None).await.unwrap();
    let count = lab.wire.count();
    // Nothing is asked for twice on one day.
    let soon = lab.run("ad_metrics", first.checkpoint.clone()).await;
    assert_eq!(soon.unwrap().records.len(), 0);
    assert!(questions(&lab, count).is_empty());
    lab.clock.pass(DAY).await;
    let second = lab.run("ad_metrics", first.checkpoint).await.unwrap();
    let asked = questions(&lab, count);
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0]["start_date"], "2026-05-21");
    assert_eq!(asked[0]["end_date"], "2026-06-20");
    let both = second
        .records
        .iter()
        .filter_map(|(id, now)| Some((first.records.get(id)?, now)));
    let restated = both
        .filter(|(before, now)| {
            measured(before).measurement.value < measured(now).measurement.value
        })
        .map(|(_, now)| measured(now).measurement.name.clone())
        .collect::<BTreeSet<_>>();
    assert!(restated.contains("TOTAL_CHECKOUT"), "{restated:?}");
    let is_final = |record: &&Record| !measured(record).measurement.provisional;
    let old = second.records.values().filter(is_final).count();
    assert!(old > 0 && old < second.records.len());
}

#[tokio::test(start_paused = true)]
async fn a_report_that_fails_is_asked_for_again_and_left_to_a_later_run_at_last() {
    let lab = Lab::new().await;
    lab.control("report/fate", &json!({"status": "FAILED"}));
    let run = lab.run("ad_metrics", None).await.unwrap();
    assert_eq!(questions(&lab, 0).len(), 3);
    assert_eq!(run.notes, Vec::<String>::new());

    let lab = Lab::new().await;
    let mut resume = None;
    let mut notes = Vec::new();
    loop {
        lab.control("report/fate", &json!({"status": "CANCELLED"}));
        let pages = lab.pages("ad_metrics", resume).await.unwrap();
        notes.extend(pages.iter().flat_map(|page| page.notes.clone()));
        let last = pages.last().unwrap();
        resume = Some(last.checkpoint.clone());
        match last.next {
            Next::After(wait) => lab.clock.pass(wait).await,
            Next::Done => break,
            Next::More => panic!("there is more"),
        }
    }
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[0].contains("failed"), "{notes:?}");
    // Nothing was read, so the next run reads all of it.
    lab.control("report/fate", &json!({"status": "EXPIRED"}));
    let count = lab.wire.count();
    let later = lab.run("ad_metrics", resume).await.unwrap();
    assert!(!later.records.is_empty());
    assert_eq!(questions(&lab, count)[0]["start_date"], "2026-03-22");
}

#[tokio::test(start_paused = true)]
async fn a_report_that_ended_meanwhile_is_asked_for_anew() {
    let lab = Lab::new().await;
    let whole = lab.run("ad_metrics", None).await.unwrap();
    let lab = Lab::new().await;
    // Accounts, the question, and the first part of the report.
    let asked = lab.pages("ad_metrics", None).await.unwrap();
    lab.clock.pass(Duration::from_secs(2)).await;
    let resume = asked.last().unwrap().checkpoint.clone();
    let pages = lab.pages("ad_metrics", Some(resume)).await.unwrap();
    assert_eq!(lab.sent("report_file", 0).len(), 1);
    assert!(pages.len() > 2 && pages[0].next == Next::More);
    let cut = pages[0].checkpoint.clone();
    lab.clock.pass(Duration::from_hours(2)).await;
    let rest = lab.run("ad_metrics", Some(cut)).await.unwrap();
    // It was read from its beginning, and nothing of it is missing.
    assert_eq!(rest.records.len(), whole.records.len());
}

#[tokio::test(start_paused = true)]
async fn an_account_without_campaigns_needs_no_report() {
    let lab = Lab::new().await;
    let run = lab.run("ad_campaigns", None).await.unwrap();
    let of_yen = run
        .records
        .iter()
        .filter(|(_, record)| match model(record) {
            Model::AdCampaign(campaign) => campaign
                .daily_budget
                .is_some_and(|it| it.currency.code() == "JPY"),
            _ => false,
        });
    assert!(of_yen.count() > 0);
    let count = lab.wire.count();
    lab.run("ad_metrics", None).await.unwrap();
    // One list of accounts; per account one look at its campaigns.
    assert_eq!(lab.sent("ad_accounts/list", count).len(), 1);
    assert_eq!(lab.sent("campaigns/list", count).len(), 2);
}
