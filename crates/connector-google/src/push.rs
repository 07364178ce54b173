//! What ties a Calendar channel to an account: ids that are made up again, not stored, and tokens that
//! prove themselves.
//!
//! Google signs nothing and tells nobody which channels there are. What each message carries is the
//! token that the channel was opened with: it names the account, and a code over that and over the
//! channel's id, with the client's secret as its key. So it can be checked by whoever has the
//! configuration, and a token of one channel proves no other.
//! (developers.google.com/calendar/api/guides/push, November 2026.)

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{ExposeSecret as _, Result, SecretString, secret};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::config::Config;

/// For how long one id serves. A channel lives for one to two of these: Google ends each after a week
/// at the latest.
const PERIOD: TimeDelta = TimeDelta::days(3);

/// The key of an application's ids and tokens.
pub(crate) struct PushKey<'c>(&'c SecretString);

/// A channel that is to be opened, or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Planned {
    pub(crate) id: String,
    pub(crate) expires_at: DateTime<Utc>,
}

impl<'c> PushKey<'c> {
    /// The key of this configuration.
    ///
    /// # Errors
    /// [`ConfigInvalid`](connector_core::ErrorKind::ConfigInvalid) without a client's secret.
    pub(crate) fn of(config: &'c Config) -> Result<Self> {
        Ok(Self(config.require_client()?.1))
    }

    /// The channel of this time, and the one before it, on a calendar of an account's.
    ///
    /// They are the same for the same time, so that asking twice opens one channel.
    pub(crate) fn channels(
        &self,
        account: &str,
        calendar: &str,
        deliver_to: &str,
        now: DateTime<Utc>,
    ) -> (Planned, Planned) {
        let number = now.timestamp().div_euclid(PERIOD.num_seconds());
        let of = |number: i64| {
            let end = (number + 2) * PERIOD.num_seconds();
            let number_text = number.to_string();
            let mut id = self.code(&["channel", account, calendar, deliver_to, &number_text]);
            id.truncate(40);
            Planned {
                id,
                expires_at: DateTime::from_timestamp(end, 0).unwrap_or(now + PERIOD),
            }
        };
        (of(number), of(number - 1))
    }

    /// What every message of a channel carries.
    pub(crate) fn token(&self, account: &str, channel: &str) -> SecretString {
        format!("{account}.{}", self.code(&["token", account, channel])).into()
    }

    /// The account that a token of a channel is for; `None` where it is not one of ours.
    pub(crate) fn account<'t>(&self, token: &'t str, channel: &str) -> Option<&'t str> {
        let (account, _) = token.rsplit_once('.')?;
        let own = self.token(account, channel);
        (!account.is_empty() && secret::same(own.expose_secret(), token)).then_some(account)
    }

    /// A code over texts, in hexadecimal. Each is preceded by its length, so that no two lists of
    /// texts are one.
    fn code(&self, parts: &[&str]) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.expose_secret().as_bytes()) else {
            // A key may have any length.
            return String::new();
        };
        for part in parts {
            mac.update(format!("{}:{part}", part.len()).as_bytes());
        }
        let code = mac.finalize().into_bytes();
        code.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_proves_its_channel_and_no_other() {
        let (one, other) = (
            Config::app("id", "made-up".to_owned().into()),
            Config::app("id", "another".to_owned().into()),
        );
        let key = PushKey::of(&one).unwrap();
        let token = key.token("1001", "c1");
        let token = token.expose_secret();
        assert!(token.len() <= 256);
        assert_eq!(key.account(token, "c1"), Some("1001"));
        assert_eq!(key.account(token, "c2"), None);
        assert_eq!(PushKey::of(&other).unwrap().account(token, "c1"), None);
        let forged = token.replace("1001", "1002");
        for forged in [forged.as_str(), "", ".", "1001.", "1001"] {
            assert_eq!(key.account(forged, "c1"), None, "{forged}");
        }
        assert!(PushKey::of(&Config::default()).is_err());
    }

    #[test]
    fn the_same_time_has_the_same_channel_and_it_lives_for_three_days_at_least() {
        let config = Config::app("id", "made-up".to_owned().into());
        let key = PushKey::of(&config).unwrap();
        let at = |hours| DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
        let of = |now| key.channels("1001", "c@x", "https://x.example", now);
        let (first, _) = of(at(0));
        assert_eq!(of(at(71)).0, first);
        assert_eq!(first.expires_at, at(144));
        let (next, before) = of(at(72));
        assert_eq!((before, next == first), (first, false));
        assert!(next.id.len() <= 64);
    }
}
