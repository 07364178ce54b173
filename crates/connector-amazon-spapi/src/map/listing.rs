//! Listings: one per marketplace in which a seller's code is offered.

use connector_core::Record;
use connector_core::model::{Listing, ListingStatus, Model};

use super::{Mapped, Skipped, text};
use crate::api::{FulfillmentAvailability, ListingsItem, Marketplace};

/// What begins the code of every channel that Amazon itself ships from.
const BY_AMAZON: &str = "AMAZON_";

/// The id of a listing: a seller's code may be offered in several marketplaces.
pub(crate) fn listing_id(marketplace_id: &str, sku: &str) -> String {
    format!("{marketplace_id}/{sku}")
}

/// What is offered in one marketplace. Of several prices it is the one for everybody, not that for
/// business buyers.
pub fn listing(item: ListingsItem, marketplace: &Marketplace) -> Mapped {
    let is_here = |id: &str| id == marketplace.id;
    let id = listing_id(&marketplace.id, &item.sku);
    if item.sku.is_empty() {
        return Err(Skipped::new("", "it has no SKU"));
    }
    let offer = item
        .offers
        .iter()
        .find(|offer| is_here(&offer.marketplace_id) && offer.offer_type == "B2C");
    let price = match offer.map(|offer| offer.price.money()).transpose() {
        Ok(price) => price,
        Err(error) => return Err(Skipped::new(&id, error.message())),
    };
    // A listing that is not complete yet has no summary.
    let summary = item
        .summaries
        .into_iter()
        .find(|summary| is_here(&summary.marketplace_id));
    let (asin, condition, words, title, created_at, updated_at) = match summary {
        Some(summary) => (
            text(summary.asin),
            summary.condition_type,
            summary.status,
            summary.item_name,
            summary.created_date,
            summary.last_updated_date,
        ),
        None => (None, None, Vec::new(), None, None, None),
    };
    let listing = Listing {
        url: asin
            .as_ref()
            .map(|asin| format!("https://{}/dp/{asin}", marketplace.domain_name)),
        product_external_id: asin,
        title: text(title),
        sku: Some(item.sku),
        size: None,
        size_unit: None,
        condition: text(condition).map(|condition| condition.to_ascii_lowercase()),
        packaging_condition: None,
        price,
        quantity: quantity(&item.fulfillment_availability),
        status: status(&words),
        platform_status: if words.is_empty() {
            "INACTIVE".to_owned()
        } else {
            words.join(",")
        },
        consigned: is_consigned(&item.fulfillment_availability),
        created_at,
        updated_at,
        activated_at: None,
    };
    let model = Model::Listing(Box::new(listing));
    Ok(Record::upsert(id, updated_at, model))
}

/// What can be bought is active; what can only be found is not, nor what Amazon says nothing of.
fn status(words: &[String]) -> ListingStatus {
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    if has("BUYABLE") {
        ListingStatus::Active
    } else if words.is_empty() || has("DISCOVERABLE") {
        ListingStatus::Inactive
    } else {
        ListingStatus::Unknown
    }
}

fn quantity(channels: &[FulfillmentAvailability]) -> Option<i64> {
    let known = channels.iter().filter_map(|channel| channel.quantity);
    known.fold(None, |sum, quantity| {
        Some(sum.unwrap_or(0_i64).saturating_add(quantity))
    })
}

fn is_consigned(channels: &[FulfillmentAvailability]) -> Option<bool> {
    let by_amazon = channels
        .iter()
        .any(|channel| channel.fulfillment_channel_code.starts_with(BY_AMAZON));
    (!channels.is_empty()).then_some(by_amazon)
}

#[cfg(test)]
mod tests {
    use connector_core::{Change, Skipped};
    use serde_json::{Value, json};

    use super::*;

    fn mapped(change: impl FnOnce(&mut Value)) -> Result<(String, Listing), Skipped> {
        let mut json = json!({
            "sku": "a/b",
            "summaries": [
                {"marketplaceId": "A2EUQ1WTGCTBG2", "productType": "X", "status": [], "createdDate": "2026-01-01T00:00:00Z", "lastUpdatedDate": "2026-01-01T00:00:00Z"},
                {"marketplaceId": "ATVPDKIKX0DER", "asin": "B000MADEUP", "productType": "X", "conditionType": "new_new",
                 "status": ["BUYABLE", "DISCOVERABLE"], "itemName": "A thing", "createdDate": "2026-01-01T00:00:00Z", "lastUpdatedDate": "2026-02-01T00:00:00Z"}],
            "offers": [
                {"marketplaceId": "ATVPDKIKX0DER", "offerType": "B2B", "price": {"currencyCode": "USD", "amount": "9.00"}},
                {"marketplaceId": "A2EUQ1WTGCTBG2", "offerType": "B2C", "price": {"currencyCode": "CAD", "amount": "14.00"}},
                {"marketplaceId": "ATVPDKIKX0DER", "offerType": "B2C", "price": {"currencyCode": "USD", "amount": "10.00"}}],
            "fulfillmentAvailability": [{"fulfillmentChannelCode": "DEFAULT", "quantity": 3}],
        });
        change(&mut json);
        let marketplace = Marketplace {
            id: "ATVPDKIKX0DER".to_owned(),
            name: None,
            country_code: "US".to_owned(),
            default_currency_code: "USD".to_owned(),
            domain_name: "www.amazon.com".to_owned(),
        };
        let record = listing(serde_json::from_value(json).unwrap(), &marketplace)?;
        match record.change {
            Change::Upsert(Model::Listing(listing)) => Ok((record.external_id, *listing)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_listing_is_what_it_is_in_its_marketplace() {
        let (id, listing) = mapped(|_| {}).unwrap();
        assert_eq!(id, "ATVPDKIKX0DER/a/b");
        assert_eq!(listing.price.unwrap().to_string(), "10.00 USD");
        assert_eq!(
            listing.url.as_deref(),
            Some("https://www.amazon.com/dp/B000MADEUP")
        );
        assert_eq!(
            (listing.status, listing.platform_status.as_str()),
            (ListingStatus::Active, "BUYABLE,DISCOVERABLE")
        );
        assert_eq!(
            (listing.quantity, listing.consigned),
            (Some(3), Some(false))
        );
        assert_eq!(
            listing.updated_at,
            Some("2026-02-01T00:00:00Z".parse().unwrap())
        );
    }

    #[test]
    fn what_cannot_be_bought_is_not_active() {
        for (words, status) in [
            (json!(["DISCOVERABLE"]), ListingStatus::Inactive),
            (json!([]), ListingStatus::Inactive),
            (json!(["NEW_IN_2027"]), ListingStatus::Unknown),
        ] {
            let (_, listing) = mapped(|json| json["summaries"][1]["status"] = words).unwrap();
            assert_eq!(listing.status, status);
        }
        let (_, draft) = mapped(|json| json["summaries"] = json!([])).unwrap();
        assert_eq!(draft.status, ListingStatus::Inactive);
        assert_eq!((draft.title, draft.url), (None, None));
    }

    #[test]
    fn amazon_s_stock_has_no_quantity_here() {
        let (_, listing) = mapped(|json| {
            json["fulfillmentAvailability"] = json!([{"fulfillmentChannelCode": "AMAZON_NA"}]);
        })
        .unwrap();
        assert_eq!((listing.quantity, listing.consigned), (None, Some(true)));
        let (_, unknown) = mapped(|json| json["fulfillmentAvailability"] = json!([])).unwrap();
        assert_eq!((unknown.quantity, unknown.consigned), (None, None));
    }

    #[test]
    fn an_odd_price_names_its_listing() {
        let odd = mapped(|json| json["offers"][2]["price"]["currencyCode"] = json!("?"));
        let odd = odd.unwrap_err();
        assert_eq!(odd.external_id.as_deref(), Some("ATVPDKIKX0DER/a/b"));
    }
}
