//! What became of the webhooks that were delivered.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::Serialize;
use url::Url;

use crate::world::Outgoing;

/// How many deliveries are kept.
const CAPACITY: usize = 200;

/// One webhook that left the outbox.
#[derive(Clone, Debug, Serialize)]
pub struct Delivery {
    /// When, in simulated time.
    pub at: DateTime<Utc>,
    /// The id of the platform that sent it.
    pub platform: &'static str,
    /// Where to.
    pub url: Url,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was answered with this HTTP status.
    Answered(u16),
    /// It did not arrive, and why.
    Failed(String),
}

/// The last deliveries, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Deliveries(VecDeque<Delivery>);

impl Deliveries {
    pub(crate) fn add(&mut self, outgoing: &Outgoing, at: DateTime<Utc>, outcome: Outcome) {
        if self.0.len() == CAPACITY {
            self.0.pop_front();
        }
        let (platform, url) = (outgoing.platform, outgoing.url.clone());
        self.0.push_back(Delivery {
            at,
            platform,
            url,
            outcome,
        });
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Delivery> {
        self.0.iter()
    }
}
