//! Loads recorded replies, so that the demo shop holds what running shops answered.
//!
//! Recordings say different things about the same object, in GraphQL's words and in REST's. All
//! that is said about an object is collected by its number, the latest word winning, and objects
//! are built from it at the end. An object counts however little is said of it: what nobody said
//! has a default, because a reply with two fields is also a reply that a client must survive.
//!
//! What is one: in GraphQL replies, every object with a gid of a stream's type, wherever it lies.
//! In REST replies and webhooks, what lies under the names of those types. A variant belongs to a
//! product; one of which no reply names the product can't be served, and is not counted either.

mod build;
mod graphql;
mod orders;
mod raw;
mod rest;
mod scale;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::store::Store;
use crate::platform::{SeedFile, SeedOutcome};

/// What was said about one object.
pub(crate) type Raw = Map<String, Value>;

/// The name of the scale set. It is taken only where its own folder is loaded: beside everything
/// else, its half a million lines would bury the recordings.
const SCALE: &str = "uci-online-retail-2010-2011.csv.gz";

/// The folders of recorded replies, below `shopify/`.
const FOLDERS: [&str; 9] = [
    "admin-graphql",
    "admin-graphql-bulk",
    "admin-rest",
    "admin-rest-2026-07",
    "admin-rest-records",
    "graphql-products",
    "storefront-products-json",
    "storefront-products-json-snapshots",
    "webhooks",
];

/// A kind of object that is collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Product,
    Variant,
    Item,
    Level,
    Location,
    Order,
    Payout,
}

impl Kind {
    /// The kind of a gid's type.
    pub(crate) fn of_gid(ty: &str) -> Option<Self> {
        Some(match ty {
            "Product" => Self::Product,
            "ProductVariant" => Self::Variant,
            "InventoryItem" => Self::Item,
            "InventoryLevel" => Self::Level,
            "Location" => Self::Location,
            "Order" => Self::Order,
            "ShopifyPaymentsPayout" => Self::Payout,
            _ => return None,
        })
    }

    /// The stream that the kind is, where it is one.
    fn stream(self) -> Option<&'static str> {
        Some(match self {
            Self::Product => "products",
            Self::Level => "inventory_levels",
            Self::Location => "locations",
            Self::Order => "orders",
            Self::Payout => "payouts",
            Self::Variant | Self::Item => return None,
        })
    }
}

/// Everything that was collected.
#[derive(Debug, Default)]
pub(crate) struct Loader {
    /// By kind and number. A level's number is its place in order of appearance.
    objects: BTreeMap<(Kind, u64), Raw>,
    /// The numbers of levels, by inventory item and by the number in the gid or the location.
    levels: BTreeMap<(u64, String), u64>,
    /// What the file at hand gave.
    taken: BTreeSet<(Kind, u64)>,
    /// The scale set, unpacked.
    scale: Option<Vec<u8>>,
}

impl Loader {
    /// Takes what a file holds.
    pub(crate) fn load(&mut self, file: &SeedFile<'_>) -> SeedOutcome {
        if file.path == SCALE {
            return self.load_scale(file.bytes);
        }
        let inside = file.path.strip_prefix("shopify/").unwrap_or(file.path);
        let Some((folder, _)) = inside
            .split_once('/')
            .filter(|(folder, _)| FOLDERS.contains(folder))
        else {
            return if file.path.ends_with(SCALE) {
                passed("The scale set is loaded only by itself: name its own folder.")
            } else {
                SeedOutcome::NotMine
            };
        };
        if file.path.ends_with(".expected.json") {
            return passed("What a connector made of a reply, not a reply.");
        }
        self.taken.clear();
        let values = match raw::read(file) {
            Ok(values) => values,
            Err(reason) => return passed(&reason),
        };
        for value in &values {
            // The folders say where a reply was recorded; a few in the first are REST's.
            match folder {
                "admin-graphql" if value.get("data").is_none() => self.rest(value, inside),
                "admin-graphql" | "admin-graphql-bulk" | "graphql-products" => self.graphql(value),
                _ => self.rest(value, inside),
            }
        }
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for stream in self.taken.iter().filter_map(|(kind, _)| kind.stream()) {
            *counts.entry(stream).or_default() += 1;
        }
        if counts.is_empty() {
            return passed(if self.taken.is_empty() {
                "Nothing in it is a product, an order, a location, an inventory level or a payout."
            } else {
                "It holds variants or inventory items only, which belong to other objects."
            });
        }
        let streams = counts
            .into_iter()
            .map(|(stream, count)| (stream.to_owned(), count));
        SeedOutcome::Taken {
            streams: streams.collect(),
        }
    }

    fn load_scale(&mut self, bytes: &[u8]) -> SeedOutcome {
        match scale::unpack(bytes) {
            Ok(text) => {
                let orders = scale::count(&text);
                self.scale = Some(text);
                SeedOutcome::Taken {
                    streams: vec![("orders".to_owned(), orders)],
                }
            }
            Err(error) => passed(&format!("The scale set can't be unpacked: {error}.")),
        }
    }

    /// Fills a shop with everything that was collected; false where that is nothing.
    pub(crate) fn settle(&self, store: &mut Store) -> bool {
        if self.objects.is_empty() && self.scale.is_none() {
            return false;
        }
        let mut filled = Store::new(store.info.clone());
        build::fill(&mut filled, &self.objects);
        if let Some(text) = &self.scale {
            scale::fill(&mut filled, text);
        }
        *store = filled;
        true
    }

    /// Adds what is said about an object.
    fn add(&mut self, kind: Kind, id: u64, said: Raw) {
        self.taken.insert((kind, id));
        raw::merge(self.objects.entry((kind, id)).or_default(), said);
    }

    /// Adds what is said about a level: `place` is the number in its gid, or its location.
    fn add_level(&mut self, item: u64, place: String, mut said: Raw) {
        let next = u64::try_from(self.levels.len()).unwrap_or(u64::MAX);
        let location = raw::location(&said).map(|id| format!("at {id}"));
        let known = [Some(&place), location.as_ref()]
            .into_iter()
            .flatten()
            .find_map(|name| self.levels.get(&(item, name.clone())).copied());
        let number = known.unwrap_or(next);
        self.levels.insert((item, place), number);
        if let Some(location) = location {
            self.levels.insert((item, location), number);
        }
        said.insert("itemId".to_owned(), item.into());
        self.add(Kind::Level, number, said);
    }
}

fn passed(reason: &str) -> SeedOutcome {
    SeedOutcome::Passed {
        reason: reason.to_owned(),
    }
}
