//! Videos of each channel, by its list of uploads, the newest first: a run stops at what it knows.
//!
//! A change of an older video, and its deletion, shows only where all of them are read, which is once a
//! week: `YouTube`'s terms want what is stored refreshed within thirty days, and a page costs two of the
//! 10,000 units that a project has a day for all its users.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{Batch, Checkpoint, Error, ErrorKind, Next, PageStream, Record, Result};
use serde::{Deserialize, Serialize};

use super::{Reader, is_of_one_source, left_out};
use crate::api::{ListPlaylistItems, ListVideos, PlaylistPage};
use crate::map::{self, Mapped};
use crate::service::Service;
use crate::sources;

/// The form of [`Cursor`].
const VERSION: u16 = 1;

/// After how long all videos are read again.
const WHOLE_AFTER: TimeDelta = TimeDelta::days(7);

/// Where all channels stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    channels: BTreeMap<String, Known>,
    pass: Option<Pass>,
}

/// What is known of a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    /// Its videos.
    videos: BTreeSet<String>,
    /// When all of them were read.
    whole: DateTime<Utc>,
}

/// One pass over all channels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Pass {
    begun: DateTime<Utc>,
    /// The channels that are left. The first is being read.
    left: Vec<Channel>,
    /// How that one is read; `None` before its first page.
    reading: Option<Reading>,
    /// How many channels were read.
    done: u32,
}

/// One channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Channel {
    id: String,
    /// The list of its uploads; `None` where there is none.
    uploads: Option<String>,
}

/// How a channel is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Reading {
    /// The page to read next; the first where there is none.
    page: Option<String>,
    /// Whether all of it is read.
    whole: bool,
    /// The videos that came.
    seen: BTreeSet<String>,
}

/// What a page of a list leads to.
struct Uploads {
    ids: Vec<String>,
    next: Option<String>,
}

impl Pass {
    fn next_channel(&mut self) {
        self.left = self.left.split_off(self.left.len().min(1));
        self.reading = None;
    }
}

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

/// One video; `None` where there is none with this id.
pub(super) async fn one(reader: &Reader, id: &str) -> Result<Option<Mapped>> {
    let mapped = read(reader, vec![id.to_owned()]).await?;
    Ok(mapped.into_iter().next())
}

async fn page(reader: &Reader, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    let mut notes = Vec::new();
    let mut pass = match cursor.pass.take() {
        Some(pass) => pass,
        None => Pass {
            begun: reader.session.now(),
            left: channels(reader, &mut notes).await?,
            reading: None,
            done: 0,
        },
    };
    let Some(channel) = pass.left.first().cloned() else {
        notes.push(
            "There is nothing to read on YouTube: nothing was chosen, or nothing is there."
                .to_owned(),
        );
        let mut batch = Batch::new(Vec::new(), cursor, Next::Done);
        batch.notes = notes;
        return Ok(batch);
    };
    let known = cursor.channels.get(&channel.id);
    let mut reading = pass.reading.take().unwrap_or_default();
    let uploads = match uploads(reader, &channel, reading.page.as_deref()).await {
        Err(error) if is_of_one_source(&error) => {
            pass.next_channel();
            if pass.left.is_empty() && pass.done == 0 {
                return Err(error);
            }
            notes.push(left_out(&channel.id, &error));
            return Ok(batch(Vec::new(), cursor, pass, notes));
        }
        answer => answer?,
    };
    if reading.page.is_none() {
        reading.whole = known.is_none_or(|known| pass.begun - known.whole >= WHOLE_AFTER);
    }
    let ids: Vec<String> = uploads
        .ids
        .into_iter()
        .filter(|id| reading.seen.insert(id.clone()))
        .collect();
    // The newest come first, so that what is known is followed by what is known.
    let reached =
        !reading.whole && known.is_some_and(|known| ids.iter().all(|id| known.videos.contains(id)));
    let mut mapped = read(reader, ids).await?;
    reading.page = uploads.next.filter(|_| !reached);
    if reading.page.is_some() {
        pass.reading = Some(reading);
        return Ok(batch(mapped, cursor, pass, notes));
    }
    let known = cursor.channels.remove(&channel.id);
    let (known, gone) = settled(known, reading, pass.begun);
    mapped.extend(gone.into_iter().map(|id| Ok(Record::gone(id))));
    cursor.channels.insert(channel.id, known);
    pass.done += 1;
    pass.next_channel();
    Ok(batch(mapped, cursor, pass, notes))
}

/// The channels to read: those of the account that were chosen.
async fn channels(reader: &Reader, notes: &mut Vec<String>) -> Result<Vec<Channel>> {
    let mut named = sources::named(&reader.session, Service::Youtube)?;
    let mut found = Vec::new();
    for channel in sources::channels(&reader.session).await? {
        if let Some(named) = &mut named {
            let count = named.len();
            named.retain(|id| *id != channel.id);
            if named.len() == count {
                continue;
            }
        }
        found.push(Channel {
            id: channel.id,
            uploads: map::text(channel.content_details.related_playlists.uploads),
        });
    }
    for id in named.unwrap_or_default() {
        let error = Error::new(ErrorKind::NotFound, "the account has no such channel");
        if found.is_empty() {
            return Err(error.with("channel", id));
        }
        notes.push(left_out(&id, &error));
    }
    Ok(found)
}

/// A page of a channel's uploads.
async fn uploads(reader: &Reader, channel: &Channel, page: Option<&str>) -> Result<Uploads> {
    let nothing = Uploads {
        ids: Vec::new(),
        next: None,
    };
    let Some(playlist) = channel.uploads.clone() else {
        return Ok(nothing);
    };
    let ask = ListPlaylistItems {
        playlist,
        page_token: page.map(str::to_owned),
    };
    match reader.session.call(&ask).await {
        Ok(answer) => Ok(Uploads {
            next: next_token(&answer, page)?,
            ids: answer
                .items
                .into_iter()
                .filter_map(|item| item.content_details.video_id)
                .collect(),
        }),
        // A channel that never had a video has the list's name, and no list.
        Err(error) if error.kind() == ErrorKind::NotFound && page.is_none() => Ok(nothing),
        Err(error) => Err(error),
    }
}

/// Videos by their ids.
async fn read(reader: &Reader, ids: Vec<String>) -> Result<Vec<Mapped>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = reader.session.call(&ListVideos { ids }).await?.items;
    Ok(found
        .into_iter()
        .map(|video| video.map(map::IDS, reader.keep_raw, map::video))
        .collect())
}

/// What is known of a channel that was read, and which of its videos are gone.
fn settled(
    before: Option<Known>,
    reading: Reading,
    now: DateTime<Utc>,
) -> (Known, BTreeSet<String>) {
    match before {
        Some(mut known) if !reading.whole => {
            known.videos.extend(reading.seen);
            (known, BTreeSet::new())
        }
        before => {
            let before = before.map(|known| known.videos).unwrap_or_default();
            let gone = before.difference(&reading.seen).cloned().collect();
            let known = Known {
                videos: reading.seen,
                whole: now,
            };
            (known, gone)
        }
    }
}

/// The token of the next page. One that is the token of this page leads round in a circle.
fn next_token(answer: &PlaylistPage, asked: Option<&str>) -> Result<Option<String>> {
    let token = answer.next_page_token.clone().filter(|it| !it.is_empty());
    if token.is_some() && token.as_deref() == asked {
        return Err(Error::contract("Google gives the same page again"));
    }
    Ok(token)
}

/// The batch with the pass in its cursor, as long as there is one.
fn batch(mapped: Vec<Mapped>, mut cursor: Cursor, pass: Pass, notes: Vec<String>) -> Batch<Cursor> {
    let next = if pass.left.is_empty() {
        Next::Done
    } else {
        cursor.pass = Some(pass);
        Next::More
    };
    let mut batch = Batch::mapped(mapped, cursor, next);
    batch.notes = notes;
    batch
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(day)
    }

    fn reading(whole: bool, seen: &[&str]) -> Reading {
        Reading {
            page: None,
            whole,
            seen: seen.iter().map(|id| (*id).to_owned()).collect(),
        }
    }

    #[test]
    fn only_a_complete_read_tells_what_is_gone() {
        let (known, gone) = settled(None, reading(true, &["a", "b"]), at(1));
        assert!(gone.is_empty());
        let (known, gone) = settled(Some(known), reading(false, &["c"]), at(2));
        assert_eq!((known.videos.len(), known.whole, gone.len()), (3, at(1), 0));
        let (known, gone) = settled(Some(known), reading(true, &["c", "a"]), at(8));
        assert_eq!((known.videos.len(), known.whole), (2, at(8)));
        assert_eq!(gone.into_iter().collect::<Vec<_>>(), ["b"]);
    }
}
