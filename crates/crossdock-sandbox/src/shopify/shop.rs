//! One shop: its data, and what apps have going on in it.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::bulk::BulkOperations;
use super::store::Store;
use super::throttle::Bucket;
use super::webhooks::Subscriptions;

/// One shop.
#[derive(Debug)]
pub(crate) struct Shop {
    pub(crate) store: Store,
    pub(crate) bulk: BulkOperations,
    pub(crate) webhooks: Subscriptions,
    /// The points that each app has left.
    pub(crate) buckets: BTreeMap<String, Bucket>,
    /// What idempotent mutations were asked and answered, by app and key.
    pub(crate) idempotent: HashMap<(String, String), (Value, Value)>,
}

impl Shop {
    /// A shop with nothing going on.
    pub(crate) fn new(store: Store) -> Self {
        Self {
            store,
            bulk: BulkOperations::default(),
            webhooks: Subscriptions::default(),
            buckets: BTreeMap::new(),
            idempotent: HashMap::new(),
        }
    }
}
