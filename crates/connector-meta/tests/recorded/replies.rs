//! Recorded replies of the Graph API: each that belongs to a stream is read and mapped.
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use connector_core::{Connector as _, ErrorKind, Mapped, Operation, Verdict};
use connector_meta::api::{
    Conversation, Insight, Lead, List, Medium, Post, PostWithMetrics, Rating, SharedPage,
};
use connector_meta::{Config, Meta, map};
use connector_testkit::recorded::{bodies, shared};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::shelf::{items, response};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Holds {
    Accounts,
    AccountNumbers,
    Lead,
    Media,
    MediaNumbers,
    Messages,
    PageNumbers,
    PostNumbers,
    Posts,
    Ratings,
    Refusal,
    /// Nothing that a stream reads.
    Nothing,
}

/// What the files hold, by a part of their path. The first that fits counts.
const FILES: [(&str, Holds); 73] = [
    // Other products, ended ones, and what others send to us.
    ("threads/", Holds::Nothing),
    ("webhooks", Holds::Nothing),
    ("whatsapp/", Holds::Nothing),
    ("instagram-wh-", Holds::Nothing),
    ("messaging-seen", Holds::Nothing),
    ("instagram-records/", Holds::Nothing),
    ("check_batch_request", Holds::Nothing),
    // Ads are read by tests of their own.
    ("ads-v2_6-lead", Holds::Lead),
    ("marketing-", Holds::Nothing),
    ("errors/", Holds::Refusal),
    ("ig_login_exception", Holds::Refusal),
    // Instagram.
    ("media_insights_for", Holds::MediaNumbers),
    ("medias-insights", Holds::MediaNumbers),
    ("user_insights", Holds::AccountNumbers),
    ("instagram-api/api.json", Holds::Accounts),
    ("instagram-api/media", Holds::Media),
    ("instagram_basic", Holds::Media),
    ("hashtag_recent_medias", Holds::Media),
    ("hashtag_top_medias", Holds::Media),
    ("medias-media", Holds::Media),
    ("users-medias", Holds::Media),
    ("users-live_medias", Holds::Media),
    ("users-stories", Holds::Media),
    ("stories", Holds::Media),
    ("instagram-media-image", Holds::Media),
    ("igmedia-cci", Holds::Media),
    ("mentioned-media", Holds::Media),
    ("instagram-api/users.json", Holds::Nothing),
    ("instagram-apidata-comments", Holds::Nothing),
    ("medias-comments", Holds::Nothing),
    ("comment_missing_user", Holds::Nothing),
    ("hashtags_info", Holds::Nothing),
    ("searched_hashtags", Holds::Nothing),
    ("product", Holds::Nothing),
    ("publish", Holds::Nothing),
    ("container", Holds::Nothing),
    ("audio-response", Holds::Nothing),
    // Pages.
    ("posts/list-page-posts.p2", Holds::Posts),
    ("scheduled-posts.p3", Holds::Posts),
    ("create-page-photo.p2", Holds::Nothing),
    ("full_connecions", Holds::Posts),
    ("groups-feed", Holds::Posts),
    ("apidata-posts", Holds::Posts),
    ("post-with-comment", Holds::Posts),
    ("post-with-insight", Holds::PostNumbers),
    ("page-with-insights", Holds::PageNumbers),
    ("insight-page", Holds::PageNumbers),
    ("insight/page", Holds::PageNumbers),
    ("issue1082", Holds::MediaNumbers),
    ("opengraphrating", Holds::Ratings),
    ("messages-message", Holds::Messages),
    ("message-", Holds::Messages),
    ("user_accounts", Holds::Accounts),
    ("list-user-pages", Holds::Accounts),
    ("graph-pages/pages/get-page", Holds::Accounts),
    ("graph-pages/pages/get-user", Holds::Nothing),
    ("apidata-pages", Holds::Accounts),
    ("base-objects", Holds::Accounts),
    ("page-with-hours", Holds::Accounts),
    ("page-with-ratings", Holds::Accounts),
    ("graph-pages/comments/", Holds::Accounts),
    ("graph-pages/posts/", Holds::Accounts),
    ("graph-pages/videos/", Holds::Accounts),
    ("webhook-subscriptions/", Holds::Accounts),
    ("connecion_data", Holds::Nothing),
    ("strange-cursor", Holds::Nothing),
    ("restfb-", Holds::Nothing),
    ("apidata-albums", Holds::Nothing),
    ("apidata-comments", Holds::Nothing),
    ("apidata-photos", Holds::Nothing),
    ("videos", Holds::Nothing),
    ("facebook-apidata-", Holds::Nothing),
    ("video", Holds::Nothing),
];

fn read<T: DeserializeOwned>(file: &str, item: &Value) -> T {
    T::deserialize(item).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Counts what was mapped; what wasn't fails.
fn count(file: &str, mapped: impl IntoIterator<Item = Mapped>) -> usize {
    let good = mapped.into_iter().map(|it| match it {
        Ok(record) => assert!(!record.external_id.is_empty(), "{file}"),
        Err(skipped) => panic!("{file}: {skipped:?}"),
    });
    good.count()
}

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

fn today() -> NaiveDate {
    now().date_naive()
}

/// How many records an object becomes.
fn records(file: &str, holds: Holds, item: &Value) -> usize {
    match holds {
        Holds::Accounts => {
            read::<SharedPage>(file, item);
            1
        }
        Holds::AccountNumbers => {
            let insight: Insight = read(file, item);
            assert!(insight.total_value.is_some(), "{file}");
            count(file, map::account_metrics("9", insight, today(), now()))
        }
        Holds::Lead => count(file, [map::lead(read::<Lead>(file, item))]),
        Holds::Media => {
            let item = item.get("mentioned_media").unwrap_or(item);
            count(file, [map::medium("9", read::<Medium>(file, item))])
        }
        Holds::MediaNumbers => count(file, map::medium_metrics("18", read(file, item), today())),
        Holds::Messages => {
            let whole = json!({"id": "t_1", "message_count": 1, "messages": {"data": [item]}});
            let conversation: Conversation = read(file, &whole);
            count(
                file,
                [map::conversation("1", "messenger", &["1"], conversation)],
            )
        }
        Holds::PageNumbers => {
            let list = item.pointer("/insights/data").and_then(Value::as_array);
            let insights = list.cloned().unwrap_or_else(|| vec![item.clone()]);
            let insights = insights
                .iter()
                .map(|insight| read::<Insight>(file, insight));
            let days = insights.flat_map(|insight| map::page_metrics("1", insight, now()));
            count(file, days)
        }
        Holds::PostNumbers => {
            let post: PostWithMetrics = read(file, item);
            count(file, map::post_metrics(post, today()))
        }
        Holds::Posts => count(file, [map::post("1", read::<Post>(file, item))]),
        Holds::Ratings => count(file, [map::rating("1", read::<Rating>(file, item))]),
        Holds::Refusal | Holds::Nothing => 0,
    }
}

#[test]
fn every_recorded_reply_is_read_and_mapped() {
    let Some(folder) = shared("fixtures/meta") else {
        return;
    };
    let mut counts: BTreeMap<Holds, (usize, usize)> = BTreeMap::new();
    for (file, text) in &bodies(&folder).unwrap() {
        let known = FILES.iter().find(|(part, _)| file.contains(part));
        let (_, holds) = *known.unwrap_or_else(|| panic!("{file} belongs to nothing"));
        let (files, found) = counts.entry(holds).or_default();
        *files += 1;
        if !matches!(holds, Holds::Refusal | Holds::Nothing) {
            let items = items(text);
            *found += items
                .iter()
                .map(|it| records(file, holds, it))
                .sum::<usize>();
        }
    }
    for (holds, (files, found)) in &counts {
        println!("{holds:?}: {found} of {files} files");
    }
    let found: Vec<usize> = counts.values().map(|(_, found)| *found).collect();
    assert_eq!(found, [26, 1, 1, 162, 35, 6, 141, 1, 29, 1, 0, 0]);
}

#[test]
fn every_recorded_list_says_where_it_goes_on() {
    let Some(folder) = shared("fixtures/meta") else {
        return;
    };
    let (mut ended, mut going_on) = (0, 0);
    for (file, text) in &bodies(&folder).unwrap() {
        // The Basic Display API was on another host, as Threads is.
        let elsewhere = [
            "instagram_basic",
            "threads/",
            "whatsapp",
            "webhooks",
            ".jsonl",
        ];
        if elsewhere.iter().any(|part| file.contains(part)) {
            continue;
        }
        let Ok(list) = List::<Value>::read(&response(200, text)) else {
            continue;
        };
        match list
            .next()
            .unwrap_or_else(|error| panic!("{file}: {error:?}"))
        {
            Some(next) => {
                let kept = serde_json::to_string(&next).unwrap();
                assert!(!kept.contains("token\":\"MASKED"), "{file}: {kept}");
                going_on += 1;
            }
            None => ended += 1,
        }
    }
    println!("{ended} ended, {going_on} going on");
    assert_eq!((ended, going_on), (49, 21));
}

#[test]
fn recorded_refusals_are_judged() {
    let Some(folder) = shared("fixtures/meta") else {
        return;
    };
    let dialect = Meta::new(Config::app("1", "made-up".to_owned().into())).dialect();
    let mut judged = Vec::new();
    for (file, text) in &bodies(&folder).unwrap() {
        let holds = FILES.iter().find(|(part, _)| file.contains(part));
        if holds.is_none_or(|(_, holds)| *holds != Holds::Refusal) {
            continue;
        }
        let operation = Operation::read("recorded");
        match dialect.judge(operation, &response(400, text), now()) {
            Verdict::Failure(error) => judged.push(error.kind()),
            other => panic!("{file}: {other:?}"),
        }
    }
    assert_eq!(judged, [ErrorKind::RateLimited, ErrorKind::Rejected]);
}
