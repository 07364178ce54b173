//! Merchant API v1.

use chrono::{DateTime, Utc};
use connector_core::{Endpoint, Entry, Operation, Request, Result};
use serde::Deserialize;

use super::Int64;
use super::route::{Route, parts};

const HOST: &str = "merchantapi.googleapis.com";

/// `accounts.list`: the accounts that the user may see, five hundred to a page at the most.
#[derive(Clone, Debug, Default)]
pub struct ListMerchantAccounts {
    /// The page; the first where there is none.
    pub page_token: Option<String>,
}

impl Endpoint for ListMerchantAccounts {
    const OPERATION: Operation = Operation::read("merchantapi.accounts.list");
    type Response = MerchantAccountPage;

    fn request(&self) -> Result<Request> {
        Route::get(HOST, &["accounts", "v1", "accounts"])
            .with("pageSize", 250)
            .maybe("pageToken", self.page_token.as_deref())
            .request()
    }
}

/// A page of accounts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MerchantAccountPage {
    /// The accounts.
    pub accounts: Vec<MerchantAccount>,
    /// The next page's token.
    pub next_page_token: Option<String>,
}

/// An account of Merchant Center.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MerchantAccount {
    /// `accounts/1`.
    pub name: String,
    /// What it is called.
    pub account_name: Option<String>,
}

/// `accounts.products.list`: what Google made of what the merchant sent. There is no order and no
/// "changed since".
#[derive(Clone, Debug)]
pub struct ListProducts {
    /// `accounts/1`.
    pub account: String,
    /// How many to a page: a thousand at the most.
    pub page_size: u32,
    /// The page; the first where there is none.
    pub page_token: Option<String>,
}

impl Endpoint for ListProducts {
    const OPERATION: Operation = Operation::read("merchantapi.accounts.products.list");
    type Response = ProductPage;

    fn request(&self) -> Result<Request> {
        let mut path = vec!["products", "v1"];
        path.extend(parts(&self.account));
        path.push("products");
        Route::get(HOST, &path)
            .with("pageSize", self.page_size)
            .maybe("pageToken", self.page_token.as_deref())
            .request()
    }
}

/// `accounts.products.get`.
#[derive(Clone, Debug)]
pub struct GetProduct {
    /// `accounts/1/products/da~DK~SKU-1`. What follows `/products/` may have slashes of its own.
    pub name: String,
}

impl Endpoint for GetProduct {
    const OPERATION: Operation = Operation::read("merchantapi.accounts.products.get");
    type Response = Entry<MerchantProduct>;

    fn request(&self) -> Result<Request> {
        let mut path = vec!["products", "v1"];
        path.extend(self.name.splitn(4, '/'));
        Route::get(HOST, &path).request()
    }
}

/// A page of products.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProductPage {
    /// The products.
    pub products: Vec<Entry<MerchantProduct>>,
    /// The next page's token.
    pub next_page_token: Option<String>,
}

/// A product: one offer, in one language, for one feed label.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MerchantProduct {
    /// `accounts/1/products/da~DK~SKU-1`.
    pub name: String,
    /// The merchant's id of it.
    pub offer_id: String,
    /// Whether it was put away.
    pub archived: bool,
    /// What it is.
    pub product_attributes: ProductAttributes,
    /// Where it is shown.
    pub product_status: ProductStatusReport,
}

/// What a product is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProductAttributes {
    /// Its title.
    pub title: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// Its page.
    pub link: Option<String>,
    /// Its picture.
    pub image_link: Option<String>,
    /// Its brand.
    pub brand: Option<String>,
    /// The maker's number.
    pub mpn: Option<String>,
    /// EAN, UPC, JAN, ISBN.
    pub gtins: Vec<String>,
    /// The merchant's categories, the first the most exact.
    pub product_types: Vec<String>,
    /// Google's category.
    pub google_product_category: Option<String>,
    /// What groups its variants.
    pub item_group_id: Option<String>,
    /// Its size.
    pub size: Option<String>,
    /// Its colour.
    pub color: Option<String>,
    /// Its material.
    pub material: Option<String>,
    /// Its pattern.
    pub pattern: Option<String>,
    /// `IN_STOCK`, `OUT_OF_STOCK`, `PREORDER`, `BACKORDER`, …
    pub availability: Option<String>,
    /// What it costs.
    pub price: Option<Price>,
    /// What it costs in a sale.
    pub sale_price: Option<Price>,
    /// When the sale is; always, where there is none.
    pub sale_price_effective_date: Option<Interval>,
    /// What it costs the merchant.
    pub cost_of_goods_sold: Option<Price>,
    /// What it weighs.
    pub product_weight: Option<Weight>,
    /// A word of the merchant's.
    pub custom_label0: Option<String>,
    /// Another.
    pub custom_label1: Option<String>,
    /// Another.
    pub custom_label2: Option<String>,
    /// Another.
    pub custom_label3: Option<String>,
    /// Another.
    pub custom_label4: Option<String>,
}

/// An amount of money.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Price {
    /// Millionths of the currency.
    pub amount_micros: Option<Int64>,
    /// The currency's code.
    pub currency_code: Option<String>,
}

/// A time from one moment to another.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Interval {
    /// The first moment.
    pub start_time: Option<DateTime<Utc>>,
    /// The moment after the last.
    pub end_time: Option<DateTime<Utc>>,
}

/// A weight.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Weight {
    /// How many.
    pub value: f64,
    /// Of what: `g`, `kg`, `oz`, `lb`.
    pub unit: String,
}

/// Where a product is shown, and since when there is one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProductStatusReport {
    /// For each of Google's surfaces.
    pub destination_statuses: Vec<DestinationStatus>,
    /// When it came.
    pub creation_date: Option<DateTime<Utc>>,
    /// When it last changed.
    pub last_update_date: Option<DateTime<Utc>>,
}

/// Where a product is shown on one of Google's surfaces.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DestinationStatus {
    /// The surface: `SHOPPING_ADS`, `FREE_LISTINGS`, …
    pub reporting_context: String,
    /// The countries in which it may be shown.
    pub approved_countries: Vec<String>,
    /// Those in which Google hasn't decided yet.
    pub pending_countries: Vec<String>,
    /// Those in which it may not.
    pub disapproved_countries: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_with_a_slash_is_one_part_of_the_path() {
        let name = "accounts/1/products/da~DK~kjole/7 S".to_owned();
        let request = GetProduct { name }.request().unwrap();
        assert_eq!(
            request.uri().to_string(),
            "https://merchantapi.googleapis.com/products/v1/accounts/1/products/da~DK~kjole%2F7%20S"
        );
    }
}
