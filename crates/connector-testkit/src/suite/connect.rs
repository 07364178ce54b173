//! Connecting an account: what a person does right, does wrong, and what somebody else tries.

use connector_core::{Account, ConnectOutcome, Error, ErrorKind, Form, OpaqueCredential, Pending};
use url::Url;

use crate::browser;
use crate::harness::{Harness, Way};
use crate::lab::{Lab, stored};
use crate::outcome::{Failure, Outcome, Verdict, ensure, must_fail};
use crate::suite::Subject;

const NO_CONSENT: Verdict = Verdict::NotApplicable("this method asks for no consent");

/// The right answers connect, and the account says twice who it is.
pub(super) async fn completes<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let credential = lab.connect(subject.way()?).await?;
    let session = lab.open_any(&credential)?;
    let account: Account = lab.seen(session.test().await)?;
    lab.capture.show(&account);
    ensure!(!account.id.trim().is_empty(), "the account has no id");
    ensure!(!account.name.trim().is_empty(), "the account has no name");
    let again = lab.seen(session.test().await)?;
    ensure!(
        account.id == again.id,
        "the account's id changes: {}, {}",
        account.id,
        again.id
    );
    let other = lab.fresh()?;
    let credential = other.connect(subject.way()?).await?;
    let reconnected = other.seen(other.open_any(&credential)?.test().await)?;
    ensure!(
        account.id == reconnected.id,
        "connecting the same account again gives another id"
    );
    Ok(Verdict::Holds)
}

/// A field that has to be filled in and isn't is named before anything is sent.
pub(super) async fn missing_field<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let way = subject.way()?;
    let method = lab.connector.descriptor().auth_method(way.method);
    let required = method
        .map_or(&[][..], |method| method.fields)
        .iter()
        .filter(|it| it.required);
    for field in required {
        for value in [None, Some(""), Some("  \t ")] {
            begin_refused(lab, way, field.name, value).await?;
        }
    }
    Ok(Verdict::Holds)
}

/// A value that can't be right is refused, and its field named, before anything is sent.
pub(super) async fn malformed_field<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let way = subject.way()?;
    for wrong in &way.malformed {
        begin_refused(lab, way, wrong.field, Some(&wrong.value)).await?;
    }
    if way.malformed.is_empty() {
        return Ok(Verdict::NotApplicable(
            "the harness knows no malformed value",
        ));
    }
    Ok(Verdict::Holds)
}

async fn begin_refused<H: Harness>(
    lab: &Lab<H>,
    way: &Way,
    field: &str,
    value: Option<&str>,
) -> Result<(), Failure> {
    let before = lab.wire.count();
    let result = lab.begin(way.method, &way.form_with(field, value)).await;
    // Not a secret: it is no value that could work.
    let what = format!("`{field}` with {value:?}");
    let error = must_fail(&what, result, &[ErrorKind::InputInvalid])?;
    ensure!(
        error.field() == Some(field),
        "{what}: the error names {:?}",
        error.field()
    );
    ensure!(
        lab.wire.count() == before,
        "{what}: a request was sent all the same"
    );
    Ok(())
}

/// A value that the platform doesn't know fails at the latest when the connection is tested, in
/// words for the person.
pub(super) async fn unknown_field<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let way = subject.way()?;
    for wrong in &way.unknown {
        let form = way.form_with(wrong.field, Some(&wrong.value));
        let result = match lab.begin(way.method, &form).await {
            Ok(ConnectOutcome::Connected(credential)) => {
                lab.seen(lab.open_any(&credential)?.test().await).map(drop)
            }
            // The platform's own page is where a person would learn of it.
            Ok(_) => continue,
            Err(error) => Err(error),
        };
        let kinds = [
            ErrorKind::InputInvalid,
            ErrorKind::ReconnectRequired,
            ErrorKind::PermissionDenied,
        ];
        must_fail(&format!("an unknown `{}`", wrong.field), result, &kinds)?;
    }
    if way.unknown.is_empty() {
        return Ok(Verdict::NotApplicable("the harness knows no unknown value"));
    }
    Ok(Verdict::Holds)
}

/// A method that isn't offered is refused.
pub(super) async fn unknown_method<H: Harness>(lab: &Lab<H>) -> Outcome {
    let result = lab.begin("no_such_method", &Form::new()).await;
    let kinds = [
        ErrorKind::InputInvalid,
        ErrorKind::Unsupported,
        ErrorKind::NotFound,
    ];
    must_fail("an unknown auth method", result, &kinds)?;
    Ok(Verdict::Holds)
}

/// The consent page is asked for over TLS, with a state that can't be guessed and the exact return
/// address.
pub(super) async fn redirect<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let Some((url, pending)) = begin_consent(lab, subject.way()?).await? else {
        return Ok(NO_CONSENT);
    };
    let pairs: Vec<_> = url.query_pairs().collect();
    ensure!(
        url.scheme() == "https",
        "the consent page is not asked for over TLS"
    );
    let states: Vec<_> = pairs.iter().filter(|(name, _)| name == "state").collect();
    let named = matches!(states.as_slice(), [(_, state)] if **state == *pending.key());
    ensure!(
        named,
        "the address must hold the pending step's key as its one `state`"
    );
    ensure!(
        pending.key().len() >= 22,
        "the state is shorter than 128 bits can be"
    );
    let return_to = lab.return_to.as_str();
    let return_to = lab.harness.return_name().unwrap_or(return_to);
    let returns = pairs.iter().any(|(_, value)| **value == *return_to);
    ensure!(
        returns,
        "the return address, or its name, isn't in the redirect as it was given"
    );
    let Some((_, again)) = begin_consent(lab, subject.way()?).await? else {
        return Err(Failure::new("a second attempt asks for no consent"));
    };
    ensure!(
        again.key() != pending.key(),
        "two attempts have the same state"
    );
    Ok(Verdict::Holds)
}

/// A person who declines is told that this was it, and no code is traded.
pub(super) async fn denied<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let Some((url, pending)) = begin_consent(lab, subject.way()?).await? else {
        return Ok(NO_CONSENT);
    };
    let callback = browser::visit(&lab.wire, &url, &lab.return_to, false)?;
    refused(
        lab,
        "a denied consent",
        &pending,
        &callback,
        &[ErrorKind::PermissionDenied],
    )
    .await
}

/// A genuine callback of another attempt is refused: somebody may have slipped in theirs.
pub(super) async fn foreign_state<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let Some((_, mine)) = begin_consent(lab, subject.way()?).await? else {
        return Ok(NO_CONSENT);
    };
    let Some((url, _theirs)) = begin_consent(lab, subject.way()?).await? else {
        return Err(Failure::new("a second attempt asks for no consent"));
    };
    let callback = browser::visit(&lab.wire, &url, &lab.return_to, true)?;
    let kinds = [ErrorKind::InputInvalid];
    refused(
        lab,
        "the callback of another attempt",
        &mine,
        &callback,
        &kinds,
    )
    .await
}

/// A callback that lost something on its way is refused, and never taken for consent.
pub(super) async fn changed_callback<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let Some((url, pending)) = begin_consent(lab, subject.way()?).await? else {
        return Ok(NO_CONSENT);
    };
    let callback = browser::visit(&lab.wire, &url, &lab.return_to, true)?;
    let kinds = [ErrorKind::InputInvalid];
    refused(lab, "an empty callback", &pending, &Form::new(), &kinds).await?;
    for lost in lab.harness.callback() {
        let rest = callback.iter().filter(|(name, _)| name != lost);
        let form = rest.fold(Form::new(), |form, (name, value)| form.with(name, value));
        refused(
            lab,
            &format!("a callback without `{lost}`"),
            &pending,
            &form,
            &kinds,
        )
        .await?;
    }
    Ok(Verdict::Holds)
}

/// The same callback a second time connects nothing.
pub(super) async fn replayed_callback<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let Some((url, pending)) = begin_consent(lab, subject.way()?).await? else {
        return Ok(NO_CONSENT);
    };
    let callback = browser::visit(&lab.wire, &url, &lab.return_to, true)?;
    let first = lab.resume(&stored(&pending)?, &callback).await?;
    lab.finish(first).await?;
    let result = lab.resume(&stored(&pending)?, &callback).await;
    must_fail(
        "a callback that was used",
        result,
        &[ErrorKind::InputInvalid],
    )?;
    Ok(Verdict::Holds)
}

async fn begin_consent<H: Harness>(
    lab: &Lab<H>,
    way: &Way,
) -> Result<Option<(Url, Pending)>, Failure> {
    match lab.begin(way.method, &way.form).await? {
        ConnectOutcome::Redirect { url, pending } => Ok(Some((url, stored(&pending)?))),
        _ => Ok(None),
    }
}

async fn refused<H: Harness>(
    lab: &Lab<H>,
    what: &str,
    pending: &Pending,
    callback: &Form,
    kinds: &[ErrorKind],
) -> Outcome {
    let before = lab.wire.count();
    let result: Result<ConnectOutcome<OpaqueCredential>, Error> =
        lab.resume(pending, callback).await;
    must_fail(what, result, kinds)?;
    ensure!(
        lab.wire.count() == before,
        "{what}: a request was sent all the same"
    );
    Ok(Verdict::Holds)
}
