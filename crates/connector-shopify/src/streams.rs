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

use crate::api::Admin;
use crate::credential::ShopifyCredential;
use crate::descriptor;
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
        _ => Err(
            Error::new(ErrorKind::NotFound, "Shopify has no such stream")
                .with("stream", request.stream.escape_debug()),
        ),
    }
}
