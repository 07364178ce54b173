//! Products of catalogues.

use connector_core::model::{Currency, Money, Product, ProductStatus, ProductVariant};
use connector_core::{Model, Record, Skipped};
use serde_json::Number;

use super::pin::widest;
use super::{Mapped, text};
use crate::api::CatalogProduct;

/// A product of a retail catalogue, by the id of its pin: the merchant's own id may be in several
/// feeds. Each is a product with one variant, as a page doesn't tell which others are of its group.
///
/// # Errors
/// What is no retail product, and a price that is no money.
pub fn product(product: CatalogProduct) -> Mapped {
    let CatalogProduct {
        catalog_type,
        metadata,
        pin,
    } = product;
    let skipped = |why: &str| Skipped::new(&pin.id, why);
    if catalog_type.is_some_and(|kind| kind != "RETAIL") {
        return Err(skipped("it is not of a retail catalogue"));
    }
    let currency = match text(metadata.currency) {
        Some(code) => {
            Some(Currency::from_code(&code).map_err(|_cause| skipped("its currency is unknown"))?)
        }
        None => None,
    };
    let money = |amount: Option<Number>| match (amount, currency) {
        (Some(amount), Some(currency)) => Money::from_decimal(&amount.to_string(), currency)
            .map(Some)
            .map_err(|_cause| skipped("its price is no amount of money")),
        _ => Ok(None),
    };
    let price = money(metadata.price)?;
    let sale = money(metadata.sale_price)?;
    let sku = text(metadata.item_id);
    let title = text(pin.title).or_else(|| sku.clone());
    let title = title.unwrap_or_else(|| pin.id.clone());
    let variant = ProductVariant {
        external_id: pin.id.clone(),
        title: title.clone(),
        sku,
        barcode: None,
        option_values: Vec::new(),
        price: sale.or(price),
        compare_at_price: sale.and(price),
        unit_cost: None,
        inventory_quantity: None,
        inventory_item_id: None,
        weight_grams: None,
        position: Some(1),
        created_at: None,
        updated_at: None,
    };
    let model = Product {
        title,
        description: text(pin.description),
        handle: None,
        brand: None,
        product_type: None,
        // The group's id is the merchant's own, and no code of a maker's.
        style_code: None,
        // What is out of stock is shown all the same; the one word for that is among the tags.
        status: ProductStatus::Active,
        tags: text(metadata.availability).into_iter().collect(),
        url: text(pin.link),
        image_url: pin.media.and_then(widest),
        options: Vec::new(),
        retail_price: None,
        created_at: None,
        updated_at: None,
        published_at: None,
        variants: vec![variant],
    };
    Ok(Record::upsert(
        pin.id,
        None,
        Model::Product(Box::new(model)),
    ))
}

#[cfg(test)]
mod tests {
    use connector_core::Change;

    use super::*;

    fn read(json: &str) -> Product {
        let record = product(serde_json::from_str(json).unwrap()).unwrap();
        match record.change {
            Change::Upsert(Model::Product(product)) => *product,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_lower_price_for_the_time_being_is_the_price() {
        let product = read(
            r#"{"catalog_type":"RETAIL","metadata":{"item_id":"DS0294-L","item_group_id":"DS0294","availability":"PREORDER","currency":"USD","price":24.99,"sale_price":14.9},"pin":{"id":"9","title":" ","description":"Blue","link":"https://studio.example/vase"}}"#,
        );
        let variant = &product.variants[0];
        assert_eq!(variant.price.unwrap().to_string(), "14.90 USD");
        assert_eq!(variant.compare_at_price.unwrap().to_string(), "24.99 USD");
        assert_eq!(product.title, "DS0294-L");
        assert_eq!(product.tags, ["PREORDER"]);
        let plain = read(
            r#"{"metadata":{"currency":"JPY","price":1200,"sale_price":null},"pin":{"id":"9","title":"花瓶"}}"#,
        );
        let variant = &plain.variants[0];
        assert_eq!(variant.price.unwrap().to_string(), "1200 JPY");
        assert_eq!(variant.compare_at_price, None);
    }

    #[test]
    fn what_is_no_retail_product_is_said() {
        for (json, why) in [
            (
                r#"{"catalog_type":"HOTEL","metadata":{},"pin":{"id":"9"}}"#,
                "it is not of a retail catalogue",
            ),
            (
                r#"{"metadata":{"currency":"ZZZ","price":1},"pin":{"id":"9"}}"#,
                "its currency is unknown",
            ),
            (
                r#"{"metadata":{"currency":"USD","price":1e300},"pin":{"id":"9"}}"#,
                "its price is no amount of money",
            ),
        ] {
            let skipped = product(serde_json::from_str(json).unwrap()).unwrap_err();
            assert_eq!(skipped.reason, why);
            assert_eq!(skipped.external_id.as_deref(), Some("9"));
        }
    }
}
