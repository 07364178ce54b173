//! How long to wait before another attempt, when the platform doesn't say.

use std::time::Duration;

use crate::context::Entropy;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(8);

/// Full jitter: anything between nothing and a bound that doubles with each attempt, so that many
/// clients that failed together don't come back together.
pub(super) fn delay(attempt: u32, entropy: &dyn Entropy) -> Duration {
    let bound = FIRST
        .saturating_mul(1 << attempt.saturating_sub(1).min(8))
        .min(LONGEST);
    let mut random = [0; 4];
    entropy.fill(&mut random);
    let share = f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX);
    bound.mul_f64(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Always(u8);

    impl Entropy for Always {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn the_bound_doubles_and_stops() {
        let most = |attempt| delay(attempt, &Always(0xff));
        assert_eq!(most(1), Duration::from_millis(500));
        assert_eq!(most(2), Duration::from_secs(1));
        assert_eq!(most(5), LONGEST);
        assert_eq!(most(u32::MAX), LONGEST);
        assert_eq!(delay(3, &Always(0)), Duration::ZERO);
    }
}
