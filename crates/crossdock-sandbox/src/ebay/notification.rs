//! The Notification API: where notifications go, who wants which, and sending them.
//!
//! eBay asks a new destination a question at once, and refuses it if the answer is wrong (195020).
//! The sandbox can't wait for an answer in the middle of a call: it takes destinations on trust,
//! and the control verb `challenge` tells what eBay would ask and how it must be answered.
//! Addresses on this machine are allowed beside `https` ones.

mod destinations;
mod send;
mod subscriptions;
mod topics;

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::answer;
use crate::platform::Call;
use crate::world::World;

use super::oauth::Grant;
use super::refusal::{Outcome, Refusal};
use super::request;
use super::state::text;

pub(super) use destinations::challenge;
pub(super) use send::{example, notify, send};
pub(super) use topics::{AUTHORIZATION_REVOCATION, ORDER_CONFIRMATION};

/// The domain of the API's refusals.
const DOMAIN: &str = "API_NOTIFICATION";

/// What was set up. The documents are as the API serves them.
#[derive(Debug, Default)]
pub(super) struct Notifications {
    alert_email: Option<String>,
    destinations: Vec<Value>,
    subscriptions: Vec<Value>,
}

impl Notifications {
    /// Runs an operation; `path` is that below the API's root.
    pub(super) fn answer(
        &mut self,
        call: &Call<'_>,
        path: &[&str],
        grant: &Grant,
        world: &mut World,
    ) -> Outcome<Response<Bytes>> {
        match (call.method.as_str(), path) {
            ("GET", ["config"]) => self.config(),
            ("PUT", ["config"]) => self.set_config(call),
            ("GET", ["topic"]) => listed(call, "topics", &topics::all()),
            ("GET", ["topic", id]) => topics::get(id),
            ("GET", ["public_key", id]) => send::public_key(id),
            (_, ["destination", rest @ ..]) => destinations::answer(self, call, rest, world),
            (_, ["subscription", rest @ ..]) => {
                subscriptions::answer(self, call, rest, grant, world)
            }
            _ => Err(Refusal::no_such_resource()),
        }
    }

    fn config(&self) -> Outcome<Response<Bytes>> {
        let email = self
            .alert_email
            .as_ref()
            .ok_or_else(|| not_found(195_026, "There is no configuration."))?;
        Ok(answer::json(StatusCode::OK, &json!({"alertEmail": email})))
    }

    fn set_config(&mut self, call: &Call<'_>) -> Outcome<Response<Bytes>> {
        let body = request::body(call)?;
        let email = text(&body, "alertEmail");
        if !email.contains('@') {
            return Err(bad(195_025, "The e-mail address is invalid."));
        }
        self.alert_email = Some(email.to_owned());
        Ok(answer::empty(StatusCode::NO_CONTENT))
    }

    /// # Errors
    /// 195003 until there is an address for alerts.
    fn check_config(&self) -> Outcome<()> {
        match self.alert_email {
            Some(_) => Ok(()),
            None => Err(conflict(195_003, "The configuration is missing.")),
        }
    }
}

fn bad(id: u32, message: &str) -> Refusal {
    Refusal::bad(id, DOMAIN, message)
}

fn not_found(id: u32, message: &str) -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, id, DOMAIN, message)
}

fn conflict(id: u32, message: &str) -> Refusal {
    Refusal::new(StatusCode::CONFLICT, id, DOMAIN, message)
}

/// One page of a list. The continuation token is how many entries come before it.
fn listed(call: &Call<'_>, name: &str, all: &[Value]) -> Outcome<Response<Bytes>> {
    let limit = request::number(call, "limit", 20, (10, 100))
        .ok_or_else(|| bad(195_004, "The limit is invalid."))?;
    let start = request::number(call, "continuation_token", 0, (0, all.len()))
        .ok_or_else(|| bad(195_005, "The continuation token is invalid."))?;
    let at = |start: usize| {
        format!(
            "https://{}{}?limit={limit}&continuation_token={start}",
            call.host, call.path
        )
    };
    let mut links = vec![("href", json!(at(start)))];
    if start + limit < all.len() {
        links.push(("next", json!(at(start + limit))));
    }
    let entries = all.iter().skip(start).take(limit).cloned().collect();
    let said = json!({"total": all.len(), "limit": limit});
    Ok(request::list(links, said, name, entries))
}
