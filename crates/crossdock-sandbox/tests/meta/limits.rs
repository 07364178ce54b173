//! Budgets, what headers say of them, batches, and how faults are worded.

use chrono::TimeDelta;
use crossdock_sandbox::{Effect, Fault};
use http::Request;
use serde_json::{Value, json};

use crate::{ACCOUNT, Answer, INSTAGRAM, Meta, PAGE, TOKEN, proof};

fn header(answer: &Answer, name: &str) -> Value {
    let text = answer.headers[name].to_str().unwrap();
    serde_json::from_str(text).unwrap()
}

#[test]
fn every_answer_says_how_its_budget_stands() {
    let mut meta = Meta::new();
    let me = meta.call("GET", TOKEN, "/me", &[]);
    assert_eq!(header(&me, "x-app-usage")["call_count"], 0);
    let media = meta.call("GET", TOKEN, &format!("/{INSTAGRAM}/media"), &[]);
    assert_eq!(
        header(&media, "x-business-use-case-usage")[PAGE][0]["type"],
        "instagram"
    );
    let ads = meta.call("GET", TOKEN, &format!("/{ACCOUNT}/insights"), &[]);
    let usage = header(&ads, "x-business-use-case-usage");
    assert_eq!(usage["400000000000001"][0]["type"], "ads_insights");
    assert_eq!(
        header(&ads, "x-fb-ads-insights-throttle")["acc_id_util_pct"],
        0
    );
    assert_eq!(header(&ads, "x-ad-account-usage")["reset_time_duration"], 0);
}

#[test]
fn what_is_over_the_budget_is_refused_until_the_window_has_passed() {
    let mut meta = Meta::new();
    meta.control(
        "limits/set",
        &json!({"use_case": "ads_insights", "budget": 4}),
    );
    let path = format!("/{ACCOUNT}/insights");
    for count in 1..=4 {
        let answer = meta.call("GET", TOKEN, &path, &[]);
        assert_eq!(answer.status, 200);
        assert_eq!(
            header(&answer, "x-fb-ads-insights-throttle")["app_id_util_pct"],
            count * 25
        );
        meta.pass(TimeDelta::minutes(1));
    }
    let refused = meta.call("GET", TOKEN, &path, &[]);
    assert_eq!(
        (refused.status, refused.fault()),
        (400, (80000, Some(2_446_079)))
    );
    let usage = header(&refused, "x-business-use-case-usage");
    let minutes = usage["400000000000001"][0]["estimated_time_to_regain_access"]
        .as_i64()
        .unwrap();
    assert_eq!(minutes, 57);
    // Another account isn't throttled, nor another use case.
    assert_eq!(
        meta.call("GET", TOKEN, "/act_400000000000002/insights", &[])
            .status,
        200
    );
    assert_eq!(
        meta.call("GET", TOKEN, &format!("/{ACCOUNT}/ads"), &[])
            .status,
        200
    );
    meta.pass(TimeDelta::minutes(minutes));
    assert_eq!(meta.call("GET", TOKEN, &path, &[]).status, 200);
}

#[test]
fn every_use_case_has_its_code() {
    let mut meta = Meta::new();
    let page = meta.page_token(PAGE);
    let cases = [
        ("app", None, TOKEN, "/me".to_owned(), 4),
        ("app", Some(17), TOKEN, "/me".to_owned(), 17),
        ("pages", None, &page, format!("/{PAGE}/feed"), 80001),
        ("pages", Some(32), &page, format!("/{PAGE}/feed"), 32),
        (
            "instagram",
            None,
            TOKEN,
            format!("/{INSTAGRAM}/media"),
            80002,
        ),
        (
            "ads_management",
            None,
            TOKEN,
            format!("/{ACCOUNT}/ads"),
            80004,
        ),
        (
            "ads_management",
            Some(613),
            TOKEN,
            format!("/{ACCOUNT}/ads"),
            613,
        ),
        (
            "leadgen",
            None,
            &page,
            format!("/{PAGE}/leadgen_forms"),
            80005,
        ),
        (
            "messenger",
            None,
            &page,
            format!("/{PAGE}/conversations"),
            80006,
        ),
        (
            "catalog_management",
            None,
            TOKEN,
            "/500000000000001/products".to_owned(),
            80009,
        ),
    ];
    for (use_case, code, token, path, refusal) in cases {
        meta.control(
            "throttle/hold",
            &json!({"use_case": use_case, "minutes": 3, "code": code}),
        );
        let answer = meta.call("GET", token, &path, &[]);
        assert_eq!(
            (answer.status, answer.fault().0),
            (400, refusal),
            "{use_case}"
        );
        meta.pass(TimeDelta::minutes(3));
        assert_eq!(
            meta.call("GET", token, &path, &[]).status,
            200,
            "{use_case}"
        );
    }
}

#[test]
fn a_batch_answers_each_part_and_counts_each() {
    let mut meta = Meta::new();
    meta.control("limits/set", &json!({"use_case": "app", "budget": 100}));
    let parts: Vec<Value> = (0..3)
        .map(|_| json!({"method": "GET", "relative_url": "me?fields=id,name"}))
        .chain([json!({"method": "GET", "relative_url": "v26.0/999"})])
        .collect();
    let answer = meta.call("POST", TOKEN, "/", &[("batch", &json!(parts).to_string())]);
    let codes: Vec<&Value> = answer
        .body
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["code"])
        .collect();
    assert_eq!(codes, [200, 200, 200, 400]);
    let body: Value = serde_json::from_str(answer.body[0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["id"], "10220000000000001");
    let after = meta.call("GET", TOKEN, "/me", &[]);
    assert_eq!(header(&after, "x-app-usage")["call_count"], 4);
    let many = json!(vec![json!({"relative_url": "me"}); 51]).to_string();
    assert_eq!(
        meta.call("POST", TOKEN, "/", &[("batch", &many)]).status,
        400
    );
}

#[test]
fn tokens_may_come_in_a_header_and_parameters_in_a_form() {
    let mut meta = Meta::new();
    let uri = format!(
        "https://graph.facebook.com/v26.0/me?appsecret_proof={}",
        proof(TOKEN)
    );
    let request = Request::get(&uri).header("authorization", format!("Bearer {TOKEN}"));
    let response = meta.send(request.body(bytes::Bytes::new()).unwrap());
    assert_eq!(response.status(), 200);
    // What isn't ASCII is escaped.
    assert!(response.body().is_ascii());
    assert!(String::from_utf8_lossy(response.body()).contains("\\u00f3"));
    let page = meta.page_token(PAGE);
    let form = format!(
        "subscribed_fields=leadgen&access_token={page}&appsecret_proof={}",
        proof(&page)
    );
    let uri = format!("https://graph.facebook.com/v26.0/{PAGE}/subscribed_apps");
    let request = Request::post(uri).header("content-type", "application/x-www-form-urlencoded");
    let response = meta.send(request.body(form.into()).unwrap());
    assert_eq!(response.body().as_ref(), br#"{"success":true}"#);
}

#[test]
fn faults_are_worded_as_the_platform_words_them() {
    let mut meta = Meta::new();
    for (code, fault) in [(503, 2), (500, 1)] {
        meta.sandbox.inject(Fault::new(Effect::Status {
            code,
            headers: std::collections::BTreeMap::new(),
            body: None,
        }));
        let answer = meta.call("GET", TOKEN, "/me", &[]);
        assert_eq!((answer.status, answer.fault().0), (code, fault));
    }
}
