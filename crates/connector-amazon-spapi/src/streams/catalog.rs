//! What Amazon's catalogue says of the products that the account lists.
//!
//! The catalogue can't be gone through, and doesn't tell what changed: so the listings are gone
//! through for their products first, and each product is asked for by its ASIN. It is described as in
//! the account's own marketplace, and as in the next one that has it where that doesn't.

use std::collections::BTreeSet;

use connector_core::model::Model;
use connector_core::{Batch, Change, ErrorKind, Next, PageStream, Result, Skipped, SyncRequest};
use serde::{Deserialize, Serialize};

use super::{Restarts, listings};
use crate::api::{GetCatalogItem, MOST_IDENTIFIERS, Marketplace, SearchCatalogItems};
use crate::map::{self, Mapped};
use crate::seller::Seller;

/// The form of [`Run`].
const VERSION: u16 = 1;

/// Where a run stands. `None` before its first page, and after its last.
type Cursor = Option<Run>;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Run {
    /// Where the listings stand; `None` when all of them were read.
    listings: Option<listings::Cursor>,
    /// The marketplaces that are left to ask in. The first is being asked in.
    left: Vec<String>,
    /// The products that are left to ask for in it.
    products: BTreeSet<String>,
    /// The products that it doesn't have.
    missing: BTreeSet<String>,
}

impl Run {
    fn new(left: Vec<String>) -> Self {
        Self {
            listings: Some(listings::Cursor::default()),
            left,
            products: BTreeSet::new(),
            missing: BTreeSet::new(),
        }
    }

    /// Takes the products to ask for next.
    fn take(&mut self) -> BTreeSet<String> {
        let first_of_the_rest = self.products.iter().nth(MOST_IDENTIFIERS).cloned();
        let rest = first_of_the_rest.map(|first| self.products.split_off(&first));
        std::mem::replace(&mut self.products, rest.unwrap_or_default())
    }
}

pub(super) fn pages(seller: Seller, request: SyncRequest) -> Result<PageStream> {
    let keep_raw = request.keep_raw;
    let restarts = Restarts::default();
    connector_core::pages(VERSION, request.resume, move |cursor: Option<Cursor>| {
        let (seller, restarts) = (seller.clone(), restarts.clone());
        async move { page(&seller, cursor.flatten(), keep_raw, &restarts).await }
    })
}

async fn page(
    seller: &Seller,
    cursor: Cursor,
    keep_raw: bool,
    restarts: &Restarts,
) -> Result<Batch<Cursor>> {
    let marketplaces = seller.marketplaces_from_home().await?;
    let mut run =
        cursor.unwrap_or_else(|| Run::new(marketplaces.iter().map(|one| one.id.clone()).collect()));
    if let Some(listings) = run.listings.take() {
        let some = listings::page(seller, &marketplaces, listings, false, restarts).await?;
        // What can't be read as a listing is told of where listings are synced.
        for record in some.records {
            if let Change::Upsert(Model::Listing(listing)) = record.change {
                run.products.extend(listing.product_external_id);
            }
        }
        if some.next == Next::More {
            run.listings = Some(some.cursor);
        }
        return Ok(batch(Vec::new(), run));
    }
    let asked = run.take();
    let current = run.left.first();
    let mut mapped = Vec::new();
    match marketplaces.iter().find(|one| Some(&one.id) == current) {
        Some(marketplace) if !asked.is_empty() => {
            let (found, missing) = search(seller, marketplace, asked, keep_raw).await?;
            mapped = found;
            run.missing.extend(missing);
        }
        // There is nothing to ask for, or the marketplace was taken off the list in the middle.
        _ => run.missing.extend(asked),
    }
    if run.products.is_empty() {
        run.left = run.left.split_off(run.left.len().min(1));
        run.products = std::mem::take(&mut run.missing);
        if run.left.is_empty() {
            let nowhere = std::mem::take(&mut run.products).into_iter();
            mapped.extend(nowhere.map(|asin| {
                let reason = "it is listed, and in none of the marketplaces that are read";
                Err(Skipped::new(
                    &asin,
                    format!("Amazon's catalogue lacks it: {reason}"),
                ))
            }));
        }
    }
    Ok(batch(mapped, run))
}

/// The next page, or the end of the run where nothing is left to ask for.
fn batch(mapped: Vec<Mapped>, run: Run) -> Batch<Cursor> {
    if run.listings.is_none() && run.products.is_empty() {
        Batch::mapped(mapped, None, Next::Done)
    } else {
        Batch::mapped(mapped, Some(run), Next::More)
    }
}

/// What a marketplace says of some products, and which of them it doesn't have.
async fn search(
    seller: &Seller,
    marketplace: &Marketplace,
    mut asked: BTreeSet<String>,
    keep_raw: bool,
) -> Result<(Vec<Mapped>, BTreeSet<String>)> {
    let page = seller
        .call(SearchCatalogItems {
            asins: asked.iter().cloned().collect(),
            marketplace_id: marketplace.id.clone(),
        })
        .await?;
    let mut mapped = Vec::new();
    for entry in page.items {
        if let Ok(item) = entry.value()
            && !asked.remove(&item.asin)
        {
            // Nobody asked for it.
            continue;
        }
        mapped.push(entry.map(&["asin"], keep_raw, |item| map::product(item, marketplace)));
    }
    Ok((mapped, asked))
}

/// One product by its ASIN, as the stream has it.
pub(super) async fn one(seller: &Seller, asin: &str) -> Result<Option<Mapped>> {
    for marketplace in seller.marketplaces_from_home().await? {
        let asked = seller.call(GetCatalogItem {
            asin: asin.to_owned(),
            marketplace_id: marketplace.id.clone(),
        });
        match asked.await {
            Ok(item) => {
                let mapped = item.map(&["asin"], false, |item| map::product(item, &marketplace));
                return Ok(Some(mapped));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_asked_for_by_the_twenty_and_each_once() {
        let mut run = Run::new(Vec::new());
        run.products
            .extend((0..45).map(|number| format!("B{number:09}")));
        let sizes = [(); 4].map(|()| run.take().len());
        assert_eq!(sizes, [20, 20, 5, 0]);
    }
}
