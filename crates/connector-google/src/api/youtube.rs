//! `YouTube` Data API v3.

use connector_core::{Endpoint, Operation, Request, Result};
use serde::Deserialize;

use super::route::Route;

/// `channels.list` of the user's own channels. One unit of the day's 10,000.
#[derive(Clone, Debug, Default)]
pub struct ListChannels {
    /// The page; the first where there is none.
    pub page_token: Option<String>,
}

impl Endpoint for ListChannels {
    const OPERATION: Operation = Operation::read("youtube.channels.list");
    type Response = ChannelPage;

    fn request(&self) -> Result<Request> {
        Route::get("youtube.googleapis.com", &["youtube", "v3", "channels"])
            .with("part", "snippet,contentDetails")
            .with("mine", true)
            .with("maxResults", 50)
            .maybe("pageToken", self.page_token.as_deref())
            .request()
    }
}

/// A page of channels.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChannelPage {
    /// The channels.
    pub items: Vec<Channel>,
    /// The next page's token.
    pub next_page_token: Option<String>,
}

/// A channel.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Channel {
    /// Its id.
    pub id: String,
    /// What is shown of it.
    pub snippet: Option<ChannelSnippet>,
}

/// What is shown of a channel.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChannelSnippet {
    /// Its name.
    pub title: Option<String>,
}
