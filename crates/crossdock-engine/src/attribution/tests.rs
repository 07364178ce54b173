//! What is joined, and what is not.

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::ModelKind;

use super::*;

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap()
}

fn record(connection: ConnectionId, stream: &str, id: &str) -> RecordRef {
    RecordRef {
        connection,
        stream: stream.to_owned(),
        external_id: id.to_owned(),
    }
}

fn campaign(connection: ConnectionId, id: &str, name: &str) -> CampaignRef {
    CampaignRef {
        record: record(connection, "ad_campaigns", id),
        name: name.to_owned(),
        starts_at: None,
    }
}

fn lead(connection: ConnectionId, origin: Origin) -> Subject {
    Subject {
        record: record(connection, "leads", "lead-1"),
        model: ModelKind::Inquiry,
        platform: "meta".to_owned(),
        happened_at: Some(noon()),
        origin,
        sequence: 1,
    }
}

fn joined(subject: &Subject, campaigns: Vec<CampaignRef>) -> Vec<Touch> {
    touches(subject, &Campaigns::of(campaigns), &HashSet::new())
}

#[test]
fn the_platforms_word_names_a_campaign_of_its_own_connection_only() {
    let (ours, other) = (ConnectionId::new(), ConnectionId::new());
    let origin = Origin {
        campaign_external_id: Some("7".to_owned()),
        organic: Some(false),
        ..Origin::default()
    };
    let subject = lead(ours, origin);
    let found = joined(
        &subject,
        vec![campaign(other, "7", "A"), campaign(ours, "7", "B")],
    );
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].target, Some(record(ours, "ad_campaigns", "7")));
    assert_eq!(found[0].channel.as_deref(), Some("meta"));
    assert_eq!(found[0].medium.as_deref(), Some("paid"));
    assert_eq!(
        joined(&subject, vec![campaign(other, "7", "A")])[0].target,
        None
    );
}

#[test]
fn a_utm_campaign_that_two_are_called_names_none_and_says_so() {
    let (ours, other) = (ConnectionId::new(), ConnectionId::new());
    let origin = Origin {
        utm_source: Some("Newsletter".to_owned()),
        utm_campaign: Some("Spring Sale".to_owned()),
        ..Origin::default()
    };
    let subject = lead(ours, origin);
    let one = joined(&subject, vec![campaign(other, "1", "spring sale ")]);
    assert_eq!(one[0].target, Some(record(other, "ad_campaigns", "1")));
    assert_eq!(one[0].channel.as_deref(), Some("newsletter"));
    let two = vec![
        campaign(other, "1", "spring sale"),
        campaign(ours, "2", "SPRING SALE"),
    ];
    let two = joined(&subject, two);
    assert!(two[0].ambiguous);
    assert_eq!(two[0].target, None);
    let none = joined(&subject, Vec::new());
    assert!(!none[0].ambiguous);
}

#[test]
fn a_campaign_that_began_later_preceded_nothing() {
    let ours = ConnectionId::new();
    let origin = Origin {
        utm_campaign: Some("launch".to_owned()),
        ..Origin::default()
    };
    let mut late = campaign(ours, "1", "Launch");
    late.starts_at = Some(noon() + TimeDelta::seconds(1));
    let found = joined(&lead(ours, origin), vec![late]);
    assert_eq!(found[0].target, None);
}

#[test]
fn what_names_a_campaign_comes_before_what_names_a_channel() {
    let ours = ConnectionId::new();
    let origin = Origin {
        utm_campaign: Some("1".to_owned()),
        click_id_kind: Some("gclid".to_owned()),
        click_id: Some("made-up".to_owned()),
        referrer: Some("https://www.Studio.example/blog?x=1".to_owned()),
        ad_external_id: Some("9".to_owned()),
        ..Origin::default()
    };
    let found = joined(&lead(ours, origin), vec![campaign(ours, "1", "A")]);
    let methods: Vec<_> = found.iter().map(|touch| touch.method).collect();
    assert_eq!(
        methods,
        [
            AttributionMethod::Utm,
            AttributionMethod::PlatformId,
            AttributionMethod::ClickId,
            AttributionMethod::Referrer,
        ]
    );
    assert_eq!(found[2].channel.as_deref(), Some("google"));
    assert_eq!(found[3].channel.as_deref(), Some("studio.example"));
}

#[test]
fn what_says_nothing_was_preceded_by_nothing() {
    let ours = ConnectionId::new();
    let origin = Origin {
        referrer: Some("not an address".to_owned()),
        landing_page: Some("https://studio.example/".to_owned()),
        click_id_kind: Some("of-nobody".to_owned()),
        ..Origin::default()
    };
    assert_eq!(joined(&lead(ours, origin), Vec::new()), []);
}
