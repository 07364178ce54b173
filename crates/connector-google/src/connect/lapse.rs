//! Why a grant is gone. Google answers `invalid_grant` to everything, so the likeliest cause is told
//! by the grant's age.
//!
//! Source: developers.google.com/identity/protocols/oauth2#expiration, read in November 2026.

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{Error, ErrorKind};

use crate::credential::GoogleCredential;

/// How long a grant to an app in testing lasts.
const TESTING: TimeDelta = TimeDelta::days(7);

/// How much later than that it may be noticed: a connection is renewed every hour when it is used.
const NOTICED: TimeDelta = TimeDelta::days(1);

/// How long a grant lasts that nobody uses: six months.
const UNUSED: TimeDelta = TimeDelta::days(180);

/// The same error, with what is likely to have happened.
pub(super) fn explain(error: Error, credential: &GoogleCredential, now: DateTime<Utc>) -> Error {
    if error.kind() != ErrorKind::ReconnectRequired {
        return error;
    }
    let age = now - credential.consented_at;
    let told = credential.consent_ends.is_some_and(|end| end <= now);
    let message = if now - credential.renewed_at >= UNUSED {
        "Google ended the grant, as it wasn't used for six months: connect again"
    } else if (TESTING..TESTING + NOTICED).contains(&age) {
        "Google ended the grant after seven days, as it does while the app's publishing status is \
         Testing: publish the app in the Google Cloud console, then connect again"
    } else if told {
        "the time is over for which the account's owner granted access: connect again"
    } else {
        "Google ended the grant: its owner removed the app's access, changed the password, or \
         connected it more than a hundred times; or the app's publishing status is Testing, where a \
         grant lasts seven days; or it wasn't used for six months: connect again"
    };
    Error::new(ErrorKind::ReconnectRequired, message)
        .with("code", "invalid_grant")
        .with("consented_at", credential.consented_at.to_rfc3339())
}

#[cfg(test)]
mod tests {
    use connector_core::oauth::Grant;

    use super::*;

    #[test]
    fn the_age_of_a_grant_tells_why_it_ended() {
        let begin = DateTime::UNIX_EPOCH;
        let grant = Grant {
            access_token: "made-up".to_owned().into(),
            refresh_token: Some("made-up".to_owned().into()),
            expires_in: None,
            refresh_token_expires_in: None,
            scope: None,
        };
        let mut credential = GoogleCredential::from_consent(grant, Vec::new(), begin).unwrap();
        let why = |credential: &GoogleCredential, days| {
            let gone = Error::new(ErrorKind::ReconnectRequired, "gone");
            let error = explain(gone, credential, begin + TimeDelta::days(days));
            assert_eq!(error.kind(), ErrorKind::ReconnectRequired);
            error.message().to_owned()
        };
        assert!(why(&credential, 7).contains("Testing: publish"));
        assert!(why(&credential, 200).contains("wasn't used for six months: connect"));
        credential.renewed_at = begin + TimeDelta::days(199);
        assert!(why(&credential, 200).contains("removed the app's access"));
        credential.consent_ends = Some(begin + TimeDelta::days(30));
        assert!(why(&credential, 30).contains("time is over"));
        let down = explain(
            Error::new(ErrorKind::Unavailable, "down"),
            &credential,
            begin,
        );
        assert_eq!(down.message(), "down");
    }
}
