//! Product Pricing API 2022-05-01: what others ask for what one sells.

use connector_core::{Entry, Operation, Request, Result};
use http::Method;
use serde::ser::{SerializeSeq as _, Serializer};
use serde::{Deserialize, Serialize};

use super::amount::Amount;
use super::call::{Call, Route};
use crate::region::Server;

/// How many questions one call may ask.
pub const MOST_QUESTIONS: usize = 20;

/// The conditions of a product that can be asked about, as Amazon writes them.
pub const CONDITIONS: [&str; 5] = ["New", "Used", "Collectible", "Refurbished", "Club"];

/// `getCompetitiveSummary`: the lowest offers and the reference prices of up to [`MOST_QUESTIONS`]
/// products. Each question is answered by itself, with a status of its own.
#[derive(Clone, Debug, Serialize)]
pub struct GetCompetitiveSummary {
    /// What is asked.
    pub requests: Vec<CompetitiveQuestion>,
}

impl Call for GetCompetitiveSummary {
    const OPERATION: Operation = Operation::read("getCompetitiveSummary");
    type Response = CompetitiveAnswers;

    fn request(&self, server: Server) -> Result<Request> {
        let path = [
            "batches",
            "products",
            "pricing",
            "2022-05-01",
            "items",
            "competitiveSummary",
        ];
        Route::new(Method::POST, server, &path).json(self)
    }
}

/// What is asked about one product in one marketplace.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CompetitiveQuestion {
    asin: String,
    marketplace_id: String,
    included_data: [&'static str; 2],
    #[serde(serialize_with = "inputs")]
    lowest_priced_offers_inputs: Vec<String>,
    uri: &'static str,
    method: &'static str,
}

impl CompetitiveQuestion {
    /// What is asked for a product in these of the [`CONDITIONS`], and what Amazon compares it with.
    #[must_use]
    pub fn new(asin: String, marketplace_id: String, conditions: Vec<String>) -> Self {
        Self {
            asin,
            marketplace_id,
            included_data: ["lowestPricedOffers", "referencePrices"],
            lowest_priced_offers_inputs: conditions,
            uri: "/products/pricing/2022-05-01/items/competitiveSummary",
            method: "GET",
        }
    }
}

/// Which offers are wanted.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OffersInput {
    /// One of the [`CONDITIONS`].
    pub item_condition: String,
    /// `Consumer`: offers to everybody.
    #[serde(default)]
    pub offer_type: Option<String>,
}

fn inputs<S: Serializer>(conditions: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(conditions.len()))?;
    for condition in conditions {
        list.serialize_element(&OffersInput {
            item_condition: condition.clone(),
            offer_type: Some("Consumer".to_owned()),
        })?;
    }
    list.end()
}

/// The answers, one for each question.
#[derive(Debug, Deserialize)]
pub struct CompetitiveAnswers {
    /// In the order of the questions.
    #[serde(default)]
    pub responses: Vec<Entry<CompetitiveAnswer>>,
}

/// The answer to one question.
#[derive(Clone, Debug, Deserialize)]
pub struct CompetitiveAnswer {
    /// Whether it was answered.
    pub status: AnswerStatus,
    /// The answer.
    pub body: CompetitiveSummary,
}

/// How a question was answered.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AnswerStatus {
    /// As of HTTP: 200 where there is an answer.
    #[serde(default)]
    pub status_code: Option<u16>,
}

/// What others ask for a product in one marketplace.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompetitiveSummary {
    /// Which product.
    pub asin: String,
    /// Where.
    pub marketplace_id: String,
    /// The lowest offers of each condition in which there are any.
    #[serde(default)]
    pub lowest_priced_offers: Vec<LowestPricedOffers>,
    /// What Amazon compares prices with.
    #[serde(default)]
    pub reference_prices: Vec<ReferencePrice>,
}

/// The lowest offers of one condition, twenty at the most.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LowestPricedOffers {
    /// Which condition.
    pub lowest_priced_offers_input: OffersInput,
    /// The offers.
    #[serde(default)]
    pub offers: Vec<CompetingOffer>,
}

/// What one seller asks.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompetingOffer {
    /// The price, without shipping, points and promotions.
    pub listing_price: Amount,
}

/// A price that Amazon compares others with.
#[derive(Clone, Debug, Deserialize)]
pub struct ReferencePrice {
    /// `CompetitivePrice`, `CompetitivePriceThreshold`, `WasPrice`, …
    pub name: String,
    /// How much.
    pub price: Amount,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::{Environment, Region};

    #[test]
    fn a_question_says_what_the_model_demands() {
        let question = CompetitiveQuestion::new(
            "B000MADEUP".to_owned(),
            "ATVPDKIKX0DER".to_owned(),
            vec!["New".to_owned()],
        );
        let call = GetCompetitiveSummary {
            requests: vec![question],
        };
        let server = Server::new(Region::NorthAmerica, Environment::Production);
        let request = call.request(server).unwrap();
        assert_eq!(
            request.uri().path(),
            "/batches/products/pricing/2022-05-01/items/competitiveSummary"
        );
        let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
        assert_eq!(
            body,
            serde_json::json!({"requests": [{
                "asin": "B000MADEUP",
                "marketplaceId": "ATVPDKIKX0DER",
                "includedData": ["lowestPricedOffers", "referencePrices"],
                "lowestPricedOffersInputs": [{"itemCondition": "New", "offerType": "Consumer"}],
                "uri": "/products/pricing/2022-05-01/items/competitiveSummary",
                "method": "GET",
            }]})
        );
    }
}
