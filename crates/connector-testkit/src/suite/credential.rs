//! What a connection stores: how it is kept, and how it is renewed without ever being lost.

use std::time::Duration;

use chrono::TimeDelta;
use connector_core::{ErrorKind, ExposeSecret as _, LostReply, OpaqueCredential, Retry};
use crossdock_sandbox::{Effect, Fault};
use futures::future::join_all;

use crate::harness::{Harness, status};
use crate::lab::{Lab, Open};
use crate::outcome::{Failure, Outcome, Verdict, ensure, must_fail};
use crate::suite::Subject;
use crate::transport::Sent;

const NEVER_EXPIRES: Verdict = Verdict::NotApplicable("this credential never expires");

/// How long after its end a credential is used.
const TOO_LATE_BY: TimeDelta = TimeDelta::seconds(1);

/// What is stored opens as what was closed, and works.
pub(super) async fn round_trip<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let credential = lab.connect(subject.way()?).await?;
    let json = credential.json().expose_secret().to_owned();
    let (expires_at, reconnect_by) = (credential.expires_at(), credential.reconnect_by());
    let stored = OpaqueCredential::from_stored(json.clone().into(), expires_at, reconnect_by);
    let opened = lab.open(&stored)?;
    let typed = opened.session.credential();
    let again = OpaqueCredential::close(&*typed)?;
    ensure!(
        again.json().expose_secret() == json,
        "closing it again gives another JSON"
    );
    ensure!(
        again.expires_at() == expires_at,
        "closing it again gives another expiry"
    );
    ensure!(
        again.reconnect_by() == reconnect_by,
        "closing it again gives another last day"
    );
    lab.capture.show(&*typed);
    lab.seen(lab.harness.read().run(&opened.session).await)?;
    Ok(Verdict::Holds)
}

/// Renewing what never expires changes nothing and asks nobody.
pub(super) async fn stays<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let credential = lab.connect(subject.way()?).await?;
    if credential.expires_at().is_some() {
        return Ok(Verdict::NotApplicable("this credential expires"));
    }
    let before = lab.wire.count();
    let same = lab.seen(lab.connector.exchange(&lab.ctx).exchange(&credential).await)?;
    ensure!(lab.wire.count() == before, "a request was sent");
    let unchanged = same.json().expose_secret() == credential.json().expose_secret();
    ensure!(
        unchanged && same.expires_at().is_none(),
        "the credential changed"
    );
    Ok(Verdict::Holds)
}

/// A credential that has expired is renewed before it is used, and the new one lasts longer and
/// works.
pub(super) async fn renewed_when_due<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let Some((credential, open)) = expired(lab, subject).await? else {
        return Ok(NEVER_EXPIRES);
    };
    let before = lab.wire.count();
    lab.seen(lab.harness.read().run(&open.session).await)?;
    ensure!(
        open.keeper.exchanges() == 1,
        "{} renewals",
        open.keeper.exchanges()
    );
    let sent = lab.wire.sent_since(before);
    let stored = open.keeper.stored().await;
    let changed = stored.credential.json().expose_secret() != credential.json().expose_secret();
    ensure!(stored.version == 2 && changed, "nothing new was stored");
    ensure!(
        stored.credential.expires_at() > credential.expires_at(),
        "it expires no later"
    );
    for request in sent.iter().take(1) {
        let operation = request.operation();
        let marked = operation.is_some_and(|operation| operation.sensitive);
        ensure!(
            marked,
            "{request:?} has tokens in its bodies and isn't marked sensitive"
        );
    }
    Ok(Verdict::Holds)
}

/// A new credential that could not be stored is not used.
pub(super) async fn stored_before_use<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let Some((_, open)) = expired(lab, subject).await? else {
        return Ok(NEVER_EXPIRES);
    };
    open.keeper.refuse_to_store();
    let before = lab.wire.count();
    let result = lab.seen(lab.harness.read().run(&open.session).await);
    ensure!(
        result.is_err(),
        "the call succeeded with a credential that was not stored"
    );
    let sent = lab.wire.sent_since(before);
    // A renewal may take several requests; each holds tokens, and says so.
    let renewing = |sent: &Sent| sent.operation().is_some_and(|it| it.sensitive);
    ensure!(
        !sent.is_empty() && sent.iter().all(renewing),
        "after the renewal something was sent: {sent:?}"
    );
    Ok(Verdict::Holds)
}

/// Ten calls at once that need a new credential share one renewal.
pub(super) async fn one_renewal<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let Some((_, open)) = expired(lab, subject).await? else {
        return Ok(NEVER_EXPIRES);
    };
    let read = lab.harness.read();
    for result in join_all((0..10).map(|_| read.run(&open.session))).await {
        lab.seen(result)?;
    }
    ensure!(
        open.keeper.exchanges() == 1,
        "{} renewals",
        open.keeper.exchanges()
    );
    Ok(Verdict::Holds)
}

/// A renewal whose reply is lost costs nothing where the platform forgives it, and says so where it
/// doesn't. It is never repeated behind the keeper's back.
pub(super) async fn lost_reply<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let Some((credential, open)) = expired(lab, subject).await? else {
        return Ok(NEVER_EXPIRES);
    };
    let exchange = lab.connector.exchange(&lab.ctx);
    lab.spoil(Effect::LostReply, 0, 1);
    let before = lab.wire.count();
    let kinds = [ErrorKind::Unavailable];
    let lost = lab.seen(exchange.exchange(&credential).await);
    let error = must_fail("a renewal whose reply is lost", lost, &kinds)?;
    ensure!(
        lab.wire.count() == before + 1,
        "the connector repeated the renewal by itself"
    );
    let unknown = error.retry() == Retry::IfIdempotent;
    ensure!(
        unknown,
        "the error doesn't say that the renewal may have arrived: {error:?}"
    );
    match exchange.lost_reply() {
        LostReply::Retry => {
            lab.seen(lab.harness.read().run(&open.session).await)?;
            ensure!(
                open.keeper.stored().await.version == 2,
                "nothing new was stored"
            );
        }
        LostReply::Reconnect => {}
    }
    Ok(Verdict::Holds)
}

/// A grant that is gone is said to be gone, for the renewal and for the call that needed it.
pub(super) async fn grant_gone<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let Some((_, open)) = expired(lab, subject).await? else {
        return Ok(NEVER_EXPIRES);
    };
    lab.spoil(lab.harness.renewal_refused(), 0, 10);
    let before = lab.wire.count();
    let result = lab.seen(lab.harness.read().run(&open.session).await);
    must_fail(
        "a call whose grant is gone",
        result,
        &[ErrorKind::ReconnectRequired],
    )?;
    ensure!(
        lab.wire.count() == before + 1,
        "a refused renewal was repeated"
    );
    Ok(Verdict::Holds)
}

/// A token endpoint that is down keeps the old credential: usable while it lasts, and renewed when
/// the endpoint is back.
pub(super) async fn outage<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let Some((credential, open)) = expired(lab, subject).await? else {
        return Ok(NEVER_EXPIRES);
    };
    lab.spoil(status(503), 0, 1);
    let result = lab.seen(lab.harness.read().run(&open.session).await);
    let error = must_fail("a call during an outage", result, &[ErrorKind::Unavailable])?;
    ensure!(
        error.is_retryable(),
        "an outage must be worth trying again: {error:?}"
    );
    let stored = open.keeper.stored().await.credential;
    let kept = stored.json().expose_secret() == credential.json().expose_secret();
    ensure!(kept, "the old credential is gone");
    lab.seen(lab.harness.read().run(&open.session).await)?;
    Ok(Verdict::Holds)
}

/// A refused credential is renewed once, and then the person has to act.
pub(super) async fn refused<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let credential = lab.connect(subject.way()?).await?;
    let open = lab.open(&credential)?;
    if credential.expires_at().is_some() {
        lab.spoil(status(401), 0, 1);
        lab.seen(lab.harness.read().run(&open.session).await)?;
        ensure!(
            open.keeper.exchanges() == 1,
            "{} renewals",
            open.keeper.exchanges()
        );
    }
    let other = lab.fresh()?;
    let credential = other.connect(subject.way()?).await?;
    let open = other.open(&credential)?;
    let before = other.wire.count();
    other.seen(other.harness.read().run(&open.session).await)?;
    let call = other.wire.sent_since(before);
    let path = call.first().map(|sent| sent.path().to_owned());
    // The call is refused each time; renewing, which goes elsewhere, isn't.
    let fault = Fault {
        path_contains: path.clone(),
        times: 100,
        ..Fault::new(status(401))
    };
    other.wire.sandbox().inject(fault);
    let before = other.wire.count();
    let result = other.seen(other.harness.read().run(&open.session).await);
    must_fail(
        "a call that is refused twice",
        result,
        &[ErrorKind::ReconnectRequired],
    )?;
    let mut sent = other.wire.sent_since(before);
    sent.retain(|sent| Some(sent.path()) == path.as_deref());
    ensure!(sent.len() <= 2, "this is asked too often: {sent:?}");
    Ok(Verdict::Holds)
}

/// A connection whose credential has just expired; `None` where it never does.
async fn expired<H: Harness>(
    lab: &Lab<H>,
    subject: &Subject,
) -> Result<Option<(OpaqueCredential, Open<H>)>, Failure> {
    let credential = lab.connect(subject.way()?).await?;
    let Some(expires_at) = credential.expires_at() else {
        return Ok(None);
    };
    let left = expires_at + TOO_LATE_BY - lab.ctx.now();
    let lasts = left
        .to_std()
        .ok()
        .filter(|left| *left > Duration::from_secs(120));
    let lasts = lasts.ok_or_else(|| Failure::new("it expires within two minutes of its issue"))?;
    lab.clock.pass(lasts).await;
    let open = lab.open(&credential)?;
    Ok(Some((credential, open)))
}
