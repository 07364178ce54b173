use std::time::Duration;

use connector_core::{Operation, Retry};
use serde_json::{Value, json};

use super::*;

const READ: Operation = Operation::read("x");

fn judge(status: u16, body: &Value) -> Verdict {
    let response = http::Response::builder()
        .status(status)
        .body(body.to_string().into())
        .unwrap();
    let now = "2026-11-20T20:00:00Z".parse().unwrap();
    GoogleDialect::default().judge(READ, &response, now)
}

fn failure(status: u16, body: &Value) -> Error {
    match judge(status, body) {
        Verdict::Failure(error) => error,
        other => panic!("{status}: {other:?}"),
    }
}

fn status(status: &str, message: &str, details: &Value) -> Value {
    json!({"error": {"status": status, "message": message, "details": details}})
}

fn legacy(reason: &str) -> Value {
    json!({"error": {"code": 403, "message": "no", "errors": [{"domain": "usageLimits", "reason": reason}]}})
}

fn info(reason: &str, metadata: &Value) -> Value {
    json!([{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason,
            "domain": "googleapis.com", "metadata": metadata}])
}

fn ads(category: &str, code: &str, details: &Value) -> Value {
    json!([{"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": "no", "details": [
        {"@type": "type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure",
         "errors": [{"errorCode": {category: code}, "message": "no", "details": details}]}]}}])
}

#[test]
fn each_refusal_is_for_whoever_can_mend_it() {
    let none = json!({});
    let table: Vec<(u16, Value, ErrorKind)> = vec![
        (403, legacy("rateLimitExceeded"), ErrorKind::RateLimited),
        (403, legacy("userRateLimitExceeded"), ErrorKind::RateLimited),
        (403, legacy("dailyLimitExceeded"), ErrorKind::RateLimited),
        (403, legacy("forbidden"), ErrorKind::PermissionDenied),
        (
            403,
            legacy("insufficientPermissions"),
            ErrorKind::PermissionDenied,
        ),
        (403, legacy("accessNotConfigured"), ErrorKind::ConfigInvalid),
        (
            403,
            status(
                "PERMISSION_DENIED",
                "",
                &info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", &none),
            ),
            ErrorKind::PermissionDenied,
        ),
        (
            403,
            status("PERMISSION_DENIED", "", &info("SERVICE_DISABLED", &none)),
            ErrorKind::ConfigInvalid,
        ),
        (
            401,
            status("UNAUTHENTICATED", "", &info("GCP_NOT_REGISTERED", &none)),
            ErrorKind::ConfigInvalid,
        ),
        (
            429,
            status(
                "RESOURCE_EXHAUSTED",
                "",
                &info("RATE_LIMIT_EXCEEDED", &json!({"quota_limit_value": "0"})),
            ),
            ErrorKind::ConfigInvalid,
        ),
        (
            401,
            ads("authenticationError", "NOT_ADS_USER", &none),
            ErrorKind::PermissionDenied,
        ),
        (
            403,
            ads("authorizationError", "USER_PERMISSION_DENIED", &none),
            ErrorKind::PermissionDenied,
        ),
        (
            403,
            ads(
                "authorizationError",
                "CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION",
                &none,
            ),
            ErrorKind::ConfigInvalid,
        ),
        (
            400,
            ads("requestError", "EXPIRED_PAGE_TOKEN", &none),
            ErrorKind::CheckpointInvalid,
        ),
        (
            400,
            ads("queryError", "UNRECOGNIZED_FIELD", &none),
            ErrorKind::Rejected,
        ),
        (
            410,
            legacy("fullSyncRequired"),
            ErrorKind::CheckpointInvalid,
        ),
        (
            400,
            status("INVALID_ARGUMENT", "", &json!([])),
            ErrorKind::Rejected,
        ),
        (
            404,
            status("NOT_FOUND", "", &json!([])),
            ErrorKind::NotFound,
        ),
        (
            503,
            status("UNAVAILABLE", "", &json!([])),
            ErrorKind::Unavailable,
        ),
    ];
    for (code, body, kind) in table {
        assert_eq!(failure(code, &body).kind(), kind, "{code} {body}");
    }
}

#[test]
fn only_a_token_that_is_refused_is_renewed() {
    let body = status("UNAUTHENTICATED", "", &json!([]));
    assert!(matches!(judge(401, &body), Verdict::CredentialRefused));
    let body = ads("authenticationError", "OAUTH_TOKEN_EXPIRED", &json!({}));
    assert!(matches!(judge(401, &body), Verdict::CredentialRefused));
    assert!(matches!(
        judge(401, &json!("?")),
        Verdict::CredentialRefused
    ));
    assert!(matches!(judge(200, &json!({"rows": []})), Verdict::Answer));
    assert!(matches!(
        judge(200, &json!([{"results": []}])),
        Verdict::Answer
    ));
}

#[test]
fn the_wait_is_what_google_says_or_is_known_to_want() {
    let retry =
        json!([{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3.5s"}]);
    let seconds = Duration::from_secs;
    let table = [
        (
            429,
            status("RESOURCE_EXHAUSTED", "", &retry),
            Some(Duration::from_millis(3_500)),
        ),
        (429, status("RESOURCE_EXHAUSTED", "", &json!([])), None),
        (
            429,
            status(
                "RESOURCE_EXHAUSTED",
                "Exhausted concurrent requests quota.",
                &json!([]),
            ),
            Some(seconds(30)),
        ),
        (
            429,
            status(
                "RESOURCE_EXHAUSTED",
                "Exhausted property tokens for a project per hour.",
                &json!([]),
            ),
            Some(seconds(1_800)),
        ),
        (
            429,
            status(
                "RESOURCE_EXHAUSTED",
                "Exhausted property tokens per day.",
                &json!([]),
            ),
            Some(seconds(12 * 3_600)),
        ),
        (
            429,
            status(
                "RESOURCE_EXHAUSTED",
                "Exhausted server errors quota.",
                &json!([]),
            ),
            Some(seconds(3_600)),
        ),
        (403, legacy("dailyLimitExceeded"), Some(seconds(12 * 3_600))),
        (403, legacy("quotaExceeded"), Some(seconds(900))),
        (
            403,
            json!({"error": {"code": 403, "errors": [
                {"domain": "youtube.quota", "reason": "quotaExceeded"}]}}),
            Some(seconds(12 * 3_600)),
        ),
        (403, legacy("rateLimitExceeded"), None),
        (
            429,
            ads(
                "quotaError",
                "RESOURCE_TEMPORARILY_EXHAUSTED",
                &json!({"quotaErrorDetails": {"retryDelay": "845s"}}),
            ),
            Some(seconds(845)),
        ),
        (
            429,
            ads("quotaError", "RESOURCE_EXHAUSTED", &json!({})),
            Some(seconds(12 * 3_600)),
        ),
    ];
    for (code, body, wait) in table {
        let error = failure(code, &body);
        assert_eq!(error.kind(), ErrorKind::RateLimited, "{body}");
        assert_eq!(error.retry_after(), wait, "{body}");
        assert_eq!(error.retry(), Retry::Always);
    }
}

#[test]
fn a_stream_that_breaks_off_is_no_answer() {
    let body = json!([{"results": []}, {"error": {"code": 500, "status": "INTERNAL"}}]);
    let error = failure(200, &body);
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(error.retry(), Retry::IfIdempotent);
    assert_eq!(error.context("code"), Some("INTERNAL"));
}

#[test]
fn a_code_is_named_and_words_are_not() {
    let body = ads("queryError", "UNRECOGNIZED_FIELD", &json!({}));
    let error = failure(400, &body);
    assert_eq!(error.context("code"), Some("queryError.UNRECOGNIZED_FIELD"));
    let odd = status("a code? no", "secret-words", &json!([]));
    let error = failure(400, &odd);
    assert_eq!(error.context("code"), None);
    assert!(!format!("{error:?}").contains("secret-words"));
}

#[test]
fn the_developer_token_goes_to_ads_alone() {
    let grant = connector_core::oauth::Grant {
        access_token: "made-up".to_owned().into(),
        refresh_token: Some("made-up".to_owned().into()),
        expires_in: None,
        refresh_token_expires_in: None,
        scope: None,
    };
    let now = DateTime::UNIX_EPOCH;
    let credential = GoogleCredential::from_consent(grant, Vec::new(), now).unwrap();
    let dialect = GoogleDialect::new(Some("made-up-developer".to_owned().into()));
    for (host, sent) in [(ADS, true), ("youtube.googleapis.com", false)] {
        let mut request = connector_core::endpoint::get(format!("https://{host}/v1")).unwrap();
        dialect.authorize(&credential, &mut request, now).unwrap();
        assert_eq!(request.headers().contains_key("developer-token"), sent);
        assert!(request.headers()[AUTHORIZATION].is_sensitive());
    }
}
