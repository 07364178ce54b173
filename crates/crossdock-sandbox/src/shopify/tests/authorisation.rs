//! Consent, codes, renewal and its recovery, revocation.

use super::*;

#[test]
fn the_consent_page_names_the_scopes_and_refuses_what_is_wrong() {
    let mut bench = Bench::new();
    let good = "/admin/oauth/authorize?client_id=sandbox-shopify-app&scope=read_products\
        &redirect_uri=http%3A%2F%2F127.0.0.1%3A7000%2Fcallback&state=0123456789abcdef";
    let answer = bench.ask(Method::GET, DEMO, good, &[], "");
    assert_eq!(answer.status(), StatusCode::OK);
    let page = String::from_utf8(answer.body().to_vec()).unwrap();
    assert!(page.contains("read_products") && page.contains("/_sandbox/pages/shopify/consent"));
    for (part, wrong) in [
        ("sandbox-shopify-app", "another-app"),
        ("0123456789abcdef", "short"),
        ("http%3A%2F%2F127.0.0.1", "http%3A%2F%2Fevil.example"),
        ("read_products", "read_minds"),
    ] {
        let answer = bench.ask(Method::GET, DEMO, &good.replace(part, wrong), &[], "");
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[test]
fn denying_sends_back_an_error_and_no_code() {
    let back = Bench::new().consent("read_products", "deny");
    let query: Vec<(String, String)> = back.query_pairs().into_owned().collect();
    assert!(query.contains(&("error".to_owned(), "access_denied".to_owned())));
    assert!(query.contains(&("state".to_owned(), "0123456789abcdef".to_owned())));
    assert!(!query.iter().any(|(key, _)| key == "code"));
}

#[test]
fn the_callback_is_signed_over_everything_in_it() {
    let back = Bench::new().consent("read_products", "approve");
    let query: Vec<(String, String)> = back.query_pairs().into_owned().collect();
    let hmac = query
        .iter()
        .find(|(key, _)| key == "hmac")
        .unwrap()
        .1
        .clone();
    assert_eq!(oauth::hex_digest(oauth::CLIENT_SECRET, &query), hmac);
    let keys: Vec<&str> = query.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["code", "hmac", "host", "shop", "state", "timestamp"]);
}

#[test]
fn a_code_works_once_and_for_a_minute() {
    let mut bench = Bench::new();
    let code = bench.code("read_products");
    assert_eq!(bench.token(json!({ "code": code })).0, StatusCode::OK);
    assert_eq!(
        bench.token(json!({ "code": code })).0,
        StatusCode::BAD_REQUEST
    );
    let late = bench.code("read_products");
    bench.wait(TimeDelta::seconds(60));
    assert_eq!(
        bench.token(json!({ "code": late })).0,
        StatusCode::BAD_REQUEST
    );
}

#[test]
fn a_form_is_as_good_as_json_and_a_wrong_secret_is_refused() {
    let mut bench = Bench::new();
    let code = bench.code("read_products");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let path = "/admin/oauth/access_token";
    let wrong = format!("client_id=sandbox-shopify-app&client_secret=guess&code={code}");
    let answer = bench.ask(Method::POST, DEMO, path, &form, &wrong);
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    let right =
        format!("client_id=sandbox-shopify-app&client_secret=sandbox-shopify-secret&code={code}");
    let answer = bench.ask(Method::POST, DEMO, path, &form, &right);
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(body["scope"], "read_products");
    assert!(body.get("refresh_token").is_none() && body.get("expires_in").is_none());
}

#[test]
fn an_access_token_ends_after_an_hour() {
    let mut bench = Bench::new();
    let token = bench.connect(SCOPES);
    bench.wait(TimeDelta::seconds(3_599));
    let ask = json!({ "query": "{ shop { name } }" });
    assert_eq!(bench.post(&token, "2026-10", &ask).0, StatusCode::OK);
    bench.wait(TimeDelta::seconds(1));
    let (status, body) = bench.post(&token, "2026-10", &ask);
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(body["errors"].is_string());
}

fn pair(bench: &mut Bench) -> (String, String) {
    let code = bench.code("read_products");
    let (_, body) = bench.token(json!({ "code": code, "expiring": "1" }));
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    (text("access_token"), text("refresh_token"))
}

fn renew(bench: &mut Bench, refresh: &str) -> Result<(String, String), Value> {
    let asked = json!({ "grant_type": "refresh_token", "refresh_token": refresh });
    let (status, body) = bench.token(asked);
    if status == StatusCode::OK {
        assert_eq!(body["expires_in"], 3_600);
        assert_eq!(body["refresh_token_expires_in"], 7_776_000);
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        Ok((text("access_token"), text("refresh_token")))
    } else {
        assert_eq!(status, StatusCode::BAD_REQUEST);
        Err(body["error"].clone())
    }
}

#[test]
fn a_used_refresh_token_works_until_its_replacement_is_used() {
    let mut bench = Bench::new();
    let (_, first) = pair(&mut bench);
    let (_, lost) = renew(&mut bench, &first).unwrap();
    // The answer got lost: the same token renews again.
    let (access, second) = renew(&mut bench, &first).unwrap();
    assert_ne!(lost, second);
    bench.graphql(&access, "{ shop { name } }", Value::Null);
    assert_eq!(renew(&mut bench, &first), Err("invalid_grant".into()));
    assert!(renew(&mut bench, &second).is_ok());
}

#[test]
fn renewing_with_the_replacement_retires_what_it_replaced_too() {
    let mut bench = Bench::new();
    let (_, first) = pair(&mut bench);
    let (_, second) = renew(&mut bench, &first).unwrap();
    renew(&mut bench, &second).unwrap();
    assert_eq!(renew(&mut bench, &first), Err("invalid_grant".into()));
}

#[test]
fn a_used_refresh_token_ends_thirty_days_after_its_first_use() {
    let mut bench = Bench::new();
    let (_, first) = pair(&mut bench);
    renew(&mut bench, &first).unwrap();
    bench.wait(TimeDelta::days(30));
    assert_eq!(renew(&mut bench, &first), Err("invalid_grant".into()));
    let (_, unused) = pair(&mut bench);
    bench.wait(TimeDelta::days(90));
    assert_eq!(renew(&mut bench, &unused), Err("invalid_grant".into()));
}

#[test]
fn an_old_token_is_exchanged_once() {
    let mut bench = Bench::new();
    let code = bench.code("read_products");
    let (_, body) = bench.token(json!({ "code": code, "expiring": "0" }));
    let offline = "urn:shopify:params:oauth:token-type:offline-access-token";
    let asked = json!({
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": body["access_token"],
        "subject_token_type": offline,
        "requested_token_type": offline,
        "expiring": "1",
    });
    let (status, pair) = bench.token(asked.clone());
    assert_eq!(status, StatusCode::OK, "{pair}");
    assert_eq!(pair["expires_in"], 3_600);
    assert_eq!(bench.token(asked).0, StatusCode::BAD_REQUEST);
}

#[test]
fn uninstalling_ends_everything_and_installing_again_works() {
    let mut bench = Bench::new();
    let token = bench.connect(SCOPES);
    let path = "/admin/api_permissions/current.json";
    let headers = [("x-shopify-access-token", token.as_str())];
    assert_eq!(
        bench.ask(Method::DELETE, DEMO, path, &headers, "").status(),
        StatusCode::OK
    );
    let answer = bench.ask(Method::DELETE, DEMO, path, &headers, "");
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let token = bench.connect(SCOPES);
    bench.graphql(&token, "{ shop { name } }", Value::Null);
}

#[test]
fn tokens_outlive_the_sandbox_that_issued_them_but_not_their_shop() {
    let mut before = Bench::new();
    let (access, refresh) = pair(&mut before);
    let mut after = Bench::new();
    after.graphql(&access, "{ shop { name } }", Value::Null);
    renew(&mut after, &refresh).unwrap();
    let headers = [
        ("content-type", "application/json"),
        ("x-shopify-access-token", access.as_str()),
    ];
    let path = "/admin/api/2026-10/graphql.json";
    let other = after.ask(
        Method::POST,
        EMPTY,
        path,
        &headers,
        r#"{"query":"{shop{name}}"}"#,
    );
    assert_eq!(other.status(), StatusCode::UNAUTHORIZED);
}

#[test]
fn the_custom_token_opens_every_shop() {
    let mut bench = Bench::new();
    let token = bench.control("token/custom", &json!({}))["access_token"].clone();
    bench.wait(TimeDelta::days(4_000));
    for token in [token.as_str().unwrap(), "sbx_custom_app_demo"] {
        bench.graphql(token, "{ shop { name } }", Value::Null);
    }
}
