//! The dialog, codes, tokens, proofs, permissions, and how all of them end.

use bytes::Bytes;
use chrono::TimeDelta;
use crossdock_sandbox::visitor::{self, Button};
use http::Request;
use serde_json::json;
use url::Url;

use crate::{APP, Answer, Meta, PAGE, SECRET, TOKEN, len};

const REDIRECT: &str = "https://app.example/callback";

/// Opens the dialog and presses a button; where the browser is sent then.
fn decide(meta: &mut Meta, more: &[(&str, &str)], press: impl Fn(&Button) -> bool) -> Url {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("client_id", APP),
            ("redirect_uri", REDIRECT),
            ("state", "a-state-of-the-app"),
            ("response_type", "code"),
        ])
        .extend_pairs(more)
        .finish();
    let uri = format!("https://www.facebook.com/v26.0/dialog/oauth?{query}");
    let page = meta.send(Request::get(uri).body(Bytes::new()).unwrap());
    assert_eq!(page.status(), 200);
    let html = String::from_utf8(page.into_body().to_vec()).unwrap();
    let button = visitor::buttons(&html).into_iter().find(press).unwrap();
    assert!(button.post);
    let request = Request::post(&button.action).body(Bytes::from(button.encoded()));
    let response = meta.send(request.unwrap());
    assert_eq!(response.status(), 302);
    Url::parse(response.headers()["location"].to_str().unwrap()).unwrap()
}

fn pair(url: &Url, name: &str) -> Option<String> {
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned())
}

fn code(meta: &mut Meta, scopes: &str) -> String {
    let back = decide(meta, &[("scope", scopes)], |button| !button.says_no());
    assert_eq!(pair(&back, "state").as_deref(), Some("a-state-of-the-app"));
    pair(&back, "code").unwrap()
}

fn exchange(meta: &mut Meta, code: &str, redirect: &str) -> Answer {
    let pairs = [
        ("client_id", APP),
        ("client_secret", SECRET),
        ("redirect_uri", redirect),
        ("code", code),
    ];
    meta.plain("GET", "/oauth/access_token", &pairs)
}

fn lengthen(meta: &mut Meta, token: &str) -> Answer {
    let pairs = [
        ("grant_type", "fb_exchange_token"),
        ("client_id", APP),
        ("client_secret", SECRET),
        ("fb_exchange_token", token),
    ];
    meta.plain("GET", "/oauth/access_token", &pairs)
}

fn token(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["access_token"].as_str().unwrap().to_owned()
}

#[test]
fn a_code_is_good_once_in_time_and_for_its_address() {
    let mut meta = Meta::new();
    let first = code(&mut meta, "pages_show_list");
    let other = exchange(&mut meta, &first, "https://app.example/other");
    assert_eq!(other.fault(), (100, Some(36008)));
    let answer = exchange(&mut meta, &first, REDIRECT);
    assert_eq!(answer.body["expires_in"], 5400);
    assert_eq!(
        exchange(&mut meta, &first, REDIRECT).fault(),
        (100, Some(36009))
    );
    let late = code(&mut meta, "pages_show_list");
    meta.pass(TimeDelta::minutes(10));
    assert_eq!(
        exchange(&mut meta, &late, REDIRECT).fault(),
        (100, Some(36007))
    );
    assert_eq!(
        exchange(&mut meta, "nonsense", REDIRECT).fault(),
        (100, None)
    );
}

#[test]
fn the_app_must_know_its_secret() {
    let mut meta = Meta::new();
    let wrong = [
        ("client_id", APP),
        ("client_secret", "wrong"),
        ("code", "x"),
    ];
    assert_eq!(
        meta.plain("GET", "/oauth/access_token", &wrong).fault(),
        (1, None)
    );
    let unknown = [("client_id", "7"), ("client_secret", SECRET), ("code", "x")];
    assert_eq!(
        meta.plain("GET", "/oauth/access_token", &unknown).fault(),
        (101, None)
    );
}

#[test]
fn declining_says_so_to_the_app() {
    let mut meta = Meta::new();
    let back = decide(&mut meta, &[("scope", "ads_read")], Button::says_no);
    assert_eq!(pair(&back, "error").as_deref(), Some("access_denied"));
    assert_eq!(pair(&back, "error_reason").as_deref(), Some("user_denied"));
    assert_eq!(pair(&back, "error_code").as_deref(), Some("200"));
    assert_eq!(pair(&back, "code"), None);
}

#[test]
fn a_short_token_becomes_a_long_one_only_while_it_lives() {
    let mut meta = Meta::new();
    let code = code(&mut meta, "pages_show_list");
    let short = token(&exchange(&mut meta, &code, REDIRECT));
    let long = lengthen(&mut meta, &short);
    assert_eq!(long.body["expires_in"], 60 * 86_400);
    let long = token(&long);
    meta.pass(TimeDelta::minutes(90));
    assert_eq!(
        meta.call("GET", &short, "/me", &[]).fault(),
        (190, Some(463))
    );
    assert_eq!(lengthen(&mut meta, &short).fault(), (190, Some(463)));
    assert_eq!(meta.call("GET", &long, "/me", &[]).status, 200);
    meta.pass(TimeDelta::days(60));
    assert_eq!(lengthen(&mut meta, &long).fault(), (190, Some(463)));
}

#[test]
fn a_page_token_outlives_its_long_lived_user_token_but_not_the_consent() {
    let mut meta = Meta::new();
    let code = code(&mut meta, "pages_show_list,pages_read_engagement");
    let short = token(&exchange(&mut meta, &code, REDIRECT));
    let of = |meta: &mut Meta, token: &str| {
        let pages = meta.get_as(token, "/me/accounts", &[]);
        pages["data"][0]["access_token"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let brief = of(&mut meta, &short);
    let long = token(&lengthen(&mut meta, &short));
    let lasting = of(&mut meta, &long);
    assert_eq!(lasting, of(&mut meta, &long), "the same each time");
    meta.pass(TimeDelta::days(61));
    assert_eq!(
        meta.call("GET", &brief, "/me", &[]).fault(),
        (190, Some(463))
    );
    assert_eq!(meta.get_as(&lasting, "/me", &[])["id"], PAGE);
    assert!(len(&meta.get_as(&lasting, &format!("/{PAGE}/published_posts"), &[])) > 0);
    // Ninety days after the login the token still works, and every list is empty.
    meta.pass(TimeDelta::days(29));
    assert_eq!(
        len(&meta.get_as(&lasting, &format!("/{PAGE}/published_posts"), &[])),
        0
    );
    let app = format!("{APP}|{SECRET}");
    let user = "/10220000000000001/permissions";
    meta.control("token/issue", &json!({}));
    let removed = meta.call("DELETE", TOKEN, user, &[]);
    assert_eq!(removed.body, json!({"success": true}));
    assert_eq!(
        meta.call("GET", &lasting, "/me", &[]).fault(),
        (190, Some(458))
    );
    let pairs = [
        ("input_token", lasting.as_str()),
        ("access_token", app.as_str()),
    ];
    let said = meta.plain("GET", "/debug_token", &pairs).body;
    assert_eq!(said["data"]["is_valid"], false);
    assert_eq!(said["data"]["error"]["subcode"], 458);
}

#[test]
fn debug_token_says_what_a_token_is() {
    let mut meta = Meta::new();
    let back = decide(&mut meta, &[("config_id", "200000000000001")], |button| {
        button.words.contains("one Page")
    });
    let code = pair(&back, "code").unwrap();
    let short = token(&exchange(&mut meta, &code, REDIRECT));
    let app = format!("{APP}|{SECRET}");
    let pairs = [
        ("input_token", short.as_str()),
        ("access_token", app.as_str()),
    ];
    let data = meta.plain("GET", "/debug_token", &pairs).body["data"].clone();
    assert_eq!(data["type"], "USER");
    assert_eq!(data["is_valid"], true);
    assert_eq!(data["expires_at"], meta.now.timestamp() + 5400);
    let granular = data["granular_scopes"].as_array().unwrap();
    assert!(
        granular.iter().all(|it| it["target_ids"] == json!([PAGE])),
        "{granular:?}"
    );
    // Only the page that was chosen is there.
    assert_eq!(len(&meta.get_as(&short, "/me/accounts", &[])), 1);
    assert_eq!(len(&meta.get_as(&short, "/me/adaccounts", &[])), 0);
}

#[test]
fn a_system_user_token_never_expires() {
    let mut meta = Meta::new();
    let more = [
        ("config_id", "200000000000002"),
        ("override_default_response_type", "true"),
    ];
    let back = decide(&mut meta, &more, |button| !button.says_no());
    let code = pair(&back, "code").unwrap();
    let answer = exchange(&mut meta, &code, REDIRECT);
    assert_eq!(answer.body["expires_in"], json!(null));
    let system = token(&answer);
    meta.pass(TimeDelta::days(400));
    assert_eq!(len(&meta.get_as(&system, "/me/accounts", &[])), 2);
}

#[test]
fn every_token_needs_its_own_proof() {
    let mut meta = Meta::new();
    let without = meta.plain("GET", "/me", &[("access_token", TOKEN)]);
    assert_eq!(without.fault(), (100, None));
    assert_eq!(without.body["error"]["type"], "GraphMethodException");
    let page = meta.page_token(PAGE);
    let others = crate::proof(TOKEN);
    let pairs = [
        ("access_token", page.as_str()),
        ("appsecret_proof", others.as_str()),
    ];
    assert_eq!(meta.plain("GET", "/me", &pairs).fault(), (100, None));
    meta.control("settings/set", &json!({"require_proof": false}));
    assert_eq!(
        meta.plain("GET", "/me", &[("access_token", TOKEN)]).status,
        200
    );
    assert_eq!(
        meta.plain("GET", "/me", &pairs).status,
        400,
        "a wrong one is refused still"
    );
    let timed = format!("{TOKEN}|{}", meta.now.timestamp() - 10);
    let proof = crate::proof(&timed);
    let time = (meta.now.timestamp() - 10).to_string();
    let pairs = [
        ("access_token", TOKEN),
        ("appsecret_proof", proof.as_str()),
        ("appsecret_time", time.as_str()),
    ];
    assert_eq!(meta.plain("GET", "/me", &pairs).status, 200);
    meta.pass(TimeDelta::minutes(5));
    assert_eq!(meta.plain("GET", "/me", &pairs).status, 400);
}

#[test]
fn what_is_not_granted_is_refused() {
    let mut meta = Meta::new();
    let issued = meta.control("token/issue", &json!({"scopes": ["pages_show_list"]}));
    let few = issued["token"].as_str().unwrap();
    assert_eq!(
        meta.call("GET", few, "/me/adaccounts", &[]).fault(),
        (200, None)
    );
    let ads = meta.call("GET", few, "/act_400000000000001", &[]);
    assert_eq!((ads.status, ads.fault().0), (403, 200));
    let pages = meta.get_as(few, "/me/accounts", &[]);
    let page = pages["data"][0]["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    for (edge, code) in [
        ("published_posts", 10),
        ("insights", 10),
        ("ratings", 10),
        ("conversations", 10),
        ("leadgen_forms", 200),
        ("subscribed_apps", 200),
    ] {
        let answer = meta.call("GET", &page, &format!("/{PAGE}/{edge}"), &[]);
        assert_eq!((answer.status, answer.fault().0), (403, code), "{edge}");
    }
    let none = meta.control("token/issue", &json!({"scopes": ["ads_read"]}));
    let none = none["token"].as_str().unwrap();
    assert_eq!(len(&meta.get_as(none, "/me/accounts", &[])), 0);
    // One that is taken back is gone at once, and listed as declined.
    meta.call("DELETE", TOKEN, "/me/permissions/ads_read", &[]);
    let permissions = meta.get("/me/permissions", &[]);
    assert!(
        permissions["data"]
            .as_array()
            .unwrap()
            .contains(&json!({"permission": "ads_read", "status": "declined"}))
    );
}

#[test]
fn dead_and_missing_tokens_say_why() {
    let mut meta = Meta::new();
    assert_eq!(meta.plain("GET", "/me", &[]).fault(), (2500, None));
    assert_eq!(
        meta.plain("GET", "/104000000000001", &[]).fault(),
        (104, None)
    );
    assert_eq!(
        meta.call("GET", "nonsense", "/me", &[]).fault(),
        (190, None)
    );
    let issued = meta.control("token/issue", &json!({}));
    let issued = issued["token"].as_str().unwrap();
    meta.control("token/revoke", &json!({"token": issued, "subcode": 459}));
    assert_eq!(
        meta.call("GET", issued, "/me", &[]).fault(),
        (190, Some(459))
    );
    meta.control("user/disconnect", &json!({"subcode": 460}));
    let answer = meta.call("GET", TOKEN, "/me", &[]);
    assert_eq!(answer.fault(), (190, Some(460)));
    assert!(
        answer.headers["www-authenticate"]
            .to_str()
            .unwrap()
            .contains("invalid_token")
    );
}
