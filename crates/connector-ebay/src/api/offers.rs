//! Offers, with their listings: the other half of the Inventory API.

use connector_core::{Endpoint, Operation, Request, Response, Result, endpoint};
use http::Method;
use serde::Deserialize;
use serde_json::json;

use super::amount::Amount;
use super::call::object;
use super::link::{Link, encoded};
use crate::environment::{Environment, Server};
use connector_core::Entry;

const OFFER: &str = "/sell/inventory/v1/offer";

/// A page of an item's offers. There is no list of all offers, and where an item has none, eBay
/// answers [`NotFound`](connector_core::ErrorKind::NotFound) with the number 25713.
#[derive(Clone, Debug)]
pub struct GetOffers {
    /// Which page.
    pub page: Link,
}

impl GetOffers {
    /// The offers of an item.
    ///
    /// # Errors
    /// Those of [`Link::first`].
    pub fn of_item(environment: Environment, sku: &str) -> Result<Self> {
        let query = [("sku", sku), ("limit", "100"), ("offset", "0")];
        let page = Link::first(environment, Server::Api, OFFER, &query)?;
        Ok(Self { page })
    }
}

/// Offers.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OfferPage {
    /// How many there are on all pages.
    pub total: Option<u64>,
    /// Where the next page is.
    pub next: Option<String>,
    /// The offers.
    #[serde(default)]
    pub offers: Vec<Entry<Offer>>,
}

/// Something that the seller offers on a site, or is about to.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Offer {
    /// eBay's id.
    pub offer_id: String,
    /// The item's code.
    pub sku: Option<String>,
    /// The site.
    pub marketplace_id: Option<String>,
    /// `FIXED_PRICE`, `AUCTION`.
    pub format: Option<String>,
    /// How many are offered.
    pub available_quantity: Option<i64>,
    /// What it costs.
    pub pricing_summary: Option<OfferPricing>,
    /// `PUBLISHED`, `UNPUBLISHED`.
    pub status: Option<String>,
    /// The listing, while there is one.
    pub listing: Option<OfferListing>,
    /// When the listing is to begin, or began, where the seller set a time.
    pub listing_start_date: Option<String>,
}

/// What an offer costs.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct OfferPricing {
    /// At a fixed price.
    pub price: Option<Amount>,
    /// At the beginning of an auction.
    pub auction_start_price: Option<Amount>,
}

/// An offer's listing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct OfferListing {
    /// eBay's id of it: a new one each time the offer is published.
    pub listing_id: Option<String>,
    /// `ACTIVE`, `OUT_OF_STOCK`, `INACTIVE`, `ENDED`.
    pub listing_status: Option<String>,
    /// Whether buyers can't see it because of a policy.
    pub listing_on_hold: Option<bool>,
}

impl Endpoint for GetOffers {
    const OPERATION: Operation = Operation::read("getOffers");
    type Response = OfferPage;

    fn request(&self) -> Result<Request> {
        endpoint::get(self.page.as_str())
    }

    fn parse(&self, response: &Response) -> Result<OfferPage> {
        object(response)
    }
}

/// One offer.
#[derive(Clone, Debug)]
pub struct GetOffer {
    /// Where the account lives.
    pub environment: Environment,
    /// eBay's id.
    pub id: String,
}

impl Endpoint for GetOffer {
    const OPERATION: Operation = Operation::read("getOffer");
    type Response = Entry<Offer>;

    fn request(&self) -> Result<Request> {
        let root = self.environment.root(Server::Api);
        endpoint::get(format!("{root}{OFFER}/{}", encoded(&self.id)))
    }

    fn parse(&self, response: &Response) -> Result<Entry<Offer>> {
        object(response)
    }
}

/// Puts an offer on its site.
#[derive(Clone, Debug)]
pub struct PublishOffer {
    /// Where the account lives.
    pub environment: Environment,
    /// The offer.
    pub id: String,
}

/// The listing that came of it, or ended.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Published {
    /// eBay's id of the listing.
    pub listing_id: Option<String>,
}

impl PublishOffer {
    /// The offer with this id.
    #[must_use]
    pub fn of(environment: Environment, id: impl Into<String>) -> Self {
        let id = id.into();
        Self { environment, id }
    }
}

impl Endpoint for PublishOffer {
    const OPERATION: Operation = Operation::write("publishOffer");
    type Response = Published;

    fn request(&self) -> Result<Request> {
        acted(self.environment, &self.id, "publish")
    }

    fn parse(&self, response: &Response) -> Result<Published> {
        object(response)
    }
}

/// Takes an offer off its site; the offer stays, unpublished.
#[derive(Clone, Debug)]
pub struct WithdrawOffer {
    /// Where the account lives.
    pub environment: Environment,
    /// The offer.
    pub id: String,
}

impl Endpoint for WithdrawOffer {
    const OPERATION: Operation = Operation::write("withdrawOffer");
    type Response = Published;

    fn request(&self) -> Result<Request> {
        acted(self.environment, &self.id, "withdraw")
    }

    fn parse(&self, response: &Response) -> Result<Published> {
        object(response)
    }
}

/// The operation has no body, and eBay's edge wants a length all the same: an empty object has one.
fn acted(environment: Environment, id: &str, action: &str) -> Result<Request> {
    let root = environment.root(Server::Api);
    let url = format!("{root}{OFFER}/{}/{action}", encoded(id));
    endpoint::send_json(Method::POST, url, &json!({}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_asked_for_by_its_encoded_code() {
        let offers = GetOffers::of_item(Environment::Production, "A b/ü?&").unwrap();
        assert!(offers.page.as_str().contains("sku=A%20b%2F%C3%BC%3F%26&"));
    }

    #[test]
    fn what_has_no_body_has_a_length() {
        let publish = PublishOffer {
            environment: Environment::Production,
            id: "1".to_owned(),
        };
        assert_eq!(publish.request().unwrap().body().as_ref(), b"{}");
    }
}
