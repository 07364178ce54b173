//! Randomness that repeats: `SplitMix64`, small, fast, and anything but secret.

/// A generator of numbers that all follow from where it began.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Begins at a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Begins at a seed and what is to be made up, so that each thing gets the same numbers however
    /// many others are made up before it. (FNV-1a over the parts.)
    #[must_use]
    pub fn for_thing(seed: u64, parts: &[&str]) -> Self {
        let mut hash = seed ^ 0xcbf2_9ce4_8422_2325;
        for part in parts {
            for byte in part.bytes().chain([0xff]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        Self(hash)
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included; `low` where `high` is below it.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        let drawn = self.next();
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

    /// An identifier in the form of a version 4 UUID.
    pub fn uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0x0fff,
            0x8000 | ((low >> 48) & 0x3fff),
            low & 0xffff_ffff_ffff,
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn between_keeps_to_its_bounds_and_reaches_them() {
        let mut random = Random::new(1);
        let drawn: HashSet<u64> = (0..200).map(|_| random.between(3, 6)).collect();
        assert_eq!(drawn, HashSet::from([3, 4, 5, 6]));
        assert_eq!(random.between(9, 2), 9);
        random.between(0, u64::MAX);
    }

    #[test]
    fn pick_reaches_everything_and_nothing_of_nothing() {
        let mut random = Random::new(1);
        let drawn: HashSet<i32> = (0..100)
            .filter_map(|_| random.pick(&[1, 2, 3]).copied())
            .collect();
        assert_eq!(drawn.len(), 3);
        assert_eq!(random.pick::<i32>(&[]), None);
    }

    #[test]
    fn things_that_are_split_differently_are_different_things() {
        let first = |parts: &[&str]| Random::for_thing(1, parts).next();
        assert_eq!(first(&["a", "b"]), first(&["a", "b"]));
        assert_ne!(first(&["ab", ""]), first(&["a", "b"]));
        assert_ne!(first(&["a", "b"]), Random::for_thing(2, &["a", "b"]).next());
    }
}
