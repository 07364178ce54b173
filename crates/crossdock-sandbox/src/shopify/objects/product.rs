//! Products and their variants.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Amount;

/// A product.
#[derive(Clone, Debug)]
pub(crate) struct Product {
    pub(crate) id: u64,
    pub(crate) title: String,
    pub(crate) handle: String,
    pub(crate) description_html: String,
    pub(crate) vendor: Arc<str>,
    pub(crate) product_type: Arc<str>,
    /// `ACTIVE`, `ARCHIVED`, `DRAFT` or `UNLISTED`.
    pub(crate) status: Arc<str>,
    pub(crate) tags: Vec<Arc<str>>,
    pub(crate) template_suffix: Option<String>,
    pub(crate) is_gift_card: bool,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) published_at: Option<DateTime<Utc>>,
    pub(crate) options: Vec<ProductOption>,
    pub(crate) images: Vec<Image>,
    /// In order of position.
    pub(crate) variants: Vec<Variant>,
}

/// What variants differ in: size, colour.
#[derive(Clone, Debug)]
pub(crate) struct ProductOption {
    pub(crate) id: u64,
    pub(crate) name: Arc<str>,
    pub(crate) values: Vec<Arc<str>>,
}

/// A picture.
#[derive(Clone, Debug)]
pub(crate) struct Image {
    pub(crate) id: u64,
    pub(crate) url: String,
    pub(crate) alt: Option<String>,
    pub(crate) width: Option<u32>,
    pub(crate) height: Option<u32>,
    /// The variants that it shows.
    pub(crate) variants: Vec<u64>,
}

/// One thing that can be bought.
#[derive(Clone, Debug)]
pub(crate) struct Variant {
    pub(crate) id: u64,
    pub(crate) title: String,
    /// The values of the product's options, in their order.
    pub(crate) options: Vec<Arc<str>>,
    pub(crate) sku: Option<String>,
    pub(crate) barcode: Option<String>,
    pub(crate) price: Amount,
    pub(crate) compare_at_price: Option<Amount>,
    pub(crate) taxable: bool,
    /// Whether it can be sold without stock (`CONTINUE` and not `DENY`).
    pub(crate) oversell: bool,
    /// The quantity that the recordings state, where no inventory level does.
    pub(crate) stated_quantity: Option<i64>,
    /// What the public feed states, where no quantity is known.
    pub(crate) stated_available: Option<bool>,
    pub(crate) inventory_item: u64,
    pub(crate) image: Option<u64>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

impl Product {
    /// The lowest and the highest of the variants' prices; zero without variants.
    pub(crate) fn price_range(&self) -> (Amount, Amount) {
        let prices = || self.variants.iter().map(|variant| variant.price);
        (
            prices().min().unwrap_or_default(),
            prices().max().unwrap_or_default(),
        )
    }

    /// The variant with this id, and its position from one.
    pub(crate) fn variant(&self, id: u64) -> Option<(usize, &Variant)> {
        let index = self.variants.iter().position(|variant| variant.id == id)?;
        Some((index + 1, self.variants.get(index)?))
    }

    /// Whether the shop's visitors see it.
    pub(crate) fn is_published(&self) -> bool {
        &*self.status == "ACTIVE" && self.published_at.is_some()
    }

    /// The description without its tags.
    pub(crate) fn description(&self) -> String {
        let mut text = String::with_capacity(self.description_html.len());
        let mut inside = false;
        for letter in self.description_html.chars() {
            match letter {
                '<' => inside = true,
                '>' if inside => inside = false,
                letter if !inside => text.push(letter),
                _ => {}
            }
        }
        text.trim().to_owned()
    }
}
