//! What all platforms share: simulated time, randomness that repeats, one signing key, and the
//! webhooks that wait to be delivered.
//!
//! Platforms draw from here instead of from the machine, so that two sandboxes with the same seed
//! that are sent the same requests at the same simulated times give the same answers.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use url::Url;

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
    /// The state of the generator.
    state: u64,
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
            state: seed,
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

    /// The next random number (`SplitMix64`: small, fast, and anything but secret).
    pub fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A random number from `low` to `high`, both included; `low` where `high` is below it.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        let drawn = self.random();
        match high.saturating_sub(low).checked_add(1) {
            Some(width) => low + drawn % width,
            None => drawn,
        }
    }

    /// True in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of several; `None` where there are none.
    pub fn pick<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        let last = among.len().checked_sub(1)?;
        let index = self.between(0, u64::try_from(last).unwrap_or(u64::MAX));
        among.get(usize::try_from(index).unwrap_or(0))
    }

    /// A random identifier in the form of a version 4 UUID.
    pub fn uuid(&mut self) -> String {
        let (high, low) = (self.random(), self.random());
        uuid_from(high, low)
    }

    /// An identifier in the form of a UUID for one more request. No other request gets it.
    pub fn request_id(&mut self) -> String {
        self.requests += 1;
        // Both halves are mixed from the running number, and not drawn: what a platform generates
        // next must not depend on how many requests were answered before.
        let mut source = Self::new(self.seed ^ self.requests.rotate_left(32), self.now);
        source.uuid()
    }

    /// A number that was not given out before, counting from one.
    pub fn serial(&mut self) -> u64 {
        self.serials += 1;
        self.serials
    }
}

/// Two random numbers in the form of a version 4 UUID.
fn uuid_from(high: u64, low: u64) -> String {
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0x0fff,
        0x8000 | ((low >> 48) & 0x3fff),
        low & 0xffff_ffff_ffff,
    )
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
    fn between_keeps_to_its_bounds_and_reaches_them() {
        let mut world = world(1);
        let drawn: HashSet<u64> = (0..200).map(|_| world.between(3, 6)).collect();
        assert_eq!(drawn, HashSet::from([3, 4, 5, 6]));
        assert_eq!(world.between(9, 2), 9);
        world.between(0, u64::MAX);
    }

    #[test]
    fn pick_reaches_everything_and_nothing_of_nothing() {
        let mut world = world(1);
        let drawn: HashSet<i32> = (0..100)
            .filter_map(|_| world.pick(&[1, 2, 3]).copied())
            .collect();
        assert_eq!(drawn.len(), 3);
        assert_eq!(world.pick::<i32>(&[]), None);
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
