//! Offer → listing.

use chrono::{DateTime, Utc};
use connector_core::model::{Listing, ListingStatus};
use connector_core::{Model, Record, Result};

use super::{Mapped, filled, skipped};
use crate::api;
use crate::marketplace::Marketplace;

/// An offer, with what its item says of it. It is known by the offer's id, as a listing gets another
/// id each time that its offer is published.
///
/// # Errors
/// [`Skipped`](connector_core::Skipped) when the price is no amount of money.
pub fn listing(offer: &api::Offer, item: Option<&api::InventoryItem>) -> Mapped {
    match map(offer, item) {
        Ok(model) => Ok(Record::upsert(
            offer.offer_id.clone(),
            None,
            Model::Listing(Box::new(model)),
        )),
        Err(error) => Err(skipped(&offer.offer_id, &error)),
    }
}

fn map(offer: &api::Offer, item: Option<&api::InventoryItem>) -> Result<Listing> {
    let listing = offer.listing.clone().unwrap_or_default();
    let pricing = offer.pricing_summary.clone().unwrap_or_default();
    let price = pricing.price.or(pricing.auction_start_price);
    let marketplace = offer.marketplace_id.as_deref().and_then(Marketplace::known);
    let product = item.and_then(|item| item.product.as_ref());
    let began = offer
        .listing_start_date
        .as_deref()
        .and_then(|at| DateTime::parse_from_rfc3339(at).ok())
        .map(|at| at.with_timezone(&Utc));
    Ok(Listing {
        product_external_id: filled(offer.sku.as_deref()),
        title: product.and_then(|product| filled(product.title.as_deref())),
        sku: filled(offer.sku.as_deref()),
        size: None,
        size_unit: None,
        condition: item
            .and_then(|item| filled(item.condition.as_deref()))
            .map(|condition| condition.to_ascii_lowercase()),
        packaging_condition: None,
        price: price.map(|price| price.money()).transpose()?,
        quantity: offer.available_quantity.filter(|quantity| *quantity >= 0),
        status: status(offer, &listing),
        platform_status: platform_status(offer, &listing),
        consigned: None,
        url: marketplace
            .zip(filled(listing.listing_id.as_deref()))
            .map(|(marketplace, id)| marketplace.listing_url(&id)),
        created_at: None,
        updated_at: None,
        activated_at: began,
    })
}

fn status(offer: &api::Offer, listing: &api::OfferListing) -> ListingStatus {
    if listing.listing_on_hold == Some(true) {
        return ListingStatus::Inactive;
    }
    match (offer.status.as_deref(), listing.listing_status.as_deref()) {
        (Some("UNPUBLISHED"), _) => ListingStatus::Inactive,
        (_, Some("ACTIVE")) => ListingStatus::Active,
        (_, Some("OUT_OF_STOCK" | "INACTIVE" | "ENDED" | "EBAY_ENDED" | "NOT_LISTED")) => {
            ListingStatus::Inactive
        }
        _ => ListingStatus::Unknown,
    }
}

/// eBay's two words for it: that of the offer, and that of its listing.
fn platform_status(offer: &api::Offer, listing: &api::OfferListing) -> String {
    let words: Vec<&str> = [offer.status.as_deref(), listing.listing_status.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    if words.is_empty() {
        "UNKNOWN".to_owned()
    } else {
        words.join("/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use connector_core::Change;
    use serde_json::json;

    fn read(offer: serde_json::Value) -> Listing {
        let item = json!({"sku": "A1", "condition": "USED_GOOD", "product": {"title": "Scarf"}});
        let item = serde_json::from_value(item).unwrap();
        let offer = serde_json::from_value(offer).unwrap();
        match listing(&offer, Some(&item)).unwrap().change {
            Change::Upsert(Model::Listing(listing)) => *listing,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_offer_is_mapped_with_what_its_item_says() {
        let listing = read(json!({
            "offerId": "8", "sku": "A1", "marketplaceId": "EBAY_GB", "format": "FIXED_PRICE",
            "availableQuantity": 4, "status": "PUBLISHED",
            "pricingSummary": {"price": {"value": "9.99", "currency": "GBP"}},
            "listing": {"listingId": "145", "listingStatus": "ACTIVE", "soldQuantity": 0},
        }));
        assert_eq!(listing.status, ListingStatus::Active);
        assert_eq!(listing.platform_status, "PUBLISHED/ACTIVE");
        assert_eq!(listing.price.unwrap().to_string(), "9.99 GBP");
        assert_eq!(listing.title.as_deref(), Some("Scarf"));
        assert_eq!(listing.condition.as_deref(), Some("used_good"));
        assert_eq!(
            listing.url.as_deref(),
            Some("https://www.ebay.co.uk/itm/145")
        );
    }

    #[test]
    fn buyers_see_what_is_published_in_stock_and_not_held_back() {
        for (json, expected) in [
            (
                json!({"offerId": "8", "status": "UNPUBLISHED"}),
                ListingStatus::Inactive,
            ),
            (
                json!({"offerId": "8", "status": "PUBLISHED", "listing": {"listingStatus": "OUT_OF_STOCK"}}),
                ListingStatus::Inactive,
            ),
            (
                json!({"offerId": "8", "status": "PUBLISHED", "listing": {"listingStatus": "ACTIVE", "listingOnHold": true}}),
                ListingStatus::Inactive,
            ),
            (
                json!({"offerId": "8", "status": "PUBLISHED", "listing": {"listingStatus": "NEW_WORD"}}),
                ListingStatus::Unknown,
            ),
            (json!({"offerId": "8"}), ListingStatus::Unknown),
        ] {
            assert_eq!(read(json.clone()).status, expected, "{json}");
        }
    }

    #[test]
    fn an_auction_has_the_price_that_it_starts_with() {
        let listing = read(json!({
            "offerId": "8", "format": "AUCTION",
            "pricingSummary": {"auctionStartPrice": {"value": "500", "currency": "JPY"}},
        }));
        assert_eq!(listing.price.unwrap().minor, 500);
    }
}
