//! What an app is told of: which fields of which kinds of things by the app, of which pages by each.
//!
//! Source: developers.facebook.com, "Webhooks: subscriptions edge" of the application and "Page
//! subscribed apps", v26.0, read in November 2026.

use connector_core::{
    Endpoint, ExposeSecret as _, Operation, Request, Response, Result, SecretString,
};
use http::Method;
use serde::Deserialize;

use super::list::List;
use super::route::{Route, Speaker};

/// `DELETE /me/permissions`: takes from the app all that was granted.
#[derive(Clone, Copy, Debug)]
pub struct DeletePermissions;

/// What a write answers.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Success {
    /// Whether it was done.
    #[serde(default)]
    pub success: bool,
}

impl Endpoint for DeletePermissions {
    const OPERATION: Operation = Operation::write("user/permissions").idempotent();
    type Response = Success;

    fn request(&self) -> Result<Request> {
        Route::new(Method::DELETE, &["me", "permissions"]).request()
    }
}

/// `GET /{page}/subscribed_apps`: what a page tells the app.
#[derive(Clone, Debug)]
pub struct SubscribedApps {
    /// The page, which also speaks.
    pub page: String,
}

/// An app that a page tells something.
#[derive(Clone, Debug, Deserialize)]
pub struct SubscribedApp {
    /// The app's id.
    pub id: String,
    /// The fields of the page that it is told of.
    #[serde(default)]
    pub subscribed_fields: Vec<String>,
}

impl Endpoint for SubscribedApps {
    const OPERATION: Operation = Operation::read("page/subscribed_apps");
    type Response = List<SubscribedApp>;

    fn request(&self) -> Result<Request> {
        Route::get(&[&self.page, "subscribed_apps"])
            .by_page(&self.page)
            .with("fields", "id,subscribed_fields")
            .request()
    }

    fn parse(&self, response: &Response) -> Result<List<SubscribedApp>> {
        List::read(response)
    }
}

/// `POST /{page}/subscribed_apps`: has a page tell the app of these fields, and of no others.
#[derive(Clone, Debug)]
pub struct SubscribePage {
    /// The page, which also speaks.
    pub page: String,
    /// The fields.
    pub fields: Vec<String>,
}

impl Endpoint for SubscribePage {
    const OPERATION: Operation = Operation::write("page/subscribe").idempotent();
    type Response = Success;

    fn request(&self) -> Result<Request> {
        Route::new(Method::POST, &[&self.page, "subscribed_apps"])
            .by_page(&self.page)
            .with("subscribed_fields", self.fields.join(","))
            .form()
    }
}

/// `DELETE /{page}/subscribed_apps`: has a page tell the app nothing any more.
#[derive(Clone, Debug)]
pub struct UnsubscribePage {
    /// The page, which also speaks.
    pub page: String,
}

impl Endpoint for UnsubscribePage {
    const OPERATION: Operation = Operation::write("page/unsubscribe").idempotent();
    type Response = Success;

    fn request(&self) -> Result<Request> {
        Route::new(Method::DELETE, &[&self.page, "subscribed_apps"])
            .by_page(&self.page)
            .request()
    }
}

/// `GET /{app}/subscriptions`: where the app is told of what. Asked by the app itself.
#[derive(Clone, Debug)]
pub struct AppSubscriptions {
    /// The app's id.
    pub app: String,
}

/// Where the app is told of one kind of things.
#[derive(Clone, Debug, Deserialize)]
pub struct AppSubscription {
    /// The kind: `page`.
    pub object: String,
    /// Where to.
    #[serde(default)]
    pub callback_url: Option<String>,
    /// Whether anything is delivered.
    #[serde(default)]
    pub active: Option<bool>,
    /// The fields.
    #[serde(default)]
    pub fields: Vec<AppSubscriptionField>,
}

/// A field of an app's subscription.
#[derive(Clone, Debug, Deserialize)]
pub struct AppSubscriptionField {
    /// Its name.
    pub name: String,
}

impl Endpoint for AppSubscriptions {
    const OPERATION: Operation = Operation::read("app/subscriptions");
    type Response = List<AppSubscription>;

    fn request(&self) -> Result<Request> {
        Route::get(&[&self.app, "subscriptions"])
            .by(Speaker::App)
            .request()
    }

    fn parse(&self, response: &Response) -> Result<List<AppSubscription>> {
        List::read(response)
    }
}

/// `POST /{app}/subscriptions`: has the app told of these fields of pages. Meta asks the address at
/// once whether it is ours. Said by the app itself.
#[derive(Clone, Debug)]
pub struct SubscribeApp {
    /// The app's id.
    pub app: String,
    /// Where to: an `https` address.
    pub callback_url: String,
    /// The fields.
    pub fields: Vec<String>,
    /// What Meta shows when it asks.
    pub verify_token: SecretString,
}

impl Endpoint for SubscribeApp {
    const OPERATION: Operation = Operation::write("app/subscribe").idempotent().sensitive();
    type Response = Success;

    fn request(&self) -> Result<Request> {
        Route::new(Method::POST, &[&self.app, "subscriptions"])
            .by(Speaker::App)
            .with("object", "page")
            .with("callback_url", &self.callback_url)
            .with("fields", self.fields.join(","))
            .with("verify_token", self.verify_token.expose_secret())
            .form()
    }
}
