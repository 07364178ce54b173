//! What the suite has to be told about a connector.

use std::fmt;
use std::sync::Arc;

use connector_core::{
    Connector, Credential, Endpoint, ErrorKind, Form, Operation, Session, Settings,
};
use crossdock_sandbox::{Effect, Options, Sandbox, Size};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::json;

/// One connector, as the suite needs it. The whole of a connector's `tests/conformance.rs` is an
/// implementation of this and a `main` that hands it to [`main`](crate::main).
pub trait Harness: Send + Sync + 'static {
    /// The connector.
    type Connector: Connector;

    /// The connector, set up with the application that the sandbox knows.
    fn connector(&self) -> Self::Connector;

    /// One way to connect for each of the descriptor's auth methods. The first one is used where
    /// any will do.
    fn ways(&self) -> Vec<Way>;

    /// A call that only reads, needs no permission beyond the usual, and works on a fresh account.
    fn read(&self) -> Probe<<Self::Connector as Connector>::Credential>;

    /// A call that must not be repeated once it may have arrived, and that works on a fresh account.
    /// `None` for a connector that never writes.
    fn write(&self) -> Option<Probe<<Self::Connector as Connector>::Credential>> {
        None
    }

    /// What is set for the connection.
    fn settings(&self) -> Settings {
        Settings::default()
    }

    /// How much data there is: enough for several pages of every stream.
    fn size(&self) -> Size {
        Size::default()
    }

    /// The sandbox with the platform in it: that of the built-in ones, and no other, as making up
    /// data takes its time; or one that is emulated elsewhere.
    fn sandbox(&self, options: Options) -> Sandbox {
        Sandbox::of(options, self.connector().descriptor().id)
    }

    /// Secrets of the operator's configuration, such as the client secret. What a person types into
    /// a secret field, and what the platform issues, is known already.
    fn secrets(&self) -> Vec<String> {
        Vec::new()
    }

    /// Which answers mean which failure, for [`Harness::read`].
    fn failures(&self) -> Vec<(Effect, ErrorKind)> {
        [
            (403, ErrorKind::PermissionDenied),
            (404, ErrorKind::NotFound),
            (409, ErrorKind::Rejected),
            (429, ErrorKind::RateLimited),
            (500, ErrorKind::Unavailable),
            (502, ErrorKind::Unavailable),
            (503, ErrorKind::Unavailable),
        ]
        .map(|(code, kind)| (status(code), kind))
        .into()
    }

    /// What a callback of the platform's consent page can't do without: by default as RFC 6749, 4.1.2
    /// has it.
    fn callback(&self) -> &'static [&'static str] {
        &["state", "code"]
    }

    /// What stands on the address of the consent page in place of the return address, where that is
    /// registered with the platform under a name: eBay's RuName.
    fn return_name(&self) -> Option<&'static str> {
        None
    }

    /// What the platform answers when a grant is gone: by default as RFC 6749, 5.2 has it.
    fn renewal_refused(&self) -> Effect {
        let body = Some(json!({"error": "invalid_grant", "error_description": "it is gone"}));
        Effect::Status {
            code: 400,
            headers: [].into(),
            body,
        }
    }

    /// How many distinct records a complete sync must find; `None` to leave it open. By default what
    /// the sandbox counts.
    fn expected(&self, stream: &str, sandbox: &Sandbox) -> Option<u64> {
        sandbox
            .census()
            .get(self.connector().descriptor().id)?
            .get(stream)
            .copied()
    }

    /// The headers, in lower case, in which webhooks are signed.
    fn signature_headers(&self) -> &'static [&'static str] {
        &[]
    }

    /// Checks that do not hold for this connector, each with the reason.
    fn waivers(&self) -> &'static [Waiver] {
        &[]
    }
}

pub(crate) fn status(code: u16) -> Effect {
    Effect::Status {
        code,
        headers: [].into(),
        body: None,
    }
}

/// A check that is known not to hold, and why.
///
/// It is run all the same: when it holds after all, the waiver has to go.
#[derive(Clone, Copy, Debug)]
pub struct Waiver {
    /// The check as the suite prints it, such as `sync.resumes[orders]`, or without its subject, for
    /// all subjects.
    pub check: &'static str,
    /// Why the platform makes it impossible.
    pub reason: &'static str,
}

/// One way to connect: the right answers of a form, and wrong ones.
///
/// `Debug` shows field names alone.
#[derive(Clone, Debug)]
pub struct Way {
    pub(crate) method: &'static str,
    pub(crate) form: Form,
    pub(crate) malformed: Vec<Wrong>,
    pub(crate) unknown: Vec<Wrong>,
}

/// A value that a field must not be given.
#[derive(Clone)]
pub(crate) struct Wrong {
    pub(crate) field: &'static str,
    pub(crate) value: String,
}

impl fmt::Debug for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.field)
    }
}

impl Way {
    /// The auth method with this id, with nothing filled in.
    #[must_use]
    pub fn new(method: &'static str) -> Self {
        Self {
            method,
            form: Form::new(),
            malformed: Vec::new(),
            unknown: Vec::new(),
        }
    }

    /// A field and what works in it.
    #[must_use]
    pub fn fill(mut self, field: &'static str, value: impl Into<String>) -> Self {
        self.form.push(field, value);
        self
    }

    /// A field and what can't be right in it: it has to be refused before anything is sent.
    #[must_use]
    pub fn malformed(mut self, field: &'static str, value: impl Into<String>) -> Self {
        self.malformed.push(Wrong {
            field,
            value: value.into(),
        });
        self
    }

    /// A field and what could be right, but isn't: the platform refuses it, at once or when the
    /// connection is tested.
    #[must_use]
    pub fn unknown(mut self, field: &'static str, value: impl Into<String>) -> Self {
        self.unknown.push(Wrong {
            field,
            value: value.into(),
        });
        self
    }

    /// The form with one field's value replaced, or left out.
    pub(crate) fn form_with(&self, field: &str, value: Option<&str>) -> Form {
        let mut form = Form::new();
        for (name, known) in self.form.iter().filter(|(name, _)| *name != field) {
            form.push(name, known);
        }
        if let Some(value) = value {
            form.push(field, value);
        }
        form
    }
}

type Call<C> = dyn Fn(Session<C>) -> BoxFuture<'static, connector_core::Result<()>> + Send + Sync;

/// One call of the platform's API, ready to be made.
#[derive(Clone)]
pub struct Probe<C: Credential> {
    pub(crate) operation: Operation,
    call: Arc<Call<C>>,
}

impl<C: Credential> Probe<C> {
    /// A call of this endpoint.
    pub fn of<E: Endpoint + 'static>(endpoint: E) -> Self {
        let endpoint = Arc::new(endpoint);
        let call = move |session: Session<C>| {
            let endpoint = Arc::clone(&endpoint);
            async move { session.call(&*endpoint).await.map(drop) }.boxed()
        };
        Self {
            operation: E::OPERATION,
            call: Arc::new(call),
        }
    }

    pub(crate) async fn run(&self, session: &Session<C>) -> connector_core::Result<()> {
        (self.call)(session.clone()).await
    }
}

impl<C: Credential> fmt::Debug for Probe<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Probe").field(&self.operation.name).finish()
    }
}
