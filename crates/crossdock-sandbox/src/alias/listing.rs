//! One listing: an item that the seller offers, and what may become of it.
//!
//! `ACTIVE` is documented, `INACTIVE` and `DELETED` were seen live, `PENDING` and `SOLD` are inferred
//! from the documentation's prose.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::catalog::{Catalog, CatalogItem};
use super::size::Size;
use super::status::{Outcome, Refusal};
use super::time::time;

/// Where a listing is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListingStatus {
    /// Created, but never put on sale.
    Pending,
    /// On sale.
    Active,
    /// Taken off sale, or kept off because pictures are missing.
    Inactive,
    /// Sold: an order took it.
    Sold,
    /// Deleted: only asking for it by its id still shows it.
    Deleted,
}

impl ListingStatus {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Pending => "LISTING_STATUS_PENDING",
            Self::Active => "LISTING_STATUS_ACTIVE",
            Self::Inactive => "LISTING_STATUS_INACTIVE",
            Self::Sold => "LISTING_STATUS_SOLD",
            Self::Deleted => "LISTING_STATUS_DELETED",
        }
    }

    /// As facet filters write it: `active`.
    pub(super) fn facet(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Sold => "sold",
            Self::Deleted => "deleted",
        }
    }
}

/// What a seller says of a listing to be.
#[derive(Clone, Debug)]
pub(super) struct NewListing {
    pub(super) catalog_id: String,
    pub(super) price_cents: i64,
    pub(super) condition: &'static str,
    pub(super) packaging: &'static str,
    pub(super) size: Size,
    pub(super) size_unit: &'static str,
    pub(super) activate: bool,
    pub(super) metadata: BTreeMap<String, String>,
    pub(super) defects: Vec<&'static str>,
    pub(super) additional_defects: String,
}

/// What changes; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes {
    pub(super) catalog_id: Option<String>,
    pub(super) price_cents: Option<i64>,
    pub(super) size: Option<Size>,
    pub(super) size_unit: Option<&'static str>,
}

/// One listing.
#[derive(Clone, Debug)]
pub(super) struct Listing {
    pub(super) id: String,
    pub(super) offer: NewListing,
    pub(super) sku: String,
    pub(super) status: ListingStatus,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
    pub(super) activated_at: Option<DateTime<Utc>>,
}

impl Listing {
    /// Creates a listing; it is not on sale yet.
    pub(super) fn create(
        id: String,
        offer: NewListing,
        catalog: &Catalog,
        now: DateTime<Utc>,
    ) -> Outcome<Self> {
        let item = catalog.get(&offer.catalog_id)?;
        check(item, &offer)?;
        Ok(Self {
            id,
            sku: item.text("sku").to_owned(),
            offer,
            status: ListingStatus::Pending,
            created_at: now,
            updated_at: now,
            activated_at: None,
        })
    }

    /// Puts the listing on sale; without its mandatory pictures it becomes, or stays, inactive.
    pub(super) fn activate(&mut self, has_pictures: bool, now: DateTime<Utc>) -> Outcome<()> {
        self.need_alive()?;
        if self.status == ListingStatus::Active {
            return Ok(());
        }
        self.status = if has_pictures {
            ListingStatus::Active
        } else {
            ListingStatus::Inactive
        };
        self.activated_at = has_pictures.then_some(now);
        self.updated_at = now;
        Ok(())
    }

    /// Takes the listing off sale.
    pub(super) fn deactivate(&mut self, now: DateTime<Utc>) -> Outcome<()> {
        self.need_alive()?;
        if self.status == ListingStatus::Active {
            self.status = ListingStatus::Inactive;
            self.updated_at = now;
        }
        Ok(())
    }

    /// Deletes the listing. Deleting it again changes nothing.
    pub(super) fn delete(&mut self, now: DateTime<Utc>) -> Outcome<()> {
        if self.status == ListingStatus::Deleted {
            return Ok(());
        }
        self.need_alive()?;
        self.status = ListingStatus::Deleted;
        self.updated_at = now;
        Ok(())
    }

    /// Changes what is offered, all or nothing.
    pub(super) fn update(
        &mut self,
        changes: Changes,
        catalog: &Catalog,
        now: DateTime<Utc>,
    ) -> Outcome<()> {
        self.need_alive()?;
        let mut offer = self.offer.clone();
        offer.catalog_id = changes.catalog_id.unwrap_or(offer.catalog_id);
        offer.price_cents = changes.price_cents.unwrap_or(offer.price_cents);
        offer.size = changes.size.unwrap_or(offer.size);
        offer.size_unit = changes.size_unit.unwrap_or(offer.size_unit);
        let item = catalog.get(&offer.catalog_id)?;
        check(item, &offer)?;
        self.sku = item.text("sku").to_owned();
        self.offer = offer;
        self.updated_at = now;
        Ok(())
    }

    /// An order took it.
    pub(super) fn sell(&mut self, now: DateTime<Utc>) {
        self.status = ListingStatus::Sold;
        self.updated_at = now;
    }

    /// Refuses what cannot be done to a listing that is sold or deleted.
    pub(super) fn need_alive(&self) -> Outcome<()> {
        match self.status {
            ListingStatus::Sold | ListingStatus::Deleted => Err(Refusal::state(format!(
                "the listing is {}",
                self.status.facet()
            ))),
            ListingStatus::Pending | ListingStatus::Active | ListingStatus::Inactive => Ok(()),
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "catalog_id": self.offer.catalog_id,
            "condition": self.offer.condition,
            "packaging_condition": self.offer.packaging,
            "size": self.offer.size.to_json(),
            "size_unit": self.offer.size_unit,
            "sku": self.sku,
            "consigned": false,
            "created_at": time(self.created_at),
            "updated_at": time(self.updated_at),
            "status": self.status.word(),
            "price_cents": self.offer.price_cents.to_string(),
            "activated_at": self.activated_at.map(time),
            "metadata": self.offer.metadata,
            "defects": self.offer.defects,
            "additional_defects": self.offer.additional_defects,
        })
    }
}

/// Checks an offer against the item's own limits.
fn check(item: &CatalogItem, offer: &NewListing) -> Outcome<()> {
    let (lowest, highest) = (
        item.cents("minimum_listing_price_cents"),
        item.cents("maximum_listing_price_cents"),
    );
    if offer.price_cents % 100 != 0 {
        return Err(Refusal::invalid(
            "price_cents",
            "must be in whole dollar increments",
        ));
    }
    if offer.price_cents < lowest.max(100) || (highest > 0 && offer.price_cents > highest) {
        let limits = format!("must be from {lowest} to {highest}");
        return Err(Refusal::invalid("price_cents", &limits));
    }
    if !item.sizes().any(|size| size == offer.size) {
        return Err(Refusal::invalid(
            "size",
            "not among the item's allowed sizes",
        ));
    }
    if item.text("size_unit") != offer.size_unit {
        return Err(Refusal::invalid("size_unit", "not the item's size unit"));
    }
    Ok(())
}
