//! What preceded inquiries, bookings and orders, summed by channel and campaign.

use chrono::DateTime;
use connector_core::{Model, ModelKind, Record};
use crossdock_persistence::ProjectId;
use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::support::TestApp;

fn record(id: &str, model: &str, value: &Value) -> Record {
    let model: Model = serde_json::from_value(json!({ "model": model, "value": value })).unwrap();
    Record::upsert(id, None, model)
}

fn order(id: &str, placed_at: &str, (minor, currency): (i64, &str), origin: &Value) -> Record {
    let money = |minor: i64| json!({ "minor": minor, "currency": currency });
    let value = json!({
        "status": "open", "payment_status": "paid", "fulfillment_status": "unfulfilled",
        "currency": currency, "total": money(minor), "refunded_total": money(minor / 4),
        "origin": origin, "test": false, "tags": [], "lines": [], "refunds": [],
        "transactions": [], "fees": [], "placed_at": placed_at,
    });
    record(id, "order", &value)
}

/// Orders and inquiries of which this and that is said, worked out as after a sync.
async fn store_what_was_preceded(app: &TestApp, connection: &str) -> ProjectId {
    let campaign = json!({ "account_external_id": "act-1", "name": "Spring", "status": "active" });
    let campaigns = vec![record("c-1", "ad_campaign", &campaign)];
    let to = ("campaigns", ModelKind::AdCampaign);
    app.store_page(connection, to, campaigns).await;

    let spring = json!({ "utm_source": "news", "utm_medium": "mail", "utm_campaign": "spring" });
    let orders = vec![
        order("o-0", "2026-10-01T00:00:00Z", (100, "USD"), &spring),
        order("o-1", "2026-11-19T00:00:00Z", (1000, "USD"), &spring),
        order("o-2", "2026-11-20T23:59:59Z", (500, "EUR"), &spring),
        order("o-3", "2026-11-20T12:00:00Z", (900, "USD"), &json!(null)),
    ];
    let to = ("orders", ModelKind::Order);
    app.store_page(connection, to, orders).await;

    let lead = |origin: &Value| {
        let value = json!({
            "kind": "form", "answers": [], "origin": origin, "created_at": "2026-11-19T08:00:00Z",
        });
        record("i-1", "inquiry", &value)
    };
    let clicked = json!({ "click_id_kind": "epik", "click_id": "made-up" });
    let to = ("leads", ModelKind::Inquiry);
    app.store_page(connection, to, vec![lead(&clicked)]).await;

    let project = app.store.default_project().await.unwrap().id;
    assert_eq!(app.engine.attribute(project).await.unwrap(), 4);
    project
}

#[tokio::test]
async fn what_preceded_is_summed_by_channel_and_campaign() {
    let app = TestApp::start().await;
    let id = app.connect("one").await;
    // The clock stands at 2026-11-20.
    store_what_was_preceded(&app, &id).await;
    let answer = app.admin.get("/api/attribution").await.expect(200).json();
    assert_json_snapshot!(answer, { ".rows[].target.connection" => "[id]" });

    let days = "/api/attribution?from=2026-10-01&to=2026-11-19";
    let days = app.admin.get(days).await.expect(200).json();
    let spring = &days["rows"][0];
    assert_eq!(spring["target"]["connection"], id.as_str());
    assert_eq!(spring["totals"].as_array().unwrap().len(), 1);
    assert_eq!(spring["totals"][0]["ordered"]["minor"], 1100);
    assert_eq!(days["unattributed"]["orders"], 0);
    app.stop().await;
}

#[tokio::test]
async fn days_that_make_no_sense_and_strangers_are_refused() {
    let app = TestApp::start().await;
    for span in [
        "from=2026-11-02&to=2026-11-01",
        "from=2020-01-01",
        "from=-9000-01-01&to=-9000-01-02",
    ] {
        let path = format!("/api/attribution?{span}");
        let refused = app.admin.get(&path).await.expect(422);
        assert_eq!(refused.json()["field"], "from", "{span}");
    }
    for span in ["from=soon", "platform=alpha"] {
        let path = format!("/api/attribution?{span}");
        app.admin.get(&path).await.expect(400);
    }
    app.stranger.get("/api/attribution").await.expect(401);
    app.stop().await;
}

#[tokio::test]
async fn another_projects_orders_are_not_summed() {
    let app = TestApp::start().await;
    let id = app.connect("one").await;
    let ours = store_what_was_preceded(&app, &id).await;
    let other = app.store.create_project("other", app.context.now()).await;
    let other = other.unwrap().id;
    assert_ne!(ours, other);
    let from = DateTime::UNIX_EPOCH;
    let to = app.context.now() + chrono::TimeDelta::days(1);
    let theirs = app.store.project(other);
    assert_eq!(theirs.attribution_overview(from, to).await.unwrap(), []);
    assert_eq!(theirs.unattributed(from, to).await.unwrap().total(), 0);
    assert_eq!(app.engine.attribute(other).await.unwrap(), 0);
    let answer = app.admin.get("/api/attribution").await.expect(200).json();
    assert_eq!(answer["rows"].as_array().unwrap().len(), 2);
    app.stop().await;
}
