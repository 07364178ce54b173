//! Products of Merchant Center: each offer is a product with one variant, as Google knows them one by
//! one and no more than hints at what belongs together.

use chrono::{DateTime, Utc};
use connector_core::Record;
use connector_core::model::{
    Currency, Model, Money, Product, ProductOption, ProductStatus, ProductVariant,
};

use super::{Mapped, Skipped, micros, text};
use crate::api::{Interval, MerchantProduct, Price, ProductAttributes, Weight};

/// A product as it is at this time: a sale has its days.
///
/// # Errors
/// A product without a name can't be told from another, and one without a title is nothing yet.
pub fn product(product: MerchantProduct, now: DateTime<Utc>) -> Mapped {
    let name = product.name.clone();
    let failed = |reason| Skipped::new(&name, reason);
    if name.trim().is_empty() {
        return Err(failed("a product without a name"));
    }
    let status = status(&product);
    let of = product.product_attributes;
    let title = text(of.title.clone()).ok_or_else(|| failed("a product without a title"))?;
    let regular = price(of.price.as_ref()).map_err(failed)?;
    let sale = price(of.sale_price.as_ref()).map_err(failed)?;
    let sale = sale.filter(|_| is_on(of.sale_price_effective_date.as_ref(), now));
    let options = options(&of);
    let values: Vec<String> = options
        .iter()
        .flat_map(|option| option.values.clone())
        .collect();
    let variant_title = if values.is_empty() {
        title.clone()
    } else {
        values.join(" / ")
    };
    let report = product.product_status;
    let variant = ProductVariant {
        external_id: name.clone(),
        title: variant_title,
        sku: text(Some(product.offer_id)),
        barcode: of.gtins.first().cloned(),
        option_values: values,
        compare_at_price: regular.filter(|_| sale.is_some()),
        price: sale.or(regular),
        unit_cost: price(of.cost_of_goods_sold.as_ref()).map_err(failed)?,
        // How many there are Google doesn't know; only where there are none.
        inventory_quantity: (of.availability.as_deref() == Some("OUT_OF_STOCK")).then_some(0),
        inventory_item_id: None,
        weight_grams: of.product_weight.as_ref().and_then(grams),
        position: Some(1),
        created_at: report.creation_date,
        updated_at: report.last_update_date,
    };
    let labels = [
        of.custom_label0,
        of.custom_label1,
        of.custom_label2,
        of.custom_label3,
        of.custom_label4,
    ];
    Ok(Record::upsert(
        name,
        report.last_update_date,
        Model::Product(Box::new(Product {
            title,
            description: text(of.description),
            handle: None,
            brand: text(of.brand),
            product_type: text(of.product_types.into_iter().next())
                .or_else(|| text(of.google_product_category)),
            style_code: text(of.mpn),
            status,
            tags: labels.into_iter().filter_map(text).collect(),
            url: text(of.link),
            image_url: text(of.image_link),
            options,
            retail_price: None,
            created_at: report.creation_date,
            updated_at: report.last_update_date,
            published_at: None,
            variants: vec![variant],
        })),
    ))
}

/// Active is what Google may show somewhere, and a draft is what it hasn't decided on anywhere. One
/// that it refuses everywhere is neither (Merchant API v1, `ProductStatus.destinationStatuses`).
fn status(product: &MerchantProduct) -> ProductStatus {
    let surfaces = &product.product_status.destination_statuses;
    if product.archived {
        ProductStatus::Archived
    } else if surfaces.iter().any(|it| !it.approved_countries.is_empty()) {
        ProductStatus::Active
    } else if surfaces.iter().any(|it| !it.pending_countries.is_empty()) {
        ProductStatus::Draft
    } else {
        ProductStatus::Unknown
    }
}

/// What tells a product from others of its group.
fn options(of: &ProductAttributes) -> Vec<ProductOption> {
    let option = |(name, value): (&str, &Option<String>)| {
        Some(ProductOption {
            name: name.to_owned(),
            values: vec![text(value.clone())?],
        })
    };
    [
        ("size", &of.size),
        ("color", &of.color),
        ("material", &of.material),
        ("pattern", &of.pattern),
    ]
    .into_iter()
    .filter_map(option)
    .collect()
}

/// An amount; none where Google gives none.
fn price(price: Option<&Price>) -> Result<Option<Money>, &'static str> {
    let Some(micros) = price.and_then(|price| price.amount_micros) else {
        return Ok(None);
    };
    let code = price.and_then(|price| price.currency_code.as_deref());
    let currency = code.and_then(|code| Currency::from_code(code).ok());
    let currency = currency.ok_or("money in no known currency")?;
    let money = micros::money(micros.0, currency);
    money.map(Some).ok_or("an amount that can't be reckoned")
}

fn is_on(days: Option<&Interval>, now: DateTime<Utc>) -> bool {
    days.is_none_or(|days| {
        days.start_time.is_none_or(|start| start <= now)
            && days.end_time.is_none_or(|end| now < end)
    })
}

/// Whole grams, of a weight that is one.
fn grams(weight: &Weight) -> Option<i64> {
    let each = match weight.unit.to_lowercase().as_str() {
        "g" => 1.0,
        "kg" => 1_000.0,
        "oz" => 28.349_523_125,
        "lb" => 453.592_37,
        _ => return None,
    };
    let grams = (weight.value * each).round();
    // A tonne of tonnes is no product, and a whole number below it is exact.
    let fits = grams > 0.0 && grams < 1e12;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it is whole and was compared with what fits"
    )]
    fits.then_some(grams as i64)
}

#[cfg(test)]
mod tests {
    use connector_core::Change;
    use serde_json::{Value, json};

    use super::*;

    fn map(value: Value) -> Mapped {
        let now = "2026-11-20T12:00:00Z".parse().unwrap();
        product(serde_json::from_value(value).unwrap(), now)
    }

    fn product_of(value: Value) -> Product {
        match map(value).unwrap().change {
            Change::Upsert(Model::Product(product)) => *product,
            other => panic!("{other:?}"),
        }
    }

    fn one(attributes: &Value, status: &Value) -> Value {
        json!({
            "name": "accounts/1/products/da~DK~SKU-1", "offerId": "SKU-1",
            "productAttributes": attributes, "productStatus": status,
        })
    }

    #[test]
    fn a_product_has_one_variant_with_its_price() {
        let full = json!({
            "title": "Dress", "brand": "Sandkasse", "gtins": ["5712345678904"], "mpn": "D-1",
            "productTypes": ["Dresses > Bridal"], "size": "M", "color": "Ivory",
            "price": {"amountMicros": "1999950000", "currencyCode": "DKK"},
            "salePrice": {"amountMicros": "999000000", "currencyCode": "DKK"},
            "productWeight": {"value": 1.2, "unit": "kg"}, "availability": "OUT_OF_STOCK",
        });
        let status = json!({"lastUpdateDate": "2026-11-19T08:00:00Z", "destinationStatuses": [
            {"reportingContext": "SHOPPING_ADS", "disapprovedCountries": ["DK"]},
            {"reportingContext": "FREE_LISTINGS", "approvedCountries": ["DK"]},
        ]});
        let product = product_of(one(&full, &status));
        assert_eq!(product.status, ProductStatus::Active);
        assert_eq!(product.style_code.as_deref(), Some("D-1"));
        assert!(product.updated_at.is_some());
        let variant = &product.variants[0];
        assert_eq!(variant.title, "M / Ivory");
        assert_eq!(variant.sku.as_deref(), Some("SKU-1"));
        assert_eq!(variant.price.map(|price| price.minor), Some(99_900));
        let before = variant.compare_at_price.map(|price| price.minor);
        assert_eq!(before, Some(199_995));
        assert_eq!(variant.weight_grams, Some(1_200));
        assert_eq!(variant.inventory_quantity, Some(0));
    }

    #[test]
    fn a_sale_has_its_days() {
        let price = |end: &str| {
            let attributes = json!({
                "title": "Dress",
                "price": {"amountMicros": "20000000", "currencyCode": "EUR"},
                "salePrice": {"amountMicros": "10000000", "currencyCode": "EUR"},
                "salePriceEffectiveDate": {"startTime": "2026-11-01T00:00:00Z", "endTime": end},
            });
            let product = product_of(one(&attributes, &json!({})));
            product.variants[0].price.unwrap().minor
        };
        assert_eq!(price("2026-11-30T00:00:00Z"), 1_000);
        assert_eq!(price("2026-11-19T00:00:00Z"), 2_000);
    }

    #[test]
    fn what_is_refused_everywhere_is_not_active() {
        let status = |key: &str| {
            let report = json!({"destinationStatuses": [{key: ["DK"]}]});
            product_of(one(&json!({"title": "Dress"}), &report)).status
        };
        assert_eq!(status("disapprovedCountries"), ProductStatus::Unknown);
        assert_eq!(status("pendingCountries"), ProductStatus::Draft);
        assert_eq!(status("approvedCountries"), ProductStatus::Active);
        let none = product_of(one(&json!({"title": "Dress"}), &json!({})));
        assert_eq!(none.status, ProductStatus::Unknown);
        // A price that isn't told is no price.
        assert_eq!(none.variants[0].price, None);
    }

    #[test]
    fn what_cannot_be_told_or_paid_is_skipped() {
        assert!(map(json!({"offerId": "1"})).is_err());
        let untitled = map(one(&json!({}), &json!({}))).unwrap_err();
        assert_eq!(
            untitled.external_id.as_deref(),
            Some("accounts/1/products/da~DK~SKU-1")
        );
        let odd = json!({"title": "x", "price": {"amountMicros": "1", "currencyCode": "???"}});
        assert!(map(one(&odd, &json!({}))).is_err());
    }
}
