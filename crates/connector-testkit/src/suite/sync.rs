//! Syncing one stream when nothing goes wrong but the process: cut anywhere, resumed from JSON.

use std::collections::BTreeSet;

use connector_core::{Change, Checkpoint, ErrorKind, ModelKind, Next, SyncRequest};
use crossdock_sandbox::Size;
use futures::StreamExt as _;
use serde_json::Value;

use crate::harness::Harness;
use crate::lab::Lab;
use crate::outcome::{Failure, Outcome, Verdict, ensure, must_fail};
use crate::suite::Subject;
use crate::walk::{End, Walk, checkpoint, pass, walk};

/// All pages.
const ALL: usize = usize::MAX;

/// A first run completes, finds everything, and every record is what the descriptor promises.
pub(super) async fn completes<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let stream = subject.stream()?;
    let walk = whole(lab, stream.id).await?;
    ensure!(
        walk.skipped() == 0,
        "{} records could not be mapped",
        walk.skipped()
    );
    for record in walk.pages.iter().flat_map(|page| &page.records) {
        if let Change::Upsert(model) = &record.change {
            let promised: ModelKind = stream.model;
            ensure!(
                model.kind() == promised,
                "a {:?} is no {promised:?}",
                model.kind()
            );
        }
    }
    let found = walk.ids().len();
    let expected = lab.harness.expected(stream.id, &lab.wire.sandbox());
    if let Some(expected) = expected {
        let complete = u64::try_from(found).is_ok_and(|found| found == expected);
        ensure!(complete, "{found} records were found of {expected}");
    }
    ensure!(
        found > 0,
        "the sandbox has nothing for this stream, so that nothing is checked"
    );
    Ok(Verdict::Holds)
}

/// Making a stream sends nothing.
pub(super) async fn lazy<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let session = lab.connected_any().await?;
    let before = lab.wire.count();
    let pages = lab.seen(session.sync(SyncRequest::new(subject.stream()?.id)))?;
    tokio::task::yield_now().await;
    ensure!(
        lab.wire.count() == before,
        "something was sent before anybody asked for a page"
    );
    drop(pages);
    Ok(Verdict::Holds)
}

/// Dropping a stream ends it: nothing goes on in the background.
pub(super) async fn drop_stops<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let session = lab.connected_any().await?;
    let mut pages = lab.seen(session.sync(SyncRequest::new(subject.stream()?.id)))?;
    drop(pages.next().await);
    drop(pages);
    let before = lab.wire.count();
    lab.clock.pass(std::time::Duration::from_secs(600)).await;
    ensure!(
        lab.wire.count() == before,
        "requests were sent after the stream was dropped"
    );
    Ok(Verdict::Holds)
}

/// Cut after each page in turn and resumed, in another session, from the checkpoint's JSON, the rest
/// is what it would have been.
pub(super) async fn resumes<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let stream = subject.stream()?.id;
    let began = lab.clock.start();
    let uncut = whole(lab, stream).await?;
    for cut in 1..uncut.pages.len() {
        let lab = lab.fresh()?;
        let credential = lab.connect(&lab.first_way()?).await?;
        let first = walk(&lab, &lab.open_any(&credential)?, stream, None, cut).await?;
        let is_cut = matches!(first.end, End::Cut) && first.pages.len() == cut;
        ensure!(
            is_cut,
            "a second run is another: page {cut} ended so: {}",
            first.end
        );
        if let Some(Next::After(wait)) = first.pages.last().map(|page| page.next) {
            pass(&lab, wait).await;
        }
        let session = lab.open_any(&credential)?;
        let rest = walk(&lab, &session, stream, first.checkpoint(), ALL).await?;
        let rest = rest.done(&format!("the rest after page {cut}"))?;
        let expected = uncut.records(cut, began);
        same(&expected, &rest.records(0, began)).map_err(|why| {
            Failure::new(format!("cut after page {cut}, the rest differs: {why}"))
        })?;
    }
    Ok(Verdict::Holds)
}

/// A run after a complete one completes too, and finds nothing that wasn't there.
pub(super) async fn again<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let stream = subject.stream()?.id;
    let session = lab.connected_any().await?;
    let first = walk(lab, &session, stream, None, ALL)
        .await?
        .done("the first run")?;
    let second = walk(lab, &session, stream, first.checkpoint(), ALL).await?;
    let second = second.done("the run after a complete one")?;
    let new: Vec<_> = second.ids().difference(&first.ids()).cloned().collect();
    ensure!(
        new.is_empty(),
        "the second run finds what the first has missed: {new:?}"
    );
    let mut records = second.pages.iter().flat_map(|page| &page.records);
    let gone = records.any(|record| record.change == Change::Gone);
    ensure!(
        !gone,
        "the second run calls something gone that is still there"
    );
    Ok(Verdict::Holds)
}

/// An account with nothing in it is synced completely, and can be synced again.
pub(super) async fn empty<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let stream = subject.stream()?.id;
    let lab = lab.sized(Size {
        products: 0,
        orders: 0,
    })?;
    let expected = lab.harness.expected(stream, &lab.wire.sandbox());
    let session = lab.connected_any().await?;
    let first = walk(&lab, &session, stream, None, ALL)
        .await?
        .done("an empty stream")?;
    if expected == Some(0) {
        ensure!(
            first.ids().is_empty(),
            "records came out of nothing: {:?}",
            first.ids()
        );
    }
    let second = walk(&lab, &session, stream, first.checkpoint(), ALL).await?;
    second.done("an empty stream that is synced again")?;
    Ok(Verdict::Holds)
}

/// Raw JSON is kept when it is asked for, and only then.
pub(super) async fn raw<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let stream = subject.stream()?.id;
    for keep_raw in [false, true] {
        let lab = lab.fresh()?;
        let session = lab.connected_any().await?;
        let mut resume: Option<Checkpoint> = None;
        let mut found = 0;
        // As far as the first page with records.
        while found == 0 {
            let request = SyncRequest {
                keep_raw,
                ..SyncRequest::new(stream).resume_from(resume)
            };
            let mut pages = lab.seen(session.sync(request))?;
            let Some(page) = pages.next().await.transpose()? else {
                return Err(Failure::new("the stream ends without a page"));
            };
            for record in &page.records {
                let kept = record
                    .raw
                    .as_ref()
                    .map(|raw| serde_json::from_str::<Value>(raw.get()));
                let is_upsert = matches!(record.change, Change::Upsert(_));
                match kept.transpose()? {
                    Some(_) if !keep_raw => {
                        return Err(Failure::new("raw JSON is kept, and nobody asked"));
                    }
                    None if keep_raw && is_upsert => {
                        return Err(Failure::new("raw JSON is asked for, and not kept"));
                    }
                    _ => found += 1,
                }
            }
            match page.next {
                Next::Done => break,
                Next::After(wait) => pass(&lab, wait).await,
                Next::More => {}
            }
            resume = Some(page.checkpoint);
        }
        ensure!(found > 0, "there are no records");
    }
    Ok(Verdict::Holds)
}

/// A checkpoint of another version, or of another making, is refused before anything is sent.
pub(super) async fn foreign_checkpoint<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let stream = subject.stream()?.id;
    let session = lab.connected_any().await?;
    let mut pages = lab.seen(session.sync(SyncRequest::new(stream)))?;
    let Some(page) = pages.next().await.transpose()? else {
        return Err(Failure::new("the stream ends without a page"));
    };
    drop(pages);
    let own: Checkpoint = checkpoint(&serde_json::to_string(&page.checkpoint)?)?;
    let other_version = Checkpoint {
        version: own.version.wrapping_add(1),
        ..own.clone()
    };
    let garbage = Checkpoint {
        cursor: Value::from("this is no cursor"),
        ..own
    };
    let before = lab.wire.count();
    for foreign in [other_version, garbage] {
        let request = SyncRequest::new(stream).resume_from(Some(foreign));
        let result = match lab.seen(session.sync(request)) {
            Ok(mut pages) => match pages.next().await {
                Some(page) => lab.seen(page).map(drop),
                None => Ok(()),
            },
            Err(error) => Err(error),
        };
        must_fail(
            "a foreign checkpoint",
            result,
            &[ErrorKind::CheckpointInvalid],
        )?;
    }
    ensure!(
        lab.wire.count() == before,
        "something was sent all the same"
    );
    Ok(Verdict::Holds)
}

/// A stream that there isn't is not found.
pub(super) async fn unknown_stream<H: Harness>(lab: &Lab<H>) -> Outcome {
    let session = lab.connected_any().await?;
    let result = lab
        .seen(session.sync(SyncRequest::new("no_such_stream")))
        .map(drop);
    must_fail("an unknown stream", result, &[ErrorKind::NotFound])?;
    Ok(Verdict::Holds)
}

/// Every request says what it is for and goes out over TLS.
pub(super) async fn names_operations<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    whole(lab, subject.stream()?.id).await?;
    for sent in lab.wire.sent_since(0) {
        let named = sent
            .operation()
            .is_some_and(|operation| !operation.name.is_empty());
        ensure!(named, "{sent:?} carries no operation");
        let scheme = sent.request.uri().scheme_str();
        ensure!(scheme == Some("https"), "{sent:?} doesn't go out over TLS");
    }
    Ok(Verdict::Holds)
}

/// A complete first run.
pub(super) async fn whole<H: Harness>(lab: &Lab<H>, stream: &str) -> Result<Walk, Failure> {
    let session = lab.connected_any().await?;
    walk(lab, &session, stream, None, ALL)
        .await?
        .done("a first run")
}

fn same(expected: &[Value], found: &[Value]) -> Result<(), String> {
    let ids = |records: &[Value]| -> BTreeSet<String> {
        records
            .iter()
            .map(|record| record["id"].to_string())
            .collect()
    };
    let (wanted, got) = (ids(expected), ids(found));
    let lost: Vec<_> = wanted.difference(&got).take(3).collect();
    let extra: Vec<_> = got.difference(&wanted).take(3).collect();
    if !lost.is_empty() || !extra.is_empty() {
        return Err(format!("lost {lost:?}, extra {extra:?}"));
    }
    if expected.len() != found.len() {
        return Err(format!(
            "{} records instead of {}",
            found.len(),
            expected.len()
        ));
    }
    match expected.iter().zip(found).find(|(one, other)| one != other) {
        Some((one, other)) => Err(format!("{one} became {other}")),
        None => Ok(()),
    }
}
