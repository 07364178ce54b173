//! Catalogue item → product.

use connector_core::Record;
use connector_core::model::{Model, Product, ProductOption, ProductStatus, ProductVariant};

use super::{Mapped, Skipped, text};
use crate::api::{CatalogItem, CatalogSummary, Marketplace};

/// What a barcode is called, the one that most products have first.
const BARCODES: [&str; 4] = ["EAN", "UPC", "GTIN", "ISBN"];

/// What Amazon's catalogue says of a product in one marketplace. Its one variant is itself: to Amazon
/// every size of a thing is a product of its own.
///
/// # Errors
/// [`Skipped`] for one without an ASIN.
pub fn product(item: CatalogItem, marketplace: &Marketplace) -> Mapped {
    let is_here = |id: &Option<String>| id.as_ref().is_none_or(|id| *id == marketplace.id);
    let asin = item.asin;
    if asin.is_empty() {
        return Err(Skipped::new("", "it has no ASIN"));
    }
    let summary = item
        .summaries
        .into_iter()
        .find(|summary| is_here(&summary.marketplace_id))
        .unwrap_or_default();
    let numbers: Vec<_> = item
        .identifiers
        .into_iter()
        .filter(|numbers| is_here(&numbers.marketplace_id))
        .flat_map(|numbers| numbers.identifiers)
        .collect();
    let barcode = BARCODES.iter().find_map(|kind| {
        let mut numbers = numbers.iter();
        numbers.find(|number| number.identifier_type.eq_ignore_ascii_case(kind))
    });
    let image = item
        .images
        .into_iter()
        .filter(|images| is_here(&images.marketplace_id))
        .flat_map(|images| images.images)
        .filter(|image| image.variant.as_deref() == Some("MAIN"))
        .max_by_key(|image| image.height);
    let kind = item
        .product_types
        .into_iter()
        .find(|kind| is_here(&kind.marketplace_id));
    let title = text(summary.item_name.clone()).unwrap_or_else(|| asin.clone());
    let (options, option_values) = options(&summary);
    let variant = ProductVariant {
        external_id: asin.clone(),
        title: title.clone(),
        sku: None,
        barcode: text(barcode.map(|number| number.identifier.clone())),
        option_values,
        price: None,
        compare_at_price: None,
        unit_cost: None,
        inventory_quantity: None,
        inventory_item_id: None,
        weight_grams: None,
        position: Some(1),
        created_at: None,
        updated_at: None,
    };
    let product = Product {
        title,
        description: None,
        handle: None,
        brand: text(summary.brand),
        product_type: text(kind.and_then(|kind| kind.product_type))
            .map(|kind| kind.to_ascii_lowercase()),
        style_code: text(summary.model_number).or_else(|| text(summary.part_number)),
        status: ProductStatus::Unknown,
        tags: Vec::new(),
        url: Some(format!("https://{}/dp/{asin}", marketplace.domain_name)),
        image_url: image.map(|image| image.link),
        options,
        retail_price: None,
        created_at: None,
        updated_at: None,
        published_at: None,
        variants: vec![variant],
    };
    let model = Model::Product(Box::new(product));
    Ok(Record::upsert(asin, None, model))
}

/// Size and colour, as far as there are any, with the one value that each has.
fn options(summary: &CatalogSummary) -> (Vec<ProductOption>, Vec<String>) {
    let options = [("Size", &summary.size), ("Color", &summary.color)];
    options
        .into_iter()
        .filter_map(|(name, value)| {
            let value = text(value.clone())?;
            let option = ProductOption {
                name: name.to_owned(),
                values: vec![value.clone()],
            };
            Some((option, value))
        })
        .unzip()
}

#[cfg(test)]
mod tests {
    use connector_core::Change;
    use serde_json::{Value, json};

    use super::*;

    fn mapped(item: Value) -> Product {
        let marketplace = Marketplace {
            id: "ATVPDKIKX0DER".to_owned(),
            name: None,
            country_code: "US".to_owned(),
            default_currency_code: "USD".to_owned(),
            domain_name: "www.amazon.com".to_owned(),
        };
        let record = product(serde_json::from_value(item).unwrap(), &marketplace).unwrap();
        assert_eq!(record.external_id, "B000MADEUP");
        match record.change {
            Change::Upsert(Model::Product(product)) => *product,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_product_is_what_it_is_in_its_marketplace() {
        let product = mapped(json!({
            "asin": "B000MADEUP",
            "summaries": [
                {"marketplaceId": "A1F83G8C2ARO7P", "itemName": "Elsewhere"},
                {"marketplaceId": "ATVPDKIKX0DER", "itemName": "A shirt", "brand": "Made Up", "size": "M", "modelNumber": "M1"}],
            "identifiers": [{"marketplaceId": "ATVPDKIKX0DER", "identifiers": [
                {"identifierType": "UPC", "identifier": "1"}, {"identifierType": "EAN", "identifier": "2"}]}],
            "images": [{"marketplaceId": "ATVPDKIKX0DER", "images": [
                {"variant": "MAIN", "link": "https://images.example.com/small.jpg", "height": 75},
                {"variant": "MAIN", "link": "https://images.example.com/large.jpg", "height": 500},
                {"variant": "PT01", "link": "https://images.example.com/back.jpg", "height": 900}]}],
            "productTypes": [{"marketplaceId": "ATVPDKIKX0DER", "productType": "SHIRT"}],
        }));
        assert_eq!(
            (product.title.as_str(), product.brand.as_deref()),
            ("A shirt", Some("Made Up"))
        );
        assert_eq!(
            product.url.as_deref(),
            Some("https://www.amazon.com/dp/B000MADEUP")
        );
        assert_eq!(
            product.image_url.as_deref(),
            Some("https://images.example.com/large.jpg")
        );
        assert_eq!(
            (
                product.product_type.as_deref(),
                product.style_code.as_deref()
            ),
            (Some("shirt"), Some("M1"))
        );
        let [variant] = product.variants.as_slice() else {
            panic!("one variant")
        };
        assert_eq!(variant.barcode.as_deref(), Some("2"));
        assert_eq!(
            (product.options.len(), variant.option_values.as_slice()),
            (1, &["M".to_owned()][..])
        );
    }

    #[test]
    fn of_what_has_no_name_the_asin_is_known() {
        let product = mapped(json!({"asin": "B000MADEUP"}));
        assert_eq!(product.title, "B000MADEUP");
        assert_eq!((product.image_url, product.options), (None, Vec::new()));
    }
}
