//! Prices, groups, transactions, payouts.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Amazon, US, texts};

const SUMMARY: &str = "/batches/products/pricing/2022-05-01/items/competitiveSummary";
const GROUPS: &str = "/finances/v0/financialEventGroups";

fn question(asin: &str, conditions: &[&str]) -> Value {
    let inputs: Vec<Value> = conditions
        .iter()
        .map(|condition| json!({"itemCondition": condition, "offerType": "Consumer"}))
        .collect();
    json!({
        "asin": asin,
        "marketplaceId": US,
        "includedData": ["featuredBuyingOptions", "lowestPricedOffers"],
        "lowestPricedOffersInputs": inputs,
        "method": "GET",
        "uri": "/products/pricing/2022-05-01/items/competitiveSummary",
    })
}

#[test]
fn a_batch_answers_every_question_for_itself() {
    let mut amazon = Amazon::new().unlimited();
    let path =
        format!("/listings/2021-08-01/items/A0SANDBOXSELLER?marketplaceIds={US}&pageSize=20");
    let items = amazon.get(&path)["items"].clone();
    let asin = items[0]["summaries"][0]["asin"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut wrong = question(&asin, &["New"]);
    wrong["uri"] = json!("/elsewhere");
    let body = json!({"requests": [question(&asin, &["New", "Used"]), question("B000000000", &["New"]), wrong]});
    let answer = amazon.post(SUMMARY, &body);
    let codes: Vec<&Value> = answer["responses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|response| &response["status"]["statusCode"])
        .collect();
    assert_eq!(codes, [200, 404, 400]);
    let first = &answer["responses"][0]["body"];
    assert_eq!(
        first["lowestPricedOffers"][0]["offers"][0]["listingPrice"]["currencyCode"],
        "USD"
    );
    assert!(first.get("referencePrices").is_none());
    for body in [
        json!({}),
        json!({"requests": vec![question(&asin, &[]); 21]}),
    ] {
        assert_eq!(amazon.send("POST", SUMMARY, Some(&body)).status, 400);
    }
}

#[test]
fn what_is_listed_at_home_is_answered_and_counted_as_new_and_as_used() {
    let mut amazon = Amazon::new().unlimited();
    let path =
        format!("/listings/2021-08-01/items/A0SANDBOXSELLER?marketplaceIds={US}&pageSize=20");
    let items = amazon
        .pages(&path, "/items", "/pagination/nextToken", "pageToken")
        .concat();
    let asins: BTreeSet<&str> = texts(&items, "/summaries/0/asin").into_iter().collect();
    let asins: Vec<&str> = asins.into_iter().collect();
    for batch in asins.chunks(20) {
        let questions: Vec<Value> = batch
            .iter()
            .map(|asin| question(asin, &["New", "Used"]))
            .collect();
        let answer = amazon.post(SUMMARY, &json!({"requests": questions}));
        for response in answer["responses"].as_array().unwrap() {
            assert_eq!(response["status"]["statusCode"], 200);
        }
    }
    assert_eq!(asins.len() * 2, amazon.count("market_snapshots"));
}

fn windows(amazon: &Amazon) -> Vec<(String, String)> {
    let text = |days: i64| {
        let at = amazon.now - chrono::TimeDelta::minutes(3) - chrono::TimeDelta::days(days);
        at.to_rfc3339().replace("+00:00", "Z")
    };
    (0..3)
        .map(|part| (text(170 * (part + 1)), text(170 * part)))
        .collect()
}

#[test]
fn groups_add_up_to_what_is_in_them() {
    let mut amazon = Amazon::new().unlimited();
    let mut groups = Vec::new();
    for (after, before) in windows(&amazon) {
        let path = format!(
            "{GROUPS}?FinancialEventGroupStartedAfter={after}&FinancialEventGroupStartedBefore={before}"
        );
        let list = "/payload/FinancialEventGroupList";
        let pages = amazon.pages(&path, list, "/payload/NextToken", "NextToken");
        assert!(pages[0].len() <= 10);
        groups.extend(pages.concat());
    }
    let ids: BTreeSet<&str> = texts(&groups, "/FinancialEventGroupId")
        .into_iter()
        .collect();
    assert_eq!(ids.len(), amazon.count("payouts"));
    let closed = groups
        .iter()
        .find(|group| {
            group["ProcessingStatus"] == "Closed" && group["OriginalTotal"]["CurrencyAmount"] != 0.0
        })
        .unwrap();
    let id = closed["FinancialEventGroupId"].as_str().unwrap();
    let events =
        amazon.get(&format!("{GROUPS}/{id}/financialEvents"))["payload"]["FinancialEvents"].clone();
    let mut total = 0.0;
    for (list, items, parts) in [
        (
            "ShipmentEventList",
            "ShipmentItemList",
            ["ItemChargeList", "ItemFeeList", "PromotionList"],
        ),
        (
            "RefundEventList",
            "ShipmentItemAdjustmentList",
            [
                "ItemChargeAdjustmentList",
                "ItemFeeAdjustmentList",
                "PromotionAdjustmentList",
            ],
        ),
    ] {
        for event in events[list].as_array().into_iter().flatten() {
            for item in event[items].as_array().unwrap() {
                for part in parts.iter().flat_map(|part| item[part].as_array().unwrap()) {
                    let amount = ["ChargeAmount", "FeeAmount", "PromotionAmount"]
                        .iter()
                        .find_map(|name| part.get(name))
                        .unwrap();
                    total += amount["CurrencyAmount"].as_f64().unwrap();
                }
            }
        }
    }
    let told = closed["OriginalTotal"]["CurrencyAmount"].as_f64().unwrap();
    assert!((total - told).abs() < 0.005, "{total} {told}");
    let related = format!(
        "/finances/2024-06-19/transactions?relatedIdentifierName=FINANCIAL_EVENT_GROUP_ID&relatedIdentifierValue={id}"
    );
    let found = amazon
        .pages(
            &related,
            "/payload/transactions",
            "/payload/nextToken",
            "nextToken",
        )
        .concat();
    let sum: f64 = found
        .iter()
        .map(|it| it["totalAmount"]["currencyAmount"].as_f64().unwrap())
        .sum();
    assert!((sum - told).abs() < 0.005, "{sum} {told}");
    assert_eq!(
        amazon
            .send("GET", &format!("{GROUPS}/none/financialEvents"), None)
            .status,
        404
    );
}

#[test]
fn a_window_that_is_too_wide_finds_nothing_and_says_nothing() {
    let mut amazon = Amazon::new().unlimited();
    let body = amazon.get("/finances/2024-06-19/transactions?postedAfter=2025-01-01T00:00:00Z");
    assert_eq!(body["payload"]["transactions"], json!([]));
    let body = amazon.get(&format!(
        "{GROUPS}?FinancialEventGroupStartedAfter=2025-01-01T00:00:00Z"
    ));
    assert_eq!(body["payload"]["FinancialEventGroupList"], json!([]));
    for query in [
        "",
        "postedAfter=2030-01-01T00:00:00Z",
        "relatedIdentifierName=REFUND_ID&relatedIdentifierValue=1",
    ] {
        let path = format!("/finances/2024-06-19/transactions?{query}");
        assert_eq!(amazon.send("GET", &path, None).status, 400, "{query}");
    }
}

#[test]
fn pages_of_transactions_may_be_empty_and_a_marketplace_hides_some() {
    let mut amazon = Amazon::new().unlimited();
    let mut all = Vec::new();
    let mut sizes = Vec::new();
    for (after, before) in windows(&amazon) {
        let path =
            format!("/finances/2024-06-19/transactions?postedAfter={after}&postedBefore={before}");
        let pages = amazon.pages(
            &path,
            "/payload/transactions",
            "/payload/nextToken",
            "nextToken",
        );
        sizes.extend(pages.iter().map(Vec::len));
        all.extend(pages.concat());
    }
    let ids: BTreeSet<&str> = texts(&all, "/transactionId").into_iter().collect();
    assert_eq!(ids.len(), all.len());
    assert!(all.len() > 100 && sizes.contains(&0), "{sizes:?}");
    let statuses: BTreeSet<&str> = texts(&all, "/transactionStatus").into_iter().collect();
    assert!(statuses.contains("RELEASED"));
    // What a seller in the US sends names no marketplace.
    let own = |it: &&Value| it.get("marketplaceDetails").is_none();
    assert!(all.iter().filter(own).count() > 5);
    let (after, before) = windows(&amazon)[1].clone();
    let path = format!(
        "/finances/2024-06-19/transactions?postedAfter={after}&postedBefore={before}&marketplaceId={US}"
    );
    let here = amazon.get(&path);
    assert!(
        here["payload"]["transactions"]
            .as_array()
            .unwrap()
            .iter()
            .all(|it| !own(&it))
    );
}

#[test]
fn payouts_and_balances_are_told_without_a_payload() {
    let mut amazon = Amazon::new().unlimited();
    let path = format!("/finances/transfers/2024-06-01/payouts?marketplaceIds={US}");
    let body = amazon.get(&path);
    let payouts = body["payouts"].as_array().unwrap();
    assert_eq!(payouts.len(), 13);
    let created = texts(payouts, "/creationDate");
    assert!(created.iter().rev().is_sorted());
    let one = amazon.get(&format!(
        "{path}&payoutId={}",
        payouts[3]["id"].as_str().unwrap()
    ));
    assert_eq!(one["payouts"][0], payouts[3]);
    let expected = amazon.get("/finances/transfers/2024-06-01/payouts/expected");
    assert_eq!(expected["expectedPayouts"].as_array().unwrap().len(), 3);
    let balances = amazon.get("/finances/2024-06-19/balances?balanceType=AVAILABLE");
    assert_eq!(balances["balances"].as_array().unwrap().len(), 3);
}
