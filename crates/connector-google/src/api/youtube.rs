//! `YouTube` Data API v3, and Analytics API v2.
//!
//! A project has 10,000 units of the Data API a day, for all its users; each of these lists costs one.

use chrono::{DateTime, NaiveDate, Utc};
use connector_core::{Endpoint, Entry, Operation, Request, Result};
use serde::Deserialize;

use super::route::Route;

const HOST: &str = "youtube.googleapis.com";

/// `channels.list` of the user's own channels.
#[derive(Clone, Debug, Default)]
pub struct ListChannels {
    /// The page; the first where there is none.
    pub page_token: Option<String>,
}

impl Endpoint for ListChannels {
    const OPERATION: Operation = Operation::read("youtube.channels.list");
    type Response = ChannelPage;

    fn request(&self) -> Result<Request> {
        Route::get(HOST, &["youtube", "v3", "channels"])
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
    /// What is in it.
    pub content_details: ChannelContent,
}

/// What is in a channel.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChannelContent {
    /// Its lists.
    pub related_playlists: RelatedPlaylists,
}

/// A channel's lists.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RelatedPlaylists {
    /// The list of all that was uploaded.
    pub uploads: Option<String>,
}

/// What is shown of a channel.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChannelSnippet {
    /// Its name.
    pub title: Option<String>,
}

/// `playlistItems.list`: what is in a list, fifty to a page at the most; of uploads the newest first.
#[derive(Clone, Debug)]
pub struct ListPlaylistItems {
    /// The list.
    pub playlist: String,
    /// The page; the first where there is none.
    pub page_token: Option<String>,
}

impl Endpoint for ListPlaylistItems {
    const OPERATION: Operation = Operation::read("youtube.playlistItems.list");
    type Response = PlaylistPage;

    fn request(&self) -> Result<Request> {
        Route::get(HOST, &["youtube", "v3", "playlistItems"])
            .with("part", "contentDetails")
            .with("playlistId", &self.playlist)
            .with("maxResults", 50)
            .maybe("pageToken", self.page_token.as_deref())
            .request()
    }
}

/// A page of a list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PlaylistPage {
    /// What is in it.
    pub items: Vec<PlaylistItem>,
    /// The next page's token.
    pub next_page_token: Option<String>,
}

/// One place in a list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PlaylistItem {
    /// What is there.
    pub content_details: PlaylistVideo,
}

/// The video in one place of a list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PlaylistVideo {
    /// Its id.
    pub video_id: Option<String>,
}

/// `videos.list` by ids, fifty at the most. What there isn't is left out.
#[derive(Clone, Debug)]
pub struct ListVideos {
    /// The ids.
    pub ids: Vec<String>,
}

impl Endpoint for ListVideos {
    const OPERATION: Operation = Operation::read("youtube.videos.list");
    type Response = VideoPage;

    fn request(&self) -> Result<Request> {
        Route::get(HOST, &["youtube", "v3", "videos"])
            .with("part", "snippet,status")
            .with("id", self.ids.join(","))
            .request()
    }
}

/// Videos.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct VideoPage {
    /// The videos.
    pub items: Vec<Entry<Video>>,
}

/// A video.
#[derive(Clone, Debug, Deserialize)]
pub struct Video {
    /// Its id.
    pub id: String,
    /// `youtube#video`.
    #[serde(default)]
    pub kind: Option<String>,
    /// What is shown of it.
    #[serde(default)]
    pub snippet: VideoSnippet,
    /// Who may see it.
    #[serde(default)]
    pub status: VideoStatus,
}

/// What is shown of a video.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VideoSnippet {
    /// Its title.
    pub title: Option<String>,
    /// What is written about it.
    pub description: Option<String>,
    /// The channel.
    pub channel_id: Option<String>,
    /// When it was published; when it was uploaded, of one that is private.
    pub published_at: Option<DateTime<Utc>>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its pictures.
    pub thumbnails: Thumbnails,
}

/// The pictures of a video, by size; the larger ones are not always there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Thumbnails {
    /// 1280 by 720.
    pub maxres: Option<Thumbnail>,
    /// 640 by 480.
    pub standard: Option<Thumbnail>,
    /// 480 by 360.
    pub high: Option<Thumbnail>,
    /// 320 by 180.
    pub medium: Option<Thumbnail>,
    /// 120 by 90.
    pub default: Option<Thumbnail>,
}

/// A picture of a video.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Thumbnail {
    /// Where it is.
    pub url: Option<String>,
}

/// Who may see a video.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VideoStatus {
    /// `public`, `unlisted` or `private`.
    pub privacy_status: Option<String>,
}

/// `reports.query` of Analytics v2: the most viewed videos of one day.
///
/// A day is one in California. The answer has no rows for a day on which one of the metrics doesn't
/// exist yet. A report by video and day is not to be had, and one by video has 200 rows at the most.
#[derive(Clone, Debug)]
pub struct QueryVideos {
    /// The channel.
    pub channel: String,
    /// The day.
    pub day: NaiveDate,
    /// What to count.
    pub metrics: Vec<&'static str>,
}

/// How many videos a report names.
pub const MOST_VIDEOS: usize = 200;

impl Endpoint for QueryVideos {
    const OPERATION: Operation = Operation::read("youtubeAnalytics.reports.query");
    type Response = ResultTable;

    fn request(&self) -> Result<Request> {
        Route::get("youtubeanalytics.googleapis.com", &["v2", "reports"])
            .with("ids", format!("channel=={}", self.channel))
            .with("startDate", self.day)
            .with("endDate", self.day)
            .with("dimensions", "video")
            .with("metrics", self.metrics.join(","))
            .with("sort", "-views")
            .with("maxResults", MOST_VIDEOS)
            .request()
    }
}

/// A report.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResultTable {
    /// What the columns are.
    pub column_headers: Vec<ColumnHeader>,
    /// The rows: texts and numbers, in the order of the columns.
    pub rows: Vec<Entry<Vec<serde_json::Value>>>,
}

/// What a column is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ColumnHeader {
    /// The dimension's or metric's name.
    pub name: String,
}
