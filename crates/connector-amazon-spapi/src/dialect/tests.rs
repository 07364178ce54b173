//! What Amazon answers, and what is made of it.

use super::*;
use connector_core::Retry;
use connector_core::endpoint;

use crate::region::{Environment, Region, Server};

const ORDERS: Operation = Operation::read("searchOrders");
const LISTINGS: Operation = Operation::read("searchListingsItems");

fn response(status: u16, body: &str) -> Response {
    http::Response::builder()
        .status(status)
        .body(body.to_owned().into())
        .unwrap()
}

fn errors(code: &str, message: &str, details: &str) -> String {
    serde_json::json!({"errors": [{"code": code, "message": message, "details": details}]})
        .to_string()
}

fn judge(operation: Operation, status: u16, body: &str) -> Verdict {
    AmazonDialect.judge(operation, &response(status, body), DateTime::UNIX_EPOCH)
}

fn failure(operation: Operation, status: u16, body: &str) -> Error {
    match judge(operation, status, body) {
        Verdict::Failure(error) => error,
        other => panic!("{other:?}"),
    }
}

const DENIED: &str = "Access to requested resource is denied.";

#[test]
fn a_403_is_of_the_token_only_if_its_words_say_so() {
    for details in [
        "The access token you provided has expired.",
        "The access token you provided is revoked, malformed or invalid.",
    ] {
        let in_details = errors("Unauthorized", DENIED, details);
        let in_message = errors("Unauthorized", details, "");
        for body in [in_details, in_message] {
            let verdict = judge(ORDERS, 403, &body);
            assert!(matches!(verdict, Verdict::CredentialRefused), "{body}");
        }
    }
    for body in [
        errors("Unauthorized", DENIED, ""),
        errors(
            "Unauthorized",
            DENIED,
            "Access token is missing in the request header.",
        ),
        "<html>".to_owned(),
        String::new(),
    ] {
        let error = failure(ORDERS, 403, &body);
        assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{body}");
        assert_eq!(error.retry(), Retry::Never);
    }
}

#[test]
fn a_missing_role_is_named_with_its_operation() {
    let body = errors("Unauthorized", DENIED, "");
    for (operation, role) in [
        ("searchOrders", "Inventory and Order Tracking"),
        ("searchListingsItems", "Product Listing"),
        ("getInventorySummaries", "Amazon Fulfillment"),
        ("getCompetitiveSummary", "Pricing"),
        ("listTransactions", "Finance and Accounting"),
    ] {
        let error = failure(Operation::read(operation), 403, &body);
        assert_eq!(error.context("role"), Some(role), "{operation}");
        assert_eq!(error.context("code"), Some("Unauthorized"));
    }
    // It depends on the type of the report.
    let error = failure(Operation::write("createReport"), 403, &body);
    assert_eq!(error.context("role"), None);
}

#[test]
fn every_status_has_its_kind_and_code() {
    for (status, code, kind, retry) in [
        (400, "InvalidInput", ErrorKind::Rejected, Retry::Never),
        (
            401,
            "Unauthorized",
            ErrorKind::PermissionDenied,
            Retry::Never,
        ),
        (404, "NotFound", ErrorKind::NotFound, Retry::Never),
        (413, "RequestTooLarge", ErrorKind::Rejected, Retry::Never),
        (
            415,
            "UnsupportedMediaType",
            ErrorKind::Rejected,
            Retry::Never,
        ),
        (429, "QuotaExceeded", ErrorKind::RateLimited, Retry::Always),
        (
            500,
            "InternalFailure",
            ErrorKind::Unavailable,
            Retry::IfIdempotent,
        ),
        (
            503,
            "ServiceUnavailable",
            ErrorKind::Unavailable,
            Retry::Always,
        ),
    ] {
        let body = errors(code, "made up", "");
        if status == 401 {
            let verdict = judge(ORDERS, status, &body);
            assert!(matches!(verdict, Verdict::CredentialRefused));
            continue;
        }
        let error = failure(ORDERS, status, &body);
        assert_eq!((error.kind(), error.retry()), (kind, retry), "{status}");
        assert_eq!(error.context("code"), Some(code));
    }
    for status in [200, 202, 204] {
        assert!(matches!(judge(ORDERS, status, ""), Verdict::Answer));
    }
}

#[test]
fn the_words_of_a_failure_are_left_out() {
    let body = errors("InvalidInput", "no order s3cret", "s3cret");
    assert!(!format!("{:?}", failure(ORDERS, 400, &body)).contains("s3cret"));
    let odd = errors("it quotes s3cret", "", "");
    assert!(!format!("{:?}", failure(ORDERS, 400, &odd)).contains("s3cret"));
}

#[test]
fn a_throttled_operation_waits_until_its_own_bucket_has_one_more() {
    let body = errors("QuotaExceeded", "You exceeded your quota", "");
    for (operation, seconds) in [("getOrder", 3.5), ("searchListingsItems", 1.7)] {
        let error = failure(Operation::read(operation), 429, &body);
        assert_eq!(
            error.retry_after(),
            Some(Duration::from_secs_f64(seconds)),
            "{operation}"
        );
    }
    let orders = failure(ORDERS, 429, &body).retry_after().unwrap();
    assert_eq!(orders.as_secs(), 180);
}

#[test]
fn a_page_said_to_be_of_another_search_is_asked_for_again() {
    let words = "Search parameters do not match the provided 'pageToken'.";
    let error = failure(LISTINGS, 400, &errors("InvalidInput", words, ""));
    assert_eq!(
        (error.kind(), error.retry_after()),
        (ErrorKind::Unavailable, Some(STRAY_PAGE))
    );
}

#[test]
fn an_expired_document_is_not_found_and_no_refused_credential() {
    for status in [400, 401, 403, 404, 410] {
        assert_eq!(
            failure(DOCUMENT, status, "<Error/>").kind(),
            ErrorKind::NotFound
        );
    }
    assert_eq!(failure(DOCUMENT, 503, "").kind(), ErrorKind::Unavailable);
}

#[test]
fn every_operation_has_a_bucket_of_its_own() {
    let get = |host: &str| endpoint::get(format!("https://{host}/x")).unwrap();
    let production = get("sellingpartnerapi-eu.amazon.com");
    let charge = AmazonDialect.quota(ORDERS, &production).unwrap();
    assert_eq!(charge, Charge::request("searchOrders", 20.0, 0.0056));
    let other = AmazonDialect.quota(LISTINGS, &production).unwrap();
    assert_ne!(charge.bucket, other.bucket);
    let sandbox = get("sandbox.sellingpartnerapi-eu.amazon.com");
    let charge = AmazonDialect.quota(ORDERS, &sandbox).unwrap();
    assert_eq!(charge, Charge::request("searchOrders", 15.0, 5.0));
    assert_eq!(AmazonDialect.quota(DOCUMENT, &get("example.com")), None);
}

#[test]
fn the_header_corrects_the_rate_and_a_refusal_empties_the_bucket() {
    let with = |status: u16, rate: Option<&str>| {
        let mut response = response(status, "{}");
        if let Some(rate) = rate {
            let rate = rate.parse().unwrap();
            response
                .headers_mut()
                .insert("x-amzn-RateLimit-Limit", rate);
        }
        AmazonDialect.observe(ORDERS, &response)
    };
    let signal = with(200, Some("0.0167")).unwrap();
    assert_eq!(
        (signal.bucket, signal.per_second, signal.remaining),
        ("searchOrders", Some(0.0167), None)
    );
    for odd in ["0", "-1", "NaN", "inf", "soon"] {
        assert_eq!(with(200, Some(odd)), None, "{odd}");
    }
    assert_eq!(with(200, None), None);
    let refused = with(429, None).unwrap();
    assert_eq!((refused.remaining, refused.per_second), (Some(0.0), None));
}

#[test]
fn a_request_is_signed_with_the_token_and_says_who_calls() {
    let credential: AmazonCredential = serde_json::from_value(serde_json::json!({
        "server": Server::new(Region::Europe, Environment::Production),
        "selling_partner_id": "A0",
        "access_token": "made-up",
        "expires_at": "2026-01-01T00:00:00Z",
        "refresh_token": "made-up-too",
        "consent_ends": null,
    }))
    .unwrap();
    let mut request = endpoint::get("https://sellingpartnerapi-eu.amazon.com/x").unwrap();
    let now = "2026-03-04T05:06:07Z".parse().unwrap();
    AmazonDialect
        .authorize(&credential, &mut request, now)
        .unwrap();
    let value = |request: &Request, name: &str| {
        let value = request.headers().get(name).unwrap();
        value.to_str().unwrap().to_owned()
    };
    assert_eq!(value(&request, "x-amz-access-token"), "made-up");
    assert_eq!(value(&request, "x-amz-date"), "20260304T050607Z");
    let agent = value(&request, "user-agent");
    assert!(agent.starts_with("Crossdock/") && agent.contains(" (Language=Rust; Platform="));
    assert!(agent.len() <= 500 && agent.ends_with(')'));
    assert_eq!(request.headers().get("authorization"), None);
    assert!(!format!("{request:?}").contains("made-up"));

    // A restricted or grantless token takes its place.
    let other = AccessToken("made-up-other".to_owned().into());
    request.extensions_mut().insert(other);
    AmazonDialect
        .authorize(&credential, &mut request, now)
        .unwrap();
    assert_eq!(value(&request, "x-amz-access-token"), "made-up-other");
}
