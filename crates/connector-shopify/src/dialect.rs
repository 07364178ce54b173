//! Shopify's manners: a header to sign with, failures inside a 200, and a pace counted in points.

mod graphql;

use chrono::{DateTime, Utc};
use connector_core::{
    Charge, Dialect, Error, ErrorKind, ExposeSecret as _, Operation, QuotaSignal, Request,
    Response, Result, Verdict,
};
use http::HeaderValue;

use crate::api::{BULK_FILE, Cost};
use crate::credential::ShopifyCredential;
use graphql::ThrottleStatus;

const BUCKET: &str = "admin_graphql";

/// The bucket of the smallest plan, until an answer says otherwise (shopify.dev, rate limits).
const CAPACITY: f64 = 2000.0;
const PER_SECOND: f64 = 100.0;

/// Shopify's manners.
#[derive(Clone, Copy, Debug)]
pub struct ShopifyDialect;

impl Dialect<ShopifyCredential> for ShopifyDialect {
    fn authorize(
        &self,
        credential: &ShopifyCredential,
        request: &mut Request,
        _now: DateTime<Utc>,
    ) -> Result<()> {
        let mut token =
            HeaderValue::from_str(credential.access_token.expose_secret()).map_err(|_cause| {
                // The cause is left out: it may quote the token.
                Error::input("token", "the access token has characters that no token has")
            })?;
        token.set_sensitive(true);
        request
            .headers_mut()
            .insert("x-shopify-access-token", token);
        Ok(())
    }

    fn judge(&self, operation: Operation, response: &Response, now: DateTime<Utc>) -> Verdict {
        let status = response.status().as_u16();
        if operation == BULK_FILE {
            return judge_file(response, now);
        }
        let failure = |kind, message: &'static str| {
            Verdict::Failure(Error::new(kind, message).with("status", status))
        };
        match status {
            200..=299 => {
                graphql::judge(operation, response.body()).map_or(Verdict::Answer, Verdict::Failure)
            }
            // A POST that follows a redirect becomes a GET, so none is followed.
            300..=399 => failure(
                ErrorKind::ReconnectRequired,
                "the shop has moved to another myshopify.com domain: connect it again with that one",
            ),
            402 => failure(
                ErrorKind::PermissionDenied,
                "the shop is frozen: its plan isn't paid",
            ),
            403 => failure(
                ErrorKind::PermissionDenied,
                "Shopify denies access: the app isn't approved, or the shop is closed",
            ),
            404 => failure(
                ErrorKind::NotFound,
                "there is no such shop, or it has no such version of the API",
            ),
            423 => failure(ErrorKind::PermissionDenied, "the shop is locked"),
            429 if !response.headers().contains_key(http::header::RETRY_AFTER) => {
                graphql::judge(operation, response.body())
                    .map_or_else(|| Verdict::by_status(response, now), Verdict::Failure)
            }
            // Shopify's own: the request looks like an attack.
            430 => failure(
                ErrorKind::Rejected,
                "Shopify's firewall refused the request",
            ),
            _ => Verdict::by_status(response, now),
        }
    }

    fn quota(&self, _operation: Operation, request: &Request) -> Option<Charge> {
        let Cost(amount) = *request.extensions().get::<Cost>()?;
        Some(Charge {
            bucket: BUCKET,
            amount,
            capacity: CAPACITY,
            per_second: PER_SECOND,
        })
    }

    fn observe(&self, operation: Operation, response: &Response) -> Option<QuotaSignal> {
        if operation == BULK_FILE {
            return None;
        }
        let throttle: ThrottleStatus = graphql::value_of("throttleStatus", response.body())?;
        Some(QuotaSignal {
            bucket: BUCKET,
            remaining: Some(throttle.currently_available),
            capacity: Some(throttle.maximum_available),
            per_second: Some(throttle.restore_rate),
            pause: None,
        })
    }
}

/// What a bulk file's host answers. No credential was sent, so none can be refused.
fn judge_file(response: &Response, now: DateTime<Utc>) -> Verdict {
    match response.status().as_u16() {
        status @ (400 | 401 | 403 | 404 | 410) => Verdict::Failure(
            Error::new(ErrorKind::NotFound, "the bulk file's address has expired")
                .with("status", status),
        ),
        _ => Verdict::by_status(response, now),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use connector_core::Retry;

    const PRODUCTS: Operation = Operation::read("products");
    const RUN: Operation = Operation::write("bulkOperationRunQuery");

    fn response(status: u16, body: &str) -> Response {
        http::Response::builder()
            .status(status)
            .body(body.to_owned().into())
            .unwrap()
    }

    fn failure(operation: Operation, status: u16, body: &str) -> Error {
        match ShopifyDialect.judge(operation, &response(status, body), DateTime::UNIX_EPOCH) {
            Verdict::Failure(error) => error,
            other => panic!("{other:?}"),
        }
    }

    const THROTTLED: &str = r#"{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}],"extensions":{"cost":{"requestedQueryCost":752,"actualQueryCost":null,"throttleStatus":{"maximumAvailable":1000.0,"currentlyAvailable":666,"restoreRate":50.0}}}}"#;

    #[test]
    fn throttled_says_how_long_to_wait_with_200_and_with_429() {
        for status in [200, 429] {
            let error = failure(PRODUCTS, status, THROTTLED);
            assert_eq!(error.kind(), ErrorKind::RateLimited);
            assert_eq!(error.retry_after(), Some(Duration::from_millis(1720)));
        }
    }

    #[test]
    fn every_status_has_its_kind() {
        for (status, kind) in [
            (301, ErrorKind::ReconnectRequired),
            (302, ErrorKind::ReconnectRequired),
            (402, ErrorKind::PermissionDenied),
            (403, ErrorKind::PermissionDenied),
            (404, ErrorKind::NotFound),
            (423, ErrorKind::PermissionDenied),
            (429, ErrorKind::RateLimited),
            (430, ErrorKind::Rejected),
            (500, ErrorKind::Unavailable),
            (503, ErrorKind::Unavailable),
        ] {
            assert_eq!(failure(PRODUCTS, status, "").kind(), kind, "{status}");
        }
        let refused = response(
            401,
            r#"{"errors":"[API] Invalid API key or access token (unrecognized login or wrong password)"}"#,
        );
        let verdict = ShopifyDialect.judge(PRODUCTS, &refused, DateTime::UNIX_EPOCH);
        assert!(matches!(verdict, Verdict::CredentialRefused));
    }

    #[test]
    fn an_expired_file_is_not_found_and_no_refused_credential() {
        for status in [400, 401, 403, 404, 410] {
            assert_eq!(
                failure(BULK_FILE, status, "<Error/>").kind(),
                ErrorKind::NotFound
            );
        }
        assert_eq!(failure(BULK_FILE, 503, "").kind(), ErrorKind::Unavailable);
    }

    #[test]
    fn a_missing_scope_is_named_and_a_part_withheld_is_an_answer() {
        let denied = r#"{"errors":[{"message":"Access denied for products field.","extensions":{"code":"ACCESS_DENIED","documentation":"https://shopify.dev/api/usage/access-scopes"},"path":["products"]}],"data":null}"#;
        let error = failure(PRODUCTS, 200, denied);
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
        assert_eq!(error.context("scope"), Some("read_products"));
        let nullable = denied.replace("\"data\":null", "\"data\":{\"products\":null}");
        assert_eq!(
            failure(PRODUCTS, 200, &nullable).kind(),
            ErrorKind::PermissionDenied
        );

        let partial = r#"{"errors":[{"message":"This app is not approved","extensions":{"code":"ACCESS_DENIED","documentation":"https://shopify.dev/docs/apps/launch/protected-customer-data"},"path":["orders","nodes",0,"customer"]}],"data":{"orders":{}}}"#;
        let verdict = ShopifyDialect.judge(PRODUCTS, &response(200, partial), DateTime::UNIX_EPOCH);
        assert!(matches!(verdict, Verdict::Answer), "{verdict:?}");
        let without_data = partial.replace("{\"orders\":{}}", "null");
        let error = failure(PRODUCTS, 200, &without_data);
        assert!(error.message().contains("protected customer data"));
    }

    #[test]
    fn failures_inside_a_200_are_failures() {
        for (body, kind, retry) in [
            (
                r#"{"errors":[{"message":"x","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}"#,
                ErrorKind::Unavailable,
                Retry::IfIdempotent,
            ),
            (
                r#"{"errors":[{"message":"Internal error. Looks like something went wrong on our end."}]}"#,
                ErrorKind::Unavailable,
                Retry::IfIdempotent,
            ),
            (
                r#"{"errors":[{"message":"Field 'x' doesn't exist","extensions":{"code":"undefinedField"}}]}"#,
                ErrorKind::Rejected,
                Retry::Never,
            ),
            (
                r#"{"errors":[{"message":"Query cost is 2003","extensions":{"code":"MAX_COST_EXCEEDED","cost":2003,"maxCost":1000}}]}"#,
                ErrorKind::Rejected,
                Retry::Never,
            ),
            (
                r#"{"errors":[{"message":"x","extensions":{"code":"SHOP_INACTIVE"}}]}"#,
                ErrorKind::PermissionDenied,
                Retry::Never,
            ),
            (
                r#"{"errors":"Not Found"}"#,
                ErrorKind::Rejected,
                Retry::Never,
            ),
            (
                r#"{"errors":{"base":["x"]}}"#,
                ErrorKind::Rejected,
                Retry::Never,
            ),
        ] {
            let error = failure(PRODUCTS, 200, body);
            assert_eq!((error.kind(), error.retry()), (kind, retry), "{body}");
        }
    }

    #[test]
    fn user_errors_are_failures_without_their_text() {
        let body = r#"{"data":{"bulkOperationRunQuery":{"bulkOperation":null,"userErrors":[{"code":"INVALID","field":["query"],"message":"quotes s3cret"}]}}}"#;
        let error = failure(RUN, 200, body);
        assert_eq!(error.kind(), ErrorKind::Rejected);
        assert_eq!(
            (error.context("code"), error.context("field")),
            (Some("INVALID"), Some("query"))
        );
        assert!(!format!("{error:?}").contains("s3cret"));
        let busy = body.replace("INVALID", "OPERATION_IN_PROGRESS");
        let error = failure(RUN, 200, &busy);
        assert_eq!(
            (error.kind(), error.retry()),
            (ErrorKind::RateLimited, Retry::Never)
        );
        let fine =
            r#"{"data":{"bulkOperationRunQuery":{"bulkOperation":{"id":"x"},"userErrors":[]}}}"#;
        let verdict = ShopifyDialect.judge(RUN, &response(200, fine), DateTime::UNIX_EPOCH);
        assert!(matches!(verdict, Verdict::Answer));
    }

    #[test]
    fn words_in_the_data_are_no_errors_and_no_throttle() {
        let body = r#"{"data":{"products":{"nodes":[{"title":"\"errors\":[{}] \"userErrors\":[{ \"throttleStatus\":{"}]}}}"#;
        let answer = response(200, body);
        let verdict = ShopifyDialect.judge(PRODUCTS, &answer, DateTime::UNIX_EPOCH);
        assert!(matches!(verdict, Verdict::Answer));
        assert!(ShopifyDialect.observe(PRODUCTS, &answer).is_none());
    }

    #[test]
    fn the_throttle_is_read_wherever_it_stands() {
        let before = r#"{ "extensions" : {"cost":{"throttleStatus" : {"maximumAvailable":4000,"currentlyAvailable":3997,"restoreRate":200.0}}}, "data":{} }"#;
        let signal = ShopifyDialect
            .observe(PRODUCTS, &response(200, before))
            .unwrap();
        assert_eq!(signal.remaining, Some(3997.0));
        assert_eq!(
            (signal.capacity, signal.per_second),
            (Some(4000.0), Some(200.0))
        );
        assert!(
            ShopifyDialect
                .observe(PRODUCTS, &response(502, "<html>"))
                .is_none()
        );
    }
}
