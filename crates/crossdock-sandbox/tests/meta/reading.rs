//! Nodes, edges, fields and pages of lists.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{ACCOUNT, INSTAGRAM, Meta, PAGE, TOKEN, len};

#[test]
fn fields_are_what_is_asked_for() {
    let mut meta = Meta::new();
    assert_eq!(
        meta.get("/me", &[]),
        json!({"id": "10220000000000001", "name": "Ljósbjörg Myndadóttir"})
    );
    let fields = "id,name,tasks,instagram_business_account{id,username,followers_count}";
    let pages = meta.get("/me/accounts", &[("fields", fields)]);
    let first = &pages["data"][0];
    assert_eq!(
        first["instagram_business_account"]["username"],
        "ljosbrot.studio"
    );
    assert_eq!(first.as_object().unwrap().len(), 4);
    assert_eq!(pages["data"][1]["instagram_business_account"], Value::Null);
    let unknown = meta.call("GET", TOKEN, "/me", &[("fields", "id,nonsense")]);
    assert_eq!(unknown.fault(), (100, None));
    let broken = meta.call("GET", TOKEN, "/me", &[("fields", "id,accounts{")]);
    assert_eq!(broken.fault(), (2500, None));
    assert_eq!(
        meta.call("GET", TOKEN, "/me/nonsense", &[]).fault(),
        (100, None)
    );
    assert_eq!(
        meta.call("GET", TOKEN, "/999", &[]).fault(),
        (100, Some(33))
    );
    assert_eq!(
        meta.call("GET", TOKEN, "/me/a/b", &[]).fault(),
        (2500, None)
    );
    let both = meta.get(
        "/",
        &[
            ("ids", "104000000000001,104000000000002"),
            ("fields", "name"),
        ],
    );
    assert_eq!(both.as_object().unwrap().len(), 2);
}

#[test]
fn lists_end_where_next_is_missing() {
    let mut meta = Meta::new();
    let token = meta.page_token(PAGE);
    let path = format!("/{PAGE}/published_posts");
    let first = meta.get_as(&token, &path, &[("fields", "id"), ("limit", "10")]);
    assert_eq!(len(&first), 10);
    // Posts that are withheld leave whole pages empty, and more behind them.
    let (posts, pages) = meta.walk(
        &token,
        &path,
        &[("fields", "id,created_time"), ("limit", "10")],
    );
    assert_eq!((posts.len(), pages), (90, 12));
    let ids: BTreeSet<&str> = posts.iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 90);
    let times: Vec<&str> = posts
        .iter()
        .map(|it| it["created_time"].as_str().unwrap())
        .collect();
    assert!(times.is_sorted_by(|one, two| one >= two));
    // The cursor is on the last page too; what is after it is empty and has no paging.
    let whole = meta.get(&format!("/{ACCOUNT}/campaigns"), &[("limit", "100")]);
    let after = whole["paging"]["cursors"]["after"].as_str().unwrap();
    assert_eq!(whole["paging"]["next"], Value::Null);
    let end = meta.get(&format!("/{ACCOUNT}/campaigns"), &[("after", after)]);
    assert_eq!(end, json!({"data": []}));
    for wrong in ["0", "-1", "x"] {
        let answer = meta.call("GET", &token, &path, &[("limit", wrong)]);
        assert_eq!(answer.fault(), (100, None), "{wrong}");
    }
    assert_eq!(
        meta.call("GET", &token, &path, &[("after", "!")]).fault(),
        (100, None)
    );
}

#[test]
fn a_list_can_grow_between_two_pages() {
    let mut meta = Meta::new();
    let path = format!("/{INSTAGRAM}/media");
    let first = meta.get(&path, &[("limit", "100")]);
    let after = first["paging"]["cursors"]["after"]
        .as_str()
        .unwrap()
        .to_owned();
    meta.control("media/add", &json!({}));
    let rest = meta.get(&path, &[("limit", "100"), ("after", &after)]);
    assert_eq!(len(&first) + len(&rest), 140);
    assert!(rest["paging"]["previous"].is_string());
}

#[test]
fn ranges_of_time_pick_posts_and_media() {
    let mut meta = Meta::new();
    let token = meta.page_token(PAGE);
    let posts = format!("/{PAGE}/feed");
    let all = meta.get_as(
        &token,
        &posts,
        &[("fields", "created_time"), ("limit", "20")],
    );
    let time = |index: usize| {
        all["data"][index]["created_time"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (late, early) = (time(3), time(9));
    let pairs = [
        ("since", early.as_str()),
        ("until", late.as_str()),
        ("limit", "100"),
    ];
    assert_eq!(
        len(&meta.get_as(&token, &posts, &pairs)),
        7,
        "both ends are included"
    );
    let media = format!("/{INSTAGRAM}/media");
    let since = (meta.now - TimeDelta::days(40)).timestamp().to_string();
    let some = meta.get(
        &media,
        &[("since", &since), ("fields", "timestamp"), ("limit", "100")],
    );
    assert!((5..40).contains(&len(&some)), "{}", len(&some));
    assert_eq!(
        meta.call("GET", TOKEN, &media, &[("since", "soon")])
            .fault(),
        (100, None)
    );
}

#[test]
fn edges_of_a_page_need_its_own_token() {
    let mut meta = Meta::new();
    for edge in [
        "published_posts",
        "insights",
        "conversations",
        "subscribed_apps",
    ] {
        let answer = meta.call("GET", TOKEN, &format!("/{PAGE}/{edge}"), &[]);
        assert_eq!(answer.fault(), (210, None), "{edge}");
    }
    let token = meta.page_token("104000000000002");
    let other = meta.call("GET", &token, &format!("/{PAGE}/feed"), &[]);
    assert_eq!(other.fault(), (100, Some(33)));
}

#[test]
fn addresses_of_pictures_change_with_each_read() {
    let mut meta = Meta::new();
    let read = |meta: &mut Meta| {
        let page = meta.get(
            &format!("/{INSTAGRAM}/media"),
            &[("fields", "media_url"), ("limit", "1")],
        );
        page["data"][0]["media_url"].as_str().unwrap().to_owned()
    };
    let first = read(&mut meta);
    meta.pass(TimeDelta::seconds(1));
    let second = read(&mut meta);
    assert_ne!(first, second);
    assert_eq!(first.split('?').next(), second.split('?').next());
}

#[test]
fn stories_are_there_for_a_day() {
    let mut meta = Meta::new();
    let path = format!("/{INSTAGRAM}/stories");
    assert_eq!(len(&meta.get(&path, &[])), 0);
    meta.control("story/add", &json!({"text": "Í dag"}));
    let stories = meta.get(&path, &[("fields", "media_product_type")]);
    assert_eq!(stories["data"][0]["media_product_type"], "STORY");
    meta.pass(TimeDelta::hours(24));
    assert_eq!(len(&meta.get(&path, &[])), 0);
}

#[test]
fn conversations_come_with_their_messages_the_last_written_to_first() {
    let mut meta = Meta::new();
    let token = meta.page_token(PAGE);
    let path = format!("/{PAGE}/conversations");
    let fields = "id,updated_time,participants,messages.limit(3){id,created_time,from,message}";
    let (threads, _) = meta.walk(
        &token,
        &path,
        &[("platform", "messenger"), ("fields", fields)],
    );
    assert_eq!(threads.len(), 40);
    let times: Vec<&str> = threads
        .iter()
        .map(|it| it["updated_time"].as_str().unwrap())
        .collect();
    assert!(times.is_sorted_by(|one, two| one >= two));
    for thread in &threads {
        assert_eq!(
            thread["messages"]["data"][0]["created_time"],
            thread["updated_time"]
        );
    }
    let (others, _) = meta.walk(&token, &path, &[("platform", "instagram")]);
    assert_eq!(others.len(), 20);
    let last = threads[39]["id"].as_str().unwrap();
    meta.control("message/receive", &json!({"id": last, "text": "Hæ aftur"}));
    let first = meta.get_as(&token, &path, &[("limit", "1"), ("fields", fields)]);
    assert_eq!(first["data"][0]["id"], last);
    assert_eq!(
        first["data"][0]["messages"]["data"][0]["message"],
        "Hæ aftur"
    );
    // Since v26.0 a range of time can be asked for.
    let since = (meta.now - TimeDelta::minutes(1))
        .timestamp_millis()
        .to_string();
    assert_eq!(
        len(&meta.get_as(&token, &path, &[("updated_after_ms", &since)])),
        1
    );
}

#[test]
fn recommendations_can_be_refused_as_deprecated() {
    let mut meta = Meta::new();
    let token = meta.page_token(PAGE);
    let path = format!("/{PAGE}/ratings");
    let fields = "created_time,recommendation_type,review_text,rating,open_graph_story{id}";
    let (ratings, pages) = meta.walk(&token, &path, &[("fields", fields)]);
    assert_eq!((ratings.len(), pages), (31, 2));
    assert!(
        ratings
            .iter()
            .all(|it| it.get("id").is_none() && it["open_graph_story"]["id"].is_string())
    );
    meta.control("settings/set", &json!({"ratings_deprecated": true}));
    assert_eq!(meta.call("GET", &token, &path, &[]).fault(), (12, None));
}

#[test]
fn leads_are_kept_for_ninety_days() {
    let mut meta = Meta::new();
    let token = meta.page_token(PAGE);
    let forms = meta.get_as(
        &token,
        &format!("/{PAGE}/leadgen_forms"),
        &[("fields", "id,leads_count")],
    );
    let form = forms["data"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/{form}/leads");
    let fields = "id,created_time,ad_id,campaign_id,form_id,field_data,is_organic,platform";
    let (leads, _) = meta.walk(&token, &path, &[("fields", fields)]);
    assert!(leads.len() < 80 && leads.len() > 25, "{}", leads.len());
    assert!(
        leads
            .iter()
            .any(|it| it["is_organic"] == true && it.get("ad_id").is_none())
    );
    assert!(
        leads
            .iter()
            .any(|it| it["is_organic"] == false && it["ad_id"].is_string())
    );
    // Greater is greater: what came at that very second isn't there.
    let second = "2026-10-31T21:00:00+0000";
    assert_eq!(leads[0]["created_time"], second);
    let at = second.parse::<chrono::DateTime<chrono::FixedOffset>>();
    let at = at.unwrap_or_else(|_| {
        chrono::DateTime::parse_from_str(second, "%Y-%m-%dT%H:%M:%S%z").unwrap()
    });
    for (operator, count) in [("GREATER_THAN", 0), ("GREATER_THAN_OR_EQUAL", 1)] {
        let filtering =
            json!([{"field": "time_created", "operator": operator, "value": at.timestamp()}]);
        let some = meta.get_as(&token, &path, &[("filtering", &filtering.to_string())]);
        assert_eq!(len(&some), count, "{operator}");
    }
    meta.pass(TimeDelta::days(91));
    assert_eq!(len(&meta.get_as(&token, &path, &[])), 0);
}

#[test]
fn the_catalogue_is_found_through_the_business() {
    let mut meta = Meta::new();
    let businesses = meta.get("/me/businesses", &[]);
    let business = businesses["data"][0]["id"].as_str().unwrap().to_owned();
    let catalogs = meta.get(&format!("/{business}/owned_product_catalogs"), &[]);
    let catalog = catalogs["data"][0]["id"].as_str().unwrap().to_owned();
    let fields = "id,retailer_id,name,price,currency,availability";
    let (products, pages) = meta.walk(
        TOKEN,
        &format!("/{catalog}/products"),
        &[("fields", fields)],
    );
    assert_eq!((products.len(), pages), (60, 3));
    let currencies: BTreeSet<&str> = products
        .iter()
        .map(|it| it["currency"].as_str().unwrap())
        .collect();
    assert_eq!(currencies, BTreeSet::from(["EUR", "JPY", "USD"]));
    assert!(
        products
            .iter()
            .all(|it| it["price"].as_str().unwrap().starts_with(['€', '¥', '$']))
    );
}

#[test]
fn ended_versions_are_answered_and_unknown_ones_refused() {
    let mut meta = Meta::new();
    for (asked, answering) in [("v3.3", "v21.0"), ("v24.0", "v24.0"), ("v26.0", "v26.0")] {
        let uri = format!(
            "https://graph.facebook.com/{asked}/me?access_token={TOKEN}&appsecret_proof={}",
            crate::proof(TOKEN)
        );
        let response = meta.send(http::Request::get(uri).body(bytes::Bytes::new()).unwrap());
        assert_eq!(response.headers()["facebook-api-version"], answering);
    }
    let uri = "https://graph.facebook.com/v99.0/me";
    let response = meta.send(http::Request::get(uri).body(bytes::Bytes::new()).unwrap());
    assert_eq!(response.status(), 400);
}

#[test]
fn the_census_is_what_a_complete_sync_finds() {
    let mut meta = Meta::new();
    let census = meta.sandbox.census()["meta"].clone();
    let mut posts = 0;
    for page in [PAGE, "104000000000002"] {
        let token = meta.page_token(page);
        posts += meta
            .walk(&token, &format!("/{page}/published_posts"), &[])
            .0
            .len();
    }
    assert_eq!(census["page_posts"], u64::try_from(posts).unwrap());
    assert_eq!(census["instagram_media"], 140);
    assert_eq!(census["products"], 60);
    assert_eq!(census["reviews"], 34);
    assert_eq!(census["conversations"], 64);
    assert_eq!(census["ad_campaigns"], 8);
}

#[test]
fn a_batch_of_changes_is_worked_on_later_and_refuses_items_one_by_one() {
    let mut meta = Meta::new();
    let path = "/500000000000001";
    let requests = json!([
        {"method": "UPDATE", "data": {"id": "LJB-0001", "price": "12.50 EUR"}},
        {"method": "DELETE", "data": {"id": "LJB-0002"}},
        {"method": "UPDATE", "data": {"id": "NEW-1", "title": "Ný vara", "price": "990 JPY"}},
        {"method": "UPDATE", "data": {"id": "LJB-0003", "price": "cheap"}},
        {"method": "DELETE", "data": {"id": "NOT-THERE"}},
    ])
    .to_string();
    let pairs = [
        ("item_type", "PRODUCT_ITEM"),
        ("requests", requests.as_str()),
    ];
    let taken = meta.call("POST", TOKEN, &format!("{path}/items_batch"), &pairs);
    let handle = taken.body["handles"][0].as_str().unwrap().to_owned();
    let ask = |meta: &mut Meta| {
        let status = meta.get(
            &format!("{path}/check_batch_request_status"),
            &[("handle", &handle)],
        );
        status["data"][0].clone()
    };
    assert_eq!(ask(&mut meta)["status"], "started");
    meta.pass(TimeDelta::seconds(2));
    assert_eq!(ask(&mut meta)["status"], "in_progress");
    meta.pass(TimeDelta::seconds(2));
    let done = ask(&mut meta);
    assert_eq!(done["status"], "finished");
    assert_eq!(
        done["ids_of_invalid_requests"],
        json!(["LJB-0003", "NOT-THERE"])
    );
    assert_eq!(done["errors_total_count"], 2);
    let (products, _) = meta.walk(
        TOKEN,
        &format!("{path}/products"),
        &[("fields", "retailer_id,price,name")],
    );
    assert_eq!(products.len(), 60);
    let of = |sku: &str| products.iter().find(|it| it["retailer_id"] == sku);
    assert_eq!(of("LJB-0001").unwrap()["price"], "€12.50");
    assert_eq!(of("NEW-1").unwrap()["name"], "Ný vara");
    assert!(of("LJB-0002").is_none());
    let wrong = meta.call(
        "GET",
        TOKEN,
        &format!("{path}/check_batch_request_status"),
        &[("handle", "x")],
    );
    assert_eq!(wrong.fault(), (100, None));
}
