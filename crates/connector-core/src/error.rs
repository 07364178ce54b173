//! The one error of every library here: a kind named by who must act, and a verdict on retrying.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// The result of everything in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, named by who must act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operator must mend the configuration.
    ConfigInvalid,
    /// The person who typed it must type something else; [`Error::field`] says where.
    InputInvalid,
    /// The account's owner must connect again: the grant is gone, expired or revoked.
    ReconnectRequired,
    /// The account's owner must grant a scope, a role or a plan; the credential itself is fine.
    PermissionDenied,
    /// Nobody: wait, then go on. [`Error::retry_after`] says how long, if the platform did.
    RateLimited,
    /// Nobody: the platform or the network is down; wait, then go on.
    Unavailable,
    /// The caller asked for something that isn't there.
    NotFound,
    /// The platform understood the request and refused it; its own code is in the context.
    Rejected,
    /// The platform answered something that its documentation rules out. We must look.
    ContractBroken,
    /// The engine must start this stream over: its checkpoint can't be used any more.
    CheckpointInvalid,
    /// The caller asked for something that this connector or this version can't do.
    Unsupported,
    /// A bug of ours.
    Unexpected,
}

impl ErrorKind {
    /// The kind in `snake_case`, as logs, metrics and stored runs have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConfigInvalid => "config_invalid",
            Self::InputInvalid => "input_invalid",
            Self::ReconnectRequired => "reconnect_required",
            Self::PermissionDenied => "permission_denied",
            Self::RateLimited => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::NotFound => "not_found",
            Self::Rejected => "rejected",
            Self::ContractBroken => "contract_broken",
            Self::CheckpointInvalid => "checkpoint_invalid",
            Self::Unsupported => "unsupported",
            Self::Unexpected => "unexpected",
        }
    }

    /// Every kind, in the order of their declaration.
    pub const ALL: [Self; 12] = [
        Self::ConfigInvalid,
        Self::InputInvalid,
        Self::ReconnectRequired,
        Self::PermissionDenied,
        Self::RateLimited,
        Self::Unavailable,
        Self::NotFound,
        Self::Rejected,
        Self::ContractBroken,
        Self::CheckpointInvalid,
        Self::Unsupported,
        Self::Unexpected,
    ];
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether the same request may be sent once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// No: the answer would be the same, or somebody must act first.
    Never,
    /// Yes, whatever the request: it was not carried out.
    Always,
    /// Only if the operation is idempotent: it may have arrived and been carried out.
    IfIdempotent,
    /// It was retryable, and the attempts are spent. Outer loops must not multiply them: they
    /// reschedule.
    Spent,
}

/// A failure: one word wide, safe to show, safe to log.
///
/// A message is lower case, without a full stop, and holds no values, so that equal failures group;
/// values are in the context. Neither ever holds a secret or a body.
///
/// `Display` is one line, `Debug` shows everything:
///
/// ```
/// use connector_core::{Error, ErrorKind};
///
/// let error = Error::new(ErrorKind::Rejected, "the platform refused the price")
///     .with("code", "PRICE_TOO_LOW")
///     .with("listing", "l-1");
/// assert_eq!(
///     error.to_string(),
///     "rejected: the platform refused the price (code: PRICE_TOO_LOW, listing: l-1)",
/// );
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    field: Option<Cow<'static, str>>,
    retry: Retry,
    retry_after: Option<Duration>,
    context: Vec<(&'static str, String)>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// A failure of this kind. [`ErrorKind::RateLimited`] and [`ErrorKind::Unavailable`] start out
    /// retryable, as the request was not carried out; all others not.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        let retry = match kind {
            ErrorKind::RateLimited | ErrorKind::Unavailable => Retry::Always,
            _ => Retry::Never,
        };
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            field: None,
            retry,
            retry_after: None,
            context: Vec::new(),
            source: None,
        }))
    }

    /// Wrong input in one field of a form: [`ErrorKind::InputInvalid`].
    #[must_use]
    pub fn input(
        field: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        let mut error = Self::new(ErrorKind::InputInvalid, message);
        error.0.field = Some(field.into());
        error
    }

    /// The platform's answer contradicts its documentation: [`ErrorKind::ContractBroken`].
    #[must_use]
    pub fn contract(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::ContractBroken, message)
    }

    /// Adds a value for people and filters: never a secret, never a body. A key that is there
    /// already is kept, since what is closest to the cause knows best.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl fmt::Display) -> Self {
        if !self.0.context.iter().any(|(known, _)| *known == key) {
            self.0.context.push((key, value.to_string()));
        }
        self
    }

    /// Keeps the cause. Its `Display` must be free of secrets and bodies.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Marks as retryable after this delay, which the platform asked for. What
    /// [may have arrived](Error::maybe_arrived) stays so: being told when to ask doesn't make a write
    /// safe to repeat.
    #[must_use]
    pub fn retry_in(mut self, delay: Duration) -> Self {
        if self.0.retry != Retry::IfIdempotent {
            self.0.retry = Retry::Always;
        }
        self.0.retry_after = Some(delay);
        self
    }

    /// Marks as "it may have arrived": repeated only if the operation is idempotent.
    #[must_use]
    pub fn maybe_arrived(mut self) -> Self {
        self.0.retry = Retry::IfIdempotent;
        self
    }

    /// Marks as not worth repeating.
    #[must_use]
    pub fn final_(mut self) -> Self {
        self.0.retry = Retry::Never;
        self
    }

    /// Marks that the attempts are spent; the verdict "retryable" stays readable as
    /// [`Self::is_retryable`], for whoever reschedules.
    #[must_use]
    pub fn spent(mut self, attempts: u32) -> Self {
        if self.0.retry != Retry::Never {
            self.0.retry = Retry::Spent;
        }
        self.with("attempts", attempts)
    }

    /// Who must act.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The message alone, without kind and context.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The field at fault, for [`ErrorKind::InputInvalid`].
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// A value of the context.
    #[must_use]
    pub fn context(&self, key: &str) -> Option<&str> {
        self.0
            .context
            .iter()
            .find(|(known, _)| *known == key)
            .map(|(_, value)| value.as_str())
    }

    /// The verdict on sending the request again.
    #[must_use]
    pub fn retry(&self) -> Retry {
        self.0.retry
    }

    /// Whether trying again later, without anybody acting, can succeed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.0.retry != Retry::Never
    }

    /// The delay that the platform asked for.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.kind, self.0.message)?;
        let mut separator = " (";
        if let Some(field) = &self.0.field {
            write!(f, "{separator}field: {field}")?;
            separator = ", ";
        }
        for (key, value) in &self.0.context {
            write!(f, "{separator}{key}: {value}")?;
            separator = ", ";
        }
        if separator == ", " {
            f.write_str(")")
        } else {
            Ok(())
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("field", &self.0.field)
            .field("retry", &self.0.retry)
            .field("retry_after", &self.0.retry_after)
            .field("context", &self.0.context)
            .field("source", &self.0.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_waiting_kinds_start_out_retryable() {
        for kind in ErrorKind::ALL {
            let waits = matches!(kind, ErrorKind::RateLimited | ErrorKind::Unavailable);
            assert_eq!(Error::new(kind, "x").is_retryable(), waits, "{kind}");
        }
    }

    #[test]
    fn spent_attempts_stay_retryable_for_a_scheduler() {
        let spent = Error::new(ErrorKind::Unavailable, "down").spent(4);
        assert_eq!(spent.retry(), Retry::Spent);
        assert!(spent.is_retryable());
        assert_eq!(
            Error::input("shop", "no such shop").spent(1).retry(),
            Retry::Never
        );
    }

    #[test]
    fn a_delay_makes_nothing_repeatable_that_may_have_arrived() {
        let delay = Duration::from_secs(7);
        let lost = Error::new(ErrorKind::Unavailable, "lost").maybe_arrived();
        let lost = lost.retry_in(delay);
        assert_eq!(
            (lost.retry(), lost.retry_after()),
            (Retry::IfIdempotent, Some(delay))
        );
        let limited = Error::new(ErrorKind::RateLimited, "slow down").retry_in(delay);
        assert_eq!(limited.retry(), Retry::Always);
    }

    #[test]
    fn the_first_value_of_a_context_key_wins() {
        let error = Error::contract("odd").with("path", "a").with("path", "b");
        assert_eq!(error.context("path"), Some("a"));
    }

    #[test]
    fn an_error_is_one_word_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}
