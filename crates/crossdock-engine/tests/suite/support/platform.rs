//! The platform that these tests talk to: an in-memory server behind the transport.
//!
//! It has accounts, rotating refresh tokens, streams of numbered pages, and faults that a test plants.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use connector_core::{Download, Error, ErrorKind, Request, Response, Result, Transport};
use serde_json::{Value, json};
use tokio::sync::Notify;

/// What goes wrong with the next call of a path.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// Carried out, and the reply gets lost.
    LostReply,
    /// Carried out, and the reply can't be read.
    Garbled,
    /// Refused before it was carried out.
    NotSent,
    /// 410: what was asked for was there once.
    Expired,
    /// 429 with this many seconds.
    RateLimited(u64),
    /// Hangs until [`Platform::release`].
    Hang,
    /// Carried out, and the reply hangs until [`Platform::release`].
    HangAfter,
}

/// One page of a stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct FakePage {
    pub(crate) records: Vec<(String, i64)>,
    pub(crate) gone: Vec<String>,
    pub(crate) skipped: Vec<String>,
    pub(crate) after_seconds: Option<u64>,
    /// Whether its records are of a model that the stream doesn't have.
    pub(crate) is_mixed_up: bool,
}

/// A page with these records, all of the same price.
pub(crate) fn page(ids: &[&str], value: i64) -> FakePage {
    FakePage {
        records: ids.iter().map(|id| ((*id).to_owned(), value)).collect(),
        ..FakePage::default()
    }
}

#[derive(Debug)]
pub(crate) struct State {
    /// Account id by code or token that a person may type.
    pub(crate) accounts: BTreeMap<String, String>,
    /// What is valid now, by account: serial of access and refresh token.
    pub(crate) serials: BTreeMap<String, u64>,
    /// Whether a refresh token works once more after it was spent, until the next one is.
    pub(crate) forgives_reuse: bool,
    pub(crate) revoked: bool,
    /// Seconds until an access token expires.
    pub(crate) lifetime: i64,
    /// How many exchanges were carried out, by account.
    pub(crate) exchanges: BTreeMap<String, u64>,
    /// How often a refresh token was presented that had been spent.
    pub(crate) reuses: u64,
    pub(crate) streams: BTreeMap<String, Vec<FakePage>>,
    /// Where to it delivers, by the subscription's number.
    pub(crate) subscriptions: BTreeMap<String, String>,
    /// By path: what happens to the next calls.
    pub(crate) faults: BTreeMap<String, VecDeque<Option<Fault>>>,
    /// Paths that were asked for, with their queries.
    pub(crate) received: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct Platform {
    state: Mutex<State>,
    released: Notify,
    hanging: Notify,
}

impl Platform {
    pub(crate) fn new() -> Arc<Self> {
        let accounts = [("code-one", "shop-1"), ("code-two", "shop-2")];
        Arc::new(Self {
            state: Mutex::new(State {
                accounts: accounts
                    .map(|(code, id)| (code.to_owned(), id.to_owned()))
                    .into(),
                serials: BTreeMap::new(),
                forgives_reuse: true,
                revoked: false,
                lifetime: 3600,
                exchanges: BTreeMap::new(),
                reuses: 0,
                streams: BTreeMap::new(),
                subscriptions: BTreeMap::new(),
                faults: BTreeMap::new(),
                received: Vec::new(),
            }),
            released: Notify::new(),
            hanging: Notify::new(),
        })
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Plants a fault for the next call of a path.
    pub(crate) fn fail(&self, path: &str, fault: Fault) {
        self.fail_after(path, 0, fault);
    }

    /// As [`Platform::fail`], for this many calls.
    pub(crate) fn fail_often(&self, path: &str, times: usize, fault: &Fault) {
        for _ in 0..times {
            self.fail(path, fault.clone());
        }
    }

    /// As [`Platform::fail`], after this many calls that go well.
    pub(crate) fn fail_after(&self, path: &str, good: usize, fault: Fault) {
        let mut state = self.state();
        let faults = state.faults.entry(path.to_owned()).or_default();
        faults.extend(std::iter::repeat_n(None, good));
        faults.push_back(Some(fault));
    }

    pub(crate) fn set_stream(&self, stream: &str, pages: Vec<FakePage>) {
        self.state().streams.insert(stream.to_owned(), pages);
    }

    /// Returns once a call hangs.
    pub(crate) async fn until_hanging(&self) {
        self.hanging.notified().await;
    }

    /// Lets one hanging call go on.
    pub(crate) fn release(&self) {
        self.released.notify_one();
    }

    pub(crate) fn exchanges(&self) -> u64 {
        self.state().exchanges.values().sum()
    }

    pub(crate) fn received(&self, path: &str) -> usize {
        let state = self.state();
        state
            .received
            .iter()
            .filter(|found| found.starts_with(path))
            .count()
    }

    async fn hang(&self) {
        self.hanging.notify_one();
        self.released.notified().await;
    }
}

#[async_trait]
impl Transport for Platform {
    async fn send(&self, request: Request) -> Result<Response> {
        let path = request.uri().path().to_owned();
        let fault = {
            let mut state = self.state();
            state
                .received
                .push(request.uri().path_and_query().unwrap().to_string());
            state
                .faults
                .get_mut(&path)
                .and_then(VecDeque::pop_front)
                .flatten()
        };
        match fault {
            None => Ok(self.state().answer(&request)),
            Some(Fault::LostReply) => {
                self.state().answer(&request);
                Err(Error::new(ErrorKind::Unavailable, "the connection broke").maybe_arrived())
            }
            Some(Fault::Garbled) => {
                self.state().answer(&request);
                Ok(answer(200, &json!("half an ans")))
            }
            Some(Fault::NotSent) => Err(Error::new(
                ErrorKind::Unavailable,
                "the platform can't be reached",
            )),
            Some(Fault::Expired) => Ok(answer(410, &json!({}))),
            Some(Fault::RateLimited(seconds)) => {
                let mut response = answer(429, &json!({}));
                response.headers_mut().insert("retry-after", seconds.into());
                Ok(response)
            }
            Some(Fault::Hang) => {
                self.hang().await;
                Ok(self.state().answer(&request))
            }
            Some(Fault::HangAfter) => {
                let response = self.state().answer(&request);
                self.hang().await;
                Ok(response)
            }
        }
    }

    async fn fetch(&self, _request: Request) -> Result<Download> {
        Err(Error::new(ErrorKind::Unsupported, "nothing to download"))
    }
}

impl State {
    fn answer(&mut self, request: &Request) -> Response {
        let query: BTreeMap<String, String> =
            url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
                .into_owned()
                .collect();
        match request.uri().path().split('/').collect::<Vec<_>>()[..] {
            ["", "token"] => {
                let body: Value = serde_json::from_slice(request.body()).unwrap();
                match (body["code"].as_str(), body["refresh"].as_str()) {
                    (Some(code), _) => self.grant(code),
                    (_, Some(refresh)) => self.rotate(refresh),
                    _ => answer(400, &json!({})),
                }
            }
            ["", "account"] => match self.whose(request) {
                Some(account) => answer(
                    200,
                    &json!({ "id": account, "name": format!("Shop {account}"), "scopes": ["read"] }),
                ),
                None => answer(401, &json!({})),
            },
            ["", "revoke" | "subscriptions", ..] if self.whose(request).is_none() => {
                answer(401, &json!({}))
            }
            ["", "revoke"] => {
                self.revoked = true;
                answer(200, &json!({}))
            }
            ["", "subscriptions"] => {
                if request.method() == http::Method::POST {
                    let body: Value = serde_json::from_slice(request.body()).unwrap();
                    let deliver_to = body["deliver_to"].as_str().unwrap().to_owned();
                    if !self
                        .subscriptions
                        .values()
                        .any(|there| *there == deliver_to)
                    {
                        let id = format!("s-{}", self.subscriptions.len() + 1);
                        self.subscriptions.insert(id, deliver_to);
                    }
                }
                let all: Vec<_> = self
                    .subscriptions
                    .iter()
                    .map(|(id, deliver_to)| {
                        json!({ "id": id, "topic": "items", "deliver_to": deliver_to })
                    })
                    .collect();
                answer(200, &json!(all))
            }
            ["", "subscriptions", id] => match self.subscriptions.remove(id) {
                Some(_) => answer(204, &json!({})),
                None => answer(404, &json!({})),
            },
            ["", "streams", stream] => {
                if self.whose(request).is_none() {
                    return answer(401, &json!({}));
                }
                let number: usize = query.get("page").map_or(0, |page| page.parse().unwrap());
                let Some(pages) = self.streams.get(stream) else {
                    return answer(404, &json!({}));
                };
                let found = pages.get(number).cloned().unwrap_or_default();
                answer(
                    200,
                    &json!({
                        "records": found.records,
                        "gone": found.gone,
                        "skipped": found.skipped,
                        "after_seconds": found.after_seconds,
                        "is_mixed_up": found.is_mixed_up,
                        "last": number + 1 >= pages.len(),
                    }),
                )
            }
            _ => answer(404, &json!({})),
        }
    }

    fn whose(&self, request: &Request) -> Option<String> {
        let token = request.headers().get("authorization")?.to_str().ok()?;
        let token = token.strip_prefix("Bearer ")?;
        if self.revoked {
            return None;
        }
        if let Some(account) = self.accounts.get(token) {
            return Some(account.clone());
        }
        let (account, serial) = token.strip_prefix("secret-access-")?.rsplit_once('-')?;
        (self.serials.get(account)?.to_string() == serial).then(|| account.to_owned())
    }

    fn grant(&mut self, code: &str) -> Response {
        match self.accounts.get(code).cloned() {
            Some(account) => {
                // Consent given anew.
                self.revoked = false;
                self.issue(&account)
            }
            None => answer(400, &json!({ "error": "invalid_grant" })),
        }
    }

    fn rotate(&mut self, refresh: &str) -> Response {
        let (account, serial) = refresh
            .strip_prefix("secret-refresh-")
            .and_then(|rest| rest.rsplit_once('-'))
            .unwrap();
        let serial: u64 = serial.parse().unwrap();
        let current = self.serials.get(account).copied().unwrap_or_default();
        let is_spent = serial != current;
        self.reuses += u64::from(is_spent);
        if self.revoked || (is_spent && !(self.forgives_reuse && serial + 1 == current)) {
            return answer(400, &json!({ "error": "invalid_grant" }));
        }
        *self.exchanges.entry(account.to_owned()).or_default() += 1;
        self.serials.insert(account.to_owned(), serial);
        let account = account.to_owned();
        self.issue(&account)
    }

    fn issue(&mut self, account: &str) -> Response {
        let serial = self.serials.entry(account.to_owned()).or_default();
        *serial += 1;
        answer(
            200,
            &json!({
                "access": format!("secret-access-{account}-{serial}"),
                "refresh": format!("secret-refresh-{account}-{serial}"),
                "expires_in": self.lifetime,
            }),
        )
    }
}

fn answer(status: u16, body: &Value) -> Response {
    http::Response::builder()
        .status(status)
        .body(Bytes::from(body.to_string()))
        .unwrap()
}
