//! Consent, codes, tokens, and what takes them away.

use serde_json::json;
use url::Url;

use crossdock_sandbox::visitor;

use super::{Amazon, CLIENT, EU, FE, SECRET, SELLER};
use http::Request;

const APPLICATION: &str = "amzn1.sp.solution.00000000-0000-4000-8000-000000000001";
const DRAFT: &str = "amzn1.sp.solution.00000000-0000-4000-8000-000000000002";
const ACCOUNT: &str = "/sellers/v1/account";
const CALLBACK: &str = "http://127.0.0.1:8080/callback";

/// A form, and the status and code that it is refused with.
type Refused = (&'static [(&'static str, &'static str)], u16, &'static str);

/// Opens the consent page and presses a button; answers where the browser is sent.
fn consent(amazon: &mut Amazon, host: &str, agree: bool) -> Url {
    let page = format!(
        "https://{host}/apps/authorize/consent?application_id={APPLICATION}&state=a-long-state-of-ours&redirect_uri={CALLBACK}"
    );
    let page = amazon.exchange(Request::get(page).body(bytes::Bytes::new()).unwrap());
    assert_eq!(page.status, 200);
    let html = String::from_utf8(page.bytes.to_vec()).unwrap();
    let button = visitor::buttons(&html)
        .into_iter()
        .find(|button| button.says_no() != agree)
        .unwrap();
    let request = Request::post(&button.action).body(button.encoded().into());
    let answer = amazon.exchange(request.unwrap());
    assert_eq!(answer.status, 302);
    answer.header("location").unwrap().parse().unwrap()
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

fn redeem(amazon: &mut Amazon, code: &str, callback: &str) -> super::Answer {
    amazon.post_token(&[
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", callback),
        ("client_id", CLIENT),
        ("client_secret", SECRET),
    ])
}

#[test]
fn a_seller_authorises_the_app() {
    let mut amazon = Amazon::new();
    let back = consent(&mut amazon, "sellercentral.amazon.com", true);
    assert_eq!(parameter(&back, "selling_partner_id").unwrap(), SELLER);
    assert_eq!(parameter(&back, "state").unwrap(), "a-long-state-of-ours");
    let code = parameter(&back, "spapi_oauth_code").unwrap();
    let answer = redeem(&mut amazon, &code, CALLBACK);
    assert_eq!(answer.body["expires_in"], 3600);
    assert_eq!(answer.body["token_type"], "bearer");
    let refresh = answer.body["refresh_token"].as_str().unwrap().to_owned();
    // A code works once, a refresh token again and again, and it stays the same.
    let again = redeem(&mut amazon, &code, CALLBACK);
    assert_eq!(
        (again.status, &again.body["error"]),
        (400, &json!("invalid_grant"))
    );
    for _ in 0..2 {
        let renewed = amazon.refresh(&refresh);
        assert_eq!(renewed.body["refresh_token"], refresh);
    }
    amazon.log_in(&refresh);
    amazon.get(ACCOUNT);
}

#[test]
fn codes_end_after_five_minutes_and_belong_to_their_address() {
    let mut amazon = Amazon::new();
    let mut code = || {
        let back = consent(&mut amazon, "sellercentral.amazon.ca", true);
        parameter(&back, "spapi_oauth_code").unwrap()
    };
    let (late, elsewhere, early) = (code(), code(), code());
    amazon.advance(299);
    assert_eq!(redeem(&mut amazon, &early, CALLBACK).status, 200);
    let other = redeem(&mut amazon, &elsewhere, "http://127.0.0.1:8080/other");
    assert_eq!(other.body["error"], "invalid_grant");
    amazon.advance(1);
    let answer = redeem(&mut amazon, &late, CALLBACK);
    assert_eq!(answer.body["error"], "invalid_grant");
}

#[test]
fn a_seller_can_decline() {
    let mut amazon = Amazon::new();
    let back = consent(&mut amazon, "sellercentral-europe.amazon.com", false);
    assert_eq!(parameter(&back, "error").unwrap(), "access_denied");
    assert!(parameter(&back, "spapi_oauth_code").is_none());
}

#[test]
fn unknown_apps_and_drafts_get_the_page_that_the_platform_shows() {
    let mut amazon = Amazon::new();
    let mut page = |query: String| {
        let url = format!(
            "https://sellercentral.amazon.com/apps/authorize/consent?state=a-long-state-of-ours&{query}"
        );
        let answer = amazon.exchange(Request::get(url).body(bytes::Bytes::new()).unwrap());
        (
            answer.status,
            String::from_utf8(answer.bytes.to_vec()).unwrap(),
        )
    };
    let callback = format!("redirect_uri={CALLBACK}");
    for query in [
        format!("application_id={CLIENT}&{callback}"),
        format!("application_id={DRAFT}&{callback}"),
        format!("application_id={APPLICATION}2&{callback}"),
    ] {
        let (status, html) = page(query);
        assert!(status == 400 && html.contains("MD1000"), "{html}");
    }
    let (_, html) = page(format!(
        "application_id={APPLICATION}&redirect_uri=http://evil.example/"
    ));
    assert!(html.contains("MD5100"), "{html}");
    let (status, _) = page(format!("application_id={DRAFT}&version=beta&{callback}"));
    assert_eq!(status, 200);
}

#[test]
fn tokens_are_asked_for_by_form_or_json_and_refused_as_documented() {
    let mut amazon = Amazon::new();
    let fields = json!({
        "grant_type": "refresh_token",
        "refresh_token": "sbx_lwa_refresh_demo",
        "client_id": CLIENT,
        "client_secret": SECRET,
    });
    let request = Request::post("https://api.amazon.com/auth/o2/token")
        .header("content-type", "application/json")
        .body(fields.to_string().into());
    assert_eq!(amazon.exchange(request.unwrap()).status, 200);
    let refused = |answer: super::Answer| {
        let error = answer.body["error"].as_str().unwrap().to_owned();
        (answer.status, error)
    };
    let answer = amazon.refresh("sbx_lwa_refresh_unknown");
    assert_eq!(refused(answer), (400, "invalid_grant".to_owned()));
    let cases: [Refused; 4] = [
        (&[("grant_type", "refresh_token")], 400, "invalid_request"),
        (
            &[
                ("grant_type", "refresh_token"),
                ("refresh_token", "sbx_lwa_refresh_demo"),
                ("client_id", CLIENT),
                ("client_secret", "sbx_wrong"),
            ],
            401,
            "invalid_client",
        ),
        (
            &[
                ("grant_type", "password"),
                ("client_id", CLIENT),
                ("client_secret", SECRET),
            ],
            400,
            "unsupported_grant_type",
        ),
        (
            &[
                ("grant_type", "client_credentials"),
                ("scope", "profile"),
                ("client_id", CLIENT),
                ("client_secret", SECRET),
            ],
            400,
            "invalid_scope",
        ),
    ];
    for (fields, status, error) in cases {
        let answer = amazon.post_token(fields);
        assert_eq!(refused(answer), (status, error.to_owned()));
    }
}

#[test]
fn an_expired_token_is_a_403_in_the_documented_words() {
    let mut amazon = Amazon::new();
    let expired = (
        403,
        "Unauthorized",
        "The access token you provided has expired.",
    );
    amazon.get(ACCOUNT);
    amazon.advance(3600);
    let answer = amazon.send("GET", ACCOUNT, None);
    assert_eq!(answer.refusal(), expired);
    assert!(answer.header("x-amzn-ratelimit-limit").is_none());
    amazon.log_in("sbx_lwa_refresh_demo");
    amazon.get(ACCOUNT);
    amazon.control("token/expire", &json!({}));
    assert_eq!(amazon.send("GET", ACCOUNT, None).refusal(), expired);
    amazon.log_in("sbx_lwa_refresh_demo");
    amazon.get(ACCOUNT);
}

#[test]
fn missing_and_forged_tokens_are_told_apart() {
    let mut amazon = Amazon::new();
    let good = std::mem::take(&mut amazon.token);
    let answer = amazon.send("GET", ACCOUNT, None);
    assert_eq!(
        answer.refusal().2,
        "Access token is missing in the request header."
    );
    for token in ["sbx_access_forged", "sbx_lwa_refresh_demo"] {
        token.clone_into(&mut amazon.token);
        let answer = amazon.send("GET", ACCOUNT, None);
        assert!(answer.refusal().2.contains("revoked, malformed or invalid"));
    }
    amazon.token = good;
    amazon.get(ACCOUNT);
}

#[test]
fn a_token_is_good_in_its_region_only() {
    let mut amazon = Amazon::new();
    for host in [EU, FE] {
        amazon.host = host;
        assert_eq!(
            amazon.send("GET", ACCOUNT, None).refusal(),
            (403, "Unauthorized", "")
        );
    }
    amazon.log_in("sbx_lwa_refresh_demo_fe");
    let answer = amazon.get("/sellers/v1/marketplaceParticipations");
    assert_eq!(
        answer["payload"][0]["marketplace"]["defaultCurrencyCode"],
        "JPY"
    );
}

#[test]
fn roles_and_the_authorisation_can_be_taken_away() {
    let mut amazon = Amazon::new();
    let role = json!({"role": "selling_partner_insights"});
    amazon.control("role/take", &role);
    assert_eq!(
        amazon.send("GET", ACCOUNT, None).refusal(),
        (403, "Unauthorized", "")
    );
    amazon.control("role/give", &role);
    amazon.get(ACCOUNT);
    amazon.control("seller/revoke", &json!({}));
    assert_eq!(amazon.send("GET", ACCOUNT, None).status, 403);
    let answer = amazon.refresh("sbx_lwa_refresh_demo");
    assert_eq!(answer.body["error"], "invalid_grant");
    // Authorising again helps.
    let back = consent(&mut amazon, "sellercentral.amazon.com", true);
    let code = parameter(&back, "spapi_oauth_code").unwrap();
    let answer = redeem(&mut amazon, &code, CALLBACK);
    amazon.token = answer.body["access_token"].as_str().unwrap().to_owned();
    amazon.get(ACCOUNT);
}

#[test]
fn the_api_hosts_give_no_tokens() {
    let mut amazon = Amazon::new();
    let answer = amazon.send("POST", "/auth/o2/token", None);
    assert_eq!(answer.refusal().1, "MissingAuthenticationToken");
}
