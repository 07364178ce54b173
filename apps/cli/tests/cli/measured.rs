//! What was measured, and what preceded what was sold.

use connector_core::{Checkpoint, Model, ModelKind, Next, Page, Record};
use crossdock_persistence::{BeginOutcome, NewRun, PageCommit, RunMode, Store, StoreOptions};
use serde_json::{Value, json};

use crate::bench::{Crossdock, Sandbox};

#[test]
fn nothing_measured_is_said_and_days_in_the_wrong_order_are_refused() {
    let crossdock = Crossdock::with_key(None);
    let none = crossdock.json(&["metrics", "--from", "2026-11-01", "--to", "2026-11-02"]);
    assert_eq!(none[0]["series"], Value::Array(Vec::new()));
    assert!(
        crossdock
            .succeed(&["metrics"])
            .contains("Nothing was measured")
    );
    let days = ["metrics", "--from", "2026-11-02", "--to", "2026-11-01"];
    assert_eq!(crossdock.fail(&days).0, 64);
    assert_eq!(crossdock.fail(&["metrics", "--platform", "nobody"]).0, 66);
}

/// Stores records of a stream of a connection, as a sync would.
async fn store_page(
    crossdock: &Crossdock,
    connection: &str,
    (stream, model): (&str, ModelKind),
    records: &[Value],
) {
    let file = crossdock.data_dir().join("crossdock.sqlite");
    let url = format!("sqlite:{}", file.display());
    let store = Store::open(StoreOptions::new(url)).await.unwrap();
    let project = store.default_project().await.unwrap().id;
    let project = store.project(project);
    let records: Vec<_> = records
        .iter()
        .map(|record| {
            let model: Model = serde_json::from_value(record["is"].clone()).unwrap();
            Record::upsert(record["id"].as_str().unwrap(), None, model)
        })
        .collect();
    let now = "2024-05-02T08:00:00Z".parse().unwrap();
    let new = NewRun {
        connection: connection.parse().unwrap(),
        stream: stream.to_owned(),
        model,
        mode: RunMode::Full,
        owner: "test".to_owned(),
        dead_owner: None,
        lease_ttl: std::time::Duration::from_secs(60),
    };
    let outcome = project.begin_run(new, now).await.unwrap();
    let BeginOutcome::Begun(run) = outcome else {
        panic!("{outcome:?}");
    };
    let page = Page {
        records,
        skipped: Vec::new(),
        notes: Vec::new(),
        checkpoint: Checkpoint {
            version: 1,
            cursor: Value::Null,
        },
        next: Next::Done,
        total: None,
    };
    let commit = PageCommit { page, now };
    project.commit_page(&run, commit).await.unwrap();
}

#[test]
fn a_sync_works_out_what_preceded_and_it_is_printed_by_campaign() {
    let sandbox = Sandbox::start();
    let crossdock = Crossdock::with_key(Some(&sandbox));
    assert!(crossdock.connect_alias("sbx_pat_demo").status.success());
    let connections = crossdock.json(&["connections"]);
    let connection = connections[0][0]["id"].as_str().unwrap();
    let lead = |id: &str, origin: Value| {
        json!({ "id": id, "is": { "model": "inquiry", "value": {
            "kind": "form", "answers": [], "origin": origin, "created_at": "2024-05-02T07:00:00Z",
        }}})
    };
    let leads = [
        lead(
            "i-1",
            json!({ "utm_source": "news", "utm_campaign": "spring" }),
        ),
        lead("i-2", Value::Null),
    ];
    let order = json!({ "id": "o-1", "is": { "model": "order", "value": {
        "status": "open", "payment_status": "paid", "fulfillment_status": "unfulfilled",
        "currency": "EUR", "total": { "minor": 12345, "currency": "EUR" },
        "origin": { "click_id_kind": "ttclid", "click_id": "made-up" },
        "test": false, "tags": [], "lines": [], "refunds": [], "transactions": [], "fees": [],
        "placed_at": "2024-05-02T07:30:00Z",
    }}});
    let campaign = json!({ "id": "c-1", "is": { "model": "ad_campaign", "value": {
        "account_external_id": "act-1", "name": "Spring", "status": "active",
    }}});
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        store_page(
            &crossdock,
            connection,
            ("leads", ModelKind::Inquiry),
            &leads,
        )
        .await;
        store_page(
            &crossdock,
            connection,
            ("sales", ModelKind::Order),
            &[order],
        )
        .await;
        store_page(
            &crossdock,
            connection,
            ("campaigns", ModelKind::AdCampaign),
            &[campaign],
        )
        .await;
    });
    let days = ["attribution", "--from", "2024-05-01", "--to", "2024-05-02"];
    assert!(crossdock.succeed(&days).contains("No platform says what"));

    crossdock.json(&["sync", "--stream", "orders"]);
    let told = crossdock.json(&days).remove(0);
    let seen: Vec<_> = told["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (&row["channel"], &row["target_name"], &row["inquiries"]))
        .collect();
    let [news, spring, tiktok] = ["news", "Spring", "tiktok"].map(Value::from);
    assert_eq!(
        seen,
        [
            (&news, &spring, &1.into()),
            (&tiktok, &Value::Null, &0.into()),
        ]
    );
    let rest = json!({ "inquiries": 1, "bookings": 0, "orders": 0 });
    assert_eq!(told["unattributed"], rest);

    let table = crossdock.succeed(&days);
    for word in [
        "Spring",
        "click_id",
        "123.45 EUR",
        "Not counted, as no platform says what preceded them: 1 inquiry, 0 bookings, 0 orders.",
    ] {
        assert!(table.contains(word), "{word} is missing in {table}");
    }
    let none = ["attribution", "--from", "2024-05-03", "--to", "2024-05-03"];
    let none = crossdock.succeed(&none);
    assert!(none.contains("Nothing else was made"), "{none}");
    let wrong = ["attribution", "--from", "2024-05-03", "--to", "2024-05-02"];
    assert_eq!(crossdock.fail(&wrong).0, 64);
}
