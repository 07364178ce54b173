//! A platform's webhooks: receiving them, and subscribing to them.

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use http::HeaderMap;
use serde::{Deserialize, Serialize};

use crate::connect::Form;
use crate::context::Context;
use crate::credential::Credential;
use crate::error::Result;
use crate::session::Session;

/// A platform's webhooks: verified over the raw bytes, then read.
#[async_trait]
pub trait Webhooks: fmt::Debug + Send + Sync {
    /// Verifies one delivery in constant time, and says what it means: one event, or the several
    /// that a platform puts into one delivery.
    ///
    /// The context is for what a verification must fetch, such as a public key. Whatever the
    /// delivery says is hostile until it is verified, so it never names the host to fetch from.
    ///
    /// # Errors
    /// [`PermissionDenied`](crate::ErrorKind::PermissionDenied) when it isn't from the platform (to
    /// be answered with 401, and not to be stored);
    /// [`ContractBroken`](crate::ErrorKind::ContractBroken) when it is, and can't be read; a
    /// retryable error when it can't be verified just now, so that the platform sends it again.
    async fn receive(&self, ctx: &Context, delivery: &Delivery<'_>) -> Result<Vec<WebhookEvent>>;

    /// Answers the platform's question whether this address is ours; `None` where this platform
    /// asks none.
    ///
    /// `address` is the one under which the platform knows it, byte for byte; `query` is what it
    /// asks with.
    ///
    /// # Errors
    /// [`PermissionDenied`](crate::ErrorKind::PermissionDenied) when it isn't the platform that
    /// asks, or nothing was asked;
    /// [`ConfigInvalid`](crate::ErrorKind::ConfigInvalid) when the operator has not set up what
    /// the answer is made of.
    fn challenge(&self, address: &str, query: &Form) -> Option<Result<ChallengeAnswer>> {
        let _ = (address, query);
        None
    }
}

/// What came to the address of a platform's webhooks, and is not verified yet.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// All headers.
    pub headers: &'a HeaderMap,
    /// The raw body: a signature over JSON that was parsed and written again is another one.
    pub body: &'a [u8],
}

/// What to answer a platform that asks whether an address is ours, with status 200.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChallengeAnswer {
    /// The `Content-Type`.
    pub content_type: &'static str,
    /// The body, whole.
    pub body: String,
}

/// Subscribing a connection to a platform's webhooks: an ability that a platform may have.
#[async_trait]
pub trait Subscriptions<C: Credential>: fmt::Debug + Send + Sync {
    /// Makes sure that everything the connector understands is delivered: what is missing is made,
    /// what is there stays. Gives all that there is then. Safe to repeat.
    ///
    /// `deliver_to` is where to, in the platform's form: the `https` address of its webhooks here,
    /// or the name of a queue that forwards to it.
    ///
    /// # Errors
    /// [`InputInvalid`](crate::ErrorKind::InputInvalid) when the platform can't deliver there;
    /// else those of [`Session::call`].
    async fn subscribe(&self, session: &Session<C>, deliver_to: &str) -> Result<Vec<Subscription>>;

    /// What the connection is subscribed to.
    ///
    /// # Errors
    /// Those of [`Session::call`].
    async fn list(&self, session: &Session<C>) -> Result<Vec<Subscription>>;

    /// Ends one subscription.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound) when there is none with this id; else those of
    /// [`Session::call`].
    async fn unsubscribe(&self, session: &Session<C>, id: &str) -> Result<()>;
}

/// One subscription, as the platform has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// The platform's id.
    pub id: String,
    /// What is delivered, in the platform's words: `ORDER_CHANGE`.
    pub topic: String,
    /// Where to, as far as the platform tells.
    pub deliver_to: Option<String>,
    /// Where it stands, in the platform's words, lower case.
    pub status: Option<String>,
    /// When it ends unless it is made anew; `None` if it doesn't.
    pub expires_at: Option<DateTime<Utc>>,
}

/// One verified delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookEvent {
    /// The platform's id of the event, the same on every redelivery.
    pub id: String,
    /// What it is about, in the platform's words: `orders/create`.
    pub topic: String,
    /// The [`Account::id`](crate::Account::id) that it is for, where it says so. A request of
    /// [`Privacy`](WebhookEffect::Privacy) that names none is for everyone on the platform.
    pub account: Option<String>,
    /// When it happened, where it says so.
    pub occurred_at: Option<DateTime<Utc>>,
    /// What follows from it, in order.
    pub effects: Vec<WebhookEffect>,
}

/// What follows from a webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
#[non_exhaustive]
pub enum WebhookEffect {
    /// A stream has news: sync it. The platform's own answer is what counts; a webhook may be late,
    /// doubled or out of order.
    Sync {
        /// The stream.
        stream: String,
    },
    /// A record is gone.
    Gone {
        /// The stream.
        stream: String,
        /// The record's id in it.
        external_id: String,
    },
    /// The account's owner took the grant back.
    Disconnected,
    /// Somebody asks for, or asks to erase, personal data.
    Privacy {
        /// What is asked.
        request: PrivacyRequest,
        /// The platform's id of the person; `None` for all of an account.
        customer_id: Option<String>,
        /// The orders that it is about, by their ids in the `orders` stream.
        orders: Vec<String>,
    },
    /// Nothing here depends on it. It is kept all the same.
    Nothing,
}

/// What a privacy webhook asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrivacyRequest {
    /// Tell what is stored of a person.
    CustomerData,
    /// Erase what is stored of a person.
    CustomerErasure,
    /// Erase what is stored of the account.
    AccountErasure,
}
