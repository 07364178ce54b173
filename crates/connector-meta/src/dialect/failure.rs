//! How the Graph API refuses: one envelope, told apart by `code`, then `error_subcode`.
//!
//! The status says little, as nearly everything is a 400. Source: developers.facebook.com, "Handle
//! errors" and "Rate limits" of the Graph API, "Error codes" of the Marketing API, read in November
//! 2026; the words that tell two failures of one code apart are those of recorded answers.

use std::time::Duration;

use chrono::{DateTime, Utc};
use connector_core::{Error, ErrorKind, Response, Verdict, retry_after};
use http::StatusCode;
use serde::Deserialize;

use super::usage;

/// The wait where Meta doesn't say how long: limits are counted over an hour, so a part of it.
const LIMITED: Duration = Duration::from_secs(5 * 60);

#[derive(Deserialize)]
struct Envelope {
    error: Option<Failure>,
}

/// What an answer says is wrong.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Failure {
    pub(crate) code: i64,
    #[serde(rename = "error_subcode")]
    pub(crate) subcode: Option<i64>,
    is_transient: Option<bool>,
    message: Option<String>,
    fbtrace_id: Option<String>,
}

/// What a stream can do something about. It is in the error's context, under `meaning`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// More was asked for than one answer may hold: ask for less at a time.
    TooMuch,
    /// One of the metrics isn't known any more, which fails the whole request.
    UnknownMetric,
    /// Too few people saw it for numbers to be given.
    FewViewers,
    /// It is from before the account became a business's, so that there are no numbers.
    BeforeBusiness,
    /// A report's rows are lost: ask for a new one.
    ReportLost,
    /// Meta doesn't offer it any more.
    Ended,
}

impl Meaning {
    const ALL: [Self; 6] = [
        Self::TooMuch,
        Self::UnknownMetric,
        Self::FewViewers,
        Self::BeforeBusiness,
        Self::ReportLost,
        Self::Ended,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::TooMuch => "too_much",
            Self::UnknownMetric => "unknown_metric",
            Self::FewViewers => "few_viewers",
            Self::BeforeBusiness => "before_business",
            Self::ReportLost => "report_lost",
            Self::Ended => "ended",
        }
    }

    /// What an error means, where it is one of these.
    pub(crate) fn of(error: &Error) -> Option<Self> {
        let meaning = error.context("meaning")?;
        Self::ALL
            .into_iter()
            .find(|known| known.as_str() == meaning)
    }
}

impl Failure {
    /// What an answer's body says is wrong, where it says anything.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        serde_json::from_slice::<Envelope>(body).ok()?.error
    }

    /// Whether its message has these words, in lower case.
    pub(crate) fn says(&self, words: &str) -> bool {
        self.message
            .as_ref()
            .is_some_and(|message| message.to_lowercase().contains(words))
    }

    /// Names code, subcode and the trace that Meta's support asks for. The message is left out, as it
    /// may quote what was sent.
    pub(crate) fn name(&self, error: Error) -> Error {
        let mut error = error.with("code", self.code);
        if let Some(subcode) = self.subcode {
            error = error.with("subcode", subcode);
        }
        let is_trace = |text: &&String| {
            text.len() <= 64
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        };
        match self.fbtrace_id.as_ref().filter(is_trace) {
            Some(trace) => error.with("trace", trace),
            None => error,
        }
    }

    /// Whether it is about a metric that there isn't, or that can't be asked for like this: pages and
    /// Instagram each have their own words for it.
    fn names_a_metric(&self) -> bool {
        self.says("valid insights metric")
            || self.says("incompatible metrics (")
            || self.says("should be specified with parameter metric_type")
            || (self.says("metric[") && self.says("must be one of the following values"))
            || (self.says("does not support the") && self.says(" metric for this media"))
    }

    /// What it means.
    fn verdict(&self, response: &Response, now: DateTime<Utc>) -> Verdict {
        let error = match (self.code, self.subcode) {
            (190 | 102, Some(458 | 459 | 460 | 464)) => reconnect(self.subcode),
            (190 | 102, _) => return Verdict::CredentialRefused,
            (_, Some(2_108_006)) => meaning(
                ErrorKind::Rejected,
                Meaning::BeforeBusiness,
                "this is from before the account became a professional one, so that Meta has no \
                 numbers of it",
            ),
            (2601, _) => meaning(
                ErrorKind::Rejected,
                Meaning::ReportLost,
                "Meta has lost a report, or hasn't made it yet",
            ),
            (4 | 17 | 32 | 613 | 80_000..=80_099, _) => limited(response, now),
            (10, _) if self.says("not enough viewers") => meaning(
                ErrorKind::Rejected,
                Meaning::FewViewers,
                "too few people saw this for Meta to give numbers of it",
            ),
            (10 | 200..=299, _) => Error::new(
                ErrorKind::PermissionDenied,
                "a permission for this is missing: connect again and agree to it, or let Meta review \
                 the app",
            ),
            (3, _) => Error::new(
                ErrorKind::PermissionDenied,
                "the app lacks the capability for this: Meta must review it first",
            ),
            (341 | 368, _) => Error::new(
                ErrorKind::PermissionDenied,
                "Meta holds this app or account back for what it did: see its quality page",
            ),
            (1 | 2 | 960 | 100, _) if self.says("reduce the amount of data") => too_much(),
            (960, _) => too_much(),
            (100, Some(33)) | (803, _) => Error::new(
                ErrorKind::NotFound,
                "Meta has no such thing, or doesn't let the account see it",
            ),
            (100, _) if self.says("appsecret_proof") => Error::new(
                ErrorKind::ConfigInvalid,
                "Meta doesn't take the proof of the call: the app's secret is not that of the app \
                 whose token this is",
            ),
            (100, _) if self.names_a_metric() => meaning(
                ErrorKind::Rejected,
                Meaning::UnknownMetric,
                "Meta doesn't know one of the metrics",
            ),
            (101, _) => Error::new(
                ErrorKind::ConfigInvalid,
                "Meta doesn't know the app: check its id",
            ),
            (12, _) => meaning(
                ErrorKind::Unsupported,
                Meaning::Ended,
                "Meta doesn't offer this any more",
            ),
            (1 | 2, _) => unavailable(response, now),
            _ if self.is_transient == Some(true) => unavailable(response, now),
            _ => Error::new(ErrorKind::Rejected, "Meta refused the request"),
        };
        Verdict::Failure(self.name(error))
    }
}

/// What an answer means. A 200 that holds a failure is one; a failure without Meta's envelope is what
/// its status says.
pub(super) fn judge(response: &Response, now: DateTime<Utc>) -> Verdict {
    let body = response.body();
    if response.status().is_success() && !body.trim_ascii_start().starts_with(b"{\"error\"") {
        return Verdict::Answer;
    }
    match Failure::read(body) {
        Some(failure) => failure.verdict(response, now),
        // Meta says in its envelope what a 400 is: without one it says nothing.
        None if response.status() == StatusCode::BAD_REQUEST => Verdict::Failure(
            Error::contract("Meta refuses, and its reason can't be read").with("status", 400),
        ),
        None => Verdict::by_status(response, now),
    }
}

fn meaning(kind: ErrorKind, meaning: Meaning, message: &'static str) -> Error {
    Error::new(kind, message).with("meaning", meaning.as_str())
}

fn too_much() -> Error {
    meaning(
        ErrorKind::Rejected,
        Meaning::TooMuch,
        "more was asked for than Meta gives at once",
    )
}

/// A token that no exchange brings back.
fn reconnect(subcode: Option<i64>) -> Error {
    let message = match subcode {
        Some(458) => "the app was removed from the account: connect again",
        Some(459) => "Meta wants the person to log in to Facebook first: do so, then connect again",
        Some(460) => "the person's password was changed: connect again",
        _ => "the person's account isn't confirmed: confirm it, then connect again",
    };
    Error::new(ErrorKind::ReconnectRequired, message)
}

/// Too many calls. Meta answers 400 for it, and says how long to wait in the headers of the budget.
fn limited(response: &Response, now: DateTime<Utc>) -> Error {
    let told = retry_after::parse(response.headers(), now);
    let wait = told.or_else(|| usage::read(response.headers()).regained_in);
    Error::new(
        ErrorKind::RateLimited,
        "Meta's budget of calls for this is used up",
    )
    .with("status", response.status().as_u16())
    .retry_in(wait.unwrap_or(LIMITED))
}

fn unavailable(response: &Response, now: DateTime<Utc>) -> Error {
    let error = Error::new(ErrorKind::Unavailable, "Meta failed")
        .with("status", response.status().as_u16());
    // 503 promises that nothing was done; the others promise nothing.
    let error = if response.status() == 503 {
        error
    } else {
        error.maybe_arrived()
    };
    match retry_after::parse(response.headers(), now) {
        Some(delay) => error.retry_in(delay),
        None => error,
    }
}
