//! Which pages tell the app what: `/{page}/subscribed_apps`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::error::{GraphError, Outcome};
use super::session::APP_ID;

/// What a page can tell an app, of much more: what the sandbox can send.
const FIELDS: &[&str] = &[
    "feed",
    "leadgen",
    "messages",
    "message_echoes",
    "message_reactions",
    "messaging_postbacks",
    "messaging_referrals",
    "ratings",
    "mention",
    "conversations",
];

/// The demo app's subscriptions, by page.
#[derive(Debug, Default)]
pub(super) struct Subscriptions(BTreeMap<String, Vec<String>>);

impl Subscriptions {
    /// Whether a page tells the app of a field.
    pub(super) fn has(&self, page: &str, field: &str) -> bool {
        self.0
            .get(page)
            .is_some_and(|fields| fields.iter().any(|held| held == field))
    }

    /// The apps that a page tells anything.
    pub(super) fn list(&self, page: &str) -> Value {
        let data: Vec<Value> = self
            .0
            .get(page)
            .map(|fields| {
                json!({
                    "category": "Business",
                    "link": "https://crossdock.example/",
                    "name": "Crossdock Sandbox",
                    "id": APP_ID,
                    "subscribed_fields": fields,
                })
            })
            .into_iter()
            .collect();
        json!({ "data": data })
    }

    /// Subscribes to fields, in place of those before.
    pub(super) fn subscribe(&mut self, page: &str, fields: Option<&str>) -> Outcome<Value> {
        let fields: Vec<String> = fields
            .unwrap_or_default()
            .trim_matches(['[', ']'])
            .split(',')
            .map(|field| field.trim().trim_matches('"').to_owned())
            .filter(|field| !field.is_empty())
            .collect();
        if fields.is_empty() {
            return Err(GraphError::parameter(
                "The parameter subscribed_fields is required.",
            ));
        }
        for (index, field) in fields.iter().enumerate() {
            if !FIELDS.contains(&field.as_str()) {
                return Err(GraphError::parameter(format!(
                    "Param subscribed_fields[{index}] must be one of {{{}}} - got \"{field}\".",
                    FIELDS.join(", ")
                )));
            }
        }
        self.0.insert(page.to_owned(), fields);
        Ok(json!({ "success": true }))
    }

    /// Ends a page's subscription.
    pub(super) fn unsubscribe(&mut self, page: &str) -> Value {
        self.0.remove(page);
        json!({ "success": true })
    }
}
