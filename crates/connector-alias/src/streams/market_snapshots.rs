//! Market snapshots: one request per item for the prices of all regions together, and one more for
//! each region that is set; each answer holds all sizes and conditions, some 240 for a popular shoe.
//!
//! Covered are the items that are listed, and those that the watch list finds: to see their prices is
//! what they are watched for.

use connector_core::{
    Batch, Error, ErrorKind, Next, PageStream, Result, Settings, Skipped, SyncRequest,
};
use futures::future::try_join_all;

use super::AliasSession;
use super::items::{Cursor, Step};
use crate::api::{Availability, AvailabilityVariant, Entry, GetAvailability, ListAvailabilities};
use crate::descriptor::REGIONS;
use crate::map::{self, Mapped, Market, SnapshotId};

/// The form of [`Cursor`].
const VERSION: u16 = 1;

pub(super) fn pages(session: AliasSession, request: SyncRequest) -> Result<PageStream> {
    let keep_raw = request.keep_raw;
    let regions = regions(session.settings())?;
    connector_core::pages(VERSION, request.resume, move |cursor: Option<Cursor>| {
        let (session, regions) = (session.clone(), regions.clone());
        async move { page(&session, cursor.unwrap_or_default(), &regions, keep_raw).await }
    })
}

async fn page(
    session: &AliasSession,
    mut cursor: Cursor,
    regions: &[Option<String>],
    keep_raw: bool,
) -> Result<Batch<Cursor>> {
    let mapped: Vec<Mapped> = match cursor.step(session).await? {
        Step::Noted => Vec::new(),
        Step::Found(entries) => {
            // An item whose rest can't be read has prices all the same.
            let ids = entries.iter().map(|entry| map::id_of(entry, "catalog_id"));
            ids.filter_map(|id| id.map(|id| cursor.want(id)).err())
                .map(Err)
                .collect()
        }
        Step::Ask(ids) => {
            let asked = ids
                .into_iter()
                .map(|id| ask(session, id, regions, keep_raw));
            try_join_all(asked).await?.into_iter().flatten().collect()
        }
    };
    let next = if cursor.is_done() {
        Next::Done
    } else {
        Next::More
    };
    Ok(Batch::mapped(mapped, cursor.settled(), next))
}

/// The prices of one item, in one region after the other.
async fn ask(
    session: &AliasSession,
    catalog_id: String,
    regions: &[Option<String>],
    keep_raw: bool,
) -> Result<Vec<Mapped>> {
    let mut mapped = Vec::new();
    for region in regions {
        let endpoint = ListAvailabilities {
            catalog_id: catalog_id.clone(),
            region_id: region.clone(),
            consigned: None,
        };
        let skipped = |reason: &str| Skipped {
            external_id: Some(catalog_id.clone()),
            reason: reason.to_owned(),
        };
        let answer = match session.call(&endpoint).await {
            Ok(answer) => answer,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                mapped.push(Err(skipped("alias has no prices for this item")));
                break;
            }
            Err(error) => return Err(error),
        };
        let market = Market {
            catalog_id: catalog_id.clone(),
            region: region.clone(),
        };
        let variants = answer.variants.into_iter();
        mapped.extend(
            variants.map(|variant| {
                read(&market, variant, keep_raw).map_err(|odd| skipped(&odd.reason))
            }),
        );
    }
    Ok(mapped)
}

fn read(market: &Market, variant: Entry<AvailabilityVariant>, keep_raw: bool) -> Mapped {
    variant.map(&[], keep_raw, |variant| map::snapshot(market, variant))
}

/// One snapshot by its id, of any item and region; `None` where alias has no such kind.
///
/// Alias has a call for the prices of one kind. It gives no prices for a kind that has none, and none
/// for one that there isn't: the item's list of kinds then tells which. The list is also asked for a
/// kind that the call may not take: one whose conditions alias doesn't tell, and one of size 0, which is
/// how the prices of all sizes together come, and which for a parameter may count as left out.
pub(crate) async fn one(session: &AliasSession, external_id: &str) -> Result<Option<Mapped>> {
    let Some(id) = SnapshotId::parse(external_id) else {
        return Ok(None);
    };
    let market = id.market();
    if id.kind.is_told()
        && id.kind.size > 0.0
        && let Some(variant) = priced(session, &id).await?
    {
        return Ok(Some(map::snapshot(&market, variant)));
    }
    let list = ListAvailabilities {
        catalog_id: id.kind.catalog_id,
        region_id: id.region,
        consigned: id.consigned,
    };
    let variants = session.call(&list).await?.variants;
    let mut mapped = variants
        .into_iter()
        .map(|variant| read(&market, variant, false));
    Ok(mapped.find(|mapped| matches!(mapped, Ok(record) if record.external_id == external_id)))
}

/// A kind as the list of its item has it; `None` where it has no prices.
async fn priced(session: &AliasSession, id: &SnapshotId) -> Result<Option<AvailabilityVariant>> {
    let endpoint = GetAvailability {
        catalog_id: id.kind.catalog_id.clone(),
        size: id.kind.size,
        product_condition: id.kind.product_condition(),
        packaging_condition: id.kind.packaging_condition(),
        consigned: id.consigned,
        region_id: id.region.clone(),
    };
    let prices = session.call(&endpoint).await?.availability;
    Ok(
        (prices != Availability::default()).then_some(AvailabilityVariant {
            size: Some(endpoint.size),
            product_condition: Some(endpoint.product_condition),
            packaging_condition: Some(endpoint.packaging_condition),
            consigned: endpoint.consigned,
            availability: Some(prices),
        }),
    )
}

/// All regions together, then each that is set.
fn regions(settings: &Settings) -> Result<Vec<Option<String>>> {
    let mut regions = vec![None];
    let set = settings
        .lines(REGIONS)
        .flat_map(|line| line.split(','))
        .map(str::trim);
    for region in set.filter(|region| !region.is_empty()) {
        if !map::is_region(region) {
            return Err(Error::input(
                REGIONS,
                "a region is a number: 1 is the US, 2 the EU, 3 the UK",
            ));
        }
        let region = Some(region.to_owned());
        if !regions.contains(&region) {
            regions.push(region);
        }
    }
    Ok(regions)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Vec<Option<String>>> {
        regions(&Settings([(REGIONS.to_owned(), value.to_owned())].into()))
    }

    #[test]
    fn all_regions_come_first_and_each_once() {
        let region = |id: &str| Some(id.to_owned());
        assert_eq!(read("").unwrap(), [None]);
        assert_eq!(read("1\n 3,1\n").unwrap(), [None, region("1"), region("3")]);
        for wrong in ["US", "1;2", "-1", "12345"] {
            let error = read(wrong).unwrap_err();
            assert_eq!(
                (error.kind(), error.field()),
                (ErrorKind::InputInvalid, Some(REGIONS))
            );
        }
    }
}
