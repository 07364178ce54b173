//! A connector of the small platform. Without a flaw it is as a connector should be.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::oauth::{ClientProof, OAuthApp};
use connector_core::{
    Account, AuthMethod, ConnectOutcome, ConnectStep, Connector, Context, Credential, Delivery,
    Descriptor, Dialect, Endpoint, Error, ErrorKind, ExposeSecret as _, Field, FieldKind, Form,
    Lookup, LostReply, ModelKind, Operation, PageStream, Pending, Reading, Record, Request,
    Response, Result, Retry, SecretString, Session, StreamDescriptor, SyncRequest, Verdict,
    WebhookEvent, Webhooks, endpoint, secret,
};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::flaw::Flaw;
use crate::platform::CLIENT_SECRET;
use crate::streams;

#[derive(Clone)]
pub(crate) struct Acme {
    pub(crate) flaw: Flaw,
}

impl fmt::Debug for Acme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = if self.flaw == Flaw::SecretInDebug {
            CLIENT_SECRET
        } else {
            "…"
        };
        f.debug_struct("Acme")
            .field("client_secret", &shown)
            .finish()
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AcmeCredential {
    #[serde(serialize_with = "secret::expose")]
    pub(crate) access_token: SecretString,
    #[serde(serialize_with = "secret::expose_option")]
    refresh_token: Option<SecretString>,
    expires_at: Option<DateTime<Utc>>,
    reconnect_by: Option<DateTime<Utc>>,
    renewals: u32,
    /// Not stored: whether it was made in this process.
    #[serde(skip)]
    is_new: bool,
    forgets: bool,
}

impl Credential for AcmeCredential {
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.expires_at
    }

    fn reconnect_by(&self) -> Option<DateTime<Utc>> {
        self.reconnect_by.filter(|_| self.is_new || !self.forgets)
    }
}

const fn field(name: &'static str, kind: FieldKind, help: &'static str) -> Field {
    Field {
        name,
        label: "A label",
        help,
        kind,
        example: "seller",
        required: true,
    }
}

const fn method(id: &'static str, fields: &'static [Field]) -> AuthMethod {
    let docs = "https://acme.test/docs";
    AuthMethod {
        id,
        label: "A label",
        fields,
        redirects: fields.len() > 1,
        needs: &[],
        docs,
    }
}

const fn stream(id: &'static str, model: ModelKind) -> StreamDescriptor {
    let reading = Reading::Incremental;
    StreamDescriptor {
        id,
        label: "A label",
        model,
        reading,
        scopes: &[],
        about: "What it holds.",
    }
}

const METHODS: &[AuthMethod] = &[
    method(
        "oauth",
        &[field("seller", FieldKind::Text, "The seller's name.")],
    ),
    method(
        "token",
        &[field("token", FieldKind::Secret, "From the settings page.")],
    ),
];

const GOOD: Descriptor = Descriptor {
    id: "acme",
    name: "Acme",
    summary: "A platform that there isn't.",
    docs: "https://acme.test/docs",
    auth_methods: METHODS,
    streams: &[
        stream("orders", ModelKind::Order),
        stream("listings", ModelKind::Listing),
    ],
    settings: &[],
};

static FLAWLESS: Descriptor = GOOD;
static HYPHEN: Descriptor = Descriptor {
    settings: &[field("watch-list", FieldKind::Lines, "What to watch.")],
    ..GOOD
};
static HELPLESS: Descriptor = Descriptor {
    settings: &[field("watch", FieldKind::Lines, "")],
    ..GOOD
};

#[derive(Serialize, Deserialize)]
struct Remembered {
    return_to: Url,
}

impl Acme {
    fn has(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    fn app() -> OAuthApp {
        OAuthApp {
            authorize_url: "https://account.acme.test/authorize".parse().unwrap(),
            token_url: "https://account.acme.test/token".parse().unwrap(),
            client_id: "acme-application".to_owned(),
            client_secret: CLIENT_SECRET.into(),
            proof: ClientProof::Body,
            authorize_without: &[],
            exchange_without: &[],
        }
    }

    fn begin(
        &self,
        ctx: &Context,
        method: &str,
        form: &Form,
        return_to: &Url,
    ) -> Result<ConnectOutcome<AcmeCredential>> {
        if method == "token" {
            let token = form.require("token")?;
            if token.contains(char::is_whitespace) {
                return Err(Error::input("token", "a token has no spaces in it"));
            }
            return Ok(ConnectOutcome::Connected(AcmeCredential {
                access_token: token.into(),
                refresh_token: None,
                expires_at: None,
                reconnect_by: None,
                renewals: 0,
                is_new: true,
                forgets: false,
            }));
        }
        if method != "oauth" {
            assert!(!self.has(Flaw::UnknownMethodPanics), "no such method");
            return Err(Error::new(
                ErrorKind::InputInvalid,
                "there is no such method",
            ));
        }
        let seller = match form.require("seller") {
            Err(_) if self.has(Flaw::MissingFieldGuessed) => "somebody",
            seller => seller?,
        };
        let is_name = seller.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_name && !self.has(Flaw::MalformedFieldTaken) {
            return Err(Error::input(
                "seller",
                "a seller's name has letters and digits only",
            ));
        }
        let mut state = ctx.random_token();
        if self.has(Flaw::ShortState) {
            state.truncate(8);
        }
        let url = Self::app().authorize(&state, &[], return_to, None, &[])?;
        let remembered = Remembered {
            return_to: return_to.clone(),
        };
        Ok(ConnectOutcome::Redirect {
            url,
            pending: Pending::new(state, method, &remembered)?,
        })
    }

    async fn resume(
        &self,
        ctx: &Context,
        pending: &Pending,
        answer: &Form,
    ) -> Result<ConnectOutcome<AcmeCredential>> {
        let foreign = || Error::new(ErrorKind::InputInvalid, "this belongs to another attempt");
        match answer.get("state") {
            None if self.has(Flaw::StateMayBeMissing) && answer.get("code").is_some() => {}
            None => return Err(foreign()),
            Some(_) if self.has(Flaw::StateNotCompared) => {}
            Some(state) if state != pending.key() => return Err(foreign()),
            Some(_) => {}
        }
        if answer.get("error").is_some() && !self.has(Flaw::DenialTakenForNonsense) {
            return Err(Error::new(
                ErrorKind::PermissionDenied,
                "the person declined",
            ));
        }
        let code = answer.require("code")?;
        let remembered: Remembered = pending.data()?;
        let traded = Self::app()
            .exchange(ctx, code, &remembered.return_to, None, &[])
            .await;
        let grant = match traded {
            Err(_) if self.has(Flaw::UsedCodeTakenForABug) => {
                return Err(Error::new(ErrorKind::Unexpected, "the exchange failed"));
            }
            traded => traded?,
        };
        if self.has(Flaw::TokenLogged) {
            tracing::trace!(token = grant.access_token.expose_secret(), "connected");
        }
        let lifetime = TimeDelta::from_std(grant.expires_in.unwrap_or_default()).unwrap();
        Ok(ConnectOutcome::Connected(AcmeCredential {
            access_token: grant.access_token,
            refresh_token: grant.refresh_token,
            expires_at: Some(ctx.now() + lifetime),
            reconnect_by: Some(ctx.now() + TimeDelta::days(90)),
            renewals: 0,
            is_new: true,
            forgets: self.has(Flaw::CredentialForgetsItsLastDay),
        }))
    }
}

impl Connector for Acme {
    type Credential = AcmeCredential;

    fn descriptor(&self) -> &'static Descriptor {
        match self.flaw {
            Flaw::NameWithHyphen => &HYPHEN,
            Flaw::FieldWithoutHelp => &HELPLESS,
            _ => &FLAWLESS,
        }
    }

    fn dialect(&self) -> Arc<dyn Dialect<AcmeCredential>> {
        Arc::new(Manners { flaw: self.flaw })
    }

    async fn connect(
        &self,
        ctx: &Context,
        step: ConnectStep,
    ) -> Result<ConnectOutcome<AcmeCredential>> {
        match step {
            ConnectStep::Begin {
                method,
                form,
                return_to,
            } => self.begin(ctx, &method, &form, &return_to),
            ConnectStep::Resume { pending, answer } => self.resume(ctx, &pending, &answer).await,
            _ => Err(Error::new(ErrorKind::Unsupported, "there is no such step")),
        }
    }

    async fn test(&self, session: &Session<AcmeCredential>) -> Result<Account> {
        let me = if self.has(Flaw::TestAsksNobody) {
            Me {
                id: "seller-1".to_owned(),
                name: "A seller".to_owned(),
            }
        } else {
            session.call(&GetMe { flaw: self.flaw }).await?
        };
        let id = match self.flaw {
            Flaw::AccountIdByChance => session.context().random_token(),
            _ => me.id,
        };
        Ok(Account {
            id,
            name: me.name,
            scopes: Vec::new(),
            warnings: Vec::new(),
        })
    }

    async fn refresh(&self, ctx: &Context, credential: &AcmeCredential) -> Result<AcmeCredential> {
        let Some(refresh_token) = &credential.refresh_token else {
            let renewals = u32::from(self.has(Flaw::PersonalTokenRenewed));
            return Ok(AcmeCredential {
                renewals,
                ..credential.clone()
            });
        };
        let mut traded = Self::app().refresh(ctx, refresh_token, &[]).await;
        if self.has(Flaw::RenewalRepeated)
            && matches!(&traded, Err(error) if error.retry() == Retry::IfIdempotent)
        {
            traded = Self::app().refresh(ctx, refresh_token, &[]).await;
        }
        let grant = traded.map_err(|error| match (self.flaw, error.kind(), error.retry()) {
            (Flaw::GrantGoneTakenForRefusal, ErrorKind::ReconnectRequired, _) => {
                Error::new(ErrorKind::Rejected, "the platform refused")
            }
            (Flaw::OutageTakenForGrantGone, ErrorKind::Unavailable, Retry::Always) => {
                Error::new(ErrorKind::ReconnectRequired, "connect again")
            }
            (Flaw::TokenInError, ErrorKind::ReconnectRequired, _) => {
                error.with("token", refresh_token.expose_secret())
            }
            _ => error,
        })?;
        let lifetime = TimeDelta::from_std(grant.expires_in.unwrap_or_default()).unwrap();
        let mut renewed = credential.clone();
        renewed.expires_at =
            (!self.has(Flaw::RenewedOneNeverExpires)).then(|| ctx.now() + lifetime);
        renewed.access_token = grant.access_token;
        renewed.refresh_token = grant.refresh_token;
        renewed.renewals += 1;
        if self.has(Flaw::NewTokenUsedAtOnce) {
            let mut request = endpoint::get("https://api.acme.test/v1/orders")?;
            request
                .extensions_mut()
                .insert(Operation::read("GetOrders"));
            self.dialect()
                .authorize(&renewed, &mut request, ctx.now())?;
            ctx.transport.send(request).await?;
        }
        Ok(renewed)
    }

    fn lost_reply(&self) -> LostReply {
        LostReply::Retry
    }

    fn sync(&self, session: Session<AcmeCredential>, request: SyncRequest) -> Result<PageStream> {
        streams::sync(self.flaw, session, request)
    }

    fn lookup(&self) -> Option<&dyn Lookup<AcmeCredential>> {
        Some(self)
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }
}

#[async_trait::async_trait]
impl Lookup<AcmeCredential> for Acme {
    async fn lookup(
        &self,
        session: &Session<AcmeCredential>,
        stream: &str,
        external_id: &str,
    ) -> Result<Record> {
        streams::lookup(self.flaw, session, stream, external_id).await
    }
}

#[async_trait::async_trait]
impl Webhooks for Acme {
    async fn receive(&self, _ctx: &Context, delivery: &Delivery<'_>) -> Result<Vec<WebhookEvent>> {
        let signature = delivery.headers.get("acme-signature");
        if signature.is_some() || !self.has(Flaw::UnsignedWebhookTaken) {
            return Err(Error::new(
                ErrorKind::PermissionDenied,
                "it is not signed by the platform",
            ));
        }
        Ok(vec![WebhookEvent {
            id: "e-1".to_owned(),
            topic: "orders".to_owned(),
            account: None,
            occurred_at: None,
            effects: Vec::new(),
        }])
    }
}

#[derive(Debug)]
struct Manners {
    flaw: Flaw,
}

impl Dialect<AcmeCredential> for Manners {
    fn authorize(
        &self,
        credential: &AcmeCredential,
        request: &mut Request,
        _now: DateTime<Utc>,
    ) -> Result<()> {
        let mut value: http::HeaderValue =
            format!("Bearer {}", credential.access_token.expose_secret())
                .parse()
                .map_err(|_quotes_it| {
                    Error::new(ErrorKind::ReconnectRequired, "the token is no token")
                })?;
        value.set_sensitive(true);
        request
            .headers_mut()
            .insert(http::header::AUTHORIZATION, value);
        Ok(())
    }

    fn judge(&self, _: Operation, response: &Response, now: DateTime<Utc>) -> Verdict {
        let error = match Verdict::by_status(response, now) {
            Verdict::CredentialRefused if self.flaw == Flaw::RefusedTokenTakenForPermission => {
                return Verdict::Failure(Error::new(ErrorKind::PermissionDenied, "not allowed"));
            }
            Verdict::Failure(error) => error,
            verdict => return verdict,
        };
        Verdict::Failure(match self.flaw {
            Flaw::NotFoundTakenForRefusal if error.kind() == ErrorKind::NotFound => {
                Error::new(ErrorKind::Rejected, "refused")
            }
            Flaw::OnlyWholeSecondsRead if error.retry_after().is_some() => {
                let header = &response.headers()[http::header::RETRY_AFTER];
                match header.to_str().unwrap().parse() {
                    Ok(seconds) => error.retry_in(std::time::Duration::from_secs(seconds)),
                    Err(_) => Error::new(error.kind(), "slow down"),
                }
            }
            Flaw::LongWaitShortened if error.retry_after().is_some() => {
                let delay = error.retry_after().unwrap_or_default();
                error.retry_in(delay.min(std::time::Duration::from_secs(20)))
            }
            _ => error,
        })
    }
}

pub(crate) struct GetMe {
    pub(crate) flaw: Flaw,
}

#[derive(Deserialize)]
pub(crate) struct Me {
    id: String,
    name: String,
}

impl Endpoint for GetMe {
    const OPERATION: Operation = Operation::read("GetMe");
    type Response = Me;

    fn request(&self) -> Result<Request> {
        endpoint::get("https://api.acme.test/v1/me")
    }

    fn parse(&self, response: &Response) -> Result<Me> {
        endpoint::json(response.body()).map_err(|error| match self.flaw {
            Flaw::OddAnswerQuoted => error.with("body", String::from_utf8_lossy(response.body())),
            _ => error,
        })
    }
}

pub(crate) struct AddNote;

impl Endpoint for AddNote {
    const OPERATION: Operation = Operation::write("AddNote");
    type Response = serde_json::Value;

    fn request(&self) -> Result<Request> {
        endpoint::send_json(
            http::Method::POST,
            "https://api.acme.test/v1/notes",
            "a note",
        )
    }
}

/// The same, wrongly said to be safe to repeat.
pub(crate) struct AddNoteAgain;

impl Endpoint for AddNoteAgain {
    const OPERATION: Operation = Operation::write("AddNote").idempotent();
    type Response = serde_json::Value;

    fn request(&self) -> Result<Request> {
        AddNote.request()
    }
}
