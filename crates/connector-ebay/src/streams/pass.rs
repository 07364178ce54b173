//! Reading a list from its first page to its last, and counting what came.

use connector_core::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::api::Link;

/// Where a reading of a list stands. The default is before its first page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pass {
    /// The page to read next; the first where there is none.
    at: Option<Link>,
    /// How many entries came so far.
    seen: u64,
    /// Whether this is the second reading, because the first came out short.
    #[serde(default)]
    again: bool,
}

/// What comes after a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Another page.
    More,
    /// Nothing: all is read, and the pass is before its first page again.
    Done,
}

impl Pass {
    /// The page to read next.
    pub(super) fn page(&self, first: Link) -> Link {
        self.at.clone().unwrap_or(first)
    }

    /// Whether nothing was read yet.
    pub(super) fn is_new(&self) -> bool {
        *self == Self::default()
    }

    /// Takes note of a page that was read.
    ///
    /// Things can be deleted while a list is read, which moves others to pages that were read
    /// already. Then fewer come than eBay counts, and the list is read once more.
    ///
    /// # Errors
    /// [`ContractBroken`](connector_core::ErrorKind::ContractBroken) when the next page is elsewhere
    /// or this one again, and when fewer came than eBay counts, twice.
    pub(super) fn turn(
        &mut self,
        page: &Link,
        entries: usize,
        total: Option<u64>,
        next: Option<&str>,
    ) -> Result<Turn> {
        self.seen += u64::try_from(entries).unwrap_or(u64::MAX);
        if let Some(next) = next.filter(|next| !next.is_empty()) {
            self.at = Some(page.next(next)?);
            return Ok(Turn::More);
        }
        if let Some(total) = total.filter(|total| self.seen < *total) {
            if self.again {
                return Err(Error::contract(
                    "eBay gave fewer entries of a list than it counts, twice",
                )
                .with("counted", total)
                .with("found", self.seen));
            }
            *self = Self {
                again: true,
                ..Self::default()
            };
            return Ok(Turn::More);
        }
        *self = Self::default();
        Ok(Turn::Done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::{Environment, Server};
    use connector_core::ErrorKind;
    use proptest::prelude::*;

    fn link(offset: u32) -> Link {
        let query = [("offset", &*offset.to_string())];
        Link::first(Environment::Production, Server::Api, "/list", &query).unwrap()
    }

    #[test]
    fn a_list_is_done_when_as_many_came_as_are_counted() {
        let mut pass = Pass::default();
        assert!(pass.is_new());
        let turn = pass.turn(&link(0), 2, Some(3), Some("/list?offset=1"));
        assert_eq!((turn.unwrap(), pass.page(link(0))), (Turn::More, link(1)));
        assert_eq!(pass.turn(&link(1), 1, Some(3), None).unwrap(), Turn::Done);
        assert!(pass.is_new());
        assert_eq!(pass.turn(&link(0), 0, None, None).unwrap(), Turn::Done);
    }

    #[test]
    fn a_list_that_comes_out_short_is_read_once_more_and_then_fails() {
        let mut pass = Pass::default();
        assert_eq!(pass.turn(&link(0), 2, Some(3), None).unwrap(), Turn::More);
        assert_eq!(pass.page(link(0)), link(0));
        assert!(!pass.is_new());
        let mut other = pass.clone();
        assert_eq!(pass.turn(&link(0), 3, Some(3), None).unwrap(), Turn::Done);
        let error = other.turn(&link(0), 2, Some(3), None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ContractBroken);
        assert_eq!(error.context("found"), Some("2"));
    }

    proptest! {
        #[test]
        fn a_pass_survives_being_stored(entries in 0_usize..500, total in 0_u64..500) {
            let mut pass = Pass::default();
            if pass.turn(&link(0), entries, Some(total), Some("/list?offset=1")).is_ok() {
                let json = serde_json::to_string(&pass).unwrap();
                prop_assert_eq!(serde_json::from_str::<Pass>(&json).unwrap(), pass);
            }
        }
    }
}
