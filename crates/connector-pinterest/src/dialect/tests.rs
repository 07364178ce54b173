//! Every odd answer that is known, and the limits.

use connector_core::Retry;
use http::HeaderMap;

use super::*;

fn response(status: u16, body: &str) -> Response {
    http::Response::builder()
        .status(status)
        .header("x-pinterest-rid", "4711")
        .header("x-ratelimit-reset", "67150")
        .body(body.to_owned().into())
        .unwrap()
}

fn failure(status: u16, body: &str) -> Error {
    match judge(&response(status, body), DateTime::UNIX_EPOCH) {
        Verdict::Failure(error) => error,
        other => panic!("{status} {body}: {other:?}"),
    }
}

fn coded(code: i64) -> String {
    format!(r#"{{"code":{code},"message":"quotes s3cret"}}"#)
}

#[test]
fn a_code_means_nothing_without_its_status() {
    for (status, code, kind) in [
        (400, 1, ErrorKind::Rejected),
        (401, 3, ErrorKind::PermissionDenied),
        (401, 7, ErrorKind::PermissionDenied),
        (403, 29, ErrorKind::PermissionDenied),
        (404, 30, ErrorKind::NotFound),
        (429, 30, ErrorKind::RateLimited),
        (409, 4182, ErrorKind::Rejected),
        (500, 500, ErrorKind::Unavailable),
        (503, 503, ErrorKind::Unavailable),
        (503, 4197, ErrorKind::Rejected),
    ] {
        let error = failure(status, &coded(code));
        assert_eq!(error.kind(), kind, "{status} {code}");
        assert_eq!(code_of(&error), Some(code));
        assert_eq!(error.context("rid"), Some("4711"));
        assert!(!format!("{error:?}").contains("s3cret"));
    }
    let refused = judge(&response(401, &coded(2)), DateTime::UNIX_EPOCH);
    assert!(matches!(refused, Verdict::CredentialRefused));
    let answer = judge(&response(204, ""), DateTime::UNIX_EPOCH);
    assert!(matches!(answer, Verdict::Answer));
}

#[test]
fn a_wait_may_be_disguised_and_may_be_long() {
    let body = r#"{"code":1,"message":"Too many analytics calls. Retry after 12 seconds."}"#;
    let error = failure(400, body);
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(12)));
    // The day's limit of an app in trial: whoever asked puts the rest off.
    let error = failure(429, &coded(8));
    assert_eq!(error.retry(), Retry::Always);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(67_150)));
}

#[test]
fn what_is_of_one_object_costs_no_other() {
    for (status, code, one) in [
        (401, 3, false),
        (401, 7, true),
        (403, 403, true),
        (404, 50, true),
        (429, 8, false),
    ] {
        let error = failure(status, &coded(code));
        assert_eq!(is_of_one_object(&error), one, "{status} {code}");
    }
    let deep = r#"{"code":1,"message":"Pagination beyond 100.000 pins are not allowed"}"#;
    assert!(is_too_deep(&failure(400, deep)));
    assert!(!is_too_deep(&failure(400, &coded(1))));
}

fn credential() -> PinterestCredential {
    serde_json::from_str(
        r#"{"client_id":"1","access_token":"made-up","expires_at":null,"refresh_token":"made-up","refresh_expires_at":null,"refresh_stays":false,"scopes":[]}"#,
    )
    .unwrap()
}

#[test]
fn another_host_is_given_no_token() {
    for (url, proven) in [
        ("https://api.pinterest.com/v5/boards", true),
        ("https://reports.s3.amazonaws.com/metrics_report.txt", false),
        ("https://api.pinterest.com.example/v5/boards", false),
    ] {
        let mut request = connector_core::endpoint::get(url).unwrap();
        let now = DateTime::UNIX_EPOCH;
        PinterestDialect
            .authorize(&credential(), &mut request, now)
            .unwrap();
        let header = request.headers().get(header::AUTHORIZATION);
        assert_eq!(header.is_some(), proven, "{url}");
    }
}

fn signal(operation: Operation, values: [(&'static str, &str); 3]) -> Option<QuotaSignal> {
    let mut headers = HeaderMap::new();
    for (name, value) in values {
        headers.insert(name, value.parse().unwrap());
    }
    limits::read(operation, &headers)
}

const ANALYTICS: Operation = Operation::read("user_account/analytics");
const SECOND: &str = r#"100;w=1;name="safety_net_app_id_user_id""#;
const MINUTE: &str = r#"60;w=60;name="org_analytics_app_id_user_id""#;

#[test]
fn both_windows_are_read_and_what_is_left_is_of_the_scarcest() {
    let limit = format!("60, {SECOND}, {MINUTE}");
    let left = |limit: &str, left: &str| {
        let values = [
            ("x-ratelimit-limit", limit),
            ("x-ratelimit-remaining", left),
            ("x-ratelimit-reset", "47"),
        ];
        signal(ANALYTICS, values).unwrap()
    };
    let own = left(&limit, "57");
    assert_eq!((own.bucket, own.remaining), ("org_analytics", Some(57.0)));
    assert_eq!((own.capacity, own.per_second), (Some(60.0), Some(1.0)));
    assert_eq!(own.pause, None);
    assert_eq!(left(&limit, "0").pause, Some(Duration::from_secs(47)));
    // What is left of the second says nothing of the minute, but holds all back when it is nothing.
    let net = left(&format!("100, {SECOND}, {MINUTE}"), "0");
    assert_eq!((net.remaining, net.capacity), (None, Some(60.0)));
    assert_eq!(net.pause, Some(Duration::from_secs(47)));
}

#[test]
fn odd_headers_say_nothing_and_a_download_has_no_limit() {
    for limit in ["", "soon", "60, x;w=y"] {
        let values = [
            ("x-ratelimit-limit", limit),
            ("x-ratelimit-remaining", "x"),
            ("x-ratelimit-reset", "-1"),
        ];
        assert_eq!(signal(ANALYTICS, values), None, "{limit}");
    }
    assert_eq!(limits::charge(Operation::read("report_download")), None);
    let charge = limits::charge(Operation::read("boards/list")).unwrap();
    assert_eq!((charge.bucket, charge.capacity), ("org_read", 1000.0));
}
