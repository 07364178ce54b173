//! What a check comes to.

use std::fmt;

use connector_core::{Error, ErrorKind};

/// What a check comes to.
pub(crate) type Outcome = Result<Verdict, Failure>;

/// A check that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It holds.
    Holds,
    /// There is nothing to check, and why.
    NotApplicable(&'static str),
}

/// A check that failed: what was expected and what came.
#[derive(Clone, Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(format!("this should not have failed: {error:?}"))
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self(format!("this should be JSON: {error}"))
    }
}

/// Ends a check with a failure unless the condition holds.
macro_rules! ensure {
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err($crate::outcome::Failure::new(format!($($message)+)));
        }
    };
}
pub(crate) use ensure;

/// The error of a call that has to fail in one of these kinds.
pub(crate) fn must_fail<T>(
    what: &str,
    result: Result<T, Error>,
    kinds: &[ErrorKind],
) -> Result<Error, Failure> {
    match result {
        Err(error) if kinds.contains(&error.kind()) => Ok(error),
        Err(error) => Err(Failure::new(format!(
            "{what} must fail as one of {kinds:?}, and failed as {error:?}"
        ))),
        Ok(_) => Err(Failure::new(format!(
            "{what} must fail as one of {kinds:?}, and succeeded"
        ))),
    }
}
