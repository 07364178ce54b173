//! The public product feed of a storefront, `/products.json`: how vendors' catalogues are read.
//!
//! It needs no account and no token. It has no inventory and no currency; [`Meta`] tells the
//! currency. Source: observed, and tested by others; it is not documented. The facts: at most 250
//! products a page, at most 25,000 in all, no total and no links, some stores repeat a page, and a
//! store can close it.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use connector_core::{
    Anonymous, Charge, Context, Dialect, Endpoint, Error, ErrorKind, Operation, Request, Response,
    Result, Session, Verdict, endpoint,
};
use futures::stream::{BoxStream, StreamExt as _};
use serde::Deserialize;
use url::Url;

/// The most that a page can hold; a larger number is cut to it without a word.
const PAGE_SIZE: u32 = 250;

/// The feed refuses to go further: "Page * Limit exceeds the 25000 limit".
const MOST_PAGES: u32 = 25_000 / PAGE_SIZE;

/// A storefront's public feed.
#[derive(Clone, Debug)]
pub struct Feed {
    session: Session<Anonymous>,
    store: Url,
}

/// A page of a feed.
#[derive(Clone, Debug)]
pub struct FeedBatch {
    /// Products that no page before had.
    pub products: Vec<FeedProduct>,
    /// Whether the feed ends here although the store has more: it gives no more than 25,000.
    pub cut_short: bool,
}

impl Feed {
    /// The feed of the storefront at this address, of which only scheme and host count.
    ///
    /// The address may be any: who lets strangers choose it must make sure where it leads.
    ///
    /// # Errors
    /// [`ErrorKind::InputInvalid`] when it isn't `http` or `https` with a host.
    pub fn open(ctx: Context, store: &Url) -> Result<Self> {
        if !matches!(store.scheme(), "http" | "https") || !store.has_host() {
            return Err(Error::input(
                "store",
                "a store's address begins with https://",
            ));
        }
        let mut root = store.clone();
        root.set_path("/");
        root.set_query(None);
        root.set_fragment(None);
        let session = Session::anonymous("shopify", Arc::new(StorefrontDialect), ctx)?;
        Ok(Self {
            session,
            store: root,
        })
    }

    /// The store's name and currency.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] or [`ErrorKind::PermissionDenied`] when the store doesn't tell.
    pub async fn meta(&self) -> Result<Meta> {
        self.session
            .call(&MetaEndpoint { store: &self.store })
            .await
    }

    /// All products, page by page, one request at a time.
    ///
    /// It ends with an empty page, or with one that has nothing new. An error ends it, too: what
    /// came until then is then not all.
    #[must_use]
    pub fn products(&self) -> BoxStream<'static, Result<FeedBatch>> {
        let state = (self.clone(), 1, HashSet::new());
        futures::stream::try_unfold(state, |(feed, page, mut seen)| async move {
            if page > MOST_PAGES {
                return Ok(None);
            }
            let answer = feed
                .session
                .call(&FeedPage {
                    store: &feed.store,
                    page,
                })
                .await?;
            let was_full =
                answer.products.len() >= usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX);
            let mut products = answer.products;
            products.retain(|product| seen.insert(product.id));
            if products.is_empty() {
                return Ok(None);
            }
            let batch = FeedBatch {
                products,
                cut_short: page == MOST_PAGES && was_full,
            };
            Ok(Some((batch, (feed, page + 1, seen))))
        })
        .boxed()
    }
}

/// A page of a feed, as a call.
#[derive(Clone, Copy, Debug)]
pub struct FeedPage<'a> {
    /// The store.
    pub store: &'a Url,
    /// From 1 to 100.
    pub page: u32,
}

impl Endpoint for FeedPage<'_> {
    const OPERATION: Operation = Operation::read("products.json");
    type Response = FeedProducts;

    fn request(&self) -> Result<Request> {
        let mut url = self.store.clone();
        url.set_path("/products.json");
        url.query_pairs_mut()
            .append_pair("limit", &PAGE_SIZE.to_string())
            .append_pair("page", &self.page.to_string());
        endpoint::get(url)
    }
}

struct MetaEndpoint<'a> {
    store: &'a Url,
}

impl Endpoint for MetaEndpoint<'_> {
    const OPERATION: Operation = Operation::read("meta.json");
    type Response = Meta;

    fn request(&self) -> Result<Request> {
        let mut url = self.store.clone();
        url.set_path("/meta.json");
        endpoint::get(url)
    }
}

/// How storefronts pace and fail. Bursts are answered with 429, so requests go one by one.
#[derive(Clone, Copy, Debug)]
struct StorefrontDialect;

impl Dialect<Anonymous> for StorefrontDialect {
    fn authorize(
        &self,
        _credential: &Anonymous,
        _request: &mut Request,
        _now: DateTime<Utc>,
    ) -> Result<()> {
        Ok(())
    }

    fn judge(&self, _operation: Operation, response: &Response, now: DateTime<Utc>) -> Verdict {
        let closed = |status: u16| {
            let message = "the store has closed its public feed";
            Verdict::Failure(
                Error::new(ErrorKind::PermissionDenied, message).with("status", status),
            )
        };
        match response.status().as_u16() {
            // To the page that asks for a password, or to the store's main domain.
            status @ (301 | 302 | 303 | 307 | 308) => Verdict::Failure(
                Error::new(
                    ErrorKind::PermissionDenied,
                    "the store redirects its feed: it asks for a password, or has another address",
                )
                .with("status", status),
            ),
            status @ (401 | 403) => closed(status),
            _ => Verdict::by_status(response, now),
        }
    }

    fn quota(&self, _operation: Operation, _request: &Request) -> Option<Charge> {
        Some(Charge::request("storefront", 2.0, 2.0))
    }
}

/// A store's name and currency.
#[derive(Clone, Debug, Deserialize)]
pub struct Meta {
    /// What buyers call it.
    #[serde(default)]
    pub name: Option<String>,
    /// ISO 4217: the currency of all prices in the feed.
    pub currency: String,
    /// Its permanent domain.
    #[serde(default)]
    pub myshopify_domain: Option<String>,
}

/// What a page holds.
#[derive(Clone, Debug, Deserialize)]
pub struct FeedProducts {
    /// The products; none on the page after the last.
    pub products: Vec<FeedProduct>,
}

/// A product as the feed has it.
#[derive(Clone, Debug, Deserialize)]
pub struct FeedProduct {
    /// Its id, the same as in the Admin API.
    pub id: u64,
    /// As a buyer reads it.
    pub title: String,
    /// The part of its address.
    pub handle: String,
    /// HTML.
    #[serde(default)]
    pub body_html: Option<String>,
    /// When it was published.
    #[serde(default)]
    pub published_at: Option<DateTime<Utc>>,
    /// When it was made.
    #[serde(default)]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was last changed.
    #[serde(default)]
    pub updated_at: Option<DateTime<Utc>>,
    /// The brand.
    #[serde(default)]
    pub vendor: Option<String>,
    /// The merchant's word for what it is.
    #[serde(default)]
    pub product_type: Option<String>,
    /// Free words; a list, and in some older stores one text with commas.
    #[serde(default)]
    pub tags: Tags,
    /// Its variants.
    #[serde(default)]
    pub variants: Vec<FeedVariant>,
    /// Its pictures.
    #[serde(default)]
    pub images: Vec<FeedImage>,
    /// What its variants differ in.
    #[serde(default)]
    pub options: Vec<FeedOption>,
}

/// Free words.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Tags {
    /// One by one.
    List(Vec<String>),
    /// With commas between.
    Text(String),
}

impl Default for Tags {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

/// A variant as the feed has it.
#[derive(Clone, Debug, Deserialize)]
pub struct FeedVariant {
    /// Its id, the same as in the Admin API.
    pub id: u64,
    /// As a buyer reads it.
    pub title: String,
    /// The value of the first option.
    #[serde(default)]
    pub option1: Option<String>,
    /// The value of the second option.
    #[serde(default)]
    pub option2: Option<String>,
    /// The value of the third option.
    #[serde(default)]
    pub option3: Option<String>,
    /// The merchant's code.
    #[serde(default)]
    pub sku: Option<String>,
    /// Whether it can be bought now.
    #[serde(default)]
    pub available: Option<bool>,
    /// Decimal text in the store's currency.
    pub price: String,
    /// Decimal text in the store's currency.
    #[serde(default)]
    pub compare_at_price: Option<String>,
    /// Weight in grams.
    #[serde(default)]
    pub grams: Option<i64>,
    /// 1 for the first.
    #[serde(default)]
    pub position: Option<i64>,
    /// When it was made.
    #[serde(default)]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was last changed.
    #[serde(default)]
    pub updated_at: Option<DateTime<Utc>>,
}

/// A picture.
#[derive(Clone, Debug, Deserialize)]
pub struct FeedImage {
    /// Where it is.
    pub src: String,
}

/// What variants differ in.
#[derive(Clone, Debug, Deserialize)]
pub struct FeedOption {
    /// `Size`.
    pub name: String,
    /// `S`, `M`.
    #[serde(default)]
    pub values: Vec<String>,
}
