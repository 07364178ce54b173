//! Pricing insights: what items are asked, bid and sold for.
//!
//! A sandbox has either recorded prices or made-up ones. Made-up prices are computed when they are
//! asked for: they follow from the seed, the item and how often the market was moved, so that a
//! catalogue of any size costs no memory.

mod made_up;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::random::Random;

use super::catalog::CatalogItem;
use super::size::Size;
use super::time::parse_time;

pub(super) use self::made_up::worth;

/// Which prices are meant: all regions and both ways to sell, unless one is named.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Scope {
    pub(super) region: Option<String>,
    pub(super) consigned: Option<bool>,
}

/// One kind of offer for an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    pub(super) size: Size,
    pub(super) condition: &'static str,
    pub(super) packaging: &'static str,
}

/// The four prices of one kind, in cents; 0 is none.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Prices {
    pub(super) lowest_ask: i64,
    pub(super) highest_offer: i64,
    pub(super) last_sold: i64,
    pub(super) indicator: i64,
}

impl Prices {
    pub(super) fn json(self) -> Value {
        json!({
            "lowest_listing_price_cents": self.lowest_ask.to_string(),
            "highest_offer_price_cents": self.highest_offer.to_string(),
            "last_sold_listing_price_cents": self.last_sold.to_string(),
            "global_indicator_price_cents": self.indicator.to_string(),
        })
    }
}

/// Recorded prices, or the seed of made-up ones.
#[derive(Debug, Default)]
pub(super) struct Market {
    /// `None` in a sandbox of recordings: what was not recorded is not known.
    pub(super) seed: Option<u64>,
    moves: BTreeMap<String, u32>,
    availabilities: BTreeMap<(String, Scope), Vec<Value>>,
    histograms: BTreeMap<(String, Option<String>, Kind), Value>,
    sales: BTreeMap<String, Vec<Value>>,
}

impl Market {
    pub(super) fn record_availabilities(&mut self, id: &str, scope: Scope, variants: Vec<Value>) {
        self.availabilities.insert((id.to_owned(), scope), variants);
    }

    pub(super) fn record_histogram(
        &mut self,
        id: &str,
        region: Option<&str>,
        kind: Kind,
        histogram: Value,
    ) {
        self.histograms
            .insert((id.to_owned(), region.map(str::to_owned), kind), histogram);
    }

    pub(super) fn record_sales(&mut self, id: &str, sales: &[Value]) {
        self.sales
            .entry(id.to_owned())
            .or_default()
            .extend_from_slice(sales);
    }

    /// Changes the made-up prices of an item.
    pub(super) fn shift(&mut self, id: &str) {
        *self.moves.entry(id.to_owned()).or_default() += 1;
    }

    /// How many kinds of an item have prices, in all regions and both ways to sell.
    pub(super) fn count(&self, item: &CatalogItem) -> usize {
        match self.seed {
            Some(seed) => made_up::kinds(seed, item).len(),
            None => self
                .availabilities
                .get(&(item.id.clone(), Scope::default()))
                .map_or(0, Vec::len),
        }
    }

    /// All kinds of an item with their prices, as they are sent.
    pub(super) fn availabilities(&self, item: &CatalogItem, scope: &Scope) -> Vec<Value> {
        let Some(seed) = self.seed else {
            let key = (item.id.clone(), scope.clone());
            return self.availabilities.get(&key).cloned().unwrap_or_default();
        };
        made_up::kinds(seed, item)
            .into_iter()
            .map(|kind| {
                let mut variant = json!({
                    "size": kind.size.to_json(),
                    "product_condition": kind.condition,
                    "packaging_condition": kind.packaging,
                    "availability": self.prices(seed, item, scope, kind).json(),
                });
                if let (Some(consigned), Some(fields)) = (scope.consigned, variant.as_object_mut())
                {
                    fields.insert("consigned".to_owned(), Value::from(consigned));
                }
                variant
            })
            .collect()
    }

    /// The prices of one kind, as they are sent; zeros where nothing is known.
    pub(super) fn availability(&self, item: &CatalogItem, scope: &Scope, kind: Kind) -> Value {
        let wanted = [
            ("size", kind.size.to_json()),
            ("product_condition", Value::from(kind.condition)),
            ("packaging_condition", Value::from(kind.packaging)),
        ];
        self.availabilities(item, scope)
            .into_iter()
            .find(|variant| {
                wanted
                    .iter()
                    .all(|(field, value)| variant.get(field) == Some(value))
            })
            .and_then(|mut variant| variant.get_mut("availability").map(Value::take))
            .unwrap_or_else(|| Prices::default().json())
    }

    /// The offers for one kind, highest first.
    pub(super) fn histogram(&self, item: &CatalogItem, region: Option<&str>, kind: Kind) -> Value {
        let Some(seed) = self.seed else {
            let key = (item.id.clone(), region.map(str::to_owned), kind);
            return self
                .histograms
                .get(&key)
                .cloned()
                .unwrap_or_else(|| json!({"bins": []}));
        };
        let scope = Scope {
            region: region.map(str::to_owned),
            consigned: None,
        };
        let mut price = match made_up::kinds(seed, item).contains(&kind) {
            true => self.prices(seed, item, &scope, kind).highest_offer,
            false => 0,
        };
        let mut random = self.random(seed, item, &scope, kind);
        let mut bins = Vec::new();
        while price > 0 && bins.len() < 6 {
            let count = random.between(1, 4).to_string();
            bins.push(json!({"offer_price_cents": price.to_string(), "count": count}));
            price -= 100 * made_up::signed(random.between(2, 15));
        }
        json!({"bins": bins})
    }

    /// Sales of an item in one size, newest first.
    pub(super) fn sales(
        &self,
        item: &CatalogItem,
        size: Size,
        consigned: Option<bool>,
        limit: usize,
        now: DateTime<Utc>,
    ) -> Vec<Value> {
        let matches = |sale: &Value| {
            let is_size = sale.get("size").and_then(Size::from_json) == Some(size);
            let way = sale.get("consigned").and_then(Value::as_bool);
            is_size && consigned.is_none_or(|consigned| way == Some(consigned))
        };
        let mut sales: Vec<Value> = match self.seed {
            Some(seed) => made_up::sales(seed, item, size, now)
                .filter(matches)
                .take(limit)
                .collect(),
            None => {
                let recorded = self
                    .sales
                    .get(&item.id)
                    .map(Vec::as_slice)
                    .unwrap_or_default();
                recorded
                    .iter()
                    .filter(|sale| matches(sale))
                    .cloned()
                    .collect()
            }
        };
        sales.sort_by_cached_key(|sale| {
            std::cmp::Reverse(
                sale.get("purchased_at")
                    .and_then(Value::as_str)
                    .and_then(parse_time),
            )
        });
        sales.dedup();
        sales.truncate(limit);
        sales
    }

    fn random(&self, seed: u64, item: &CatalogItem, scope: &Scope, kind: Kind) -> Random {
        let moves = self.moves.get(&item.id).copied().unwrap_or(0);
        made_up::random(seed, moves, item, scope, kind)
    }

    fn prices(&self, seed: u64, item: &CatalogItem, scope: &Scope, kind: Kind) -> Prices {
        made_up::prices(self.random(seed, item, scope, kind), seed, item, kind)
    }
}
