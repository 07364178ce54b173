//! A platform that lives in memory: its accounts and what they have stand on a shelf that a test
//! fills.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use chrono::{DateTime, Utc};
use connector_core::model::Location;
use connector_core::{
    Account, Ask, AuthMethod, Batch, ChallengeAnswer, Choice, ConnectOutcome, ConnectStep,
    Connector, Context, Credential, Delivery, Descriptor, Dialect, Error, ErrorKind, Field,
    FieldKind, Form, LostReply, Model, ModelKind, Next, PageStream, Pending, Reading, Record,
    Request, Result, Revocation, SecretString, Session, Skipped, StreamDescriptor, Subscription,
    Subscriptions, SyncRequest, WebhookEffect, WebhookEvent, Webhooks, pages, secret,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

/// What nobody but the vault may ever see.
pub(crate) const SECRET: &str = "s3cr3t-of-alpha";

/// What a platform may say of itself to break a page.
pub(crate) const HOSTILE: &str = "<script>alert('x')</script>\"'&{{ 7*7 }}";

static DESCRIPTOR: Descriptor = Descriptor {
    id: "alpha",
    name: "Alpha Market",
    summary: "Brings the places of an imaginary market.",
    docs: "https://alpha.test/docs",
    auth_methods: &[
        AuthMethod {
            id: "token",
            label: "Access token",
            fields: &[
                Field {
                    name: "token",
                    label: "Token",
                    help: "From the settings page.",
                    kind: FieldKind::Secret,
                    example: "tok-…",
                    required: true,
                },
                Field {
                    name: "note",
                    label: "Note",
                    help: "For yourself.",
                    kind: FieldKind::Text,
                    example: "",
                    required: false,
                },
            ],
            redirects: false,
            needs: &[],
            docs: "https://alpha.test/token",
        },
        AuthMethod {
            id: "oauth",
            label: "Log in at Alpha",
            fields: &[],
            redirects: true,
            needs: &["client_id"],
            docs: "https://alpha.test/oauth",
        },
        AuthMethod {
            id: "choose",
            label: "Token of several accounts",
            fields: &[],
            redirects: false,
            needs: &[],
            docs: "https://alpha.test/choose",
        },
    ],
    streams: &[
        StreamDescriptor {
            id: "locations",
            label: "Locations",
            model: ModelKind::Location,
            reading: Reading::Complete,
            scopes: &["read_places"],
            about: "All places.",
        },
        StreamDescriptor {
            id: "broken",
            label: "Broken",
            model: ModelKind::Native,
            reading: Reading::Complete,
            scopes: &[],
            about: "Fails, always.",
        },
    ],
    settings: &[
        Field {
            name: "watch",
            label: "Watch list",
            help: "One per line.",
            kind: FieldKind::Lines,
            example: "a",
            required: false,
        },
        Field {
            name: "deep",
            label: "Read deeply",
            help: "Takes longer.",
            kind: FieldKind::Switch,
            example: "",
            required: false,
        },
    ],
};

/// What the platform holds.
#[derive(Clone, Debug)]
pub(crate) struct Shelf(Arc<Mutex<Held>>, Arc<Semaphore>);

#[derive(Debug)]
pub(crate) struct Held {
    /// The account's name by its id. A token is the id behind `tok-`.
    pub(crate) accounts: BTreeMap<String, String>,
    pub(crate) locations: Vec<(String, String)>,
    pub(crate) is_down: bool,
    pub(crate) is_revoked: bool,
    /// Where to it delivers.
    pub(crate) subscriptions: Vec<String>,
    /// Whether pages wait until [`Shelf::let_pass`].
    pub(crate) is_gated: bool,
}

impl Shelf {
    pub(crate) fn new() -> Self {
        let held = Held {
            accounts: [("one", "Shop One"), ("two", "Shop Two")]
                .map(|(id, name)| (id.to_owned(), name.to_owned()))
                .into(),
            locations: (1..=3)
                .map(|n| (format!("l-{n}"), format!("Place {n}")))
                .collect(),
            is_down: false,
            is_revoked: false,
            subscriptions: Vec::new(),
            is_gated: false,
        };
        Self(Arc::new(Mutex::new(held)), Arc::new(Semaphore::new(0)))
    }

    pub(crate) fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap()
    }

    /// Lets one waiting page pass.
    pub(crate) fn let_pass(&self) {
        self.1.add_permits(1);
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Key {
    #[serde(serialize_with = "secret::expose")]
    secret: SecretString,
    account: String,
}

impl Credential for Key {
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        None
    }
}

#[derive(Debug)]
struct Manners;

impl Dialect<Key> for Manners {
    fn authorize(
        &self,
        _credential: &Key,
        _request: &mut Request,
        _now: DateTime<Utc>,
    ) -> Result<()> {
        Ok(())
    }
}

impl Shelf {
    fn key(&self, account: &str) -> Result<Key> {
        if self.held().accounts.contains_key(account) {
            Ok(Key {
                secret: SECRET.into(),
                account: account.to_owned(),
            })
        } else {
            Err(Error::input(
                "token",
                "the platform doesn't know this token",
            ))
        }
    }

    fn begin(&self, method: &str, form: &Form, ctx: &Context) -> Result<ConnectOutcome<Key>> {
        match method {
            "token" => {
                let token = form.require("token")?;
                let account = token.strip_prefix("tok-").unwrap_or_default();
                Ok(ConnectOutcome::Connected(self.key(account)?))
            }
            "oauth" => {
                let state = ctx.random_token();
                let url = format!("https://alpha.test/consent?state={state}");
                Ok(ConnectOutcome::Redirect {
                    url: url.parse().unwrap(),
                    pending: Pending::new(state, method, &())?,
                })
            }
            _ => {
                let accounts = self.held().accounts.clone();
                let among = accounts
                    .into_iter()
                    .map(|(value, label)| Choice { value, label });
                let ask = Ask::Choose {
                    field: "account",
                    label: "Which account?",
                    among: among.collect(),
                    many: false,
                };
                let pending = Pending::new(ctx.random_token(), method, &())?;
                Ok(ConnectOutcome::Prompt { ask, pending })
            }
        }
    }
}

impl Connector for Shelf {
    type Credential = Key;

    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn dialect(&self) -> Arc<dyn Dialect<Key>> {
        Arc::new(Manners)
    }

    async fn connect(&self, ctx: &Context, step: ConnectStep) -> Result<ConnectOutcome<Key>> {
        match step {
            ConnectStep::Begin { method, form, .. } => self.begin(&method, &form, ctx),
            ConnectStep::Resume { answer, .. } => {
                if answer.get("error").is_some() {
                    return Err(Error::new(
                        ErrorKind::PermissionDenied,
                        "consent was denied on the platform",
                    ));
                }
                let account = answer.get("account").or(answer.get("code"));
                let key = self.key(account.unwrap_or_default())?;
                Ok(ConnectOutcome::Connected(key))
            }
            _ => Err(Error::new(ErrorKind::Unsupported, "an unknown step")),
        }
    }

    async fn test(&self, session: &Session<Key>) -> Result<Account> {
        let key = session.credential();
        let held = self.held();
        if held.is_down {
            return Err(Error::new(ErrorKind::Unavailable, "the platform is down").final_());
        }
        let name = held.accounts.get(&key.account);
        match name.filter(|_| !held.is_revoked) {
            Some(name) => Ok(Account {
                id: key.account.clone(),
                name: name.clone(),
                scopes: vec!["read_places".to_owned()],
                warnings: Vec::new(),
            }),
            None => Err(Error::new(
                ErrorKind::ReconnectRequired,
                "the grant was taken back",
            )),
        }
    }

    async fn refresh(&self, _ctx: &Context, credential: &Key) -> Result<Key> {
        Ok(credential.clone())
    }

    fn lost_reply(&self) -> LostReply {
        LostReply::Retry
    }

    fn sync(&self, _session: Session<Key>, request: SyncRequest) -> Result<PageStream> {
        let shelf = self.clone();
        let stream = request.stream.clone();
        pages(1, request.resume, move |_cursor: Option<u32>| {
            let (shelf, stream) = (shelf.clone(), stream.clone());
            async move {
                if stream == "broken" {
                    return Err(Error::contract("the platform's answer makes no sense"));
                }
                if shelf.held().is_gated {
                    shelf.1.acquire().await.unwrap().forget();
                }
                let locations = shelf.held().locations.clone();
                let records = locations.into_iter().map(|(id, name)| {
                    if name.is_empty() {
                        return Err(Skipped {
                            external_id: Some(id),
                            reason: "it has no name".to_owned(),
                        });
                    }
                    let model = Model::Location(Box::new(location(&name)));
                    Ok(Record::upsert(id, None, model))
                });
                let mut batch = Batch::mapped(records, 1, Next::Done);
                batch
                    .notes
                    .push("Only the first places are here.".to_owned());
                Ok(batch)
            }
        })
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }

    fn subscriptions(&self) -> Option<&dyn Subscriptions<Key>> {
        Some(self)
    }

    fn revocation(&self) -> Option<&dyn Revocation<Key>> {
        Some(self)
    }
}

#[async_trait::async_trait]
impl Subscriptions<Key> for Shelf {
    async fn subscribe(&self, session: &Session<Key>, to: &str) -> Result<Vec<Subscription>> {
        self.held().subscriptions.push(to.to_owned());
        self.list(session).await
    }

    async fn list(&self, _session: &Session<Key>) -> Result<Vec<Subscription>> {
        let held = self.held();
        let all = held.subscriptions.iter().enumerate();
        Ok(all
            .map(|(number, to)| Subscription {
                id: format!("alpha://subscription/{number}"),
                topic: "places/changed".to_owned(),
                deliver_to: Some(to.clone()),
                status: None,
                expires_at: None,
            })
            .collect())
    }

    async fn unsubscribe(&self, _session: &Session<Key>, id: &str) -> Result<()> {
        let mut held = self.held();
        if id == "alpha://subscription/0" && held.subscriptions.pop().is_some() {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::NotFound,
            "there is no such subscription",
        ))
    }
}

#[async_trait::async_trait]
impl Revocation<Key> for Shelf {
    async fn revoke(&self, _session: &Session<Key>) -> Result<()> {
        let is_down = self.held().is_down;
        if is_down {
            return Err(Error::new(ErrorKind::Unavailable, "the platform is down").final_());
        }
        Ok(())
    }
}

fn location(name: &str) -> Location {
    Location {
        name: name.to_owned(),
        active: true,
        fulfills_online_orders: None,
        address: None,
        city: None,
        region: None,
        postal_code: None,
        country_code: None,
        created_at: None,
        updated_at: None,
    }
}

#[async_trait::async_trait]
impl Webhooks for Shelf {
    async fn receive(&self, _ctx: &Context, delivery: &Delivery<'_>) -> Result<Vec<WebhookEvent>> {
        if delivery
            .headers
            .get("x-alpha-signature")
            .is_none_or(|it| it != "good")
        {
            return Err(Error::new(
                ErrorKind::PermissionDenied,
                "the signature is wrong",
            ));
        }
        if self.held().is_down {
            let error = Error::new(ErrorKind::RateLimited, "the key can't be had just now");
            return Err(error.spent(3));
        }
        let Ok(body) = serde_json::from_slice::<BTreeMap<String, String>>(delivery.body) else {
            return Err(Error::contract("the body can't be read"));
        };
        Ok(vec![WebhookEvent {
            id: body["id"].clone(),
            topic: "places/changed".to_owned(),
            account: body.get("account").cloned(),
            occurred_at: None,
            effects: vec![WebhookEffect::Sync {
                stream: "locations".to_owned(),
            }],
        }])
    }

    fn challenge(&self, address: &str, query: &Form) -> Option<Result<ChallengeAnswer>> {
        if query.get("ask").is_none_or(|asked| asked != "right") {
            let error = Error::new(ErrorKind::PermissionDenied, "the token is wrong");
            return Some(Err(error));
        }
        Some(Ok(ChallengeAnswer {
            content_type: "text/plain",
            body: address.to_owned(),
        }))
    }
}
