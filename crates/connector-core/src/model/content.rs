//! What a merchant publishes.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Something that a merchant published, or keeps to publish: a post, a video, a pin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// What it is.
    pub kind: ContentKind,
    /// The platform's own word for what it is.
    pub platform_kind: Option<String>,
    /// Its title, where it has one.
    pub title: Option<String>,
    /// Its text: a caption, a message, a description.
    pub text: Option<String>,
    /// Where people see it.
    pub url: Option<String>,
    /// A picture of it, without what an address carries to prove itself for a while.
    pub image_url: Option<String>,
    /// Where it leads to.
    pub link_url: Option<String>,
    /// What it belongs to: the board of a pin, the channel of a video, the page of a post.
    pub parent_external_id: Option<String>,
    /// Whether the public sees it, where the platform says so.
    pub public: Option<bool>,
    /// Its tags.
    pub tags: Vec<String>,
    /// When people could first see it.
    pub published_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: Option<DateTime<Utc>>,
}

/// What a piece of content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ContentKind {
    /// Words, with or without a picture.
    Post,
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A short, upright film.
    Reel,
    /// Gone after a day.
    Story,
    /// Several pictures or films in a row.
    Carousel,
    /// A pin.
    Pin,
    /// A board of pins.
    Board,
    /// The platform says something else.
    Unknown,
}
