//! The system's own clock and randomness.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use connector_core::{Clock, Entropy, Error, ErrorKind, Result};
use ring::rand::{SecureRandom as _, SystemRandom};

/// The machine's clock and tokio's timers.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock that others are handed"
    )]
    fn now(&self) -> DateTime<Utc> {
        std::time::SystemTime::now().into()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// The operating system's randomness.
#[derive(Clone, Debug)]
pub struct SystemEntropy(SystemRandom);

impl SystemEntropy {
    /// Makes sure that there is randomness.
    ///
    /// # Errors
    /// [`ErrorKind::Unexpected`] when the operating system gives none.
    pub fn new() -> Result<Self> {
        let random = SystemRandom::new();
        random
            .fill(&mut [0; 32])
            .map_err(|ring::error::Unspecified| {
                Error::new(
                    ErrorKind::Unexpected,
                    "the operating system gives no random bytes",
                )
            })?;
        Ok(Self(random))
    }
}

impl Entropy for SystemEntropy {
    #[expect(
        clippy::expect_used,
        reason = "to go on with guessable states and nonces would be worse than to stop"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        self.0
            .fill(bytes)
            .expect("the operating system gave random bytes before");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_bytes_differ() {
        let entropy = SystemEntropy::new().unwrap();
        let (mut one, mut other) = ([0; 32], [0; 32]);
        entropy.fill(&mut one);
        entropy.fill(&mut other);
        assert_ne!(one, other);
        assert_ne!(one, [0; 32]);
    }

    #[test]
    fn the_clock_knows_which_century_it_is() {
        let year = SystemClock
            .now()
            .format("%Y")
            .to_string()
            .parse::<u32>()
            .unwrap();
        assert!((2025..2125).contains(&year), "{year}");
    }

    #[tokio::test(start_paused = true)]
    async fn sleeping_takes_its_time() {
        let before = tokio::time::Instant::now();
        SystemClock.sleep(Duration::from_secs(7)).await;
        assert_eq!(before.elapsed(), Duration::from_secs(7));
    }
}
