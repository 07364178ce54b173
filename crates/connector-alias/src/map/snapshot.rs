//! Availability → market snapshot.

use std::fmt;

use connector_core::Model;
use connector_core::model::MarketSnapshot;

use super::{Kind, Mapped, size, skipped, upsert, usd};
use crate::api::AvailabilityVariant;

/// What was asked about.
#[derive(Clone, Debug)]
pub(crate) struct Market {
    /// The item.
    pub(crate) catalog_id: String,
    /// The region; `None` for all of them together.
    pub(crate) region: Option<String>,
}

/// What the id of a snapshot is made of: what it is about, and what was asked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SnapshotId {
    /// The item in its size and condition.
    pub(crate) kind: Kind,
    /// Whether only goods that alias keeps are meant, or only others.
    pub(crate) consigned: Option<bool>,
    /// The region; `None` for all of them together.
    pub(crate) region: Option<String>,
}

impl SnapshotId {
    /// Reads an id back; `None` for what can't be one.
    pub(crate) fn parse(id: &str) -> Option<Self> {
        let (rest, region) = match id.rsplit_once("/region-") {
            Some((rest, region)) if is_region(region) => (rest, Some(region.to_owned())),
            _ => (id, None),
        };
        let (rest, consigned) = match rest.rsplit_once('/')? {
            (rest, "consigned") => (rest, Some(true)),
            (rest, "not_consigned") => (rest, Some(false)),
            _ => (rest, None),
        };
        Some(Self {
            kind: Kind::parse(rest)?,
            consigned,
            region,
        })
    }

    /// What to ask about.
    pub(crate) fn market(&self) -> Market {
        Market {
            catalog_id: self.kind.catalog_id.clone(),
            region: self.region.clone(),
        }
    }
}

/// `catalog_id/size/condition/packaging`, then `/consigned` or `/not_consigned` and `/region-1` where
/// that was asked for.
impl fmt::Display for SnapshotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        match self.consigned {
            Some(true) => f.write_str("/consigned")?,
            Some(false) => f.write_str("/not_consigned")?,
            None => {}
        }
        match &self.region {
            Some(region) => write!(f, "/region-{region}"),
            None => Ok(()),
        }
    }
}

/// Whether this can be a region: they are small numbers, of which alias publishes no list.
pub(crate) fn is_region(id: &str) -> bool {
    (1..=4).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
}

/// The prices of one item in one size and condition. One without any price is a snapshot too: it says
/// that there is none.
pub(crate) fn snapshot(market: &Market, variant: AvailabilityVariant) -> Mapped {
    let id = &market.catalog_id;
    let Some(in_size) = variant.size else {
        return Err(skipped(id, "a price has no size"));
    };
    let condition = variant.product_condition.and_then(|word| word.short());
    let packaging = variant.packaging_condition.and_then(|word| word.short());
    let external_id = SnapshotId {
        kind: Kind::new(id, in_size, condition.as_deref(), packaging.as_deref()),
        consigned: variant.consigned,
        region: market.region.clone(),
    };
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
    upsert(
        external_id.to_string(),
        None,
        Model::MarketSnapshot(Box::new(model)),
    )
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
    fn an_id_is_read_back() {
        for id in [
            "shoe-1/7.5/new/good_condition",
            "shoe-1/0/any/any/consigned",
            "shoe-1/10/used/missing_lid/region-2",
            "shoe-1/10/used/missing_lid/not_consigned/region-12",
            "odd/region-1/10/used/missing_lid",
        ] {
            assert_eq!(SnapshotId::parse(id).unwrap().to_string(), id);
        }
        for id in ["", "shoe-1", "shoe-1/7.5/new/consigned", "1/2/3/region-2"] {
            assert_eq!(SnapshotId::parse(id), None, "{id}");
        }
        // No region: what stands there is the box's condition, in a word that alias doesn't have.
        let odd = SnapshotId::parse("shoe-1/7.5/new/region-").unwrap();
        assert_eq!((odd.kind.packaging.as_str(), odd.region), ("region-", None));
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
