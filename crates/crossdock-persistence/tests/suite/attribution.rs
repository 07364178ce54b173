//! What preceded orders and inquiries: what is there to join, and what it sums up to.

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::model::{AdCampaign, AdCampaignStatus, Inquiry, InquiryKind, Model, Origin};
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

async fn put(project: &ProjectStore, connection: ConnectionId, stream: &str, records: Vec<Record>) {
    let model = match stream {
        "leads" => ModelKind::Inquiry,
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
