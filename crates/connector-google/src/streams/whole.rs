//! What all streams share whose lists Google gives only whole: no order, and no "changed since".
//!
//! Every run reads all of every source. What was deleted just isn't there any more, so that a person
//! is told when there are fewer than before.

use std::collections::BTreeMap;
use std::future::Future;

use connector_core::{Batch, Checkpoint, Error, Next, PageStream, Result};
use serde::{Deserialize, Serialize};

use super::{Reader, is_of_one_source, left_out};
use crate::map::Mapped;
use crate::service::Service;
use crate::sources;

/// The form of [`Cursor`].
const VERSION: u16 = 1;

/// What is particular to one such stream.
pub(super) trait Whole: Clone + Send + Sync + 'static {
    /// Whose sources are read.
    const SERVICE: Service;
    /// What is in the list, for people.
    const THINGS: &'static str;

    /// One page of a source; the first where there is no token.
    fn read(
        &self,
        reader: &Reader,
        source: &str,
        token: Option<String>,
    ) -> impl Future<Output = Result<Listed>> + Send;
}

/// A page of a list.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) mapped: Vec<Mapped>,
    /// The next page's token.
    pub(super) next: Option<String>,
}

/// Where all sources stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    /// How many each source had.
    counts: BTreeMap<String, u64>,
    /// The pass that is under way.
    pass: Option<Pass>,
}

/// One pass over all sources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Pass {
    /// The sources that are left. The first is being read.
    left: Vec<String>,
    /// The page of it to read next; the first where there is none.
    token: Option<String>,
    /// How many of it were read.
    seen: u64,
    /// How many sources were read.
    done: u32,
}

impl Pass {
    fn next_source(&mut self) {
        self.left = self.left.split_off(self.left.len().min(1));
        (self.token, self.seen) = (None, 0);
    }
}

/// The pages of a stream of whole lists.
pub(super) fn pages<W: Whole>(
    stream: W,
    reader: Reader,
    resume: Option<Checkpoint>,
) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let (stream, reader) = (stream.clone(), reader.clone());
        async move { page(&stream, &reader, cursor.unwrap_or_default()).await }
    })
}

async fn page<W: Whole>(stream: &W, reader: &Reader, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    let mut pass = match cursor.pass.take() {
        Some(pass) => pass,
        None => Pass {
            left: sources::chosen(&reader.session, W::SERVICE).await?,
            token: None,
            seen: 0,
            done: 0,
        },
    };
    let Some(source) = pass.left.first().cloned() else {
        let mut batch = Batch::new(Vec::new(), cursor, Next::Done);
        batch.notes.push(format!(
            "There is nothing to read in {}: nothing was chosen, or nothing is there.",
            W::SERVICE.title()
        ));
        return Ok(batch);
    };
    let listed = match stream.read(reader, &source, pass.token.clone()).await {
        Err(error) if is_of_one_source(&error) => {
            pass.next_source();
            if pass.left.is_empty() && pass.done == 0 {
                return Err(error);
            }
            let mut batch = batch(Vec::new(), cursor, pass);
            batch.notes.push(left_out(&source, &error));
            return Ok(batch);
        }
        listed => listed?,
    };
    let next = listed.next.filter(|token| !token.is_empty());
    if next.is_some() && next == pass.token {
        return Err(Error::contract("Google gives the same page again"));
    }
    pass.seen += u64::try_from(listed.mapped.len()).unwrap_or(u64::MAX);
    pass.token = next;
    let mut notes = Vec::new();
    if pass.token.is_none() {
        notes.extend(cursor.note(&source, pass.seen, W::THINGS));
        pass.done += 1;
        pass.next_source();
    }
    let mut batch = batch(listed.mapped, cursor, pass);
    batch.notes = notes;
    Ok(batch)
}

impl Cursor {
    /// Notes how many a source has, and tells where they are fewer than before.
    fn note(&mut self, source: &str, count: u64, things: &str) -> Option<String> {
        let before = self.counts.insert(source.to_owned(), count);
        let gone = before.unwrap_or(0).saturating_sub(count);
        (gone > 0).then(|| format!("Google lists {gone} {things} of {source} fewer than before."))
    }
}

fn batch(mapped: Vec<Mapped>, mut cursor: Cursor, pass: Pass) -> Batch<Cursor> {
    let next = if pass.left.is_empty() {
        Next::Done
    } else {
        cursor.pass = Some(pass);
        Next::More
    };
    Batch::mapped(mapped, cursor, next)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fewer_than_before_is_told_and_more_is_not() {
        let mut cursor = Cursor::default();
        assert_eq!(cursor.note("accounts/1", 10, "products"), None);
        assert_eq!(cursor.note("accounts/1", 12, "products"), None);
        let note = cursor.note("accounts/1", 9, "products").unwrap();
        assert_eq!(
            note,
            "Google lists 3 products of accounts/1 fewer than before."
        );
        assert_eq!(cursor.note("accounts/2", 1, "products"), None);
    }

    proptest! {
        #[test]
        fn a_cursor_survives_its_json(seen: u64, token in prop::option::of(".{0,20}"), done: u32) {
            let mut cursor = Cursor::default();
            cursor.note("accounts/1", seen, "products");
            cursor.pass = Some(Pass { left: vec!["accounts/2".to_owned()], token, seen, done });
            let json = serde_json::to_value(&cursor).unwrap();
            prop_assert_eq!(serde_json::from_value::<Cursor>(json).unwrap(), cursor);
        }
    }
}
