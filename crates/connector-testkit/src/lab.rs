//! A connector, a sandbox, a clock and all that is recorded of them: one for each check.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use connector_core::{
    AnyConnector, AnySession, Ask, ConnectOutcome, ConnectStep, Connector, Context, Error, Form,
    OpaqueCredential, Pending, Session, VersionedCredential,
};
use crossdock_sandbox::{Effect, Fault, Options, Size};
use url::Url;

use crate::browser;
use crate::capture::Capture;
use crate::clock::TestClock;
use crate::entropy::SeededEntropy;
use crate::harness::{Harness, Way};
use crate::keeper::WatchedKeeper;
use crate::outcome::Failure;
use crate::transport::SandboxTransport;

/// When every check begins: 2026-06-01, noon.
const BEGIN: i64 = 1_780_315_200;

/// More steps than any platform needs to connect an account.
const MOST_STEPS: usize = 8;

/// Where platforms send people back to.
const RETURN_TO: &str = "http://127.0.0.1:8080/api/oauth/callback";

type Credential<H> = <<H as Harness>::Connector as Connector>::Credential;

/// What a check works with.
pub(crate) struct Lab<H: Harness> {
    pub(crate) harness: Arc<H>,
    pub(crate) connector: AnyConnector,
    pub(crate) typed: H::Connector,
    pub(crate) wire: Arc<SandboxTransport>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) ctx: Context,
    pub(crate) capture: Capture,
    pub(crate) return_to: Url,
    size: Size,
}

/// A connection in use, typed, with its keeper in sight.
pub(crate) struct Open<H: Harness> {
    pub(crate) session: Session<Credential<H>>,
    pub(crate) keeper: Arc<WatchedKeeper>,
}

impl<H: Harness> Lab<H> {
    /// A lab with this much data. To be made within a runtime whose time is paused.
    pub(crate) fn new(harness: &Arc<H>, capture: &Capture, size: Size) -> Result<Self, Failure> {
        let begin = DateTime::<Utc>::from_timestamp(BEGIN, 0).unwrap_or_default();
        let clock = Arc::new(TestClock::new(begin));
        let sandbox = harness.sandbox(Options {
            size: size.clone(),
            ..Options::new(begin)
        });
        let wire = Arc::new(SandboxTransport::new(
            Arc::new(Mutex::new(sandbox)),
            Arc::clone(&clock) as _,
        ));
        let entropy = Arc::new(SeededEntropy::new(7));
        let ctx = Context::new(Arc::clone(&wire) as _, Arc::clone(&clock) as _, entropy);
        let typed = harness.connector();
        capture.show(&typed);
        for secret in harness.secrets() {
            capture.secret(&secret);
        }
        Ok(Self {
            harness: Arc::clone(harness),
            connector: AnyConnector::new(harness.connector()),
            typed,
            wire,
            clock,
            ctx,
            capture: capture.clone(),
            return_to: RETURN_TO
                .parse()
                .map_err(|_impossible| Failure::new("no return address"))?,
            size,
        })
    }

    /// Another one like it, with a sandbox and a clock of its own.
    pub(crate) fn fresh(&self) -> Result<Self, Failure> {
        self.sized(self.size.clone())
    }

    /// Another one with another amount of data.
    pub(crate) fn sized(&self, size: Size) -> Result<Self, Failure> {
        Self::new(&self.harness, &self.capture, size)
    }

    pub(crate) fn platform(&self) -> &'static str {
        self.connector.descriptor().id
    }

    /// The way to use where any will do.
    pub(crate) fn first_way(&self) -> Result<Way, Failure> {
        let ways = self.harness.ways();
        ways.into_iter()
            .next()
            .ok_or_else(|| Failure::new("the harness knows no way to connect"))
    }

    /// Spoils the next requests to this platform: `times` of them, after `skip` others.
    pub(crate) fn spoil(&self, effect: Effect, skip: usize, times: usize) {
        let platform = Some(self.platform().to_owned());
        let bounded = |number| u32::try_from(number).unwrap_or(u32::MAX);
        let fault = Fault {
            platform,
            skip: bounded(skip),
            times: bounded(times),
            ..Fault::new(effect)
        };
        self.wire.sandbox().inject(fault);
    }

    /// The result as it is, its error taken down.
    pub(crate) fn seen<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &result {
            self.capture.show_error(error);
        }
        result
    }

    pub(crate) async fn begin(
        &self,
        method: &str,
        form: &Form,
    ) -> Result<ConnectOutcome<OpaqueCredential>, Error> {
        self.note_secrets_of(method, form);
        let return_to = self.return_to.clone();
        let step = ConnectStep::Begin {
            method: method.to_owned(),
            form: form.clone(),
            return_to,
        };
        self.step(step).await
    }

    pub(crate) async fn resume(
        &self,
        pending: &Pending,
        answer: &Form,
    ) -> Result<ConnectOutcome<OpaqueCredential>, Error> {
        if let Some(code) = answer.get("code") {
            self.capture.secret(code);
        }
        self.step(ConnectStep::Resume {
            pending: pending.clone(),
            answer: answer.clone(),
        })
        .await
    }

    async fn step(&self, step: ConnectStep) -> Result<ConnectOutcome<OpaqueCredential>, Error> {
        self.capture.show(&step);
        let outcome = self.seen(self.connector.connect(&self.ctx, step).await)?;
        match &outcome {
            // The address goes to the person's browser, with a state in it: it is not output.
            ConnectOutcome::Redirect { pending, .. } => self.capture.show(pending),
            ConnectOutcome::Connected(credential) => self.capture.credential(credential),
            other => self.capture.show(other),
        }
        Ok(outcome)
    }

    fn note_secrets_of(&self, method: &str, form: &Form) {
        let descriptor = self.connector.descriptor();
        let fields = descriptor
            .auth_method(method)
            .map_or(&[][..], |method| method.fields);
        for field in fields
            .iter()
            .filter(|field| field.kind == connector_core::FieldKind::Secret)
        {
            self.capture
                .secret(form.get(field.name).unwrap_or_default());
        }
    }

    /// Connects as a person would who agrees to everything.
    pub(crate) async fn connect(&self, way: &Way) -> Result<OpaqueCredential, Failure> {
        let outcome = self.begin(way.method, &way.form).await?;
        self.finish(outcome).await
    }

    /// Goes on from an outcome until the account is connected.
    pub(crate) async fn finish(
        &self,
        mut outcome: ConnectOutcome<OpaqueCredential>,
    ) -> Result<OpaqueCredential, Failure> {
        for _ in 0..MOST_STEPS {
            let (pending, answer) = match outcome {
                ConnectOutcome::Connected(credential) => return Ok(credential),
                ConnectOutcome::Redirect { url, pending } => (
                    pending,
                    browser::visit(&self.wire, &url, &self.return_to, true)?,
                ),
                ConnectOutcome::Prompt { ask, pending } => (pending, answer(&ask)),
                _ => return Err(Failure::new("an outcome that this suite doesn't know")),
            };
            outcome = self.resume(&stored(&pending)?, &answer).await?;
        }
        Err(Failure::new(
            "connecting takes more steps than anybody has patience for",
        ))
    }

    /// Puts a credential to use.
    pub(crate) fn open(&self, credential: &OpaqueCredential) -> Result<Open<H>, Failure> {
        let keeper = Arc::new(WatchedKeeper::new(credential.clone()));
        let session = Session::open(
            self.platform(),
            self.typed.dialect(),
            self.ctx.clone(),
            VersionedCredential {
                credential: credential.clone(),
                version: 1,
            },
            Arc::clone(&keeper) as _,
            self.connector.exchange(&self.ctx),
            self.harness.settings(),
        )?;
        self.capture.show(&session);
        Ok(Open { session, keeper })
    }

    /// The same, for what is not the connector's own.
    pub(crate) fn open_any(&self, credential: &OpaqueCredential) -> Result<AnySession, Failure> {
        Ok(self.connector.open(
            &self.ctx,
            VersionedCredential {
                credential: credential.clone(),
                version: 1,
            },
            Arc::new(WatchedKeeper::new(credential.clone())),
            self.harness.settings(),
        )?)
    }

    /// Connects the first way and puts the connection to use.
    pub(crate) async fn connected(&self) -> Result<Open<H>, Failure> {
        let credential = self.connect(&self.first_way()?).await?;
        self.open(&credential)
    }

    /// Connects the first way and puts the connection to use, for syncing.
    pub(crate) async fn connected_any(&self) -> Result<AnySession, Failure> {
        let credential = self.connect(&self.first_way()?).await?;
        self.open_any(&credential)
    }
}

impl<H: Harness> Drop for Lab<H> {
    fn drop(&mut self) {
        self.capture.learn(&self.wire.sent_since(0));
    }
}

/// A pending step as an engine has it back: through JSON.
pub(crate) fn stored(pending: &Pending) -> Result<Pending, Failure> {
    Ok(serde_json::from_str(&serde_json::to_string(pending)?)?)
}

/// What a person answers who takes the first choice and copies the examples.
fn answer(ask: &Ask) -> Form {
    match ask {
        Ask::Choose { field, among, .. } => among
            .first()
            .map_or_else(Form::new, |choice| Form::new().with(*field, &choice.value)),
        Ask::Fill { fields } => fields
            .iter()
            .filter(|field| field.required)
            .fold(Form::new(), |form, field| {
                form.with(field.name, field.example)
            }),
        _ => Form::new(),
    }
}
