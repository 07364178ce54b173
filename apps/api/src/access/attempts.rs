//! Counting failures per peer, so that guessing is slow and floods of it are cheap to refuse.
//!
//! The token has 256 bits, so nobody guesses it; this keeps a guesser from filling the log and the
//! database's time.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::Context;

use crate::failure::{Answer, Failure};

/// How many failures a peer has per [`WINDOW`].
const ALLOWED: u32 = 10;

/// When a peer's failures are forgotten, counted from the first.
const WINDOW: TimeDelta = TimeDelta::minutes(5);

/// How many peers are remembered: about a megabyte. A flood from more of them forgets the oldest.
const PEERS: usize = 10_000;

/// The failures of each peer.
#[derive(Debug)]
pub(crate) struct Attempts {
    context: Context,
    failures: Mutex<HashMap<IpAddr, Failures>>,
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    until: DateTime<Utc>,
}

impl Attempts {
    /// No failures yet.
    pub(crate) fn new(context: Context) -> Self {
        Self {
            context,
            failures: Mutex::default(),
        }
    }

    /// Whether a peer may try at all.
    pub(crate) fn check(&self, peer: IpAddr) -> Answer<()> {
        let now = self.context.now();
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        match failures.get(&network(peer)) {
            Some(of_peer) if of_peer.count >= ALLOWED && of_peer.until > now => {
                let wait = (of_peer.until - now).to_std().unwrap_or(Duration::ZERO);
                Err(Failure::too_many_attempts(wait))
            }
            _ => Ok(()),
        }
    }

    /// Remembers that a peer's token was wrong.
    pub(crate) fn failed(&self, peer: IpAddr) {
        let now = self.context.now();
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= PEERS {
            failures.retain(|_, of_peer| of_peer.until > now);
        }
        if failures.len() >= PEERS
            && let Some(oldest) = failures
                .iter()
                .min_by_key(|(_, of_peer)| of_peer.until)
                .map(|(peer, _)| *peer)
        {
            failures.remove(&oldest);
        }
        let of_peer = failures.entry(network(peer)).or_insert(Failures {
            count: 0,
            until: now + WINDOW,
        });
        if of_peer.until <= now {
            *of_peer = Failures {
                count: 0,
                until: now + WINDOW,
            };
        }
        of_peer.count = of_peer.count.saturating_add(1);
    }
}

/// What counts as one peer: an IPv4 address, or an IPv6 /64, as whoever has one of its addresses
/// has them all.
fn network(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
        }
        four @ IpAddr::V4(_) => four,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use async_trait::async_trait;
    use connector_core::{Clock, Request, Response, Result, Transport};
    use connector_http::SystemEntropy;

    use super::*;

    #[derive(Debug)]
    struct Nowhere;

    #[async_trait]
    impl Transport for Nowhere {
        async fn send(&self, _request: Request) -> Result<Response> {
            Err(connector_core::Error::contract("nothing is sent here"))
        }

        async fn fetch(&self, _request: Request) -> Result<connector_core::Download> {
            Err(connector_core::Error::contract("nothing is sent here"))
        }
    }

    #[derive(Debug)]
    struct Hands(Mutex<DateTime<Utc>>);

    #[async_trait]
    impl Clock for Hands {
        fn now(&self) -> DateTime<Utc> {
            *self.0.lock().unwrap()
        }

        async fn sleep(&self, _duration: Duration) {}
    }

    fn attempts() -> (Attempts, Arc<Hands>) {
        let clock = Arc::new(Hands(Mutex::new(DateTime::UNIX_EPOCH)));
        let entropy = Arc::new(SystemEntropy::new().unwrap());
        let shared: Arc<dyn Clock> = Arc::<Hands>::clone(&clock);
        (
            Attempts::new(Context::new(Arc::new(Nowhere), shared, entropy)),
            clock,
        )
    }

    fn peer(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_peer_waits_after_too_many_failures_and_others_do_not() {
        let (attempts, clock) = attempts();
        for _ in 0..ALLOWED {
            attempts.check(peer("192.0.2.1")).unwrap();
            attempts.failed(peer("192.0.2.1"));
        }
        let refused = attempts.check(peer("192.0.2.1")).unwrap_err();
        assert_eq!(refused.code(), "TOO_MANY_ATTEMPTS");
        attempts.check(peer("192.0.2.2")).unwrap();

        *clock.0.lock().unwrap() += WINDOW;
        attempts.check(peer("192.0.2.1")).unwrap();
        attempts.failed(peer("192.0.2.1"));
        attempts.check(peer("192.0.2.1")).unwrap();
    }

    #[test]
    fn neighbours_in_an_ipv6_network_are_one_peer() {
        let (attempts, _) = attempts();
        for last in 0..ALLOWED {
            attempts.failed(peer(&format!("2001:db8::{last:x}")));
        }
        assert!(attempts.check(peer("2001:db8::ffff")).is_err());
        assert!(attempts.check(peer("2001:db8:0:1::1")).is_ok());
        for _ in 0..ALLOWED {
            attempts.failed(peer("::ffff:192.0.2.1"));
        }
        assert!(attempts.check(peer("192.0.2.1")).is_err());
        assert!(attempts.check(peer("::ffff:192.0.2.2")).is_ok());
    }

    #[test]
    fn a_flood_of_peers_does_not_fill_memory() {
        let (attempts, _) = attempts();
        for address in 0..u32::try_from(PEERS).unwrap() + 100 {
            attempts.failed(IpAddr::V4(address.into()));
        }
        assert_eq!(attempts.failures.lock().unwrap().len(), PEERS);
    }
}
