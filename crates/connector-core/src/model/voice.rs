//! What people say to a merchant: reviews and inquiries.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Origin;

/// What somebody says in public about a merchant or a product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// What it is about: the platform's id of a location, a page, a product.
    pub subject_external_id: String,
    /// Stars, from 1 to 5; `None` where the platform has none.
    pub rating: Option<i64>,
    /// Whether it recommends, where the platform asks that instead of stars.
    pub recommended: Option<bool>,
    /// Its title.
    pub title: Option<String>,
    /// Its text; `None` for a rating without words.
    pub text: Option<String>,
    /// How its author is called in public; `None` for one who wants no name.
    pub author_name: Option<String>,
    /// What the merchant answered.
    pub reply: Option<String>,
    /// When the merchant answered.
    pub replied_at: Option<DateTime<Utc>>,
    /// Where it can be read.
    pub url: Option<String>,
    /// When it was written.
    pub created_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: Option<DateTime<Utc>>,
}

/// Somebody who wants something of a merchant: a form that was filled in, a conversation.
///
/// Name, address and number are what the merchant needs in order to answer, so they are kept; they
/// are what a privacy request erases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    /// How it came.
    pub kind: InquiryKind,
    /// Through which of the platform's channels, in the platform's words: `messenger`, `instagram`.
    pub channel: Option<String>,
    /// The form's or the page's id at the platform.
    pub source_external_id: Option<String>,
    /// The person's name.
    pub contact_name: Option<String>,
    /// The person's address for mail.
    pub contact_email: Option<String>,
    /// The person's number, as it was typed.
    pub contact_phone: Option<String>,
    /// What was written last, by whoever wrote it.
    pub message: Option<String>,
    /// What was answered to a form's questions, in the form's order.
    pub answers: Vec<InquiryAnswer>,
    /// How many messages there are, where the platform tells.
    pub message_count: Option<i64>,
    /// What led to it, as far as the platform says.
    pub origin: Option<Origin>,
    /// When it began.
    pub created_at: Option<DateTime<Utc>>,
    /// When somebody last wrote.
    pub updated_at: Option<DateTime<Utc>>,
}

/// How an inquiry came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum InquiryKind {
    /// A form was filled in.
    Form,
    /// Messages were written.
    Conversation,
    /// A call was made.
    Call,
}

/// One answer of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InquiryAnswer {
    /// The question's name in the form.
    pub question: String,
    /// What was answered; several where several could be chosen.
    pub answers: Vec<String>,
}
