//! Consent, Basic authentication, rotation, hosts, scopes.

use http::Request;
use serde_json::json;

use super::{API, Pinterest};

const TRIAL: &str = "https://api-sandbox.pinterest.com/v5";
const ASKED: &str = "client_id=1000001&response_type=code&scope=boards:read,pins:read&state=abcdefghijklmnop&redirect_uri=https%3A%2F%2Fapp.example%2Fback";

fn consent(pinterest: &mut Pinterest, decision: &str) -> String {
    let page = pinterest.send(
        Request::get(format!("https://www.pinterest.com/oauth/?{ASKED}")),
        String::new(),
    );
    assert_eq!(page.status, 200, "{}", page.text);
    assert_eq!(
        crossdock_sandbox::visitor::buttons(&page.text).len(),
        2,
        "{}",
        page.text
    );
    let answer = pinterest.send(
        Request::post("/_sandbox/pages/pinterest/consent"),
        format!("{ASKED}&decision={decision}"),
    );
    assert_eq!(answer.status, 302, "{}", answer.text);
    answer.header("location").to_owned()
}

#[test]
fn a_code_is_bought_once_and_gives_what_was_granted() {
    let mut pinterest = Pinterest::new();
    let back = consent(&mut pinterest, "approve");
    let back: url::Url = back.parse().unwrap();
    let pairs: Vec<(String, String)> = back.query_pairs().into_owned().collect();
    assert_eq!(pairs[1], ("state".into(), "abcdefghijklmnop".into()));
    let form = format!(
        "grant_type=authorization_code&code={}&redirect_uri=https%3A%2F%2Fapp.example%2Fback",
        pairs[0].1
    );
    let grant = pinterest.exchange(API, &form);
    assert_eq!(grant.status, 200, "{}", grant.text);
    assert_eq!(grant.body["scope"], "boards:read pins:read");
    assert_eq!(grant.body["expires_in"], 2_592_000);
    assert_eq!(grant.body["refresh_token_expires_in"], 5_184_000);
    assert_eq!(pinterest.exchange(API, &form).status, 400);

    grant.body["access_token"]
        .as_str()
        .unwrap()
        .clone_into(&mut pinterest.token);
    assert_eq!(pinterest.get("/boards").status, 200);
    let refused = pinterest.get("/user_account");
    assert_eq!((refused.status, &refused.body["code"]), (401, &json!(3)));
}

#[test]
fn declining_says_so() {
    let mut pinterest = Pinterest::new();
    let back = consent(&mut pinterest, "deny");
    assert!(back.contains("error=access_denied"), "{back}");
}

#[test]
fn refresh_tokens_rotate_and_basic_alone_proves_the_app() {
    let mut pinterest = Pinterest::new();
    let first = pinterest.control("token/issue", &json!({}));
    let refresh = first.body["refresh_token"].as_str().unwrap().to_owned();
    let form = format!("grant_type=refresh_token&refresh_token={refresh}");
    let renewed = pinterest.exchange(API, &form);
    assert_eq!(renewed.status, 200, "{}", renewed.text);
    assert_ne!(renewed.body["refresh_token"], json!(refresh));
    assert_eq!(pinterest.exchange(API, &form).status, 401);

    let body = format!("{form}&client_id=1000001&client_secret=sandbox-pinterest-secret");
    let request = Request::post(format!("{API}/oauth/token"))
        .header("content-type", "application/x-www-form-urlencoded");
    let refused = pinterest.send(request, body);
    assert_eq!((refused.status, &refused.body["code"]), (401, &json!(2)));
}

#[test]
fn tokens_end_and_belong_to_one_host() {
    let mut pinterest = Pinterest::new();
    let token = pinterest.token.clone();
    let elsewhere =
        Request::get(format!("{TRIAL}/boards")).header("authorization", format!("Bearer {token}"));
    let refused = pinterest.send(elsewhere, String::new());
    assert_eq!((refused.status, &refused.body["code"]), (401, &json!(2)));
    assert_eq!(refused.body["status"], "failure");
    pinterest.wait(30 * 86_400 - 1);
    assert_eq!(pinterest.get("/boards").status, 200);
    pinterest.wait(1);
    assert_eq!(pinterest.get("/boards").status, 401);
    pinterest.sign_in();
    pinterest.control("access/revoke", &json!({}));
    assert_eq!(pinterest.get("/boards").status, 401);
}
