//! Which catalog items matter to a seller: those that are listed, and those that the watch list finds.
//!
//! A pass has three phases: all listings are read for the items in them, then the searches of the watch
//! list, then the items one by one. What is still to be asked for is in the cursor, so that a pass goes
//! on exactly where it was cut, and no item comes twice.

use std::collections::BTreeSet;

use connector_core::{Result, Settings};
use serde::{Deserialize, Serialize};

use super::{AliasSession, listings, next_token, page_of, take_some};
use crate::api::{CatalogItem, Entry, Listing, ListingStatus, SearchCatalog};
use crate::descriptor::WATCH;

/// Where a pass over the items stands.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Cursor {
    phase: Phase,
    /// The page of the phase to read next; the first where there is none.
    token: Option<String>,
    /// The searches that are left, as they were set when the pass came to them.
    searches: Vec<String>,
    /// The items that are still to be asked for.
    wanted: BTreeSet<String>,
    /// The items that a search has brought.
    found: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Phase {
    #[default]
    Listings,
    Searches,
    Items,
}

/// What one step of a pass is to do.
pub(super) enum Step {
    /// Nothing more: listings were read, and the items in them noted.
    Noted,
    /// Deal with what a search has found.
    Found(Vec<Entry<CatalogItem>>),
    /// Ask for these items.
    Ask(Vec<String>),
}

impl Cursor {
    /// Takes one step.
    pub(super) async fn step(&mut self, session: &AliasSession) -> Result<Step> {
        match self.phase {
            Phase::Listings => {
                let (page, next) = listings::search(session, self.token.take()).await?;
                let listings = page.listings.iter().filter_map(|entry| entry.value().ok());
                self.wanted.extend(
                    listings
                        .filter(|listing| is_offered(listing))
                        .filter_map(item_of),
                );
                self.token = next;
                if self.token.is_none() {
                    self.searches = searches(session.settings());
                    self.go_on();
                }
                Ok(Step::Noted)
            }
            Phase::Searches => {
                let search = SearchCatalog {
                    query: self.searches.first().cloned().unwrap_or_default(),
                    limit: None,
                    pagination_token: self.token.take(),
                };
                let page = page_of(session, &search, search.pagination_token.as_deref()).await?;
                self.token = next_token(page.next_pagination_token, page.has_more)?;
                if self.token.is_none() {
                    self.searches = self.searches.split_off(1);
                    self.go_on();
                }
                Ok(Step::Found(page.catalog_items))
            }
            Phase::Items => Ok(Step::Ask(take_some(&mut self.wanted))),
        }
    }

    /// Notes that an item came whole, so that it needn't be asked for; whether it's the first time.
    pub(super) fn has_come(&mut self, id: &str) -> bool {
        self.wanted.remove(id);
        self.found.insert(id.to_owned())
    }

    /// Notes that an item is to be asked for.
    pub(super) fn want(&mut self, id: String) {
        self.wanted.insert(id);
    }

    /// Whether nothing is left to do.
    pub(super) fn is_done(&self) -> bool {
        self.phase == Phase::Items && self.wanted.is_empty()
    }

    fn go_on(&mut self) {
        self.phase = if self.searches.is_empty() {
            Phase::Items
        } else {
            Phase::Searches
        };
    }

    /// The cursor of the next run if this one is done, else this one without what it needs no more.
    pub(super) fn settled(mut self) -> Self {
        if self.is_done() {
            return Self::default();
        }
        if self.phase == Phase::Items {
            self.found.clear();
        }
        self
    }
}

pub(super) fn is_offered(listing: &Listing) -> bool {
    !matches!(&listing.status, Some(status)
        if [ListingStatus::DELETED, ListingStatus::SOLD].contains(status))
}

fn item_of(listing: &Listing) -> Option<String> {
    listing.catalog_id.clone().filter(|id| !id.is_empty())
}

/// The searches of the watch list, each once. Of a combined style code only the first finds anything:
/// `315121-115/CW2290-111`.
fn searches(settings: &Settings) -> Vec<String> {
    let mut searches: Vec<String> = Vec::new();
    for line in settings.lines(WATCH) {
        let search = match line.split_once('/') {
            Some((first, _)) if !line.contains(char::is_whitespace) => first,
            _ => line,
        };
        if !search.is_empty() && !searches.iter().any(|known| known == search) {
            searches.push(search.to_owned());
        }
    }
    searches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watch_list_is_searches_each_once() {
        let lines = " DD1391-100 \n\n315121-115/CW2290-111\nDD1391-100\nNike / Jordan\n";
        let settings = Settings([(WATCH.to_owned(), lines.to_owned())].into());
        assert_eq!(
            searches(&settings),
            ["DD1391-100", "315121-115", "Nike / Jordan"]
        );
        assert!(searches(&Settings::default()).is_empty());
    }

    #[test]
    fn what_is_gone_is_not_offered() {
        let offered = |status: Option<&str>| {
            let json = serde_json::json!({"id": "l", "status": status});
            is_offered(&serde_json::from_value(json).unwrap())
        };
        assert!(offered(None) && offered(Some("LISTING_STATUS_ACTIVE")));
        assert!(offered(Some("LISTING_STATUS_ON_ICE")));
        assert!(!offered(Some("LISTING_STATUS_SOLD")) && !offered(Some("LISTING_STATUS_DELETED")));
    }
}
