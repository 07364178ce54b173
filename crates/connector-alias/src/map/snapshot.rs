//! Availability → market snapshot.

use connector_core::Model;
use connector_core::model::MarketSnapshot;

use super::{Mapped, size, skipped, upsert, usd};
use crate::api::AvailabilityVariant;

/// What was asked about.
#[derive(Clone, Debug)]
pub(crate) struct Market {
    /// The item.
    pub(crate) catalog_id: String,
    /// The region; `None` for all of them together.
    pub(crate) region: Option<String>,
}

/// The prices of one item in one size and condition. One without any price is a snapshot too: it says
/// that there is none.
///
/// Its id is made of what was asked and what it is about:
/// `catalog_id/size/condition/packaging`, then `/consigned` or `/not_consigned` and `/region-1` where
/// that was asked for.
pub(crate) fn snapshot(market: &Market, variant: AvailabilityVariant) -> Mapped {
    let id = &market.catalog_id;
    let Some(in_size) = variant.size else {
        return Err(skipped(id, "a price has no size"));
    };
    let condition = variant.product_condition.and_then(|word| word.short());
    let packaging = variant.packaging_condition.and_then(|word| word.short());
    let mut external_id = format!(
        "{id}/{}/{}/{}",
        size(in_size),
        condition.as_deref().unwrap_or("any"),
        packaging.as_deref().unwrap_or("any"),
    );
    if let Some(consigned) = variant.consigned {
        external_id.push_str(if consigned {
            "/consigned"
        } else {
            "/not_consigned"
        });
    }
    if let Some(region) = &market.region {
        external_id.push_str("/region-");
        external_id.push_str(region);
    }
    let prices = variant.availability.unwrap_or_default();
    let model = MarketSnapshot {
        product_external_id: id.clone(),
        size: Some(size(in_size)),
        size_unit: Some("US".to_owned()),
        condition,
        packaging_condition: packaging,
        region: market.region.clone(),
        consigned: variant.consigned,
        lowest_ask: usd(prices.lowest_listing_price_cents),
        highest_bid: usd(prices.highest_offer_price_cents),
        last_sale: usd(prices.last_sold_listing_price_cents),
        reference_price: usd(prices.global_indicator_price_cents),
        last_sale_at: None,
    };
    upsert(external_id, None, Model::MarketSnapshot(Box::new(model)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(region: Option<&str>, json: serde_json::Value) -> Mapped {
        let market = Market {
            catalog_id: "shoe-1".to_owned(),
            region: region.map(str::to_owned),
        };
        snapshot(&market, serde_json::from_value(json).unwrap())
    }

    #[test]
    fn ids_tell_apart_what_was_asked() {
        let variant = |consigned: Option<bool>| {
            json!({
                "size": 7.5, "product_condition": "PRODUCT_CONDITION_NEW", "consigned": consigned,
                "packaging_condition": "PACKAGING_CONDITION_GOOD_CONDITION",
                "availability": {"lowest_listing_price_cents": "9600",
                                 "highest_offer_price_cents": "0"},
            })
        };
        let id = |region, consigned| read(region, variant(consigned)).unwrap().external_id;
        assert_eq!(id(None, None), "shoe-1/7.5/new/good_condition");
        assert_eq!(
            id(Some("2"), None),
            "shoe-1/7.5/new/good_condition/region-2"
        );
        assert_eq!(
            id(Some("2"), Some(false)),
            "shoe-1/7.5/new/good_condition/not_consigned/region-2"
        );
    }

    #[test]
    fn a_price_of_zero_is_none() {
        let json = json!({"size": 0, "availability": {"lowest_listing_price_cents": "9600",
            "highest_offer_price_cents": "0", "last_sold_listing_price_cents": 0}});
        let record = read(None, json).unwrap();
        assert_eq!(record.external_id, "shoe-1/0/any/any");
        match record.change {
            connector_core::Change::Upsert(Model::MarketSnapshot(snapshot)) => {
                assert_eq!(snapshot.lowest_ask.unwrap().minor, 9_600);
                assert_eq!((snapshot.highest_bid, snapshot.last_sale), (None, None));
            }
            other => panic!("{other:?}"),
        }
        assert!(read(None, json!({})).is_err());
    }
}
