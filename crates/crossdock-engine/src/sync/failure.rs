//! What a failure means for a run: what its log says, and when trying again makes sense.

use chrono::{DateTime, TimeDelta, Utc};
use crossdock_persistence::{RunFailure, StoreError};

use crate::error::Error;

/// When to try again what failed without saying for how long.
const PAUSE: TimeDelta = TimeDelta::minutes(5);

/// A failure as the run's log has it.
pub(super) fn describe(error: &Error, now: DateTime<Utc>) -> RunFailure {
    let later = || Some(now + PAUSE);
    match error {
        Error::Connector(error) => {
            let text = error.to_string();
            let kind = error.kind().as_str();
            let asked = error
                .retry_after()
                .and_then(|delay| TimeDelta::from_std(delay).ok());
            RunFailure {
                kind: kind.to_owned(),
                // The kind stands beside it.
                message: text
                    .strip_prefix(kind)
                    .and_then(|rest| rest.strip_prefix(": "))
                    .unwrap_or(&text)
                    .to_owned(),
                retry_at: match asked {
                    Some(delay) if error.is_retryable() => now.checked_add_signed(delay),
                    None if error.is_retryable() => later(),
                    _ => None,
                },
            }
        }
        Error::Store(error) => {
            let (kind, retry_at) = match error {
                StoreError::StorageFull { .. } => ("storage_full", None),
                StoreError::CountMismatch { .. } => ("counts_disagree", None),
                StoreError::Fenced { .. } => ("taken_over", None),
                StoreError::Busy { .. } | StoreError::Other { .. } => ("storage", later()),
                _ => ("storage", None),
            };
            RunFailure {
                kind: kind.to_owned(),
                message: error.to_string(),
                retry_at,
            }
        }
        Error::Vault(error) => RunFailure {
            kind: "keys".to_owned(),
            message: error.to_string(),
            retry_at: None,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use connector_core::ErrorKind;

    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn described(error: connector_core::Error) -> RunFailure {
        describe(&error.into(), NOW)
    }

    #[test]
    fn the_platforms_delay_is_obeyed_and_a_spent_one_waits() {
        let limited = connector_core::Error::new(ErrorKind::RateLimited, "slow down")
            .retry_in(Duration::from_secs(3600));
        assert_eq!(described(limited).retry_at, Some(NOW + TimeDelta::hours(1)));
        let spent = connector_core::Error::new(ErrorKind::Unavailable, "down").spent(4);
        assert_eq!(described(spent).retry_at, Some(NOW + PAUSE));
        let endless =
            connector_core::Error::new(ErrorKind::RateLimited, "go away").retry_in(Duration::MAX);
        assert_eq!(described(endless).retry_at, Some(NOW + PAUSE));
    }

    #[test]
    fn what_somebody_must_mend_is_not_tried_again() {
        let denied = connector_core::Error::new(ErrorKind::PermissionDenied, "a scope is missing")
            .with("scope", "read_orders");
        let failure = described(denied);
        assert_eq!(failure.kind, "permission_denied");
        assert_eq!(failure.message, "a scope is missing (scope: read_orders)");
        assert_eq!(failure.retry_at, None);
        let mismatch = StoreError::CountMismatch {
            what: "records",
            given: 3,
            written: 2,
        };
        let failure = describe(&mismatch.into(), NOW);
        assert_eq!(
            (failure.kind.as_str(), failure.retry_at),
            ("counts_disagree", None)
        );
    }
}
