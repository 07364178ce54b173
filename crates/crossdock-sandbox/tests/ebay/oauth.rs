//! Consent, codes, tokens, and what they open.

use chrono::TimeDelta;
use http::Request;
use serde_json::json;
use url::Url;

use super::{CLIENT, Ebay};

const SCOPES: &str = "https://api.ebay.com/oauth/api_scope/sell.inventory.readonly https://api.ebay.com/oauth/api_scope/commerce.identity.readonly";
const USER: &str = "apiz.ebay.com/commerce/identity/v1/user/";

/// Goes through the consent page; where it leads.
fn consent(ebay: &mut Ebay, runame: &str, agree: bool) -> Url {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", CLIENT.0)
        .append_pair("redirect_uri", runame)
        .append_pair("response_type", "code")
        .append_pair("scope", SCOPES)
        .append_pair("state", "a&b\"c")
        .finish();
    let page = Request::get(format!("https://auth.ebay.com/oauth2/authorize?{query}"));
    let page = ebay.send(page.body(bytes::Bytes::new()).unwrap());
    assert_eq!(page.status, 200, "{}", page.text);
    let button = crossdock_sandbox::visitor::buttons(&page.text)
        .into_iter()
        .find(|button| button.says_no() != agree)
        .unwrap();
    let form = Request::post(button.action.as_str())
        .header("content-type", "application/x-www-form-urlencoded")
        .body(bytes::Bytes::from(button.encoded()));
    let answer = ebay.send(form.unwrap());
    assert_eq!(answer.status, 302, "{}", answer.text);
    Url::parse(answer.headers["location"].to_str().unwrap()).unwrap()
}

fn value(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

#[test]
fn a_code_becomes_tokens_once_and_for_its_runame_only() {
    let mut ebay = Ebay::new();
    ebay.control(
        "register_runame",
        &json!({"runame": "Crossdock-Sandbox-demo", "accept_url": "http://127.0.0.1:1/back?x=y"}),
    );
    let back = consent(&mut ebay, "Crossdock-Sandbox-demo", true);
    assert!(
        back.as_str()
            .starts_with("http://127.0.0.1:1/back?x=y&state=")
    );
    assert_eq!(value(&back, "state").as_deref(), Some("a&b\"c"));
    assert_eq!(value(&back, "expires_in").as_deref(), Some("299"));
    let code = value(&back, "code").unwrap();
    let form = |redirect| {
        [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", redirect),
        ]
    };
    let wrong = ebay.token(&form("http://127.0.0.1:1/back"));
    assert_eq!(
        (wrong.status, &wrong.body["error"]),
        (400, &json!("invalid_request"))
    );
    let tokens = ebay.token(&form("Crossdock-Sandbox-demo")).body;
    assert_eq!(tokens["expires_in"], 7_200);
    assert_eq!(tokens["refresh_token_expires_in"], 47_304_000);
    assert_eq!(tokens["token_type"], "User Access Token");
    let again = ebay.token(&form("Crossdock-Sandbox-demo"));
    assert_eq!(
        (again.status, &again.body["error"]),
        (400, &json!("invalid_grant"))
    );

    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let me = ebay.call("GET", USER, &[("authorization", &bearer)], None);
    assert_eq!(
        (me.status, &me.body["userId"]),
        (200, &json!("sbx_user_demo"))
    );
    let orders = "api.ebay.com/sell/fulfillment/v1/order";
    let refused = ebay.call("GET", orders, &[("authorization", &bearer)], None);
    assert_eq!(refused.error(), (403, 1100));
}

#[test]
fn declining_brings_no_code_and_the_default_leads_to_this_machine() {
    let mut ebay = Ebay::new();
    let back = consent(&mut ebay, "Crossdock-Sandbox-demo", false);
    assert!(back.as_str().starts_with("http://127.0.0.1:9311/callback?"));
    assert!(value(&back, "code").is_none() && value(&back, "state").is_some());
    let own = consent(&mut ebay, "Another-Name", true);
    assert!(
        own.path().ends_with("/_sandbox/pages/ebay/finished"),
        "{own}"
    );
}

#[test]
fn an_address_in_place_of_the_runame_is_refused() {
    let mut ebay = Ebay::new();
    let page = Request::get(format!(
        "https://auth.ebay.com/oauth2/authorize?client_id={}&response_type=code&redirect_uri=https%3A%2F%2Fexample.com&scope=https%3A%2F%2Fapi.ebay.com%2Foauth%2Fapi_scope",
        CLIENT.0
    ));
    let page = ebay.send(page.body(bytes::Bytes::new()).unwrap());
    assert_eq!(page.status, 400);
    assert!(page.text.contains("invalid_request"));
}

#[test]
fn codes_and_tokens_end() {
    let mut ebay = Ebay::new();
    let back = consent(&mut ebay, "Crossdock-Sandbox-demo", true);
    let code = value(&back, "code").unwrap();
    ebay.advance(TimeDelta::seconds(299));
    let late = ebay.token(&[
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", "Crossdock-Sandbox-demo"),
    ]);
    assert_eq!(late.body["error"], "invalid_grant");
    ebay.advance(TimeDelta::seconds(7_200 - 300));
    assert_eq!(ebay.call("GET", USER, &[], None).status, 200);
    ebay.advance(TimeDelta::seconds(1));
    assert_eq!(ebay.call("GET", USER, &[], None).error(), (401, 1001));
}

#[test]
fn renewing_gives_no_refresh_token_and_no_new_scope() {
    let mut ebay = Ebay::new();
    let refresh = ("refresh_token", "sbx_ebay_refresh_demo");
    let all = ebay.token(&[("grant_type", "refresh_token"), refresh]).body;
    assert!(all["access_token"].is_string() && all.get("refresh_token").is_none());
    let scope = "https://api.ebay.com/oauth/api_scope/sell.finances";
    let less = ebay
        .token(&[("grant_type", "refresh_token"), refresh, ("scope", scope)])
        .body;
    let bearer = format!("Bearer {}", less["access_token"].as_str().unwrap());
    let refused = ebay.call("GET", USER, &[("authorization", &bearer)], None);
    assert_eq!(refused.error(), (403, 1100));
    let more = ebay.token(&[
        ("grant_type", "refresh_token"),
        refresh,
        ("scope", "made.up"),
    ]);
    assert_eq!(
        (more.status, &more.body["error"]),
        (400, &json!("invalid_scope"))
    );
}

#[test]
fn environments_know_nothing_of_each_other() {
    let mut ebay = Ebay::new();
    let sandbox = "https://api.sandbox.ebay.com/identity/v1/oauth2/token";
    let own = (
        "CrossdockSandbox-SBX-demo-sandbox",
        "sandbox-ebay-secret-sandbox",
    );
    let form = |token| [("grant_type", "refresh_token"), ("refresh_token", token)];
    let client = ebay.token_of(sandbox, CLIENT, &form("sbx_ebay_refresh_demo"));
    assert_eq!(
        (client.status, &client.body["error"]),
        (401, &json!("invalid_client"))
    );
    let token = ebay.token_of(sandbox, own, &form("sbx_ebay_refresh_demo"));
    assert_eq!(
        (token.status, &token.body["error"]),
        (400, &json!("invalid_grant"))
    );
    let token = ebay.token_of(sandbox, own, &form("sbx_ebay_refresh_demo_sandbox"));
    let bearer = format!("Bearer {}", token.body["access_token"].as_str().unwrap());
    let shown = [("authorization", bearer.as_str())];
    let there = "apiz.sandbox.ebay.com/commerce/identity/v1/user/";
    assert_eq!(ebay.call("GET", there, &shown, None).status, 200);
    assert_eq!(ebay.call("GET", USER, &shown, None).error(), (401, 1001));
}

#[test]
fn revoking_ends_what_the_user_granted() {
    let mut ebay = Ebay::new();
    ebay.control("token/revoke", &json!({}));
    assert_eq!(ebay.call("GET", USER, &[], None).error(), (401, 1001));
    let refused = ebay.token(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", "sbx_ebay_refresh_demo"),
    ]);
    assert_eq!(
        (refused.status, &refused.body["error"]),
        (400, &json!("invalid_grant"))
    );
    // A new consent opens everything again.
    let back = consent(&mut ebay, "Crossdock-Sandbox-demo", true);
    let code = value(&back, "code").unwrap();
    let tokens = ebay.token(&[
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", "Crossdock-Sandbox-demo"),
    ]);
    ebay.user = tokens.body["access_token"].as_str().unwrap().to_owned();
    assert_eq!(ebay.call("GET", USER, &[], None).status, 200);
}

#[test]
fn a_day_has_so_many_calls_and_no_answer_says_how_many() {
    let mut ebay = Ebay::new();
    ebay.sandbox
        .control(
            "ebay",
            "limit/set",
            &json!({"api": "commerce.identity", "limit": 2}),
        )
        .unwrap();
    for _ in 0..2 {
        assert_eq!(ebay.call("GET", USER, &[], None).status, 200);
    }
    let refused = ebay.call("GET", USER, &[], None);
    assert_eq!(refused.error(), (429, 2001));
    assert!(
        refused
            .headers
            .keys()
            .all(|name| !name.as_str().contains("limit"))
    );
    assert!(!refused.headers.contains_key("retry-after"));
    let limits = "api.ebay.com/developer/analytics/v1_beta/rate_limit/?api_name=identity";
    let told = ebay.app("GET", limits, None).body;
    let rate = &told["rateLimits"][0]["resources"][0]["rates"][0];
    assert_eq!((&rate["limit"], &rate["remaining"]), (&json!(2), &json!(0)));
    ebay.advance(TimeDelta::days(1));
    let user = ebay.token(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", "sbx_ebay_refresh_demo"),
    ]);
    ebay.user = user.body["access_token"].as_str().unwrap().to_owned();
    assert_eq!(ebay.call("GET", USER, &[], None).status, 200);
}

#[test]
fn a_missing_or_strange_token_is_refused() {
    let mut ebay = Ebay::new();
    let request = Request::get(format!("https://{USER}")).body(bytes::Bytes::new());
    assert_eq!(ebay.send(request.unwrap()).error(), (400, 1002));
    let odd = ebay.call("GET", USER, &[("authorization", "IAF x")], None);
    assert_eq!(odd.error(), (400, 1003));
    let application = ebay.app("GET", USER, None);
    assert_eq!(application.error(), (403, 1100));
    assert_eq!(
        ebay.call("GET", "apiz.ebay.com/sell/inventory/v1/location", &[], None)
            .error(),
        (404, 2002)
    );
}
