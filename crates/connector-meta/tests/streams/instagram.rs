//! What is on Instagram, and its numbers.
use std::collections::BTreeSet;
use std::time::Duration;

use connector_core::model::{CommonMetric, ContentKind, Measurement, MetricUnit, Model};
use connector_core::{ErrorKind, Record};
use connector_testkit::{Effect, Fault};
use connector_testkit::{Run, model};
use serde_json::json;

use crate::lab::{ACCOUNT, Lab};

const MEDIA: &str = "instagram_media";
const MEDIA_METRICS: &str = "instagram_media_metrics";
const METRICS: &str = "instagram_metrics";

fn measurement(record: &Record) -> &Measurement {
    match model(record) {
        Model::Metric(metric) => &metric.measurement,
        Model::ContentMetric(metric) => &metric.measurement,
        other => panic!("{other:?}"),
    }
}

fn names(run: &Run) -> BTreeSet<&str> {
    let records = run.records.values();
    records
        .map(|record| measurement(record).name.as_str())
        .collect()
}

/// Whatever has these words in it is refused as a parameter, with this message.
fn refuse(lab: &Lab, words: &str, message: &str) {
    let error = json!({"message": message, "type": "OAuthException", "code": 100});
    lab.wire.sandbox().inject(Fault {
        platform: Some("meta".to_owned()),
        host: None,
        method: None,
        path_contains: Some(words.to_owned()),
        body_contains: None,
        skip: 0,
        times: u32::MAX,
        effect: Effect::Status {
            code: 400,
            headers: [].into(),
            body: Some(json!({ "error": error })),
        },
    });
}

#[tokio::test(start_paused = true)]
async fn what_is_published_later_is_found_and_what_is_old_is_not_read_again() {
    let lab = Lab::new().await;
    let first = lab.run(MEDIA, None).await.unwrap();
    let mut kinds = BTreeSet::new();
    for record in first.records.values() {
        let Model::Content(content) = model(record) else {
            panic!("no content")
        };
        assert_eq!(content.parent_external_id.as_deref(), Some(ACCOUNT));
        let image = content.image_url.as_deref().unwrap();
        assert!(!image.contains('?') && !image.ends_with(".mp4"), "{image}");
        kinds.insert(format!("{:?}", content.kind));
    }
    for kind in [
        ContentKind::Carousel,
        ContentKind::Image,
        ContentKind::Reel,
        ContentKind::Video,
    ] {
        assert!(kinds.contains(&format!("{kind:?}")), "{kinds:?}");
    }
    let new = lab.happen("media/add", &json!({"text": "Ný mynd"}));
    lab.happen("story/add", &json!({}));
    lab.clock.pass(Duration::from_mins(5)).await;
    let second = lab.run(MEDIA, first.checkpoint).await.unwrap();
    assert!(second.records.contains_key(&new));
    assert!(
        second.records.len() < first.records.len() / 2,
        "{} of {}",
        second.records.len(),
        first.records.len()
    );
}

#[tokio::test(start_paused = true)]
async fn each_medium_has_the_numbers_of_its_sort_and_the_odd_ones_none() {
    let lab = Lab::new().await;
    let run = lab.run(MEDIA_METRICS, None).await.unwrap();
    let watched = run
        .records
        .values()
        .map(measurement)
        .filter(|it| it.common == Some(CommonMetric::WatchTime));
    assert!(watched.clone().count() > 0);
    assert!(watched.into_iter().all(|it| it.unit == MetricUnit::Seconds));
    for name in ["views", "reach", "saved", "follows"] {
        assert!(names(&run).contains(name), "{name}");
    }
    for words in ["fewer than five", "before the account became"] {
        assert!(run.notes.iter().any(|note| note.contains(words)), "{words}");
    }
    // What is from before isn't asked about one by one: the first of them tells of all.
    let before = |sent: &connector_testkit::Sent| sent.path().ends_with("/insights");
    let asked = lab.sent("instagram_media/insights", 0);
    assert!(asked.iter().all(before));
    let media = lab.run(MEDIA, None).await.unwrap().records.len();
    assert_eq!(asked.len(), media - 5);
    // A day later the same numbers are of another day, and only of what is young.
    lab.clock.pass(Duration::from_hours(24)).await;
    let count = lab.wire.count();
    let again = lab.run(MEDIA_METRICS, run.checkpoint).await.unwrap();
    assert!(lab.sent("instagram_media/insights", count).len() < media / 2);
    assert!(again.records.keys().all(|id| !run.records.contains_key(id)));
}

#[tokio::test(start_paused = true)]
async fn a_metric_that_ended_is_found_left_out_and_told_of() {
    let lab = Lab::new().await;
    // What asks for it fails from now on, so that the group is halved until it is alone.
    let message = "(#100) metric[4] must be one of the following values: reach, views";
    refuse(&lab, "saved", message);
    let run = lab.run(MEDIA_METRICS, None).await.unwrap();
    let told: BTreeSet<&String> = run.notes.iter().filter(|it| it.contains("saved")).collect();
    assert_eq!(told.len(), 1, "{:?}", run.notes);
    let names = names(&run);
    assert!(names.contains("views") && names.contains("total_interactions"));
    assert!(!names.contains("saved"));
    // It is found once for each sort of medium, and not asked for again.
    let asked = lab.sent("instagram_media/insights", 0);
    let asked = asked.iter().filter(|sent| {
        let query = sent.request.uri().query().unwrap_or_default();
        query.contains("saved")
    });
    assert!(asked.count() < 12);
}

#[tokio::test(start_paused = true)]
async fn days_are_those_of_los_angeles_and_young_ones_are_said_anew() {
    let lab = Lab::new().await;
    let first = lab.run(METRICS, None).await.unwrap();
    // Ninety days of each, and new followers of as many as can be asked for.
    let of = |name: &str| {
        let records = first.records.values();
        let records = records.filter(|record| measurement(record).name == name);
        records.count()
    };
    assert_eq!(
        (of("views"), of("reach"), of("follower_count")),
        (90, 90, 29)
    );
    let views = |run: &Run, day: &str| {
        let record = run.records.get(&format!("{ACCOUNT}/{day}/views"))?;
        let measured = measurement(record);
        assert_eq!(measured.time_zone.as_deref(), Some("America/Los_Angeles"));
        Some((measured.value, measured.provisional))
    };
    // Ten in the morning of the 2nd in Los Angeles: the 1st is over, and is still counted.
    assert_eq!(views(&first, "2026-11-02"), None);
    let (young, provisional) = views(&first, "2026-11-01").unwrap();
    assert!(provisional);
    assert!(!views(&first, "2026-10-30").unwrap().1);
    lab.clock.pass(Duration::from_hours(72)).await;
    let count = lab.wire.count();
    let second = lab.run(METRICS, first.checkpoint).await.unwrap();
    let (settled, provisional) = views(&second, "2026-11-01").unwrap();
    assert!(settled > young && !provisional, "{young} {settled}");
    // Three days again, three new ones, and the followers.
    assert_eq!(lab.sent("instagram_user/insights", count).len(), 7);
}

#[tokio::test(start_paused = true)]
async fn a_small_account_has_all_other_numbers() {
    let lab = Lab::new().await;
    let message = "(#100) This metric needs an account with 100 followers";
    refuse(&lab, "follower_count", message);
    let run = lab.run(METRICS, None).await.unwrap();
    assert!(
        run.notes
            .iter()
            .any(|note| note.contains("fewer than a hundred"))
    );
    assert!(!names(&run).contains("follower_count") && names(&run).contains("views"));
}

#[tokio::test(start_paused = true)]
async fn without_an_account_a_note_says_so_and_without_the_permission_it_fails() {
    let lab = Lab::new().await;
    let scopes = [
        "pages_show_list",
        "pages_read_engagement",
        "instagram_basic",
    ];
    let order = json!({"kind": "system_user", "scopes": scopes, "targets": ["104000000000002"]});
    let token = lab.control("token/issue", &order)["token"].clone();
    let weddings = Lab::with_token(token.as_str().unwrap()).await;
    for stream in [MEDIA, MEDIA_METRICS, METRICS] {
        let run = weddings.run(stream, None).await.unwrap();
        assert!(run.records.is_empty());
        let told = run.notes.iter().any(|note| note.contains("professional"));
        assert!(told, "{stream}: {:?}", run.notes);
    }
    let order = json!({"kind": "system_user", "scopes": scopes});
    let token = lab.control("token/issue", &order)["token"].clone();
    let fewer = Lab::with_token(token.as_str().unwrap()).await;
    assert!(!fewer.run(MEDIA, None).await.unwrap().records.is_empty());
    let error = fewer.run(METRICS, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
}
