//! One call: what its failures are taken for, and when it is made again.

use std::collections::BTreeMap;
use std::time::Duration;

use connector_core::{Error, ErrorKind, LONGEST_WAIT, MAX_ATTEMPTS, Retry};
use crossdock_sandbox::Effect;
use crossdock_sandbox::faults::RetryForm;
use serde_json::Value;

use crate::harness::{Harness, status};
use crate::lab::{Lab, Open};
use crate::outcome::{Outcome, Verdict, ensure, must_fail};

const NO_WRITE: Verdict = Verdict::NotApplicable("this connector never writes");

/// The harness's probes are what they claim to be, and work.
pub(super) async fn probes<H: Harness>(lab: &Lab<H>) -> Outcome {
    let open = lab.connected().await?;
    let read = lab.harness.read();
    ensure!(read.operation.idempotent, "{read:?} must be idempotent");
    let before = lab.wire.count();
    lab.seen(read.run(&open.session).await)?;
    let sent = lab.wire.sent_since(before);
    ensure!(sent.len() == 1, "{read:?} must be one request: {sent:?}");
    if let Some(write) = lab.harness.write() {
        lab.seen(write.run(&open.session).await)?;
    }
    Ok(Verdict::Holds)
}

/// Every answer that is a failure is one of the right kind, which names platform and operation.
pub(super) async fn kinds<H: Harness>(lab: &Lab<H>) -> Outcome {
    for (effect, kind) in lab.harness.failures() {
        let lab = lab.fresh()?;
        let open = lab.connected().await?;
        lab.spoil(effect.clone(), 0, 20);
        let read = lab.harness.read();
        let error = must_fail(
            &format!("{effect:?}"),
            read_once(&lab, &open).await,
            &[kind],
        )?;
        let platform = error.context("platform") == Some(lab.platform());
        let operation = error.context("operation") == Some(read.operation.name);
        ensure!(
            platform && operation,
            "{error:?} doesn't name platform and operation"
        );
        let waits = matches!(kind, ErrorKind::RateLimited | ErrorKind::Unavailable);
        ensure!(
            error.is_retryable() == waits,
            "{error:?}: is it worth trying again?"
        );
    }
    Ok(Verdict::Holds)
}

/// What the platform asks to wait is waited, to the second, in every form in which it is said.
pub(super) async fn retry_after<H: Harness>(lab: &Lab<H>) -> Outcome {
    let seconds = |seconds, form| Effect::RetryAfter {
        code: 429,
        seconds,
        form,
    };
    let header = BTreeMap::from([("retry-after".to_owned(), "1.5".to_owned())]);
    let fraction = Effect::Status {
        code: 429,
        headers: header,
        body: None,
    };
    for (effect, least, most) in [
        (seconds(7, RetryForm::Seconds), 7_000, 7_000),
        (seconds(9, RetryForm::HttpDate), 8_000, 9_000),
        (fraction, 1_500, 1_500),
    ] {
        let lab = lab.fresh()?;
        let open = lab.connected().await?;
        lab.spoil(effect.clone(), 0, 1);
        lab.clock.take_slept();
        let before = lab.wire.count();
        read_once(&lab, &open).await?;
        let slept = lab.clock.take_slept();
        let asked = Duration::from_millis(least)..=Duration::from_millis(most);
        let obeyed = slept.iter().any(|sleep| asked.contains(sleep));
        ensure!(
            obeyed,
            "{effect:?}: a wait of {asked:?} was asked for, and {slept:?} were slept"
        );
        ensure!(
            lab.wire.count() == before + 2,
            "{effect:?}: not asked exactly once more"
        );
    }
    Ok(Verdict::Holds)
}

/// A long wait is given back to the caller instead of being sat out.
pub(super) async fn long_wait<H: Harness>(lab: &Lab<H>) -> Outcome {
    let open = lab.connected().await?;
    let form = RetryForm::Seconds;
    lab.spoil(
        Effect::RetryAfter {
            code: 429,
            seconds: 3_600,
            form,
        },
        0,
        20,
    );
    lab.clock.take_slept();
    let before = lab.wire.count();
    let result = read_once(lab, &open).await;
    let error = must_fail("a wait of an hour", result, &[ErrorKind::RateLimited])?;
    let told = error.retry_after() == Some(Duration::from_secs(3_600));
    ensure!(told, "{error:?} doesn't say how long to wait");
    ensure!(
        lab.wire.count() == before + 1,
        "it was asked again all the same"
    );
    let slept = lab.clock.take_slept();
    ensure!(
        slept.iter().all(|sleep| *sleep <= LONGEST_WAIT),
        "it was sat out: {slept:?}"
    );
    Ok(Verdict::Holds)
}

/// What was never sent is sent again, whatever it is.
pub(super) async fn not_sent<H: Harness>(lab: &Lab<H>) -> Outcome {
    let open = lab.connected().await?;
    lab.spoil(Effect::NotSent, 0, 1);
    read_once(lab, &open).await?;
    let Some(write) = lab.harness.write() else {
        return Ok(Verdict::Holds);
    };
    lab.spoil(Effect::NotSent, 0, 1);
    let before = lab.wire.count();
    lab.seen(write.run(&open.session).await)?;
    ensure!(
        lab.wire.count() >= before + 2,
        "the write was not sent again"
    );
    Ok(Verdict::Holds)
}

/// What may have arrived is sent again only if that does no harm.
pub(super) async fn lost_reply<H: Harness>(lab: &Lab<H>) -> Outcome {
    let open = lab.connected().await?;
    lab.spoil(Effect::LostReply, 0, 1);
    read_once(lab, &open).await?;
    let Some(write) = lab.harness.write() else {
        return Ok(NO_WRITE);
    };
    lab.spoil(Effect::LostReply, 0, 1);
    let before = lab.wire.count();
    let result = lab.seen(write.run(&open.session).await);
    let error = must_fail(
        "a write whose reply is lost",
        result,
        &[ErrorKind::Unavailable],
    )?;
    ensure!(
        lab.wire.count() == before + 1,
        "a write that may have arrived was sent again"
    );
    ensure!(!error.is_retryable(), "{error:?} invites to send it again");
    Ok(Verdict::Holds)
}

/// A platform that is down is asked a few times, and then left alone.
pub(super) async fn bounded<H: Harness>(lab: &Lab<H>) -> Outcome {
    let open = lab.connected().await?;
    lab.spoil(status(503), 0, 1_000);
    let before = lab.wire.count();
    let result = read_once(lab, &open).await;
    let error = must_fail("an outage", result, &[ErrorKind::Unavailable])?;
    let attempts = lab.wire.count() - before;
    let most = usize::try_from(MAX_ATTEMPTS).unwrap_or(usize::MAX);
    ensure!((2..=most).contains(&attempts), "{attempts} attempts");
    ensure!(
        error.retry() == Retry::Spent,
        "{error:?} doesn't say that the attempts are spent"
    );
    Ok(Verdict::Holds)
}

/// An answer that isn't what it should be is the platform's fault, is said so without quoting it,
/// and isn't asked for again.
pub(super) async fn malformed<H: Harness>(lab: &Lab<H>) -> Outcome {
    const QUOTED: &str = "a-body-that-must-not-be-quoted";
    let page = Value::from(format!("<html>{QUOTED}</html>"));
    let html = Effect::Status {
        code: 200,
        headers: [].into(),
        body: Some(page),
    };
    let text = Value::from(QUOTED);
    let list = Value::Array(vec![text.clone(); 3]);
    let odd = Effect::Status {
        code: 200,
        headers: [].into(),
        body: Some(list),
    };
    for effect in [html, odd] {
        let lab = lab.fresh()?;
        let open = lab.connected().await?;
        lab.spoil(effect, 0, 20);
        let before = lab.wire.count();
        let result = read_once(&lab, &open).await;
        let error = must_fail("a malformed answer", result, &[ErrorKind::ContractBroken])?;
        ensure!(!quotes(&error, QUOTED), "the error quotes the answer");
        ensure!(
            lab.wire.count() == before + 1,
            "a malformed answer was asked for again"
        );
    }
    Ok(Verdict::Holds)
}

pub(super) fn quotes(error: &Error, text: &str) -> bool {
    format!("{error} {error:?}").contains(text)
}

async fn read_once<H: Harness>(lab: &Lab<H>, open: &Open<H>) -> Result<(), Error> {
    lab.seen(lab.harness.read().run(&open.session).await)
}
