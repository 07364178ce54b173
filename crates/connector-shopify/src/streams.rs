//! What can be synced: one file per stream, over what they share.
//!
//! Products, stock and orders are [`Source`](source::Source)s: the first full read is a bulk
//! operation ([`bulk`]), every later one asks for what changed since. Locations and payouts are
//! small and are read page by page.

mod bulk;
mod bulk_file;
mod group;
mod inventory_levels;
mod locations;
mod orders;
mod payouts;
mod products;
mod reader;
mod source;

use connector_core::{Error, ErrorKind, PageStream, Result, Session, SyncRequest};

use crate::api::{Admin, Gid};
use crate::credential::ShopifyCredential;
use crate::descriptor;
use crate::map::Mapped;
use inventory_levels::InventoryLevels;
use orders::Orders;
use products::Products;
use reader::Reader;

/// The version of every stream's cursor.
const VERSION: u16 = 1;

/// The pages of one stream.
pub(crate) fn open(
    session: Session<ShopifyCredential>,
    admin: Admin,
    request: SyncRequest,
) -> Result<PageStream> {
    let reader = Reader::new(session, admin, request.keep_raw);
    match request.stream.as_str() {
        descriptor::PRODUCTS => source::pages::<Products>(reader, request.resume),
        descriptor::INVENTORY_LEVELS => source::pages::<InventoryLevels>(reader, request.resume),
        descriptor::ORDERS => source::pages::<Orders>(reader, request.resume),
        descriptor::LOCATIONS => locations::pages(reader, request.resume),
        descriptor::PAYOUTS => payouts::pages(reader, request.resume),
        unknown => Err(no_such(unknown)),
    }
}

/// One record of a stream, read and mapped as the stream does; `None` when Shopify has none.
///
/// An id that Shopify can't have given is one that it doesn't have: nothing is sent for it.
pub(crate) async fn one(
    session: Session<ShopifyCredential>,
    admin: Admin,
    stream: &str,
    external_id: &str,
) -> Result<Option<Mapped>> {
    let reader = Reader::new(session, admin, false);
    let of_kind = |kind: &str| gid(kind, external_id);
    match stream {
        descriptor::PRODUCTS => match of_kind("Product") {
            Some(id) => products::one(&reader, id).await,
            None => Ok(None),
        },
        descriptor::INVENTORY_LEVELS => match level(external_id) {
            Some((item, location)) => inventory_levels::one(&reader, item, location).await,
            None => Ok(None),
        },
        descriptor::ORDERS => match of_kind("Order") {
            Some(id) => orders::one(&reader, id).await,
            None => Ok(None),
        },
        descriptor::LOCATIONS => match of_kind("Location") {
            Some(id) => locations::one(&reader, id).await,
            None => Ok(None),
        },
        descriptor::PAYOUTS => match of_kind("ShopifyPaymentsPayout") {
            Some(id) => payouts::one(&reader, id).await,
            None => Ok(None),
        },
        unknown => Err(no_such(unknown)),
    }
}

fn no_such(stream: &str) -> Error {
    Error::new(ErrorKind::NotFound, "Shopify has no such stream")
        .with("stream", stream.escape_debug())
}

/// The global id that ends with this number, which must be written as Shopify writes it.
fn gid(kind: &str, tail: &str) -> Option<Gid> {
    let number: u64 = tail.parse().ok()?;
    (number.to_string() == tail).then(|| Gid::new(kind, tail))
}

/// The item and the location in the id of a stock level.
fn level(external_id: &str) -> Option<(Gid, Gid)> {
    let (item, location) = external_id.split_once('/')?;
    Some((gid("InventoryItem", item)?, gid("Location", location)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_id_as_shopify_writes_it_makes_a_global_id() {
        assert_eq!(gid("Order", "7"), Some(Gid::new("Order", "7")));
        for odd in [
            "",
            "+7",
            "07",
            "7 ",
            "-7",
            "7/8",
            "7?x=1",
            "18446744073709551616",
        ] {
            assert_eq!(gid("Order", odd), None, "{odd}");
        }
        assert!(level("7/8").is_some());
        for odd in ["7", "7/", "/8", "7/8/9", "7/x"] {
            assert!(level(odd).is_none(), "{odd}");
        }
    }
}
