//! What the environment lends to a connector: a transport, a clock and randomness.
//!
//! Libraries here read neither the clock nor the environment, so a test that lends its own has the
//! whole of time and chance in its hands.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::transport::Transport;

/// Time as connectors and sessions see it.
#[async_trait]
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// This instant.
    fn now(&self) -> DateTime<Utc>;

    /// Returns once this much time has passed.
    async fn sleep(&self, duration: Duration);
}

/// Unpredictable bytes, for states, verifiers, nonces and jitter.
pub trait Entropy: fmt::Debug + Send + Sync + 'static {
    /// Fills the whole slice.
    fn fill(&self, bytes: &mut [u8]);
}

/// What every call that leaves the process needs. Cheap to clone.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Context {
    /// How requests leave.
    pub transport: Arc<dyn Transport>,
    /// What time it is, and how to wait.
    pub clock: Arc<dyn Clock>,
    /// Where randomness comes from.
    pub entropy: Arc<dyn Entropy>,
}

impl Context {
    /// A context of these three.
    #[must_use]
    pub fn new(
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self {
            transport,
            clock,
            entropy,
        }
    }

    /// This instant.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// `N` unpredictable bytes.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes);
        bytes
    }

    /// An unpredictable token of 256 bits in lower-case hexadecimal: a state, a nonce, an id.
    #[must_use]
    pub fn random_token(&self) -> String {
        self.random::<32>()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}
