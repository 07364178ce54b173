//! Reading records back one by one, where the connector can.

use std::collections::BTreeMap;

use connector_core::{AnySession, Change, Connector as _, ErrorKind, Record};

use super::sync::whole;
use crate::harness::Harness;
use crate::lab::Lab;
use crate::outcome::{Failure, Outcome, Verdict, ensure};
use crate::suite::Subject;
use crate::walk::comparable;

/// So many records of a stream are looked up, from its beginning to its end.
const MOST: usize = 30;

const CANT: Verdict = Verdict::NotApplicable("the connector looks nothing up");
const CANT_HERE: Verdict = Verdict::NotApplicable("records of this stream can't be looked up");

/// What a stream brings, a lookup brings too, mapped in the same way.
pub(super) async fn same<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let stream = subject.stream()?.id;
    if lab.typed.lookup().is_none() {
        return Ok(CANT);
    }
    let began = lab.clock.start();
    let walk = whole(lab, stream).await?;
    // What came last is what is stored.
    let records: BTreeMap<&str, &Record> = walk
        .pages
        .iter()
        .flat_map(|page| &page.records)
        .map(|record| (record.external_id.as_str(), record))
        .collect();
    let session = lab.connected_any().await?;
    for (id, record) in records.iter().step_by(records.len().div_ceil(MOST).max(1)) {
        let Some(found) = look_up(lab, &session, stream, id).await? else {
            return Ok(CANT_HERE);
        };
        let (synced, found) = (comparable(record, began), comparable(&found, began));
        ensure!(
            found == synced,
            "`{id}` was synced as {synced}, and is looked up as {found}"
        );
    }
    Ok(Verdict::Holds)
}

/// What the platform doesn't have is gone: neither made up nor a failure, unless the platform could
/// never have such an id.
pub(super) async fn gone<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    const UNKNOWN: &str = "no-such-record";
    let stream = subject.stream()?.id;
    if lab.typed.lookup().is_none() {
        return Ok(CANT);
    }
    let session = lab.connected_any().await?;
    let result = lab.seen(session.lookup(stream, UNKNOWN).await);
    match result {
        Ok(record) => {
            ensure!(
                record.change == Change::Gone && record.external_id == UNKNOWN,
                "an unknown id is looked up as {record:?}"
            );
            Ok(Verdict::Holds)
        }
        Err(error) if error.kind() == ErrorKind::Unsupported => Ok(CANT_HERE),
        Err(error) if error.kind() == ErrorKind::InputInvalid => Ok(Verdict::Holds),
        Err(error) => Err(Failure::new(format!(
            "an unknown id must be gone, and failed as {error:?}"
        ))),
    }
}

/// `None` where records of this stream can't be looked up.
async fn look_up<H: Harness>(
    lab: &Lab<H>,
    session: &AnySession,
    stream: &str,
    id: &str,
) -> Result<Option<Record>, Failure> {
    match lab.seen(session.lookup(stream, id).await) {
        Ok(record) => Ok(Some(record)),
        Err(error) if error.kind() == ErrorKind::Unsupported => Ok(None),
        Err(error) => Err(error.into()),
    }
}
