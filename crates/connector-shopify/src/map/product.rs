//! Products and their variants.

use connector_core::model::{
    Currency, Money, Product, ProductOption, ProductStatus, ProductVariant,
};
use connector_core::{Model, Record, Result};

use super::{Mapped, filled, money, skipped};
use crate::api;

/// A product with all its variants.
///
/// # Errors
/// [`Skipped`](connector_core::Skipped) when a price is no amount of money.
pub fn product(product: api::Product) -> Mapped {
    let (id, updated_at) = (product.id.clone(), product.updated_at);
    match map(product) {
        Ok(model) => Ok(Record::upsert(
            id.tail(),
            Some(updated_at),
            Model::Product(Box::new(model)),
        )),
        Err(error) => Err(skipped(&id, &error)),
    }
}

fn map(product: api::Product) -> Result<Product> {
    let currency = Currency::from_code(&product.price_range_v2.min_variant_price.currency_code)?;
    let variants = product.variants.nodes.into_iter();
    Ok(Product {
        title: product.title,
        description: filled(product.description_html),
        handle: Some(product.handle),
        brand: filled(Some(product.vendor)),
        product_type: filled(Some(product.product_type)),
        style_code: None,
        status: status(&product.status),
        tags: product.tags,
        url: product.online_store_url,
        image_url: product
            .featured_media
            .and_then(|media| media.preview)
            .and_then(|preview| preview.image)
            .map(|image| image.url),
        options: product
            .options
            .into_iter()
            .map(|option| ProductOption {
                name: option.name,
                values: option.values,
            })
            .collect(),
        retail_price: None,
        created_at: Some(product.created_at),
        updated_at: Some(product.updated_at),
        published_at: product.published_at,
        variants: variants
            .map(|variant| self::variant(variant, currency))
            .collect::<Result<_>>()?,
    })
}

fn variant(variant: api::Variant, currency: Currency) -> Result<ProductVariant> {
    let item = variant.inventory_item;
    Ok(ProductVariant {
        external_id: variant.id.tail().to_owned(),
        title: variant.title,
        sku: filled(variant.sku),
        barcode: filled(variant.barcode),
        option_values: variant
            .selected_options
            .into_iter()
            .map(|option| option.value)
            .collect(),
        price: Some(Money::from_decimal(&variant.price, currency)?),
        compare_at_price: variant
            .compare_at_price
            .map(|price| Money::from_decimal(&price, currency))
            .transpose()?,
        unit_cost: item.unit_cost.as_ref().map(money).transpose()?,
        inventory_quantity: variant.inventory_quantity,
        inventory_item_id: Some(item.id.tail().to_owned()),
        weight_grams: item
            .measurement
            .and_then(|measurement| measurement.weight)
            .and_then(|weight| grams(&weight)),
        position: Some(variant.position),
        created_at: Some(variant.created_at),
        updated_at: Some(variant.updated_at),
    })
}

/// `UNLISTED` products can be bought by whoever has the address, so they are active.
fn status(word: &str) -> ProductStatus {
    match word {
        "ACTIVE" | "UNLISTED" => ProductStatus::Active,
        "DRAFT" => ProductStatus::Draft,
        "ARCHIVED" => ProductStatus::Archived,
        _ => ProductStatus::Unknown,
    }
}

/// Whole grams; `None` for units that are not known, and for weights that nothing has.
fn grams(weight: &api::Weight) -> Option<i64> {
    let per_unit = match weight.unit.as_str() {
        "GRAMS" => 1.0,
        "KILOGRAMS" => 1000.0,
        "OUNCES" => 28.349_523_125,
        "POUNDS" => 453.592_37,
        _ => return None,
    };
    let grams = (weight.value * per_unit).round();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it is checked to be well within"
    )]
    (0.0..1e12).contains(&grams).then_some(grams as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_become_grams() {
        let weigh = |value, unit: &str| {
            grams(&api::Weight {
                value,
                unit: unit.to_owned(),
            })
        };
        assert_eq!(weigh(1.5, "KILOGRAMS"), Some(1500));
        assert_eq!(weigh(1.0, "POUNDS"), Some(454));
        assert_eq!(weigh(2.0, "OUNCES"), Some(57));
        assert_eq!(weigh(2.0, "STONES"), None);
        assert_eq!(weigh(f64::MAX, "GRAMS"), None);
        assert_eq!(weigh(-1.0, "GRAMS"), None);
    }

    #[test]
    fn a_new_word_for_a_status_is_unknown() {
        assert_eq!(status("SUSPENDED"), ProductStatus::Unknown);
        assert_eq!(status("UNLISTED"), ProductStatus::Active);
    }
}
