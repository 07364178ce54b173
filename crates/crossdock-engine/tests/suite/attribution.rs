//! What preceded orders and inquiries, worked out over pages that are committed as a sync does.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use connector_core::{Checkpoint, Model, ModelKind, Next, Page, Record};
use crossdock_engine::Engine;
use crossdock_persistence::{
    AttributionMethod, AttributionRow, BeginOutcome, ConnectionId, NewRun, PageCommit, RunMode,
    RunOutcome, RunUsage, Unattributed,
};
use serde_json::{Value, json};

use crate::support::Rig;
use crate::support::database::on_both;

fn record(id: &str, model: &str, value: &Value) -> Record {
    let model: Model = serde_json::from_value(json!({ "model": model, "value": value })).unwrap();
    Record::upsert(id, None, model)
}

fn order(rig: &Rig, id: &str, origin: &Value) -> Record {
    let value = json!({
        "status": "open", "payment_status": "paid", "fulfillment_status": "unfulfilled",
        "currency": "USD", "total": { "minor": 1250, "currency": "USD" }, "origin": origin,
        "test": false, "tags": [], "lines": [], "refunds": [], "transactions": [], "fees": [],
        "placed_at": rig.now(),
    });
    record(id, "order", &value)
}

fn inquiry(rig: &Rig, id: &str, origin: &Value) -> Record {
    let value = json!({
        "kind": "form", "answers": [], "origin": origin, "created_at": rig.now(),
    });
    record(id, "inquiry", &value)
}

fn campaign(rig: &Rig, id: &str, name: &str) -> Record {
    let value = json!({
        "account_external_id": "act-1", "name": name, "status": "active",
        "starts_at": rig.now() - TimeDelta::days(2),
    });
    record(id, "ad_campaign", &value)
}

/// Commits a run of one page.
async fn put(rig: &Rig, engine: &Engine, to: (ConnectionId, ModelKind), records: Vec<Record>) {
    let (connection, model) = to;
    let store = rig.store(engine);
    let new = NewRun {
        connection,
        stream: format!("{model:?}").to_lowercase(),
        model,
        mode: RunMode::Full,
        owner: "test".to_owned(),
        dead_owner: None,
        lease_ttl: Duration::from_secs(60),
    };
    let now = rig.now();
    let BeginOutcome::Begun(run) = store.begin_run(new, now).await.unwrap() else {
        panic!("the stream is free");
    };
    let page = Page {
        records,
        skipped: Vec::new(),
        notes: Vec::new(),
        checkpoint: Checkpoint {
            version: 1,
            cursor: json!(null),
        },
        next: Next::Done,
        total: None,
    };
    let commit = PageCommit { page, now };
    store.commit_page(&run, commit).await.unwrap();
    let usage = RunUsage::default();
    store
        .finish_run(&run, RunOutcome::Completed, usage, now)
        .await
        .unwrap();
}

fn day(rig: &Rig) -> (chrono::DateTime<Utc>, chrono::DateTime<Utc>) {
    (
        rig.now() - TimeDelta::hours(1),
        rig.now() + TimeDelta::hours(1),
    )
}

async fn overview(rig: &Rig, engine: &Engine) -> Vec<AttributionRow> {
    let (from, to) = day(rig);
    let store = rig.store(engine);
    store.attribution_overview(from, to).await.unwrap()
}

async fn rest(rig: &Rig, engine: &Engine) -> Unattributed {
    let (from, to) = day(rig);
    rig.store(engine).unattributed(from, to).await.unwrap()
}

/// The campaigns that the rows name.
fn named(rows: &[AttributionRow]) -> Vec<&str> {
    let names = rows.iter().filter_map(|row| row.target_name.as_deref());
    names.collect()
}

on_both! {
    async fn a_campaign_that_comes_later_is_joined_the_next_time() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        let spring = json!({ "utm_source": "News", "utm_campaign": "Spring" });
        let clicked = json!({ "click_id_kind": "gclid", "click_id": "made-up" });
        let orders = vec![order(&rig, "o-1", &spring), order(&rig, "o-2", &json!(null))];
        put(&rig, &engine, (connection, ModelKind::Order), orders).await;
        let inquiries = vec![inquiry(&rig, "i-1", &clicked)];
        put(&rig, &engine, (connection, ModelKind::Inquiry), inquiries).await;

        // Of o-2 nothing is said, so it isn't looked at.
        assert_eq!(engine.attribute(rig.project).await.unwrap(), 2);
        let before = overview(&rig, &engine).await;
        let seen: Vec<_> = before
            .iter()
            .map(|row| (row.channel.as_deref(), row.method, row.inquiries, row.orders))
            .collect();
        assert_eq!(
            seen,
            [
                (Some("google"), AttributionMethod::ClickId, 1, 0),
                (Some("news"), AttributionMethod::Utm, 0, 1),
            ]
        );
        assert_eq!(named(&before), [""; 0]);
        let expected = Unattributed { orders: 1, ..Unattributed::default() };
        assert_eq!(rest(&rig, &engine).await, expected);

        let campaigns = vec![campaign(&rig, "c-1", "Spring")];
        put(&rig, &engine, (connection, ModelKind::AdCampaign), campaigns).await;
        assert_eq!(engine.attribute(rig.project).await.unwrap(), 2);
        let after = overview(&rig, &engine).await;
        assert_eq!(named(&after), ["Spring"]);
        assert_eq!(after[1].totals[0].ordered.minor, 1250);

        let gone = vec![Record::gone("c-1")];
        put(&rig, &engine, (connection, ModelKind::AdCampaign), gone).await;
        assert_eq!(engine.attribute(rig.project).await.unwrap(), 2);
        assert_eq!(overview(&rig, &engine).await, before);
    }

    async fn working_it_out_again_changes_nothing() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        let campaigns = vec![campaign(&rig, "c-1", "Spring")];
        put(&rig, &engine, (connection, ModelKind::AdCampaign), campaigns).await;
        let origin = json!({ "utm_campaign": "spring" });
        let orders = vec![order(&rig, "o-1", &origin)];
        put(&rig, &engine, (connection, ModelKind::Order), orders.clone()).await;
        assert_eq!(engine.attribute(rig.project).await.unwrap(), 1);
        let rows = overview(&rig, &engine).await;
        assert_eq!(named(&rows), ["Spring"]);
        let last = rig.store(&engine).last_sequence().await.unwrap();

        // Nothing new; the same page once more; another process.
        assert_eq!(engine.attribute(rig.project).await.unwrap(), 0);
        put(&rig, &engine, (connection, ModelKind::Order), orders).await;
        assert_eq!(engine.attribute(rig.project).await.unwrap(), 0);
        assert_eq!(rig.engine().await.attribute(rig.project).await.unwrap(), 0);
        assert_eq!(overview(&rig, &engine).await, rows);
        assert_eq!(rig.store(&engine).last_sequence().await.unwrap(), last);

        // From the beginning, as after a change of campaigns.
        rig.store(&engine).set_attribution_progress(0).await.unwrap();
        assert_eq!(engine.attribute(rig.project).await.unwrap(), 1);
        assert_eq!(overview(&rig, &engine).await, rows);
    }

    async fn what_is_no_longer_said_is_no_longer_counted() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        let origin = json!({ "referrer": "https://blog.example/black-tees" });
        let to = (connection, ModelKind::Order);
        put(&rig, &engine, to, vec![order(&rig, "o-1", &origin)]).await;
        engine.attribute(rig.project).await.unwrap();
        assert_eq!(overview(&rig, &engine).await[0].channel.as_deref(), Some("blog.example"));

        put(&rig, &engine, to, vec![order(&rig, "o-1", &json!(null))]).await;
        engine.attribute(rig.project).await.unwrap();
        assert_eq!(overview(&rig, &engine).await, []);
        assert_eq!(rest(&rig, &engine).await.orders, 1);
    }

    /// More than are joined together.
    async fn every_one_of_many_is_joined() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        let origin = json!({ "utm_source": "news" });
        let orders = (0..1001).map(|n| order(&rig, &format!("o-{n}"), &origin));
        put(&rig, &engine, (connection, ModelKind::Order), orders.collect()).await;
        assert_eq!(engine.attribute(rig.project).await.unwrap(), 1001);
        assert_eq!(overview(&rig, &engine).await[0].orders, 1001);
        assert_eq!(rest(&rig, &engine).await.total(), 0);
    }
}
