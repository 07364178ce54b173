//! Ads: campaigns that change, days that are restated, and reports that are slow, lost or too big.
use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{Days, NaiveDate};
use connector_core::model::{AdCampaignStatus, AdMetric, CommonMetric, Model};
use connector_core::{Clock as _, Next, Record};
use connector_testkit::{Run, model};
use serde_json::json;

use crate::lab::Lab;

const CAMPAIGNS: &str = "ad_campaigns";
const METRICS: &str = "ad_metrics";

fn metric(record: &Record) -> &AdMetric {
    match model(record) {
        Model::AdMetric(metric) => metric,
        other => panic!("{other:?}"),
    }
}

fn days(run: &Run) -> BTreeSet<NaiveDate> {
    let records = run.records.values();
    records.map(|it| metric(it).measurement.date).collect()
}

/// What a run brought, without the order and the time of reading.
fn values(run: &Run) -> Vec<(&str, f64)> {
    let records = run.records.iter();
    records
        .map(|(id, record)| (&**id, metric(record).measurement.value))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn budgets_are_in_the_currency_of_the_account_and_later_runs_read_what_changed() {
    let lab = Lab::new().await;
    let first = lab.run(CAMPAIGNS, None).await.unwrap();
    let campaign = |record: &Record| match model(record) {
        Model::AdCampaign(campaign) => (**campaign).clone(),
        other => panic!("{other:?}"),
    };
    let all: Vec<_> = first.records.values().map(campaign).collect();
    assert_eq!(all.len(), 8);
    let budgets: BTreeSet<String> = all
        .iter()
        .filter_map(|it| Some(it.daily_budget?.to_string()))
        .collect();
    assert_eq!(
        budgets.into_iter().collect::<Vec<_>>(),
        ["25.00 EUR", "3000 JPY"]
    );
    for status in [AdCampaignStatus::Archived, AdCampaignStatus::Deleted] {
        assert!(all.iter().any(|it| it.status == status), "{status:?}");
    }
    lab.clock.sleep(Duration::from_hours(2)).await;
    let id = lab.happen("ad/status", &json!({"status": "PAUSED"}));
    let second = lab.run(CAMPAIGNS, first.checkpoint).await.unwrap();
    let ids: Vec<&str> = second.records.keys().map(String::as_str).collect();
    assert_eq!(ids, [id.as_str()]);
    assert_eq!(
        campaign(&second.records[&id]).status,
        AdCampaignStatus::Paused
    );
}

#[tokio::test(start_paused = true)]
async fn a_first_run_reads_since_the_first_campaign_and_later_ones_four_weeks_again() {
    let lab = Lab::new().await;
    let first = lab.run(METRICS, None).await.unwrap();
    let today: NaiveDate = "2026-11-02".parse().unwrap();
    let oldest = days(&first).into_iter().next().unwrap();
    // The oldest campaign began 260 days ago.
    assert!(oldest < today - Days::new(250), "{oldest}");
    let conversions = first.records.values().map(metric).filter(|it| {
        it.measurement.common == Some(CommonMetric::Conversions)
            && it.measurement.attribution_window.as_deref() == Some("7d_click")
    });
    assert!(conversions.count() > 100);
    lab.clock.sleep(Duration::from_hours(24)).await;
    let count = lab.wire.count();
    let second = lab.run(METRICS, first.checkpoint).await.unwrap();
    assert_eq!(lab.sent("ad_account/insights", count).len(), 2);
    assert_eq!(lab.sent("ad_account/campaigns", count).len(), 0);
    let days = days(&second);
    assert!(days.iter().all(|day| *day >= today - Days::new(28)));
    // What was restated has the id that it had.
    let restated = second.records.iter().filter(|(id, record)| {
        let before = first.records.get(*id);
        before.is_some_and(|it| model(it) != model(record))
    });
    assert!(restated.count() > 20);
    // The oldest of them is final now, and all others aren't.
    for record in second.records.values() {
        let measurement = &metric(record).measurement;
        let still_counted = measurement.date > today - Days::new(28);
        // It is a day later in Tokyo.
        if measurement.time_zone.as_deref() == Some("Atlantic/Reykjavik") {
            assert_eq!(measurement.provisional, still_counted, "{measurement:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_that_is_slow_is_asked_after_less_and_less_often() {
    let lab = Lab::new().await;
    lab.control("settings/set", &json!({"report_seconds": 20}));
    let count = lab.wire.count();
    let pages = lab.pages(METRICS, None).await.unwrap();
    let mut on = pages.last().unwrap().checkpoint.clone();
    let mut waits = Vec::new();
    while lab.sent("report/insights", count).is_empty() {
        let pages = lab.pages(METRICS, Some(on)).await.unwrap();
        let last = pages.last().unwrap();
        on = last.checkpoint.clone();
        let Next::After(wait) = last.next else {
            panic!("{:?}", last.next)
        };
        waits.push(wait.as_secs());
        lab.clock.sleep(wait).await;
    }
    // It stood at a hundred percent before it was complete, and was not read then.
    assert_eq!(waits[..3], [4, 8, 16]);
}

#[tokio::test(start_paused = true)]
async fn a_report_that_is_lost_is_ordered_anew_and_nothing_is_missing() {
    let lab = Lab::new().await;
    let first = lab.run(METRICS, None).await.unwrap();
    let plain = lab.run(METRICS, first.checkpoint.clone()).await.unwrap();
    let ordered = lab.pages(METRICS, first.checkpoint.clone()).await.unwrap();
    lab.control("report/lose", &json!({}));
    lab.clock.sleep(Duration::from_secs(10)).await;
    let count = lab.wire.count();
    let on = ordered.last().map(|page| page.checkpoint.clone());
    let rest = lab.run(METRICS, on).await.unwrap();
    assert_eq!(values(&rest), values(&plain));
    assert_eq!(lab.sent("ad_account/insights", count).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_report_that_is_too_big_is_split_by_days_and_then_by_campaigns() {
    let lab = Lab::new().await;
    let first = lab.run(METRICS, None).await.unwrap();
    let plain = lab.run(METRICS, first.checkpoint.clone()).await.unwrap();
    for cells in [200, 5] {
        lab.control("settings/set", &json!({"report_cells": cells}));
        let split = lab.run(METRICS, first.checkpoint.clone()).await.unwrap();
        assert_eq!(values(&split), values(&plain), "{cells}");
        assert_eq!(split.notes, Vec::<String>::new());
    }
    // One day of one campaign is the smallest part.
    lab.control("settings/set", &json!({"report_cells": 3}));
    let left_out = lab.run(METRICS, first.checkpoint).await.unwrap();
    assert!(left_out.notes.iter().all(|it| it.contains("left out")));
    assert!(!left_out.notes.is_empty());
    let accounts: BTreeSet<&str> = left_out
        .records
        .values()
        .map(|it| metric(it).account_external_id.as_str())
        .collect();
    // The smaller account's campaigns have two ads each.
    assert_eq!(
        accounts.into_iter().collect::<Vec<_>>(),
        ["act_400000000000002"]
    );
}
