//! Market depth: for each size and condition that the seller offers now, all offers of buyers by price
//! and the last sales. Two requests each, so only for what is listed; the best prices, of all sizes
//! and conditions, are in the market snapshots.

use std::collections::BTreeSet;

use connector_core::{
    Batch, Endpoint, Error, ErrorKind, Next, Operation, PageStream, Request, Result, Skipped,
    SyncRequest,
};
use futures::future::try_join_all;
use serde::{Deserialize, Serialize};

use super::{AliasSession, items, listings, take_some};
use crate::api::{Entry, GetCatalogItem, GetOfferHistogram, ListRecentSales, Listing, SizeUnit};
use crate::map::{self, Depth, Kind, Mapped};

/// The form of [`Cursor`].
const VERSION: u16 = 1;

/// How many of the last sales are kept.
const SALES: u32 = 20;

/// Where a pass stands: listings are read first, for what is in them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Cursor {
    /// The page of listings to read next; the first where there is none.
    token: Option<String>,
    /// Whether all listings were read.
    listed: bool,
    /// What is still to be asked for.
    wanted: BTreeSet<Offered>,
}

/// What the seller offers, as listings tell it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Offered {
    catalog_id: String,
    /// In the item's own system, as text, since only that can be put in order.
    size: String,
    /// `None` for US sizes, which are what prices go by.
    unit: Option<SizeUnit>,
    condition: String,
    packaging: String,
}

pub(super) fn pages(session: AliasSession, request: SyncRequest) -> Result<PageStream> {
    let keep_raw = request.keep_raw;
    connector_core::pages(VERSION, request.resume, move |cursor: Option<Cursor>| {
        let session = session.clone();
        async move { page(&session, cursor.unwrap_or_default(), keep_raw).await }
    })
}

async fn page(session: &AliasSession, mut cursor: Cursor, keep_raw: bool) -> Result<Batch<Cursor>> {
    let mut mapped = Vec::new();
    if cursor.listed {
        let asked = take_some(&mut cursor.wanted);
        let asked = asked
            .into_iter()
            .map(|offered| ask(session, offered, keep_raw));
        mapped = try_join_all(asked).await?;
    } else {
        let (page, next) = listings::search(session, cursor.token.take()).await?;
        let listings = page.listings.iter().filter_map(|entry| entry.value().ok());
        cursor.wanted.extend(listings.filter_map(offered));
        cursor.listed = next.is_none();
        cursor.token = next;
    }
    Ok(if cursor.listed && cursor.wanted.is_empty() {
        Batch::mapped(mapped, Cursor::default(), Next::Done)
    } else {
        Batch::mapped(mapped, cursor, Next::More)
    })
}

/// What a listing offers, where it says all that prices are asked by.
fn offered(listing: &Listing) -> Option<Offered> {
    if !items::is_offered(listing) {
        return None;
    }
    Some(Offered {
        catalog_id: listing.catalog_id.clone().filter(|id| !id.is_empty())?,
        size: listing.size?.to_string(),
        unit: listing
            .size_unit
            .clone()
            .filter(|unit| *unit != SizeUnit::US),
        condition: listing.condition.as_ref()?.short()?,
        packaging: listing.packaging_condition.as_ref()?.short()?,
    })
}

async fn ask(session: &AliasSession, offered: Offered, keep_raw: bool) -> Result<Mapped> {
    let id = offered.catalog_id.clone();
    let skipped = |reason: &str| Skipped {
        external_id: Some(id),
        reason: reason.to_owned(),
    };
    match of_offered(session, offered, keep_raw).await {
        Ok(Some(mapped)) => Ok(mapped),
        Ok(None) => Ok(Err(skipped(
            "the size it is listed in has no US equivalent",
        ))),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Ok(Err(skipped("alias has no prices for this item")))
        }
        Err(error) => Err(error),
    }
}

async fn of_offered(
    session: &AliasSession,
    offered: Offered,
    keep_raw: bool,
) -> Result<Option<Mapped>> {
    let Some(size) = us_size(session, &offered).await? else {
        return Ok(None);
    };
    let kind = Kind {
        catalog_id: offered.catalog_id,
        size,
        condition: offered.condition,
        packaging: offered.packaging,
    };
    read(session, &kind, keep_raw).await.map(Some)
}

/// One kind by its id, listed or not; `None` for what the stream has no id for. Of a kind that there
/// isn't, alias tells that nobody offers or buys it.
pub(crate) async fn one(
    session: &AliasSession,
    external_id: &str,
    keep_raw: bool,
) -> Result<Option<Mapped>> {
    match Kind::parse(external_id).filter(Kind::is_told) {
        Some(kind) => read(session, &kind, keep_raw).await.map(Some),
        None => Ok(None),
    }
}

async fn read(session: &AliasSession, kind: &Kind, keep_raw: bool) -> Result<Mapped> {
    let histogram = GetOfferHistogram {
        catalog_id: kind.catalog_id.clone(),
        size: kind.size,
        product_condition: kind.product_condition(),
        packaging_condition: kind.packaging_condition(),
        region_id: None,
    };
    let sales = ListRecentSales {
        catalog_id: kind.catalog_id.clone(),
        size: Some(kind.size),
        limit: Some(SALES),
        product_condition: Some(kind.product_condition()),
        packaging_condition: Some(kind.packaging_condition()),
        ..ListRecentSales::default()
    };
    let depth = Depth {
        histogram: session.call(&Whole(histogram)).await?,
        sales: session.call(&Whole(sales)).await?,
    };
    Ok(map::depth(kind, &depth, keep_raw))
}

/// The US size of what is offered, which the catalog knows for other systems.
async fn us_size(session: &AliasSession, offered: &Offered) -> Result<Option<f64>> {
    if offered.unit.is_none() {
        return Ok(offered.size.parse().ok());
    }
    let id = offered.catalog_id.clone();
    let answer = session.call(&GetCatalogItem { id }).await?;
    let item = answer.catalog_item.into_parts().0?;
    let mut sizes = item.allowed_sizes.into_iter();
    let same = sizes.find(|size| {
        size.value
            .is_some_and(|value| value.to_string() == offered.size)
    });
    Ok(same.and_then(|size| size.us_size_equivalent))
}

/// An endpoint whose answer is wanted with its JSON.
struct Whole<E>(E);

impl<E: Endpoint> Endpoint for Whole<E> {
    const OPERATION: Operation = E::OPERATION;
    type Response = Entry<E::Response>;

    fn request(&self) -> Result<Request> {
        self.0.request()
    }

    fn parse(&self, response: &connector_core::Response) -> Result<Self::Response, Error> {
        let whole: Entry<E::Response> = connector_core::endpoint::json(response.body())?;
        match whole.into_parts() {
            (Ok(value), raw) => Ok(Entry::new(value, raw)),
            (Err(error), _) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_says_all_that_prices_are_asked_by_is_asked_for() {
        let listing = |change: serde_json::Value| {
            let mut json = serde_json::json!({
                "id": "l", "catalog_id": "c", "size": 42.5, "size_unit": "SIZE_UNIT_EU",
                "condition": "CONDITION_USED", "status": "LISTING_STATUS_ACTIVE",
                "packaging_condition": "PACKAGING_CONDITION_GOOD_CONDITION",
            });
            for (name, value) in change.as_object().unwrap() {
                json[name] = value.clone();
            }
            offered(&serde_json::from_value(json).unwrap())
        };
        let whole = listing(serde_json::json!({})).unwrap();
        assert_eq!(
            (whole.size.as_str(), whole.unit),
            ("42.5", Some(SizeUnit::EU))
        );
        let us = listing(serde_json::json!({"size_unit": "SIZE_UNIT_US"})).unwrap();
        assert_eq!(us.unit, None);
        for lack in ["catalog_id", "size", "condition", "packaging_condition"] {
            assert!(listing(serde_json::json!({lack: null})).is_none(), "{lack}");
        }
        assert!(listing(serde_json::json!({"status": "LISTING_STATUS_SOLD"})).is_none());
    }
}
