//! What one shop holds: tables by id, and the indexes that answer questions between them.

use std::collections::BTreeMap;

use super::objects::{
    BalanceTransaction, InventoryItem, Level, Location, Order, Payout, Product, ShopInfo, Variant,
};

/// All data of one shop.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) info: ShopInfo,
    products: BTreeMap<u64, Product>,
    /// The product of each variant.
    variants: BTreeMap<u64, u64>,
    pub(crate) items: BTreeMap<u64, InventoryItem>,
    pub(crate) locations: BTreeMap<u64, Location>,
    pub(crate) orders: BTreeMap<u64, Order>,
    pub(crate) payouts: BTreeMap<u64, Payout>,
    pub(crate) balance: BTreeMap<u64, BalanceTransaction>,
}

impl Store {
    /// A shop without data.
    pub(crate) fn new(info: ShopInfo) -> Self {
        Self {
            info,
            products: BTreeMap::new(),
            variants: BTreeMap::new(),
            items: BTreeMap::new(),
            locations: BTreeMap::new(),
            orders: BTreeMap::new(),
            payouts: BTreeMap::new(),
            balance: BTreeMap::new(),
        }
    }

    /// All products, by id.
    pub(crate) fn products(&self) -> &BTreeMap<u64, Product> {
        &self.products
    }

    /// All variants' ids, each with its product's.
    pub(crate) fn variants(&self) -> &BTreeMap<u64, u64> {
        &self.variants
    }

    /// Puts a product in, in place of one with the same id.
    pub(crate) fn put_product(&mut self, product: Product) {
        self.remove_product(product.id);
        self.variants.extend(
            product
                .variants
                .iter()
                .map(|variant| (variant.id, product.id)),
        );
        self.products.insert(product.id, product);
    }

    /// Takes a product out. Its inventory items stay until they are taken out too.
    pub(crate) fn remove_product(&mut self, id: u64) -> Option<Product> {
        let product = self.products.remove(&id)?;
        for variant in &product.variants {
            self.variants.remove(&variant.id);
        }
        Some(product)
    }

    /// Takes a product out, with its variants' inventory items and levels.
    pub(crate) fn delete_product(&mut self, id: u64) -> Option<Product> {
        let product = self.remove_product(id)?;
        for variant in &product.variants {
            self.items.remove(&variant.inventory_item);
        }
        Some(product)
    }

    /// A variant, with its product and its position from one.
    pub(crate) fn variant(&self, id: u64) -> Option<(&Product, usize, &Variant)> {
        let product = self.products.get(self.variants.get(&id)?)?;
        let (position, variant) = product.variant(id)?;
        Some((product, position, variant))
    }

    /// The inventory level with the two numbers of its gid.
    pub(crate) fn level(&self, id: u64, item: u64) -> Option<&Level> {
        self.items
            .get(&item)?
            .levels
            .iter()
            .find(|level| level.id == id)
    }

    /// How many can be sold of a variant.
    pub(crate) fn quantity(&self, variant: &Variant) -> Option<i64> {
        match self.items.get(&variant.inventory_item) {
            Some(item) if !item.levels.is_empty() => Some(item.available()),
            _ => variant.stated_quantity,
        }
    }

    /// Whether a variant can be bought now.
    pub(crate) fn is_available(&self, variant: &Variant) -> bool {
        let untracked = self
            .items
            .get(&variant.inventory_item)
            .is_some_and(|item| !item.tracked);
        match self.quantity(variant) {
            Some(quantity) => variant.oversell || untracked || quantity > 0,
            None => variant.stated_available.unwrap_or(true),
        }
    }

    /// How many inventory levels there are.
    pub(crate) fn level_count(&self) -> usize {
        self.items.values().map(|item| item.levels.len()).sum()
    }
}
