//! Usage plans: a bucket for every operation and account, filled in simulated time.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

/// Rate and burst on the hosts of Amazon's own sandbox, for every operation.
const SANDBOX: (f64, f64) = (5.0, 15.0);

/// One bucket.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    filled: DateTime<Utc>,
}

/// All buckets.
#[derive(Debug)]
pub(super) struct Limits {
    /// Whether anything is refused.
    pub(super) enforced: bool,
    buckets: HashMap<(String, &'static str, bool), Bucket>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            enforced: true,
            buckets: HashMap::new(),
        }
    }
}

/// Requests per second and the most at once, on one of the two kinds of hosts.
pub(super) const fn plan(rate: f64, burst: f64, sandbox: bool) -> (f64, f64) {
    if sandbox { SANDBOX } else { (rate, burst) }
}

/// The rate as the header `x-amzn-RateLimit-Limit` writes it: `5.0`, `0.0167`.
pub(super) fn header(rate: f64) -> String {
    format!("{rate:?}")
}

impl Limits {
    /// Takes one request out of a bucket; false where it is empty.
    pub(super) fn take(
        &mut self,
        owner: &str,
        operation: &'static str,
        (rate, burst): (f64, f64),
        sandbox: bool,
        now: DateTime<Utc>,
    ) -> bool {
        let bucket = self
            .buckets
            .entry((owner.to_owned(), operation, sandbox))
            .or_insert(Bucket {
                tokens: burst,
                filled: now,
            });
        let passed = (now - bucket.filled).as_seconds_f64().max(0.0);
        bucket.tokens = passed.mul_add(rate, bucket.tokens).min(burst);
        bucket.filled = now;
        // Ten refills of a tenth make a little less than one.
        let free = bucket.tokens > 1.0 - 1e-6;
        if free {
            bucket.tokens -= 1.0;
        }
        free || !self.enforced
    }

    /// Empties the buckets of an operation.
    pub(super) fn drain(&mut self, operation: &str, now: DateTime<Utc>) {
        for ((_, name, _), bucket) in &mut self.buckets {
            if *name == operation {
                *bucket = Bucket {
                    tokens: 0.0,
                    filled: now,
                };
            }
        }
    }
}
