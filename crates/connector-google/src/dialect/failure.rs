//! The forms in which Google says what is wrong: `google.rpc.Status`, the older list of reasons, and
//! the errors of Google Ads inside of the first; each also wrapped in an array where the answer would
//! be one.
//!
//! Source: `google/rpc/error_details.proto` and the errors of `google/ads/googleads/v25`.

use std::collections::BTreeMap;
use std::time::Duration;

use connector_core::{Error, ErrorKind};
use serde::Deserialize;

/// What an answer says is wrong. One that is in another form says nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Failure {
    code: Option<u16>,
    message: Option<String>,
    status: Option<String>,
    errors: Vec<Legacy>,
    details: Vec<Detail>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Legacy {
    reason: Option<String>,
    domain: Option<String>,
}

/// One of the details, whichever type it is of.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Detail {
    /// `google.rpc.ErrorInfo`.
    reason: Option<String>,
    metadata: BTreeMap<String, serde_json::Value>,
    /// `google.rpc.RetryInfo`.
    retry_delay: Option<String>,
    /// `GoogleAdsFailure`.
    errors: Vec<AdsError>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct AdsError {
    error_code: BTreeMap<String, serde_json::Value>,
    details: Option<AdsDetails>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct AdsDetails {
    quota_error_details: Option<QuotaDetails>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct QuotaDetails {
    retry_delay: Option<String>,
}

#[derive(Deserialize)]
struct Envelope {
    error: Failure,
}

#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    error: Option<Failure>,
}

impl Failure {
    pub(super) fn read(body: &[u8]) -> Self {
        if is_array(body) {
            return Self::of_chunks(body).unwrap_or_default();
        }
        serde_json::from_slice(body)
            .map(|Envelope { error }| error)
            .unwrap_or_default()
    }

    /// The error that a streamed answer ends in, after a status that promised success.
    pub(super) fn in_a_stream(body: &[u8]) -> Option<Self> {
        is_array(body).then(|| Self::of_chunks(body)).flatten()
    }

    fn of_chunks(body: &[u8]) -> Option<Self> {
        let chunks: Vec<Chunk> = serde_json::from_slice(body).ok()?;
        chunks.into_iter().find_map(|chunk| chunk.error)
    }

    /// The status that it gives itself.
    pub(super) fn code(&self) -> Option<u16> {
        self.code
    }

    /// Whether it is the token that is refused, and not what the token is for.
    pub(super) fn is_expired_token(&self) -> bool {
        self.ads("authenticationError", |code| {
            code.starts_with("OAUTH_TOKEN_") && code != "OAUTH_TOKEN_HEADER_INVALID"
        })
    }

    /// Whether it is a limit, whatever its status.
    pub(super) fn is_limit(&self) -> bool {
        self.ads("quotaError", |_| true)
            || self.status.as_deref() == Some("RESOURCE_EXHAUSTED")
            || self.reasons().any(|reason| {
                matches!(
                    reason,
                    "rateLimitExceeded"
                        | "userRateLimitExceeded"
                        | "quotaExceeded"
                        | "dailyLimitExceeded"
                        | "RATE_LIMIT_EXCEEDED"
                )
            })
    }

    /// Whether it has this reason, in either form.
    pub(super) fn has(&self, reason: &str) -> bool {
        self.reasons().any(|known| known == reason)
    }

    /// Whether it is `YouTube`'s budget of the day that is spent.
    pub(super) fn is_youtube_quota(&self) -> bool {
        self.errors
            .iter()
            .any(|legacy| legacy.domain.as_deref() == Some("youtube.quota"))
    }

    /// Whether Google Ads says this of its quota.
    pub(super) fn has_quota_error(&self, wanted: &str) -> bool {
        self.ads("quotaError", |code| code == wanted)
    }

    /// Whether its words have these, in lower case.
    pub(super) fn says(&self, words: &str) -> bool {
        let message = self.message.as_deref().unwrap_or_default();
        message.to_lowercase().contains(words)
    }

    /// What somebody must mend, where that is known from more than the status.
    pub(super) fn known(&self) -> Option<(ErrorKind, &'static str)> {
        if self.has("ACCESS_TOKEN_SCOPE_INSUFFICIENT") || self.has("insufficientPermissions") {
            return Some((
                ErrorKind::PermissionDenied,
                "the consent doesn't cover this: connect again, and leave the service's box ticked",
            ));
        }
        if self.has("SERVICE_DISABLED") || self.has("accessNotConfigured") {
            return Some((
                ErrorKind::ConfigInvalid,
                "this interface isn't enabled in the app's Google Cloud project: enable it in the \
                 console's API library",
            ));
        }
        if self.has("GCP_NOT_REGISTERED") || self.says("is not registered with the merchant") {
            return Some((
                ErrorKind::ConfigInvalid,
                "the app's Google Cloud project isn't registered with the merchant account: call \
                 developerRegistration:registerGcp once",
            ));
        }
        // A limit of nothing is that of a project which Google hasn't approved.
        if self.details.iter().any(|detail| {
            detail
                .metadata
                .get("quota_limit_value")
                .is_some_and(|value| value.as_str() == Some("0") || value.as_u64() == Some(0))
        }) {
            return Some((
                ErrorKind::ConfigInvalid,
                "the app's Google Cloud project may not use this interface yet: ask Google for \
                 access to it",
            ));
        }
        self.known_of_ads()
    }

    fn known_of_ads(&self) -> Option<(ErrorKind, &'static str)> {
        let codes = self.ads_codes().collect::<Vec<_>>();
        codes.into_iter().find_map(|(category, code)| {
            Some(match (category, code) {
                ("authenticationError", "NOT_ADS_USER") => (
                    ErrorKind::PermissionDenied,
                    "this Google account has no Google Ads account",
                ),
                ("authenticationError", "CUSTOMER_NOT_FOUND") => (
                    ErrorKind::NotFound,
                    "Google Ads has no account with this number",
                ),
                ("authorizationError", "USER_PERMISSION_DENIED") => (
                    ErrorKind::PermissionDenied,
                    "the account isn't open to this user, or only through its manager account: set \
                     the manager's number",
                ),
                ("authorizationError", "CUSTOMER_NOT_ENABLED") => (
                    ErrorKind::PermissionDenied,
                    "the Google Ads account is closed or not yet set up",
                ),
                (
                    "authorizationError",
                    "CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION"
                    | "DEVELOPER_TOKEN_NOT_APPROVED"
                    | "DEVELOPER_TOKEN_PROHIBITED"
                    | "PROJECT_DISABLED",
                ) => (
                    ErrorKind::ConfigInvalid,
                    "the app's Google Cloud project has no access to Google Ads accounts that are \
                     not for tests: ask Google for it",
                ),
                ("requestError", "EXPIRED_PAGE_TOKEN") => {
                    (ErrorKind::CheckpointInvalid, "the page's token has expired")
                }
                _ => return None,
            })
        })
    }

    /// The wait that Google asks for in the body.
    pub(super) fn retry_delay(&self) -> Option<Duration> {
        let of_ads = self
            .details
            .iter()
            .flat_map(|detail| &detail.errors)
            .filter_map(|error| error.details.as_ref()?.quota_error_details.as_ref())
            .filter_map(|details| details.retry_delay.as_deref());
        self.details
            .iter()
            .filter_map(|detail| detail.retry_delay.as_deref())
            .chain(of_ads)
            .find_map(duration)
    }

    /// Adds the code that tells the most. The words are left out, as they may quote what was sent.
    pub(super) fn name(&self, error: Error) -> Error {
        let ads = self
            .ads_codes()
            .next()
            .map(|(category, code)| format!("{category}.{code}"));
        let code = ads
            .or_else(|| self.reasons().next().map(str::to_owned))
            .or_else(|| self.status.clone())
            .filter(|code| is_a_code(code));
        let service = self
            .details
            .iter()
            .find_map(|detail| detail.metadata.get("service")?.as_str())
            .filter(|service| is_a_code(service));
        let error = match code {
            Some(code) => error.with("code", code),
            None => error,
        };
        match service {
            Some(service) => error.with("service", service),
            None => error,
        }
    }

    fn reasons(&self) -> impl Iterator<Item = &str> {
        let new = self.details.iter().filter_map(|it| it.reason.as_deref());
        new.chain(self.errors.iter().filter_map(|it| it.reason.as_deref()))
    }

    fn ads_codes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.details
            .iter()
            .flat_map(|detail| &detail.errors)
            .flat_map(|error| &error.error_code)
            .filter_map(|(category, code)| Some((category.as_str(), code.as_str()?)))
    }

    fn ads(&self, category: &str, is: impl Fn(&str) -> bool) -> bool {
        self.ads_codes()
            .any(|(known, code)| known == category && is(code))
    }
}

/// Whether JSON is an array, which serde would also take for a struct.
fn is_array(body: &[u8]) -> bool {
    body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[')
}

/// A protobuf duration: `3.957525076s`.
fn duration(text: &str) -> Option<Duration> {
    let seconds: f64 = text.trim().strip_suffix('s')?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

fn is_a_code(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 96
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_duration_is_read_with_its_fraction() {
        assert_eq!(duration("30s"), Some(Duration::from_secs(30)));
        assert_eq!(duration("0.5s"), Some(Duration::from_millis(500)));
        for odd in ["", "s", "30", "-1s", "inf s", "NaNs"] {
            assert_eq!(duration(odd), None, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn no_body_is_too_odd_to_be_read(body in prop::collection::vec(any::<u8>(), 0..200)) {
            let failure = Failure::read(&body);
            prop_assert!(!failure.is_expired_token());
            let _told = (failure.retry_delay(), failure.known(), Failure::in_a_stream(&body));
        }
    }
}
