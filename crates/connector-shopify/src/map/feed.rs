//! Products of the public feed.

use connector_core::model::{
    Currency, Money, Product, ProductOption, ProductStatus, ProductVariant,
};
use connector_core::{Model, Record, Result, Skipped};

use super::{Mapped, filled};
use crate::feed::{FeedProduct, FeedVariant, Tags};

/// A product of a storefront whose prices are in `currency`.
///
/// # Errors
/// [`Skipped`] when a price is no amount of money.
pub fn feed_product(product: FeedProduct, currency: Currency) -> Mapped {
    let (id, updated_at) = (product.id.to_string(), product.updated_at);
    match map(product, currency) {
        Ok(model) => Ok(Record::upsert(
            id,
            updated_at,
            Model::Product(Box::new(model)),
        )),
        Err(error) => Err(Skipped {
            external_id: Some(id),
            reason: error.to_string(),
        }),
    }
}

fn map(product: FeedProduct, currency: Currency) -> Result<Product> {
    Ok(Product {
        title: product.title,
        description: filled(product.body_html),
        handle: Some(product.handle),
        brand: filled(product.vendor),
        product_type: filled(product.product_type),
        style_code: None,
        // The feed has only what is sold.
        status: ProductStatus::Active,
        tags: match product.tags {
            Tags::List(tags) => tags,
            Tags::Text(tags) => tags
                .split(',')
                .map(str::trim)
                .filter(|tag| !tag.is_empty())
                .map(str::to_owned)
                .collect(),
        },
        url: None,
        image_url: product.images.into_iter().next().map(|image| image.src),
        options: product
            .options
            .into_iter()
            .map(|option| ProductOption {
                name: option.name,
                values: option.values,
            })
            .collect(),
        retail_price: None,
        created_at: product.created_at,
        updated_at: product.updated_at,
        published_at: product.published_at,
        variants: product
            .variants
            .into_iter()
            .map(|variant| self::variant(variant, currency))
            .collect::<Result<_>>()?,
    })
}

fn variant(variant: FeedVariant, currency: Currency) -> Result<ProductVariant> {
    Ok(ProductVariant {
        external_id: variant.id.to_string(),
        title: variant.title,
        sku: filled(variant.sku),
        barcode: None,
        option_values: [variant.option1, variant.option2, variant.option3]
            .into_iter()
            .flatten()
            .collect(),
        price: Some(Money::from_decimal(&variant.price, currency)?),
        compare_at_price: filled(variant.compare_at_price)
            .map(|price| Money::from_decimal(&price, currency))
            .transpose()?,
        unit_cost: None,
        inventory_quantity: None,
        inventory_item_id: None,
        weight_grams: variant.grams,
        position: variant.position,
        created_at: variant.created_at,
        updated_at: variant.updated_at,
    })
}
