//! Products of Merchant Center, with what Google decided on them.

use connector_core::{Error, Result};

use super::Reader;
use super::whole::{Listed, Whole};
use crate::api::{GetProduct, ListProducts};
use crate::map::{self, Mapped};
use crate::service::Service;

/// How many to a page. Google allows a thousand, and full attributes make such a page megabytes.
const PRODUCTS: u32 = 250;

/// The stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Products;

impl Whole for Products {
    const SERVICE: Service = Service::Merchant;
    const THINGS: &'static str = "products";

    async fn read(&self, reader: &Reader, source: &str, token: Option<String>) -> Result<Listed> {
        let ask = ListProducts {
            account: source.to_owned(),
            page_size: PRODUCTS,
            page_token: token,
        };
        let page = reader.session.call(&ask).await?;
        let now = reader.session.now();
        let mapped = page.products.into_iter().map(|entry| {
            entry.map(map::IDS, reader.keep_raw, |product| {
                map::product(product, now)
            })
        });
        Ok(Listed {
            mapped: mapped.collect(),
            next: page.next_page_token,
        })
    }
}

/// One product as Google has it now, by its name: `accounts/1/products/da~DK~SKU`.
pub(super) async fn one(reader: &Reader, id: &str) -> Result<Mapped> {
    reader.session.credential().require(Service::Merchant)?;
    let mut parts = id.split('/');
    if (parts.next(), parts.nth(1)) != (Some("accounts"), Some("products")) {
        return Err(Error::input(
            "external_id",
            "a product's id is written as accounts/1/products/da~DK~SKU",
        ));
    }
    let name = id.to_owned();
    let product = reader.session.call(&GetProduct { name }).await?;
    let now = reader.session.now();
    Ok(product.map(map::IDS, reader.keep_raw, |product| {
        map::product(product, now)
    }))
}
