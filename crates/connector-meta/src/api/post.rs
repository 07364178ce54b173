//! What a page published, and the numbers of it.

use chrono::{DateTime, Utc};
use connector_core::{Endpoint, Operation, Request, Response, Result};
use serde::Deserialize;

use super::insights::Insight;
use super::list::{Continuation, List};
use super::route::Route;
use super::time;

const FIELDS: &str = "id,message,story,created_time,updated_time,permalink_url,status_type,full_picture,\
is_hidden,is_published,shares,attachments{media_type,unshimmed_url}";

/// `GET /{page}/published_posts`: the newest first, 100 at the most, by when they were made.
#[derive(Clone, Debug)]
pub struct PublishedPosts {
    /// The page, which also speaks.
    pub page: String,
    /// Only what was made at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Only what was made at this time or earlier.
    pub until: Option<DateTime<Utc>>,
    /// How many at the most.
    pub limit: u32,
    /// Where to go on.
    pub from: Option<Continuation>,
}

/// A post.
#[derive(Clone, Debug, Deserialize)]
pub struct Post {
    /// `PAGE_POST`.
    pub id: String,
    /// What it says.
    #[serde(default)]
    pub message: Option<String>,
    /// What Facebook says of it, where it has no words of its own.
    #[serde(default)]
    pub story: Option<String>,
    /// When it was made.
    #[serde(default, deserialize_with = "time::maybe")]
    pub created_time: Option<DateTime<Utc>>,
    /// When it last changed, comments included.
    #[serde(default, deserialize_with = "time::maybe")]
    pub updated_time: Option<DateTime<Utc>>,
    /// Where people see it.
    #[serde(default)]
    pub permalink_url: Option<String>,
    /// `added_photos`, `added_video`, `shared_story` and others.
    #[serde(default)]
    pub status_type: Option<String>,
    /// A picture; the address proves itself for a while.
    #[serde(default)]
    pub full_picture: Option<String>,
    /// Whether the page hides it.
    #[serde(default)]
    pub is_hidden: Option<bool>,
    /// Whether it is published.
    #[serde(default)]
    pub is_published: Option<bool>,
    /// How often it was passed on.
    #[serde(default)]
    pub shares: Option<Shares>,
    /// What hangs on it.
    #[serde(default)]
    pub attachments: Option<Attachments>,
}

/// How often something was passed on.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Shares {
    /// The number.
    #[serde(default)]
    pub count: Option<i64>,
}

/// What hangs on a post.
#[derive(Clone, Debug, Deserialize)]
pub struct Attachments {
    /// In order.
    #[serde(default)]
    pub data: Vec<Attachment>,
}

/// A picture, a film, a link.
#[derive(Clone, Debug, Deserialize)]
pub struct Attachment {
    /// `photo`, `video`, `album`, `link` and others.
    #[serde(default)]
    pub media_type: Option<String>,
    /// The address without Facebook's detour.
    #[serde(default)]
    pub unshimmed_url: Option<String>,
}

impl PublishedPosts {
    fn route(&self) -> Route {
        Route::get(&[&self.page, "published_posts"])
            .by_page(&self.page)
            .at("since", self.since)
            .at("until", self.until)
            .with("limit", self.limit)
            .from(self.from.as_ref())
    }
}

impl Endpoint for PublishedPosts {
    const OPERATION: Operation = Operation::read("page/published_posts");
    type Response = List<Post>;

    fn request(&self) -> Result<Request> {
        self.route().with("fields", FIELDS).request()
    }

    fn parse(&self, response: &Response) -> Result<List<Post>> {
        List::read(response)
    }
}

/// The same list with the numbers of each post over its life: one request for many posts.
#[derive(Clone, Debug)]
pub struct PostMetrics {
    /// Which posts.
    pub posts: PublishedPosts,
    /// Which numbers. One that Meta doesn't know fails the request.
    pub metrics: Vec<String>,
}

/// A post with its numbers.
#[derive(Clone, Debug, Deserialize)]
pub struct PostWithMetrics {
    /// `PAGE_POST`.
    pub id: String,
    /// The numbers; absent where Meta has none.
    #[serde(default)]
    pub insights: Option<Insights>,
}

/// A list of numbers within something else.
#[derive(Clone, Debug, Deserialize)]
pub struct Insights {
    /// The numbers.
    #[serde(default)]
    pub data: Vec<Insight>,
}

impl Endpoint for PostMetrics {
    const OPERATION: Operation = Operation::read("post/insights");
    type Response = List<PostWithMetrics>;

    fn request(&self) -> Result<Request> {
        let metrics = self.metrics.join(",");
        let insights = format!("insights.metric({metrics}).period(lifetime)");
        let fields = format!("id,created_time,{insights}");
        self.posts.route().with("fields", fields).request()
    }

    fn parse(&self, response: &Response) -> Result<List<PostWithMetrics>> {
        List::read(response)
    }
}

/// `GET /{post}`: one post.
#[derive(Clone, Debug)]
pub struct GetPost {
    /// The page, which speaks.
    pub page: String,
    /// `PAGE_POST`.
    pub id: String,
}

impl Endpoint for GetPost {
    const OPERATION: Operation = Operation::read("post");
    type Response = super::Entry<Post>;

    fn request(&self) -> Result<Request> {
        Route::get(&[&self.id])
            .by_page(&self.page)
            .with("fields", FIELDS)
            .request()
    }
}
