//! Products with all their variants.

use connector_core::{Error, Result};

use super::group::{Group, line};
use super::reader::{MOST, Reader, Window, read};
use super::source::{Changes, Source};
use crate::api::{
    Connection, Gid, PRODUCTS_BULK, Product, ProductQuery, ProductVariantsQuery, ProductsChanged,
    Variant,
};
use crate::map::{self, Mapped};

/// How many variants come with each product. With a full page of products that costs about 660 of
/// the 1000 points that a query may cost; further variants are asked for by themselves.
const VARIANTS: u32 = 30;

pub(super) struct Products;

impl Source for Products {
    const SCOPE: &'static str = "read_products";
    type At = String;
    const DOCUMENT: &'static str = PRODUCTS_BULK;
    const PLAIN: Option<(&'static str, &'static str)> = None;
    const RECORD_PER_PARENT: bool = true;

    fn records(group: &Group, keep_raw: bool) -> Result<Vec<Mapped>> {
        Ok(vec![match of_group(group)? {
            Ok(product) => map::product(product)
                .map(|record| record.with_raw(keep_raw.then(|| group.raw("variants")).flatten())),
            Err(skipped) => Err(skipped),
        }])
    }

    async fn changes(
        reader: &Reader,
        window: Window,
        at: Option<String>,
    ) -> Result<Changes<String>> {
        let answer = reader
            .ask_in_pages(MOST, |first| ProductsChanged {
                first,
                variants: VARIANTS,
                after: at.clone(),
                query: window.search(),
            })
            .await?;
        let mut page = Changes {
            mapped: Vec::new(),
            notes: answer.notes,
            next: answer.data.products.page_info.next(),
        };
        for node in answer.data.products.nodes {
            page.mapped.push(match read::<Product>(&node) {
                Ok(mut product) => {
                    page.notes.extend(all_variants(reader, &mut product).await?);
                    map::product(product).map(|record| record.with_raw(reader.raw(node)))
                }
                Err(skipped) => Err(skipped),
            });
        }
        Ok(page)
    }
}

/// One product as Shopify has it now.
pub(super) async fn one(reader: &Reader, id: Gid) -> Result<Option<Mapped>> {
    let answer = reader
        .ask_in_pages(MOST, |variants| ProductQuery {
            id: id.clone(),
            variants,
        })
        .await?;
    let Some(mut product) = answer.data.product else {
        return Ok(None);
    };
    all_variants(reader, &mut product).await?;
    Ok(Some(map::product(product)))
}

/// Reads the variants that did not fit beside their product.
async fn all_variants(reader: &Reader, product: &mut Product) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    let mut next = std::mem::take(&mut product.variants.page_info).next();
    while let Some(after) = next {
        let answer = reader
            .ask_in_pages(MOST, |first| ProductVariantsQuery {
                id: product.id.clone(),
                first,
                after: Some(after.clone()),
            })
            .await?;
        notes.extend(answer.notes);
        // Deleted since: what came before is the last that can be said of it.
        let Some(more) = answer.data.product else {
            break;
        };
        next = advance(&after, &more.variants)?;
        product.variants.nodes.extend(more.variants.nodes);
    }
    Ok(notes)
}

/// Where a nested list goes on; it must not go on where it was.
pub(super) fn advance<T>(after: &str, page: &Connection<T>) -> Result<Option<String>> {
    let next = page.page_info.clone().next();
    if next.as_deref() == Some(after) {
        return Err(Error::contract("the platform gives the same page again"));
    }
    Ok(next)
}

fn of_group(group: &Group) -> Result<Result<Product, connector_core::Skipped>> {
    let mut product: Product = match line(&group.parent)? {
        Ok(product) => product,
        Err(skipped) => return Ok(Err(skipped)),
    };
    for child in &group.children {
        match line::<Variant>(child)? {
            Ok(variant) => {
                group.check_parent(&product.id, variant.parent_id.as_ref())?;
                product.variants.nodes.push(variant);
            }
            // A product without one of its variants would be wrong, so it is left out whole.
            Err(skipped) => {
                return Ok(Err(connector_core::Skipped {
                    external_id: Some(product.id.tail().to_owned()),
                    ..skipped
                }));
            }
        }
    }
    Ok(Ok(product))
}
