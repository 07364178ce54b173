//! The connector to the tests' platform: OAuth with rotating tokens, a typed token, a question.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use connector_core::model::{Location, Model, Native};
use connector_core::{
    Account, Ask, AuthMethod, Batch, ChallengeAnswer, Choice, ConnectOutcome, ConnectStep,
    Connector, Context, Credential, Delivery, Descriptor, Dialect, Error, ErrorKind,
    ExposeSecret as _, Field, FieldKind, Form, LostReply, ModelKind, Next, Operation, PageStream,
    Pending, PrivacyRequest, Reading, Record, Request, Result, Revocation, SecretString, Session,
    Skipped, StreamDescriptor, Subscription, Subscriptions, SyncRequest, Verdict, WebhookEffect,
    WebhookEvent, Webhooks, pages, secret,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const SUBSCRIPTIONS: &str = "https://depot.test/subscriptions";

const fn field(name: &'static str) -> Field {
    Field {
        name,
        label: name,
        help: "what was agreed upon",
        kind: FieldKind::Secret,
        example: "code-…",
        required: true,
    }
}

const fn method(id: &'static str, fields: &'static [Field], redirects: bool) -> AuthMethod {
    AuthMethod {
        id,
        label: id,
        fields,
        redirects,
        needs: &[],
        docs: "https://depot.test/docs",
    }
}

const fn stream(id: &'static str) -> StreamDescriptor {
    StreamDescriptor {
        id,
        label: id,
        model: ModelKind::Native,
        reading: Reading::Incremental,
        scopes: &[],
        about: "numbered things",
    }
}

static DESCRIPTOR: Descriptor = Descriptor {
    id: "depot",
    name: "Depot",
    summary: "A platform for tests",
    docs: "https://depot.test/docs",
    auth_methods: &[
        method("oauth", &[], true),
        method("token", &[field("token")], false),
        method("question", &[field("token")], false),
    ],
    streams: &[
        stream("items"),
        stream("orders"),
        stream("notes"),
        stream("returns"),
        stream("reports"),
    ],
    settings: &[],
};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Tokens {
    #[serde(serialize_with = "secret::expose")]
    access: SecretString,
    #[serde(serialize_with = "secret::expose_option")]
    refresh: Option<SecretString>,
    expires_at: Option<DateTime<Utc>>,
}

impl Credential for Tokens {
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.expires_at
    }
}

#[derive(Debug)]
pub(crate) struct Depot {
    pub(crate) lost_reply: LostReply,
}

impl Connector for Depot {
    type Credential = Tokens;

    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn dialect(&self) -> Arc<dyn Dialect<Tokens>> {
        Arc::new(Manners)
    }

    async fn connect(&self, ctx: &Context, step: ConnectStep) -> Result<ConnectOutcome<Tokens>> {
        match step {
            ConnectStep::Begin {
                method,
                form,
                return_to,
            } => match method.as_str() {
                "oauth" => {
                    let pending = Pending::new(ctx.random_token(), method, &return_to)?;
                    let url = format!("https://depot.test/consent?state={}", pending.key());
                    Ok(ConnectOutcome::Redirect {
                        url: url.parse().unwrap(),
                        pending,
                    })
                }
                "token" => Ok(ConnectOutcome::Connected(typed(form.require("token")?))),
                _ => {
                    let pending =
                        Pending::new(ctx.random_token(), method, &form.require("token")?)?;
                    let choice = |value: &str| Choice {
                        value: value.into(),
                        label: value.into(),
                    };
                    let among = vec![choice("yes"), choice("no")];
                    let ask = Ask::Choose {
                        field: "sure",
                        label: "Sure?",
                        among,
                        many: false,
                    };
                    Ok(ConnectOutcome::Prompt { ask, pending })
                }
            },
            ConnectStep::Resume { pending, answer } if pending.method() == "oauth" => {
                if answer.get("state") != Some(pending.key()) {
                    return Err(Error::input("state", "not the one that was sent"));
                }
                let code = answer.require("code")?;
                let body = json!({ "code": code });
                exchange(ctx, &body).await.map(ConnectOutcome::Connected)
            }
            ConnectStep::Resume { pending, answer } => match answer.require("sure")? {
                "yes" => Ok(ConnectOutcome::Connected(typed(&pending.data::<String>()?))),
                _ => Err(Error::new(
                    ErrorKind::PermissionDenied,
                    "the person declined",
                )),
            },
            _ => Err(Error::new(
                ErrorKind::Unsupported,
                "a step of a later version",
            )),
        }
    }

    async fn test(&self, session: &Session<Tokens>) -> Result<Account> {
        let reply = read(session, "account", "https://depot.test/account").await?;
        let text = |name: &str| reply[name].as_str().unwrap_or_default().to_owned();
        Ok(Account {
            id: text("id"),
            name: text("name"),
            scopes: vec!["read".to_owned()],
            warnings: Vec::new(),
        })
    }

    async fn refresh(&self, ctx: &Context, credential: &Tokens) -> Result<Tokens> {
        match &credential.refresh {
            None => Ok(credential.clone()),
            Some(refresh) => exchange(ctx, &json!({ "refresh": refresh.expose_secret() })).await,
        }
    }

    fn lost_reply(&self) -> LostReply {
        self.lost_reply
    }

    fn sync(&self, session: Session<Tokens>, request: SyncRequest) -> Result<PageStream> {
        let stream = request.stream;
        if DESCRIPTOR.stream(&stream).is_none() {
            return Err(Error::new(ErrorKind::NotFound, "there is no such stream"));
        }
        pages(1, request.resume, move |cursor: Option<u64>| {
            fetch_page(session.clone(), stream.clone(), cursor)
        })
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }

    fn subscriptions(&self) -> Option<&dyn Subscriptions<Tokens>> {
        Some(self)
    }

    fn revocation(&self) -> Option<&dyn Revocation<Tokens>> {
        Some(self)
    }
}

#[async_trait::async_trait]
impl Webhooks for Depot {
    async fn receive(&self, _ctx: &Context, delivery: &Delivery<'_>) -> Result<Vec<WebhookEvent>> {
        match delivery.headers.get("x-signature").map(AsRef::as_ref) {
            Some(b"genuine") => {}
            Some(b"by a new key") => {
                return Err(Error::new(
                    ErrorKind::RateLimited,
                    "the key can't be had just now",
                ));
            }
            _ => {
                return Err(Error::new(
                    ErrorKind::PermissionDenied,
                    "not from the platform",
                ));
            }
        }
        let body: Value = serde_json::from_slice(delivery.body)
            .map_err(|_cause| Error::contract("the webhook can't be read"))?;
        match body {
            Value::Array(several) => Ok(several.iter().map(event).collect()),
            one => Ok(vec![event(&one)]),
        }
    }

    fn challenge(&self, address: &str, query: &Form) -> Option<Result<ChallengeAnswer>> {
        let Some(asked) = query.get("challenge") else {
            return Some(Err(Error::new(
                ErrorKind::PermissionDenied,
                "nothing was asked",
            )));
        };
        Some(Ok(ChallengeAnswer {
            content_type: "text/plain",
            body: format!("{asked} at {address}"),
        }))
    }
}

fn event(body: &Value) -> WebhookEvent {
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let effect = match text("topic").as_str() {
        "items/changed" => WebhookEffect::Sync {
            stream: "items".to_owned(),
        },
        "items/deleted" => WebhookEffect::Gone {
            stream: "items".to_owned(),
            external_id: text("item"),
        },
        "uninstalled" => WebhookEffect::Disconnected,
        "redact" => WebhookEffect::Privacy {
            request: PrivacyRequest::CustomerErasure,
            customer_id: Some("customer-7".to_owned()),
            orders: vec!["order-1".to_owned()],
        },
        _ => WebhookEffect::Nothing,
    };
    WebhookEvent {
        id: text("id"),
        topic: text("topic"),
        account: body["account"].as_str().map(str::to_owned),
        occurred_at: None,
        effects: vec![effect],
    }
}

#[async_trait::async_trait]
impl Subscriptions<Tokens> for Depot {
    async fn subscribe(
        &self,
        session: &Session<Tokens>,
        deliver_to: &str,
    ) -> Result<Vec<Subscription>> {
        if !deliver_to.starts_with("https://") {
            return Err(Error::input("deliver_to", "only https is delivered to"));
        }
        let body = json!({ "deliver_to": deliver_to }).to_string();
        let request = http::Request::post(SUBSCRIPTIONS)
            .body(Bytes::from(body))
            .unwrap();
        session.send(Operation::write("subscribe"), request).await?;
        self.list(session).await
    }

    async fn list(&self, session: &Session<Tokens>) -> Result<Vec<Subscription>> {
        let reply = read(session, "subscriptions", SUBSCRIPTIONS).await?;
        serde_json::from_value(reply)
            .map_err(|_cause| Error::contract("the subscriptions can't be read"))
    }

    async fn unsubscribe(&self, session: &Session<Tokens>, id: &str) -> Result<()> {
        let request = http::Request::delete(format!("{SUBSCRIPTIONS}/{id}"))
            .body(Bytes::new())
            .unwrap();
        let operation = Operation::write("unsubscribe");
        session.send(operation, request).await.map(drop)
    }
}

#[async_trait::async_trait]
impl Revocation<Tokens> for Depot {
    async fn revoke(&self, session: &Session<Tokens>) -> Result<()> {
        let request = http::Request::post("https://depot.test/revoke")
            .body(Bytes::new())
            .unwrap();
        session
            .send(Operation::write("revoke"), request)
            .await
            .map(drop)
    }
}

fn typed(token: &str) -> Tokens {
    Tokens {
        access: token.to_owned().into(),
        refresh: None,
        expires_at: None,
    }
}

async fn exchange(ctx: &Context, body: &Value) -> Result<Tokens> {
    let request = http::Request::post("https://depot.test/token")
        .body(Bytes::from(body.to_string()))
        .unwrap();
    let response = ctx.transport.send(request).await?;
    if response.status() == 400 {
        return Err(Error::new(
            ErrorKind::ReconnectRequired,
            "the grant is gone",
        ));
    }
    if let Verdict::Failure(error) = Verdict::by_status(&response, ctx.now()) {
        return Err(error);
    }
    #[derive(Deserialize)]
    struct Reply {
        access: String,
        refresh: String,
        expires_in: i64,
    }
    let reply: Reply = serde_json::from_slice(response.body())
        .map_err(|_cause| Error::contract("the token reply can't be read"))?;
    Ok(Tokens {
        access: reply.access.into(),
        refresh: Some(reply.refresh.into()),
        expires_at: Some(ctx.now() + TimeDelta::seconds(reply.expires_in)),
    })
}

async fn read(session: &Session<Tokens>, name: &'static str, url: &str) -> Result<Value> {
    let request = http::Request::get(url).body(Bytes::new()).unwrap();
    let response = session.send(Operation::read(name), request).await?;
    serde_json::from_slice(response.body())
        .map_err(|_cause| Error::contract("the answer can't be read"))
}

async fn fetch_page(
    session: Session<Tokens>,
    stream: String,
    cursor: Option<u64>,
) -> Result<Batch<u64>> {
    let number = cursor.map_or(0, |cursor| cursor + 1);
    let url = format!("https://depot.test/streams/{stream}?page={number}");
    let reply = read(&session, "streams", &url)
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => Error::new(ErrorKind::CheckpointInvalid, "the cursor ran out"),
            _ => error,
        })?;
    let is_mixed_up = reply["is_mixed_up"].as_bool().unwrap_or_default();
    let strings = |name: &str| -> Vec<String> {
        serde_json::from_value(reply[name].clone()).unwrap_or_default()
    };
    let values: Vec<(String, i64)> =
        serde_json::from_value(reply["records"].clone()).unwrap_or_default();
    let records = values.into_iter().map(|(id, value)| {
        if is_mixed_up {
            let location = Location {
                name: id.clone(),
                active: true,
                fulfills_online_orders: None,
                address: None,
                city: None,
                region: None,
                postal_code: None,
                country_code: None,
                created_at: None,
                updated_at: None,
            };
            return Record::upsert(id, None, Model::Location(Box::new(location)));
        }
        let native = Native {
            kind: "thing".to_owned(),
            title: Some(id.clone()),
            status: None,
            body: json!({ "value": value }),
        };
        Record::upsert(id, None, Model::Native(Box::new(native)))
    });
    let gone = strings("gone").into_iter().map(Record::gone);
    let next = match (reply["after_seconds"].as_u64(), reply["last"].as_bool()) {
        (Some(seconds), _) => Next::After(Duration::from_secs(seconds)),
        (None, Some(false)) => Next::More,
        _ => Next::Done,
    };
    let mut batch = Batch::new(records.chain(gone).collect(), number, next);
    batch.skipped = strings("skipped")
        .into_iter()
        .map(|id| Skipped {
            external_id: Some(id),
            reason: "it has no price".to_owned(),
        })
        .collect();
    Ok(batch)
}

#[derive(Debug)]
struct Manners;

impl Dialect<Tokens> for Manners {
    fn authorize(
        &self,
        credential: &Tokens,
        request: &mut Request,
        _now: DateTime<Utc>,
    ) -> Result<()> {
        let value = format!("Bearer {}", credential.access.expose_secret());
        request
            .headers_mut()
            .insert("authorization", value.parse().unwrap());
        Ok(())
    }
}
