//! Ad accounts: what is advertised, what came of it, and reports that take their time.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{ACCOUNT, Meta, TOKEN, len};

/// A week that is over for longer than anything is corrected.
const WEEK: &str = r#"{"since":"2026-10-01","until":"2026-10-07"}"#;

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap()
}

fn sum(rows: &[Value], name: &str) -> u64 {
    rows.iter()
        .map(|row| text(row, name).parse::<u64>().unwrap())
        .sum()
}

#[test]
fn what_is_archived_or_deleted_must_be_asked_for() {
    let mut meta = Meta::new();
    for (edge, own, usual, all) in [
        ("campaigns", "campaign", 4, 6),
        ("adsets", "adset", 8, 12),
        ("ads", "ad", 16, 24),
    ] {
        let path = format!("/{ACCOUNT}/{edge}");
        assert_eq!(len(&meta.get(&path, &[("limit", "100")])), usual, "{edge}");
        let states = json!(["ACTIVE", "PAUSED", "ARCHIVED", "DELETED"]);
        let filtering = json!([{"field": format!("{own}.effective_status"), "operator": "IN", "value": states}]);
        let filtering = filtering.to_string();
        let pairs = [("limit", "100"), ("filtering", filtering.as_str())];
        assert_eq!(len(&meta.get(&path, &pairs)), all, "{edge}");
        let pairs = [("limit", "100"), ("effective_status", r#"["PAUSED"]"#)];
        assert_eq!(len(&meta.get(&path, &pairs)), all / 6, "{edge}");
    }
    let wrong = meta.call(
        "GET",
        TOKEN,
        &format!("/{ACCOUNT}/ads"),
        &[("filtering", "x")],
    );
    assert_eq!(wrong.fault(), (100, None));
}

#[test]
fn a_change_is_found_by_its_time() {
    let mut meta = Meta::new();
    let path = format!("/{ACCOUNT}/ads");
    let ads = meta.get(
        &path,
        &[("fields", "id,creative{url_tags,object_story_spec}")],
    );
    assert!(text(&ads["data"][0]["creative"], "url_tags").contains("utm_source=facebook"));
    let id = text(&ads["data"][0], "id").to_owned();
    let since = meta.now.timestamp() - 1;
    meta.control("ad/status", &json!({"id": id, "status": "PAUSED"}));
    let filtering =
        json!([{"field": "ad.updated_time", "operator": "GREATER_THAN", "value": since}]);
    let changed = meta.get(
        &path,
        &[
            ("filtering", &filtering.to_string()),
            ("fields", "effective_status"),
        ],
    );
    assert_eq!(
        changed["data"],
        json!([{"id": id, "effective_status": "PAUSED"}])
    );
}

#[test]
fn rows_are_texts_and_sum_up() {
    let mut meta = Meta::new();
    let path = format!("/{ACCOUNT}/insights");
    let fields =
        "account_id,campaign_id,campaign_name,ad_id,impressions,clicks,spend,reach,actions";
    let ask = |meta: &mut Meta, level: &str, increment: &str| {
        let pairs = [
            ("level", level),
            ("time_increment", increment),
            ("time_range", WEEK),
            ("fields", fields),
            ("limit", "500"),
        ];
        meta.get(&path, &pairs)["data"].as_array().unwrap().clone()
    };
    let ads = ask(&mut meta, "ad", "1");
    assert!(
        ads.iter()
            .all(|row| row["date_start"] == row["date_stop"] && row["ad_id"].is_string())
    );
    let whole = ask(&mut meta, "account", "all_days");
    assert_eq!(whole.len(), 1);
    assert_eq!(whole[0]["date_stop"], "2026-10-07");
    assert_eq!(whole[0].get("ad_id"), None);
    assert_eq!(sum(&whole, "impressions"), sum(&ads, "impressions"));
    let (_, cents) = text(&whole[0], "spend").split_once('.').unwrap();
    assert_eq!(cents.len(), 2);
    // Yen have no smaller unit.
    let yen = meta.get(
        "/act_400000000000002/insights",
        &[("time_range", WEEK), ("fields", "spend")],
    );
    assert!(!text(&yen["data"][0], "spend").contains('.'));
    let parts = meta.get(
        &path,
        &[("time_range", WEEK), ("breakdowns", "publisher_platform")],
    );
    assert_eq!(parts["data"][1]["publisher_platform"], "instagram");
}

#[test]
fn an_archived_ad_counts_for_the_account_and_has_no_row_of_its_own() {
    let mut meta = Meta::new();
    let path = format!("/{ACCOUNT}/insights");
    // Within the year's first half the campaign that is archived now was running.
    let range = r#"{"since":"2026-04-01","until":"2026-04-10"}"#;
    let pairs = [("time_range", range), ("level", "ad"), ("limit", "100")];
    let own = meta.get(&path, &pairs)["data"].as_array().unwrap().clone();
    let whole = meta.get(&path, &[("time_range", range)])["data"]
        .as_array()
        .unwrap()
        .clone();
    assert!(sum(&whole, "impressions") > sum(&own, "impressions"));
    let archived = json!([{"field": "ad.effective_status", "operator": "IN", "value": ["ACTIVE", "PAUSED", "ARCHIVED", "DELETED"]}]).to_string();
    let pairs = [
        ("time_range", range),
        ("level", "ad"),
        ("limit", "100"),
        ("filtering", archived.as_str()),
    ];
    let all = meta.get(&path, &pairs)["data"].as_array().unwrap().clone();
    assert_eq!(sum(&whole, "impressions"), sum(&all, "impressions"));
}

#[test]
fn days_are_restated_for_four_weeks() {
    let mut meta = Meta::new();
    let path = format!("/{ACCOUNT}/insights");
    let windows = r#"["1d_click","7d_click","28d_click"]"#;
    let read = |meta: &mut Meta| {
        let range = r#"{"since":"2026-11-19","until":"2026-11-19"}"#;
        let pairs = [
            ("time_range", range),
            ("fields", "impressions,actions"),
            ("action_attribution_windows", windows),
        ];
        let row = meta.get(&path, &pairs)["data"][0].clone();
        let actions = row["actions"].as_array().unwrap().clone();
        let found = actions.iter().find(|it| it["action_type"] == "purchase");
        let count = |name: &str| {
            let text = found.and_then(|it| it[name].as_str()).unwrap_or("0");
            text.parse::<u64>().unwrap()
        };
        (
            text(&row, "impressions").parse::<u64>().unwrap(),
            count("1d_click"),
            count("28d_click"),
        )
    };
    let fresh = read(&mut meta);
    meta.pass(TimeDelta::days(10));
    let later = read(&mut meta);
    meta.pass(TimeDelta::days(20));
    let settled = read(&mut meta);
    meta.pass(TimeDelta::days(20));
    assert!(
        fresh.0 > later.0,
        "invalid traffic is taken out: {fresh:?} {later:?}"
    );
    assert!(
        fresh.2 < later.2 && later.2 < settled.2,
        "{fresh:?} {later:?} {settled:?}"
    );
    assert_eq!(later.1, settled.1, "the first day's actions are complete");
    assert_eq!(read(&mut meta), settled);
}

#[test]
fn what_is_no_request_is_refused() {
    let mut meta = Meta::new();
    let path = format!("/{ACCOUNT}/insights");
    for (name, value, code) in [
        ("fields", "impressions,nonsense", 100),
        ("level", "planet", 100),
        (
            "time_range",
            r#"{"since":"2026-10-07","until":"2026-10-01"}"#,
            100,
        ),
        (
            "time_range",
            r#"{"since":"2023-01-01","until":"2023-01-02"}"#,
            3018,
        ),
        ("time_increment", "0", 100),
        ("breakdowns", "shoe_size", 100),
        ("action_attribution_windows", r#"["3d_click"]"#, 100),
    ] {
        let answer = meta.call("GET", TOKEN, &path, &[(name, value)]);
        assert_eq!(answer.fault().0, code, "{name}={value}");
    }
    // Windows that have ended are taken, and count nothing.
    let pairs = [
        ("time_range", WEEK),
        ("fields", "actions"),
        ("action_attribution_windows", r#"["7d_view"]"#),
    ];
    assert_eq!(
        meta.get(&path, &pairs)["data"][0]["actions"][0].get("7d_view"),
        None
    );
}

#[test]
fn too_much_at_once_is_refused_and_a_report_takes_its_time() {
    let mut meta = Meta::new();
    meta.control("settings/set", &json!({"report_seconds": 6}));
    let path = format!("/{ACCOUNT}/insights");
    let range = r#"{"since":"2026-09-01","until":"2026-10-31"}"#;
    let pairs = [
        ("level", "ad"),
        ("time_increment", "1"),
        ("time_range", range),
    ];
    let refused = meta.call("GET", TOKEN, &path, &pairs);
    assert_eq!((refused.status, refused.fault()), (500, (1, None)));
    let run = text(
        &meta.call("POST", TOKEN, &path, &pairs).body,
        "report_run_id",
    )
    .to_owned();
    let mut seen = Vec::new();
    for _ in 0..20 {
        let state = meta.get(
            &format!("/{run}"),
            &[("fields", "async_status,async_percent_completion")],
        );
        let status = text(&state, "async_status").to_owned();
        let percent = state["async_percent_completion"].as_u64().unwrap();
        if status == "Job Completed" {
            break;
        }
        let early = meta.call("GET", TOKEN, &format!("/{run}/insights"), &[]);
        assert_eq!(early.fault(), (2601, Some(1_815_107)));
        assert_eq!(early.body["error"]["is_transient"], true);
        seen.push((status, percent));
        meta.pass(TimeDelta::seconds(1));
    }
    assert_eq!(seen[0], ("Job Not Started".to_owned(), 0));
    assert_eq!(seen[1], ("Job Started".to_owned(), 0));
    assert!(seen.contains(&("Job Running".to_owned(), 100)), "{seen:?}");
    let (rows, pages) = meta.walk(TOKEN, &format!("/{run}/insights"), &[("limit", "200")]);
    assert!(rows.len() > 500 && pages > 2, "{} in {pages}", rows.len());
    meta.control("report/lose", &json!({}));
    let lost = meta.call("GET", TOKEN, &format!("/{run}/insights"), &[]);
    assert_eq!(lost.fault(), (2601, Some(1_815_107)));
}

#[test]
fn a_report_that_is_too_big_fails_until_it_is_split() {
    let mut meta = Meta::new();
    let path = format!("/{ACCOUNT}/insights");
    let finish = |meta: &mut Meta, since: &str, until: &str| {
        let range = json!({"since": since, "until": until}).to_string();
        let pairs = [
            ("level", "ad"),
            ("time_increment", "1"),
            ("time_range", range.as_str()),
        ];
        let run = text(
            &meta.call("POST", TOKEN, &path, &pairs).body,
            "report_run_id",
        )
        .to_owned();
        meta.pass(TimeDelta::minutes(2));
        let state = meta.get(&format!("/{run}"), &[("fields", "async_status")]);
        text(&state, "async_status").to_owned()
    };
    assert_eq!(finish(&mut meta, "2025-11-01", "2026-10-31"), "Job Failed");
    assert_eq!(
        finish(&mut meta, "2026-05-01", "2026-10-31"),
        "Job Completed"
    );
}
