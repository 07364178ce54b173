//! Webhooks: signed over their very bytes, in which everything beyond ASCII is escaped.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use url::Url;

use super::graph::{Kind, Node};
use super::session::{APP_SECRET, digest};
use super::state::State;
use super::wire;
use crate::world::{Outgoing, World};

/// What the app's dashboard was told to verify addresses with.
const VERIFY_TOKEN: &str = "sandbox-meta-verify";

/// The query with which the platform verifies an address, and what the answer's body must be.
pub(super) fn verification(world: &mut World) -> Value {
    let challenge = world.between(100_000_000, 2_000_000_000).to_string();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("hub.mode", "subscribe")
        .append_pair("hub.challenge", &challenge)
        .append_pair("hub.verify_token", VERIFY_TOKEN)
        .finish();
    json!({ "query": query, "expected": challenge })
}

/// What tells of a thing, by the field that pages subscribe to: the one with this id, or the newest.
pub(super) fn event(
    state: &State,
    field: &str,
    id: Option<&str>,
    now: DateTime<Utc>,
) -> Option<Value> {
    let kind = match field {
        "leadgen" => Kind::Lead,
        "feed" => Kind::Post,
        "messages" => Kind::Message,
        "conversations" => Kind::Thread,
        _ => return None,
    };
    let node = match id {
        Some(id) => state.graph.get(id).filter(|node| node.kind == kind),
        None => state.graph.all(kind).max_by_key(|node| time(node)),
    }?;
    let mut entry = json!({ "id": node.owner, "time": now.timestamp() });
    if let Value::Object(entry) = &mut entry {
        if kind == Kind::Message {
            entry.insert("time".to_owned(), now.timestamp_millis().into());
            entry.insert("messaging".to_owned(), json!([message(node)]));
        } else {
            let change = json!({ "field": field, "value": change(node) });
            entry.insert("changes".to_owned(), json!([change]));
        }
    }
    let object = if on_instagram(node) {
        if let Value::Object(entry) = &mut entry {
            entry.insert("id".to_owned(), recipient(node));
        }
        "instagram"
    } else {
        "page"
    };
    Some(json!({ "object": object, "entry": [entry] }))
}

/// Whether a message is on Instagram, where people have user names.
fn on_instagram(node: &Node) -> bool {
    node.fields
        .get("from")
        .is_some_and(|from| from.get("username").is_some())
}

/// When a thing was made or last changed.
fn time(node: &Node) -> Option<DateTime<Utc>> {
    node.time("created_time")
        .or_else(|| node.time("updated_time"))
}

fn change(node: &Node) -> Value {
    let at = time(node).map_or(0, |at| at.timestamp());
    match node.kind {
        // No personal data: the app must fetch the lead by its id.
        Kind::Lead => {
            let mut value = json!({
                "leadgen_id": node.id,
                "page_id": node.owner,
                "form_id": node.text("form_id"),
                "created_time": at,
            });
            if let (Value::Object(value), Some(ad)) = (&mut value, node.fields.get("ad_id")) {
                value.insert("ad_id".to_owned(), ad.clone());
                value.insert("adgroup_id".to_owned(), ad.clone());
            }
            value
        }
        Kind::Post => json!({
            "item": "status",
            "verb": if node.text("updated_time") > node.text("created_time") { "edited" } else { "add" },
            "post_id": node.id,
            "from": node.fields.get("from"),
            "message": node.text("message"),
            "published": 1,
            "created_time": at,
        }),
        _ => json!({ "page_id": node.owner, "thread_id": node.id }),
    }
}

/// Whom a message is to.
fn recipient(node: &Node) -> Value {
    node.fields
        .get("to")
        .and_then(|to| to.pointer("/data/0/id"))
        .cloned()
        .unwrap_or_default()
}

/// A message as Messenger tells of it: with the ad that led to it, where one did.
fn message(node: &Node) -> Value {
    let mut message = json!({ "mid": node.id, "text": node.text("message") });
    if let (Value::Object(message), Some(ad)) = (&mut message, node.fields.get("_ad_id")) {
        let referral =
            json!({ "source": "ADS", "type": "OPEN_THREAD", "ad_id": ad, "ref": "sandbox" });
        message.insert("referral".to_owned(), referral);
    }
    json!({
        "sender": { "id": node.fields.get("from").and_then(|from| from.get("id")) },
        "recipient": { "id": recipient(node) },
        "timestamp": time(node).map_or(0, |at| at.timestamp_millis()),
        "message": message,
    })
}

/// Puts one delivery into the outbox.
pub(super) fn deliver(url: Url, body: &Value, world: &mut World) {
    let body = Bytes::from(wire::ascii(body));
    let headers = vec![
        ("content-type".to_owned(), "application/json".to_owned()),
        ("user-agent".to_owned(), "facebookexternalua".to_owned()),
        (
            "x-hub-signature-256".to_owned(),
            format!("sha256={}", digest(APP_SECRET, &body)),
        ),
    ];
    world.outbox.push(Outgoing {
        platform: super::ID,
        url,
        headers,
        body,
        due: world.now,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors beside the platform's descriptions, where they are there.
    #[test]
    fn agrees_with_the_vectors() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/specs/meta/derived/test-vectors.json"
        );
        let Ok(text) = std::fs::read_to_string(path) else {
            println!("skipped: {path} is absent");
            return;
        };
        let vectors: Value = serde_json::from_str(&text).unwrap();
        for vector in vectors["appsecret_proof"].as_array().unwrap() {
            let secret = vector["app_secret"].as_str().unwrap();
            let token = vector["access_token"].as_str().unwrap();
            assert_eq!(
                digest(secret, token.as_bytes()),
                vector["appsecret_proof"].as_str().unwrap()
            );
        }
        let mut seen = 0;
        for vector in vectors["webhook_signature"].as_array().unwrap() {
            let Some(body) = vector["body"].as_str() else {
                continue;
            };
            let signed = digest(vector["app_secret"].as_str().unwrap(), body.as_bytes());
            assert_eq!(
                format!("sha256={signed}"),
                vector["X-Hub-Signature-256"].as_str().unwrap()
            );
            // What the sandbox writes is what was signed, but for the order of keys.
            let written = wire::ascii(&serde_json::from_str(body).unwrap());
            assert_eq!(written.len(), body.len());
            seen += 1;
        }
        assert_eq!(seen, 2);
    }
}
