//! What Meta answers, and what is made of it.

use std::time::Duration;

use chrono::TimeDelta;
use connector_core::{Endpoint as _, Retry};

use super::*;
use crate::api::{DebugToken, Me, PublishedPosts};
use crate::credential::tests::made_up;

const POSTS: Operation = Operation::read("page/published_posts");

fn dialect() -> MetaDialect {
    MetaDialect::new(&Config::app("1", "appsecret".to_owned().into()))
}

fn response(status: u16, body: &str) -> Response {
    http::Response::builder()
        .status(status)
        .body(body.to_owned().into())
        .unwrap()
}

fn error_body(code: i64, subcode: Option<i64>, message: &str) -> String {
    serde_json::json!({"error": {
        "message": message, "type": "OAuthException", "code": code, "error_subcode": subcode,
        "fbtrace_id": "Amade-up_1",
    }})
    .to_string()
}

fn judge(response: &Response) -> Verdict {
    dialect().judge(POSTS, response, DateTime::UNIX_EPOCH)
}

fn failure(response: &Response) -> Error {
    match judge(response) {
        Verdict::Failure(error) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn code_and_subcode_decide_and_the_status_does_not() {
    let less = "Please reduce the amount of data you're asking for, then retry your request";
    let metric = "(#100) The value must be a valid insights metric";
    let proof = "Invalid appsecret_proof provided in the API argument";
    for (status, code, subcode, message, kind, retry) in [
        (
            400,
            190,
            Some(458),
            "",
            ErrorKind::ReconnectRequired,
            Retry::Never,
        ),
        (
            400,
            190,
            Some(460),
            "",
            ErrorKind::ReconnectRequired,
            Retry::Never,
        ),
        (403, 10, None, "", ErrorKind::PermissionDenied, Retry::Never),
        (
            403,
            200,
            None,
            "",
            ErrorKind::PermissionDenied,
            Retry::Never,
        ),
        (
            400,
            299,
            None,
            "",
            ErrorKind::PermissionDenied,
            Retry::Never,
        ),
        (400, 3, None, "", ErrorKind::PermissionDenied, Retry::Never),
        (
            400,
            368,
            None,
            "",
            ErrorKind::PermissionDenied,
            Retry::Never,
        ),
        (400, 4, None, "", ErrorKind::RateLimited, Retry::Always),
        (
            400,
            17,
            Some(2_446_079),
            "",
            ErrorKind::RateLimited,
            Retry::Always,
        ),
        (400, 32, None, "", ErrorKind::RateLimited, Retry::Always),
        (
            400,
            613,
            Some(1_487_742),
            "",
            ErrorKind::RateLimited,
            Retry::Always,
        ),
        (400, 80_001, None, "", ErrorKind::RateLimited, Retry::Always),
        (400, 80_014, None, "", ErrorKind::RateLimited, Retry::Always),
        (
            500,
            1,
            None,
            "",
            ErrorKind::Unavailable,
            Retry::IfIdempotent,
        ),
        (503, 2, None, "", ErrorKind::Unavailable, Retry::Always),
        (
            400,
            2,
            None,
            "",
            ErrorKind::Unavailable,
            Retry::IfIdempotent,
        ),
        (500, 1, None, less, ErrorKind::Rejected, Retry::Never),
        (400, 960, None, "", ErrorKind::Rejected, Retry::Never),
        (400, 100, Some(33), "", ErrorKind::NotFound, Retry::Never),
        (404, 803, None, "", ErrorKind::NotFound, Retry::Never),
        (400, 100, None, metric, ErrorKind::Rejected, Retry::Never),
        (
            400,
            100,
            None,
            proof,
            ErrorKind::ConfigInvalid,
            Retry::Never,
        ),
        (400, 100, None, "", ErrorKind::Rejected, Retry::Never),
        (400, 101, None, "", ErrorKind::ConfigInvalid, Retry::Never),
        (400, 12, None, "", ErrorKind::Unsupported, Retry::Never),
        (
            400,
            2601,
            Some(1_815_107),
            "",
            ErrorKind::Rejected,
            Retry::Never,
        ),
        (
            400,
            100,
            Some(2_108_006),
            "",
            ErrorKind::Rejected,
            Retry::Never,
        ),
        (400, 4711, None, "", ErrorKind::Rejected, Retry::Never),
    ] {
        let error = failure(&response(status, &error_body(code, subcode, message)));
        assert_eq!(
            (error.kind(), error.retry()),
            (kind, retry),
            "{code} {subcode:?}"
        );
        assert_eq!(error.context("code"), Some(code.to_string().as_str()));
        assert_eq!(error.context("trace"), Some("Amade-up_1"));
    }
}

#[test]
fn a_token_that_an_exchange_may_mend_is_refused_and_no_failure() {
    for (status, code, subcode) in [
        (400, 190, Some(463)),
        (401, 190, Some(467)),
        (400, 190, None),
        (400, 102, None),
    ] {
        let verdict = judge(&response(status, &error_body(code, subcode, "")));
        assert!(
            matches!(verdict, Verdict::CredentialRefused),
            "{code} {subcode:?}"
        );
    }
    assert!(matches!(
        judge(&response(401, "")),
        Verdict::CredentialRefused
    ));
}

#[test]
fn a_refusal_that_cannot_be_read_is_not_taken_for_one() {
    for body in ["", "{\"error\":{\"code\":10", "<html>"] {
        let error = failure(&response(400, body));
        assert_eq!(error.kind(), ErrorKind::ContractBroken, "{body}");
    }
}

#[test]
fn what_a_stream_can_act_on_is_named() {
    for (code, subcode, message, meaning) in [
        (
            1,
            None,
            "Please reduce the amount of data",
            Meaning::TooMuch,
        ),
        (960, None, "", Meaning::TooMuch),
        (
            100,
            None,
            "(#100) The value must be a valid insights metric",
            Meaning::UnknownMetric,
        ),
        (
            10,
            None,
            "(#10) Not enough viewers for the media to show insights",
            Meaning::FewViewers,
        ),
        (100, Some(2_108_006), "", Meaning::BeforeBusiness),
        (2601, Some(1_815_107), "", Meaning::ReportLost),
        (12, None, "", Meaning::Ended),
    ] {
        let error = failure(&response(400, &error_body(code, subcode, message)));
        assert_eq!(Meaning::of(&error), Some(meaning));
    }
    let other = failure(&response(400, &error_body(100, None, "")));
    assert_eq!(Meaning::of(&other), None);
}

#[test]
fn a_failure_in_a_200_is_one_and_words_in_data_are_none() {
    let error = failure(&response(200, &error_body(10, None, "")));
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    let fine = response(
        200,
        r#"{"data":[{"message":"{\"error\":{\"code\":190}}"}]}"#,
    );
    assert!(matches!(judge(&fine), Verdict::Answer));
}

#[test]
fn a_transient_failure_of_any_code_is_tried_again() {
    let body = r#"{"error":{"message":"x","code":9999,"is_transient":true}}"#;
    assert_eq!(failure(&response(400, body)).kind(), ErrorKind::Unavailable);
    assert_eq!(
        failure(&response(502, "<html>")).kind(),
        ErrorKind::Unavailable
    );
}

#[test]
fn the_words_of_a_failure_are_left_out() {
    let error = failure(&response(400, &error_body(100, None, "it quotes s3cret")));
    assert!(!format!("{error:?}").contains("s3cret"));
    let odd = r#"{"error":{"code":100,"fbtrace_id":"it quotes s3cret"}}"#;
    assert!(!format!("{:?}", failure(&response(400, odd))).contains("s3cret"));
}

fn with_headers(status: u16, body: &str, headers: &[(&str, &str)]) -> Response {
    let mut response = response(status, body);
    for (name, value) in headers {
        let name: http::HeaderName = name.parse().unwrap();
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

#[test]
fn minutes_and_seconds_are_told_apart() {
    let body = error_body(80_001, None, "");
    let minutes = r#"{"1":[{"type":"pages","call_count":100,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":7}]}"#;
    let seconds = r#"{"acc_id_util_pct":100,"reset_time_duration":90,"ads_api_access_tier":"x"}"#;
    for (header, wait) in [
        (("x-business-use-case-usage", minutes), 7 * 60),
        (("x-ad-account-usage", seconds), 90),
        (("retry-after", "3"), 3),
        (("x-app-usage", "not JSON"), 5 * 60),
    ] {
        let error = failure(&with_headers(400, &body, &[header]));
        assert_eq!(
            error.retry_after(),
            Some(Duration::from_secs(wait)),
            "{header:?}"
        );
    }
}

#[test]
fn a_budget_that_is_nearly_used_holds_its_calls_back() {
    let pause = |headers: &[(&str, &str)]| {
        let signal = dialect().observe(POSTS, &with_headers(200, "{}", headers))?;
        assert_eq!(signal.bucket, "pages");
        signal.pause.map(|pause| pause.as_secs())
    };
    let app =
        |percent: u8| format!(r#"{{"call_count":{percent},"total_time":5,"total_cputime":1}}"#);
    assert_eq!(pause(&[]), None);
    assert_eq!(pause(&[("x-app-usage", &app(84))]), None);
    assert_eq!(pause(&[("x-app-usage", &app(85))]), Some(120));
    assert_eq!(pause(&[("x-app-usage", &app(95))]), Some(600));
    let throttle = r#"{"app_id_util_pct":96,"acc_id_util_pct":10.5,"ads_api_access_tier":"x"}"#;
    assert_eq!(
        pause(&[("x-fb-ads-insights-throttle", throttle)]),
        Some(600)
    );
    let calm = r#"{"acc_id_util_pct":9.67,"reset_time_duration":100}"#;
    assert_eq!(pause(&[("x-ad-account-usage", calm)]), None);
}

#[test]
fn each_use_case_has_its_own_budget() {
    let bucket = |name| {
        let request = Me.request().unwrap();
        let charge = dialect().quota(Operation::read(name), &request).unwrap();
        charge.bucket
    };
    for (name, expected) in [
        ("page/published_posts", "pages"),
        ("post/insights", "pages"),
        ("page/conversations", "messenger"),
        ("page/leadgen_forms", "leadgen"),
        ("ad_account/insights", "ads_insights"),
        ("ad_account/campaigns", "ads_management"),
        ("instagram/media", "instagram"),
        ("catalog/products", "catalog_management"),
        ("user/accounts", "app"),
    ] {
        assert_eq!(bucket(name), expected, "{name}");
    }
}

fn authorized(request: Request, now: DateTime<Utc>) -> Result<Request> {
    let mut request = request;
    dialect().authorize(&made_up(), &mut request, now)?;
    Ok(request)
}

fn posts_of(page: &str) -> Request {
    let posts = PublishedPosts {
        page: page.to_owned(),
        since: None,
        until: None,
        limit: 5,
        from: None,
    };
    posts.request().unwrap()
}

#[test]
fn each_speaker_has_its_token_and_its_proof() {
    let now = DateTime::UNIX_EPOCH;
    let secret = "appsecret".to_owned().into();
    for (request, token) in [
        (Me.request().unwrap(), "made-up-user"),
        (posts_of("2"), "made-up-page-2"),
    ] {
        let request = authorized(request, now).unwrap();
        let bearer = request.headers()["authorization"].to_str().unwrap();
        assert_eq!(bearer, format!("Bearer {token}"));
        let proof = appsecret_proof(&secret, &token.to_owned().into()).unwrap();
        let query = request.uri().query().unwrap();
        assert!(
            query.ends_with(&format!("&appsecret_proof={proof}")),
            "{query}"
        );
        assert!(!query.contains("made-up"));
    }
    let app = authorized(DebugToken.request().unwrap(), now).unwrap();
    assert_eq!(app.headers()["authorization"], "Bearer 1|appsecret");
    assert_eq!(app.uri().query(), Some("input_token=made-up-user"));
}

#[test]
fn a_page_that_nobody_shared_has_no_token() {
    let error = authorized(posts_of("3"), DateTime::UNIX_EPOCH).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
}

#[test]
fn without_access_to_data_an_empty_list_is_not_taken_for_all_there_is() {
    let later = DateTime::UNIX_EPOCH + TimeDelta::days(90);
    let error = authorized(posts_of("1"), later).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReconnectRequired);
    assert!(authorized(DebugToken.request().unwrap(), later).is_ok());
}

#[test]
fn instagram_has_its_own_words_for_a_metric_that_there_is_not() {
    for words in [
        "metric[1] must be one of the following values: reach, views",
        "The Media Insights API does not support the follows metric for this media product type.",
        "Incompatible metrics (follower_count) with period (day)",
        "The following metrics (views) should be specified with parameter metric_type=total_value",
    ] {
        let error = failure(&response(400, &error_body(100, None, words)));
        assert_eq!(Meaning::of(&error), Some(Meaning::UnknownMetric), "{words}");
    }
}
