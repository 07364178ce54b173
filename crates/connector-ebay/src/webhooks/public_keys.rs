//! The keys that verify notifications, fetched by their id and kept for an hour.
//!
//! An id is hostile until what it signs verifies, and eBay gives an application ten thousand of these
//! calls a day, so ids that eBay doesn't know are asked for a few times in ten minutes and no more.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{Context, Error, ErrorKind, Result};
use p256::ecdsa::VerifyingKey;

use super::signature::public_key;
use crate::api::GetPublicKey;
use crate::application::Application;
use crate::environment::Environment;

/// How long a key is kept, as eBay's SDKs do.
const KEPT: TimeDelta = TimeDelta::hours(1);

/// How many keys are kept at the most.
const MOST: usize = 100;

/// How often in [`SPAN`] an id that turns out to be unknown is asked for.
const PATIENCE: usize = 20;
const SPAN: TimeDelta = TimeDelta::minutes(10);

/// The keys. Cheap to clone; clones share.
#[derive(Clone, Debug)]
pub(super) struct PublicKeys {
    application: Application,
    known: Arc<Mutex<Known>>,
}

#[derive(Debug, Default)]
struct Known {
    keys: BTreeMap<String, (VerifyingKey, DateTime<Utc>)>,
    /// When ids were asked for that eBay doesn't know.
    misses: VecDeque<DateTime<Utc>>,
}

impl PublicKeys {
    pub(super) fn new(application: Application) -> Self {
        Self {
            application,
            known: Arc::default(),
        }
    }

    /// The key with this id; `None` where eBay has none.
    ///
    /// # Errors
    /// A retryable one where it can't be had just now, so that eBay delivers again;
    /// [`ErrorKind::ConfigInvalid`] where no keyset is configured.
    pub(super) async fn get(&self, ctx: &Context, id: &str) -> Result<Option<VerifyingKey>> {
        let now = ctx.now();
        if let Some(key) = self.lock().key(id, now) {
            return Ok(Some(key));
        }
        if self.lock().is_worn_out(now) {
            return Err(Error::new(
                ErrorKind::Unavailable,
                "too many notifications were signed with keys that eBay doesn't know",
            ));
        }
        let mut configured = false;
        for environment in Environment::ALL {
            let Ok(session) = self.application.session(ctx, environment) else {
                continue;
            };
            configured = true;
            let endpoint = GetPublicKey {
                environment,
                id: id.to_owned(),
            };
            match session.call(&endpoint).await {
                Ok(answer) => {
                    let key = public_key(&answer.key)
                        .ok_or_else(|| Error::contract("eBay's public key can't be read"))?;
                    self.lock().keep(id, key, now);
                    return Ok(Some(key));
                }
                Err(error) if is_unknown(&error) => {}
                Err(error) => return Err(error),
            }
        }
        if !configured {
            // Says which setting is missing.
            self.application.session(ctx, Environment::Production)?;
        }
        self.lock().misses.push_back(now);
        Ok(None)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether eBay says that there is no such key.
fn is_unknown(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Rejected)
}

impl Known {
    fn key(&self, id: &str, now: DateTime<Utc>) -> Option<VerifyingKey> {
        let (key, since) = self.keys.get(id)?;
        (now < *since + KEPT).then_some(*key)
    }

    fn keep(&mut self, id: &str, key: VerifyingKey, now: DateTime<Utc>) {
        self.keys.retain(|_, (_, since)| now < *since + KEPT);
        if self.keys.len() < MOST {
            self.keys.insert(id.to_owned(), (key, now));
        }
    }

    fn is_worn_out(&mut self, now: DateTime<Utc>) -> bool {
        while self.misses.front().is_some_and(|at| *at + SPAN <= now) {
            self.misses.pop_front();
        }
        self.misses.len() >= PATIENCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    #[test]
    fn a_key_is_kept_for_an_hour() {
        let key = *p256::ecdsa::SigningKey::from_slice(&[1; 32])
            .unwrap()
            .verifying_key();
        let mut known = Known::default();
        known.keep("a", key, at(0));
        assert!(known.key("a", at(59)).is_some());
        assert!(known.key("a", at(60)).is_none());
        assert!(known.key("b", at(0)).is_none());
        known.keep("b", key, at(61));
        assert_eq!(known.keys.len(), 1);
    }

    #[test]
    fn unknown_ids_are_not_asked_for_without_end() {
        let mut known = Known::default();
        for _ in 0..PATIENCE {
            assert!(!known.is_worn_out(at(1)));
            known.misses.push_back(at(1));
        }
        assert!(known.is_worn_out(at(10)));
        assert!(!known.is_worn_out(at(11)));
    }
}
