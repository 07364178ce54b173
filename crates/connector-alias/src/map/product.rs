//! Catalog item → product.

use connector_core::Model;
use connector_core::model::{Product, ProductOption, ProductStatus, ProductVariant};

use super::{Mapped, size, text, upsert, usd, variant_id};
use crate::api::{AllowedSize, CatalogItem};

/// A catalog item with its sizes as variants. Alias keeps no times of its own for them.
pub(crate) fn product(item: CatalogItem) -> Mapped {
    let id = item.catalog_id;
    let sizes: Vec<(String, f64)> = item
        .allowed_sizes
        .into_iter()
        .filter_map(
            |AllowedSize {
                 display_name,
                 value,
                 ..
             }| {
                let value = value?;
                Some((text(display_name).unwrap_or_else(|| size(value)), value))
            },
        )
        .collect();
    let options = if sizes.is_empty() {
        Vec::new()
    } else {
        vec![ProductOption {
            name: "Size".to_owned(),
            values: sizes.iter().map(|(label, _)| label.clone()).collect(),
        }]
    };
    let variants = (1..)
        .zip(sizes)
        .map(|(position, (label, value))| variant(&id, position, label, value))
        .collect();
    let product = Product {
        title: text(item.name).unwrap_or_else(|| id.clone()),
        description: None,
        handle: Some(id.clone()),
        brand: text(item.brand),
        product_type: text(item.product_type),
        style_code: text(item.sku),
        status: match item.resellable {
            Some(true) => ProductStatus::Active,
            Some(false) => ProductStatus::Archived,
            None => ProductStatus::Unknown,
        },
        tags: [item.gender, item.colorway, item.nickname]
            .into_iter()
            .filter_map(text)
            .collect(),
        url: None,
        image_url: text(item.main_picture_url),
        options,
        retail_price: usd(item.retail_price_cents),
        created_at: None,
        updated_at: None,
        published_at: item.release_date,
        variants,
    };
    upsert(id, None, Model::Product(Box::new(product)))
}

fn variant(catalog_id: &str, position: i64, label: String, value: f64) -> ProductVariant {
    ProductVariant {
        external_id: variant_id(catalog_id, value),
        title: label.clone(),
        sku: None,
        barcode: None,
        option_values: vec![label],
        price: None,
        compare_at_price: None,
        unit_cost: None,
        inventory_quantity: None,
        inventory_item_id: None,
        weight_grams: None,
        position: Some(position),
        created_at: None,
        updated_at: None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(json: serde_json::Value) -> Product {
        let item: CatalogItem = serde_json::from_value(json).unwrap();
        match product(item).unwrap().change {
            connector_core::Change::Upsert(Model::Product(product)) => *product,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn sizes_become_variants() {
        let product = read(json!({
            "catalog_id": "shoe-1", "name": "Shoe", "sku": "AB1234 100", "resellable": true,
            "allowed_sizes": [
                {"display_name": "7.5Y", "value": 7.5, "us_size_equivalent": 7.5},
                {"display_name": "", "value": "10", "us_size_equivalent": 10},
            ],
            "retail_price_cents": "10000", "minimum_listing_price_cents": "2500",
            "release_date": "2025-06-21", "something_new": {"a": 1},
        }));
        let ids: Vec<_> = product
            .variants
            .iter()
            .map(|v| v.external_id.as_str())
            .collect();
        assert_eq!(ids, ["shoe-1/7.5", "shoe-1/10"]);
        assert_eq!(product.options[0].values, ["7.5Y", "10"]);
        assert_eq!(product.retail_price.unwrap().to_string(), "100.00 USD");
        assert_eq!(product.status, ProductStatus::Active);
        assert_eq!(product.style_code.as_deref(), Some("AB1234 100"));
    }

    #[test]
    fn an_item_of_nothing_but_an_id_is_still_one() {
        let product = read(json!({"catalog_id": "shoe-1", "retail_price_cents": "0"}));
        assert_eq!(
            (product.title.as_str(), product.retail_price),
            ("shoe-1", None)
        );
        assert!(product.options.is_empty() && product.variants.is_empty());
    }
}
