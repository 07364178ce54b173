//! A bulk operation's file: one object per line, children after their parent.
//!
//! The file is read as it arrives and handed on in groups of a parent and its children. A position
//! is always the start of a parent's line, so a reading that was cut goes on with a `Range` request
//! from there.

use bytes::{Buf as _, Bytes, BytesMut};
use connector_core::{Error, ErrorKind, Result, Session, endpoint};
use futures::StreamExt as _;
use futures::stream::BoxStream;
use http::header::{ACCEPT_ENCODING, CONTENT_RANGE, RANGE};
use http::{HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};

use super::group::Group;
use crate::api::BULK_FILE;
use crate::credential::ShopifyCredential;

/// The longest line that is read. Shopify's objects are some kilobytes.
const LONGEST_LINE: usize = 32 * 1024 * 1024;

/// What tells a child's line from a parent's. In a text the quotes would be escaped.
const PARENT_KEY: &str = "\"__parentId\":";

/// How far a file was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    /// Bytes.
    pub(super) offset: u64,
    /// Lines.
    pub(super) objects: u64,
    /// Lines without a parent.
    pub(super) roots: u64,
}

/// A file that is being read.
pub(super) struct BulkFile {
    body: BoxStream<'static, Result<Bytes>>,
    buffer: BytesMut,
    /// How much of the buffer is known to hold no line's end.
    searched: usize,
    /// What is still to be passed over, where the host doesn't know `Range`.
    skip: u64,
    at: Position,
    /// The parent that begins the next page, read to see that the one before is complete.
    ahead: Option<Line>,
}

struct Line {
    text: Bytes,
    /// With its line feed.
    length: u64,
}

impl BulkFile {
    /// Opens the file at a position.
    pub(super) async fn open(
        session: &Session<ShopifyCredential>,
        url: &str,
        at: Position,
    ) -> Result<Self> {
        let mut request = endpoint::get(url)?;
        // A compressed body would make byte positions those of something else.
        request
            .headers_mut()
            .insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if at.offset > 0 {
            let range = HeaderValue::from_str(&format!("bytes={}-", at.offset))
                .map_err(|cause| Error::contract("this is no range").with_source(cause))?;
            request.headers_mut().insert(RANGE, range);
        }
        let (head, body) = session.download(BULK_FILE, request).await?.into_parts();
        let skip = if head.status == StatusCode::PARTIAL_CONTENT {
            let from = format!("bytes {}-", at.offset);
            let starts_there = head
                .headers
                .get(CONTENT_RANGE)
                .and_then(|range| range.to_str().ok())
                .is_some_and(|range| range.starts_with(&from));
            if !starts_there {
                return Err(Error::contract(
                    "the file's host sent another range than was asked for",
                ));
            }
            0
        } else {
            at.offset
        };
        Ok(Self {
            body,
            buffer: BytesMut::new(),
            searched: 0,
            skip,
            at,
            ahead: None,
        })
    }

    /// Where the next group begins.
    pub(super) fn position(&self) -> Position {
        self.at
    }

    /// The next groups, and whether the file ends with them.
    ///
    /// # Errors
    /// [`ContractBroken`](ErrorKind::ContractBroken) when a child comes before any parent or a line
    /// has no end; [`Unavailable`](ErrorKind::Unavailable) when the download breaks off.
    pub(super) async fn groups(&mut self, most: usize) -> Result<(Vec<Group>, bool)> {
        let mut groups: Vec<Group> = Vec::with_capacity(most);
        loop {
            let line = match self.ahead.take() {
                Some(line) => line,
                None => match self.line().await? {
                    Some(line) => line,
                    None => return Ok((groups, true)),
                },
            };
            let is_child = std::str::from_utf8(&line.text)
                .map_err(|cause| Error::contract("the bulk file is not UTF-8").with_source(cause))?
                .contains(PARENT_KEY);
            if !is_child && groups.len() == most {
                self.ahead = Some(line);
                return Ok((groups, false));
            }
            self.at.offset += line.length;
            if line.text.is_empty() {
                continue;
            }
            self.at.objects += 1;
            if is_child {
                let group = groups.last_mut().ok_or_else(|| {
                    Error::contract("the bulk file has a child before its parent")
                })?;
                group.children.push(line.text);
            } else {
                self.at.roots += 1;
                groups.push(Group {
                    parent: line.text,
                    children: Vec::new(),
                });
            }
        }
    }

    async fn line(&mut self) -> Result<Option<Line>> {
        loop {
            let unsearched = self.buffer.get(self.searched..).unwrap_or_default();
            if let Some(end) = unsearched.iter().position(|byte| *byte == b'\n') {
                let text = self.buffer.split_to(self.searched + end).freeze();
                self.buffer.advance(1);
                self.searched = 0;
                return Ok(Some(Line::new(text, 1)));
            }
            self.searched = self.buffer.len();
            if self.searched > LONGEST_LINE {
                return Err(Error::contract("the bulk file has a line without an end"));
            }
            match self.body.next().await {
                Some(piece) => self.take(piece?),
                None if self.buffer.is_empty() => return Ok(None),
                None => {
                    self.searched = 0;
                    return Ok(Some(Line::new(self.buffer.split().freeze(), 0)));
                }
            }
        }
    }

    fn take(&mut self, mut piece: Bytes) {
        let skipped = piece
            .len()
            .min(usize::try_from(self.skip).unwrap_or(usize::MAX));
        piece.advance(skipped);
        self.skip -= u64::try_from(skipped).unwrap_or(u64::MAX);
        self.buffer.extend_from_slice(&piece);
    }
}

impl Line {
    fn new(text: Bytes, feed: u64) -> Self {
        let length = u64::try_from(text.len())
            .unwrap_or(u64::MAX)
            .saturating_add(feed);
        Self { text, length }
    }
}

/// Makes sure that all of a file was read: that it was not cut short, by whomever.
pub(super) fn check_complete(
    read: Position,
    objects: u64,
    roots: u64,
    size: Option<u64>,
) -> Result<()> {
    if let Some(size) = size.filter(|size| read.offset < *size) {
        return Err(
            Error::new(ErrorKind::Unavailable, "the bulk file broke off")
                .with("read", read.offset)
                .with("size", size),
        );
    }
    if read.objects < objects || read.roots < roots {
        return Err(
            Error::contract("the bulk file has fewer objects than Shopify counted")
                .with("read", read.objects)
                .with("counted", objects)
                .with("read_roots", read.roots)
                .with("counted_roots", roots),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = concat!(
        "{\"id\":\"p1\",\"title\":\"\\\"__parentId\\\":\"}\n",
        "{\"id\":\"v1\",\"__parentId\":\"p1\"}\n",
        "{\"__parentId\":\"p1\",\"id\":\"v2\"}\n",
        "{\"id\":\"p2\"}\n",
        "{\"id\":\"p3\"}\n",
        "{\"id\":\"v3\",\"__parentId\":\"p3\"}",
    );

    fn file(pieces: usize, at: Position, skip: u64) -> BulkFile {
        let from = if skip > 0 {
            0
        } else {
            usize::try_from(at.offset).unwrap()
        };
        let pieces: Vec<_> = FILE.as_bytes()[from..]
            .chunks(pieces)
            .map(|piece| Ok(Bytes::copy_from_slice(piece)))
            .collect();
        BulkFile {
            body: futures::stream::iter(pieces).boxed(),
            buffer: BytesMut::new(),
            searched: 0,
            skip,
            at,
            ahead: None,
        }
    }

    fn shape(groups: &[Group]) -> Vec<usize> {
        groups.iter().map(|group| group.children.len()).collect()
    }

    #[tokio::test]
    async fn however_it_arrives_the_groups_are_the_same() {
        for pieces in [1, 2, 7, 1000] {
            let mut file = file(pieces, Position::default(), 0);
            let (groups, ended) = file.groups(10).await.unwrap();
            assert_eq!((shape(&groups), ended), (vec![2, 0, 1], true), "{pieces}");
            let expected = Position {
                offset: FILE.len() as u64,
                objects: 6,
                roots: 3,
            };
            assert_eq!(file.position(), expected);
        }
    }

    #[tokio::test]
    async fn cut_after_each_group_the_rest_is_the_same() {
        let mut first = file(5, Position::default(), 0);
        let mut seen = Vec::new();
        loop {
            let (groups, ended) = first.groups(1).await.unwrap();
            seen.extend(shape(&groups));
            if ended {
                break;
            }
            let at = first.position();
            for skip in [0, at.offset] {
                let (rest, _) = file(3, at, skip).groups(10).await.unwrap();
                let mut whole = seen.clone();
                whole.extend(shape(&rest));
                assert_eq!(whole, [2, 0, 1]);
            }
        }
        assert_eq!(seen, [2, 0, 1]);
    }

    #[tokio::test]
    async fn a_child_without_a_parent_breaks_the_contract() {
        let at = Position {
            offset: FILE.find("{\"id\":\"v1").unwrap() as u64,
            ..Position::default()
        };
        let error = file(9, at, 0).groups(3).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ContractBroken);
    }

    #[test]
    fn a_file_that_is_short_is_never_complete() {
        let read = Position {
            offset: 100,
            objects: 10,
            roots: 4,
        };
        assert!(check_complete(read, 10, 4, Some(100)).is_ok());
        assert!(check_complete(read, 10, 4, None).is_ok());
        let kind = |objects, roots, size| {
            check_complete(read, objects, roots, size)
                .unwrap_err()
                .kind()
        };
        assert_eq!(kind(10, 4, Some(101)), ErrorKind::Unavailable);
        assert_eq!(kind(11, 4, Some(100)), ErrorKind::ContractBroken);
        assert_eq!(kind(10, 5, None), ErrorKind::ContractBroken);
    }
}
