//! eBay's manners: a bearer token, a language, a site, a signature for money, and errors in a list.
//!
//! Source: the `Error` schema of the contracts and their error tables; the digital signatures guide.
//! eBay's limits are counted per application and day and no answer says what is left of them, so there
//! is nothing to pace by; what a day's end means for a stream is in [`crate::streams`].

use chrono::{DateTime, Utc};
use connector_core::{
    Dialect, Error, ErrorKind, ExposeSecret as _, Operation, Request, Response, Result,
    SecretString, Verdict,
};
use http::{HeaderValue, Method, header};
use serde::Deserialize;

use crate::application::ApplicationToken;
use crate::credential::EbayCredential;
use crate::descriptor::needed_for;
use crate::signing::SigningKey;

/// The numbers of refused signatures.
const SIGNATURE: std::ops::RangeInclusive<u64> = 215_000..=215_999;

/// The number that means that there was no key at all.
const NO_KEY: u64 = 215_001;

/// eBay's manners.
#[derive(Clone, Debug, Default)]
pub struct EbayDialect {
    /// The key that all connections share, where the operator configured one.
    shared_key: Option<SigningKey>,
}

impl EbayDialect {
    /// eBay's manners, with a signing key that all connections share.
    #[must_use]
    pub fn new(shared_key: Option<SigningKey>) -> Self {
        Self { shared_key }
    }
}

impl Dialect<EbayCredential> for EbayDialect {
    fn authorize(
        &self,
        credential: &EbayCredential,
        request: &mut Request,
        now: DateTime<Utc>,
    ) -> Result<()> {
        bearer(&credential.access_token, request)?;
        let path = request.uri().path().to_owned();
        let headers = request.headers_mut();
        let locale = HeaderValue::from_static(credential.marketplace.locale());
        let site = HeaderValue::from_static(credential.marketplace.id());
        if path.starts_with("/sell/inventory/") || path.starts_with("/sell/analytics/") {
            // What HTTP clients add by themselves, `*`, is refused with 25709.
            headers.insert(header::ACCEPT_LANGUAGE, locale.clone());
        }
        if path.starts_with("/sell/finances/") {
            headers.insert("x-ebay-c-marketplace-id", site);
        }
        let writes = *request.method() == Method::POST || *request.method() == Method::PUT;
        if writes && path.starts_with("/sell/inventory/") {
            request
                .headers_mut()
                .insert(header::CONTENT_LANGUAGE, locale);
        }
        let key = self.shared_key.as_ref().or(credential.signing_key.as_ref());
        match key {
            Some(key) if is_about_money(&path) => key.sign(request, now),
            _ => Ok(()),
        }
    }

    fn judge(&self, operation: Operation, response: &Response, now: DateTime<Utc>) -> Verdict {
        judge(operation, response, now, self.shared_key.is_some())
    }
}

impl Dialect<ApplicationToken> for EbayDialect {
    fn authorize(
        &self,
        credential: &ApplicationToken,
        request: &mut Request,
        _now: DateTime<Utc>,
    ) -> Result<()> {
        bearer(&credential.access_token, request)
    }

    fn judge(&self, operation: Operation, response: &Response, now: DateTime<Utc>) -> Verdict {
        judge(operation, response, now, false)
    }
}

fn bearer(token: &SecretString, request: &mut Request) -> Result<()> {
    let text = format!("Bearer {}", token.expose_secret());
    let mut value = HeaderValue::from_str(&text).map_err(|_cause| {
        // The cause is left out: it may quote the token.
        Error::contract("the access token has characters that no token has")
    })?;
    value.set_sensitive(true);
    request.headers_mut().insert(header::AUTHORIZATION, value);
    Ok(())
}

/// Whether eBay may demand a signature for this path: all of the Finances API, and refunds.
fn is_about_money(path: &str) -> bool {
    path.starts_with("/sell/finances/") || path.ends_with("/issue_refund")
}

/// One of the errors in eBay's list.
#[derive(Debug, Deserialize)]
struct Refusal {
    #[serde(rename = "errorId")]
    id: u64,
    #[serde(default)]
    domain: Option<String>,
    #[serde(default)]
    category: Option<String>,
}

fn refusal(response: &Response) -> Option<Refusal> {
    #[derive(Deserialize)]
    struct Envelope {
        errors: Vec<Refusal>,
    }
    let envelope: Envelope = serde_json::from_slice(response.body()).ok()?;
    envelope.errors.into_iter().next()
}

fn judge(operation: Operation, response: &Response, now: DateTime<Utc>, shared: bool) -> Verdict {
    if response.status().is_success() {
        return Verdict::Answer;
    }
    let refusal = refusal(response);
    let id = refusal.as_ref().map(|refusal| refusal.id);
    let status = response.status().as_u16();
    let verdict = match (status, id) {
        (403, Some(id)) if SIGNATURE.contains(&id) => refused_signature(id, shared),
        (403, _) => Verdict::Failure(lacks_scope(operation)),
        // Somebody else is changing the same object; nothing was done.
        (500, Some(25_025)) => Verdict::Failure(Error::new(
            ErrorKind::Unavailable,
            "eBay is changing the same inventory object just now",
        )),
        _ => Verdict::by_status(response, now),
    };
    match verdict {
        Verdict::Failure(error) => Verdict::Failure(named(error, status, refusal)),
        other => other,
    }
}

/// Adds eBay's number, domain and category. Its messages are left out: they may quote a request.
fn named(mut error: Error, status: u16, refusal: Option<Refusal>) -> Error {
    error = error.with("status", status);
    let Some(refusal) = refusal else {
        return error;
    };
    error = error.with("code", refusal.id);
    if let Some(domain) = refusal.domain {
        error = error.with("domain", domain.escape_debug());
    }
    if let Some(category) = refusal.category {
        error = error.with("category", category.escape_debug());
    }
    error
}

fn refused_signature(id: u64, shared: bool) -> Verdict {
    if shared {
        return Verdict::Failure(
            Error::new(
                ErrorKind::ConfigInvalid,
                "eBay refuses the configured signing key: make another one, or leave it out so that \
                 each connection gets its own",
            )
            .with("setting", "signing_jwe"),
        );
    }
    if id == NO_KEY {
        // A renewal makes the key that is missing.
        return Verdict::CredentialRefused;
    }
    Verdict::Failure(Error::new(
        ErrorKind::ReconnectRequired,
        "eBay refuses the connection's signing key: connect again, so that another one is made",
    ))
}

fn lacks_scope(operation: Operation) -> Error {
    let error = Error::new(
        ErrorKind::PermissionDenied,
        "the seller's consent doesn't cover this: connect again with the scope that is missing",
    );
    match needed_for(operation.name) {
        Some((scope, Some(stream))) => error.with("scope", scope).with("stream", stream),
        Some((scope, None)) => error.with("scope", scope),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use connector_core::Retry;

    const ORDERS: Operation = Operation::read("getOrders");
    const PAYOUTS: Operation = Operation::read("getPayouts");

    fn response(status: u16, body: &str) -> Response {
        http::Response::builder()
            .status(status)
            .body(body.to_owned().into())
            .unwrap()
    }

    fn error(id: u64) -> String {
        format!(
            r#"{{"errors":[{{"errorId":{id},"domain":"ACCESS","category":"REQUEST","message":"quotes s3cret"}}]}}"#
        )
    }

    fn failure(operation: Operation, status: u16, body: &str) -> Error {
        match judge(
            operation,
            &response(status, body),
            DateTime::UNIX_EPOCH,
            false,
        ) {
            Verdict::Failure(error) => error,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_status_and_number_has_its_kind() {
        for (status, body, kind, retry) in [
            (400, error(30_700), ErrorKind::Rejected, Retry::Never),
            (403, error(1_100), ErrorKind::PermissionDenied, Retry::Never),
            (
                403,
                String::new(),
                ErrorKind::PermissionDenied,
                Retry::Never,
            ),
            (
                403,
                error(215_122),
                ErrorKind::ReconnectRequired,
                Retry::Never,
            ),
            (404, error(25_713), ErrorKind::NotFound, Retry::Never),
            (409, error(195_003), ErrorKind::Rejected, Retry::Never),
            (411, String::new(), ErrorKind::Rejected, Retry::Never),
            (429, error(2_001), ErrorKind::RateLimited, Retry::Always),
            (
                500,
                error(2_003),
                ErrorKind::Unavailable,
                Retry::IfIdempotent,
            ),
            (500, error(25_025), ErrorKind::Unavailable, Retry::Always),
            (
                503,
                "<html>".to_owned(),
                ErrorKind::Unavailable,
                Retry::Always,
            ),
        ] {
            let error = failure(ORDERS, status, &body);
            assert_eq!(
                (error.kind(), error.retry()),
                (kind, retry),
                "{status} {body}"
            );
            assert!(!format!("{error:?}").contains("s3cret"));
        }
        for status in [200, 201, 204, 207] {
            let answer = response(status, "");
            let verdict = judge(ORDERS, &answer, DateTime::UNIX_EPOCH, false);
            assert!(matches!(verdict, Verdict::Answer), "{status}");
        }
        for (status, body) in [(401, error(1_001)), (403, error(215_001))] {
            let answer = response(status, &body);
            let verdict = judge(PAYOUTS, &answer, DateTime::UNIX_EPOCH, false);
            assert!(matches!(verdict, Verdict::CredentialRefused), "{body}");
        }
    }

    #[test]
    fn a_missing_scope_is_named_with_what_it_costs() {
        let error = failure(PAYOUTS, 403, &error(1_100));
        assert_eq!(error.context("scope"), Some("sell.finances"));
        assert_eq!(error.context("stream"), Some("payouts"));
        assert_eq!(error.context("code"), Some("1100"));
        assert_eq!(error.context("domain"), Some("ACCESS"));
    }

    #[test]
    fn a_refused_key_of_the_operators_is_the_operators_to_mend() {
        let refused = response(403, &error(215_120));
        match judge(PAYOUTS, &refused, DateTime::UNIX_EPOCH, true) {
            Verdict::Failure(error) => assert_eq!(error.kind(), ErrorKind::ConfigInvalid),
            other => panic!("{other:?}"),
        }
    }

    fn credential() -> EbayCredential {
        serde_json::from_value(serde_json::json!({
            "environment": "production", "client_id": "app", "marketplace": "EBAY_DE",
            "access_token": "made-up", "expires_at": null, "refresh_token": "made-up",
            "refresh_expires_at": null, "scopes": [],
            "signing_key": {
                "id": "k", "jwe": "made-up-jwe", "expires_at": null,
                "private_key": "MC4CAQAwBQYDK2VwBCIEIAkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJ",
            },
        }))
        .unwrap()
    }

    fn authorized(method: &str, path: &str) -> http::HeaderMap {
        let mut request = http::Request::builder()
            .method(method)
            .uri(format!("https://api.ebay.com{path}"))
            .body(bytes::Bytes::new())
            .unwrap();
        let dialect = EbayDialect::default();
        let at = DateTime::UNIX_EPOCH;
        Dialect::<EbayCredential>::authorize(&dialect, &credential(), &mut request, at).unwrap();
        request.headers().clone()
    }

    #[test]
    fn language_site_and_signature_go_where_they_are_wanted() {
        for (method, path, expected) in [
            ("GET", "/sell/inventory/v1/offer", vec!["accept-language"]),
            (
                "PUT",
                "/sell/inventory/v1/inventory_item/a",
                vec!["accept-language", "content-language"],
            ),
            (
                "GET",
                "/sell/finances/v1/payout",
                vec!["signature", "signature-input", "x-ebay-c-marketplace-id"],
            ),
            (
                "POST",
                "/sell/fulfillment/v1/order/1/issue_refund",
                vec!["signature", "signature-input"],
            ),
            ("GET", "/sell/fulfillment/v1/order", vec![]),
            (
                "GET",
                "/sell/analytics/v1/traffic_report",
                vec!["accept-language"],
            ),
        ] {
            let headers = authorized(method, path);
            let found: Vec<&str> = [
                "accept-language",
                "content-language",
                "signature",
                "signature-input",
                "x-ebay-c-marketplace-id",
            ]
            .into_iter()
            .filter(|name| headers.contains_key(*name))
            .collect();
            assert_eq!(found, expected, "{method} {path}");
            assert!(headers[header::AUTHORIZATION].is_sensitive());
            for (name, value) in [
                ("accept-language", "de-DE"),
                ("content-language", "de-DE"),
                ("x-ebay-c-marketplace-id", "EBAY_DE"),
            ] {
                assert!(headers.get(name).is_none_or(|found| found == value));
            }
        }
    }
}
