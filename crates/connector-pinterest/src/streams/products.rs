//! Products of all catalogues, each time, by product group: there is no list of them all.
//!
//! The group of all products is enough where a feed has it; of a feed without it every group is read,
//! and a product may come more than once.

use std::collections::{BTreeMap, BTreeSet};

use connector_core::{Batch, Checkpoint, Next, PageStream, Result};
use serde::{Deserialize, Serialize};

use super::short_list;
use super::walk::{self, Step};
use crate::api::{
    ALL_PRODUCTS, ListCatalogs, ListProductGroups, ListProducts, Paged, ProductGroup,
};
use crate::dialect::{code_of, is_of_one_object};
use crate::map::{self, Mapped};
use crate::reader::Reader;

/// The form of the cursor.
const VERSION: u16 = 1;

/// The code, with a 409, of an account without a catalogue.
const NO_CATALOGUE: i64 = 4182;

/// Where the stream stands; `None` before the groups are known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cursor(Option<Pass>);

/// A walk through the lists of all groups.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pass {
    /// The groups that are left. The first is being read.
    groups: Vec<String>,
    /// Where its list goes on.
    list: walk::Cursor,
}

impl Pass {
    fn next_group(&mut self) {
        self.groups = self.groups.split_off(self.groups.len().min(1));
        self.list = walk::Cursor::default();
    }
}

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, cursor: Cursor) -> Result<Batch<Cursor>> {
    let Some(mut pass) = cursor.0 else {
        return begin(reader).await;
    };
    let Some(group) = pass.groups.first().cloned() else {
        return Ok(batch(pass, Vec::new(), Vec::new()));
    };
    let products = ListProducts {
        group: group.clone(),
        paged: Paged::from(pass.list.bookmark.clone()),
    };
    let answer = match reader.call(&products).await {
        // It was taken away meanwhile, or isn't the account's to read.
        Err(error) if is_of_one_object(&error) => {
            pass.next_group();
            let note = format!("The product group {group} is left out: {}", error.message());
            return Ok(batch(pass, Vec::new(), vec![note]));
        }
        answer => answer,
    };
    match pass.list.clone().take(reader, answer)? {
        Step::Page(list, next) => {
            let mapped = list
                .items
                .into_iter()
                .map(|item| map::entry(item, reader.keep_raw(), map::product))
                .collect();
            match next {
                Some(next) => pass.list = next,
                None => pass.next_group(),
            }
            Ok(batch(pass, mapped, Vec::new()))
        }
        Step::Anew(list) => Ok(batch(Pass { list, ..pass }, Vec::new(), Vec::new())),
        Step::TooDeep => {
            pass.next_group();
            let note = format!("Pinterest doesn't list all products of the group {group}");
            Ok(batch(pass, Vec::new(), vec![note]))
        }
    }
}

/// Reads which groups there are.
async fn begin(reader: &Reader) -> Result<Batch<Cursor>> {
    let mut groups = Vec::new();
    let mut notes = Vec::new();
    for catalog in short_list::all(reader, |paged| ListCatalogs { paged }).await? {
        let Ok(catalog) = catalog.into_parts().0 else {
            notes.push("A catalogue can't be read, and is left out".to_owned());
            continue;
        };
        let ask = |paged| ListProductGroups {
            catalog: catalog.id.clone(),
            paged,
        };
        let of_catalog = match short_list::all(reader, ask).await {
            Err(error) if code_of(&error) == Some(NO_CATALOGUE) => continue,
            of_catalog => of_catalog?,
        };
        for group in of_catalog {
            match group.into_parts().0 {
                Ok(group) => groups.push(group),
                Err(error) => notes.push(format!("A product group can't be read: {error}")),
            }
        }
    }
    let pass = Pass {
        groups: enough(&groups),
        list: walk::Cursor::default(),
    };
    Ok(batch(pass, Vec::new(), notes))
}

/// The groups that have every product: of each feed the one of all products, or all of them.
fn enough(groups: &[ProductGroup]) -> Vec<String> {
    let is_all = |group: &ProductGroup| group.kind.as_deref() == Some(ALL_PRODUCTS);
    let mut by_feed: BTreeMap<Option<&str>, Vec<&ProductGroup>> = BTreeMap::new();
    for group in groups {
        let feed = group.feed_id.as_deref();
        by_feed.entry(feed).or_default().push(group);
    }
    let whole: BTreeSet<&str> = by_feed
        .values()
        .flat_map(|of_feed| {
            let all = of_feed.iter().any(|group| is_all(group));
            of_feed.iter().filter(move |group| !all || is_all(group))
        })
        .map(|group| group.id.as_str())
        .collect();
    // In Pinterest's order.
    let chosen = groups.iter().map(|group| group.id.clone());
    chosen.filter(|id| whole.contains(id.as_str())).collect()
}

fn batch(pass: Pass, mapped: Vec<Mapped>, notes: Vec<String>) -> Batch<Cursor> {
    let (cursor, next) = if pass.groups.is_empty() {
        (Cursor::default(), Next::Done)
    } else {
        (Cursor(Some(pass)), Next::More)
    };
    Batch {
        notes,
        ..Batch::mapped(mapped, cursor, next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(id: &str, feed: Option<&str>, kind: &str) -> ProductGroup {
        ProductGroup {
            id: id.to_owned(),
            feed_id: feed.map(str::to_owned),
            kind: Some(kind.to_owned()),
        }
    }

    #[test]
    fn the_group_of_all_products_is_enough() {
        let groups = [
            group("4", Some("1"), "TOP_SELLERS"),
            group("3", Some("1"), ALL_PRODUCTS),
            // A feed without one, and groups of several feeds.
            group("2", Some("2"), "MERCHANT_CREATED"),
            group("1", Some("2"), "NEW_ARRIVALS"),
            group("5", None, "MERCHANT_CREATED"),
        ];
        assert_eq!(enough(&groups), ["3", "2", "1", "5"]);
        assert!(enough(&[]).is_empty());
    }

    #[test]
    fn a_pass_ends_with_its_last_group() {
        let mut pass = Pass {
            groups: vec!["1".to_owned()],
            list: walk::Cursor::default(),
        };
        let more = batch(pass.clone(), Vec::new(), Vec::new());
        assert_eq!(more.next, Next::More);
        pass.next_group();
        let done = batch(pass, Vec::new(), Vec::new());
        assert_eq!((done.next, done.cursor), (Next::Done, Cursor(None)));
    }
}
