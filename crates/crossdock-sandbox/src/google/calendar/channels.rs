//! Push channels: who is told that a calendar's events changed.
//!
//! A notification is a POST without a body; all it says is in `X-Goog-*` headers, and nothing is
//! signed. Channels aren't renewed: they end. (Calendar's guide to push notifications.)

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use super::Calendars;
use crate::google::params::{body, number, put, text};
use crate::google::refusal::{Outcome, Refusal};
use crate::platform::Call;
use crate::world::{Outgoing, World};

/// How long a channel lasts unless less is asked for.
const LIFE: TimeDelta = TimeDelta::days(7);

/// One channel.
#[derive(Debug)]
pub(super) struct Channel {
    calendar: String,
    address: Url,
    token: Option<String>,
    resource: String,
    expires: DateTime<Utc>,
    messages: u64,
}

fn resource_uri(calendar: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(calendar.as_bytes()).collect();
    format!("https://www.googleapis.com/calendar/v3/calendars/{encoded}/events?alt=json")
}

impl Calendars {
    /// `events.watch`: opens a channel, and says so to it.
    pub(super) fn watch(
        &mut self,
        calendar: &str,
        call: &Call<'_>,
        world: &mut World,
    ) -> Outcome<Value> {
        let fields = body(call)?;
        let id = text(&fields, "id").unwrap_or_default();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_+/=".contains(&byte);
        if id.is_empty() || id.len() > 64 || !id.bytes().all(allowed) {
            return Err(Refusal::invalid("Invalid channel id").because("required"));
        }
        if text(&fields, "type") != Some("web_hook") {
            return Err(Refusal::invalid("Unknown channel type").because("channelTypeNotSupported"));
        }
        let address = text(&fields, "address").and_then(|text| Url::parse(text).ok());
        let local = |url: &Url| matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        // Google takes https alone; the sandbox delivers to this machine, and nowhere else.
        let address = address
            .filter(|url| url.scheme() == "https" || local(url))
            .ok_or_else(|| {
                Refusal::invalid("WebHook callback must be HTTPS")
                    .because("push.webhookUrlNotHttps")
            })?;
        if self
            .channels
            .get(id)
            .is_some_and(|known| known.expires > world.now)
        {
            return Err(Refusal::invalid(format!("Channel id {id} not unique"))
                .because("channelIdNotUnique"));
        }
        let params = fields.get("params").and_then(Value::as_object);
        let ttl = match params {
            Some(params) => number(params, "ttl")?,
            None => None,
        };
        let life = ttl
            .and_then(TimeDelta::try_seconds)
            .map_or(LIFE, |asked| asked.clamp(TimeDelta::seconds(1), LIFE));
        let asked = number(&fields, "expiration")?.and_then(DateTime::from_timestamp_millis);
        let expires = (world.now + life).min(asked.unwrap_or(DateTime::<Utc>::MAX_UTC));
        let resource: String = hex::encode(Sha256::digest(calendar))
            .chars()
            .take(27)
            .collect();
        let token = text(&fields, "token").map(str::to_owned);
        let mut answer = json!({
            "kind": "api#channel", "id": id, "resourceId": resource,
            "resourceUri": resource_uri(calendar),
            "expiration": expires.timestamp_millis().to_string(),
        });
        put(&mut answer, "token", token.clone());
        let mut channel = Channel {
            calendar: calendar.to_owned(),
            address,
            token,
            resource,
            expires,
            messages: 0,
        };
        channel.send(id, "sync", world);
        self.channels.insert(id.to_owned(), channel);
        Ok(answer)
    }

    /// `channels.stop`.
    pub(super) fn stop(&mut self, call: &Call<'_>) -> Outcome<()> {
        let fields = body(call)?;
        let id = text(&fields, "id").unwrap_or_default();
        let resource = text(&fields, "resourceId").unwrap_or_default();
        let known = self.channels.get(id);
        if known.is_none_or(|channel| channel.resource != resource) {
            return Err(Refusal::not_found(format!(
                "Channel '{id}' not found for project '900100200300'"
            )));
        }
        self.channels.remove(id);
        Ok(())
    }

    /// Tells whoever watches a calendar.
    pub(super) fn tell(&mut self, calendar: &str, state: &str, world: &mut World) {
        let now = world.now;
        self.channels.retain(|_, channel| channel.expires > now);
        for (id, channel) in &mut self.channels {
            if channel.calendar == calendar {
                channel.send(id, state, world);
            }
        }
    }
}

impl Channel {
    fn send(&mut self, id: &str, state: &str, world: &mut World) {
        self.messages += 1;
        let expires = self.expires.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let mut headers: Vec<(String, String)> = [
            ("user-agent", "APIs-Google"),
            ("x-goog-channel-id", id),
            ("x-goog-channel-expiration", &expires),
            ("x-goog-message-number", &self.messages.to_string()),
            ("x-goog-resource-id", &self.resource),
            ("x-goog-resource-state", state),
            ("x-goog-resource-uri", &resource_uri(&self.calendar)),
        ]
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
        if let Some(token) = &self.token {
            headers.push(("x-goog-channel-token".to_owned(), token.clone()));
        }
        world.outbox.push(Outgoing {
            platform: crate::google::ID,
            url: self.address.clone(),
            headers,
            body: Bytes::new(),
            due: world.now,
        });
    }
}
