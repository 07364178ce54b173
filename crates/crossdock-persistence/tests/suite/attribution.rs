//! What preceded orders and inquiries: what is there to join, and what it sums up to.

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::model::{
    AdCampaign, AdCampaignStatus, Currency, FulfillmentStatus, Inquiry, InquiryKind, Model, Money,
    Order, OrderStatus, Origin, PaymentStatus,
};
use connector_core::{ModelKind, Record};
use crossdock_persistence::{
    AttributionMethod, AttributionRow, ConnectionId, ProjectStore, RecordRef, RunOutcome, RunUsage,
    Subject, Touch, Unattributed,
};

use crate::fixture::{at, begin, commit, connect, new_run};
use crate::on_both;

fn campaign(id: &str, name: &str) -> Record {
    let campaign = AdCampaign {
        account_external_id: "act_1".to_owned(),
        name: name.to_owned(),
        status: AdCampaignStatus::Active,
        platform_status: None,
        objective: None,
        channel: None,
        daily_budget: None,
        lifetime_budget: None,
        starts_at: Some(at(0)),
        ends_at: None,
        created_at: None,
        updated_at: None,
    };
    Record::upsert(id, None, Model::AdCampaign(Box::new(campaign)))
}

fn lead(id: &str, utm_campaign: Option<&str>) -> Record {
    let origin = Origin {
        utm_campaign: utm_campaign.map(str::to_owned),
        ..Origin::default()
    };
    let inquiry = Inquiry {
        kind: InquiryKind::Form,
        channel: None,
        source_external_id: None,
        contact_name: None,
        contact_email: None,
        contact_phone: None,
        message: None,
        answers: Vec::new(),
        message_count: None,
        origin: origin.known(),
        created_at: Some(at(5)),
        updated_at: None,
    };
    Record::upsert(id, None, Model::Inquiry(Box::new(inquiry)))
}

fn order(id: &str, total: Money, test: bool) -> Record {
    let order = Order {
        number: None,
        status: OrderStatus::Open,
        payment_status: PaymentStatus::Paid,
        fulfillment_status: FulfillmentStatus::Unfulfilled,
        platform_status: None,
        currency: total.currency,
        subtotal: None,
        discount_total: None,
        tax_total: None,
        shipping_total: None,
        total: Some(total),
        refunded_total: None,
        fee_total: None,
        net_total: None,
        presentment_total: None,
        channel: None,
        origin: Some(Origin {
            utm_campaign: Some("spring".to_owned()),
            ..Origin::default()
        }),
        customer_id: None,
        buyer_country: None,
        ship_to: None,
        test,
        tags: Vec::new(),
        placed_at: Some(at(5)),
        created_at: Some(at(5)),
        updated_at: None,
        cancelled_at: None,
        cancel_reason: None,
        act_by: None,
        tracking_number: None,
        tracking_carrier: None,
        lines: Vec::new(),
        refunds: Vec::new(),
        transactions: Vec::new(),
        fees: Vec::new(),
    };
    Record::upsert(id, None, Model::Order(Box::new(order)))
}

async fn put(project: &ProjectStore, connection: ConnectionId, stream: &str, records: Vec<Record>) {
    let model = match stream {
        "leads" => ModelKind::Inquiry,
        "orders" => ModelKind::Order,
        _ => ModelKind::AdCampaign,
    };
    let run = begin(project, new_run(connection, stream, model), at(10)).await;
    commit(project, &run, records, at(11)).await;
    project
        .finish_run(&run, RunOutcome::Completed, RunUsage::default(), at(12))
        .await
        .unwrap();
}

fn touch(target: Option<RecordRef>) -> Touch {
    Touch {
        method: AttributionMethod::Utm,
        evidence: "utm_campaign".to_owned(),
        channel: Some("newsletter".to_owned()),
        medium: None,
        ambiguous: false,
        target,
    }
}

fn ids(subjects: &[Subject]) -> Vec<&str> {
    let ids = subjects.iter().map(|it| it.record.external_id.as_str());
    ids.collect()
}

async fn overview(project: &ProjectStore, from: DateTime<Utc>) -> Vec<AttributionRow> {
    let to = from + TimeDelta::days(1);
    project.attribution_overview(from, to).await.unwrap()
}

on_both! {
    async fn what_was_preceded_by_something_is_counted_once(database: Database) {
        let project = &database.project;
        let connection = connect(project, "meta", "page-1").await.id;
        put(project, connection, "ad_campaigns", vec![campaign("c-1", "Spring")]).await;
        put(project, connection, "leads", vec![lead("l-1", Some("spring")), lead("l-2", None)]).await;
        assert_eq!(project.attribution_progress().await.unwrap(), 0);

        let subjects = project.attribution_subjects(0, 10).await.unwrap();
        assert_eq!(ids(&subjects), ["l-1"]);
        assert_eq!(subjects[0].platform, "meta");
        assert_eq!(subjects[0].happened_at, Some(at(5)));
        let target = project.campaigns().await.unwrap().remove(0).record;
        let touches = vec![touch(Some(target.clone())), touch(None)];
        let found = vec![(subjects[0].clone(), touches)];
        project.attribute(&found).await.unwrap();
        project.attribute(&found).await.unwrap();

        let rows = overview(project, at(0)).await;
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].inquiries, rows[0].orders), (1, 0));
        assert_eq!(rows[0].target_name.as_deref(), Some("Spring"));
        assert_eq!(rows[0].target, Some(target));
        assert_eq!(overview(project, at(6)).await, []);

        // Of the other one nothing is known, and it is counted apart.
        let to = at(5) + TimeDelta::days(1);
        let rest = project.unattributed(at(5), to).await.unwrap();
        let expected = Unattributed { inquiries: 1, ..Unattributed::default() };
        assert_eq!(rest, expected);
        for (from, to) in [(at(6), to), (at(0), at(5))] {
            assert_eq!(project.unattributed(from, to).await.unwrap().total(), 0);
        }
    }

    async fn orders_are_summed_by_currency_and_those_made_to_try_the_shop_are_not(database: Database) {
        let project = &database.project;
        let connection = connect(project, "shopify", "shop-1").await.id;
        let [usd, eur] = ["USD", "EUR"].map(|code| Currency::from_code(code).unwrap());
        let orders = vec![
            order("o-1", Money::new(500, usd), false),
            order("o-2", Money::new(700, eur), false),
            order("o-3", Money::new(900, eur), true),
            order("o-4", Money::new(100, usd), false),
        ];
        put(project, connection, "orders", orders).await;
        let subjects = project.attribution_subjects(0, 10).await.unwrap();
        assert_eq!(ids(&subjects), ["o-1", "o-2", "o-4"]);
        let unknown = project.unattributed(at(0), at(9)).await.unwrap();
        assert_eq!(unknown.orders, 3);

        let found: Vec<_> = subjects.into_iter().map(|it| (it, vec![touch(None)])).collect();
        project.attribute(&found).await.unwrap();
        let rows = overview(project, at(0)).await;
        assert_eq!((rows.len(), rows[0].orders), (1, 3));
        let ordered: Vec<Money> = rows[0].totals.iter().map(|total| total.ordered).collect();
        assert_eq!(ordered, [Money::new(700, eur), Money::new(600, usd)]);

        // An order that turns out to be a test is counted no more.
        put(project, connection, "orders", vec![order("o-1", Money::new(500, usd), true)]).await;
        let last = project.last_sequence().await.unwrap();
        project.set_attribution_progress(last).await.unwrap();
        assert_eq!(overview(project, at(0)).await[0].orders, 2);
    }

    async fn progress_goes_on_until_campaigns_change(database: Database) {
        let project = &database.project;
        let connection = connect(project, "meta", "page-1").await.id;
        put(project, connection, "leads", vec![lead("l-1", Some("spring"))]).await;
        let last = project.last_sequence().await.unwrap();
        project.set_attribution_progress(last).await.unwrap();
        assert_eq!(project.attribution_progress().await.unwrap(), last);
        assert_eq!(project.attribution_subjects(last, 10).await.unwrap(), []);

        put(project, connection, "leads", vec![lead("l-2", Some("spring"))]).await;
        let changed = project.attribution_subjects(last, 10).await.unwrap();
        assert_eq!(ids(&changed), ["l-2"]);
        put(project, connection, "ad_campaigns", vec![campaign("c-1", "Spring")]).await;
        assert_eq!(project.attribution_progress().await.unwrap(), 0);
    }

    async fn what_is_gone_was_preceded_by_nothing(database: Database) {
        let project = &database.project;
        let connection = connect(project, "meta", "page-1").await.id;
        put(project, connection, "leads", vec![lead("l-1", Some("a")), lead("l-2", Some("a"))]).await;
        let subjects = project.attribution_subjects(0, 10).await.unwrap();
        let found: Vec<_> = subjects.into_iter().map(|it| (it, vec![touch(None)])).collect();
        project.attribute(&found).await.unwrap();
        assert_eq!(database.rows("attribution").await, 2);

        put(project, connection, "leads", vec![Record::gone("l-1"), lead("l-2", None)]).await;
        let last = project.last_sequence().await.unwrap();
        project.set_attribution_progress(last).await.unwrap();
        assert_eq!(database.rows("attribution").await, 0);

        project.attribute(&found).await.unwrap();
        project.erase(connection).await.unwrap();
        assert_eq!(database.rows("attribution").await, 0);
    }
}
