//! Which pages tell the app what, `/{page}/subscribed_apps`, and where the app is told of it,
//! `/{app}/subscriptions`.
//!
//! Meta asks an address whether it is the app's before it takes it. The sandbox reaches nobody by
//! itself, and takes any address; the control verb `webhook/verification` has the question.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use url::Url;

use super::error::{GraphError, Outcome};
use super::request::Request;
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
pub(super) struct Subscriptions {
    pages: BTreeMap<String, Vec<String>>,
    /// The fields of pages that the app itself is subscribed to; where to is in the settings.
    app: Vec<String>,
}

impl Subscriptions {
    /// Whether a page tells the app of a field.
    pub(super) fn has(&self, page: &str, field: &str) -> bool {
        self.pages
            .get(page)
            .is_some_and(|fields| fields.iter().any(|held| held == field))
    }

    /// The apps that a page tells anything, with the fields that are asked for and the id, or with
    /// all.
    pub(super) fn list(&self, page: &str, asked: Option<&str>) -> Value {
        let asked: Option<Vec<&str>> = asked.map(|asked| asked.split(',').map(str::trim).collect());
        let data: Vec<Value> = self
            .pages
            .get(page)
            .map(|fields| {
                let mut app = Map::new();
                app.insert("category".to_owned(), json!("Business"));
                app.insert("link".to_owned(), json!("https://crossdock.example/"));
                app.insert("name".to_owned(), json!("Crossdock Sandbox"));
                app.insert("id".to_owned(), json!(APP_ID));
                app.insert("subscribed_fields".to_owned(), json!(fields));
                app.retain(|name, _| {
                    name == "id" || asked.as_ref().is_none_or(|asked| asked.contains(&&**name))
                });
                Value::Object(app)
            })
            .into_iter()
            .collect();
        json!({ "data": data })
    }

    /// Subscribes to fields, in place of those before.
    pub(super) fn subscribe(&mut self, page: &str, fields: Option<&str>) -> Outcome<Value> {
        let fields = read(fields, "subscribed_fields")?;
        self.pages.insert(page.to_owned(), fields);
        Ok(json!({ "success": true }))
    }

    /// Ends a page's subscription.
    pub(super) fn unsubscribe(&mut self, page: &str) -> Value {
        self.pages.remove(page);
        json!({ "success": true })
    }

    /// Where the app is told of pages, and of what.
    pub(super) fn list_app(&self, callback: Option<&Url>) -> Value {
        let fields: Vec<Value> = self
            .app
            .iter()
            .map(|field| json!({ "name": field, "version": super::version::NEWEST }))
            .collect();
        let data: Vec<Value> = callback
            .filter(|_| !fields.is_empty())
            .map(|url| {
                json!({ "object": "page", "callback_url": url, "active": true, "fields": fields })
            })
            .into_iter()
            .collect();
        json!({ "data": data })
    }

    /// Has the app told of fields of pages, in place of those before. Gives the address.
    pub(super) fn subscribe_app(&mut self, request: &Request) -> Outcome<Url> {
        if request.get("object") != Some("page") {
            return Err(GraphError::parameter(
                "Param object must be one of {page} in the sandbox",
            ));
        }
        let address = request
            .get("callback_url")
            .and_then(|it| Url::parse(it).ok());
        let address = address
            .filter(|url| url.scheme() == "https")
            .ok_or_else(|| {
                GraphError::new(
                    2200,
                    "(#2200) callback verification failed: the URL must be secure",
                )
            })?;
        if request.get("verify_token").is_none() {
            return Err(GraphError::parameter(
                "The parameter verify_token is required",
            ));
        }
        self.app = read(request.get("fields"), "fields")?;
        Ok(address)
    }
}

/// A list of fields in commas or as JSON, all of which pages have.
fn read(fields: Option<&str>, name: &str) -> Outcome<Vec<String>> {
    let fields: Vec<String> = fields
        .unwrap_or_default()
        .trim_matches(['[', ']'])
        .split(',')
        .map(|field| field.trim().trim_matches('"').to_owned())
        .filter(|field| !field.is_empty())
        .collect();
    if fields.is_empty() {
        return Err(GraphError::parameter(format!(
            "The parameter {name} is required."
        )));
    }
    for (index, field) in fields.iter().enumerate() {
        if !FIELDS.contains(&field.as_str()) {
            return Err(GraphError::parameter(format!(
                "Param {name}[{index}] must be one of {{{}}} - got \"{field}\".",
                FIELDS.join(", ")
            )));
        }
    }
    Ok(fields)
}
