//! `YouTube`: the Data API v3 (the channel, its uploads, its videos) and the Analytics API v2.
//!
//! A project has 10,000 units a day, Pacific days; a search costs 100 of them, any other list 1.

mod reports;

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::platform::Call;
use crate::world::World;

use super::params::{PACIFIC, page, put, query_number, today};
use super::refusal::{Outcome, Refusal};

pub(super) use reports::report;

/// How many units a project has in a day.
const UNITS: u64 = 10_000;

/// One video.
#[derive(Clone, Debug)]
pub(super) struct Video {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) published: DateTime<Utc>,
    /// As ISO 8601 says it: `PT3M12S`.
    pub(super) duration: String,
    /// `public`, `unlisted` or `private`.
    pub(super) privacy: &'static str,
    pub(super) tags: Vec<String>,
    /// Whether people see how often it was liked, and may comment.
    pub(super) rated: bool,
    /// Views on a typical day.
    pub(super) weight: u64,
}

/// A user's channel, if there is one.
#[derive(Debug, Default)]
pub(super) struct YouTube {
    pub(super) channel: Option<String>,
    pub(super) title: String,
    pub(super) videos: BTreeMap<String, Video>,
    /// The quota day, and the units that are used.
    used: (String, u64),
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn etag(text: &str) -> String {
    hex::encode(Sha256::digest(text)).chars().take(27).collect()
}

/// The parts that are asked for; naming none is refused.
fn parts<'c>(call: &'c Call<'_>) -> Outcome<Vec<&'c str>> {
    let parts: Vec<&str> = call
        .query_all("part")
        .flat_map(|part| part.split(','))
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    if parts.is_empty() {
        return Err(Refusal::parameter(
            "missingRequiredParameter",
            "part",
            "No part selected. One or more values of the part parameter are required.",
        )
        .in_domain("youtube.part"));
    }
    Ok(parts)
}

fn no_filter() -> Refusal {
    Refusal::parameter(
        "missingRequiredParameter",
        "parameters.",
        "No filter selected. Expected one of the filter parameters.",
    )
    .in_domain("youtube.parameter")
}

impl YouTube {
    /// Leaves no unit for today.
    pub(super) fn drain(&mut self, now: DateTime<Utc>) {
        self.used = (today(PACIFIC, now).to_string(), UNITS);
    }

    fn charge(&mut self, units: u64, now: DateTime<Utc>) -> Outcome<()> {
        let day = today(PACIFIC, now).to_string();
        if self.used.0 != day {
            self.used = (day, 0);
        }
        if self.used.1 + units > UNITS {
            let words = "The request cannot be completed because you have exceeded your quota.";
            return Err(Refusal::legacy_limit("quotaExceeded", words).in_domain("youtube.quota"));
        }
        self.used.1 += units;
        Ok(())
    }

    fn uploads(&self) -> Option<String> {
        let channel = self.channel.as_ref()?;
        Some(format!("UU{}", channel.strip_prefix("UC")?))
    }

    /// Answers the Data API.
    pub(super) fn answer(&mut self, call: &Call<'_>, world: &World) -> Outcome<Value> {
        let list = call.path.strip_prefix("/youtube/v3/").unwrap_or_default();
        if call.method != http::Method::GET {
            return Err(Refusal::not_found("Not Found"));
        }
        self.charge(if list == "search" { 100 } else { 1 }, call.now)?;
        let parts = parts(call)?;
        match list {
            "channels" => self.channels(call, &parts, world),
            "playlistItems" => self.playlist_items(call, &parts),
            "videos" => self.list_videos(call, &parts, world),
            "search" => self.search(call),
            _ => Err(Refusal::not_found("Not Found")),
        }
    }

    fn channels(&self, call: &Call<'_>, parts: &[&str], world: &World) -> Outcome<Value> {
        let mine = call.query("mine") == Some("true");
        let ids: Vec<&str> = call.query_all("id").flat_map(|id| id.split(',')).collect();
        if !mine && ids.is_empty() {
            return Err(no_filter());
        }
        let chosen = self
            .channel
            .iter()
            .filter(|id| mine || ids.contains(&id.as_str()))
            .map(|id| self.channel_json(id, parts, world));
        envelope(
            "youtube#channelListResponse",
            "channels",
            call,
            chosen.collect(),
        )
    }

    fn channel_json(&self, id: &str, parts: &[&str], world: &World) -> Value {
        let mut channel = json!({"kind": "youtube#channel", "etag": etag(id), "id": id});
        let opened = self.videos.values().map(|video| video.published).min();
        let opened = opened.unwrap_or(DateTime::UNIX_EPOCH);
        for part in parts {
            let value = match *part {
                "snippet" => json!({
                    "title": self.title, "description": "Lys, kjoler og fotografi.",
                    "customUrl": "@sandkassestudio", "publishedAt": stamp(opened),
                    "thumbnails": thumbnails(id), "country": "DK",
                    "localized": {"title": self.title, "description": "Lys, kjoler og fotografi."},
                }),
                "contentDetails" => json!({
                    "relatedPlaylists": {"likes": "LL", "uploads": self.uploads()},
                }),
                "statistics" => {
                    let views: u64 = self
                        .videos
                        .iter()
                        .map(|(id, video)| reports::lifetime(id, video, world).views)
                        .sum();
                    json!({
                        "viewCount": views.to_string(), "subscriberCount": "1240",
                        "hiddenSubscriberCount": false,
                        "videoCount": self.public().count().to_string(),
                    })
                }
                "status" => json!({"privacyStatus": "public", "isLinked": true}),
                _ => continue,
            };
            put(&mut channel, part, Some(value));
        }
        channel
    }

    fn public(&self) -> impl Iterator<Item = (&String, &Video)> {
        self.videos
            .iter()
            .filter(|(_, video)| video.privacy == "public")
    }

    /// The videos, the newest first.
    fn newest(&self) -> Vec<(&String, &Video)> {
        let mut videos: Vec<_> = self.videos.iter().collect();
        videos.sort_by(|one, two| (two.1.published, two.0).cmp(&(one.1.published, one.0)));
        videos
    }

    fn playlist_items(&self, call: &Call<'_>, parts: &[&str]) -> Outcome<Value> {
        let playlist = call.query("playlistId").ok_or_else(no_filter)?;
        if self.uploads().as_deref() != Some(playlist) {
            return Err(Refusal::not_found(
                "The playlist identified with the request's playlistId parameter cannot be found.",
            )
            .because("playlistNotFound")
            .in_domain("youtube.playlistItem"));
        }
        let items = self.newest().into_iter().enumerate();
        let items = items.map(|(position, (id, video))| {
            let own = format!("UE{}", etag(&format!("{playlist} {id}")));
            let mut item = json!({"kind": "youtube#playlistItem", "etag": etag(&own), "id": own});
            for part in parts {
                let value = match *part {
                    "snippet" => json!({
                        "publishedAt": stamp(video.published), "channelId": self.channel,
                        "title": video.title, "description": video.description,
                        "thumbnails": thumbnails(id), "channelTitle": self.title,
                        "playlistId": playlist, "position": position,
                        "resourceId": {"kind": "youtube#video", "videoId": id},
                        "videoOwnerChannelTitle": self.title, "videoOwnerChannelId": self.channel,
                    }),
                    "contentDetails" => json!({
                        "videoId": id, "videoPublishedAt": stamp(video.published),
                    }),
                    "status" => json!({"privacyStatus": video.privacy}),
                    _ => continue,
                };
                put(&mut item, part, Some(value));
            }
            item
        });
        envelope(
            "youtube#playlistItemListResponse",
            playlist,
            call,
            items.collect(),
        )
    }

    fn list_videos(&self, call: &Call<'_>, parts: &[&str], world: &World) -> Outcome<Value> {
        let ids: Vec<&str> = call.query_all("id").flat_map(|id| id.split(',')).collect();
        if ids.is_empty() {
            return Err(no_filter());
        }
        if ids.len() > 50 {
            return Err(Refusal::parameter(
                "invalidFilters",
                "id",
                "The request specifies more than 50 ids.",
            ));
        }
        // What there isn't is left out; `maxResults` doesn't go with ids.
        let items: Vec<Value> = ids
            .iter()
            .filter_map(|id| Some((id, self.videos.get(*id)?)))
            .map(|(id, video)| self.video_json(id, video, parts, world))
            .collect();
        let count = items.len();
        let mut body = json!({
            "kind": "youtube#videoListResponse", "etag": etag(&ids.join(",")),
            "pageInfo": {"totalResults": count, "resultsPerPage": count},
        });
        put(&mut body, "items", Some(items));
        Ok(body)
    }

    fn video_json(&self, id: &str, video: &Video, parts: &[&str], world: &World) -> Value {
        let mut shown = json!({"kind": "youtube#video", "etag": etag(id), "id": id});
        for part in parts {
            let value = match *part {
                "snippet" => {
                    let mut snippet = json!({
                        "publishedAt": stamp(video.published), "channelId": self.channel,
                        "title": video.title, "description": video.description,
                        "thumbnails": thumbnails(id), "channelTitle": self.title,
                        "categoryId": "22", "liveBroadcastContent": "none",
                        "localized": {"title": video.title, "description": video.description},
                    });
                    let tags = (!video.tags.is_empty()).then(|| video.tags.clone());
                    put(&mut snippet, "tags", tags);
                    snippet
                }
                "contentDetails" => json!({
                    "duration": video.duration, "dimension": "2d", "definition": "hd",
                    "caption": "false", "licensedContent": true, "projection": "rectangular",
                    "contentRating": {},
                }),
                "status" => json!({
                    "uploadStatus": "processed", "privacyStatus": video.privacy,
                    "license": "youtube", "embeddable": true, "publicStatsViewable": true,
                    "madeForKids": false,
                }),
                "statistics" => {
                    let total = reports::lifetime(id, video, world);
                    let mut counts = json!({
                        "viewCount": total.views.to_string(), "favoriteCount": "0",
                    });
                    let likes = video.rated.then(|| total.likes.to_string());
                    put(&mut counts, "likeCount", likes);
                    let comments = video.rated.then(|| total.comments.to_string());
                    put(&mut counts, "commentCount", comments);
                    counts
                }
                _ => continue,
            };
            put(&mut shown, part, Some(value));
        }
        shown
    }

    fn search(&self, call: &Call<'_>) -> Outcome<Value> {
        let mine = call.query("forMine") == Some("true");
        if mine && call.query("type") != Some("video") {
            return Err(Refusal::parameter(
                "invalidSearchFilter",
                "type",
                "forMine needs the type to be video.",
            )
            .in_domain("youtube.search"));
        }
        let channel = call.query("channelId");
        let own = mine || (channel.is_some() && channel == self.channel.as_deref());
        let words = call.query("q").unwrap_or_default().to_lowercase();
        let found = self.newest().into_iter().filter(|(_, video)| {
            own && (mine || video.privacy == "public")
                && video.title.to_lowercase().contains(&words)
        });
        let items = found.map(|(id, video)| {
            json!({
                "kind": "youtube#searchResult", "etag": etag(id),
                "id": {"kind": "youtube#video", "videoId": id},
                "snippet": {
                    "publishedAt": stamp(video.published), "channelId": self.channel,
                    "title": video.title, "description": video.description,
                    "thumbnails": thumbnails(id), "channelTitle": self.title,
                    "liveBroadcastContent": "none",
                },
            })
        });
        let list = format!("search {mine} {channel:?} {words}");
        envelope("youtube#searchListResponse", &list, call, items.collect())
    }
}

fn thumbnails(id: &str) -> Value {
    let size = |name: &str, width: u32, height: u32| {
        json!({"url": format!("https://i.ytimg.com/vi/{id}/{name}.jpg"),
               "width": width, "height": height})
    };
    json!({
        "default": size("default", 120, 90), "medium": size("mqdefault", 320, 180),
        "high": size("hqdefault", 480, 360),
    })
}

/// One page of a list; `items` is absent when there are none at all.
fn envelope(kind: &str, list: &str, call: &Call<'_>, items: Vec<Value>) -> Outcome<Value> {
    let size = match query_number(call, "maxResults")? {
        None => 5,
        Some(asked @ 0..=50) => usize::try_from(asked.max(1)).unwrap_or(1),
        Some(asked) => {
            return Err(Refusal::parameter(
                "invalidParameter",
                "maxResults",
                format!("Invalid value '{asked}'. Values must be within the range: [0, 50]"),
            ));
        }
    };
    let total = items.len();
    let page = page(
        &format!("{kind} {list}"),
        items,
        call.query("pageToken"),
        size,
    )?;
    let mut body = json!({
        "kind": kind, "etag": etag(&format!("{kind} {list} {total}")),
        "pageInfo": {"totalResults": total, "resultsPerPage": size},
    });
    put(&mut body, "nextPageToken", page.next);
    put(&mut body, "items", (total > 0).then_some(page.items));
    Ok(body)
}
