//! What an account of Instagram published, and the numbers of it.

use chrono::{DateTime, Utc};
use connector_core::{Endpoint, Operation, Request, Response, Result};
use serde::Deserialize;

use super::insights::Insight;
use super::list::{Continuation, List};
use super::route::Route;
use super::time;

const FIELDS: &str = "id,caption,media_type,media_product_type,permalink,timestamp,media_url,\
thumbnail_url,children{id,media_type,media_url,thumbnail_url}";

/// `GET /{ig-user}/media`: the newest first, 100 at the most, back to the 10,000th. Stories are on
/// another edge, for a day.
#[derive(Clone, Debug)]
pub struct InstagramMedia {
    /// The page that the account is linked to, which speaks.
    pub page: String,
    /// The account.
    pub account: String,
    /// Only what was published at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Only what was published at this time or earlier.
    pub until: Option<DateTime<Utc>>,
    /// How many at the most.
    pub limit: u32,
    /// Where to go on.
    pub from: Option<Continuation>,
}

impl Endpoint for InstagramMedia {
    const OPERATION: Operation = Operation::read("instagram_user/media");
    type Response = List<Medium>;

    fn request(&self) -> Result<Request> {
        Route::get(&[&self.account, "media"])
            .by_page(&self.page)
            .with("fields", FIELDS)
            .at("since", self.since)
            .at("until", self.until)
            .with("limit", self.limit)
            .from(self.from.as_ref())
            .request()
    }

    fn parse(&self, response: &Response) -> Result<List<Medium>> {
        List::read(response)
    }
}

/// A picture, a film, an album, or a part of an album.
#[derive(Clone, Debug, Deserialize)]
pub struct Medium {
    /// Its id.
    pub id: String,
    /// What it says.
    #[serde(default)]
    pub caption: Option<String>,
    /// `IMAGE`, `VIDEO` or `CAROUSEL_ALBUM`.
    #[serde(default)]
    pub media_type: Option<String>,
    /// Where it is shown: `FEED`, `REELS`, `STORY` or `AD`.
    #[serde(default)]
    pub media_product_type: Option<String>,
    /// Where people see it.
    #[serde(default)]
    pub permalink: Option<String>,
    /// When it was published.
    #[serde(default, deserialize_with = "time::maybe")]
    pub timestamp: Option<DateTime<Utc>>,
    /// The picture or the film; the address proves itself for a while. Absent where a right to it is
    /// disputed.
    #[serde(default)]
    pub media_url: Option<String>,
    /// A film's picture; the address proves itself for a while.
    #[serde(default)]
    pub thumbnail_url: Option<String>,
    /// The parts of an album.
    #[serde(default)]
    pub children: Option<Children>,
    /// Whose it is; only where it is asked for by its id.
    #[serde(default)]
    pub owner: Option<Owner>,
}

/// The parts of an album.
#[derive(Clone, Debug, Deserialize)]
pub struct Children {
    /// In order.
    #[serde(default)]
    pub data: Vec<Medium>,
}

/// Whose something on Instagram is.
#[derive(Clone, Debug, Deserialize)]
pub struct Owner {
    /// The account's id.
    pub id: String,
}

/// `GET /{ig-media}`: one of them.
#[derive(Clone, Debug)]
pub struct GetMedium {
    /// Its id.
    pub id: String,
}

impl Endpoint for GetMedium {
    const OPERATION: Operation = Operation::read("instagram_media");
    type Response = super::Entry<Medium>;

    fn request(&self) -> Result<Request> {
        Route::get(&[&self.id])
            .with("fields", format!("{FIELDS},owner{{id}}"))
            .request()
    }
}

/// `GET /{ig-media}/insights` over its life. Which numbers there are depends on what it is; one that it
/// doesn't have fails the request.
///
/// Numbers lag by up to two days, are kept for two years, and are absent rather than zero where there
/// are none (developers.facebook.com, "Instagram media insights", read in November 2026).
#[derive(Clone, Debug)]
pub struct MediumInsights {
    /// The page that the account is linked to, which speaks.
    pub page: String,
    /// What they are numbers of.
    pub id: String,
    /// Which numbers.
    pub metrics: Vec<String>,
}

impl Endpoint for MediumInsights {
    const OPERATION: Operation = Operation::read("instagram_media/insights");
    type Response = List<Insight>;

    fn request(&self) -> Result<Request> {
        Route::get(&[&self.id, "insights"])
            .by_page(&self.page)
            .with("metric", self.metrics.join(","))
            .request()
    }

    fn parse(&self, response: &Response) -> Result<List<Insight>> {
        List::read(response)
    }
}
