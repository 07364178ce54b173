//! Who wrote to a page.

use chrono::{DateTime, Utc};
use connector_core::{Endpoint, Operation, Request, Response, Result};
use serde::Deserialize;

use super::list::{Continuation, List};
use super::route::Route;
use super::time;

const FIELDS: &str = "id,updated_time,message_count,participants,\
messages.limit(20){id,created_time,from,message}";

/// `GET /{page}/conversations`: those last written to first. There is no paging by time.
#[derive(Clone, Debug)]
pub struct Conversations {
    /// The page, which also speaks.
    pub page: String,
    /// `messenger` or `instagram`.
    pub platform: String,
    /// How many at the most.
    pub limit: u32,
    /// Where to go on.
    pub from: Option<Continuation>,
}

impl Endpoint for Conversations {
    const OPERATION: Operation = Operation::read("page/conversations");
    type Response = List<Conversation>;

    fn request(&self) -> Result<Request> {
        Route::get(&[&self.page, "conversations"])
            .by_page(&self.page)
            .with("platform", self.platform.to_ascii_uppercase())
            .with("fields", FIELDS)
            .with("limit", self.limit)
            .from(self.from.as_ref())
            .request()
    }

    fn parse(&self, response: &Response) -> Result<List<Conversation>> {
        List::read(response)
    }
}

/// A conversation with its latest messages.
#[derive(Clone, Debug, Deserialize)]
pub struct Conversation {
    /// `t_…`, or another form on Instagram.
    pub id: String,
    /// When somebody last wrote.
    #[serde(default, deserialize_with = "time::maybe")]
    pub updated_time: Option<DateTime<Utc>>,
    /// How many messages there are.
    #[serde(default)]
    pub message_count: Option<i64>,
    /// Who takes part, the page among them.
    #[serde(default)]
    pub participants: Option<Participants>,
    /// The latest messages, the newest first.
    #[serde(default)]
    pub messages: Option<Messages>,
}

/// Who takes part in a conversation.
#[derive(Clone, Debug, Deserialize)]
pub struct Participants {
    /// Each of them.
    #[serde(default)]
    pub data: Vec<Participant>,
}

/// Somebody in a conversation. The address for mail that Facebook gives is made of the id, and is
/// none.
#[derive(Clone, Debug, Deserialize)]
pub struct Participant {
    /// The id, which Meta gives per page.
    #[serde(default)]
    pub id: Option<String>,
    /// The name, in Messenger.
    #[serde(default)]
    pub name: Option<String>,
    /// The name, on Instagram.
    #[serde(default)]
    pub username: Option<String>,
}

/// The latest messages.
#[derive(Clone, Debug, Deserialize)]
pub struct Messages {
    /// The newest first.
    #[serde(default)]
    pub data: Vec<Message>,
}

/// A message.
#[derive(Clone, Debug, Deserialize)]
pub struct Message {
    /// When it was written.
    #[serde(default, deserialize_with = "time::maybe")]
    pub created_time: Option<DateTime<Utc>>,
    /// Who wrote it.
    #[serde(default)]
    pub from: Option<Participant>,
    /// What it says; empty for a picture.
    #[serde(default)]
    pub message: Option<String>,
}
