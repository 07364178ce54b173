//! Listing → listing.

use connector_core::Model;
use connector_core::model::{Listing, ListingStatus};

use super::{Mapped, size, text, upsert, usd};
use crate::api;

/// One offer, which is always of one item.
pub(crate) fn listing(listing: api::Listing) -> Mapped {
    let status = listing
        .status
        .as_ref()
        .map_or(ListingStatus::Unknown, status);
    let model = Listing {
        product_external_id: text(listing.catalog_id),
        title: None,
        sku: text(listing.sku),
        size: listing.size.map(size),
        size_unit: listing
            .size_unit
            .and_then(|unit| unit.short())
            .map(|unit| unit.to_ascii_uppercase()),
        condition: listing.condition.and_then(|condition| condition.short()),
        packaging_condition: listing
            .packaging_condition
            .and_then(|condition| condition.short()),
        price: usd(listing.price_cents),
        quantity: match status {
            ListingStatus::Active | ListingStatus::Inactive | ListingStatus::Pending => Some(1),
            ListingStatus::Sold | ListingStatus::Deleted => Some(0),
            _ => None,
        },
        status,
        platform_status: listing
            .status
            .map(|status| status.to_string())
            .unwrap_or_default(),
        consigned: listing.consigned,
        url: None,
        created_at: listing.created_at,
        updated_at: listing.updated_at,
        activated_at: listing.activated_at,
    };
    upsert(
        listing.id,
        listing.updated_at,
        Model::Listing(Box::new(model)),
    )
}

fn status(status: &api::ListingStatus) -> ListingStatus {
    [
        (api::ListingStatus::ACTIVE, ListingStatus::Active),
        (api::ListingStatus::INACTIVE, ListingStatus::Inactive),
        (api::ListingStatus::PENDING, ListingStatus::Pending),
        (api::ListingStatus::SOLD, ListingStatus::Sold),
        (api::ListingStatus::DELETED, ListingStatus::Deleted),
    ]
    .into_iter()
    .find(|(word, _)| word == status)
    .map_or(ListingStatus::Unknown, |(_, status)| status)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(json: serde_json::Value) -> Listing {
        let record = listing(serde_json::from_value(json).unwrap()).unwrap();
        match record.change {
            connector_core::Change::Upsert(Model::Listing(listing)) => *listing,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_listing_is_mapped() {
        let listing = read(json!({
            "id": "l-1", "catalog_id": "shoe-1", "condition": "CONDITION_NEW_WITH_DEFECTS",
            "packaging_condition": "PACKAGING_CONDITION_MISSING_LID", "size": 7.5,
            "size_unit": "SIZE_UNIT_US", "sku": "HQ7978 100", "consigned": false,
            "updated_at": "2024-01-02T00:00:00Z", "status": "LISTING_STATUS_ACTIVE",
            "price_cents": "25000", "activated_at": null, "metadata": {"k": "v"}, "defects": [],
        }));
        assert_eq!(listing.condition.as_deref(), Some("new_with_defects"));
        assert_eq!(listing.packaging_condition.as_deref(), Some("missing_lid"));
        assert_eq!(
            (listing.size.as_deref(), listing.size_unit.as_deref()),
            (Some("7.5"), Some("US"))
        );
        assert_eq!(listing.price.unwrap().minor, 25_000);
        assert_eq!(
            (listing.status, listing.quantity),
            (ListingStatus::Active, Some(1))
        );
    }

    #[test]
    fn a_status_that_nobody_knows_is_kept_in_its_own_word() {
        let listing = read(json!({"id": "l-1", "status": "LISTING_STATUS_ON_ICE"}));
        assert_eq!(
            (listing.status, listing.quantity),
            (ListingStatus::Unknown, None)
        );
        assert_eq!(listing.platform_status, "LISTING_STATUS_ON_ICE");
    }
}
