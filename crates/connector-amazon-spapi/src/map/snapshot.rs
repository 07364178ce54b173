//! Competitive summary → market snapshots: one for each condition that was asked about.

use std::collections::BTreeSet;

use connector_core::model::{MarketSnapshot, Model, Money};
use connector_core::{Record, Result};

use super::{Mapped, Skipped};
use crate::api::{CONDITIONS, CompetitiveAnswer, CompetitiveSummary};

/// The reference prices that say what a product is worth beyond this marketplace, the better one
/// first: what large shops elsewhere ask, and the threshold that Amazon works out of that. Both are of
/// new goods.
const WORTH: [&str; 2] = ["CompetitivePrice", "CompetitivePriceThreshold"];

/// The id of a snapshot.
fn snapshot_id(marketplace_id: &str, asin: &str, condition: &str) -> String {
    format!("{marketplace_id}/{asin}/{condition}")
}

/// The prices of one product in one marketplace, in each of the conditions that were asked about. One
/// without an offer is a snapshot too: it says that there is none.
#[must_use]
pub fn snapshots(answer: &CompetitiveAnswer, conditions: &BTreeSet<String>) -> Vec<Mapped> {
    let body = &answer.body;
    let id = format!("{}/{}", body.marketplace_id, body.asin);
    if let Some(code) = answer.status.status_code.filter(|code| *code != 200) {
        let reason = format!("Amazon has no prices of it in this marketplace, and says {code}");
        return vec![Err(Skipped::new(&id, reason))];
    }
    conditions
        .iter()
        .map(|condition| {
            let id = snapshot_id(&body.marketplace_id, &body.asin, condition);
            match snapshot(body, condition) {
                Ok(snapshot) => {
                    let model = Model::MarketSnapshot(Box::new(snapshot));
                    Ok(Record::upsert(id, None, model))
                }
                Err(error) => Err(Skipped::new(&id, error.message())),
            }
        })
        .collect()
}

fn snapshot(body: &CompetitiveSummary, condition: &str) -> Result<MarketSnapshot> {
    let asks = body
        .lowest_priced_offers
        .iter()
        .filter(|offers| offers.lowest_priced_offers_input.item_condition == condition)
        .flat_map(|offers| &offers.offers)
        .map(|offer| offer.listing_price.money())
        .collect::<Result<Vec<Money>>>()?;
    let worth = WORTH.iter().find_map(|name| {
        let mut prices = body.reference_prices.iter();
        prices.find(|price| price.name == *name)
    });
    let reference_price = match worth.filter(|_| condition == "New") {
        Some(worth) => Some(worth.price.money()?),
        None => None,
    };
    Ok(MarketSnapshot {
        product_external_id: body.asin.clone(),
        size: None,
        size_unit: None,
        condition: Some(condition.to_ascii_lowercase()),
        packaging_condition: None,
        region: Some(body.marketplace_id.clone()),
        consigned: None,
        lowest_ask: asks.into_iter().min_by_key(|ask| ask.minor),
        highest_bid: None,
        last_sale: None,
        reference_price,
        last_sale_at: None,
    })
}

/// The condition to ask about for what is listed as `used_good`: `Used`. `None` for a word that
/// nobody knows.
pub(crate) fn market_condition(listed: &str) -> Option<&'static str> {
    let word = listed.split('_').next()?;
    CONDITIONS
        .into_iter()
        .find(|condition| condition.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use connector_core::Change;
    use serde_json::{Value, json};

    use super::*;

    fn usd(amount: f64) -> Value {
        json!({"currencyCode": "USD", "amount": amount})
    }

    fn mapped(change: impl FnOnce(&mut Value)) -> Vec<Mapped> {
        let offer = |amount| json!({"sellerId": "A0", "condition": "New", "fulfillmentType": "MFN", "listingPrice": usd(amount)});
        let mut answer = json!({
            "status": {"statusCode": 200, "reasonPhrase": "Success"},
            "body": {"asin": "B000MADEUP", "marketplaceId": "ATVPDKIKX0DER",
                "lowestPricedOffers": [{
                    "lowestPricedOffersInput": {"itemCondition": "New", "offerType": "Consumer"},
                    "offers": [offer(18.11), offer(17.15)]}],
                "referencePrices": [
                    {"name": "CompetitivePriceThreshold", "price": usd(18.0)},
                    {"name": "CompetitivePrice", "price": usd(17.39)},
                    {"name": "WasPrice", "price": usd(18.49)}]},
        });
        change(&mut answer);
        let conditions = ["New", "Used"].map(str::to_owned).into();
        snapshots(&serde_json::from_value(answer).unwrap(), &conditions)
    }

    fn model(mapped: &Mapped) -> &MarketSnapshot {
        match &mapped.as_ref().unwrap().change {
            Change::Upsert(Model::MarketSnapshot(snapshot)) => snapshot,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_condition_that_was_asked_about_has_a_snapshot() {
        let mapped = mapped(|_| {});
        let ids = mapped
            .iter()
            .map(|one| one.as_ref().unwrap().external_id.as_str());
        assert!(ids.eq([
            "ATVPDKIKX0DER/B000MADEUP/New",
            "ATVPDKIKX0DER/B000MADEUP/Used"
        ]));
        let (new, used) = (model(&mapped[0]), model(&mapped[1]));
        assert_eq!(new.lowest_ask.unwrap().to_string(), "17.15 USD");
        assert_eq!(new.reference_price.unwrap().to_string(), "17.39 USD");
        assert_eq!(new.condition.as_deref(), Some("new"));
        assert_eq!((used.lowest_ask, used.reference_price), (None, None));
    }

    #[test]
    fn the_threshold_stands_in_for_the_price_elsewhere() {
        let mapped = mapped(|answer| {
            answer["body"]["referencePrices"] =
                json!([{"name": "CompetitivePriceThreshold", "price": usd(18.0)}]);
        });
        assert_eq!(model(&mapped[0]).reference_price.unwrap().minor, 1_800);
    }

    #[test]
    fn what_amazon_does_not_answer_is_named() {
        let refused = mapped(|answer| answer["status"]["statusCode"] = json!(404));
        let [Err(refused)] = refused.as_slice() else {
            panic!("one reason")
        };
        assert_eq!(
            refused.external_id.as_deref(),
            Some("ATVPDKIKX0DER/B000MADEUP")
        );
        let odd = mapped(|answer| {
            answer["body"]["lowestPricedOffers"][0]["offers"][0]["listingPrice"]["currencyCode"] =
                json!("?");
        });
        assert!(odd[0].is_err() && odd[1].is_ok());
    }

    #[test]
    fn conditions_of_listings_are_those_of_the_market() {
        for (listed, condition) in [
            ("new_new", Some("New")),
            ("used_like_new", Some("Used")),
            ("refurbished_refurbished", Some("Refurbished")),
            ("new_oem", Some("New")),
            ("odd", None),
        ] {
            assert_eq!(market_condition(listed), condition, "{listed}");
        }
    }
}
