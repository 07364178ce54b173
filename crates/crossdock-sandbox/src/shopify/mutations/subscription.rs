//! Webhook subscriptions: made, changed, ended.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use url::Url;

use super::super::graphql::Field;
use super::super::webhooks::Subscription;
use super::{Mutation, number, user_error};

fn refused(field: &[&str], message: &str) -> Value {
    json!({ "webhookSubscription": null, "userErrors": [user_error(field, None, message)] })
}

pub(super) fn create(field: &Field, mutation: &mut Mutation<'_>, now: DateTime<Utc>) -> Value {
    let id = super::new_id(mutation.world);
    let topic = field.args.str("topic").unwrap_or_default();
    let mut subscription = Subscription {
        id,
        app: mutation.grant.app.clone(),
        topic: topic.to_owned(),
        uri: String::new(),
        filter: None,
        name: None,
        include_fields: vec![],
        api_version: mutation.version.to_owned(),
        created_at: now,
        updated_at: now,
    };
    apply(field, &mut subscription);
    if Url::parse(&subscription.uri).is_err() {
        return refused(&["webhookSubscription", "uri"], "Address is invalid");
    }
    let taken = mutation
        .shop
        .webhooks
        .of_app(&mutation.grant.app)
        .any(|known| known.topic == topic && known.uri == subscription.uri);
    if taken {
        return refused(
            &["webhookSubscription", "uri"],
            "Address for this topic has already been taken",
        );
    }
    mutation.shop.webhooks.0.insert(id, subscription);
    json!({
        "webhookSubscription": format!("gid://shopify/WebhookSubscription/{id}"),
        "userErrors": [],
    })
}

pub(super) fn update(field: &Field, mutation: &mut Mutation<'_>, now: DateTime<Utc>) -> Value {
    let gid = field.args.str("id").unwrap_or_default();
    let app = &mutation.grant.app;
    let known = number(gid).and_then(|id| mutation.shop.webhooks.0.get_mut(&id));
    let Some(known) = known.filter(|known| known.app == *app) else {
        return refused(&["id"], "Webhook subscription does not exist");
    };
    let mut changed = known.clone();
    apply(field, &mut changed);
    if Url::parse(&changed.uri).is_err() {
        return refused(&["webhookSubscription", "uri"], "Address is invalid");
    }
    changed.updated_at = now;
    *known = changed;
    json!({ "webhookSubscription": gid, "userErrors": [] })
}

pub(super) fn delete(field: &Field, mutation: &mut Mutation<'_>) -> Value {
    let gid = field.args.str("id").unwrap_or_default();
    let own = number(gid).filter(|id| {
        mutation
            .shop
            .webhooks
            .get(*id)
            .is_some_and(|known| known.app == mutation.grant.app)
    });
    let Some(id) = own else {
        let error = user_error(&["id"], None, "Webhook subscription does not exist");
        return json!({ "deletedWebhookSubscriptionId": null, "userErrors": [error] });
    };
    mutation.shop.webhooks.0.remove(&id);
    json!({ "deletedWebhookSubscriptionId": gid, "userErrors": [] })
}

/// Takes over what the input says; what it does not say stays.
fn apply(field: &Field, subscription: &mut Subscription) {
    let Some(input) = field.args.get("webhookSubscription") else {
        return;
    };
    let text = |name: &str| input.get(name).and_then(Value::as_str).map(str::to_owned);
    if let Some(uri) = text("uri") {
        subscription.uri = uri;
    }
    if let Some(filter) = text("filter") {
        subscription.filter = Some(filter);
    }
    if let Some(name) = text("name") {
        subscription.name = Some(name);
    }
    if let Some(fields) = input.get("includeFields").and_then(Value::as_array) {
        subscription.include_fields = fields
            .iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect();
    }
}
