//! One walk through the lists of several things: pages, accounts, forms.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use connector_core::{Batch, Error, ErrorKind, Next, Result};
use serde::{Deserialize, Serialize};

use crate::api::{Continuation, List};
use crate::dialect::Meaning;
use crate::map::Mapped;
use crate::reader::Reader;

/// Where a stream stands: from where on each thing's list is still to be read, and the walk that is
/// under way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cursor {
    /// By thing. All of one that isn't here.
    pub(super) floors: BTreeMap<String, DateTime<Utc>>,
    /// The walk that is under way.
    pub(super) pass: Option<Pass>,
}

/// One walk through the lists of all things.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Pass {
    /// When it began: what comes later is for the next one.
    pub(super) began: DateTime<Utc>,
    /// The things that are left. The first is being read.
    left: Vec<String>,
    /// The page to read next; the first where there is none.
    from: Option<Continuation>,
    /// How many are asked for at once.
    pub(super) limit: u32,
    /// How often a list was begun anew; sets the cursors of a second reading apart.
    restarts: u32,
    /// The floor to be, where the first page says it.
    pub(super) newest: Option<DateTime<Utc>>,
}

impl Pass {
    /// A walk through these things.
    pub(super) fn new(began: DateTime<Utc>, things: Vec<String>, limit: u32) -> Self {
        Self {
            began,
            left: things,
            from: None,
            limit,
            restarts: 0,
            newest: None,
        }
    }

    /// The thing that is being read; `None` at the end.
    pub(super) fn thing(&self) -> Option<&str> {
        self.left.first().map(String::as_str)
    }

    /// Adds things that were found on the way to the end, those that aren't there yet.
    pub(super) fn add(&mut self, things: impl IntoIterator<Item = String>) {
        for thing in things {
            if !self.left.contains(&thing) {
                self.left.push(thing);
            }
        }
    }

    /// Where its list goes on.
    pub(super) fn from(&self) -> Option<&Continuation> {
        self.from.as_ref()
    }

    /// Whether this is the first page of a list.
    pub(super) fn at_first_page(&self) -> bool {
        self.from.is_none()
    }

    /// Takes a page in: what is on it, and whether the list ends with it. `None` where it has to be
    /// asked for again: for fewer at once, or from the list's beginning.
    ///
    /// # Errors
    /// What nothing can be done about.
    pub(super) fn take<T>(
        &mut self,
        reader: &Reader,
        answer: Result<List<T>>,
    ) -> Result<Option<(List<T>, bool)>> {
        let list = match answer {
            Ok(list) => list,
            Err(error) => {
                self.mend(reader, error)?;
                return Ok(None);
            }
        };
        let next = list.next()?;
        if next.is_some() && next == self.from {
            return Err(Error::contract("Meta gives the same page again"));
        }
        self.from = next;
        let ended = self.from.is_none();
        Ok(Some((list, ended)))
    }

    /// Does what can be done about a failure.
    fn mend(&mut self, reader: &Reader, error: Error) -> Result<()> {
        if Meaning::of(&error) == Some(Meaning::TooMuch) && self.limit > 1 {
            self.limit /= 2;
            return Ok(());
        }
        // A cursor doesn't last for ever, and one of an item that is gone may not be taken.
        let is_of_the_page = error.kind() == ErrorKind::Rejected && Meaning::of(&error).is_none();
        if is_of_the_page && self.from.is_some() {
            reader.restart(error)?;
            self.restarts = self.restarts.wrapping_add(1);
            self.from = None;
            return Ok(());
        }
        Err(error)
    }

    /// Ends the thing that is being read, before its list does or with it.
    pub(super) fn finish(&mut self) {
        self.left = self.left.split_off(self.left.len().min(1));
        self.from = None;
        self.newest = None;
    }
}

impl Cursor {
    /// The walk that is under way, or a new one.
    pub(super) fn pass(&mut self, begin: impl FnOnce() -> Pass) -> Pass {
        self.pass.take().unwrap_or_else(begin)
    }

    /// Ends the thing that is being read, whose list is read on from this time the next time.
    pub(super) fn finish(&mut self, pass: &mut Pass, floor: DateTime<Utc>) {
        if let Some(thing) = pass.thing() {
            self.floors
                .entry(thing.to_owned())
                .and_modify(|known| *known = floor.max(*known))
                .or_insert(floor);
        }
        pass.finish();
    }

    /// A page of the stream: done where no thing is left.
    pub(super) fn batch(
        mut self,
        pass: Pass,
        mapped: Vec<Mapped>,
        notes: Vec<String>,
    ) -> Batch<Self> {
        let next = if pass.left.is_empty() {
            Next::Done
        } else {
            self.pass = Some(pass);
            Next::More
        };
        Batch {
            notes,
            ..Batch::mapped(mapped, self, next)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_ends_with_its_last_thing() {
        let mut cursor = Cursor::default();
        let things = vec!["1".to_owned(), "2".to_owned()];
        let mut pass = Pass::new(DateTime::UNIX_EPOCH, things, 100);
        let floor = DateTime::UNIX_EPOCH;
        cursor.finish(&mut pass, floor);
        assert_eq!(pass.thing(), Some("2"));
        let more = cursor.clone().batch(pass.clone(), Vec::new(), Vec::new());
        assert_eq!(more.next, Next::More);
        cursor.finish(&mut pass, floor);
        let done = cursor.batch(pass, Vec::new(), Vec::new());
        assert_eq!((done.next, done.cursor.pass), (Next::Done, None));
        assert_eq!(done.cursor.floors.len(), 2);
    }

    #[test]
    fn a_floor_never_sinks() {
        let mut cursor = Cursor::default();
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        for seconds in [5, 3] {
            let mut pass = Pass::new(at(9), vec!["1".to_owned()], 1);
            cursor.finish(&mut pass, at(seconds));
        }
        assert_eq!(cursor.floors["1"], at(5));
    }
}
