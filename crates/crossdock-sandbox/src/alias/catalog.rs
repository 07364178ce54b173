//! The catalogue: what can be sold. It can be searched and asked for one item, not read whole.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::paging;
use super::params::Params;
use super::size::Size;
use super::status::{Outcome, Refusal};

/// How many items a page of a search has at most, and by default. The number is not documented.
const PAGE_SIZE: usize = 25;

/// One item, as it is sent.
#[derive(Debug)]
pub(super) struct CatalogItem {
    pub(super) id: String,
    json: Value,
    /// The words that a search finds it by.
    words: String,
}

impl CatalogItem {
    /// Reads an item; `None` where it has no id.
    pub(super) fn new(json: Value) -> Option<Self> {
        let id = json.get("catalog_id")?.as_str()?.to_owned();
        // The product's type and category are searched too, so that a watch list can hold the
        // whole catalogue of a sandbox with the one word "sneakers".
        let fields = [
            "name",
            "sku",
            "brand",
            "colorway",
            "nickname",
            "product_type",
            "product_category_v2",
        ];
        let texts = fields.iter().filter_map(|field| json.get(field)?.as_str());
        let words = folded(&texts.chain([id.as_str()]).collect::<Vec<_>>().join(" "));
        Some(Self { id, json, words })
    }

    pub(super) fn json(&self) -> &Value {
        &self.json
    }

    pub(super) fn text(&self, field: &str) -> &str {
        self.json
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// A price in cents; 0 where there is none.
    pub(super) fn cents(&self, field: &str) -> i64 {
        self.text(field).parse().unwrap_or(0)
    }

    pub(super) fn flag(&self, field: &str) -> bool {
        self.json
            .get(field)
            .and_then(Value::as_bool)
            .unwrap_or(false)
    }

    /// The sizes that it can be listed in.
    pub(super) fn sizes(&self) -> impl Iterator<Item = Size> {
        let sizes = self.json.get("allowed_sizes").and_then(Value::as_array);
        sizes
            .into_iter()
            .flatten()
            .filter_map(|size| Size::from_json(size.get("value")?))
    }

    /// The pictures that a listing must have: all that are requested but extra ones.
    pub(super) fn mandatory_pictures(&self) -> impl Iterator<Item = &str> {
        let requested = self
            .json
            .get("requested_pictures")
            .and_then(Value::as_array);
        requested
            .into_iter()
            .flatten()
            .filter(|_| self.flag("requires_listing_pictures"))
            .filter_map(|picture| picture.get("type")?.as_str())
            .filter(|kind| *kind != "PICTURE_TYPE_EXTRA")
    }
}

/// All items, and what recorded searches found.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    items: BTreeMap<String, CatalogItem>,
    searches: BTreeMap<String, BTreeSet<String>>,
}

impl Catalog {
    /// Adds an item, or replaces it.
    pub(super) fn add(&mut self, item: CatalogItem) {
        self.items.insert(item.id.clone(), item);
    }

    /// Notes that a search found an item, whatever its words are.
    pub(super) fn found(&mut self, query: &str, id: &str) {
        self.searches
            .entry(folded(query))
            .or_default()
            .insert(id.to_owned());
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &CatalogItem> {
        self.items.values()
    }

    pub(super) fn get(&self, id: &str) -> Outcome<&CatalogItem> {
        self.items
            .get(id)
            .ok_or_else(|| Refusal::not_found("catalog item"))
    }

    /// `GET /catalog`: what was recorded for the same search, then what has all of its words.
    pub(super) fn search(&self, params: Params<'_>) -> Outcome<Value> {
        let query = folded(params.required("query")?);
        let limit = params.limit("limit", PAGE_SIZE, PAGE_SIZE)?;
        let recorded = self.searches.get(&query);
        let words: Vec<&str> = query.split_whitespace().collect();
        let hits = self.items.values().filter_map(|item| {
            if recorded.is_some_and(|ids| ids.contains(&item.id)) {
                return Some(((0_u8, item.id.clone()), item));
            }
            let has_all = words.iter().all(|word| item.words.contains(word));
            has_all.then(|| ((1, item.id.clone()), item))
        });
        let list = format!("catalog {query}");
        let page = paging::page(&list, hits, params.text("pagination_token"), limit)?;
        Ok(json!({
            "catalog_items": page.items.iter().map(|item| item.json()).collect::<Vec<_>>(),
            "next_pagination_token": page.next,
            "has_more": page.has_more(),
        }))
    }
}

/// Lower case, with a space for whatever is neither letter nor digit: `DD1391-100` and `DD1391 100`
/// find the same.
pub(super) fn folded(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .flat_map(char::to_lowercase)
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}
