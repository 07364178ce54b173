//! Receiving a platform's webhooks.

use std::fmt;

use chrono::{DateTime, Utc};
use http::HeaderMap;
use serde::{Deserialize, Serialize};

use crate::error::Result;

/// A platform's webhooks: verified over the raw bytes, then read.
pub trait Webhooks: fmt::Debug + Send + Sync {
    /// Verifies one delivery in constant time, and says what it means.
    ///
    /// `body` is the raw body: a signature over JSON that was parsed and written again is another
    /// one.
    ///
    /// # Errors
    /// [`PermissionDenied`](crate::ErrorKind::PermissionDenied) when it isn't from the platform (to
    /// be answered with 401, and not to be stored);
    /// [`ContractBroken`](crate::ErrorKind::ContractBroken) when it is, and can't be read.
    fn receive(&self, headers: &HeaderMap, body: &[u8]) -> Result<WebhookEvent>;
}

/// One verified delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookEvent {
    /// The platform's id of the event, the same on every redelivery.
    pub id: String,
    /// What it is about, in the platform's words: `orders/create`.
    pub topic: String,
    /// The [`Account::id`](crate::Account::id) that it is for, where it says so.
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
