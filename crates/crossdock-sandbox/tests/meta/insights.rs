//! Insights of pages, posts, Instagram accounts and media.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{INSTAGRAM, Meta, PAGE, TOKEN, len};

#[test]
fn a_days_value_carries_the_end_of_the_day_in_pacific_time() {
    let mut meta = Meta::new();
    let token = meta.page_token(PAGE);
    let path = format!("/{PAGE}/insights");
    let pairs = [
        ("metric", "page_media_view,page_follows"),
        ("period", "day"),
        ("since", "2026-10-30"),
        ("until", "2026-11-03"),
    ];
    let answer = meta.get_as(&token, &path, &pairs);
    assert_eq!(len(&answer), 2);
    let ends: Vec<&str> = answer["data"][0]["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value["end_time"].as_str().unwrap())
        .collect();
    // The clocks change on the first of November.
    assert_eq!(
        ends,
        [
            "2026-10-31T07:00:00+0000",
            "2026-11-01T07:00:00+0000",
            "2026-11-02T08:00:00+0000",
            "2026-11-03T08:00:00+0000",
        ]
    );
    assert!(answer["paging"]["next"].is_string() && answer["paging"]["previous"].is_string());
    // Windows go on into the future, with nothing in them.
    let pairs = [
        ("metric", "page_follows"),
        ("since", "2026-12-01"),
        ("until", "2026-12-05"),
    ];
    let future = meta.get_as(&token, &path, &pairs);
    assert_eq!(future["data"][0]["values"], json!([]));
    assert!(future["paging"]["next"].is_string());
}

#[test]
fn one_unknown_metric_fails_the_whole_request() {
    let mut meta = Meta::new();
    let token = meta.page_token(PAGE);
    let page = format!("/{PAGE}/insights");
    for (path, metrics) in [
        (page.clone(), "page_media_view,page_impressions"),
        (page.clone(), ""),
    ] {
        let answer = meta.call("GET", &token, &path, &[("metric", metrics)]);
        assert_eq!(answer.fault(), (100, None), "{metrics}");
    }
    let pairs = [
        ("metric", "page_follows"),
        ("since", "2026-01-01"),
        ("until", "2026-06-01"),
    ];
    assert_eq!(meta.call("GET", &token, &page, &pairs).fault(), (100, None));
    let posts = meta.get_as(&token, &format!("/{PAGE}/feed"), &[("limit", "1")]);
    let post = posts["data"][0]["id"].as_str().unwrap().to_owned();
    let good = meta.get_as(
        &token,
        &format!("/{post}/insights"),
        &[("metric", "post_media_view,post_clicks")],
    );
    assert_eq!(
        good["data"][0]["id"],
        format!("{post}/insights/post_media_view/lifetime")
    );
    let nested = meta.get_as(
        &token,
        &format!("/{post}"),
        &[("fields", "insights.metric(post_clicks){name,values}")],
    );
    assert_eq!(nested["insights"]["data"][0]["name"], "post_clicks");
    let bad = meta.call(
        "GET",
        &token,
        &format!("/{post}/insights"),
        &[("metric", "post_impressions")],
    );
    assert_eq!(bad.fault(), (100, None));
}

#[test]
fn the_last_days_are_still_being_counted() {
    let mut meta = Meta::new();
    let token = meta.page_token(PAGE);
    let read = |meta: &mut Meta| {
        let pairs = [
            ("metric", "page_media_view"),
            ("since", "2026-11-10"),
            ("until", "2026-11-20"),
        ];
        let answer = meta.get_as(&token, &format!("/{PAGE}/insights"), &pairs);
        let values = answer["data"][0]["values"].as_array().unwrap().clone();
        values
            .iter()
            .map(|it| it["value"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    let first = read(&mut meta);
    meta.pass(TimeDelta::days(5));
    let second = read(&mut meta);
    assert_eq!(first[..8], second[..8]);
    assert!(first.iter().sum::<u64>() < second.iter().sum::<u64>());
}

#[test]
fn metrics_of_media_depend_on_their_sort() {
    let mut meta = Meta::new();
    let (media, _) = meta.walk(
        TOKEN,
        &format!("/{INSTAGRAM}/media"),
        &[("fields", "media_product_type,timestamp"), ("limit", "100")],
    );
    let mut faults = Vec::new();
    let mut read = 0;
    for medium in &media {
        let path = format!("/{}/insights", medium["id"].as_str().unwrap());
        let answer = meta.call(
            "GET",
            TOKEN,
            &path,
            &[(
                "metric",
                "views,reach,saved,likes,comments,shares,total_interactions",
            )],
        );
        if answer.status == 200 {
            read += len(&answer.body);
        } else {
            faults.push(answer.fault());
        }
    }
    // Too few viewers, and those from before the account became a professional one.
    assert_eq!(faults.iter().filter(|it| **it == (10, None)).count(), 6);
    assert_eq!(
        faults
            .iter()
            .filter(|it| **it == (100, Some(2_108_006)))
            .count(),
        6
    );
    assert_eq!(read, (140 - 12) * 7);
    let of = |sort: &str| {
        let found = media.iter().find(|it| it["media_product_type"] == sort);
        format!("/{}/insights", found.unwrap()["id"].as_str().unwrap())
    };
    let reel = of("REELS");
    assert_eq!(
        len(&meta.get(&reel, &[("metric", "ig_reels_avg_watch_time")])),
        1
    );
    assert_eq!(
        meta.call("GET", TOKEN, &reel, &[("metric", "profile_visits")])
            .fault(),
        (100, None)
    );
    assert_eq!(
        meta.call("GET", TOKEN, &of("FEED"), &[("metric", "views,plays")])
            .fault(),
        (100, None)
    );
}

#[test]
fn nothing_is_known_of_the_first_hour_nor_of_a_story_that_is_over() {
    let mut meta = Meta::new();
    let story = meta.control("story/add", &json!({}))["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/{story}/insights");
    assert_eq!(
        meta.get(&path, &[("metric", "reach,navigation")]),
        json!({"data": []})
    );
    meta.pass(TimeDelta::hours(2));
    assert_eq!(len(&meta.get(&path, &[("metric", "reach,navigation")])), 2);
    meta.pass(TimeDelta::hours(22));
    assert_eq!(
        meta.get(&path, &[("metric", "reach,navigation")]),
        json!({"data": []})
    );
}

#[test]
fn accounts_have_series_and_totals() {
    let mut meta = Meta::new();
    let path = format!("/{INSTAGRAM}/insights");
    let range = [
        ("period", "day"),
        ("since", "2026-11-10"),
        ("until", "2026-11-15"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [range.as_slice(), more].concat();
    let series = meta.get(&path, &with(&[("metric", "reach")]));
    assert_eq!(series["data"][0]["values"].as_array().unwrap().len(), 5);
    let total = meta.get(
        &path,
        &with(&[
            ("metric", "reach,views"),
            ("metric_type", "total_value"),
            ("breakdown", "follow_type"),
        ]),
    );
    assert_eq!(total["data"][0].get("values"), None);
    let value = &total["data"][0]["total_value"];
    assert_eq!(
        value["breakdowns"][0]["dimension_keys"],
        json!(["follow_type"])
    );
    let sum: u64 = series["data"][0]["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["value"].as_u64().unwrap())
        .sum();
    assert_eq!(value["value"], sum);
    for wrong in [
        with(&[("metric", "views")]),
        with(&[("metric", "impressions")]),
        vec![("metric", "reach")],
        vec![
            ("metric", "reach"),
            ("period", "day"),
            ("since", "2026-09-01"),
            ("until", "2026-11-01"),
        ],
        vec![("metric", "follower_demographics"), ("period", "lifetime")],
    ] {
        assert_eq!(
            meta.call("GET", TOKEN, &path, &wrong).fault(),
            (100, None),
            "{wrong:?}"
        );
    }
    let pairs = [
        ("metric", "follower_demographics"),
        ("period", "lifetime"),
        ("metric_type", "total_value"),
        ("breakdown", "country"),
    ];
    let people = meta.get(&path, &pairs);
    assert!(people["data"][0]["total_value"]["breakdowns"][0]["results"][0]["value"].is_u64());
    let followers = meta.get(&path, &with(&[("metric", "follower_count")]));
    assert_ne!(followers["data"], Value::Null);
}
