//! What all platforms share: simulated time, randomness that repeats, one signing key, and the
//! webhooks that wait to be delivered.
//!
//! Platforms draw from here instead of from the machine, so that two sandboxes with the same seed
//! that are sent the same requests at the same simulated times give the same answers.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use url::Url;

use crate::random::Random;
use crate::token::Key;

/// A webhook that a platform wants to deliver.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The id of the platform that sends it.
    pub platform: &'static str,
    /// Where to. The server delivers to loopback addresses only.
    pub url: Url,
    /// The headers, signatures included.
    pub headers: Vec<(String, String)>,
    /// The body, over which signatures were made.
    pub body: Bytes,
    /// When, in simulated time. A repeated delivery is another entry.
    pub due: DateTime<Utc>,
}

/// State that belongs to no single platform.
#[derive(Debug)]
pub struct World {
    /// What all generated data follows from.
    pub seed: u64,
    /// Simulated time: that of the call, control request or load at hand.
    pub now: DateTime<Utc>,
    /// Webhooks to deliver, in the order in which they were made.
    pub outbox: Vec<Outgoing>,
    random: Random,
    /// How many request ids were given out.
    requests: u64,
    /// How many serial numbers were given out.
    serials: u64,
    /// Signs the sandbox's own tokens.
    key: Key,
}

impl World {
    /// A new world at a point in simulated time.
    #[must_use]
    pub fn new(seed: u64, now: DateTime<Utc>) -> Self {
        Self {
            seed,
            now,
            outbox: Vec::new(),
            random: Random::new(seed),
            requests: 0,
            serials: 0,
            key: Key::sandbox(),
        }
    }

    /// The key under which tokens are issued and verified. The same in every sandbox.
    #[must_use]
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The next random number.
    pub fn random(&mut self) -> u64 {
        self.random.next()
    }

    /// A random number from `low` to `high`, both included; `low` where `high` is below it.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        self.random.between(low, high)
    }

    /// True in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.random.chance(percent)
    }

    /// One of several; `None` where there are none.
    pub fn pick<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        self.random.pick(among)
    }

    /// A random identifier in the form of a version 4 UUID.
    pub fn uuid(&mut self) -> String {
        self.random.uuid()
    }

    /// An identifier in the form of a UUID for one more request. No other request gets it.
    pub fn request_id(&mut self) -> String {
        self.requests += 1;
        // Made for the running number, and not drawn: what a platform generates next must not
        // depend on how many requests were answered before.
        Random::for_thing(self.seed, &["request", &self.requests.to_string()]).uuid()
    }

    /// A number that was not given out before, counting from one.
    pub fn serial(&mut self) -> u64 {
        self.serials += 1;
        self.serials
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn world(seed: u64) -> World {
        World::new(seed, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn the_same_seed_draws_the_same_numbers() {
        let (mut one, mut two, mut other) = (world(7), world(7), world(8));
        let drawn: Vec<u64> = (0..20).map(|_| one.random()).collect();
        assert_eq!(drawn, (0..20).map(|_| two.random()).collect::<Vec<_>>());
        assert_ne!(drawn, (0..20).map(|_| other.random()).collect::<Vec<_>>());
    }

    #[test]
    fn request_ids_differ_and_draw_nothing() {
        let (mut one, mut two) = (world(7), world(7));
        let ids: HashSet<String> = (0..1000).map(|_| one.request_id()).collect();
        assert_eq!(ids.len(), 1000);
        assert!(
            ids.iter()
                .all(|id| id.len() == 36 && id.as_bytes()[14] == b'4')
        );
        assert_eq!(one.random(), two.random());
    }
}
