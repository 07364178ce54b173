//! Connecting an account: the connector's state machine, with what it must remember kept between.
//!
//! What is pending is sealed, found by a keyed hash of its key, used once, within ten minutes, by
//! the browser and the project that began. A credential is tested against the platform before
//! anything of it is saved.

use std::fmt;
use std::sync::Arc;

use chrono::TimeDelta;
use connector_core::{
    Account, AnyConnector, Ask, AuthMethod, ConnectOutcome, ConnectStep, ErrorKind,
    ExposeSecret as _, Form, InMemoryKeeper, OpaqueCredential, Pending, SecretString, Settings,
    VersionedCredential,
};
use crossdock_persistence::{
    AddOutcome, Connection, ConnectionId, NewConnection, NewCredential, PendingConnect, ProjectId,
    StoreError,
};
use serde::{Deserialize, Serialize};
use tracing::Instrument as _;
use tracing::field::Empty;
use url::Url;

use crate::engine::Engine;
use crate::error::{Error, Result};

/// How long a person may take between two steps.
const PENDING_LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// What the keyed hashes are for; each label has a key of its own.
const KEY_LABEL: &str = "connect.key";
const BROWSER_LABEL: &str = "connect.browser";

/// Whoever connects, told apart by a random value that only their browser (or terminal) holds: the
/// value of a cookie. At least 128 bits, never reused between people.
#[derive(Clone)]
pub struct BrowserKey(SecretString);

impl BrowserKey {
    /// The value of the cookie.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(SecretString::from(value.into()))
    }
}

impl fmt::Debug for BrowserKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BrowserKey(…)")
    }
}

/// A person wants to connect an account.
#[derive(Clone, Debug)]
pub struct ConnectRequest {
    /// The platform's id.
    pub platform: String,
    /// The [`AuthMethod`]'s id; `None` takes the first, the one to
    /// offer.
    pub method: Option<String>,
    /// What was typed.
    pub form: Form,
    /// Where the platform is to send the person back to. It comes from the configuration, never
    /// from the request.
    pub return_to: Url,
    /// Who is connecting.
    pub browser: BrowserKey,
    /// What is set for the connection from the start; `None` leaves what an existing one has.
    pub settings: Option<Settings>,
    /// Whether records keep the JSON as the platform sent it; `None` leaves what an existing
    /// connection has, which for a new one is no.
    pub keep_raw: Option<bool>,
}

/// The person came back from the platform, or answered a prompt.
#[derive(Clone, Debug)]
pub struct ResumeRequest {
    /// The key of the [`Progress`] before: an OAuth `state`, or a prompt's id.
    pub key: String,
    /// The callback's query, or the answers.
    pub answer: Form,
    /// Who came back.
    pub browser: BrowserKey,
    /// The project that the caller acts for. `None` where only the key tells, as in a callback from
    /// a platform.
    pub project: Option<ProjectId>,
}

/// What comes after a step of connecting.
#[derive(Debug)]
#[non_exhaustive]
pub enum Progress {
    /// Send the person there.
    Redirect {
        /// The platform's consent page. It holds a state, so it goes to that person alone.
        url: Url,
        /// For [`ResumeRequest::key`].
        key: String,
    },
    /// Ask the person.
    Prompt {
        /// The question.
        ask: Ask,
        /// For [`ResumeRequest::key`].
        key: String,
    },
    /// The account is connected, and was tested.
    Connected {
        /// The connection, as it is stored.
        connection: Box<Connection>,
        /// What the platform says of the account.
        account: Account,
        /// Whether the account was connected before, so that its connection was renewed.
        renewed: bool,
    },
}

impl Engine {
    /// Begins to connect an account.
    ///
    /// # Errors
    /// [`InputInvalid`](ErrorKind::InputInvalid) naming the field for what was typed wrong, an
    /// unknown method or setting included; [`ReconnectRequired`](ErrorKind::ReconnectRequired) when
    /// the platform refuses a typed credential; [`ConfigInvalid`](ErrorKind::ConfigInvalid) when
    /// the operator hasn't set the method up; [`NotFound`](ErrorKind::NotFound) for an unknown
    /// platform. After each of them nothing is saved.
    pub async fn begin_connect(
        &self,
        project: ProjectId,
        request: ConnectRequest,
    ) -> Result<Progress> {
        let span = tracing::info_span!("connect", platform = request.platform, step = "begin");
        async {
            let connector = self.registry().get(&request.platform)?;
            let method = auth_method(connector, request.method.as_deref())?;
            if let Some(settings) = &request.settings {
                self.check_settings(&request.platform, settings)?;
            }
            let attempt = Attempt {
                project,
                connector: connector.clone(),
                method: method.id.to_owned(),
                browser_hash: self.browser_hash(&request.browser)?,
                wishes: Wishes {
                    settings: request.settings,
                    keep_raw: request.keep_raw,
                },
            };
            let step = ConnectStep::Begin {
                method: attempt.method.clone(),
                form: request.form,
                return_to: request.return_to,
            };
            self.take_step(attempt, step).await
        }
        .instrument(span)
        .await
    }

    /// Goes on with what was begun. Whatever comes of it, the key is used up.
    ///
    /// # Errors
    /// [`InputInvalid`](ErrorKind::InputInvalid) when the key is unknown, was used, has run out, or
    /// was begun by another browser or for another project: all of them look alike;
    /// [`PermissionDenied`](ErrorKind::PermissionDenied) when the person declined; else as
    /// [`Engine::begin_connect`].
    pub async fn resume_connect(&self, request: ResumeRequest) -> Result<Progress> {
        let span = tracing::info_span!("connect", platform = Empty, step = "resume");
        async {
            let (project, taken) = self.take_pending(&request).await?;
            tracing::Span::current().record("platform", &taken.platform);
            let json = self
                .seals()
                .open_pending(project, taken.connection, &taken.sealed)?;
            let kept: Kept =
                serde_json::from_str(json.expose_secret()).map_err(|_cause| begun_elsewhere())?;
            let attempt = Attempt {
                project,
                connector: self.registry().get(&taken.platform)?.clone(),
                method: kept.pending.method().to_owned(),
                browser_hash: self.browser_hash(&request.browser)?,
                wishes: kept.wishes,
            };
            let step = ConnectStep::Resume {
                pending: kept.pending,
                answer: request.answer,
            };
            self.take_step(attempt, step).await
        }
        .instrument(span)
        .await
    }

    async fn take_step(&self, attempt: Attempt, step: ConnectStep) -> Result<Progress> {
        match attempt.connector.connect(self.context(), step).await? {
            ConnectOutcome::Redirect { url, pending } => {
                let key = self.keep(attempt, pending).await?;
                Ok(Progress::Redirect { url, key })
            }
            ConnectOutcome::Prompt { ask, pending } => {
                let key = self.keep(attempt, pending).await?;
                Ok(Progress::Prompt { ask, key })
            }
            ConnectOutcome::Connected(credential) => self.test_and_save(attempt, credential).await,
            _ => Err(Error::refused(
                ErrorKind::Unsupported,
                "the connector asks for a step that this version doesn't know",
            )),
        }
    }

    /// Remembers a step until the person comes back.
    async fn keep(&self, attempt: Attempt, pending: Pending) -> Result<String> {
        let key = pending.key().to_owned();
        let connection = ConnectionId::new();
        let kept = Kept {
            pending,
            wishes: attempt.wishes,
        };
        let json = serde_json::to_string(&kept)
            .map(SecretString::from)
            // The cause is left out: it may quote a value.
            .map_err(|_cause| {
                Error::refused(ErrorKind::Unexpected, "the pending step can't be written")
            })?;
        let now = self.now();
        let pending = PendingConnect {
            key_hash: self
                .seals()
                .vault()
                .fingerprint(KEY_LABEL, key.as_bytes())?,
            browser_hash: Some(attempt.browser_hash),
            platform: attempt.connector.descriptor().id.to_owned(),
            connection,
            sealed: self
                .seals()
                .seal_pending(attempt.project, connection, &json)?,
            settings: kept.wishes.settings.unwrap_or_default(),
            keep_raw: kept.wishes.keep_raw.unwrap_or_default(),
            return_to: None,
            expires_at: now + PENDING_LIFETIME,
        };
        let store = self.store().project(attempt.project);
        store.keep_pending(pending, now).await?;
        Ok(key)
    }

    /// Takes out what is pending under a key, for those who began it.
    async fn take_pending(&self, request: &ResumeRequest) -> Result<(ProjectId, PendingConnect)> {
        let vault = self.seals().vault();
        let now = self.now();
        // One hash per key of the ring: the keys may have rotated while the person was away.
        for key_hash in vault.fingerprints(KEY_LABEL, request.key.as_bytes())? {
            let Some(found) = self.store().system().find_pending(&key_hash, now).await? else {
                continue;
            };
            let store = self.store().project(found.project);
            // Taken out even if it is refused: whoever else knows the key must not try again.
            let taken = store.take_pending(&key_hash, now).await?;
            let is_same_project = request
                .project
                .is_none_or(|project| project == found.project);
            let is_same_browser = match &found.browser_hash {
                Some(hash) => {
                    let browser = request.browser.0.expose_secret().as_bytes();
                    vault.verify(BROWSER_LABEL, browser, hash)?
                }
                None => false,
            };
            return match taken {
                Some(taken) if is_same_project && is_same_browser => Ok((found.project, taken)),
                _ => Err(begun_elsewhere()),
            };
        }
        Err(begun_elsewhere())
    }

    fn browser_hash(&self, browser: &BrowserKey) -> Result<String> {
        let key = browser.0.expose_secret().as_bytes();
        Ok(self.seals().vault().fingerprint(BROWSER_LABEL, key)?)
    }

    /// Tries the credential, and saves it if it works.
    async fn test_and_save(
        &self,
        attempt: Attempt,
        credential: OpaqueCredential,
    ) -> Result<Progress> {
        let keeper = Arc::new(InMemoryKeeper::new(credential.clone()));
        let session = attempt.connector.open(
            self.context(),
            VersionedCredential {
                credential,
                version: 1,
            },
            Arc::<InMemoryKeeper>::clone(&keeper),
            attempt.wishes.settings.clone().unwrap_or_default(),
        )?;
        let account = session.test().await?;
        // The test may have renewed it, and a spent one must not be stored.
        let credential = keeper.current().await.credential;
        let (connection, outcome) = self.save(&attempt, &account, &credential).await?;
        self.sessions().forget(connection.id);
        let renewed = outcome == AddOutcome::Renewed;
        tracing::info!(connection.id = %connection.id, renewed, "account connected");
        Ok(Progress::Connected {
            connection: Box::new(connection),
            account,
            renewed,
        })
    }

    async fn save(
        &self,
        attempt: &Attempt,
        account: &Account,
        credential: &OpaqueCredential,
    ) -> Result<(Connection, AddOutcome)> {
        let store = self.store().project(attempt.project);
        let platform = attempt.connector.descriptor().id;
        let mut tries = 0;
        loop {
            let existing = store.find_by_account(platform, &account.id).await?;
            let (id, settings, keep_raw) = match existing {
                Some(existing) => (existing.id, existing.settings, existing.keep_raw),
                None => (ConnectionId::new(), Settings::default(), false),
            };
            let new = NewConnection {
                id,
                platform: platform.to_owned(),
                account: account.clone(),
                auth_method: attempt.method.clone(),
                settings: attempt.wishes.settings.clone().unwrap_or(settings),
                keep_raw: attempt.wishes.keep_raw.unwrap_or(keep_raw),
                credential: NewCredential {
                    sealed: self
                        .seals()
                        .seal_credential(attempt.project, id, credential)?,
                    expires_at: credential.expires_at(),
                    reconnect_by: credential.reconnect_by(),
                },
            };
            match store.add_connection(new, self.now()).await {
                // Somebody connected the same account between the look and the write.
                Err(StoreError::Conflict(_)) if tries < 3 => tries += 1,
                added => return Ok(added?),
            }
        }
    }
}

/// One way through the steps, as far as it has come.
struct Attempt {
    project: ProjectId,
    connector: AnyConnector,
    method: String,
    browser_hash: String,
    wishes: Wishes,
}

/// What the connection is to be like.
#[derive(Serialize, Deserialize)]
struct Wishes {
    settings: Option<Settings>,
    keep_raw: Option<bool>,
}

/// What is sealed between two steps.
#[derive(Serialize, Deserialize)]
struct Kept {
    pending: Pending,
    wishes: Wishes,
}

fn auth_method(connector: &AnyConnector, asked: Option<&str>) -> Result<&'static AuthMethod> {
    let descriptor = connector.descriptor();
    let found = match asked {
        Some(id) => descriptor.auth_method(id),
        None => descriptor.auth_methods.first(),
    };
    found.ok_or_else(|| {
        let known: Vec<&str> = descriptor
            .auth_methods
            .iter()
            .map(|known| known.id)
            .collect();
        connector_core::Error::input("method", "there is no such way to connect")
            .with("known", known.join(" "))
            .into()
    })
}

fn begun_elsewhere() -> Error {
    connector_core::Error::input(
        "state",
        "this connect attempt is unknown, used, too old or begun elsewhere: start again",
    )
    .into()
}
