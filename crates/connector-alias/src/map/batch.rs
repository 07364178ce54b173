//! Batches and their quota → native records: no other platform has the like.

use connector_core::model::Native;
use connector_core::{Model, Record};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use super::{Mapped, upsert};
use crate::api::{Batch, BatchQuota, Entry};

/// The id of the one record that is no batch. Alias's own ids are longer.
pub(crate) const QUOTA_ID: &str = "quota";

/// A batch with its operations: alias's own object, and beside its fields `operations` with theirs.
pub(crate) fn batch(read: Entry<Batch>, operations: &[Box<RawValue>], keep_raw: bool) -> Mapped {
    let mut body = value(read.raw());
    let operations = operations.iter().map(|raw| value(raw)).collect();
    if let Value::Object(fields) = &mut body {
        fields.insert("operations".to_owned(), Value::Array(operations));
    }
    let record = read.map(&["id"], false, |batch| {
        let native = Native {
            kind: "batch".to_owned(),
            title: Some(title(&batch)),
            status: batch.status.as_ref().and_then(|status| status.short()),
            body: body.clone(),
        };
        let times = [batch.completed_at, batch.processed_at, batch.created_at];
        let updated_at = times.into_iter().flatten().next();
        upsert(batch.id, updated_at, Model::Native(Box::new(native)))
    })?;
    Ok(with_body(record, &body, keep_raw))
}

/// How much of the quota is in use: the one record that is no batch.
pub(crate) fn quota(read: Entry<BatchQuota>, keep_raw: bool) -> Mapped {
    let body = value(read.raw());
    let record = read.map(&[], false, |quota| {
        let title = match (quota.used_operation_quota, quota.max_operation_quota) {
            (Some(used), Some(max)) => Some(format!("{used} of {max} operations in use")),
            _ => None,
        };
        let native = Native {
            kind: "batch_operation_quota".to_owned(),
            title,
            status: None,
            body: body.clone(),
        };
        upsert(QUOTA_ID, None, Model::Native(Box::new(native)))
    })?;
    Ok(with_body(record, &body, keep_raw))
}

fn with_body(record: Record, body: &Value, keep_raw: bool) -> Record {
    let raw = keep_raw.then(|| to_raw_value(body).ok()).flatten();
    record.with_raw(raw)
}

fn title(batch: &Batch) -> String {
    let kind = batch.kind.as_ref().and_then(|kind| kind.short());
    let kind = kind.as_deref().unwrap_or("batch");
    let count = |count: Option<i64>| count.unwrap_or_default();
    format!(
        "{kind}: {} processed, {} failed, {} queued",
        count(batch.processed),
        count(batch.failed),
        count(batch.queued)
    )
}

fn value(raw: &RawValue) -> Value {
    // It was read as JSON before, so it is JSON.
    serde_json::from_str(raw.get()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_keeps_its_operations_and_whatever_else_it_has() {
        let read = serde_json::from_str(
            r#"{"id":"b-1","status":"BATCH_STATUS_COMPLETED","type":"BATCH_TYPE_CREATE",
                "queued":"0","processed":"2","failed":"1","created_at":"2025-01-01T00:00:00Z",
                "completed_at":null,"new_field":[1]}"#,
        )
        .unwrap();
        let operation = serde_json::from_str(r#"{"success":true}"#).unwrap();
        let record = batch(read, &[operation], true).unwrap();
        assert_eq!(record.external_id, "b-1");
        assert!(record.updated_at.is_some() && record.raw.is_some());
        match record.change {
            connector_core::Change::Upsert(Model::Native(native)) => {
                assert_eq!(native.body["operations"][0]["success"], true);
                assert_eq!(native.body["new_field"][0], 1);
                assert_eq!(native.status.as_deref(), Some("completed"));
                let title = native.title.unwrap();
                assert_eq!(title, "create: 2 processed, 1 failed, 0 queued");
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_odd_batch_is_named_and_not_lost() {
        let read = serde_json::from_str(r#"{"id":"b-1","queued":"many"}"#).unwrap();
        let skipped = batch(read, &[], false).unwrap_err();
        assert_eq!(skipped.external_id.as_deref(), Some("b-1"));
        assert!(skipped.reason.contains("queued"), "{}", skipped.reason);
    }

    #[test]
    fn the_quota_is_one_record() {
        let read = serde_json::from_str(r#"{"used_operation_quota":"3","max_operation_quota":10}"#);
        let record = quota(read.unwrap(), false).unwrap();
        assert_eq!(record.external_id, QUOTA_ID);
    }
}
