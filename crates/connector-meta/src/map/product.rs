//! What is in a catalogue as products, each with the one variant that it is.

use chrono::{DateTime, Utc};
use connector_core::model::{
    Currency, Money, Product, ProductOption, ProductStatus, ProductVariant,
};
use connector_core::{Model, Record, Skipped};

use super::price::price;
use super::{Mapped, text};
use crate::api::{CatalogProduct, parse_time};

/// Something in a catalogue. `now` says whether its price for a while is the one that counts.
pub fn product(it: CatalogProduct, now: DateTime<Utc>) -> Mapped {
    let skipped = |reason: &str| Skipped::new(&it.id, reason);
    let title = text(it.name.clone()).or_else(|| text(it.retailer_id.clone()));
    let title =
        title.ok_or_else(|| skipped("it has neither a name nor an id of the merchant's"))?;
    let (now_costs, did_cost) = prices(&it, now).map_err(skipped)?;
    let options: Vec<(&str, String)> = [("Color", &it.color), ("Size", &it.size)]
        .into_iter()
        .filter_map(|(name, value)| Some((name, text(value.clone())?)))
        .collect();
    let variant = ProductVariant {
        external_id: it.id.clone(),
        title: title.clone(),
        sku: text(it.retailer_id.clone()),
        barcode: text(it.gtin.clone()),
        option_values: options.iter().map(|(_, value)| value.clone()).collect(),
        price: now_costs,
        compare_at_price: did_cost,
        unit_cost: None,
        inventory_quantity: inventory(&it),
        inventory_item_id: None,
        weight_grams: None,
        position: Some(1),
        created_at: None,
        updated_at: None,
    };
    let option = |(name, value): (&str, String)| ProductOption {
        name: name.to_owned(),
        values: vec![value],
    };
    let product = Product {
        title,
        description: text(it.description.clone()),
        handle: None,
        brand: text(it.brand.clone()),
        product_type: text(it.product_type.clone()).or_else(|| text(it.category.clone())),
        style_code: None,
        status: status(&it),
        tags: Vec::new(),
        url: text(it.url.clone()),
        image_url: text(it.image_url.clone()),
        options: options.into_iter().map(option).collect(),
        retail_price: None,
        created_at: None,
        updated_at: None,
        published_at: None,
        variants: vec![variant],
    };
    Ok(Record::upsert(
        it.id,
        None,
        Model::Product(Box::new(product)),
    ))
}

/// Whether it is sold. What Meta's review refused isn't, and has no word of its own here.
fn status(it: &CatalogProduct) -> ProductStatus {
    let review = it.review_status.as_deref().unwrap_or_default();
    match (it.availability.as_deref(), it.visibility.as_deref()) {
        (Some("discontinued" | "mark_as_sold" | "mark_as_expired"), _) => ProductStatus::Archived,
        (_, Some("staging")) => ProductStatus::Draft,
        (_, Some("published") | None) => match review.to_ascii_lowercase().as_str() {
            "approved" | "" | "no_review" => ProductStatus::Active,
            "pending" => ProductStatus::Draft,
            _ => ProductStatus::Unknown,
        },
        _ => ProductStatus::Unknown,
    }
}

/// How many can be sold: what the merchant says, and none of what is out of stock.
fn inventory(it: &CatalogProduct) -> Option<i64> {
    let none = it.availability.as_deref() == Some("out of stock");
    if none { Some(0) } else { it.inventory }
}

/// What it costs, and what it costs otherwise where that is more than a price for a while.
fn prices(
    it: &CatalogProduct,
    now: DateTime<Utc>,
) -> Result<(Option<Money>, Option<Money>), &'static str> {
    let read = |written: &Option<String>, reason| match text(written.clone()) {
        Some(written) => {
            let currency = currency(it).ok_or("its currency is none")?;
            price(&written, currency).map(Some).ok_or(reason)
        }
        None => Ok(None),
    };
    let usual = read(&it.price, "its price can't be read")?;
    let sale = read(&it.sale_price, "its price for a while can't be read")?;
    let at = |date: &Option<String>| date.as_deref().and_then(parse_time);
    // A date that can't be read is taken for one that isn't now.
    let begun = at(&it.sale_price_start_date)
        .map_or(text(it.sale_price_start_date.clone()).is_none(), |begin| {
            begin <= now
        });
    let lasts = at(&it.sale_price_end_date)
        .map_or(text(it.sale_price_end_date.clone()).is_none(), |end| {
            now < end
        });
    Ok(match sale.filter(|_| begun && lasts) {
        Some(sale) => {
            let more = usual.filter(|usual| usual.minor > sale.minor);
            (Some(sale), more)
        }
        None => (usual, None),
    })
}

fn currency(it: &CatalogProduct) -> Option<Currency> {
    Currency::from_code(it.currency.as_deref()?).ok()
}

#[cfg(test)]
mod tests {
    use connector_core::Change;

    use super::*;

    fn mapped(json: &str) -> Mapped {
        let now = "2026-11-04T12:00:00Z".parse().unwrap();
        product(serde_json::from_str(json).unwrap(), now)
    }

    fn good(json: &str) -> Product {
        match mapped(json).unwrap().change {
            Change::Upsert(Model::Product(product)) => *product,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_sold_is_what_buyers_see_and_review_let_through() {
        for (fields, status) in [
            (
                r#""visibility":"published","review_status":"approved""#,
                ProductStatus::Active,
            ),
            (
                r#""visibility":"published","review_status":"rejected""#,
                ProductStatus::Unknown,
            ),
            (
                r#""visibility":"published","review_status":"pending""#,
                ProductStatus::Draft,
            ),
            (
                r#""visibility":"staging","review_status":"approved""#,
                ProductStatus::Draft,
            ),
            (r#""availability":"discontinued""#, ProductStatus::Archived),
            (r#""visibility":"never heard of""#, ProductStatus::Unknown),
            (
                r#""availability":"out of stock","inventory":4"#,
                ProductStatus::Active,
            ),
        ] {
            let json = format!(r#"{{"id":"1","name":"Print",{fields}}}"#);
            assert_eq!(good(&json).status, status, "{fields}");
        }
        let none = good(r#"{"id":"1","name":"Print","availability":"out of stock","inventory":4}"#);
        assert_eq!(none.variants[0].inventory_quantity, Some(0));
    }

    #[test]
    fn a_price_for_a_while_counts_while_it_lasts() {
        let with = |dates: &str| {
            let product = good(&format!(
                r#"{{"id":"1","name":"Print","size":"30×40","currency":"EUR","price":"€20.00","sale_price":"€9.90"{dates}}}"#
            ));
            assert_eq!(
                product.options.len(),
                product.variants[0].option_values.len()
            );
            let minor = |price: Option<Money>| price.map(|price| price.minor);
            (
                minor(product.variants[0].price),
                minor(product.variants[0].compare_at_price),
            )
        };
        assert_eq!(with(""), (Some(990), Some(2_000)));
        let past = r#","sale_price_end_date":"2026-11-01T00:00:00+0000""#;
        assert_eq!(with(past), (Some(2_000), None));
        let odd = r#","sale_price_start_date":"soon""#;
        assert_eq!(with(odd), (Some(2_000), None));
    }

    #[test]
    fn a_price_that_cannot_be_read_is_not_made_up() {
        let odd = mapped(r#"{"id":"1","name":"Print","price":"on request 2x","currency":"EUR"}"#);
        assert!(odd.is_err(), "{odd:?}");
        let none = mapped(r#"{"id":"1","name":"Print","price":"€2.00"}"#).unwrap_err();
        assert_eq!(none.reason, "its currency is none");
        assert!(mapped(r#"{"id":"1","name":" "}"#).is_err());
        let free = good(r#"{"id":"1","retailer_id":"SKU-1","price":""}"#);
        assert_eq!(
            (free.title.as_str(), free.variants[0].price),
            ("SKU-1", None)
        );
    }
}
