//! Syncing one stream when the platform fails: nothing may be lost, and nothing may go on for ever.

use std::collections::BTreeMap;

use connector_core::{Error, ErrorKind};
use crossdock_sandbox::Effect;

use super::session::quotes;
use super::sync::whole;
use crate::harness::{Harness, status};
use crate::lab::Lab;
use crate::outcome::{Failure, Outcome, Verdict, ensure};
use crate::suite::Subject;
use crate::walk::{End, walk};

/// Faults are tried at so many places of a run at the most.
const MOST_PLACES: usize = 12;

const ALL: usize = usize::MAX;

/// A platform that gives the same page as the next one, again and again, ends the run.
pub(super) async fn repeated_page<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let stream = subject.stream()?.id;
    let pages = whole(lab, stream).await?.pages.len();
    let lab = lab.fresh()?;
    let session = lab.connected_any().await?;
    lab.wire.get_stuck();
    let most = pages * 3 + 20;
    let stuck = walk(&lab, &session, stream, None, most).await?;
    ensure!(!lab.wire.is_runaway(), "requests are sent without end");
    match stuck.end {
        // A job that is never ready gives the task back each time; the engine sees how long.
        End::Done | End::Failed(_) | End::StillWaiting => Ok(Verdict::Holds),
        End::Cut if stuck.pages.iter().filter(|page| is_wait(page.next)).count() * 2 > most => {
            Ok(Verdict::Holds)
        }
        end => Err(Failure::new(format!(
            "after {} pages: {end}",
            stuck.pages.len()
        ))),
    }
}

fn is_wait(next: connector_core::Next) -> bool {
    matches!(next, connector_core::Next::After(_))
}

/// A page with nothing on it, and with a next one, is not the end.
pub(super) async fn empty_page<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let stream = subject.stream()?.id;
    let pages = whole(lab, stream).await?.pages.len();
    let mut paged = sent_by_kind(lab);
    paged.retain(|_, count| *count > 1);
    for (kind, count) in &paged {
        let lab = lab.fresh()?;
        let session = lab.connected_any().await?;
        lab.wire.hollow(kind.clone());
        let run = walk(&lab, &session, stream, None, ALL).await?;
        let run = run.done("a run with an empty page")?;
        let asked = sent_by_kind(&lab).get(kind).copied().unwrap_or_default();
        // Where each thing on a page needs requests of its own, an empty one saves those.
        let went_on = asked >= *count || run.pages.len() >= pages;
        ensure!(
            went_on,
            "{kind}: after an empty page the others are not asked for"
        );
    }
    if paged.is_empty() {
        return Ok(Verdict::NotApplicable("everything comes on one page"));
    }
    Ok(Verdict::Holds)
}

fn sent_by_kind<H: Harness>(lab: &Lab<H>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for sent in lab.wire.sent_since(0) {
        *counts.entry(sent.kind()).or_default() += 1;
    }
    counts
}

/// Fields that a later version of the platform's API may add change nothing.
pub(super) async fn unknown_fields<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let stream = subject.stream()?.id;
    let known = whole(lab, stream).await?;
    let lab = lab.fresh()?;
    let session = lab.connected_any().await?;
    lab.wire.add_fields();
    let walk = walk(&lab, &session, stream, None, ALL)
        .await?
        .done("a run with unknown fields")?;
    let lost: Vec<_> = known
        .ids()
        .difference(&walk.ids())
        .take(3)
        .cloned()
        .collect();
    ensure!(
        lost.is_empty(),
        "for fields that nobody knows, these were lost: {lost:?}"
    );
    Ok(Verdict::Holds)
}

/// An answer that isn't what it should be ends the run loudly, and loses nothing.
pub(super) async fn malformed<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    everywhere(lab, subject, &Effect::Malformed, 1, &|error| {
        // A file whose length is known is too short as well, which may be noticed first.
        matches!(
            error.kind(),
            ErrorKind::ContractBroken | ErrorKind::Unavailable
        ) && !quotes(error, "Bad gateway")
            && !quotes(error, "<html>")
    })
    .await
}

/// An answer that breaks off ends the run loudly, and loses nothing.
pub(super) async fn truncated<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    everywhere(lab, subject, &Effect::Truncated, 1, &|error| {
        matches!(
            error.kind(),
            ErrorKind::ContractBroken | ErrorKind::Unavailable
        )
    })
    .await
}

/// A reply that is lost loses nothing.
pub(super) async fn lost_reply<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    everywhere(lab, subject, &Effect::LostReply, 1, &|error| {
        error.kind() == ErrorKind::Unavailable
    })
    .await
}

/// An outage that is longer than a session's patience ends the run with an error that is worth
/// trying again, and the last page's checkpoint goes on from there.
pub(super) async fn outage<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    everywhere(lab, subject, &status(503), 4, &|error| {
        error.kind() == ErrorKind::Unavailable && error.is_retryable()
    })
    .await
}

/// Spoils a run at one place after another. Each time it must either complete, or fail as it should
/// and complete from its last checkpoint; and find everything in either case.
async fn everywhere<H: Harness>(
    lab: &Lab<H>,
    subject: &Subject,
    effect: &Effect,
    times: usize,
    fails_well: &dyn Fn(&Error) -> bool,
) -> Outcome {
    let stream = subject.stream()?.id;
    let session = lab.connected_any().await?;
    let before = lab.wire.count();
    let good = walk(lab, &session, stream, None, ALL)
        .await?
        .done("a first run")?;
    let requests = lab.wire.count() - before;
    let step = requests.div_ceil(MOST_PLACES).max(1);
    for place in (0..requests).step_by(step) {
        let lab = lab.fresh()?;
        let session = lab.connected_any().await?;
        lab.spoil(effect.clone(), place, times);
        let what = || format!("request {} of {requests} spoilt", place + 1);
        let mut run = walk(&lab, &session, stream, None, ALL).await?;
        let mut found = run.ids();
        if let End::Failed(error) = &run.end {
            ensure!(
                fails_well(error),
                "{}: this is not how to fail: {error:?}",
                what()
            );
            lab.wire.sandbox().clear_faults();
            run = walk(&lab, &session, stream, run.checkpoint(), ALL).await?;
            found.extend(run.ids());
        }
        run.done(&format!("{}: the run after it", what()))?;
        let lost: Vec<_> = good.ids().difference(&found).take(3).cloned().collect();
        ensure!(lost.is_empty(), "{}: these were lost: {lost:?}", what());
    }
    Ok(Verdict::Holds)
}
