//! Products: the businesses of the user, the catalogues that those own, and what is in them.
//!
//! Nothing tells when a product changed, so all of them are read each time.

use connector_core::{Batch, Checkpoint, PageStream, Result, Skipped};

use super::is_number;
use super::pass::{Cursor, Pass};
use crate::api::{Businesses, CatalogProducts, Entry, GetCatalogProduct, Named, OwnedCatalogs};
use crate::descriptor::CATALOGS;
use crate::map::{self, Mapped};
use crate::reader::Reader;

/// The form of the cursor.
const VERSION: u16 = 1;

/// How many are asked for at once.
const LIMIT: u32 = 100;

/// The things of the walk: the list of businesses, then `business/ID`, then `catalog/ID`.
const BUSINESSES: &str = "businesses";
const BUSINESS: &str = "business";
const CATALOG: &str = "catalog";

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

/// The catalogues of the setting, or where to find all that are owned.
fn things(reader: &Reader) -> Vec<String> {
    let chosen = reader.settings().lines(CATALOGS);
    let mut things: Vec<String> = chosen.map(|id| format!("{CATALOG}/{id}")).collect();
    if things.is_empty() {
        things.push(BUSINESSES.to_owned());
    }
    things
}

async fn page(reader: &Reader, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    let mut pass = cursor.pass(|| Pass::new(reader.now(), things(reader), LIMIT));
    let thing = pass.thing().unwrap_or(BUSINESSES).to_owned();
    let (what, id) = thing.split_once('/').unwrap_or((&thing, ""));
    let (limit, from) = (pass.limit, pass.from().cloned());
    let (id, mut mapped) = (id.to_owned(), Vec::new());
    let (served, ended) = match what {
        CATALOG => {
            let catalog = id;
            let ask = CatalogProducts {
                catalog,
                limit,
                from,
            };
            let answer = reader.call(&ask).await;
            let Some((list, ended)) = pass.take(reader, answer)? else {
                return Ok(cursor.batch(pass, mapped, Vec::new()));
            };
            let now = reader.now();
            let product = |entry| {
                map::entry(entry, reader.keep_raw(), |product| {
                    map::product(product, now)
                })
            };
            mapped = list.data.into_iter().map(product).collect();
            (list.served, ended)
        }
        BUSINESS => {
            let business = id;
            let ask = OwnedCatalogs {
                business,
                limit,
                from,
            };
            let answer = reader.call(&ask).await;
            let Some((list, ended)) = pass.take(reader, answer)? else {
                return Ok(cursor.batch(pass, mapped, Vec::new()));
            };
            found(&mut pass, CATALOG, list.data, &mut mapped);
            (list.served, ended)
        }
        _ => {
            let answer = reader.call(&Businesses { limit, from }).await;
            let Some((list, ended)) = pass.take(reader, answer)? else {
                return Ok(cursor.batch(pass, mapped, Vec::new()));
            };
            found(&mut pass, BUSINESS, list.data, &mut mapped);
            (list.served, ended)
        }
    };
    if ended {
        pass.finish();
    }
    Ok(cursor.batch(pass, mapped, reader.notices(served.as_deref())))
}

/// Adds what a list names to the walk. What can't be read is told of.
fn found(pass: &mut Pass, what: &str, list: Vec<Entry<Named>>, skipped: &mut Vec<Mapped>) {
    for entry in list {
        match entry.into_parts() {
            (Ok(one), _) => pass.add([format!("{what}/{}", one.id)]),
            (Err(error), raw) => skipped.push(Err(Skipped::unreadable(&error, &raw, &["id"]))),
        }
    }
}

/// One product.
pub(super) async fn one(reader: &Reader, id: &str) -> Result<Option<Mapped>> {
    if !is_number(id) {
        return Ok(None);
    }
    let ask = GetCatalogProduct { id: id.to_owned() };
    let product = reader.call(&ask).await?;
    let now = reader.now();
    Ok(Some(map::entry(product, false, |product| {
        map::product(product, now)
    })))
}
