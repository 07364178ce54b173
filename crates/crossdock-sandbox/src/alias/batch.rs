//! Batches: many changes of listings that alias accepts at once and makes later.
//!
//! A batch waits, then works through its operations, then is completed; all of it follows from
//! simulated time, and each operation happens at its own moment, however rarely anybody looks.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::State;
use super::listing::{Changes, NewListing};
use super::listings;
use super::size::Size;
use super::status::{Outcome, Refusal};
use super::time::time;

/// How long a batch waits before its first operation.
const WAIT: TimeDelta = TimeDelta::seconds(2);

/// How long a batch of any size works.
const WORK: TimeDelta = TimeDelta::seconds(4);

/// One change of one listing.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// Creates a listing; its id is drawn when the batch is accepted.
    Create { id: String, offer: Box<NewListing> },
    /// Changes a listing where it is still as it is expected to be.
    Update {
        id: String,
        expected: Expected,
        changes: Changes,
    },
    /// Puts a listing on sale.
    Activate { id: String },
    /// Takes a listing off sale.
    Deactivate { id: String },
    /// Deletes a listing.
    Delete { id: String },
}

/// What must be true of a listing for an update to be made.
#[derive(Clone, Debug, Default)]
pub(super) struct Expected {
    pub(super) catalog_id: Option<String>,
    pub(super) price_cents: Option<i64>,
    pub(super) size: Option<Size>,
}

impl Change {
    /// The name that the platform's fields and types are made of.
    fn name(&self) -> &'static str {
        match self {
            Self::Create { .. } => "create",
            Self::Update { .. } => "update",
            Self::Activate { .. } => "activate",
            Self::Deactivate { .. } => "deactivate",
            Self::Delete { .. } => "delete",
        }
    }

    /// `BATCH_TYPE_CREATE` and its kind. Only `BATCH_TYPE_INVALID` is documented.
    fn kind(&self) -> String {
        format!("BATCH_TYPE_{}", self.name().to_uppercase())
    }

    /// The listing that nothing else may change meanwhile.
    fn listing_id(&self) -> &str {
        match self {
            Self::Create { id, .. }
            | Self::Update { id, .. }
            | Self::Activate { id }
            | Self::Deactivate { id }
            | Self::Delete { id } => id,
        }
    }

    /// Makes the change and returns what it came to.
    fn make(&self, state: &mut State, now: DateTime<Utc>) -> Outcome<Value> {
        match self {
            Self::Create { id, offer } => {
                let listing = listings::add(state, (**offer).clone(), id.clone(), now)?;
                Ok(json!({"listing": listing}))
            }
            Self::Update {
                id,
                expected,
                changes,
            } => {
                let listing = state
                    .listings
                    .get_mut(id)
                    .ok_or_else(|| Refusal::not_found("listing"))?;
                let offer = &listing.offer;
                let as_expected = expected
                    .catalog_id
                    .as_ref()
                    .is_none_or(|catalog_id| *catalog_id == offer.catalog_id)
                    && expected
                        .price_cents
                        .is_none_or(|price| price == offer.price_cents)
                    && expected.size.is_none_or(|size| size == offer.size);
                if !as_expected {
                    return Err(Refusal::state("the condition of the change does not hold"));
                }
                listing.update(changes.clone(), &state.catalog, now)?;
                Ok(json!({"id": id, "to": {
                    "catalog_id": listing.offer.catalog_id,
                    "price_cents": listing.offer.price_cents.to_string(),
                    "size": listing.offer.size.to_json(),
                }}))
            }
            Self::Activate { id } => listings::activate(state, id, now).map(|_| json!({"id": id})),
            Self::Deactivate { id } => {
                listings::deactivate(state, id, now).map(|_| json!({"id": id}))
            }
            Self::Delete { id } => listings::delete(state, id, now),
        }
    }
}

/// One change in a batch, as it was asked for, and what became of it.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    pub(super) change: Change,
    /// The request in the platform's words, as it is shown again.
    pub(super) request: Value,
    outcome: Option<(DateTime<Utc>, Result<Value, String>)>,
}

impl Operation {
    pub(super) fn new(change: Change, request: Value) -> Self {
        Self {
            change,
            request,
            outcome: None,
        }
    }

    pub(super) fn status(&self) -> &'static str {
        match &self.outcome {
            None => "BATCH_OPERATION_STATUS_PENDING",
            Some((_, Ok(_))) => "BATCH_OPERATION_STATUS_COMPLETED",
            Some((_, Err(_))) => "BATCH_OPERATION_STATUS_FAILED",
        }
    }

    /// The operation as it is sent, with the fields of its own kind only.
    pub(super) fn json(&self, created_at: DateTime<Utc>) -> Value {
        let at = self.outcome.as_ref().map(|(at, _)| time(*at));
        let mut json = json!({
            "type": self.change.kind(),
            "status": self.status(),
            "success": matches!(&self.outcome, Some((_, Ok(_)))),
            "errors": match &self.outcome {
                Some((_, Err(message))) => vec![message.as_str()],
                Some((_, Ok(_))) | None => Vec::new(),
            },
            "created_at": time(created_at),
            "processed_at": at,
            "completed_at": at,
        });
        if let Some(fields) = json.as_object_mut() {
            let name = self.change.name();
            fields.insert(format!("{name}_listing_request"), self.request.clone());
            if let Some((_, Ok(result))) = &self.outcome {
                fields.insert(format!("{name}_listing_result"), result.clone());
            }
        }
        json
    }
}

/// One batch. It has at least one operation, and all of one kind.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    pub(super) id: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) operations: Vec<Operation>,
}

impl Batch {
    fn done(&self) -> usize {
        self.operations
            .iter()
            .filter(|operation| operation.outcome.is_some())
            .count()
    }

    fn is_completed(&self) -> bool {
        self.done() == self.operations.len()
    }

    /// Where the batch was when the clock was last looked at.
    pub(super) fn status(&self, now: DateTime<Utc>) -> &'static str {
        if self.is_completed() {
            "BATCH_STATUS_COMPLETED"
        } else if now >= self.created_at + WAIT {
            "BATCH_STATUS_IN_PROGRESS"
        } else {
            "BATCH_STATUS_PENDING"
        }
    }

    /// What a list shows of it.
    pub(super) fn summary(&self, now: DateTime<Utc>) -> Value {
        let failed = |operation: &&Operation| matches!(operation.outcome, Some((_, Err(_))));
        json!({
            "id": self.id,
            "status": self.status(now),
            "type": self.operations.first().map(|operation| operation.change.kind()),
            "queued": (self.operations.len() - self.done()).to_string(),
            "processed": self.done().to_string(),
            "failed": self.operations.iter().filter(failed).count().to_string(),
        })
    }

    /// All of it but the operations.
    pub(super) fn json(&self, now: DateTime<Utc>) -> Value {
        let mut json = self.summary(now);
        let times = self
            .operations
            .iter()
            .filter_map(|operation| operation.outcome.as_ref());
        let times: Vec<DateTime<Utc>> = times.map(|(at, _)| *at).collect();
        if let Some(fields) = json.as_object_mut() {
            let processed = times.first().copied().map(time);
            let completed = times
                .last()
                .copied()
                .filter(|_| self.is_completed())
                .map(time);
            fields.insert("created_at".to_owned(), time(self.created_at).into());
            fields.insert("processed_at".to_owned(), processed.into());
            fields.insert("completed_at".to_owned(), completed.into());
        }
        json
    }

    /// When an operation is made.
    fn moment(&self, index: usize) -> DateTime<Utc> {
        let part = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        self.created_at + WAIT + WORK * part(index + 1) / part(self.operations.len()).max(1)
    }
}

/// All batches, by id.
#[derive(Debug, Default)]
pub(super) struct Batches {
    pub(super) all: BTreeMap<String, Batch>,
}

impl Batches {
    /// Whether an operation that was not made yet is to change a listing.
    pub(super) fn holds(&self, listing_id: &str) -> bool {
        self.open()
            .any(|operation| operation.change.listing_id() == listing_id)
    }

    /// The operations that were not made yet.
    pub(super) fn open(&self) -> impl Iterator<Item = &Operation> {
        let all = self.all.values().flat_map(|batch| &batch.operations);
        all.filter(|operation| operation.outcome.is_none())
    }
}

/// Makes every operation whose moment has come.
pub(super) fn work(state: &mut State, now: DateTime<Utc>) {
    // Out of the state meanwhile: what a batch does must not be refused because a batch does it.
    let mut batches = std::mem::take(&mut state.batches);
    let mut open: Vec<&mut Batch> = batches
        .all
        .values_mut()
        .filter(|batch| !batch.is_completed())
        .collect();
    open.sort_by_key(|batch| batch.created_at);
    for batch in open {
        for index in batch.done()..batch.operations.len() {
            let at = batch.moment(index);
            if at > now {
                break;
            }
            if let Some(operation) = batch.operations.get_mut(index) {
                let outcome = operation
                    .change
                    .make(state, at)
                    .map_err(|refusal| refusal.message);
                operation.outcome = Some((at, outcome));
            }
        }
    }
    state.batches = batches;
}
