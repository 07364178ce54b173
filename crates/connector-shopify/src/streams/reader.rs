//! What every stream reads with: calls, page sizes that Shopify accepts, and raw JSON.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use connector_core::{Record, Result, Session, Skipped, endpoint};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::api::{Admin, Answer, Gid, Query};
use crate::credential::ShopifyCredential;

/// How far a reading of changes reaches back behind the newest change that was seen: Shopify's
/// search sees a change only after a while.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);

/// The most that one page of a list can hold.
pub(super) const MOST: u32 = 250;

/// A session with a shop's Admin API, for one run. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    pub(super) session: Session<ShopifyCredential>,
    pub(super) admin: Admin,
    pub(super) keep_raw: bool,
    /// Page sizes are divided by this, which grows when a query is refused for its cost.
    divisor: Arc<AtomicU32>,
}

impl Reader {
    pub(super) fn new(session: Session<ShopifyCredential>, admin: Admin, keep_raw: bool) -> Self {
        Self {
            session,
            admin,
            keep_raw,
            divisor: Arc::new(AtomicU32::new(1)),
        }
    }

    pub(super) async fn ask<Q: Query>(&self, query: &Q) -> Result<Answer<Q::Data>> {
        self.session.call(&self.admin.ask(query)).await
    }

    /// Asks with the largest page that Shopify takes: what a list costs is not documented well
    /// enough to be sure, and a refused query costs nothing.
    pub(super) async fn ask_in_pages<Q: Query>(
        &self,
        most: u32,
        query: impl Fn(u32) -> Q + Send + Sync,
    ) -> Result<Answer<Q::Data>> {
        loop {
            let divisor = self.divisor.load(Ordering::Relaxed);
            let size = (most / divisor).max(1);
            match self.ask(&query(size)).await {
                Err(error) if error.context("code") == Some("MAX_COST_EXCEEDED") && size > 1 => {
                    self.divisor
                        .store(divisor.saturating_mul(2), Ordering::Relaxed);
                }
                answer => return answer,
            }
        }
    }

    /// The JSON as it came, where the run keeps it.
    pub(super) fn raw(&self, node: Box<RawValue>) -> Option<Box<RawValue>> {
        self.keep_raw.then_some(node)
    }
}

/// Reads one node of a list.
pub(super) fn read<T: DeserializeOwned>(node: &RawValue) -> Result<T, Skipped> {
    parse(node.get().as_bytes())
}

/// Reads one object. What can't be read is named by its id, where that much can be read, and by
/// the place that is odd; its data is left out.
pub(super) fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, Skipped> {
    #[derive(serde::Deserialize)]
    struct Named {
        id: Gid,
    }
    endpoint::json(json).map_err(|error| Skipped {
        external_id: serde_json::from_slice::<Named>(json)
            .ok()
            .map(|named| named.id.tail().to_owned()),
        reason: error.to_string(),
    })
}

/// What changed since the newest change that was seen, with an overlap.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) since: DateTime<Utc>,
}

impl Window {
    pub(super) fn after(newest: DateTime<Utc>) -> Self {
        Self {
            since: newest - OVERLAP,
        }
    }

    /// The search. Without the quotes Shopify would drop the time of day and take the shop's zone.
    pub(super) fn search(self) -> String {
        let since = self.since.to_rfc3339_opts(SecondsFormat::Secs, true);
        format!("updated_at:>='{since}'")
    }

    /// Whether a record is in it. Shopify's filters are not always as fine as the search is.
    pub(super) fn has(self, record: &Record) -> bool {
        record
            .updated_at
            .is_none_or(|updated_at| updated_at >= self.since - TimeDelta::seconds(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_quoted_utc_and_overlaps() {
        let window = Window::after("2026-01-02T03:04:05.678+01:00".parse().unwrap());
        assert_eq!(window.search(), "updated_at:>='2026-01-02T01:54:05Z'");
    }

    #[test]
    fn what_is_older_than_the_window_is_left_out() {
        let window = Window::after("2026-01-02T00:10:00Z".parse().unwrap());
        let record = |at: &str| Record {
            updated_at: Some(at.parse().unwrap()),
            ..Record::gone("1")
        };
        assert!(window.has(&record("2026-01-02T00:00:00Z")));
        assert!(!window.has(&record("2026-01-01T23:59:00Z")));
        assert!(window.has(&Record::gone("1")));
    }

    #[test]
    fn an_odd_object_is_named_without_its_data() {
        let skipped = parse::<crate::api::Location>(
            br#"{"id":"gid://shopify/Location/7","name":["s3cret"]}"#,
        )
        .unwrap_err();
        assert_eq!(skipped.external_id.as_deref(), Some("7"));
        assert!(skipped.reason.contains("name"), "{}", skipped.reason);
        assert!(!skipped.reason.contains("s3cret"));
    }
}
