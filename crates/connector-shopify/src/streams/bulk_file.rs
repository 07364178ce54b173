//! A bulk operation's file: one object per line, children after their parent.
//!
//! The file is read as it arrives and handed on group by group, a parent and its children: besides
//! the group there is never more in memory than one piece of the download and the line that it cuts.
//! A position is always the start of a parent's line, so a reading that was cut goes on with a
//! `Range` request from there.

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
    /// What has arrived and was not handed on.
    piece: Bytes,
    /// The beginning of a line whose end has not arrived.
    begun: BytesMut,
    /// What is still to be passed over, where the host doesn't know `Range`.
    skip: u64,
    at: Position,
    /// The parent of the next group, read to see that the one before is complete.
    ahead: Option<Line>,
}

/// A line, which shares its memory with the piece that it came in.
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
            piece: Bytes::new(),
            begun: BytesMut::new(),
            skip,
            at,
            ahead: None,
        })
    }

    /// Where the next group begins.
    pub(super) fn position(&self) -> Position {
        self.at
    }

    /// Whether all of the file was handed on. True only after a group, or `None`, said so.
    pub(super) fn is_at_end(&self) -> bool {
        self.ahead.is_none()
    }

    /// The next parent with its children; `None` at the end.
    ///
    /// # Errors
    /// [`ContractBroken`](ErrorKind::ContractBroken) when a child comes before any parent or a line
    /// has no end; [`Unavailable`](ErrorKind::Unavailable) when the download breaks off.
    pub(super) async fn group(&mut self) -> Result<Option<Group>> {
        let mut group: Option<Group> = None;
        loop {
            let line = match self.ahead.take() {
                Some(line) => line,
                None => match self.line().await? {
                    Some(line) => line,
                    None => return Ok(group),
                },
            };
            let is_child = line.has_parent()?;
            if !is_child && group.is_some() && !line.text.is_empty() {
                self.ahead = Some(line);
                return Ok(group);
            }
            self.at.offset += line.length;
            if line.text.is_empty() {
                continue;
            }
            self.at.objects += 1;
            match &mut group {
                Some(group) => group.children.push(line.text),
                None if is_child => {
                    return Err(Error::contract(
                        "the bulk file has a child before its parent",
                    ));
                }
                None => {
                    self.at.roots += 1;
                    group = Some(Group {
                        parent: line.text,
                        children: Vec::new(),
                    });
                }
            }
        }
    }

    async fn line(&mut self) -> Result<Option<Line>> {
        loop {
            if let Some(end) = self.piece.iter().position(|byte| *byte == b'\n') {
                let rest = self.piece.split_to(end);
                self.piece.advance(1);
                return Ok(Some(Line::new(self.end_line(rest), 1)));
            }
            self.begun
                .extend_from_slice(&std::mem::take(&mut self.piece));
            if self.begun.len() > LONGEST_LINE {
                return Err(Error::contract("the bulk file has a line without an end"));
            }
            match self.body.next().await {
                Some(piece) => self.piece = self.unskipped(piece?),
                None if self.begun.is_empty() => return Ok(None),
                None => return Ok(Some(Line::new(self.begun.split().freeze(), 0))),
            }
        }
    }

    /// The line whose last part this is. Most lines arrive in one piece, and are not copied.
    fn end_line(&mut self, rest: Bytes) -> Bytes {
        if self.begun.is_empty() {
            return rest;
        }
        self.begun.extend_from_slice(&rest);
        self.begun.split().freeze()
    }

    fn unskipped(&mut self, mut piece: Bytes) -> Bytes {
        let skipped = piece
            .len()
            .min(usize::try_from(self.skip).unwrap_or(usize::MAX));
        piece.advance(skipped);
        self.skip -= u64::try_from(skipped).unwrap_or(u64::MAX);
        piece
    }
}

impl Line {
    fn new(text: Bytes, feed: u64) -> Self {
        let length = u64::try_from(text.len())
            .unwrap_or(u64::MAX)
            .saturating_add(feed);
        Self { text, length }
    }

    fn has_parent(&self) -> Result<bool> {
        let text = std::str::from_utf8(&self.text)
            .map_err(|cause| Error::contract("the bulk file is not UTF-8").with_source(cause))?;
        Ok(text.contains(PARENT_KEY))
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
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

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
            piece: Bytes::new(),
            begun: BytesMut::new(),
            skip,
            at,
            ahead: None,
        }
    }

    /// How many children each of the groups has that are left.
    async fn shape(file: &mut BulkFile) -> Vec<usize> {
        let mut shape = Vec::new();
        while let Some(group) = file.group().await.unwrap() {
            shape.push(group.children.len());
        }
        assert!(file.is_at_end());
        shape
    }

    #[tokio::test]
    async fn however_it_arrives_the_groups_are_the_same() {
        for pieces in [1, 2, 7, 1000] {
            let mut file = file(pieces, Position::default(), 0);
            assert_eq!(shape(&mut file).await, [2, 0, 1], "{pieces}");
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
        while let Some(group) = first.group().await.unwrap() {
            seen.push(group.children.len());
            let at = first.position();
            for skip in [0, at.offset] {
                let mut whole = seen.clone();
                whole.extend(shape(&mut file(3, at, skip)).await);
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
        let error = file(9, at, 0).group().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ContractBroken);
    }

    #[tokio::test]
    async fn empty_lines_between_groups_and_within_are_passed_over() {
        let text = "{\"id\":\"p1\"}\n\n{\"__parentId\":\"p1\"}\n\n\n{\"id\":\"p2\"}\n\n";
        let mut file = BulkFile {
            body: futures::stream::iter([Ok(Bytes::from_static(text.as_bytes()))]).boxed(),
            ..file(1, Position::default(), 0)
        };
        assert_eq!(shape(&mut file).await, [1, 0]);
        assert_eq!(file.position().offset, text.len() as u64);
    }

    #[tokio::test]
    async fn no_more_is_taken_from_the_network_than_a_group_needs() {
        let line = |text: &str| Bytes::from(format!("{text}\n"));
        let taken = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&taken);
        let pieces = (0..1000).map(move |number| {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok(line(&format!("{{\"id\":\"p{number}\"}}")))
        });
        let mut file = BulkFile {
            body: futures::stream::iter(pieces).boxed(),
            ..file(1, Position::default(), 0)
        };
        for group in 1..=1000 {
            assert!(file.group().await.unwrap().is_some());
            let taken = taken.load(Ordering::Relaxed);
            assert!(taken <= group + 1, "{taken} pieces for {group} groups");
            assert!(file.piece.is_empty() && file.begun.is_empty());
        }
        assert!(file.group().await.unwrap().is_none());
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
