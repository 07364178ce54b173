//! What a person should be told before it bites: tokens that end, data that can't be read any more,
//! and a version that Meta doesn't answer in.

use chrono::{DateTime, TimeDelta, Utc};

use crate::api::VERSION;
use crate::credential::MetaCredential;

/// How long beforehand somebody is told.
const BEFORE: TimeDelta = TimeDelta::days(14);

/// What is to be said of a credential at this time.
pub(crate) fn of_credential(credential: &MetaCredential, now: DateTime<Utc>) -> Vec<String> {
    let soon = |end: Option<DateTime<Utc>>| end.filter(|end| *end - now <= BEFORE);
    let mut notices = Vec::new();
    if let Some(end) = soon(credential.data_access_ends) {
        notices.push(format!(
            "Meta lets data be read until {} only, as the person who connected hasn't used the app \
             since: connect again before",
            end.format("%Y-%m-%d")
        ));
    }
    if let Some(end) = soon(credential.token_ends) {
        notices.push(format!(
            "The token ends on {} and could not be exchanged for a longer one so far: connect again \
             before",
            end.format("%Y-%m-%d")
        ));
    }
    notices
}

/// What is to be said of the version that an answer came in, by its header `facebook-api-version`.
pub(crate) fn of_version(served: Option<&str>) -> Option<String> {
    let served = served.filter(|served| *served != VERSION)?;
    Some(format!(
        "Meta answers as version {served} of its API, and {VERSION} was asked for: what it means may \
         have changed"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::tests::made_up;

    #[test]
    fn both_ends_are_told_two_weeks_before() {
        let credential = made_up();
        let day = |day| of_credential(&credential, DateTime::UNIX_EPOCH + TimeDelta::days(day));
        assert_eq!(day(45), Vec::<String>::new());
        let token = day(46);
        assert!(
            token.len() == 1 && token[0].contains("1970-03-02"),
            "{token:?}"
        );
        let both = day(76);
        assert!(
            both.len() == 2 && both[0].contains("1970-04-01"),
            "{both:?}"
        );
    }

    #[test]
    fn another_version_is_told_and_the_same_is_not() {
        assert_eq!(of_version(None), None);
        assert_eq!(of_version(Some(VERSION)), None);
        assert!(of_version(Some("v27.0")).unwrap().contains("v27.0"));
    }
}
