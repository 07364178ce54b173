//! Consent, codes, tokens and their ends.

use chrono::TimeDelta;
use crossdock_sandbox::visitor::buttons;
use http::Request;
use serde_json::{Value, json};

use crate::{Answer, CLIENT, Google, REFRESH, SCOPE, SECRET, TESTING};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const BACK: &str = "http://127.0.0.1:8080/callback";

fn page(google: &mut Google, client: &str, scopes: &str, more: &str) -> Answer {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("response_type", "code"),
            ("client_id", client),
            ("redirect_uri", BACK),
            ("scope", scopes),
            ("state", "a-state-of-sixteen"),
            ("access_type", "offline"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ])
        .finish();
    let address = format!("https://accounts.google.com/o/oauth2/v2/auth?{query}{more}");
    google.send(Request::get(address), String::new())
}

/// Presses a button of the page; `untick` are the scopes that lose their tick before.
fn press(google: &mut Google, page: &Answer, no: bool, untick: &[&str]) -> Vec<(String, String)> {
    assert_eq!(page.status, 200, "{}", page.text);
    let mut button = buttons(&page.text)
        .into_iter()
        .find(|button| button.says_no() == no)
        .unwrap();
    button
        .fields
        .retain(|(name, value)| name != "grant" || !untick.contains(&value.as_str()));
    let request = Request::post(button.action.clone())
        .header("host", "127.0.0.1:9400")
        .header("content-type", "application/x-www-form-urlencoded");
    returned(&google.send(request, button.encoded()))
}

/// What the redirect back to the app says.
fn returned(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.status, 302, "{}", answer.text);
    let to = answer.headers["location"].to_str().unwrap();
    assert!(to.starts_with(BACK), "{to}");
    url::Url::parse(to)
        .unwrap()
        .query_pairs()
        .into_owned()
        .collect()
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    let found = pairs.iter().find(|(key, _)| key == name);
    found.map_or("", |(_, value)| value)
}

fn redeem(google: &mut Google, client: &str, code: &str, verifier: &str) -> Answer {
    google.form(
        "oauth2.googleapis.com/token",
        &[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("client_id", client),
            ("client_secret", SECRET),
            ("redirect_uri", BACK),
            ("code_verifier", verifier),
        ],
    )
}

fn connect(google: &mut Google, client: &str, scopes: &str, more: &str) -> Value {
    let page = page(google, client, scopes, more);
    let back = press(google, &page, false, &[]);
    assert_eq!(value(&back, "state"), "a-state-of-sixteen");
    let answer = redeem(google, client, value(&back, "code"), VERIFIER);
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body
}

#[test]
fn a_code_becomes_tokens_that_open_what_was_granted() {
    let mut google = Google::new();
    let scopes = format!("openid {SCOPE}userinfo.email {SCOPE}analytics.readonly");
    let tokens = connect(&mut google, CLIENT, &scopes, "");
    assert_eq!(tokens["expires_in"], 3599);
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["scope"], scopes);
    assert_eq!(tokens["id_token"].as_str().unwrap().split('.').count(), 3);
    google.token = tokens["access_token"].as_str().unwrap().to_owned();
    let summaries = google.get("analyticsadmin.googleapis.com/v1beta/accountSummaries");
    assert_eq!(
        summaries["accountSummaries"][0]["propertySummaries"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let who = google.get("www.googleapis.com/oauth2/v2/userinfo");
    assert_eq!(who["email"], "owner@sandbox.example");
    let refused = google.call("searchconsole.googleapis.com/webmasters/v3/sites", None);
    assert_eq!(refused.status, 403);
    assert_eq!(refused.body["error"]["status"], "PERMISSION_DENIED");
    assert_eq!(
        refused.body["error"]["details"][0]["reason"],
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    );
    assert!(
        refused.headers["www-authenticate"]
            .to_str()
            .unwrap()
            .contains("insufficient_scope")
    );
}

#[test]
fn codes_are_bound_single_use_and_short_lived() {
    let mut google = Google::new();
    let scopes = format!("{SCOPE}content");
    let again = "&prompt=consent";
    let code = |google: &mut Google| {
        let page = page(google, CLIENT, &scopes, again);
        let back = press(google, &page, false, &[]);
        value(&back, "code").to_owned()
    };
    let first = code(&mut google);
    let wrong = redeem(&mut google, CLIENT, &first, &VERIFIER.replace('d', "e"));
    assert_eq!(
        (wrong.status, wrong.body["error"].as_str()),
        (400, Some("invalid_grant"))
    );
    assert_eq!(redeem(&mut google, CLIENT, &first, "").status, 400);
    assert_eq!(redeem(&mut google, TESTING, &first, VERIFIER).status, 400);
    assert_eq!(redeem(&mut google, CLIENT, &first, VERIFIER).status, 200);
    assert_eq!(redeem(&mut google, CLIENT, &first, VERIFIER).status, 400);
    let second = code(&mut google);
    google.advance(TimeDelta::minutes(10));
    assert_eq!(redeem(&mut google, CLIENT, &second, VERIFIER).status, 400);
}

#[test]
fn a_refresh_token_comes_only_where_the_page_was_seen_and_never_rotates() {
    let mut google = Google::new();
    let scopes = format!("{SCOPE}content");
    let first = connect(&mut google, CLIENT, &scopes, "");
    let refresh = first["refresh_token"].as_str().unwrap().to_owned();
    assert!(first.get("refresh_token_expires_in").is_none());
    let straight = page(&mut google, CLIENT, &scopes, "");
    let back = returned(&straight);
    let second = redeem(&mut google, CLIENT, value(&back, "code"), VERIFIER);
    assert_eq!(second.status, 200);
    assert!(second.body.get("refresh_token").is_none());
    let third = connect(&mut google, CLIENT, &scopes, "&prompt=consent");
    assert!(third["refresh_token"].is_string());
    for _ in 0..2 {
        let renewed = google.renew(CLIENT, &refresh);
        assert_eq!(renewed.status, 200, "{}", renewed.text);
        assert!(renewed.body.get("refresh_token").is_none());
        assert_eq!(renewed.body["scope"], scopes);
    }
    let other = google.renew(TESTING, &refresh);
    assert_eq!(other.body["error"], "invalid_grant");
}

#[test]
fn unticked_products_are_not_granted_and_granted_ones_can_be_included() {
    let mut google = Google::new();
    let (content, ads) = (format!("{SCOPE}content"), format!("{SCOPE}adwords"));
    let both = format!("{content} {ads}");
    let shown = page(&mut google, CLIENT, &both, "");
    let back = press(&mut google, &shown, false, &[&ads]);
    let tokens = redeem(&mut google, CLIENT, value(&back, "code"), VERIFIER);
    assert_eq!(tokens.body["scope"], content);
    let more = "&include_granted_scopes=true";
    let tokens = connect(&mut google, CLIENT, &ads, more);
    assert_eq!(tokens["scope"], format!("{ads} {content}"));
    let shown = page(&mut google, CLIENT, &both, "&prompt=consent");
    let back = press(&mut google, &shown, false, &[&ads, &content]);
    assert_eq!(value(&back, "error"), "access_denied");
}

#[test]
fn refusals_go_back_to_the_app_or_stay_on_the_page() {
    let mut google = Google::new();
    let scopes = format!("{SCOPE}content");
    let shown = page(&mut google, CLIENT, &scopes, "");
    let back = press(&mut google, &shown, true, &[]);
    assert_eq!(value(&back, "error"), "access_denied");
    google.control("consent/error", &json!({"error": "admin_policy_enforced"}));
    let back = press(&mut google, &shown, false, &[]);
    assert_eq!(value(&back, "error"), "admin_policy_enforced");
    let silent = page(&mut google, CLIENT, &scopes, "&prompt=none");
    assert_eq!(value(&returned(&silent), "error"), "interaction_required");
    for (address, words) in [
        ("client_id=nobody", "invalid_client"),
        ("", "invalid_request"),
    ] {
        let address = format!("https://accounts.google.com/o/oauth2/v2/auth?{address}");
        let answer = google.send(Request::get(address), String::new());
        assert!(
            answer.status >= 400 && answer.text.contains(words),
            "{}",
            answer.text
        );
    }
    let unknown = page(&mut google, CLIENT, &format!("{SCOPE}made.up"), "");
    assert!(unknown.text.contains("invalid_scope"));
}

#[test]
fn an_app_in_testing_loses_its_refresh_token_after_seven_days() {
    let mut google = Google::new();
    let tokens = connect(&mut google, TESTING, &format!("{SCOPE}content"), "");
    assert_eq!(tokens["refresh_token_expires_in"], 604_799);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    google.advance(TimeDelta::days(7) - TimeDelta::seconds(1));
    assert_eq!(google.renew(TESTING, refresh).status, 200);
    google.advance(TimeDelta::seconds(1));
    let dead = google.renew(TESTING, refresh);
    assert_eq!(dead.status, 400);
    assert_eq!(dead.body["error"], "invalid_grant");
    let only_identity = connect(&mut google, TESTING, "openid", "");
    assert!(only_identity.get("refresh_token_expires_in").is_none());
}

#[test]
fn tokens_end_by_time_disuse_number_and_revocation() {
    let mut google = Google::new();
    let fresh = google.renew(CLIENT, REFRESH);
    google.token = fresh.body["access_token"].as_str().unwrap().to_owned();
    let sites = "searchconsole.googleapis.com/webmasters/v3/sites";
    google.advance(TimeDelta::seconds(3_598));
    google.get(sites);
    google.advance(TimeDelta::seconds(1));
    let dead = google.call(sites, None);
    assert_eq!(dead.status, 401);
    assert_eq!(dead.body["error"]["status"], "UNAUTHENTICATED");
    assert_eq!(dead.body["error"]["errors"][0]["reason"], "authError");

    let scopes = format!("{SCOPE}content");
    let mut first = None;
    for _ in 0..101 {
        let tokens = connect(&mut google, CLIENT, &scopes, "&prompt=consent");
        let refresh = tokens["refresh_token"].as_str().unwrap().to_owned();
        first.get_or_insert(refresh);
    }
    assert_eq!(google.renew(CLIENT, &first.unwrap()).status, 400);

    let tokens = connect(&mut google, CLIENT, &scopes, "&prompt=consent");
    let refresh = tokens["refresh_token"].as_str().unwrap();
    google.advance(TimeDelta::days(100));
    assert_eq!(google.renew(CLIENT, refresh).status, 200);
    google.advance(TimeDelta::days(100));
    let renewed = google.renew(CLIENT, refresh);
    assert_eq!(renewed.status, 200);
    google.advance(TimeDelta::days(180));
    assert_eq!(google.renew(CLIENT, refresh).status, 400);

    let access = google.renew(CLIENT, REFRESH).body["access_token"].clone();
    let access = access.as_str().unwrap();
    let revoked = google.form("oauth2.googleapis.com/revoke", &[("token", access)]);
    assert_eq!(revoked.status, 200);
    assert_eq!(google.renew(CLIENT, REFRESH).body["error"], "invalid_grant");
    let again = google.form("oauth2.googleapis.com/revoke", &[("token", access)]);
    assert_eq!(
        (again.status, again.body["error"].as_str()),
        (400, Some("invalid_token"))
    );
}

#[test]
fn the_client_may_say_who_it_is_either_way_and_at_older_addresses() {
    let mut google = Google::new();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", REFRESH)];
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let basic = |id: &str, secret: &str| {
        use base64::Engine as _;
        let pair = format!("{id}:{secret}");
        format!(
            "Basic {}",
            base64::engine::general_purpose::STANDARD.encode(pair)
        )
    };
    for address in [
        "oauth2.googleapis.com/token",
        "www.googleapis.com/oauth2/v3/token",
        "www.googleapis.com/oauth2/v4/token",
        "accounts.google.com/o/oauth2/token",
    ] {
        let request = Request::post(format!("https://{address}"))
            .header("authorization", basic(CLIENT, SECRET));
        assert_eq!(google.send(request, body.clone()).status, 200, "{address}");
    }
    let request = Request::post("https://oauth2.googleapis.com/token")
        .header("authorization", basic(CLIENT, "wrong"));
    let wrong = google.send(request, body);
    assert_eq!(
        (wrong.status, wrong.body["error"].as_str()),
        (401, Some("invalid_client"))
    );
    let nobody = google.form("oauth2.googleapis.com/token", &fields);
    assert_eq!(nobody.body["error"], "invalid_request");
    let info = format!(
        "www.googleapis.com/oauth2/v2/tokeninfo?access_token={}",
        google.token
    );
    let info = google.call(&info, None);
    assert_eq!(info.body["audience"], CLIENT);
    assert_eq!(info.body["verified_email"], true);
}
