//! Inventory item → product with one variant, as eBay knows both by one SKU.

use connector_core::model::{Product, ProductStatus, ProductVariant};
use connector_core::{Model, Record};

use super::{Mapped, filled};
use crate::api;

/// Something that the seller has. Items of one group of variations stay apart here.
///
/// # Errors
/// None today; the type is that of the other mappings.
pub fn product(item: api::InventoryItem) -> Mapped {
    let product = item.product.unwrap_or_default();
    let title = filled(product.title.as_deref()).unwrap_or_else(|| item.sku.clone());
    let availability = item
        .availability
        .and_then(|availability| availability.ship_to_location_availability);
    let variant = ProductVariant {
        external_id: item.sku.clone(),
        title: title.clone(),
        sku: Some(item.sku.clone()),
        barcode: [&product.ean, &product.upc, &product.isbn]
            .into_iter()
            .flatten()
            .find_map(|code| filled(Some(code))),
        option_values: Vec::new(),
        price: None,
        compare_at_price: None,
        unit_cost: None,
        inventory_quantity: availability.and_then(|availability| availability.quantity),
        inventory_item_id: None,
        weight_grams: item
            .package_weight_and_size
            .and_then(|package| grams(&package.weight?)),
        position: Some(1),
        created_at: None,
        updated_at: None,
    };
    let model = Product {
        title,
        description: filled(product.description.as_deref()),
        handle: None,
        brand: filled(product.brand.as_deref()),
        product_type: None,
        style_code: filled(product.mpn.as_deref()),
        status: ProductStatus::Active,
        tags: Vec::new(),
        url: None,
        image_url: product.image_urls.into_iter().next(),
        options: Vec::new(),
        retail_price: None,
        created_at: None,
        updated_at: None,
        published_at: None,
        variants: vec![variant],
    };
    Ok(Record::upsert(
        item.sku,
        None,
        Model::Product(Box::new(model)),
    ))
}

/// A weight in whole grams; `None` in a unit that nobody knows.
fn grams(weight: &api::Weight) -> Option<i64> {
    let in_grams = match weight.unit.as_deref()? {
        "GRAM" => 1.0,
        "KILOGRAM" => 1_000.0,
        "POUND" => 453.592_37,
        "OUNCE" => 28.349_523_125,
        _ => return None,
    };
    let grams = weight.value? * in_grams;
    format!("{grams:.0}")
        .parse()
        .ok()
        .filter(|grams| *grams >= 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use connector_core::Change;
    use serde_json::json;

    fn read(json: serde_json::Value) -> Product {
        match product(serde_json::from_value(json).unwrap())
            .unwrap()
            .change
        {
            Change::Upsert(Model::Product(product)) => *product,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_item_is_a_product_with_one_variant() {
        let product = read(json!({
            "sku": "A 1", "condition": "NEW",
            "product": {
                "title": "Scarf", "brand": "Example", "mpn": "M1", "upc": ["0123"],
                "aspects": {"Colour": ["Blue"], "odd": "text"},
                "imageUrls": ["https://pictures.example/1.jpg"],
            },
            "availability": {"shipToLocationAvailability": {"quantity": 3}},
            "packageWeightAndSize": {"weight": {"value": 1.5, "unit": "POUND"}},
        }));
        assert_eq!(product.title, "Scarf");
        let variant = &product.variants[0];
        assert_eq!(variant.barcode.as_deref(), Some("0123"));
        assert_eq!(variant.weight_grams, Some(680));
        assert_eq!(variant.inventory_quantity, Some(3));
    }

    #[test]
    fn an_item_may_say_no_more_than_its_sku() {
        let product = read(json!({"sku": "A1"}));
        assert_eq!(product.title, "A1");
        assert_eq!(product.variants[0].inventory_quantity, None);
    }
}
